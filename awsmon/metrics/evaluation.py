"""From checked queries to series.

Lives here: `Evaluation`, which reads and calculates, each query once. Source: User
Guide, "Using metric math with the GetMetricData API operation".

The period of an expression counts for what has none of its own: TIME_SERIES, SEARCH without one,
and Metrics Insights. Metrics keep theirs. Without any, it is the shortest of the metrics', or a
minute.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from awsmon.lang.metric_math.series import TimeSeries
from awsmon.lang.metric_math.types import Type
from awsmon.metrics import labels, sql
from awsmon.metrics.connectors import NotAnswered
from awsmon.metrics.linked import account_label
from awsmon.metrics.outside import ANSWERS
from awsmon.metrics.plans import plan
from awsmon.metrics.reading import Found, Range, Source, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsmon.lang.metric_math.series import Array, Value
    from awsmon.metrics.plans import Plan
    from awsmon.metrics.service import Metrics

__all__ = ["Evaluation"]

_DROPPED = {
    "Code": "ArithmeticError",
    "Value": "One or more data-points have been dropped due to non-numeric values (NaN, -Infinite, "
    "+Infinite)",
}


class Evaluation:
    """What a set of queries yields over a range.

    Attributes:
        messages: about all of them, as AWS dicts.
    """

    def __init__(
        self, metrics: Metrics, planned: Plan, within: Range, zone: timezone = timezone.utc
    ) -> None:
        self.metrics, self.plan, self.within = metrics, planned, within
        self.messages: list[dict[str, str]] = []
        self._zone = zone
        self._sources = {
            name: Source.of(metrics, query)
            for name, query in planned.queries.items()
            if "MetricStat" in query
        }
        defaults = labels.defaults(list(self._sources.values()))
        self._labels = dict(zip(self._sources, defaults, strict=True))
        self._found: dict[str, Found] = {}
        for name in planned.compiled:  # in the order in which they need one another
            self._found[name] = self._calculated(name)

    def again(self, queries: Sequence[Mapping[str, Any]], within: Range) -> Evaluation:
        """Other queries over another range, on the same metrics."""
        return Evaluation(self.metrics, plan(queries), within, self._zone)

    def found(self, name: str) -> Found:
        """What the query of that Id yields."""
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def lines(self, name: str) -> Iterator[tuple[str, TimeSeries]]:
        """The series of a query, each with what it is called.

        Of an array, a label with dynamic parts is each one's; another stands before their own.
        """
        series, label = self.found(name).series, self.plan.queries[name].get("Label")
        if isinstance(series, TimeSeries):
            default = self._labels.get(name, name)
            yield self._expanded(default if label is None else label, series, default), series
            return
        for each in series:
            if label is not None and "${" in label:
                yield self._expanded(label, each, each.label), each
            else:
                yield " ".join(filter(None, (label, each.label))) or name, each

    def _expanded(self, label: str, series: TimeSeries, default: str) -> str:
        now = int(self.metrics.clock.now().timestamp())
        named = partial(account_label, self.metrics)
        return labels.expanded(label, series, default, now, self._zone, named)

    def period(self, name: str) -> int:
        """An expression's."""
        shortest = min((source.period for source in self._sources.values()), default=60)
        period: int = self.plan.queries[name].get("Period", shortest)
        return period

    def metrics_with(self, part: str) -> list[str]:
        """The Ids of the metrics in which a text is."""
        return [name for name in self._sources if part in name]

    def _read(self, name: str) -> Found:
        query = self.plan.queries[name]
        if name not in self._sources:
            return self._selected(query)
        unit = query["MetricStat"].get("Unit")
        return read(self.metrics, self._sources[name], self.within, self._labels[name], unit)

    def _selected(self, query: Mapping[str, Any]) -> Found:
        """Of Metrics Insights."""
        start, end = self.within
        lines, exceeded = sql.run(self.metrics, query["Expression"], start, end, query["Period"],
                        account=query.get("AccountId"))  # fmt: skip
        self.messages += [{"Code": code, "Value": sql.EXCEEDED[code]} for code in exceeded]
        grid = self.within.grid(max(query["Period"], sql.FINEST))
        series = tuple(
            TimeSeries(grid, dict(line.points), line.label, source=line) for line in lines
        )
        return Found(series if self.plan.types[query["Id"]] is Type.ARRAY else series[0])

    def _calculated(self, name: str) -> Found:
        surroundings = _Surroundings(self, name)
        try:
            value: Any = self.plan.compiled[name].run(surroundings)
        except NotAnswered as nothing:
            return nothing.found
        refused = next((each for each in surroundings.asked if each.status != "Complete"), None)
        if refused is not None:
            return Found(value, refused.status, refused.messages)
        dropped = any(each.dropped for each in (value if isinstance(value, tuple) else [value]))
        return Found(value, messages=[_DROPPED] if dropped else [])


class _Surroundings:
    """What an expression may ask, and what it asked for."""

    def __init__(self, evaluation: Evaluation, name: str) -> None:
        self._evaluation, self._name = evaluation, name
        self.asked: list[Found] = []

    @property
    def grid(self) -> range:
        return self._evaluation.within.grid(self._evaluation.period(self._name))

    def value(self, name: str) -> Value:
        found = self._evaluation.found(name)
        self.asked.append(found)
        series = tuple(replace(each, label=label) for label, each in self._evaluation.lines(name))
        return series if isinstance(found.series, tuple) else series[0]

    def metrics(self, part: str) -> Array:
        found: list[Any] = [self.value(name) for name in self._evaluation.metrics_with(part)]
        return tuple(found)

    def outside(self, name: str, arguments: Sequence[Value]) -> Value:
        return ANSWERS[name](self._evaluation, self._name, *arguments)
