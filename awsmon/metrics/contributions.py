"""What contributors contributed, minute by minute.

Lives here: `Contributions`, which keeps it, and `Period` and `periods`, which sum minutes up.

What is kept grows with the contributors of a minute, not with its log events, and so does the cost
of reading it. Nothing is approximated: AWS's counts are, where there are many contributors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["METRICS", "Contributions", "Keys", "Minutes", "Period", "Tally", "periods"]

KEPT = 15 * 86_400
"""Seconds. Source: User Guide, "Viewing Contributor Insights reports"."""

Keys: TypeAlias = "tuple[str, ...]"
"""Who: the values of the rule's keys."""


class Tally(NamedTuple):
    """Values that were seen, in short."""

    samples: float
    total: float
    lowest: float
    highest: float

    def joined(self, other: Tally) -> Tally:
        """All values of both."""
        return Tally(self.samples + other.samples, self.total + other.total,
                     min(self.lowest, other.lowest), max(self.highest, other.highest))  # fmt: skip


Minutes: TypeAlias = "Iterable[tuple[int, Mapping[Keys, Tally]]]"
"""The starts of minutes in seconds since the epoch, with the contributors of each."""


class Contributions:
    """Of one rule, for as long as AWS keeps them."""

    def __init__(self) -> None:
        self._minutes: dict[int, dict[Keys, Tally]] = {}
        self._day = 0

    def add(self, second: int, keys: Keys, value: float) -> None:
        """Count one log event of that second since the epoch."""
        contributors = self._minutes.setdefault(second - second % 60, {})
        seen = contributors.get(keys)
        one = Tally(1.0, value, value, value)
        contributors[keys] = one if seen is None else seen.joined(one)

    def forget(self, now: int) -> None:
        """Drop what is too old, once a day."""
        if now // 86_400 != self._day:
            self._day = now // 86_400
            self._minutes = {at: each for at, each in self._minutes.items() if at >= now - KEPT}

    def between(self, start: int, end: int, now: int) -> Minutes:
        """What is kept of that range, in order of time."""
        start = max(start, now - KEPT)
        return [(at, self._minutes[at]) for at in sorted(self._minutes) if start <= at < end]


class Period:
    """The contributors of one period.

    Args:
        of: the member of a tally that the rule is about, ``total`` or ``samples``.
    """

    def __init__(self, of: str) -> None:
        self._of = of
        self.contributors: dict[Keys, Tally] = {}

    def add(self, minute: Mapping[Keys, Tally]) -> None:
        """One more minute of it."""
        for keys, tally in minute.items():
            seen = self.contributors.get(keys)
            self.contributors[keys] = tally if seen is None else seen.joined(tally)

    def value(self, keys: Keys) -> float:
        """What one contributed."""
        found: float = getattr(self.contributors[keys], self._of)
        return found

    @property
    def values(self) -> list[float]:
        """What each contributed."""
        return [self.value(keys) for keys in self.contributors]

    @property
    def all(self) -> Tally:
        """Of all together; of none: all is 0."""
        tallies = iter(self.contributors.values())
        total = next(tallies, Tally(0.0, 0.0, 0.0, 0.0))
        for tally in tallies:
            total = total.joined(tally)
        return total


METRICS: dict[str, Callable[[Period], float]] = {
    "UniqueContributors": lambda period: float(len(period.contributors)),
    "MaxContributorValue": lambda period: max(period.values, default=0.0),
    "SampleCount": lambda period: period.all.samples,
    "Sum": lambda period: period.all.total,
    "Minimum": lambda period: period.all.lowest,
    "Maximum": lambda period: period.all.highest,
    "Average": lambda period: period.all.total / (period.all.samples or 1.0),
}
"""What a period has, by AWS's names; 0 without contributors. Source: API reference,
GetInsightRuleReport."""


def periods(minutes: Minutes, grid: range, of: str) -> Iterator[tuple[int, Period]]:
    """The periods of a grid with their contributors, also those without any."""
    found = {at: Period(of) for at in grid}
    for minute, contributors in minutes:
        found[grid[(minute - grid.start) // grid.step]].add(contributors)
    yield from found.items()
