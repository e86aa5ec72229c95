"""Axes: which values and instants are written, and how.

Lives here: `values`, `instants`, `Span` and what writes instants and durations. Times are seconds
since the epoch, written in UTC unless another zone is given; months are English everywhere.
"""

from __future__ import annotations

import math
from datetime import datetime, timezone, tzinfo
from typing import NamedTuple

from awsmon.metrics.charts.numbers import short

__all__ = ["Span", "clock", "day", "instants", "lasted", "short", "values", "when"]

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STEPS = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, _DAY,
    2 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY, 90 * _DAY, 180 * _DAY, 365 * _DAY,
)  # fmt: skip


class Span(NamedTuple):
    """A stretch of time."""

    start: float
    end: float

    def share(self, at: float) -> float:
        """Where an instant lies, from 0 to 1."""
        return min(max((at - self.start) / ((self.end - self.start) or 1), 0.0), 1.0)


def values(low: float, high: float, most: int = 4) -> list[float]:
    """Round values within a range, about *most*."""
    rough = (high - low) / most
    if not math.isfinite(rough) or rough <= 0:
        return [low]
    size = 10.0 ** math.floor(math.log10(rough))
    step = next((each * size for each in (1, 2, 2.5, 5, 10) if each * size >= rough), rough)
    first = math.ceil(low / step - 1e-9)
    return [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]


def instants(span: Span, most: int = 5, zone: tzinfo = timezone.utc) -> list[tuple[float, str]]:
    """Round instants within a stretch of time, with what is written at each."""
    length = span.end - span.start
    step = next((each for each in _STEPS if length / each <= most), math.ceil(length / most))
    ahead = datetime.fromtimestamp(span.start, zone).utcoffset()
    shift = ahead.total_seconds() if ahead else 0
    first = math.ceil((span.start + shift) / step) * step - shift
    count = int((span.end - first) // step) + 1
    found = [first + n * step for n in range(max(count, 0))]
    return [(at, _written(at, step, zone)) for at in found]


def _written(at: float, step: float, zone: tzinfo) -> str:
    told = datetime.fromtimestamp(at, zone)
    if step >= _DAY or (step >= _HOUR and told.hour == told.minute == 0):
        return f"{_MONTHS[told.month - 1]} {told.day}"
    return f"{told:%H:%M:%S}" if step < _MINUTE else f"{told:%H:%M}"


def clock(at: datetime) -> str:
    """``12:03:05``, to the millisecond where there are any."""
    fine = f".{at.microsecond // 1000:03}" if at.microsecond >= 1000 else ""
    return f"{at:%H:%M:%S}{fine}"


def day(at: datetime) -> str:
    """``2 Mar 2026``."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def when(start: datetime, end: datetime) -> str:
    """``2 Mar 2026, 12:00:00 to 12:15:00``."""
    if start == end:
        return f"{day(start)}, {start:%H:%M:%S}"
    if start.date() == end.date():
        return f"{day(start)}, {start:%H:%M:%S} to {end:%H:%M:%S}"
    return f"{day(start)} {start:%H:%M:%S} to {day(end)} {end:%H:%M:%S}"


def lasted(seconds: float) -> str:
    """``3 min``, ``1 h 20 min``, ``2 d 4 h``."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    for size, name, less, lesser in (
        (_DAY, "d", _HOUR, "h"), (_HOUR, "h", _MINUTE, "min"), (_MINUTE, "min", 1, "s"),
    ):  # fmt: skip
        if whole >= size:
            rest = whole % size // less
            return f"{whole // size} {name}" + (f" {rest} {lesser}" if rest else "")
    return ""
