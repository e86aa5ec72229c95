"""The log groups of one account and region.

Lives here: `Logs`, the Python API and what the operations and the other parts of this package
share: finding groups, taking events in. Reading is `reading.py`'s; what happens to events that came
in is told by `LogEventsPut` and done by whoever hears it (`metric_filters.py`,
`embedded_metrics.py`, `subscriptions.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.clock import aware
from awsmon.core.events import LogBatch, LogEventsPut
from awsmon.core.scope import Scope
from awsmon.core.service import Service, direct
from awsmon.logs.anomalies import AnomalyDetectors
from awsmon.logs.connections import Connections
from awsmon.logs.destinations import Destinations
from awsmon.logs.embedded_metrics import EmbeddedMetrics
from awsmon.logs.errors import (
    InvalidParameterException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
)
from awsmon.logs.explanation import explain_filter
from awsmon.logs.exports import Exports
from awsmon.logs.imports import Imports
from awsmon.logs.indexes import Indexes
from awsmon.logs.live_tail import LiveTails
from awsmon.logs.lookup_tables import LookupTables
from awsmon.logs.metric_filters import MetricFilters
from awsmon.logs.model import RETENTION_DAYS, LogGroup, LogStream
from awsmon.logs.patterns import checked
from awsmon.logs.policies import Policies
from awsmon.logs.protection import Protection
from awsmon.logs.queries import Queries
from awsmon.logs.reading import matching
from awsmon.logs.resource_policies import ResourcePolicies
from awsmon.logs.retention import Retention
from awsmon.logs.scheduled_queries import ScheduledQueries
from awsmon.logs.store import milliseconds, size
from awsmon.logs.subscriptions import Subscriptions
from awsmon.logs.transformers import Transformers
from awsmon.logs.usage import Usage
from awsmon.logs.vended import VendedLogs
from awsmon.logs.writing import prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from awsmon.core.backend import Backend
    from awsmon.core.neighbours import EventStores, ObservedAccounts
    from awsmon.logs.explanation import FilterExplanation
    from awsmon.logs.reading import LogLine

__all__ = ["Logs"]

_HOUR = 3_600_000


class Logs(Service):
    """The log groups of one account and region: iterable, ``in``, and ``logs["name"]``.

    Attributes:
        retention: how long events are kept.
        metric_filters: metric filters at work.
        embedded_metrics: events in embedded metric format.
        queries: of Logs Insights, and saved ones.
        exports: tasks that put events into buckets.
        imports: tasks that take events over from CloudTrail Lake.
        anomaly_detectors: look for what is unusual.
        live_tails: sessions that look at events as they come.
        lookup_tables: that queries look values up in.
        policies: of the account, which are for many groups at once.
        resource_policies: which services may write here.
        protection: sensitive data is masked.
        vended: logs that other services deliver.
        connections: with OpenSearch, S3 tables, VPC endpoints.
        storage_tier: of the account, and since when, in milliseconds.
        transformers: make other messages of those that come in.
        indexes: of fields.
        query_result_key: the KMS key of the results of queries.
        observed: tells which accounts are linked to this one.
        usage: what the service reports of itself in the namespace ``AWS/Logs``.
    """

    def __init__(
        self, backend: Backend, scope: Scope, observed: ObservedAccounts, stores: EventStores
    ) -> None:
        super().__init__(backend, scope)
        self.observed = observed
        self._groups: dict[str, LogGroup] = {}
        self._number = 0
        self.query_result_key: str | None = None
        self.usage = Usage(self)
        self.retention = Retention(self)
        self.metric_filters = MetricFilters(self)
        self.embedded_metrics = EmbeddedMetrics(self)
        self.queries = Queries(self)
        self.destinations = Destinations(self)
        self.subscriptions = Subscriptions(self)
        self.exports = Exports(self)
        self.imports = Imports(self, stores)
        self.scheduled_queries = ScheduledQueries(self)
        self.anomaly_detectors = AnomalyDetectors(self)
        self.live_tails = LiveTails(self)
        self.lookup_tables = LookupTables(self)
        self.policies = Policies(self)
        self.resource_policies = ResourcePolicies(self)
        self.protection = Protection(self)
        self.transformers = Transformers(self)
        self.vended = VendedLogs(self)
        self.connections = Connections(self)
        self.storage_tier: tuple[str, int | None] = ("STANDARD", None)
        self.indexes = Indexes(self)

    # -- groups ------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[LogGroup]:
        """In order of name."""
        return iter([self._groups[name] for name in sorted(self._groups)])

    def __contains__(self, name: str) -> bool:
        return name in self._groups

    def __getitem__(self, name: str) -> LogGroup:
        """The group of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in self._groups:
            raise ResourceNotFoundException.log_group()
        return self._groups[name]

    def elsewhere(self, scope: Scope) -> Logs:
        """The logs of another account or region."""
        found: Logs = self._backend.at(scope).logs
        return found

    def owner(self, group: LogGroup) -> Logs:
        """The logs that a group belongs to, which may be another account's."""
        if self._groups.get(group.name) is group:
            return self
        arn = Arn.parse(group.log_group_arn)
        return self.elsewhere(Scope(arn.account, arn.region))

    @property
    def now(self) -> int:
        """Milliseconds since the epoch, by the virtual clock."""
        return milliseconds(self.clock.now())

    @property
    def newest(self) -> int:
        """The number of the event that came in last."""
        return self._number

    def arn(self, name: str) -> str:
        """The ARN of a group, without ``:*``."""
        return self.scope.arn("logs", f"log-group:{name}")

    def identified(self, identifier: str) -> LogGroup:
        """The group of a name or an ARN (without ``:*``).

        Raises:
            ResourceNotFoundException: there is none here.
        """
        arn = Arn.maybe(identifier)
        if arn is None:
            return self[identifier]
        kind, _, name = arn.resource.partition(":")
        if arn.service != "logs" or kind != "log-group" or identifier != self.arn(name):
            raise ResourceNotFoundException.log_group()
        return self[name]

    def create(self, name: str, tags: Mapping[str, str] | None = None, **options: Any) -> LogGroup:
        """A new group; *options* are fields of `LogGroup`.

        Raises:
            ResourceAlreadyExistsException: the name is taken.
        """
        if name in self._groups:
            raise ResourceAlreadyExistsException.log_group()
        arn = self.arn(name)
        group = self._groups[name] = LogGroup(
            name=name, arn=f"{arn}:*", log_group_arn=arn, creation_time=self.now, **options
        )
        self.tags.create(arn, tags)
        self.indexes.refresh(group)
        return group

    def create_stream(self, group: LogGroup, name: str) -> LogStream:
        """A new stream.

        Raises:
            ResourceAlreadyExistsException: the name is taken.
        """
        if name in group.streams:
            raise ResourceAlreadyExistsException.log_stream()
        stream = group.streams[name] = LogStream(
            name=name, arn=f"{group.log_group_arn}:log-stream:{name}", creation_time=self.now
        )
        return stream

    def delete(self, group: LogGroup) -> None:
        """A group goes, with all that it has."""
        del self._groups[group.name]
        self.tags.forget(group.log_group_arn)

    @direct
    def set_retention(self, name: str, days: int | None) -> None:
        """Let the events of a group expire after so many days; None: never.

        Raises:
            InvalidParameterException: not a number of days that AWS has (`RETENTION_DAYS`).
            ResourceNotFoundException: there is no such group.
        """
        group = self[name]
        if days is not None and days not in RETENTION_DAYS:
            raise InvalidParameterException.retention(days, RETENTION_DAYS)
        self.retention.expire(group)  # what has expired by the old rule is gone
        group.retention_in_days = days

    # -- events ------------------------------------------------------------------------------------

    @direct
    def put(
        self,
        group: str,
        stream: str,
        messages: str | Mapping[str, Any] | Iterable[Any],
        *,
        at: datetime | str | None = None,
    ) -> None:
        """Put log events; group and stream are created if they aren't there.

        Args:
            group: the name of the log group.
            stream: the name of the log stream.
            messages: one message or several. A message is text, a mapping (it becomes JSON), or a
                pair of an instant and one of these.
            at: aware; when those events happened that don't say so themselves. None: now.

        Raises:
            MisuseError: a message is empty, or an instant over 14 days back, over two hours ahead.

        Publishes `LogEventsPut`. Unlike PutLogEvents it takes any number of events, in any order.
        """
        pairs = prepared(messages, at, self.now)
        found = self._groups.get(group) or self.create(group)
        into = found.streams.get(stream) or self.create_stream(found, stream)
        if pairs:
            self.store(found, into, [time for time, _ in pairs], [text for _, text in pairs])

    @direct
    def tail(
        self,
        group: str,
        pattern: str = "",
        *,
        since: datetime | str | None = None,
        streams: Iterable[str] | None = None,
    ) -> list[LogLine]:
        """The events of a group that a filter pattern matches, oldest first.

        Args:
            group: the name of the log group.
            pattern: in the language of filter patterns; empty: all match.
            since: aware; only events from then on. None: all.
            streams: names; None: all streams.

        Raises:
            InvalidParameterException: the pattern is none.
            ResourceNotFoundException: there is no such group, or no such stream.
        """
        found = self[group]
        test = checked(pattern).matches if pattern.strip() else None
        chosen = found.streams.values() if streams is None else [*map(found.stream, streams)]
        start = None if since is None else milliseconds(aware(since, "since"))
        self.retention.expire(found)
        return [each.line for each in matching(chosen, start=start, test=test)]

    @direct
    def query(
        self,
        group: str | Iterable[str],
        text: str,
        *,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        limit: int | None = None,
    ) -> list[dict[str, str]]:
        """The rows of a Logs Insights query, at once.

        Args:
            group: the name or ARN of a log group, or several.
            text: the query, as ``stats count(*) by level``.
            since: aware; only events from then on. None: all.
            until: aware; only events until then, inclusive. None: all.
            limit: rows at most, where the query itself sets none.

        Raises:
            MalformedQueryException: the query is none; ``str()`` of it shows where.
            ResourceNotFoundException: there is no such group.
        """
        names = [group] if isinstance(group, str) else list(group)
        start = 0 if since is None else milliseconds(aware(since, "since"))
        end = self.now + 2 * _HOUR if until is None else milliseconds(aware(until, "until"))
        return self.queries.at_once(names, text, start, end, limit)

    @direct
    def vend(
        self, resource_arn: str, log_type: str, records: Iterable[Mapping[str, Any]], *,
        at: datetime | str | None = None,
    ) -> int:  # fmt: skip
        """Let a resource write logs that are delivered, as CloudFront's access logs are.

        Args:
            resource_arn: as PutDeliverySource got it.
            log_type: as ``ACCESS_LOGS``.
            records: by their fields' names.
            at: aware; when it happened. None: now.

        Returns:
            To how many destinations they went.

        Raises:
            MisuseError: the resource has no delivery source of that type.
        """
        when = self.clock.now() if at is None else aware(at, "at")
        return self.vended.vend(resource_arn, log_type, records, when)

    @direct
    def explain(
        self, group: str, filter_name: str, *, last: int = 20, kind: str | None = None
    ) -> FilterExplanation:
        """Which of the last events a filter matches, and what the others fail at.

        Args:
            group: the name of the log group.
            filter_name: of a metric filter or subscription filter.
            last: how many events.
            kind: ``metric`` or ``subscription``, where it has one of each by that name.

        Raises:
            MisuseError: there is no such filter.
            ResourceNotFoundException: there is no such group.
        """
        return explain_filter(self, self[group], filter_name, last, kind)

    def store(
        self,
        group: LogGroup,
        stream: LogStream,
        times: Sequence[int],
        messages: Sequence[str],
        bytes_: int | None = None,
    ) -> None:
        """Keep events that were found good, in order of time, and tell it.

        Args:
            group: where to.
            stream: of that group.
            times: of each, in milliseconds.
            messages: of each.
            bytes_: of all messages in UTF-8; None: not yet known.
        """
        first, now = self._number + 1, self.now
        self._number += len(times)
        if bytes_ is None:
            bytes_ = sum(map(size, messages))
        self.retention.tidy(group, stream, now)
        stream.events.extend(times, messages, now, first, bytes_)
        scan = self.protection.scan(group, messages)
        seen = scan.seen if scan else messages
        transformed = self.transformers.transformed(group, stream.name, seen)
        if scan or transformed:
            stream.events.keep_aside(
                scan.numbered(first) if scan else {},
                {first + place: text for place, text in transformed.items()},
            )
        stream.last_ingestion_time = now
        self.usage.count("IncomingBytes", group.name, bytes_)
        self.usage.count("IncomingLogEvents", group.name, len(times))
        self.publish(
            LogEventsPut(
                at=self.clock.now(), scope=self.scope, group=group.name, stream=stream.name,
                batch=LogBatch(first, times, seen, transformed or None),
            )
        )  # fmt: skip
        if scan:
            self.protection.report(group, scan)

    def minute_ended(self, minute: int) -> None:
        """A timer's verb: tell what is told once a minute."""
        self.metric_filters.minute_ended(minute)
        self.usage.minute_ended(minute)
