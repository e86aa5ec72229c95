"""The replay: log lines in, boto3 calls out, and what came of them.

Lives here: `replay` and what it yields. Nothing else in the demo knows boto3 and `Monitoring`.

The clock follows the log and never goes back. The lines of a minute travel together, as a logs
agent would send them, when the last of them has come: by PutLogEvents, each at its own time. Two
metric filters make a sample of each line, 1 of a 5xx answer and 0 of another. A line that comes
late still counts in its own minute, and the alarm looks at that minute again while it is in its
window.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session

from awsmon import mock_monitoring
from awsmon.demo.accesslog import Broken, Entry
from awsmon.demo.order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import InputLogEventTypeDef

    from awsmon.monitoring import Monitoring

__all__ = ["Datapoint", "Ended", "Happening", "Notified", "Sent", "Watch", "minute_of", "replay"]

REGION = "us-east-1"
NAMESPACE, METRIC, ALARM = "WebServer", "ServerErrors", "server-errors"
GROUP, STREAM = "/webserver/access", "web-1"
FILTERS = {
    "server-errors": (r"%\x22\s5\d{2}\s%", "1"),
    "other-answers": (r"%\x22\s[1-46-9]\d{2}\s%", "0"),
}
"""Pattern and value: the status stands behind the request's closing quote, wherever that is."""
TOPIC = f"arn:aws:sns:{REGION}:123456789012:on-call"
MINUTE = timedelta(minutes=1)
MOST_EVENTS, MOST_BYTES, OVERHEAD = 10_000, 1_048_576, 26  # of one PutLogEvents; of each event


@dataclass(frozen=True, slots=True)
class Watch:
    """What the alarm waits for: over *threshold* 5xx in *datapoints* of *periods* minutes."""

    threshold: int = 5
    periods: int = 3
    datapoints: int = 2


@dataclass(frozen=True, slots=True)
class Sent:
    """The lines of a minute, put as log events."""

    at: datetime
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Datapoint:
    """One minute that the alarm looked at; no value where nothing was logged.

    Attributes:
        value: the 5xx answers of *samples* answers.
    """

    start: datetime
    value: float | None = None
    samples: float = 0


@dataclass(frozen=True, slots=True)
class Notified:
    """The alarm changed, and its topic was told.

    Attributes:
        message: the topic's message, parsed.
        datapoints: those the change was made on, oldest first.
    """

    at: datetime
    topic: str
    subject: str
    message: Mapping[str, Any]
    datapoints: tuple[Datapoint, ...]

    @property
    def before(self) -> str:
        """The state before."""
        return str(self.message["OldStateValue"])

    @property
    def after(self) -> str:
        """The state from now on."""
        return str(self.message["NewStateValue"])


@dataclass(frozen=True, slots=True)
class Ended:
    """The last line's minute is over.

    Attributes:
        state: the alarm's.
        deliveries: how many notifications ended with which status.
    """

    at: datetime
    state: str
    deliveries: Mapping[str, int]


Happening = Broken | Sent | Notified | Ended


def minute_of(at: datetime) -> datetime:
    """The minute that an instant is in."""
    return at.replace(second=0, microsecond=0)


def replay(
    lines: Iterable[Entry | Broken], watch: Watch, report: Path | None = None
) -> Iterator[Happening]:
    """Replay a log; nothing but broken lines comes of one that has no entry.

    Args:
        lines: of the log.
        watch: what the alarm waits for.
        report: where the session's report goes; None: there is none.
    """
    believed = in_order(lines)
    for line in believed:
        if isinstance(line, Entry):
            with mock_monitoring(now=line.at, region=REGION, process_time=False) as mon:
                yield from _Replay(mon, watch).run(chain([line], believed))
                if report is not None:
                    mon.report(report, title="The demo's log")
        else:
            yield line


class _Replay:
    def __init__(self, mon: Monitoring, watch: Watch) -> None:
        self._mon = mon
        session = _session(mon)
        self._cloudwatch: CloudWatchClient = session.client("cloudwatch")
        self._logs: CloudWatchLogsClient = session.client("logs")
        self._waiting: list[Entry] = []
        self._newest = mon.clock.now()
        self._notified: list[Notified] = []
        mon.bind(TOPIC, self._hear)
        self._create_log_group()
        self._cloudwatch.put_metric_alarm(
            AlarmName=ALARM,
            AlarmDescription="The web server answers with 5xx",
            Namespace=NAMESPACE,
            MetricName=METRIC,
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=watch.periods,
            DatapointsToAlarm=watch.datapoints,
            Threshold=watch.threshold,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
            AlarmActions=[TOPIC],
            OKActions=[TOPIC],
        )

    def _create_log_group(self) -> None:
        self._logs.create_log_group(logGroupName=GROUP)
        self._logs.put_retention_policy(logGroupName=GROUP, retentionInDays=3)
        self._logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)
        for name, (pattern, value) in FILTERS.items():
            self._logs.put_metric_filter(
                logGroupName=GROUP, filterName=name, filterPattern=pattern,
                metricTransformations=[{"metricNamespace": NAMESPACE, "metricName": METRIC,
                                        "metricValue": value, "unit": "Count"}],
            )  # fmt: skip

    def run(self, lines: Iterable[Entry | Broken]) -> Iterator[Happening]:
        """All lines in their order."""
        for line in lines:
            if isinstance(line, Broken):
                yield line
                continue
            if line.at >= minute_of(self._newest) + MINUTE:
                yield self._send()
                yield from self._let_pass(line.at)
            self._newest = max(self._newest, line.at)
            self._waiting.append(line)
        yield self._send()
        yield from self._let_pass(minute_of(self._newest) + MINUTE)
        yield self._end()

    def _send(self) -> Sent:
        """Put the lines that wait, in order of time as AWS wants them."""
        self._mon.clock.run_until(self._newest)
        for batch in _batches(sorted(self._waiting, key=lambda entry: entry.at)):
            self._logs.put_log_events(logGroupName=GROUP, logStreamName=STREAM, logEvents=batch)
        sent = Sent(self._newest, tuple(self._waiting))
        self._waiting.clear()
        return sent

    def _let_pass(self, until: datetime) -> Iterator[Notified]:
        """Time passes, and the alarm is evaluated as it falls due."""
        self._mon.clock.run_until(until)
        yield from self._notified
        self._notified.clear()

    def _hear(self, published: dict[str, str]) -> None:
        """Stands behind the topic: gets what Publish gets, and asks what it was decided on."""
        [alarm] = self._cloudwatch.describe_alarms(AlarmNames=[ALARM])["MetricAlarms"]
        points = json.loads(alarm["StateReasonData"])["evaluatedDatapoints"]
        self._notified.append(
            Notified(
                self._mon.clock.now(), published["TopicArn"], published["Subject"],
                json.loads(published["Message"]), tuple(map(_datapoint, reversed(points))))
        )  # fmt: skip

    def _end(self) -> Ended:
        state = self._mon.alarms[ALARM].state.value
        deliveries = Counter(delivery.status for delivery in self._mon.deliveries)
        return Ended(self._mon.clock.now(), state, deliveries)


def _session(mon: Monitoring) -> boto3.Session:
    """A session that the machine's own AWS configuration, right or wrong, plays no part in."""
    nothing, no_file = (None, None, None, None), (None, None, os.devnull, None)
    core = botocore.session.Session(
        session_vars={"profile": nothing, "config_file": no_file, "credentials_file": no_file}
    )
    return boto3.Session(botocore_session=core, region_name=REGION, **mon.credentials)


def _batches(entries: Iterable[Entry]) -> Iterator[list[InputLogEventTypeDef]]:
    """Log events, as many at once as one PutLogEvents may carry."""
    batch: list[InputLogEventTypeDef] = []
    room = MOST_BYTES
    for entry in entries:
        size = len(entry.text.encode()) + OVERHEAD
        if batch and (size > room or len(batch) == MOST_EVENTS):
            yield batch
            batch, room = [], MOST_BYTES
        batch.append({"timestamp": int(entry.at.timestamp() * 1000), "message": entry.text})
        room -= size
    if batch:
        yield batch


def _datapoint(told: Mapping[str, Any]) -> Datapoint:
    """From the alarm's StateReasonData, whose times read ``2026-03-02T12:00:00.000+0000``."""
    start = datetime.strptime(told["timestamp"], "%Y-%m-%dT%H:%M:%S.%f%z")
    return Datapoint(start, told.get("value"), told.get("sampleCount", 0))
