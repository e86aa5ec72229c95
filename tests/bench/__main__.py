"""What awsmon costs, with the floor and the peer in the same run: ``python -m tests.bench``.

Floor: the same SDK call answered by an empty ``before-call`` handler, which is botocore's own work.
Peer: moto. Ratios hold on any machine; bare figures are for the machine at hand. Each figure is the
best of several rounds.
"""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from moto import mock_aws

from awsmon import Monitoring, mock_monitoring
from tests.bench import config, contributors, events, logs, metrics, trail
from tests.bench.measure import NOW, best, client, compared, row, rows

if TYPE_CHECKING:
    from collections.abc import Callable

DATUM = {
    "MetricName": "Errors", "Value": 1.0, "Unit": "Count", "Timestamp": NOW,
    "Dimensions": [{"Name": "Service", "Value": "api"}],
}  # fmt: skip
ALARM = {
    "AlarmName": "a", "Namespace": "App", "MetricName": "Errors", "Statistic": "Sum", "Period": 60,
    "EvaluationPeriods": 3, "Threshold": 5.0, "ComparisonOperator": "GreaterThanThreshold",
}  # fmt: skip
CALLS: dict[str, Callable[[Any], Any]] = {
    "PutMetricData": lambda c: c.put_metric_data(Namespace="App", MetricData=[DATUM]),
    "DescribeAlarms": lambda c: c.describe_alarms(AlarmNames=["a"]),
}


def sdk_calls() -> None:
    for name, call in CALLS.items():
        spent = compared("cloudwatch", call, lambda c: c.put_metric_alarm(**ALARM))
        floor, ours, peer = (each * 1e6 for each in spent)
        row(name, ours, "us", floor=floor, peer=peer, budget="1.5 x floor")
    with mock_monitoring(now=NOW) as mon:
        client()
        recorded(mon)


def recorded(mon: Monitoring) -> None:
    """What a call to a service of nobody's costs beyond, is what the record of it costs."""
    from awsmon.core.events import ApiCalled

    backend = mon.backend
    identity = backend.identity("AKIA")
    body = b'{"Namespace": "App"}'

    def record() -> None:
        dispatcher = backend.dispatcher
        number = backend.trace.begin(dispatcher.cause, NOW)
        dispatcher.publish(
            ApiCalled(at=NOW, scope=backend.home, service="cloudwatch", operation="PutMetricData",
                      identity=identity, request_id="x" * 36, packed=(body, None)),
            number=number)  # fmt: skip

    spent = best(record, 2000) * 1e6
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(10_000):
        record()
    kept = (tracemalloc.get_traced_memory()[0] - before) / 10_000
    tracemalloc.stop()
    row("a recorded API call", spent, "us", budget="5 us")
    row("... kept", kept, "bytes", budget="1 KiB")


def decorator() -> None:
    def ours() -> None:
        with mock_monitoring(now=NOW):
            pass

    def theirs() -> None:
        with mock_aws():
            pass

    row("entering and leaving", best(ours, 200) * 1e6, "us", peer=best(theirs, 10) * 1e6,
        budget="a 15th of the peer")  # fmt: skip


def imports() -> None:
    def fresh(statement: str) -> float:
        code = (
            "import time, boto3, botocore.session\nboto3.client('sts', region_name='us-east-1')\n"
            f"begin = time.perf_counter()\n{statement}\nprint(time.perf_counter() - begin)"
        )
        runs = [
            float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                                 check=True).stdout)
            for _ in range(5)
        ]  # fmt: skip
        return min(runs) * 1e3

    row("import, beyond boto3", fresh("from awsmon import mock_monitoring"), "ms",
        peer=fresh("from moto import mock_aws"), budget="a 6th of the peer")  # fmt: skip
    call = "boto3.client('cloudwatch', region_name='us-east-1').list_metrics()"
    row("... and to the first answer",
        fresh(f"from awsmon import mock_monitoring\nmock_monitoring().start()\n{call}"), "ms",
        peer=fresh(f"from moto import mock_aws\nmock_aws().start()\n{call}"))  # fmt: skip


def kept() -> None:
    """Bytes that a delivery keeps, its entries of the trace included."""
    with mock_monitoring(now=NOW) as mon:
        ready = client()
        ready.put_metric_alarm(**ALARM, AlarmActions=["arn:aws:sns:us-east-1:123456789012:t"])
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for number in range(2_000):
            mon.alarms.set_state("a", ("OK", "ALARM")[number % 2], reason="a test")
        bytes_kept = (tracemalloc.get_traced_memory()[0] - before) / len(mon.deliveries)
        tracemalloc.stop()
    row("a delivery, with two changes of state, keeps", bytes_kept, "bytes")


def alarms() -> None:
    count = 10_000
    with mock_monitoring(now=NOW) as mon:
        ready = client()
        for number in range(count):
            ready.put_metric_alarm(
                **{**ALARM, "AlarmName": f"a{number}", "MetricName": f"m{number}"}
            )
        mon.clock.advance(minutes=10)
        spent = best(lambda: mon.clock.advance(days=365), 1, 3)
        row(f"a year over {count:,} idle alarms", spent * 1e3, "ms", budget="100 ms")
        for number in range(1000):
            points = [(mon.clock.now() + timedelta(minutes=i), 1.0) for i in range(100)]
            mon.metrics.put_series("App", f"m{number}", points)
        mon.clock.advance(minutes=5)
        begin = time.perf_counter()
        mon.clock.advance(minutes=90)
        spent = time.perf_counter() - begin
        row("active alarms", 1000 * 90 / spent, "evaluations/s", budget="50,000 evaluations/s")


def main() -> None:
    for measure in (sdk_calls, decorator, imports, metrics.stored, metrics.a_day,
                    metrics.listed, metrics.calculated, kept, alarms, logs.calls,
                    logs.million, events.events, trail.lookups, config.recording,
                    contributors.reports):  # fmt: skip
        measure()
    head = ("what", "awsmon", "floor", "peer (moto)", "ratio", "budget")
    widths = [max(len(line[i]) for line in [head, *rows]) for i in range(len(head))]
    for line in [head, tuple("-" * width for width in widths), *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))


if __name__ == "__main__":
    main()
