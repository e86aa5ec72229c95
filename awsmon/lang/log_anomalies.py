"""What is unusual in a window of log events, judged by what came before.

Lives here: `Model` and `Finding`. AWS's model is its own secret; this one is small, deterministic
and written down. Of each pattern it learns how many events a window has, and what stands at each
place where the pattern varies. In a window it finds

- a pattern that was never seen;
- more events of a pattern than four standard deviations above their mean (a deviation counts at
  least as much as that of events that come independently, and at least one);
- an unknown value at a place that had at most ten values in at least thirty events;
- a number further from the mean of its place than six standard deviations (at least a hundredth of
  the mean), after at least thirty events;
- HTTP errors (a place named after a status, 400 and above) in more than three times the share that
  was learnt, at least three in a window.

A finding's priority is the graver of what its words say (``ERROR``: high, ``WARN``: medium) and
of how much more there is (six times as much: high, three times: medium).

Source: CloudWatch Logs User Guide, "Log anomaly detection", whose kinds of anomalies, severity and
priority these are.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from awsmon.lang.log_patterns import Patterns, severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from awsmon.lang.log_patterns import Token

__all__ = ["Finding", "Model"]

LONGEST = 1500
"""Characters of an event that are looked at. Source: User Guide, "Log anomaly detection"."""
RANKS = ("LOW", "MEDIUM", "HIGH")
_GRAVE = {"Fatal": 2, "Error": 2, "Warning": 1}
_ENOUGH = 30  # values of a place that say something about it
_FEW = 10  # different values of a place that make it a choice
_MOST = 100  # different values of a place that are remembered
_ERRORS = 3  # HTTP errors in a window that are worth a word


class Finding(NamedTuple):
    """Something unusual in a window.

    Attributes:
        pattern: its number.
        kind: with the pattern, and the place, what makes it the same anomaly in the next window.
        place: where the pattern varies, from 1; 0: the pattern as a whole.
        description: in words.
        priority: ``HIGH``, ``MEDIUM`` or ``LOW``.
        events: times in milliseconds, and messages.
    """

    pattern: int
    kind: str
    place: int
    description: str
    priority: str
    events: Sequence[tuple[int, str]]


@dataclass(slots=True)
class _Figures:
    """Mean and deviation of numbers that are not kept."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1
        off = value - self.mean
        self.mean += off / self.count
        self.squares += off * (value - self.mean)

    @property
    def deviation(self) -> float:
        return math.sqrt(self.squares / self.count) if self.count else 0.0


@dataclass(slots=True)
class _Place:
    """What stood at one place of a pattern."""

    values: Counter[str] = field(default_factory=Counter)
    numbers: _Figures = field(default_factory=_Figures)
    seen: int = 0
    errors: int = 0

    def add(self, text: str) -> None:
        self.seen += 1
        if text in self.values or len(self.values) < _MOST:
            self.values[text] += 1
        number = _number(text)
        if number is not None:
            self.numbers.add(number)
        self.errors += _is_error(text)

    def is_choice(self) -> bool:
        return self.seen >= _ENOUGH and len(self.values) <= _FEW

    def is_measure(self) -> bool:
        return self.numbers.count == self.seen >= _ENOUGH and not self.is_choice()

    def far(self, number: float) -> bool:
        spread = max(self.numbers.deviation, abs(self.numbers.mean) / 100, 1e-9)
        return abs(number - self.numbers.mean) > 6 * spread


@dataclass(slots=True)
class _Learnt:
    """What is known of a pattern."""

    counts: _Figures = field(default_factory=_Figures)
    places: defaultdict[int, _Place] = field(default_factory=lambda: defaultdict(_Place))


class Model:
    """What was learnt of a log group.

    Attributes:
        patterns: all that were seen, also those that weren't learnt.
        windows: how many were learnt.
    """

    def __init__(self) -> None:
        self.patterns = Patterns()
        self.windows = 0
        self._learnt: dict[int, _Learnt] = {}

    def learn(self, events: Iterable[tuple[int, str]], windows: int, window: int) -> None:
        """Take events for what is usual.

        Args:
            events: times in milliseconds, and messages.
            windows: how many they cover, with those that have no event.
            window: milliseconds.
        """
        self.windows += windows
        counts: Counter[tuple[int, int]] = Counter()
        for time, message in events:
            counts[self._take(message[:LONGEST]), time // window] += 1
        for (pattern, _), count in counts.items():
            self._learnt[pattern].counts.add(count)

    def accept(self, pattern: int, events: Iterable[tuple[int, str]]) -> None:
        """From now on a window of such events is usual."""
        messages = [message for _, message in events]
        for message in messages:
            self._take(message[:LONGEST], pattern)
        self._learnt[pattern].counts.add(len(messages))

    def judge(self, events: Iterable[tuple[int, str]]) -> Iterator[Finding]:
        """What is unusual in a window; patterns without anything unusual are learnt from it."""
        grouped: dict[int, list[tuple[int, str]]] = {}
        for time, message in events:
            shown = message[:LONGEST]
            grouped.setdefault(self.patterns.add(shown), []).append((time, message))
        self.windows += 1
        for pattern, found in grouped.items():
            findings = list(self._unusual(pattern, found))
            yield from findings
            if not findings:
                self.accept(pattern, found)

    def severity(self, pattern: int) -> str | None:
        """``Error``, ``Warning`` and so on; None: the fixed text of a pattern has no such word."""
        return severity(" ".join(token.text for token in self.patterns.tokens(pattern)))

    def _take(self, message: str, pattern: int | None = None) -> int:
        if pattern is None:
            pattern = self.patterns.add(message)
        learnt = self._learnt.setdefault(pattern, _Learnt())
        for place, value in enumerate(self.patterns.values(pattern, message), 1):
            learnt.places[place].add(value)
        return pattern

    def _unusual(self, pattern: int, events: Sequence[tuple[int, str]]) -> Iterator[Finding]:
        learnt = self._learnt.get(pattern)
        if learnt is None:
            yield self._finding(pattern, "new pattern", 0, "New pattern", 1, events)
            return
        # windows without the pattern count as windows of none
        share = learnt.counts.count / max(self.windows - 1, 1)
        mean = learnt.counts.mean * share
        square = learnt.counts.deviation**2 + learnt.counts.mean**2
        deviation = math.sqrt(max(square * share - mean**2, 0.0))
        if len(events) > mean + 4 * max(deviation, math.sqrt(mean), 1.0):
            times = len(events) / max(mean, 1.0)
            text = f"{round((times - 1) * 100)}% increase in count"
            yield self._finding(pattern, "frequency", 0, text, times, events)
        yield from self._unusual_values(pattern, learnt, events)

    def _unusual_values(
        self, pattern: int, learnt: _Learnt, events: Sequence[tuple[int, str]]
    ) -> Iterator[Finding]:
        names = {token.place: token for token in self.patterns.tokens(pattern)}
        odd: dict[tuple[str, int], list[tuple[int, str]]] = {}
        first: dict[tuple[str, int], str] = {}
        for time, message in events:
            values = self.patterns.values(pattern, message[:LONGEST])
            for place, value in enumerate(values, 1):
                kind = _odd(learnt.places[place], names[place], value)
                if kind is not None:
                    odd.setdefault((kind, place), []).append((time, message))
                    first.setdefault((kind, place), value)
        for (kind, place), found in odd.items():
            name = f"{names[place].name} {place}"
            known = learnt.places[place]
            if kind == "HTTP errors":
                share = max(known.errors, 1) / max(known.seen, 1)
                times = len(found) / len(events) / share
                if len(found) < _ERRORS or times <= _ERRORS:
                    continue
            else:
                number, mean = _number(first[kind, place]), known.numbers.mean
                times = number / mean if number is not None and mean > 0 else 1.0
            text = f"Unexpected value {first[kind, place]} for {name}"
            yield self._finding(pattern, kind, place, text, times, found)

    def _finding(
        self, pattern: int, kind: str, place: int, text: str, times: float,
        events: Sequence[tuple[int, str]],
    ) -> Finding:  # fmt: skip
        change = 2 if times >= 6 else 1 if times >= 3 else 0
        rank = max(change, _GRAVE.get(self.severity(pattern) or "", 0))
        return Finding(pattern, kind, place, text, RANKS[rank], events)


def _odd(known: _Place, token: Token, value: str) -> str | None:
    """In which way a value is unusual at its place; None: it isn't."""
    if "status" in token.name.lower() and _is_error(value):
        return "HTTP errors"
    if known.is_choice() and value not in known.values:
        return "value"
    number = _number(value)
    if number is not None and known.is_measure() and known.far(number):
        return "number"
    return None


def _is_error(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isdigit() and "400" <= text <= "599"


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
