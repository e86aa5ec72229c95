"""Schedules: what an expression says, and when it is due next.

Lives here: `At`, `Rate`, `Cron` and the rules of days. All instants are aware, in UTC; a schedule
has whole minutes, `At` whole seconds. Where clocks are put forward, what would fall into the gap is
skipped; where they are put back, what falls into the hour that comes twice happens once.
Sources: EventBridge User Guide, "Setting a schedule pattern"; EventBridge Scheduler User Guide,
"Schedule types", "Time zones", "Daylight saving time".
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["At", "Cron", "Day", "Rate", "Schedule", "Weekday"]

UTC = timezone.utc
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class At:
    """Once.

    Attributes:
        local: in whatever zone the schedule is given.
    """

    local: datetime

    def __str__(self) -> str:
        return f"at({self.local:%Y-%m-%dT%H:%M:%S})"

    def next(
        self, after: datetime, *, zone: tzinfo = UTC, anchor: datetime | None = None
    ) -> datetime | None:
        """The instant itself, if it is still to come and no zone puts it beyond the calendar."""
        del anchor
        try:
            due = self.local.replace(tzinfo=zone).astimezone(UTC)
        except OverflowError:
            return None
        return due if due > after else None


@dataclass(frozen=True, slots=True)
class Rate:
    """Again and again: ``rate(5 minutes)``.

    Attributes:
        unit: ``minute``, ``hour`` or ``day``.
    """

    count: int
    unit: str

    def __str__(self) -> str:
        return f"rate({self.count} {self.unit}{'' if self.count == 1 else 's'})"

    @property
    def interval(self) -> timedelta:
        """From one time to the next; a day has 24 hours."""
        return timedelta(seconds=self.count * SECONDS[self.unit])

    def next(
        self, after: datetime, *, zone: tzinfo = UTC, anchor: datetime | None = None
    ) -> datetime | None:
        """The first whole number of intervals from *anchor* on that lies behind *after*.

        Args:
            after: an instant.
            zone: plays no part.
            anchor: the first time; None: an interval after *after*.
        """
        del zone
        if anchor is not None and after < anchor:
            return anchor
        try:
            if anchor is None:
                return after + self.interval
            return anchor + ((after - anchor) // self.interval + 1) * self.interval
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Day:
    """A rule for days of a month: a number, ``L``, and either with ``W``.

    Attributes:
        number: None: the last.
        weekday: the working day nearest to it, in the same month.
    """

    number: int | None
    weekday: bool = False

    def of(self, year: int, month: int) -> int | None:
        """The day that it means; None: the month has none."""
        last = calendar.monthrange(year, month)[1]
        day = last if self.number is None else self.number
        if day > last:
            return None
        if not self.weekday:
            return day
        which = date(year, month, day).weekday()
        if which == 5:
            return day - 1 if day > 1 else day + 2
        if which == 6:
            return day + 1 if day < last else day - 2
        return day


@dataclass(frozen=True, slots=True)
class Weekday:
    """A rule for days of a week, of which 0 is Sunday.

    Attributes:
        nth: only the so many-th of the month; 0: every; -1: the last.
    """

    number: int
    nth: int = 0

    def on(self, day: date) -> bool:
        """Whether a day is one."""
        if (day.weekday() + 1) % 7 != self.number:
            return False
        if self.nth == -1:
            return day.day + 7 > calendar.monthrange(day.year, day.month)[1]
        return self.nth == 0 or (day.day - 1) // 7 + 1 == self.nth


@dataclass(frozen=True, slots=True)
class Cron:
    """Days and times, by field; None: any day of the month, or of the week.

    Attributes:
        either: of two restricted fields of days one is enough, as cron of Unix has it.
        source: the expression.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[Day, ...] | None
    months: frozenset[int]
    weekdays: tuple[Weekday, ...] | None
    years: frozenset[int]
    either: bool = False
    source: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.source

    def next(
        self, after: datetime, *, zone: tzinfo = UTC, anchor: datetime | None = None
    ) -> datetime | None:
        """The next time in that zone; None: there is none before the year 2200."""
        del anchor
        start = after.astimezone(zone)
        for day in self._dates(start.date()):
            for local in self._times(day):
                due = local.replace(tzinfo=zone).astimezone(UTC)
                skipped = due.astimezone(zone).replace(tzinfo=None) != local
                if due > after and not skipped:
                    return due
        return None

    def _times(self, day: date) -> Iterator[datetime]:
        for hour in self.hours:
            for minute in self.minutes:
                yield datetime.combine(day, time(hour, minute))

    def _dates(self, first: date) -> Iterator[date]:
        """The days on which it is due, from *first* on; whole years and months are passed over."""
        for year in sorted(year for year in self.years if year >= first.year):
            for month in sorted(self.months):
                if (year, month) >= (first.year, first.month):
                    for day in self._days_of(year, month):
                        if day >= first:
                            yield day

    def _days_of(self, year: int, month: int) -> Iterator[date]:
        chosen = None if self.days is None else {rule.of(year, month) for rule in self.days}
        for number in range(1, calendar.monthrange(year, month)[1] + 1):
            day = date(year, month, number)
            of_month = chosen is None or number in chosen
            of_week = self.weekdays is None or any(rule.on(day) for rule in self.weekdays)
            both_given = chosen is not None and self.weekdays is not None
            if (of_month or of_week) if self.either and both_given else (of_month and of_week):
                yield day


Schedule: TypeAlias = At | Rate | Cron
