"""What Logs costs: single calls, and a million events."""

from __future__ import annotations

import json
import random
import re
import time
import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon import mock_monitoring
from tests.bench.measure import NOW, best, client, compared, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon import Monitoring

NAMES = {"logGroupName": "/app", "logStreamName": "web"}
MILLIONTH = 1_000_000


def calls() -> None:
    """PutLogEvents of one event and of ten."""
    now = int(NOW.timestamp() * 1000)
    for count in (1, 10):
        events = [{"timestamp": now, "message": f"GET /items/{i} 200 17 ms"} for i in range(count)]

        def put(ready: Any, events: list[dict[str, Any]] = events) -> None:
            ready.put_log_events(**NAMES, logEvents=events)

        floor, ours, peer = (each * 1e6 for each in compared("logs", put, prepare))
        row(f"PutLogEvents of {count}", ours, "us", floor=floor, peer=peer, budget="1.5 x floor")


def prepare(ready: Any) -> None:
    """A stream to put to."""
    ready.create_log_group(logGroupName="/app")
    ready.create_log_stream(**NAMES)


def lines() -> list[str]:
    """A million lines of JSON, one in a hundred an error; always the same ones."""
    chance = random.Random(7)
    return [
        json.dumps(
            {
                "level": "ERROR" if number % 100 == 17 else "INFO",
                "path": f"/items/{chance.randrange(50)}",
                "status": chance.choice((200, 201, 404, 500)),
                "duration": round(chance.uniform(1, 900), 3),
                "request": {"id": f"{chance.getrandbits(64):016x}", "user": f"u{number % 1000}"},
                "message": "the request was answered as it should be",
            }
        )
        for number in range(MILLIONTH)
    ]


def million() -> None:
    """Putting, finding and aggregating a million events of one group."""
    told = lines()
    raw = sum(map(len, told))
    parsing = best(lambda: [json.loads(line) for line in told], 1, 2)
    searching = best(lambda found=re.compile("ERROR").search: [found(line) for line in told], 1, 2)
    row("json.loads, a million lines", parsing, "s")
    with mock_monitoring(now=NOW) as mon:
        ready = client("logs")
        begin = time.perf_counter()
        put(mon, told)
        row("logs.put", MILLIONTH / (time.perf_counter() - begin), "events/s")
        reads: tuple[tuple[str, Callable[[], Any], float, str], ...] = (
            ("FilterLogEvents, a term in 1 %, all pages", lambda: found(ready, "ERROR"), searching,
             "0.5 s"),
            ("... a JSON pattern", lambda: found(ready, '{ $.level = "ERROR" }'), parsing,
             "1.5 x json.loads"),
            ("Insights, stats by two JSON fields",
             lambda: mon.logs.query("/app", "stats count(*), avg(duration) by path, status"),
             parsing, "3 x json.loads"),
            ("... a filter on the text",
             lambda: mon.logs.query("/app", "filter @message like /ERROR/ | stats count(*)"),
             searching, ""),
        )  # fmt: skip
        for what, read, floor, budget in reads:
            row(what, best(read, 1, 2), "s", floor=floor, budget=budget)
    memory(told, raw)


def put(mon: Monitoring, told: list[str], tail: str = "") -> None:
    """All lines, within a day, as a client of ten thousand at a time; with a tail, new strings."""
    step = timedelta(days=1) / len(told)
    for first in range(0, len(told), 10_000):
        batch = told[first : first + 10_000]
        start = NOW - timedelta(days=1) + first * step
        mon.logs.put(
            "/app", "web", [(start + i * step, line + tail) for i, line in enumerate(batch)]
        )


def found(ready: Any, pattern: str) -> int:
    """How many events match, page by page."""
    pages = ready.get_paginator("filter_log_events").paginate(
        logGroupName="/app", filterPattern=pattern
    )
    count = sum(len(page["events"]) for page in pages)
    assert count == MILLIONTH // 100, count
    return count


def memory(told: list[str], raw: int) -> None:
    """What is kept of a million events, their bytes included."""
    size = raw // len(told)
    with mock_monitoring(now=NOW) as mon:
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        put(mon, told, tail=" ")
        kept = (tracemalloc.get_traced_memory()[0] - before) / len(told)
        tracemalloc.stop()
    row(f"an event of {size} bytes keeps", kept, "bytes", budget=f"2.5 x {size} + 200 bytes")
