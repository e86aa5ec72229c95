"""What metrics cost: kept, read, listed, searched, calculated with."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta
from typing import Any

from moto import mock_aws

from awsmon import Monitoring, mock_monitoring
from tests.bench.measure import NOW, best, client, row

POINTS = 1_000_000
MINUTES = [NOW - timedelta(minutes=number) for number in range(1440, 0, -1)]
DAY = {"StartTime": NOW - timedelta(days=1), "EndTime": NOW}


def stored() -> None:
    """A million points of one metric, a second apart."""
    points = [(NOW - timedelta(seconds=POINTS - i), float(i % 97)) for i in range(POINTS)]
    spent = best(
        lambda: Monitoring(now=NOW).metrics.put_series("App", "Latency", points, resolution=1), 1, 3
    )
    row("metrics.put_series", POINTS / spent, "points/s", budget="300,000 points/s")
    mon = Monitoring(now=NOW)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    mon.metrics.put_series("App", "Latency", points, resolution=1)
    kept = (tracemalloc.get_traced_memory()[0] - before) / POINTS
    tracemalloc.stop()
    row("... kept", kept, "bytes/point", budget="100 bytes/point")


def query(name: str, metric: str, **more: Any) -> dict[str, Any]:
    """One of GetMetricData's."""
    stat = {"Metric": {"Namespace": "App", "MetricName": metric}, "Period": 60, "Stat": "Sum"}
    return {"Id": name, "MetricStat": stat, **more}


def a_day() -> None:
    """GetMetricData of one series, a day of minutes."""
    asked = {"MetricDataQueries": [query("m", "Errors")], **DAY}
    with mock_monitoring(now=NOW) as mon:
        mon.metrics.put_series("App", "Errors", [(at, 1.0) for at in MINUTES])
        ready = client()
        assert len(ready.get_metric_data(**asked)["MetricDataResults"][0]["Values"]) == 1440
        ours = best(lambda: ready.get_metric_data(**asked), 20) * 1e3
    with mock_aws():
        ready = client()
        for start in range(0, 1440, 500):
            data = [{"MetricName": "Errors", "Timestamp": at, "Value": 1.0}
                    for at in MINUTES[start:start + 500]]  # fmt: skip
            ready.put_metric_data(Namespace="App", MetricData=data)
        peer = best(lambda: ready.get_metric_data(**asked), 1, 2) * 1e3
    row("GetMetricData, a day of minutes", ours, "ms", peer=peer, budget="3 ms")


def listed() -> None:
    """Ten thousand series, listed page by page and searched for a hundred of them."""
    count = 10_000
    with mock_monitoring(now=NOW) as mon:
        for number in range(count):
            mon.metrics.put(
                "App",
                "Latency",
                1.0,
                dimensions={"Host": f"web-{number}", "Zone": f"z{number % 100}"},
            )
        ready = client()

        def pages() -> None:
            found = ready.get_paginator("list_metrics").paginate(Namespace="App")
            assert sum(len(page["Metrics"]) for page in found) == count

        row("ListMetrics, 10,000 series in 20 pages", best(pages, 1, 5) * 1e3, "ms", budget="50 ms")
        one = lambda: ready.list_metrics(  # noqa: E731
            Namespace="App", Dimensions=[{"Name": "Host", "Value": "web-77"}]
        )
        row("... metrics.list, at once", best(lambda: mon.metrics.list("App"), 1, 5) * 1e3, "ms",
            budget="50 ms")  # fmt: skip
        row("... one of them found", best(one, 3) * 1e3, "ms", budget="50 ms")
        search = {"Id": "s", "Expression": "SEARCH('{App,Host,Zone} Zone=\"z7\"', 'Sum', 60)"}
        asked = {"MetricDataQueries": [search], **DAY}
        assert len(ready.get_metric_data(**asked)["MetricDataResults"]) == 100
        spent = best(lambda: ready.get_metric_data(**asked), 3) * 1e3
        row("SEARCH among 10,000 series", spent, "ms", budget="50 ms")


def calculated() -> None:
    """An expression over a hundred series of a day."""
    with mock_monitoring(now=NOW) as mon:
        for number in range(100):
            mon.metrics.put_series("App", f"m{number}", [(at, number + 1.0) for at in MINUTES])
        ready = client()
        metrics = [query(f"m{number}", f"m{number}", ReturnData=False) for number in range(100)]
        total = {"Id": "e", "Expression": "SUM(METRICS()) / 100 + AVG(METRICS())"}
        asked = {"MetricDataQueries": [total, *metrics], **DAY}
        [found] = ready.get_metric_data(**asked)["MetricDataResults"]
        assert found["Values"] == [101.0] * 1440
        spent = best(lambda: ready.get_metric_data(**asked), 1, 5) * 1e3
        row("metric math over 100 series and a day", spent, "ms", budget="150 ms")
