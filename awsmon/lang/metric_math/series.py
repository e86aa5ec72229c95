"""The values of metric math: scalars, time series, and how operators work on them.

Lives here: `TimeSeries`; the operators; `mapped`, `scaled` and `combined`, which carry a function
of numbers over to series. A scalar that is no number (the average of nothing, one divided by zero)
is NaN and makes no points. Source: User Guide, "Basic arithmetic functions", "Comparison and
logical operators".

Decided here, where the guide is silent: points of series with different periods meet where they
begin at the same instant, and the result has the shorter period; what isn't finite is dropped as
a division by zero is.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass, replace
from math import isfinite, isnan, nan
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Numeric = Callable[[float, float], float]

__all__ = ["OPERATORS", "Array", "TimeSeries", "Value", "calculated", "combined", "mapped",
           "scaled"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """A time series over a range.

    Attributes:
        grid: the starts of its periods in seconds since the epoch, with or without a point.
        points: start of a period to value, oldest first.
        label: what it is called in an array.
        dropped: whether there were points that aren't finite, which are left out.
        source: what it was read from, as its reader sees it; None: computed from several.
    """

    grid: range
    points: Mapping[int, float]
    label: str = ""
    source: object = None
    dropped: bool = False

    def having(self, points: Mapping[int, float]) -> TimeSeries:
        """The same with other points, of which those that aren't finite are dropped."""
        kept = {at: x for at, x in points.items() if isfinite(x)}
        return replace(self, points=kept, dropped=self.dropped or len(kept) < len(points))


Array: TypeAlias = tuple[TimeSeries, ...]
Value: TypeAlias = float | str | TimeSeries | Array


def _divided(x: float, y: float) -> float:
    return x / y if y else nan


def _raised(x: float, y: float) -> float:
    try:
        return math.pow(x, y)
    except (ValueError, OverflowError):
        return nan


def _test(test: Callable[[float, float], bool]) -> Numeric:
    return lambda x, y: 1.0 if test(x, y) else 0.0


_BOTH = _test(lambda x, y: x != 0 and y != 0)
_EITHER = _test(lambda x, y: x != 0 or y != 0)

OPERATORS: dict[str, Numeric] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _divided, "^": _raised,
    "==": _test(operator.eq), "!=": _test(operator.ne), "<=": _test(operator.le),
    ">=": _test(operator.ge), "<": _test(operator.lt), ">": _test(operator.gt),
    "AND": _BOTH, "&&": _BOTH, "OR": _EITHER, "||": _EITHER,
}  # fmt: skip


def calculated(function: Numeric, x: float, y: float) -> float:
    """Of two scalars."""
    if isnan(x) or isnan(y):
        return nan
    found = function(x, y)
    return found if isfinite(found) else nan


def mapped(function: Callable[[float], float], series: TimeSeries) -> TimeSeries:
    """Of each point."""
    points = {at: y for at, x in series.points.items() if isfinite(y := function(x))}
    dropped = series.dropped or len(points) < len(series.points)
    return replace(series, points=points, dropped=dropped)


def scaled(function: Callable[[float], float], series: TimeSeries, scalar: float) -> TimeSeries:
    """Of each point and a scalar, which *function* knows already."""
    if isnan(scalar):
        return series.having(dict.fromkeys(series.points, nan))
    return mapped(function, series)


def combined(function: Numeric, left: TimeSeries, right: TimeSeries) -> TimeSeries:
    """Of two series, instant by instant; where one has no point, it counts as 0."""
    xs, ys = left.points, right.points
    points = {at: z for at, x in xs.items() if isfinite(z := function(x, ys.get(at, 0.0)))}
    if alone := ys.keys() - xs.keys():
        points |= {at: z for at in alone if isfinite(z := function(0.0, ys[at]))}
        points = dict(sorted(points.items()))
    dropped = left.dropped or right.dropped or len(points) < len(xs) + len(alone)
    grid = left.grid if left.grid.step <= right.grid.step else right.grid
    return TimeSeries(grid, points, left.label, dropped=dropped)
