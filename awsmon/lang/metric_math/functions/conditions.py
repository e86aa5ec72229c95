"""Series where there is a gap, a condition, or nothing at all: FILL, IF, TIME_SERIES.

Source: User Guide, "Functions supported for metric math", "Using IF expressions".

Decided here, where the guide is silent: REPEAT leaves the gap before the first point, LINEAR those
at both ends; IF with a scalar as condition may have scalars in one of its branches, and is empty
where the condition isn't a number.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from awsmon.lang.metric_math.functions.registry import Surroundings, each, function
from awsmon.lang.metric_math.series import TimeSeries
from awsmon.lang.metric_math.types import Type

if TYPE_CHECKING:
    from collections.abc import Callable

    Branch = TimeSeries | float

__all__: list[str] = []

_EITHER = Type.SERIES | Type.SCALAR


@each("FILL", _EITHER | Type.FILLING)
def _fill(series: TimeSeries, filling: Branch | str) -> TimeSeries:
    if filling == "REPEAT":
        return series.having(_repeated(series))
    if filling == "LINEAR":
        return series.having(_interpolated(series))
    assert not isinstance(filling, str)
    filler = _getter(filling)
    found = {at: series.points.get(at, filler(at)) for at in _instants(series)}
    return series.having({at: value for at, value in found.items() if value is not None})


def _repeated(series: TimeSeries) -> dict[int, float]:
    found: dict[int, float] = {}
    last = None
    for at in _instants(series):
        last = series.points.get(at, last)
        if last is not None:
            found[at] = last
    return found


def _interpolated(series: TimeSeries) -> dict[int, float]:
    found: dict[int, float] = {}
    known = list(series.points.items())
    place = 0
    for at in _instants(series):
        while place < len(known) and known[place][0] < at:
            place += 1
        if at in series.points:
            found[at] = series.points[at]
        elif 0 < place < len(known):
            (before, low), (after, high) = known[place - 1], known[place]
            share = (at - before) / (after - before)
            found[at] = low * (1 - share) + high * share
    return found


def _instants(series: TimeSeries) -> list[int]:
    """Of its periods, and of points that fall between them."""
    return sorted({*series.grid, *series.points})


@function("IF", Type.SERIES, _EITHER, _EITHER, optional=1, gives=Type.COMPUTED)
def _if_series(
    _: Surroundings, condition: TimeSeries, then: Branch, otherwise: Branch | None = None
) -> TimeSeries:
    """Without a value where the condition holds: 0; where it doesn't: no point."""
    yes, no = _getter(then), _getter(otherwise)
    default = 0.0 if isinstance(then, TimeSeries) else None
    found: dict[int, float] = {}
    for at, test in condition.points.items():
        value = no(at) if test == 0 else yes(at)
        if value is None and test != 0:
            value = default
        if value is not None:
            found[at] = value
    return TimeSeries(condition.grid, found, condition.label)


@function("IF", Type.SCALAR, Type.SERIES, _EITHER, optional=1, gives=Type.COMPUTED)
@function("IF", Type.SCALAR, Type.SCALAR, Type.SERIES, gives=Type.COMPUTED)
def _if_scalar(
    surroundings: Surroundings, condition: float, then: Branch, otherwise: Branch | None = None
) -> TimeSeries:
    chosen = otherwise if condition == 0 else then
    if chosen is None or isnan(condition):
        return TimeSeries(surroundings.grid, {})
    if isinstance(chosen, TimeSeries):
        return chosen
    other = then if isinstance(then, TimeSeries) else otherwise
    assert isinstance(other, TimeSeries)
    return _constant(chosen, other.grid)


@function("TIME_SERIES", Type.SCALAR, gives=Type.COMPUTED)
def _time_series(surroundings: Surroundings, scalar: float) -> TimeSeries:
    return _constant(scalar, surroundings.grid)


def _constant(scalar: float, grid: range) -> TimeSeries:
    return TimeSeries(grid, {}).having(dict.fromkeys(grid, scalar))


def _getter(branch: Branch | None) -> Callable[[int], float | None]:
    """What there is at an instant; None: nothing."""
    if isinstance(branch, TimeSeries):
        return branch.points.get
    value = None if branch is None or isnan(branch) else branch
    return lambda _: value
