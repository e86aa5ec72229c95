"""What Alarms asks of Metrics: `Reader`, which fits `core.neighbours.MetricReader`.

Lives here: nothing but that. Whatever is heavy is imported when somebody asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsmon.core.neighbours import AlarmChart, Bucket, MetricKey, QueryFacts, WatchedSeries
    from awsmon.metrics.service import Metrics

__all__ = ["Reader"]


class Reader:
    """Reads the metrics of one account and region; instants are seconds since the epoch."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def window(
        self, metric: MetricKey, *, end: int, period: int, count: int, statistic: str,
        unit: str | None,
    ) -> list[Bucket | None]:  # fmt: skip
        """The *count* periods that end at *end*, oldest first; None where there is no point."""
        start = end - count * period
        window: list[Bucket | None] = [None] * count
        wanted = self._metrics.statistic(statistic)
        for bucket in self._metrics.stored.buckets(metric, start, end, period, wanted, unit):
            window[(bucket.start - start) // period] = bucket
        return window

    def first_point(self, metric: MetricKey, *, since: int, unit: str | None) -> int | None:
        """The bucket of the earliest stored point at or after *since*."""
        return self._metrics.stored.first_point(metric, since=since, unit=unit)

    def first_contribution(self, rule: str, *, since: int) -> int | None:
        """When, at or after *since*, anybody contributes to a rule, or it is new; None: never."""
        return self._metrics.insight_rules.first_contribution(rule, since)

    def facts(self, queries: Sequence[Mapping[str, Any]]) -> QueryFacts:
        """What queries are about, as GetMetricData takes them."""
        from awsmon.metrics.watched import facts  # metric math loads when somebody uses it

        return facts(self._metrics, queries)

    def windows(
        self, queries: Sequence[Mapping[str, Any]], *, end: int, period: int, count: int
    ) -> list[WatchedSeries]:
        """The *count* periods that end at *end*, of each series that the queries return."""
        from awsmon.metrics.watched import window

        return window(self._metrics, queries, end=end, period=period, count=count)

    def samples(
        self, name: str, *, since: int, until: int
    ) -> Iterator[tuple[dict[str, str], Sequence[int], Sequence[Any]]]:
        """What PromQL sees of a metric, in milliseconds."""
        return self._metrics.otel.samples(name, since=since, until=until)

    def next_sample(self, name: str, *, after: int) -> int | None:
        """When the first of these samples behind an instant is."""
        return self._metrics.otel.next_sample(name, after)

    def alarm_picture(self, chart: AlarmChart) -> bytes:
        """An alarm over its metric, its states as bands."""
        from awsmon.metrics.charts.reading import alarm_picture  # when somebody draws

        return alarm_picture(self._metrics, chart)

    def of_namespace(self, namespace: str) -> list[MetricKey]:
        """Its metrics."""
        return self._metrics.of_namespace(namespace)

    def extended(self, statistic: str) -> bool:
        """Whether there is an extended statistic of that name."""
        return self._metrics.extended(statistic)
