"""From what happens during a replay to incidents and totals.

Lives here: `Chronicle`, which remembers just what the story needs, and `Incident`. How it is told
is `story.py`'s.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from awsmon.demo.accesslog import Broken, Entry
from awsmon.demo.replay import MINUTE, Datapoint, Ended, Notified, Sent, Watch, minute_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsmon.demo.replay import Happening

__all__ = ["Chronicle", "Incident", "kind"]

NAMED = 5
"""Broken lines that are remembered; the others are counted."""


@dataclass(slots=True)
class Incident:
    """From one change to ALARM to the next to OK.

    Attributes:
        failures: how often each kind of 5xx answer was given, from the first breaching minute on.
        lines: the failed lines behind the datapoints on which it fired, oldest minute first.
    """

    fired: Notified
    lines: list[Entry]
    cleared: Notified | None = None
    failures: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Chronicle:
    """What has happened so far.

    Attributes:
        entries: how many lines were read as answers, `failed` with 5xx.
        minutes: those in which something was answered.
        disordered: how many lines stand after one with a later time, `latest` the most by which.
        broken: how many lines were broken; `named` has the first of them.
        ended: how it ended; None as long as it goes on.
    """

    watch: Watch
    entries: int = 0
    failed: int = 0
    minutes: set[datetime] = field(default_factory=set)
    first: datetime | None = None
    newest: datetime | None = None
    disordered: int = 0
    latest: timedelta = timedelta(0)
    broken: int = 0
    named: list[Broken] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    ended: Ended | None = None
    _recent: dict[datetime, list[Entry]] = field(default_factory=dict)

    def hear(self, happening: Happening) -> None:
        """Take in the next thing."""
        match happening:
            case Broken():
                self.broken += 1
                self.named += [happening][: NAMED - len(self.named)]
            case Sent():
                for entry in happening.entries:
                    self._add(entry)
                self._forget_before(happening.at - MINUTE * (self.watch.periods + 10))
            case Notified():
                self._changed(happening)
            case Ended():
                self.ended = happening

    def breaching(self, datapoint: Datapoint) -> bool:
        """Whether a datapoint is over the alarm's threshold."""
        return datapoint.value is not None and datapoint.value > self.watch.threshold

    @property
    def open(self) -> Incident | None:
        """The incident that goes on now."""
        last = self.incidents[-1] if self.incidents else None
        return last if last is not None and last.cleared is None else None

    def _add(self, entry: Entry) -> None:
        self.entries += 1
        self.minutes.add(minute_of(entry.at))
        if self.newest is not None and entry.at < self.newest:
            self.disordered += 1
            self.latest = max(self.latest, self.newest - entry.at)
        self.first = min(self.first or entry.at, entry.at)
        self.newest = max(self.newest or entry.at, entry.at)
        if entry.failed:
            self.failed += 1
            self._recent.setdefault(minute_of(entry.at), []).append(entry)
            if self.open is not None:
                self.open.failures[kind(entry)] += 1

    def _changed(self, change: Notified) -> None:
        if change.after == "ALARM":
            minutes = [point.start for point in change.datapoints if self.breaching(point)]
            incident = Incident(change, list(self._failed_in(minutes)))
            since = [minute for minute in self._recent if minute >= minutes[0]]
            incident.failures.update(map(kind, self._failed_in(since)))
            self.incidents.append(incident)
        elif self.open is not None:
            self.open.cleared = change

    def _failed_in(self, minutes: Iterable[datetime]) -> Iterator[Entry]:
        for minute in minutes:
            yield from self._recent.get(minute, ())

    def _forget_before(self, at: datetime) -> None:
        for minute in [minute for minute in self._recent if minute < at]:
            del self._recent[minute]


def kind(entry: Entry) -> str:
    """Status, method and path: what lines of one cause have in common."""
    method, _, rest = entry.request.partition(" ")
    path = rest.partition(" ")[0].partition("?")[0]
    return f"{entry.status} {method} {path}".rstrip()
