"""The domain events: what services tell one another, frozen, in the past tense, facts only.

Lives here: every event but those of event buses, AWS Config, Contributor Insights and activity
without calls, in modules of their own; what all have in common is `domain_event.py`'s, and who
hears `awsmon/wiring.py`'s. Each prints as one line of the trace.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.core.domain_event import DomainEvent, event

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.core.neighbours import MetricKey
    from awsmon.core.scope import Identity

__all__ = [
    "AlarmConfigurationChanged",
    "AlarmContributorStateChanged",
    "AlarmStateChanged",
    "AlarmStateFacts",
    "ApiCalled",
    "DeliveryFinished",
    "DomainEvent",
    "ExtractedDatum",
    "LogBatch",
    "LogEventsPut",
    "MetricDataPut",
    "MetricsExtracted",
    "NeighbourCalled",
    "SamplesPut",
    "ScheduledQueryFinished",
]


_decode = json.JSONDecoder().decode


@event
class ApiCalled(DomainEvent):
    """An SDK call of any AWS service was answered, by awsmon or by another mock.

    Attributes:
        service: botocore's name of the service, as ``cloudwatch``.
        parameters: what was asked, a copy.
        result: what was answered, a copy; None for reads, whose answers no record keeps.
        packed: the two as bytes, compact and safe from whoever holds the originals: JSON, as it
            was sent, or pickled.
        error: the error's code and message, where it was one.
        invoked_by: the AWS service that made the call, as ``sns.amazonaws.com``; None for a user.
    """

    service: str
    operation: str
    identity: Identity
    request_id: str
    packed: tuple[bytes, bytes | None]
    error: tuple[str, str] | None = None
    user_agent: str = ""
    invoked_by: str | None = None

    @property
    def parameters(self) -> Mapping[str, Any]:  # noqa: D102 above
        packed = self.packed[0]
        found: Mapping[str, Any] = (
            _decode(packed.decode("utf-8", "surrogatepass")) if packed[:1] == b"{"
            else pickle.loads(packed)
        )  # fmt: skip
        return found

    @property
    def result(self) -> Mapping[str, Any] | None:  # noqa: D102 above
        return None if self.packed[1] is None else pickle.loads(self.packed[1])

    @property
    def event_id(self) -> str:
        """By which CloudTrail knows the call; it follows from the request's id."""
        text = hashlib.md5(
            f"{self.request_id}{self.number}".encode(), usedforsecurity=False
        ).hexdigest()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def __str__(self) -> str:
        outcome = f" -> {self.error[0]}" if self.error else ""
        return f"{self.service}.{self.operation}{outcome}"


@event
class MetricDataPut(DomainEvent):
    """Datapoints of one metric were stored.

    Attributes:
        oldest, newest: the buckets (start of second or minute) of its first and last point, in
            seconds since the epoch.
        count: how many samples.
    """

    metric: MetricKey
    oldest: int
    newest: int
    count: float

    def __str__(self) -> str:
        first, last = (
            datetime.fromtimestamp(at, timezone.utc) for at in (self.oldest, self.newest)
        )
        span = f"{first:%H:%M}" if first == last else f"{first:%H:%M} to {last:%H:%M}"
        return f"datapoint {self.metric} at {span}, {self.count:g} samples"


@event
class SamplesPut(DomainEvent):
    """A number came by way of the OTLP endpoint; *time* in milliseconds since the epoch."""

    name: str
    time: int

    def __str__(self) -> str:
        at = datetime.fromtimestamp(self.time / 1000, timezone.utc)
        return f"sample {self.name} at {at:%H:%M:%S}"


class LogBatch(NamedTuple):
    """Log events that came in together, in order of time.

    Attributes:
        first: the number of the first; the others follow it.
        times: milliseconds since the epoch.
        messages: as those see them who may not see what is masked.
        transformed: what a transformer made of them, by position; None without one.
    """

    first: int
    times: Sequence[int]
    messages: Sequence[str]
    transformed: Mapping[int, str] | None = None


@event
class LogEventsPut(DomainEvent):
    """Log events were stored."""

    group: str
    stream: str
    batch: LogBatch

    def __str__(self) -> str:
        count = len(self.batch.times)
        return f"log events {self.group} {self.stream}: {count} event{'' if count == 1 else 's'}"


class ExtractedDatum(NamedTuple):
    """Values of one metric at one instant.

    Attributes:
        time: the second or minute that they are filed under, in seconds since the epoch.
        values: each with how often it came.
    """

    metric: MetricKey
    unit: str
    time: int
    values: Mapping[float, float]


@event
class MetricsExtracted(DomainEvent):
    """Datapoints were found in log events.

    Attributes:
        source: what found them, as ``metric filter errors``.
    """

    source: str
    data: tuple[ExtractedDatum, ...]

    def __str__(self) -> str:
        names = list(dict.fromkeys(str(datum.metric) for datum in self.data))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return f"{self.source}: {', '.join(names[:3])}{more}"


@event
class AlarmConfigurationChanged(DomainEvent):
    """An alarm was created, updated or deleted.

    Attributes:
        operation: ``create``, ``update`` or ``delete``.
        configuration: the alarm as DescribeAlarms shows it, after; of a deleted one, before.
        previous: the same before an update.
    """

    alarm: str
    operation: str
    configuration: Mapping[str, Any]
    previous: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return f"alarm {self.alarm.rpartition(':')[2]} {self.operation}d"


class AlarmStateFacts(NamedTuple):
    """A state, why, and since when.

    Attributes:
        value: OK, ALARM or INSUFFICIENT_DATA.
        data: the reason as JSON, where there is any.
        suppressed_by: what holds the state's actions back, as ``WaitPeriod``.
        suppressed_reason: the same for people.
    """

    value: str
    reason: str
    data: str | None
    since: datetime
    suppressed_by: str | None = None
    suppressed_reason: str | None = None


@event
class AlarmStateChanged(DomainEvent):
    """An alarm, named by its ARN, went from one state to another, or its actions were let go."""

    alarm: str
    before: AlarmStateFacts
    after: AlarmStateFacts

    def __str__(self) -> str:
        name = self.alarm.partition(":alarm:")[2]
        if self.before.value == self.after.value:
            return f"alarm {name}: {self.after.value}, actions no longer suppressed"
        return f"alarm {name}: {self.before.value} -> {self.after.value}: {self.after.reason}"


@event
class AlarmContributorStateChanged(DomainEvent):
    """One of the series that an alarm, named by its ARN, watches went into ALARM, or is OK again.

    Attributes:
        contributor: the Id of the series.
        attributes: its labels and their values.
    """

    alarm: str
    contributor: str
    attributes: Mapping[str, str]
    before: AlarmStateFacts
    after: AlarmStateFacts

    def __str__(self) -> str:
        name = self.alarm.partition(":alarm:")[2]
        series = ", ".join(f"{label}={value}" for label, value in self.attributes.items())
        return f"alarm {name} for {series}: {self.before.value} -> {self.after.value}"


@event
class ScheduledQueryFinished(DomainEvent):
    """A run of a scheduled query of logs has ended.

    Attributes:
        query: the ARN of the scheduled query.
        triggered: when the run was due, in seconds since the epoch.
        complete: whether it has results; else it failed.
        rows: the results, as texts by their columns.
    """

    query: str
    name: str
    triggered: int
    complete: bool
    rows: tuple[Mapping[str, str], ...] = ()

    def __str__(self) -> str:
        return f"scheduled query {self.name}: " + (
            f"{len(self.rows)} rows" if self.complete else "failed")  # fmt: skip


@event
class DeliveryFinished(DomainEvent):
    """A delivery arrived, or was given up.

    Attributes:
        delivery: its number in the trace.
        sender: the service that sent it, as ``alarms``.
        subject: what it was sent for, as an alarm's ARN.
        payload: what the target got, or should have got.
        error: why it was given up; None where it arrived.
        code: of that error, as ``NoSuchBucket``, where it has one.
        errors: of all attempts that failed.
        answer: of the target, where the sender reads it.
    """

    delivery: int
    sender: str
    subject: str
    target_arn: str
    payload: Any
    error: str | None = None
    code: str = ""
    errors: tuple[str, ...] = ()
    answer: Any = None

    def __str__(self) -> str:
        return f"given up: {self.error}" if self.error else "arrived"


@event
class NeighbourCalled(ApiCalled):
    """An SDK call that another mock answered: something may be different there."""
