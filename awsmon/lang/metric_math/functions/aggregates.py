"""From many values to one: AVG, SUM, MIN, MAX, STDDEV, DATAPOINT_COUNT.

Lives here: `aggregate`, and its functions: a series becomes a scalar, an array a series. Source:
User Guide, "Functions supported for metric math".

In AVG missing values count as 0, as documented: the mean is that of all periods. Decided here,
where the guide is silent: so do they in STDDEV, which is the deviation from AVG; of nothing,
DATAPOINT_COUNT is 0 and the others aren't a number.
"""

from __future__ import annotations

from math import hypot, isfinite, nan, sqrt
from typing import TYPE_CHECKING

from awsmon.lang.metric_math.functions.registry import Surroundings, function
from awsmon.lang.metric_math.series import TimeSeries
from awsmon.lang.metric_math.types import Type

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from awsmon.lang.metric_math.series import Array

    Aggregate = Callable[[Collection[float], int], float]

__all__ = ["aggregate"]


def _average(values: Collection[float], periods: int) -> float:
    return sum(values) / max(periods, len(values))


def _deviation(values: Collection[float], periods: int) -> float:
    mean = _average(values, periods)
    missing = max(periods - len(values), 0)
    distances = [*(value - mean for value in values), *[mean] * missing]
    return hypot(*distances) / sqrt(len(distances))


_AGGREGATES: dict[str, Aggregate] = {
    "AVG": _average,
    "SUM": lambda values, _: sum(values),
    "MIN": lambda values, _: min(values),
    "MAX": lambda values, _: max(values),
    "STDDEV": _deviation,
    "DATAPOINT_COUNT": lambda values, _: len(values),
}


def aggregate(name: str, series: TimeSeries) -> float:
    """Of all points of a series; NaN of none."""
    if not series.points:
        return 0.0 if name == "DATAPOINT_COUNT" else nan
    found = float(_AGGREGATES[name](series.points.values(), len(series.grid)))
    return found if isfinite(found) else nan


def _across(name: str, array: Array, grid: range) -> TimeSeries:
    """Of the points of each instant; *grid* is that of no series."""
    compute, count = _AGGREGATES[name], len(array)
    shortest = min((series.grid for series in array), key=lambda each: each.step, default=grid)
    points = {at: float(compute(column, count)) for at, column in _columns(array)}
    return TimeSeries(shortest, {}).having(points)


def _columns(array: Array) -> Iterable[tuple[int, Sequence[float]]]:
    """The values of each instant, oldest first."""
    times = list(array[0].points) if array else []
    if all(list(series.points) == times for series in array):  # which costs next to nothing
        values = zip(*(series.points.values() for series in array), strict=True)
        return zip(times, values, strict=True)
    columns: dict[int, list[float]] = {}
    for series in array:
        for at, value in series.points.items():
            if at in columns:
                columns[at].append(value)
            else:
                columns[at] = [value]
    return sorted(columns.items())


def _declare(name: str) -> None:
    @function(name, Type.SERIES, gives=Type.SCALAR)
    def _(_: Surroundings, series: TimeSeries) -> float:
        return aggregate(name, series)

    @function(name, Type.ARRAY, gives=Type.COMPUTED)
    def _(surroundings: Surroundings, array: Array) -> TimeSeries:
        return _across(name, array, surroundings.grid)


for _name in _AGGREGATES:
    _declare(_name)
