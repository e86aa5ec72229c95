"""CloudTrail: looking calls up among many."""

from __future__ import annotations

import time

from awsmon import mock_monitoring
from tests.bench.measure import NOW, best, client, row

COUNT = 99_000
"""Calls; with a hundred thousand the oldest would go while it is measured."""


def lookups() -> None:
    """Print the rows."""
    with mock_monitoring(now=NOW) as mon:
        logs, trail = client("logs"), client("cloudtrail")
        logs.create_log_group(logGroupName="/wanted")
        history = mon.trail.history
        wanted = history.calls[-1]
        logs.describe_log_groups()
        other = history.calls[-1]
        history.calls[:] = [wanted if number % 2000 == 0 else other for number in range(COUNT)]
        for key, value in (("EventName", "CreateLogGroup"), ("ResourceName", "/wanted"),
                           ("Username", "awsmon")):  # fmt: skip
            attributes = [{"AttributeKey": key, "AttributeValue": value}]
            begin = time.perf_counter()
            trail.lookup_events(LookupAttributes=attributes)
            row(f"... by {key} for the first time", (time.perf_counter() - begin) * 1e3, "ms")
            spent = best(lambda a=attributes: trail.lookup_events(LookupAttributes=a), 1, 5)
            row(f"LookupEvents by {key} {value} of {COUNT:,}", spent * 1e3, "ms", budget="5 ms")
