"""What a Metrics Insights query means: which metrics, in which groups, and how values become one.

Lives here: `compile_query`. It knows no store: its caller reads, of each metric that matches, one
plain statistic of each period, merges them, and has the series arranged. Source: User Guide, "Query
components and syntax in CloudWatch Metrics Insights", "SQL inference".

Decided here, where the guide is silent: ``!=`` holds of a metric without the label.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, NamedTuple

from awsmon.lang.metrics_sql.parser import MOST_SERIES
from awsmon.lang.metrics_sql.tree import AccountId, CurrentAccount, Dimension, Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from awsmon.lang.metrics_sql.tree import Comparison, Label, Query, Source

    Test = Callable[["Candidate"], bool]

__all__ = ["OTHER", "Candidate", "Compiled", "Group", "compile_query"]

OTHER = "Other"
"""The value of a label that a metric lacks."""


class Candidate(NamedTuple):
    """What a query may ask of a metric.

    Attributes:
        account: that it is in.
        tags: of the resource that it is about.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    account: str
    tags: Mapping[str, str]


class Group(NamedTuple):
    """One series: the values of the labels, and points of time and value, at least one."""

    values: tuple[str, ...]
    points: Sequence[tuple[int, float]]


class Compiled(NamedTuple):
    """A query that can be run.

    Attributes:
        matches: whether a metric belongs to it.
        group: the values of its labels.
        statistic: what to read of each period of each metric.
        merge: two readings of one period to one.
        value: from the merged reading and the number of samples to the value.
        arrange: the series in order, no more than there may be.
    """

    matches: Test
    group: Callable[[Candidate], tuple[str, ...]]
    statistic: str
    merge: Callable[[float, float], float]
    value: Callable[[float, float], float]
    arrange: Callable[[Sequence[Group]], list[Group]]


class _Function(NamedTuple):
    statistic: str
    merge: Callable[[float, float], float]
    value: Callable[[float, float], float]
    figure: Callable[[list[float]], float]  # of a series, for ORDER BY


def _reading(reading: float, samples: float) -> float:
    del samples
    return reading


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


_FUNCTIONS = {
    "AVG": _Function("Sum", operator.add, operator.truediv, _mean),
    "COUNT": _Function("SampleCount", operator.add, _reading, len),
    "MAX": _Function("Maximum", max, _reading, max),
    "MIN": _Function("Minimum", min, _reading, min),
    "SUM": _Function("Sum", operator.add, _reading, sum),
}


def compile_query(query: Query, current_account: str) -> Compiled:
    """The query, ready to run.

    Args:
        query: as `parse` made it.
        current_account: who asks.
    """
    tests = [_source(query.source, query.metric)]
    tests += [_test(comparison, current_account) for comparison in query.where]
    getters = [_getter(label) for label in query.group_by]
    function = _FUNCTIONS[query.function]
    return Compiled(
        matches=lambda candidate: all(test(candidate) for test in tests),
        group=lambda candidate: tuple(get(candidate) or OTHER for get in getters),
        statistic=function.statistic,
        merge=function.merge,
        value=function.value,
        arrange=_arrangement(query),
    )


def _source(source: Source, metric: str) -> Test:
    place = (source.namespace, metric)
    if source.dimensions is None:
        return lambda candidate: candidate[:2] == place
    names = frozenset(source.dimensions)
    return lambda candidate: candidate[:2] == place and candidate.dimensions.keys() == names


def _test(comparison: Comparison, current_account: str) -> Test:
    get, negated = _getter(comparison.label), comparison.negated
    value = comparison.value
    wanted = current_account if isinstance(value, CurrentAccount) else value
    return lambda candidate: (get(candidate) == wanted) is not negated


def _getter(label: Label) -> Callable[[Candidate], str | None]:
    match label:
        case Dimension(name):
            return lambda candidate: candidate.dimensions.get(name)
        case Tag(key):
            return lambda candidate: candidate.tags.get(key)
        case AccountId():
            return lambda candidate: candidate.account


def _arrangement(query: Query) -> Callable[[Sequence[Group]], list[Group]]:
    most, order = query.limit or MOST_SERIES, query.order_by

    def arrange(groups: Sequence[Group]) -> list[Group]:
        """By their figures, where such are asked for; equals by their names."""
        found = sorted(groups, key=_values)
        if order is not None:
            figure = _FUNCTIONS[order.function].figure
            found.sort(key=lambda group: figure(_points(group)), reverse=order.descending)
        return found[:most]

    return arrange


def _values(group: Group) -> tuple[str, ...]:
    return group.values


def _points(group: Group) -> list[float]:
    return [value for _, value in group.points]
