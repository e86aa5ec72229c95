"""Lengths of time: ``5m``, ``1h``, ``3months``, and cutting time into them.

Periods up to a day are cut from the epoch in UTC, as are weeks, which begin on Mondays; months,
quarters and years follow the calendar. A number beyond what its unit reaches counts as the most of
it, so that ``bin(300s)`` cuts into minutes (documented for milliseconds to hours).
Source: User Guide, "Datetime functions".
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

__all__ = ["Length", "length"]

_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_MONTHS = {"mo": 1, "q": 3, "y": 12}
_MOST = {"ms": 1000, "s": 60, "m": 60, "h": 24}
_NAMES = {
    "ms": ("ms", "msec", "millisecond"), "s": ("s", "sec", "second"), "m": ("m", "min", "minute"),
    "h": ("h", "hr", "hour"), "d": ("d", "day"), "w": ("w", "week"), "mo": ("mo", "mon", "month"),
    "q": ("q", "qtr", "quarter"), "y": ("y", "yr", "year"),
}  # fmt: skip
_UNITS = {
    written: unit
    for unit, names in _NAMES.items()
    for name in names
    for written in ((name, f"{name}s") if len(name) > 1 else (name,))
}
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MONDAY = 4 * 86_400_000  # the first after the epoch, a Thursday
_SOURCE = re.compile(r"([0-9]+)([A-Za-z]+)")
_FURTHEST = 9999 * 12


class Length(NamedTuple):
    """A length of time: of so many milliseconds, or of so many months of the calendar.

    Attributes:
        first: where, in milliseconds behind the epoch, a piece begins.
    """

    milliseconds: int = 0
    months: int = 0
    first: int = 0

    def floor(self, time: int) -> int:
        """The last beginning of a piece that is not behind *time*, in milliseconds."""
        if self.months:
            return _month_start(_month_of(time) // self.months * self.months, time)
        return time - (time - self.first) % self.milliseconds

    def ceil(self, time: int) -> int:
        """The first beginning of a piece that is not before *time*, in milliseconds."""
        start = self.floor(time)
        return start if start == time else self.after(start)

    def after(self, start: int) -> int:
        """The beginning of the piece behind the one that begins at *start*."""
        if self.months:
            return _month_start(_month_of(start) + self.months, start)
        return start + self.milliseconds


def length(source: str, *, capped: bool = True) -> Length | None:
    """The length that a text says; None: it says none, or nothing."""
    found = _SOURCE.fullmatch(source)
    unit = _UNITS.get(found[2].lower()) if found else None
    if found is None or unit is None or len(found[1]) > 9 or not int(found[1]):
        return None
    number = int(found[1])
    if unit in _MONTHS:
        return Length(months=min(number * _MONTHS[unit], _FURTHEST))
    number = min(number, _MOST.get(unit, number)) if capped else number
    return Length(milliseconds=number * _MS[unit], first=_MONDAY if unit == "w" else 0)


def _month_of(time: int) -> int:
    """Months since the year 0; where the calendar ends, its last."""
    try:
        moment = _EPOCH + timedelta(milliseconds=time)
    except OverflowError:
        return 12 if time < 0 else _FURTHEST
    return moment.year * 12 + moment.month - 1


def _month_start(month: int, otherwise: int) -> int:
    try:
        start = datetime(month // 12, month % 12 + 1, 1, tzinfo=timezone.utc)
    except ValueError:
        return otherwise
    return (start - _EPOCH) // timedelta(milliseconds=1)
