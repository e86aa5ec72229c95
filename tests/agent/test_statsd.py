"""StatsD: what lines mean, and one that really comes by UDP."""

from __future__ import annotations

import socket
from datetime import datetime, timezone

import boto3
import pytest

from awsmon.agent.plugins.statsd import Book

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("lines", "name", "dimensions", "value"),
    [
        # source: User Guide, "Retrieve custom metrics with StatsD"; StatsD's own definition
        (["a:1|c", "a:2|c"], "a", {"metric_type": "counter"}, 3.0),
        (["a:1|c|@0.1"], "a", {"metric_type": "counter"}, 10.0),
        (["a:7|g", "a:9|g"], "a", {"metric_type": "gauge"}, 9.0),
        (["a:7|g", "a:+2|g", "a:-4|g"], "a", {"metric_type": "gauge"}, 5.0),
        (["a:x|s", "a:y|s", "a:x|s"], "a", {"metric_type": "set"}, 2.0),
        (["a:5|ms", "a:5|ms", "a:8|ms|@0.5"], "a", {"metric_type": "timing"}, {5.0: 2, 8.0: 2}),
        (["a:5|h"], "a", {"metric_type": "histogram"}, {5.0: 1}),
        (["my.app.hits:1|c|#env:prod,flag"], "my_app_hits",
         {"metric_type": "counter", "env": "prod", "flag": "<empty>"}, 1.0),
    ],
)  # fmt: skip
def test_a_line_says_what_it_says(lines, name, dimensions, value):
    book = Book("_", print)
    for line in lines:
        book.line(line)
    [sample] = book.samples()
    assert (sample.measurement, sample.dimensions, sample.value) == (name, dimensions, value)
    assert list(book.samples()) == []  # it is forgotten


@pytest.mark.parametrize("line", ["a", "a:1", "a:x|c", "a:1|q", "a:1|c|@0", "a:|g", ":"])
def test_what_is_no_metric_is_told(line):
    told = []
    Book("_", told.append).line(line)
    assert told == [f"statsd: {line!r} is no metric"]


def test_metrics_come_by_udp_and_are_sent_as_values_and_counts(monitoring):
    told = {"metrics": {"metrics_collected": {"statsd": {"service_address": ":0"}}}}
    with monitoring.agent(told, hostname="web-1") as agent:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as program:
            for latency in range(1, 101):
                program.sendto(b"latency:%d|ms|#op:get\nhits:1|c" % latency, agent.statsd_address)
        monitoring.clock.advance(minutes=1)
        dimensions = {"host": "web-1", "op": "get", "metric_type": "timing"}
        found = boto3.client("cloudwatch").get_metric_statistics(
            Namespace="CWAgent", MetricName="latency", StartTime=NOW, Period=300,
            EndTime="2026-03-02T12:05:00Z", ExtendedStatistics=["p90"],
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        )["Datapoints"]  # fmt: skip
        assert found[0]["ExtendedStatistics"]["p90"] == pytest.approx(90, abs=1)
        hits = monitoring.metrics.get("CWAgent", "hits", start=NOW, period=300, dimensions={
            "host": "web-1", "metric_type": "counter"})  # fmt: skip
        assert [value for _, value in hits] == [100]
    assert agent.statsd_address is None


def test_a_port_that_is_taken_is_told(monitoring):
    told = {"metrics": {"metrics_collected": {"statsd": {"service_address": ":70000"}}}}
    with pytest.raises(ValueError, match="statsd cannot listen on ':70000'"):
        monitoring.agent(told).start()
