"""Metrics Insights: a SELECT over the stored metrics.

Lives here: `run`. What a query says and means is `lang/metrics_sql`'s. Source: User Guide, "Metrics
Insights quotas", "SQL inference", "Troubleshooting Metrics Insights".

Values of all units count. Decided here, where the guide is silent: the metrics that are found first
are those first in order of account, name and dimensions; of groups, those with a value in the range
are returned, while a query without ``GROUP BY`` always gives its one series.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from awsmon.core.clock import EPOCH
from awsmon.lang.metrics_sql.compiler import Candidate, Group, compile_query
from awsmon.lang.metrics_sql.parser import MOST_SERIES, parse
from awsmon.lang.metrics_sql.tree import Tag
from awsmon.metrics.linked import readable
from awsmon.metrics.resources import Tagged
from awsmon.metrics.statistics import statistic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.core.neighbours import Bucket, MetricKey
    from awsmon.lang.metrics_sql.compiler import Compiled
    from awsmon.lang.metrics_sql.tree import Query
    from awsmon.metrics.service import Metrics

__all__ = ["EXCEEDED", "MOST_METRICS", "Line", "Selected", "run"]

MOST_METRICS = 10_000
OLDEST = timedelta(weeks=2)
FINEST = 60  # seconds

EXCEEDED = {
    "MaxMatchingResultsExceeded": "The query matched more than 10,000 metrics, results might not "
    "be accurate",
    "MaxQueryResultsExceeded": "Only the first 500 time series can be returned by a query",
    "MaxQueryTimeRangeExceeded": "The time range of the query exceeds two weeks",
}
"""Codes and words of what is told where a query was answered in part.

The codes are those that Grafana's data source knows of GetMetricData; the wordings are unverified.
"""

Found = tuple["Metrics", "MetricKey", tuple[str, ...]]


class Line(NamedTuple):
    """One time series of an answer.

    Attributes:
        values: of the labels in ``GROUP BY``; none without it.
        points: starts of periods in seconds since the epoch and values, oldest first.
    """

    values: tuple[str, ...]
    points: list[tuple[int, float]]

    @property
    def label(self) -> str:
        """What it is called in the answer."""
        return " ".join(self.values)


class Selected(NamedTuple):
    """What a query yields.

    Attributes:
        exceeded: the codes of the limits that cut it short.
    """

    lines: list[Line]
    exceeded: list[str]


class _Range(NamedTuple):
    """What is read, in seconds: periods from *start* on, of which those before *oldest* are cut."""

    start: int
    oldest: int
    end: int
    period: int

    def spans(self) -> Iterator[tuple[int, int]]:
        """What is left of a period that was cut in two, and the whole periods."""
        first = max(self.start, self.oldest)
        edge = self.start - (self.start - first) // self.period * self.period
        if first < edge:
            yield first, min(edge, self.end)
        yield edge, self.end

    def bucket(self, time: int) -> int:
        """The start of the period that an instant is in."""
        return time - (time - self.start) % self.period


def run(
    metrics: Metrics, text: str, start: int, end: int, period: int, *, account: str | None = None
) -> Selected:
    """The series of a query, in its order, at most 500.

    Reads the latest two weeks, and of the metrics that match the first 10 000.

    Args:
        metrics: of the account that asks; those that linked accounts share with it count too.
        text: the query.
        start: seconds since the epoch, inclusive; brought down to the minute.
        end: exclusive.
        period: seconds; less than a minute is a minute.
        account: only this one's metrics.

    Raises:
        LanguageError: the text is no query.
    """
    query = parse(text)
    compiled = compile_query(query, metrics.scope.account)
    oldest = (metrics.clock.now() - OLDEST - EPOCH) // timedelta(seconds=1)
    range_ = _Range(start - start % FINEST, oldest, end, max(period, FINEST))
    totals: dict[tuple[str, ...], dict[int, tuple[float, float]]] = {}
    exceeded = ["MaxQueryTimeRangeExceeded"] if range_.start + FINEST <= oldest else []
    for place, key, group in _found(metrics, query, compiled, account, exceeded):
        total = totals.setdefault(group, {})
        for bucket in _read(place, key, compiled.statistic, range_):
            _merge(total, bucket, range_, compiled)
    groups = [Group(group, _points(total, compiled)) for group, total in totals.items() if total]
    if not groups and not query.group_by:
        return Selected([Line((), [])], exceeded)
    if len(groups) > MOST_SERIES and query.limit is None:
        exceeded.append("MaxQueryResultsExceeded")
    lines = [Line(tuple(values), list(points)) for values, points in compiled.arrange(groups)]
    return Selected(lines, exceeded)


def _asks_for_tags(query: Query) -> bool:
    labels = [*query.group_by, *(comparison.label for comparison in query.where)]
    return any(isinstance(label, Tag) for label in labels)


def _found(
    metrics: Metrics, query: Query, compiled: Compiled, account: str | None, exceeded: list[str]
) -> Iterator[Found]:
    """The metrics that match, with where they are and the group that they belong to."""
    left, tags = MOST_METRICS, _asks_for_tags(query)
    for place in readable(metrics):
        if account not in (None, place.account) or not place.passes(query.source.namespace):
            continue
        tagged = Tagged(place.metrics)
        for key in place.metrics:
            candidate = Candidate(
                key.namespace, key.name, dict(key.dimensions), place.account,
                tagged.of(key) if tags else {},
            )  # fmt: skip
            if not compiled.matches(candidate):
                continue
            if not left:
                exceeded.append("MaxMatchingResultsExceeded")
                return
            left -= 1
            yield place.metrics, key, compiled.group(candidate)


def _read(metrics: Metrics, key: MetricKey, name: str, range_: _Range) -> Iterator[Bucket]:
    wanted = statistic(name)
    assert wanted is not None
    for unit in metrics.stored.units(key):
        for start, end in range_.spans():
            yield from metrics.stored.buckets(key, start, end, range_.period, wanted, unit)


def _merge(
    total: dict[int, tuple[float, float]], bucket: Bucket, range_: _Range, compiled: Compiled
) -> None:
    start = range_.bucket(bucket.start)
    if start in total:
        samples, reading = total[start]
        total[start] = samples + bucket.samples, compiled.merge(reading, bucket.value)
    else:
        total[start] = bucket.samples, bucket.value


def _points(total: dict[int, tuple[float, float]], compiled: Compiled) -> list[tuple[int, float]]:
    return [
        (start, compiled.value(reading, samples))
        for start, (samples, reading) in sorted(total.items())
    ]
