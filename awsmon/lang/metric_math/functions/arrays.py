"""Arrays of series: which there are, their order, and parts of them.

Lives here: METRICS, METRIC_COUNT, FIRST, LAST, SLICE, SORT, REMOVE_EMPTY. Source: User Guide, "The
METRICS() function", "Functions supported for metric math".

Decided here, where the guide is silent: of a place in an array, or a number of series, the whole
part counts, and less than 0 is 0; in SORT equals keep their order and what has no points comes
last; FIRST and LAST of no series are a series without points.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from awsmon.lang.metric_math.functions.aggregates import aggregate
from awsmon.lang.metric_math.functions.registry import Surroundings, function
from awsmon.lang.metric_math.series import TimeSeries
from awsmon.lang.metric_math.types import Type

if TYPE_CHECKING:
    from awsmon.lang.metric_math.series import Array

__all__: list[str] = []


@function("METRICS", Type.TEXT, optional=1, gives=Type.ARRAY)
def _metrics(surroundings: Surroundings, part: str = "") -> Array:
    return surroundings.metrics(part)


@function("METRIC_COUNT", Type.ARRAY, gives=Type.SCALAR)
def _count(_: Surroundings, array: Array) -> float:
    return float(len(array))


@function("FIRST", Type.ARRAY, gives=Type.COMPUTED)
def _first(surroundings: Surroundings, array: Array) -> TimeSeries:
    return array[0] if array else TimeSeries(surroundings.grid, {})


@function("LAST", Type.ARRAY, gives=Type.COMPUTED)
def _last(surroundings: Surroundings, array: Array) -> TimeSeries:
    return array[-1] if array else TimeSeries(surroundings.grid, {})


@function("REMOVE_EMPTY", Type.ARRAY, gives=Type.ARRAY)
def _remove_empty(_: Surroundings, array: Array) -> Array:
    return tuple(series for series in array if series.points)


@function("SLICE", Type.ARRAY, Type.SCALAR, Type.SCALAR, optional=1, gives=Type.ARRAY)
def _slice(_: Surroundings, array: Array, start: float, end: float | None = None) -> Array:
    return array[_place(start) : None if end is None else _place(end)]


@function("SORT", Type.ARRAY, Type.STATISTIC, Type.ORDER, Type.SCALAR, optional=1, gives=Type.ARRAY)
def _sort(_: Surroundings, array: Array, name: str, order: str, most: float | None = None) -> Array:
    figures = [(aggregate(name, series), series) for series in array]
    known = [pair for pair in figures if not isnan(pair[0])]
    known.sort(key=lambda pair: pair[0], reverse=order == "DESC")
    known += [pair for pair in figures if isnan(pair[0])]
    return tuple(series for _, series in known)[: None if most is None else _place(most)]


def _place(number: float) -> int:
    return 0 if isnan(number) else max(int(number), 0)
