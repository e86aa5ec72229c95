"""How the benchmark measures, and the table it prints.

Lives here: `best`, `compared`, `row`, `client`, and the `Empty` answer that is the floor.
"""

from __future__ import annotations

import functools
import gc
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from moto import mock_aws

from awsmon import mock_monitoring

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
rows: list[tuple[str, str, str, str, str, str]] = []


def best(work: Callable[[], Any], times: int, rounds: int = 7) -> float:
    """Seconds for one run of *work*: the best of some rounds of *times* each."""
    work()
    found = float("inf")
    for _ in range(rounds):
        gc.collect()
        begin = time.perf_counter()
        for _ in range(times):
            work()
        found = min(found, (time.perf_counter() - begin) / times)
    return found


def compared(
    service: str, call: Callable[[Any], Any], prepare: Callable[[Any], Any], *,
    rounds: int = 20, times: int = 100,
) -> tuple[float, float, float]:  # fmt: skip
    """Seconds for one SDK call: of the floor, of awsmon, of the peer.

    Floor and awsmon take turns, so that a slow moment of the machine is one for both.

    Args:
        service: of the client.
        call: what is measured, with a client.
        prepare: makes with a client what the call needs.
        rounds: of *times* calls each.
        times: each round.
    """
    bare = client(service)
    bare.meta.events.register("before-call", lambda **_: (Empty, {"ResponseMetadata": {}}))
    floor = ours = float("inf")
    for _ in range(rounds):
        floor = min(floor, best(functools.partial(call, bare), times, 1))
        with mock_monitoring(now=NOW):
            ready = client(service)
            prepare(ready)
            ours = min(ours, best(functools.partial(call, ready), times, 1))
    with mock_aws():
        ready = client(service)
        prepare(ready)
        peer = best(functools.partial(call, ready), 20, 3)
    return floor, ours, peer


def row(what: str, ours: float, unit: str, *, floor: float | None = None, peer: float | None = None,
        budget: str = "") -> None:  # fmt: skip
    """Keep a line of the table."""

    def told(value: float | None) -> str:
        return "" if value is None else f"{value:,.3g} {unit}" if value < 1000 else (
            f"{value:,.0f} {unit}")  # fmt: skip

    ratios = []
    if floor:
        ratios.append(f"{ours / floor:.2f} x floor")
    if peer:
        ratios.append(f"{peer / ours:.1f} x faster than the peer")
    rows.append((what, told(ours), told(floor), told(peer), ", ".join(ratios), budget))


class Empty:
    """The answer of the floor."""

    status_code = 200
    headers = None


def client(service: str = "cloudwatch") -> Any:
    """A client that tries once."""
    return boto3.client(
        service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x",
        config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip
