"""From the text of a schedule to what it says.

Lives here: `parse`, for EventBridge, Scheduler and Logs, and `parse_five`, for alarm mute rules,
whose cron has five fields. The grammar, in which blanks stand only where shown:

    rate(number unit)     at(yyyy-mm-ddThh:mm[:ss])
    cron(minutes hours day-of-month month day-of-week year)

A field is ``*``, or parts with commas: ``a``, ``a-b``, ``a/step``, ``a-b/step``, ``*/step``; in
days of the month also ``?``, ``L``, ``LW``, ``15W``; in days of the week ``?``, ``L``, ``6L``,
``6#3``, with names, and 1 for Sunday. A range may wrap. Exactly one of the two is ``?``.
Source: EventBridge User Guide, "Cron expressions".
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from awsmon.lang.schedule.tree import At, Cron, Day, Rate, Schedule, Weekday
from awsmon.lang.text import LanguageError

__all__ = ["parse", "parse_five"]

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_WHOLE = re.compile(r"(cron|rate|at)\((.*)\)", re.DOTALL)
_RATE = re.compile(r"([0-9]{1,9}) (minute|hour|day)(s?)")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_PART = re.compile(r"(\*|[0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?(?:/([0-9]+))?")


class _Field(NamedTuple):
    """A field, and what may stand in it."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()


_MINUTES, _HOURS = _Field("minutes", 0, 59), _Field("hours", 0, 23)
_DAY, _MONTH = _Field("day-of-month", 1, 31), _Field("month", 1, 12, _MONTHS)
_WEEKDAY, _YEAR = _Field("day-of-week", 1, 7, _DAYS), _Field("year", 1970, 2199)
_UNIX_WEEKDAY = _Field("day-of-week", 0, 6, _DAYS)


def parse(text: str, *kinds: str, plural: bool = True) -> Schedule:
    """A schedule by its text.

    Args:
        text: the expression.
        kinds: of ``cron``, ``rate`` and ``at``, those that are allowed; none: all.
        plural: a unit goes with its number, as rules want it; False: either form does.

    Raises:
        LanguageError: it is none.
    """
    kind, inner, start = _kind(text, kinds)
    if kind == "rate":
        return _rate(text, inner, start, plural)
    if kind == "at":
        return _at(text, inner, start)
    words = list(re.finditer(r"\S+", inner))
    if len(words) != 6:
        raise LanguageError("cron has six fields", text, start)
    minutes, hours, days, months, weekdays, years = words
    if (days[0] == "?") == (weekdays[0] == "?"):
        raise LanguageError("one of day-of-month and day-of-week must be ?", text,
                            start + days.start())  # fmt: skip
    read = _Reader(text, start)
    return Cron(
        minutes=read.values(minutes, _MINUTES),
        hours=read.values(hours, _HOURS),
        days=None if days[0] in ("?", "*") else read.days(days),
        months=frozenset(read.values(months, _MONTH)),
        weekdays=None if weekdays[0] in ("?", "*") else read.weekdays(weekdays),
        years=frozenset(read.values(years, _YEAR)),
        source=text,
    )


def parse_five(text: str) -> Schedule:
    """A schedule with a cron of five fields, as Unix has it, or ``at``.

    Raises:
        LanguageError: it is none.
    """
    kind, inner, start = _kind(text, ("cron", "at"))
    if kind == "at":
        return _at(text, inner, start)
    words = list(re.finditer(r"\S+", inner))
    if len(words) != 5:
        raise LanguageError("cron has five fields", text, start)
    minutes, hours, days, months, weekdays = words
    read = _Reader(text, start)
    return Cron(
        minutes=read.values(minutes, _MINUTES),
        hours=read.values(hours, _HOURS),
        days=None if days[0] == "*" else tuple(map(Day, read.values(days, _DAY))),
        months=frozenset(read.values(months, _MONTH)),
        weekdays=(
            None
            if weekdays[0] == "*"
            else tuple(map(Weekday, read.values(weekdays, _UNIX_WEEKDAY)))
        ),
        years=frozenset(range(_YEAR.least, _YEAR.most + 1)),
        either=True,
        source=text,
    )


def _kind(text: str, kinds: tuple[str, ...]) -> tuple[str, str, int]:
    """The kind of an expression, what is between its parentheses, and where that begins."""
    found = _WHOLE.fullmatch(text)
    if found is None or (kinds and found[1] not in kinds):
        raise LanguageError(
            f"expected {' or '.join(kinds or ('cron', 'rate', 'at'))}(...)", text, 0
        )
    return found[1], found[2], found.start(2)


def _rate(text: str, inner: str, start: int, plural: bool) -> Rate:
    found = _RATE.fullmatch(inner)
    if found is None:
        raise LanguageError("expected a number and minutes, hours or days", text, start)
    count = int(found[1])
    if count < 1:
        raise LanguageError("a rate is at least one", text, start)
    if plural and (count == 1) == bool(found[3]):
        raise LanguageError("one minute, two minutes", text, start + found.start(2))
    return Rate(count, found[2])


def _at(text: str, inner: str, start: int) -> At:
    if not _AT.fullmatch(inner):
        raise LanguageError("expected yyyy-mm-ddThh:mm:ss", text, start)
    try:
        return At(datetime.fromisoformat(inner))
    except ValueError:
        raise LanguageError("there is no such time", text, start) from None


class _Reader:
    """Reads the fields of one expression."""

    def __init__(self, text: str, start: int) -> None:
        self._text, self._start = text, start

    def _fail(self, word: re.Match[str], field: _Field) -> LanguageError:
        return LanguageError(f"no {field.name}: {word[0]}", self._text, self._start + word.start())

    def values(self, word: re.Match[str], field: _Field) -> tuple[int, ...]:
        """All values of a field, in order."""
        found: set[int] = set()
        for part in word[0].split(","):
            found |= self._part(part, word, field)
        return tuple(sorted(found))

    def _part(self, part: str, word: re.Match[str], field: _Field) -> set[int]:
        read = _PART.fullmatch(part)
        if read is None or (read[1] == "*" and read[2]):
            raise self._fail(word, field)
        first = field.least if read[1] == "*" else self._value(read[1], word, field)
        step = int(read[3]) if read[3] else 1
        if step < 1:
            raise self._fail(word, field)
        if read[2]:
            last = self._value(read[2], word, field)
        else:
            last = field.most if read[1] == "*" or read[3] else first
        if last >= first:
            return set(range(first, last + 1, step))
        count = field.most - field.least + 1
        span = range(first, last + count + 1, step)
        return {(value - field.least) % count + field.least for value in span}

    def _value(self, text: str, word: re.Match[str], field: _Field) -> int:
        if text.upper() in field.names:
            return field.names.index(text.upper()) + field.least
        if not text.isdigit() or len(text) > 4 or not field.least <= int(text) <= field.most:
            raise self._fail(word, field)
        return int(text)

    def days(self, word: re.Match[str]) -> tuple[Day, ...]:
        """Rules for days of the month."""
        rules: list[Day] = []
        for part in word[0].split(","):
            upper = part.upper()
            if upper in ("L", "LW"):
                rules.append(Day(None, weekday=upper == "LW"))
            elif upper.endswith("W"):
                rules.append(Day(self._value(upper[:-1], word, _DAY), weekday=True))
            else:
                rules += map(Day, sorted(self._part(part, word, _DAY)))
        return tuple(rules)

    def weekdays(self, word: re.Match[str]) -> tuple[Weekday, ...]:
        """Rules for days of the week; 1 is Sunday here, and 0 in the rules."""
        rules: list[Weekday] = []
        for part in word[0].split(","):
            upper = part.upper()
            if upper == "L":
                rules.append(Weekday(6))
            elif upper.endswith("L"):
                rules.append(Weekday(self._value(upper[:-1], word, _WEEKDAY) - 1, -1))
            elif "#" in upper:
                rules.append(self._nth(upper, word))
            else:
                values = sorted(self._part(part, word, _WEEKDAY))
                rules += [Weekday(value - 1) for value in values]
        if sum(rule.nth > 0 for rule in rules) > 1:
            raise self._fail(word, _WEEKDAY)
        return tuple(rules)

    def _nth(self, part: str, word: re.Match[str]) -> Weekday:
        day, _, nth = part.partition("#")
        if nth not in ("1", "2", "3", "4", "5"):
            raise self._fail(word, _WEEKDAY)
        return Weekday(self._value(day, word, _WEEKDAY) - 1, int(nth))
