"""How the benchmark measures, and the table it prints.

Lives here: `best`, `row`, `client`, and the `Empty` answer that is the floor.
"""

from __future__ import annotations

import gc
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

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
