"""Metric streams: what came in within a minute goes to Firehose when the minute is over.

Lives here: `MetricStream` and `MetricStreams`. One record is sent for each minute of each metric
and unit, anew if points come late; points older than two hours aren't sent, nor what the streams
report of themselves. What came while a stream was stopped is never sent. Source: User Guide, "Use
metric streams".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.clock import EPOCH, Call
from awsmon.core.deliveries import ASYNCHRONOUS, Delivery
from awsmon.core.resource import Resource, aws
from awsmon.metrics.errors import ResourceNotFoundException
from awsmon.metrics.linked import readable
from awsmon.metrics.stream_records import Update, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from awsmon.core.clock import Timer
    from awsmon.core.events import DeliveryFinished, MetricDataPut
    from awsmon.core.neighbours import MetricKey
    from awsmon.core.scope import Scope
    from awsmon.metrics.service import Metrics

__all__ = ["MetricStream", "MetricStreams"]

MINUTE = 60
OLDEST = 7200  # seconds
NAMESPACE = "AWS/CloudWatch/MetricStreams"
MOST_RECORDS, MOST_BYTES = 500, 4 * 1024 * 1024
"""Of one call of PutRecordBatch."""

Touched = tuple["Scope", "MetricKey", int]


@dataclass(kw_only=True, slots=True, eq=False)
class MetricStream(Resource):
    """A stream as GetMetricStream shows it."""

    aws_shape: ClassVar[str] = "cloudwatch.GetMetricStreamOutput"

    name: str
    arn: str
    firehose_arn: str
    role_arn: str
    state: str = "running"
    creation_date: datetime
    last_update_date: datetime
    output_format: str
    include_filters: list[dict[str, Any]] | None = None
    exclude_filters: list[dict[str, Any]] | None = None
    statistics_configurations: list[dict[str, Any]] | None = None
    include_linked_accounts_metrics: bool = False
    touched: dict[Touched, None] = field(default_factory=dict, repr=False, metadata=aws(None))

    def sends(self, metric: MetricKey) -> bool:
        """Whether a metric is one of its own."""
        if metric.namespace == NAMESPACE:
            return False
        if self.include_filters:
            return any(_fits(each, metric) for each in self.include_filters)
        return not any(_fits(each, metric) for each in self.exclude_filters or ())

    def statistics(self, metric: MetricKey) -> list[str]:
        """Those that are sent of a metric beyond the four that always are."""
        wanted = {"Namespace": metric.namespace, "MetricName": metric.name}
        return [
            name
            for each in self.statistics_configurations or ()
            if wanted in each["IncludeMetrics"]
            for name in each["AdditionalStatistics"]
        ]


def _fits(filter_: Mapping[str, Any], metric: MetricKey) -> bool:
    names = filter_.get("MetricNames")
    return filter_.get("Namespace") == metric.namespace and (not names or metric.name in names)


class MetricStreams:
    """The streams of one account and region: iterable, in order of name."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._streams: dict[str, MetricStream] = {}
        self._timer: Timer | None = None

    def __iter__(self) -> Iterator[MetricStream]:
        return iter([self._streams[name] for name in sorted(self._streams)])

    def __contains__(self, name: str) -> bool:
        return name in self._streams

    def __getitem__(self, name: str) -> MetricStream:
        """The stream of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in self._streams:
            raise ResourceNotFoundException.metric_stream(name)
        return self._streams[name]

    def get(self, name: str) -> MetricStream | None:
        """The stream of that name; None: there is none."""
        return self._streams.get(name)

    def save(self, stream: MetricStream) -> None:
        """A new one, or a new configuration of one."""
        known = self._streams.get(stream.name)
        if known is not None:
            stream.touched = known.touched
        self._streams[stream.name] = stream
        self._metrics.tags.create(stream.arn)

    def delete(self, name: str) -> None:
        """No such stream is no mistake."""
        stream = self._streams.pop(name, None)
        if stream is not None:
            self._metrics.tags.forget(stream.arn)

    # -- what comes in -----------------------------------------------------------------------------

    def metric_data_put(self, event: MetricDataPut) -> None:
        """A listener: remember what is to be sent when the minute is over."""
        if not self._streams:
            return
        ours = event.scope == self._metrics.scope
        for stream in self._streams.values():
            if stream.state != "running" or not stream.sends(event.metric):
                continue
            if ours or (stream.include_linked_accounts_metrics and self._shared(event)):
                self._touch(stream, event)

    def _shared(self, event: MetricDataPut) -> bool:
        return any(
            place.metrics.scope == event.scope and place.passes(event.metric.namespace)
            for place in readable(self._metrics)
        )

    def _touch(self, stream: MetricStream, event: MetricDataPut) -> None:
        first = max(event.oldest, self._metrics.now - OLDEST)
        for minute in range(first - first % MINUTE, event.newest + 1, MINUTE):
            stream.touched[event.scope, event.metric, minute] = None
        if self._timer is None and stream.touched:
            clock = self._metrics.clock
            end = (self._metrics.now // MINUTE + 1) * MINUTE
            self._timer = clock.set(
                EPOCH + timedelta(seconds=end), Call("metrics.streams", "minute_ended", end),
                scope=self._metrics.scope,
            )  # fmt: skip

    # -- what goes out -----------------------------------------------------------------------------

    def minute_ended(self, now: int) -> None:
        """A timer's verb: send what came in within the minute."""
        self._timer = None
        for stream in self:
            touched, stream.touched = stream.touched, {}
            updates = [update for each in touched for update in self._updates(stream, *each)]
            if updates:
                self._send(stream, updates)
        del now

    def _updates(
        self, stream: MetricStream, scope: Scope, metric: MetricKey, minute: int
    ) -> Iterator[Update]:
        metrics = self._metrics.elsewhere(scope)
        more = stream.statistics(metric)
        for unit in metrics.stored.units(metric):
            read = {
                name: metrics.stored.buckets(
                    metric, minute, minute + MINUTE, MINUTE, metrics.statistic(name), unit
                )
                for name in ("SampleCount", "Sum", "Minimum", "Maximum", *more)
            }
            if not read["SampleCount"]:
                continue
            found = {name: buckets[0].value for name, buckets in read.items() if buckets}
            yield Update(
                stream.name, stream.arn, scope, metric, unit, minute, found["SampleCount"],
                found["Sum"], found["Minimum"], found["Maximum"],
                {name: found[name] for name in more if name in found},
            )  # fmt: skip

    def _send(self, stream: MetricStream, updates: list[Update]) -> None:
        metrics, batch, room = self._metrics, list[dict[str, bytes]](), MOST_BYTES
        for update in updates:
            data = written(stream.output_format, update)
            if len(batch) == MOST_RECORDS or len(data) > room:
                self._deliver(stream, batch)
                batch, room = [], MOST_BYTES
            batch.append({"Data": data})
            room -= len(data)
        self._deliver(stream, batch)
        metrics.put(NAMESPACE, "MetricUpdate", len(updates), unit="Count",
                    dimensions={"MetricStreamName": stream.name})  # fmt: skip
        metrics.put(NAMESPACE, "TotalMetricUpdate", len(updates), unit="Count")

    def _deliver(self, stream: MetricStream, batch: list[dict[str, bytes]]) -> None:
        metrics = self._metrics
        metrics.deliveries.send(
            Delivery(at=metrics.clock.now(), scope=metrics.scope, sender="metrics",
                     subject=stream.arn, target_arn=stream.firehose_arn, policy=ASYNCHRONOUS,
                     payload={"Records": batch}))  # fmt: skip

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: count batches that didn't arrive."""
        stream = next((each for each in self if each.arn == event.subject), None)
        if event.sender == "metrics" and stream is not None:
            self._metrics.put(NAMESPACE, "PublishErrorRate", float(event.error is not None),
                              dimensions={"MetricStreamName": stream.name})  # fmt: skip
