"""PromQL's functions of one number: `POINTWISE`, and those of the calendar among them, `CALENDAR`.

Source: Prometheus documentation, "Query functions".
"""

from __future__ import annotations

import math
from calendar import monthrange
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CALENDAR", "POINTWISE"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def _logarithm(of: Callable[[float], float]) -> Callable[[float], float]:
    def found(value: float) -> float:
        if value <= 0 or not math.isfinite(value):
            return -math.inf if value == 0 else value if value == math.inf else math.nan
        return of(value)

    return found


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def _whole(of: Callable[[float], float]) -> Callable[[float], float]:
    return lambda value: float(of(value)) if math.isfinite(value) else value


def _round(value: float, nearest: float = 1.0) -> float:
    """Halves upwards."""
    inverse = 1 / nearest if nearest else math.nan
    if not math.isfinite(value * inverse):
        return value * inverse
    return math.floor(value * inverse + 0.5) / inverse


def _clamp(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))


def _real(of: Callable[[float], float]) -> Callable[[float], float]:
    """Not a number where there is no result."""

    def found(value: float) -> float:
        try:
            return of(value)
        except ValueError:
            return math.nan

    return found


def _hyperbolic(of: Callable[[float], float]) -> Callable[[float], float]:
    """Beyond all numbers where it is too large."""

    def found(value: float) -> float:
        try:
            return of(value)
        except OverflowError:
            return math.copysign(math.inf, value) if of is math.sinh else math.inf

    return found


def _atanh(value: float) -> float:
    return math.copysign(math.inf, value) if abs(value) == 1 else math.atanh(value)


def _moment(of: Callable[[datetime], float]) -> Callable[[float], float]:
    """Of seconds since the epoch, in UTC."""

    def found(value: float) -> float:
        try:
            return float(of(_EPOCH + timedelta(seconds=math.floor(value))))
        except (OverflowError, ValueError):  # no number, or beyond all years
            return math.nan

    return found


CALENDAR: dict[str, Callable[[float], float]] = {
    "day_of_month": _moment(lambda at: at.day),
    "day_of_week": _moment(lambda at: at.isoweekday() % 7),
    "day_of_year": _moment(lambda at: at.timetuple().tm_yday),
    "days_in_month": _moment(lambda at: monthrange(at.year, at.month)[1]),
    "hour": _moment(lambda at: at.hour),
    "minute": _moment(lambda at: at.minute),
    "month": _moment(lambda at: at.month),
    "year": _moment(lambda at: at.year),
}
"""Of seconds since the epoch; without an argument, of when the query is run."""

POINTWISE: dict[str, Callable[..., float]] = {
    **CALENDAR,
    "abs": abs,
    "acos": _real(math.acos),
    "acosh": _real(math.acosh),
    "asin": _real(math.asin),
    "asinh": math.asinh,
    "atan": math.atan,
    "atanh": _real(_atanh),
    "ceil": _whole(math.ceil),
    "clamp": _clamp,
    "clamp_max": min,
    "clamp_min": max,
    "cos": _real(math.cos),
    "cosh": _hyperbolic(math.cosh),
    "deg": math.degrees,
    "exp": _exp,
    "floor": _whole(math.floor),
    "ln": _logarithm(math.log),
    "log10": _logarithm(math.log10),
    "log2": _logarithm(math.log2),
    "rad": math.radians,
    "round": _round,
    "sgn": lambda value: math.copysign(1.0, value) if value else value,
    "sin": _real(math.sin),
    "sinh": _hyperbolic(math.sinh),
    "sqrt": lambda value: math.sqrt(value) if value >= 0 else math.nan,
    "tan": _real(math.tan),
    "tanh": math.tanh,
}
"""Of a number, and of further scalars."""
