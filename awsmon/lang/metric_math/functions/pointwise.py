"""From a series to another, point by point or from one to the next.

Lives here: ABS, CEIL, FLOOR, LOG, LOG10; DIFF, DIFF_TIME, RATE, RUNNING_SUM; what is read off the
time: MINUTE, HOUR, DAY, DATE, MONTH, YEAR, EPOCH, in UTC; PERIOD. Source: User Guide, "Functions
supported for metric math".
"""

from __future__ import annotations

import itertools
import math
from datetime import datetime, timezone
from math import nan
from typing import TYPE_CHECKING

from awsmon.lang.metric_math.functions.registry import Surroundings, each, function
from awsmon.lang.metric_math.series import mapped
from awsmon.lang.metric_math.types import Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.lang.metric_math.series import TimeSeries

__all__: list[str] = []

_OF_A_VALUE: dict[str, Callable[[float], float]] = {
    "ABS": abs,
    "CEIL": math.ceil,
    "FLOOR": math.floor,
    "LOG": lambda value: math.log(value) if value > 0 else nan,
    "LOG10": lambda value: math.log10(value) if value > 0 else nan,
}
_OF_TWO: dict[str, Callable[[float, float], float]] = {  # what lies between two points
    "DIFF": lambda _, difference: difference,
    "DIFF_TIME": lambda seconds, _: seconds,
    "RATE": lambda seconds, difference: difference / seconds,
}
_OF_A_TIME: dict[str, Callable[[datetime], float]] = {
    "MINUTE": lambda at: at.minute,
    "HOUR": lambda at: at.hour,
    "DAY": lambda at: at.isoweekday(),
    "DATE": lambda at: at.day,
    "MONTH": lambda at: at.month,
    "YEAR": lambda at: at.year,
    "EPOCH": lambda at: at.timestamp(),
}


def _declare_of_a_value(name: str, compute: Callable[[float], float]) -> None:
    @each(name)
    def _(series: TimeSeries) -> TimeSeries:
        return mapped(lambda value: float(compute(value)), series)


def _declare_of_two(name: str, compute: Callable[[float, float], float]) -> None:
    @each(name)
    def _(series: TimeSeries) -> TimeSeries:
        pairs = itertools.pairwise(series.points.items())
        found = {
            at: float(compute(at - before, value - earlier))
            for (before, earlier), (at, value) in pairs
        }
        return series.having(found)


def _declare_of_a_time(name: str, compute: Callable[[datetime], float]) -> None:
    @function(name, Type.SERIES, gives=Type.COMPUTED)
    def _(_: Surroundings, series: TimeSeries) -> TimeSeries:
        utc = timezone.utc
        return series.having(
            {at: float(compute(datetime.fromtimestamp(at, utc))) for at in series.grid}
        )


for _name, _compute in _OF_A_VALUE.items():
    _declare_of_a_value(_name, _compute)
for _name, _between in _OF_TWO.items():
    _declare_of_two(_name, _between)
for _name, _read in _OF_A_TIME.items():
    _declare_of_a_time(_name, _read)


@each("RUNNING_SUM")
def _running_sum(series: TimeSeries) -> TimeSeries:
    return series.having(
        dict(zip(series.points, itertools.accumulate(series.points.values()), strict=True))
    )


@function("PERIOD", Type.METRIC, gives=Type.SCALAR)
def _period(_: Surroundings, series: TimeSeries) -> float:
    return float(series.grid.step)
