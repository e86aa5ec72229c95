"""What one service may ask of another, as Protocols.

Lives here: the Protocols, and the plain values that pass through them. A neighbour fits by
structure; `awsmon/services.py` hands it over, so that no service imports another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from awsmon.core.deliveries import Delivery
    from awsmon.core.scope import Scope

__all__ = [
    "AlarmChart", "AlarmKeeper", "Bucket", "Conformance", "DashboardKeeper", "Deliverer",
    "EndpointCaller",
    "EventStores", "Linked", "ManagedQueries", "ManagedQuery", "MetricKey", "MetricReader",
    "ObservedAccounts", "QueryFacts", "StateSpan", "StoredEvents", "WatchedSeries",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MetricKey:
    """What a metric is known by: namespace, name and the exact set of dimensions.

    Attributes:
        dimensions: pairs of name and value, in order of name.
    """

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls, namespace: str, name: str, dimensions: Mapping[str, str] | None = None
    ) -> MetricKey:
        """From Python types; the order of the dimensions plays no part."""
        return cls(namespace, name, tuple(sorted((dimensions or {}).items())))

    def __str__(self) -> str:
        dims = ", ".join(f"{name}={value}" for name, value in self.dimensions)
        return f"{self.namespace}/{self.name}" + (f"{{{dims}}}" if dims else "")


class Bucket(NamedTuple):
    """One period of one metric.

    Attributes:
        start: seconds since the epoch.
        samples: how many values went in.
        value: the statistic that was asked for.
    """

    start: int
    samples: float
    value: float


@dataclass(frozen=True, slots=True)
class QueryFacts:
    """What a set of queries is about, as GetMetricData takes them.

    Attributes:
        returned: the Ids of those that return data.
        arrays: of those that may yield several series.
        functions: which are called in expressions.
        metrics: that are read by name.
        periods: of these, in seconds.
        namespace: which Metrics Insights selects from; None: there is no such query.
        labels: in its ``GROUP BY``.
        ordered: whether it has ``ORDER BY``.
        here: whether all that is read by name is this account's.
        rules: of Contributor Insights that are read.
    """

    returned: tuple[str, ...]
    arrays: frozenset[str]
    functions: frozenset[str]
    metrics: tuple[MetricKey, ...]
    periods: tuple[int, ...]
    namespace: str | None
    labels: tuple[str, ...]
    ordered: bool
    here: bool
    rules: tuple[str, ...] = ()


class WatchedSeries(NamedTuple):
    """A series that an alarm looks at.

    Attributes:
        id: of the query.
        label: of the series.
        attributes: what tells it from others of the query: Metrics Insights' labels and values.
        window: its periods, oldest first; None where there is no point.
        partial: whether the query matched more metrics than were read.
    """

    id: str
    label: str
    attributes: Mapping[str, str]
    window: list[Bucket | None]
    partial: bool = False


class StateSpan(NamedTuple):
    """How long something was in one state; seconds since the epoch."""

    start: int
    end: int
    state: str


@dataclass(frozen=True, slots=True)
class AlarmChart:
    """What a picture of an alarm shows, or of anything that has states.

    Attributes:
        start: seconds since the epoch, and `end`.
        queries: of what is drawn, as GetMetricData takes them; none: there are only states.
        threshold: a line across, if there is one.
        spans: the alarm's states.
        lanes: further states, each under a name, as those of the alarms of a composite one.
        marks: instants at which something happened, in seconds since the epoch.
    """

    title: str
    start: int
    end: int
    queries: Sequence[Mapping[str, Any]]
    threshold: float | None
    spans: Sequence[StateSpan]
    lanes: Mapping[str, Sequence[StateSpan]]
    marks: Sequence[int] = ()


class MetricReader(Protocol):
    """What Alarms asks of Metrics. Instants are whole seconds since the epoch."""

    def window(
        self, metric: MetricKey, *, end: int, period: int, count: int, statistic: str,
        unit: str | None,
    ) -> list[Bucket | None]:  # fmt: skip
        """The *count* periods that end at *end*, oldest first; None where there is no point."""

    def extended(self, statistic: str) -> bool:
        """Whether there is an extended statistic of that name, as ``p99`` or ``TM(10%:90%)``."""

    def first_point(self, metric: MetricKey, *, since: int, unit: str | None) -> int | None:
        """The bucket of the earliest stored point at or after *since*."""

    def first_contribution(self, rule: str, *, since: int) -> int | None:
        """When, at or after *since*, anybody contributes to a rule, or it is new; None: never."""

    def facts(self, queries: Sequence[Mapping[str, Any]]) -> QueryFacts:
        """What queries are about; an error if GetMetricData would refuse them."""

    def windows(
        self, queries: Sequence[Mapping[str, Any]], *, end: int, period: int, count: int
    ) -> list[WatchedSeries]:
        """The *count* periods that end at *end*, of each series that the queries return."""

    def of_namespace(self, namespace: str) -> list[MetricKey]:
        """The metrics of a namespace."""

    def samples(
        self, name: str, *, since: int, until: int
    ) -> Iterable[tuple[dict[str, str], Sequence[int], Sequence[Any]]]:
        """What PromQL sees of a metric: of each series its labels, times and values.

        Times lie behind *since*, up to *until*, in milliseconds.
        """

    def next_sample(self, name: str, *, after: int) -> int | None:
        """When the first of these samples behind an instant is."""

    def alarm_picture(self, chart: AlarmChart) -> bytes:
        """A PNG; an error if the extra ``charts`` isn't installed."""


class AlarmKeeper(Protocol):
    """What Application Insights asks of Alarms; of their states it hears by `AlarmStateChanged`."""

    def put(self, request: Mapping[str, Any]) -> None:
        """Make a metric alarm, or replace one, by PutMetricAlarm's members."""

    def delete(self, *names: str) -> None:
        """Delete those of these names that there are."""

    def metric_of(self, name: str) -> MetricKey | None:
        """The one metric that an alarm watches, if it is such an alarm and there."""


class DashboardKeeper(Protocol):
    """What Application Insights asks of an account's dashboards."""

    def __contains__(self, name: str) -> bool: ...

    def put(self, name: str, body: str, tags: Mapping[str, str]) -> object:
        """Make a dashboard, or replace what is on it."""

    def delete(self, name: str) -> None:
        """It goes."""


@dataclass(frozen=True, slots=True)
class ManagedQuery:
    """A query of logs that is run on a schedule on behalf of another service.

    Attributes:
        arn: of one that is there already and is to be replaced.
        owner: whose it is, as an alarm's name.
        text: in the language of Logs Insights.
        groups: names or ARNs of log groups.
        schedule: as ``rate(5 minutes)``.
        start_offset: seconds before a run that its time range begins, and `end_offset` ends.
        role: the ARN of the role that runs it.
    """

    arn: str | None
    owner: str
    text: str
    groups: tuple[str, ...]
    schedule: str
    start_offset: int
    end_offset: int
    role: str
    tags: Mapping[str, str]


class ManagedQueries(Protocol):
    """What Alarms asks of Logs; of the runs it hears by `ScheduledQueryFinished`."""

    def manage(self, query: ManagedQuery) -> str:
        """Schedule a query; its ARN."""

    def unmanage(self, arn: str) -> None:
        """The query is run no more."""

    def lines(self, arn: str, text: str, count: int) -> list[str]:
        """Messages that a query finds where and when a managed query was run last."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A source account that shares resources of one type with a monitoring account.

    Attributes:
        scope: where they are.
        label: the source account's, as the monitoring account shows it.
        link: its ARN.
        passes: whether a resource is shared, by its log group's name or its metric's namespace.
    """

    scope: Scope
    label: str
    link: str
    passes: Callable[[str], bool]


class ObservedAccounts(Protocol):
    """What Logs and Metrics ask of cross-account observability, each of its own place."""

    def sources(self, resource_type: str) -> Sequence[Linked]:
        """The accounts that share resources of a type, as ``AWS::Logs::LogGroup``, with this one.

        In order of account; none where this is no monitoring account.
        """


@dataclass(frozen=True, slots=True)
class StoredEvents:
    """What an event data store of CloudTrail Lake holds; times in milliseconds since the epoch.

    Attributes:
        active: whether it may be read: it isn't to be deleted.
        oldest: the earliest event time that its retention leaves.
        events: when each happened, and its record; in any order.
    """

    active: bool
    oldest: int
    events: Sequence[tuple[int, Mapping[str, Any]]]


class EventStores(Protocol):
    """What Logs asks of CloudTrail Lake, of its own place."""

    def stored_events(self, arn: str) -> StoredEvents | None:
        """What an event data store holds now; None: there is none of that ARN."""


class EndpointCaller(Protocol):
    """Calls endpoints of other people's, as EventBridge's API destinations."""

    def invoke(self, delivery: Delivery, text: str, parameters: Mapping[str, Any]) -> None:
        """Send a delivery to its destination, as soon as the rate allows.

        Args:
            delivery: to an API destination.
            text: the body.
            parameters: HttpParameters.
        """


class Conformance(Protocol):
    """Whether a value conforms to a schema: true or false, and what is wrong.

    Attributes:
        problems: each with the path of the member that it is about.
    """

    @property
    def problems(self) -> tuple[str, ...]:
        """None: it conforms."""

    def __bool__(self) -> bool: ...


class Deliverer(Protocol):
    """What Athena asks of CloudTrail and AWS Config."""

    def places(self) -> list[str]:
        """The S3 URLs below which its files are."""
        ...
