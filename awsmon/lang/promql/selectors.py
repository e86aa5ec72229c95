"""What PromQL reads: the latest samples, ranges of them, and queries run again and again.

Lives here: `latest`, `ranged` and `repeated`; `reach`, how far from its instant a query looks; and
`Moment`, on what it is run. Source: Prometheus documentation, "Querying basics"; a subquery runs at
whole multiples of its step.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.lang.insights_ql.regex import Compiled, compiled
from awsmon.lang.promql.functions import Window
from awsmon.lang.promql.tree import Selector, Subquery, children
from awsmon.lang.promql.vectors import Sample, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from awsmon.lang.promql.functions import Value
    from awsmon.lang.promql.tree import Matcher, Node
    from awsmon.lang.promql.vectors import Labels

    Ranges = Callable[["Moment"], list[tuple[Mapping[str, str], Window]]]

__all__ = ["LOOKBACK", "STEP", "Moment", "anchored", "latest", "ranged", "reach", "repeated"]

LOOKBACK = 300_000  # milliseconds
STEP = 60_000
"""Of a subquery that names none: Prometheus' own default."""


class Moment(NamedTuple):
    """When a query is run, and on what.

    Attributes:
        at: milliseconds since the epoch.
        series: of a metric, those with times behind one instant and up to another.
        whole: when the query is run that this is a part of; None: this is no part.
    """

    at: int
    series: Callable[[str, int, int], Iterable[tuple[Labels, Sequence[int], Sequence[Value]]]]
    whole: int | None = None

    def until(self, node: Selector | Subquery) -> int:
        """The instant up to which a selector, or a subquery, looks."""
        if node.at is None:
            return self.at - node.offset
        at = node.at if isinstance(node.at, int) else self.at if self.whole is None else self.whole
        return at - node.offset


def anchored(expression: str) -> Compiled:
    """A regular expression that must hold of all of a text."""
    found = compiled(rf"\A(?s:{expression})\z")
    assert isinstance(found, Compiled)
    return found


def _test(matchers: Sequence[Matcher]) -> Callable[[Labels], bool]:
    tests: list[tuple[str, Callable[[str], Any], bool]] = []
    for each in matchers:
        if each.operator in ("=", "!="):
            tests.append((each.label, each.value.__eq__, each.operator == "!="))
        else:
            tests.append((each.label, anchored(each.value).matches, each.operator == "!~"))
    return lambda labels: all(
        bool(test(labels.get(name, ""))) is not negated for name, test, negated in tests
    )


def latest(selector: Selector) -> Callable[[Moment], list[Sample]]:
    """Of each series the latest sample, of the last five minutes."""
    test = _test(selector.matchers)

    def run(moment: Moment) -> list[Sample]:
        until = moment.until(selector)
        found = []
        for labels, times, values in moment.series(selector.name, until - LOOKBACK, until):
            place = bisect_right(times, until) - 1
            if place >= 0 and times[place] > until - LOOKBACK and test(labels):
                found.append(Sample(labels, values[place], times[place]))
        return found

    return run


def ranged(selector: Selector) -> Ranges:
    """Of each series the samples of a window, which is open on the left."""
    test, length = _test(selector.matchers), selector.window or 0

    def run(moment: Moment) -> list[tuple[Mapping[str, str], Window]]:
        until = moment.until(selector)
        found: list[tuple[Mapping[str, str], Window]] = []
        for labels, times, values in moment.series(selector.name, until - length, until):
            first, last = bisect_right(times, until - length), bisect_right(times, until)
            if first < last and test(labels):
                window = Window(until - length, until, times[first:last], values[first:last])
                found.append((labels, window))
        return found

    return run


def repeated(subquery: Subquery, of: Callable[[Moment], list[Sample]]) -> Ranges:
    """Of each series what a query yields of it, step by step, in a window open on the left."""
    step = subquery.step or STEP

    def run(moment: Moment) -> list[tuple[Mapping[str, str], Window]]:
        until = moment.until(subquery)
        since = until - subquery.window
        whole = moment.at if moment.whole is None else moment.whole
        found: dict[Any, tuple[Mapping[str, str], list[int], list[Any]]] = {}
        for at in range(since // step * step + step, until + 1, step):
            for each in of(Moment(at, moment.series, whole)):
                _, times, values = found.setdefault(key_of(each.labels), (each.labels, [], []))
                times.append(at)
                values.append(each.value)
        return [
            (labels, Window(since, until, times, values))
            for labels, times, values in found.values()
        ]

    return run


def reach(node: Node) -> tuple[int, int]:
    """How far before its instant, and behind it, a query may look, in milliseconds."""
    inner = [reach(each) for each in children(node)]
    back = max((each for each, _ in inner), default=0)
    ahead = max((each for _, each in inner), default=0)
    if isinstance(node, Subquery):
        return back + node.window + node.offset, ahead - node.offset
    if isinstance(node, Selector):
        return (node.window or LOOKBACK) + node.offset, max(0, -node.offset)
    return back, ahead
