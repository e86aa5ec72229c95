"""What ``stats`` computes over the rows of a group: one object for each group and aggregate.

Values that are missing, or no numbers where numbers are wanted, are left out; an aggregate of none
at all is nothing, but counts are 0. Timestamps count as milliseconds. AWS approximates percentiles
and distinct counts of many values; here they are exact, a percentile being one of the values: the
smallest that is not exceeded by the given share of them. Sources: User Guide, "stats"; that
`earliest` answers milliseconds is seen in a live account (2026).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from awsmon.lang.insights_ql.values import Timestamp, number_of, sort_key, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.lang.insights_ql.rows import Read, Row

    Make = Callable[[], "Aggregate"]

__all__ = ["Aggregate", "Count", "Rate", "maker"]


class Aggregate(Protocol):
    """One aggregate of one group."""

    def add(self, row: Row) -> None:
        """Takes a row in."""

    def value(self) -> object:
        """What it comes to."""


class Count:
    """``count(*)``."""

    __slots__ = ("number",)

    def __init__(self) -> None:
        self.number = 0

    def add(self, row: Row) -> None:
        del row
        self.number += 1

    def value(self) -> object:
        return self.number


class _CountPresent(Count):
    __slots__ = ("_read",)

    def __init__(self, read: Read) -> None:
        super().__init__()
        self._read = read

    def add(self, row: Row) -> None:
        if self._read(row) is not None:
            self.number += 1


class _Distinct:
    __slots__ = ("_read", "_seen")

    def __init__(self, read: Read) -> None:
        self._read, self._seen = read, set[str]()

    def add(self, row: Row) -> None:
        value = self._read(row)
        text = value if value.__class__ is str else text_of(value)
        if text is not None:
            self._seen.add(text)

    def value(self) -> object:
        return len(self._seen)


class _Numbers:
    """All numbers, for what needs them all; the others keep less."""

    __slots__ = ("_finish", "_numbers", "_read")

    def __init__(self, read: Read, finish: Callable[[list[float]], object]) -> None:
        self._read, self._finish = read, finish
        self._numbers: list[float] = []

    def add(self, row: Row) -> None:
        number = number_of(self._read(row))
        if number is not None:
            self._numbers.append(number)

    def value(self) -> object:
        return self._finish(self._numbers) if self._numbers else None


class _Sum:
    __slots__ = ("_read", "count", "total")

    def __init__(self, read: Read) -> None:
        self._read = read
        self.total: float = 0
        self.count = 0

    def add(self, row: Row) -> None:
        number = number_of(self._read(row))
        if number is not None:
            self.count += 1
            try:
                self.total += number
            except OverflowError:
                self.total = math.inf

    def value(self) -> object:
        return self.total if self.count else None


class _Average(_Sum):
    __slots__ = ()

    def value(self) -> object:
        try:
            return self.total / self.count if self.count else None
        except OverflowError:
            return math.inf


class _Extreme:
    """Of numbers: the one that goes before all others."""

    __slots__ = ("_before", "_found", "_read")

    def __init__(self, read: Read, before: Callable[[float, float], bool]) -> None:
        self._read, self._before = read, before
        self._found: float | None = None

    def add(self, row: Row) -> None:
        number = number_of(self._read(row))
        if number is not None and (self._found is None or self._before(number, self._found)):
            self._found = number

    def value(self) -> object:
        return self._found


class _Chosen:
    """The value whose key goes before all others, by the order of times or that of `sort`."""

    __slots__ = ("_before", "_key", "_key_of", "_read", "_value")

    def __init__(
        self, read: Read, key_of: Callable[[Row], object], before: Callable[[object, object], bool]
    ) -> None:
        self._read, self._key_of, self._before = read, key_of, before
        self._key: object = None
        self._value: object = None

    def add(self, row: Row) -> None:
        value = self._read(row)
        if value is None:
            return
        key = self._key_of(row)
        if key is not None and (self._key is None or self._before(key, self._key)):
            self._key, self._value = key, value

    def value(self) -> object:
        return int(self._value) if isinstance(self._value, Timestamp) else self._value


class Rate:
    """By how much a number grows in an interval, from its earliest value to its latest."""

    __slots__ = ("_every", "_first", "_last", "_read", "_time")

    def __init__(self, read: Read, time: Read, every: int) -> None:
        self._read, self._time, self._every = read, time, every
        self._first: tuple[float, float] | None = None
        self._last: tuple[float, float] | None = None

    def add(self, row: Row) -> None:
        number, at = number_of(self._read(row)), number_of(self._time(row))
        if number is None or at is None:
            return
        if self._first is None or at < self._first[0]:
            self._first = at, number
        if self._last is None or at >= self._last[0]:
            self._last = at, number

    def value(self) -> object:
        if self._first is None or self._last is None or self._first[0] == self._last[0]:
            return None
        try:
            change, span = self._last[1] - self._first[1], self._last[0] - self._first[0]
            return change * self._every / span
        except OverflowError:
            return None


def _less(one: object, other: object) -> bool:
    return one < other  # type: ignore[operator, no-any-return]


def _more(one: object, other: object) -> bool:
    return one > other  # type: ignore[operator, no-any-return]


def _deviation(numbers: list[float]) -> object:
    """Of all of a population."""
    try:
        mean = math.fsum(numbers) / len(numbers)
        return math.sqrt(math.fsum((number - mean) ** 2 for number in numbers) / len(numbers))
    except (OverflowError, ValueError):
        return None


def _percentile(share: float) -> Callable[[list[float]], object]:
    def found(numbers: list[float]) -> object:
        rank = math.ceil(len(numbers) * share / 100)
        return sorted(numbers)[max(rank, 1) - 1]

    return found


def maker(name: str, read: Read, time: Read | None, share: float = 0) -> Make:
    """Makes the aggregate of that name for a group.

    Args:
        name: AWS's, in small letters.
        read: what is aggregated.
        time: of a row, for `earliest` and `latest`.
        share: the percentile.
    """
    if time is not None:
        before = _less if name == "earliest" else _more
        return lambda: _Chosen(read, time, before)
    match name:
        case "count" | "countovertime" | "count_over_time":
            return lambda: _CountPresent(read)
        case "count_distinct":
            return lambda: _Distinct(read)
        case "avg":
            return lambda: _Average(read)
        case "min":
            return lambda: _Extreme(read, _less)
        case "max":
            return lambda: _Extreme(read, _more)
        case "stddev":
            return lambda: _Numbers(read, _deviation)
        case "pct":
            return lambda: _Numbers(read, _percentile(share))
        case "sortsfirst":
            return lambda: _Chosen(read, lambda row: _sorted(read(row)), _less)
        case "sortslast":
            return lambda: _Chosen(read, lambda row: _sorted(read(row)), _more)
    return lambda: _Sum(read)


def _sorted(value: object) -> object:
    return None if text_of(value) is None else sort_key(value)
