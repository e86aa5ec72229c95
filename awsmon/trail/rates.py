"""How often something happens, and when that is unusual.

Lives here: `Rate`, counts by the minute; `burst` and `drop`, which judge a window against the seven
days before it; `quiet_at_least` and `quiet_at_most`, how long it may be quiet. A window is unusual
if what happens at a constant random rate would hardly ever show it (once in ten thousand), and if
hardly any window before showed it: what comes three times a week is usual, though in bunches.
Source: for what is compared, CloudTrail User Guide, "Working with CloudTrail Insights"; AWS doesn't
say how. The rate isn't known but estimated, so the count in a window is negative binomial.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from math import exp, lgamma, log, log1p

__all__ = ["BASELINE", "SCALES", "Rate", "burst", "drop", "quiet_at_least", "quiet_at_most"]

BASELINE = 7 * 24 * 60
"""Minutes that a window is compared with."""

SCALES = (5, 60, 24 * 60)
"""Minutes of a window: a slow rate shows in long ones."""

CHANCE = 1e-4
LEAST = 3
"""Fewer calls than these aren't a burst, and what comes so often is usual."""

_KEPT = 90 * 24 * 60
_NEGLIGIBLE = 1e-12


class Rate:
    """How often something happened in each minute of ninety days.

    Attributes:
        left_out: spans of minutes that no baseline has, as they were unusual.
    """

    __slots__ = ("_before", "_minutes", "_totals", "left_out")

    def __init__(self) -> None:
        self._minutes = array("q")
        self._totals = array("q")  # of all minutes up to each
        self._before = 0  # the total of what is no longer kept
        self.left_out: list[tuple[int, int]] = []

    def add(self, minute: int) -> None:
        """Once more; in the newest minute, where time went back behind it."""
        minutes, totals = self._minutes, self._totals
        if minutes and minutes[-1] >= minute:
            totals[-1] += 1
            return
        if minutes and minutes[0] < minute - 2 * _KEPT:
            self._forget(minute - _KEPT)
        minutes.append(minute)
        totals.append((totals[-1] if totals else self._before) + 1)

    def _forget(self, minute: int) -> None:
        gone = bisect_left(self._minutes, minute)
        self._before = self._totals[gone - 1]
        del self._minutes[:gone], self._totals[:gone]

    @property
    def newest(self) -> int:
        """The last minute in which it happened."""
        return self._minutes[-1]

    def _total(self, minute: int) -> int:
        place = bisect_left(self._minutes, minute)
        return self._totals[place - 1] if place else self._before

    def count(self, start: int, end: int) -> int:
        """How often from one minute until before another."""
        return self._total(end) - self._total(start)

    def minutes(self, start: int, end: int) -> list[tuple[int, int]]:
        """The minutes between in which it happened, and how often."""
        first, last = (bisect_left(self._minutes, each) for each in (start, end))
        before = self._totals[first - 1] if first else self._before
        found = []
        for place in range(first, last):
            found.append((self._minutes[place], self._totals[place] - before))
            before = self._totals[place]
        return found

    def baseline(self, end: int) -> tuple[int, int]:
        """How often in how many minutes, of the seven days before *end*."""
        return self.usual(end - BASELINE, end)

    def usual(self, start: int, end: int) -> tuple[int, int]:
        """How often in how many minutes, but for those that were unusual."""
        found, minutes = self.count(start, end), end - start
        for first, last in self.left_out:
            first, last = max(first, start), min(last, end)
            if first < last:
                found, minutes = found - self.count(first, last), minutes - (last - first)
        return found, minutes

    def windows(self, end: int, scale: int) -> list[int]:
        """How often in each window of the baseline, most first."""
        start = end - BASELINE
        counts = Counter[int]()
        for minute, count in self.minutes(start, end):
            if not any(first <= minute < last for first, last in self.left_out):
                counts[(minute - start) // scale] += count
        found = sorted(counts.values(), reverse=True)
        return found + [0] * (BASELINE // scale - len(found))


def burst(rate: Rate, start: int, scale: int, end: int) -> bool:
    """Whether a window has unusually many.

    Args:
        rate: of what.
        start: of the window, in minutes since the epoch.
        scale: its length in minutes.
        end: of the baseline: the window's start, or that of what is going on.
    """
    found, length = rate.usual(start, start + scale)  # what was told of isn't told of again
    before, minutes = rate.baseline(end)
    if found < LEAST or minutes < SCALES[-1] or found <= before * length / minutes:
        return False
    if _at_least(found, before, minutes, length) >= CHANCE:
        return False
    return found > rate.windows(end, scale)[LEAST - 1]


def drop(rate: Rate, start: int, scale: int, end: int) -> bool:
    """Whether a window has unusually few; arguments as for `burst`."""
    found, length = rate.usual(start, start + scale)
    before, minutes = rate.baseline(end)
    if minutes < SCALES[-1] or found >= before * length / minutes:
        return False
    if _at_most(found, before, minutes, length) >= CHANCE:
        return False
    return found < rate.windows(end, scale)[-LEAST]


def quiet_at_least(rate: Rate) -> int:
    """A minute that comes no later than `quiet_at_most`, and is found at once.

    The longest of so many pauses is no shorter than if all were equal.
    """
    newest = rate.newest
    return newest + 2 * max(BASELINE // (rate.count(newest - BASELINE, newest) + 1), 1)


def quiet_at_most(rate: Rate) -> int | None:
    """The minute until which it may be quiet: twice its longest pause in seven days.

    Returns:
        None: it isn't regular enough for its end to be noticed.
    """
    newest = rate.newest
    before, longest, seen = newest - BASELINE, 0, 0
    for minute, count in rate.minutes(before, newest + 1):
        if not any(first < minute and before < last for first, last in rate.left_out):
            longest = max(longest, minute - before)
        before, seen = minute, seen + count
    return newest + 2 * longest if seen > LEAST and 2 * longest < BASELINE else None


# -- the negative binomial distribution ------------------------------------------------------------


def _chance(count: int, before: int, minutes: int, scale: int) -> float:
    """Of so many in a window, after so many before (Jeffreys' prior)."""
    shape = before + 0.5
    return exp(
        lgamma(shape + count) - lgamma(shape) - lgamma(count + 1)
        - shape * log1p(scale / minutes) + count * log(scale / (minutes + scale))
    )  # fmt: skip


def _at_least(count: int, before: int, minutes: int, scale: int) -> float:
    each = total = _chance(count, before, minutes, scale)
    odds = scale / (minutes + scale)
    while each > _NEGLIGIBLE and total < CHANCE:
        each *= odds * (before + 0.5 + count) / (count + 1)
        count += 1
        total += each
    return total


def _at_most(count: int, before: int, minutes: int, scale: int) -> float:
    each = total = _chance(count, before, minutes, scale)
    odds = scale / (minutes + scale)
    while count and each > _NEGLIGIBLE and total < CHANCE:
        count -= 1
        each *= (count + 1) / (odds * (before + 0.5 + count))
        total += each
    return total
