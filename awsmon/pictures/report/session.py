"""What a report is about: everything of a session, gathered once.

Lives here: `Session`, `Place` and `Story`, an alarm with what became of it. Reading changes
nothing; services that nobody used are not loaded for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.alarms.model import MetricAlarm
from awsmon.alarms.pictures import chart
from awsmon.core.clock import EPOCH
from awsmon.core.events import AlarmStateChanged
from awsmon.pictures import scales
from awsmon.pictures.report.resources import judgements
from awsmon.pictures.report.selection import Selection
from awsmon.pictures.scales import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from awsmon.alarms.explain import CompositeExplanation, Explanation
    from awsmon.alarms.model import Alarm
    from awsmon.core.backend import Backend
    from awsmon.core.neighbours import AlarmChart
    from awsmon.core.scope import Scope
    from awsmon.core.trace import Entry
    from awsmon.pictures.report.resources import Judged

__all__ = ["Place", "Session", "Story"]

MOST_PERIODS = 720
"""Of an alarm's metric that are drawn."""
MOST_ALARMS = 100
_ORDER = {"ALARM": 0, "INSUFFICIENT_DATA": 2, "OK": 3}
_MINUTE = timedelta(minutes=1)


class Place(NamedTuple):
    """One account and region.

    Attributes:
        name: told only where there are several.
    """

    scope: Scope
    services: Any
    name: str

    def used(self, service: str) -> Any:
        """A service, if anybody used it."""
        return vars(self.services).get(service)


@dataclass(frozen=True, slots=True)
class Story:
    """An alarm and what became of it.

    Attributes:
        id: of its element in the page.
        changes: of its state, as far as the trace still knows.
    """

    id: str
    place: Place
    alarm: Alarm
    chart: AlarmChart
    explanation: Explanation | CompositeExplanation
    changes: Sequence[AlarmStateChanged]

    @property
    def firing(self) -> bool:
        """Whether it is in ALARM."""
        return self.alarm.state.value == "ALARM"

    @property
    def fired(self) -> bool:
        """Whether it is, or was, in ALARM."""
        return self.firing or any(each.state == "ALARM" for each in self.chart.spans)


class Session:
    """All that a report tells of.

    Attributes:
        entries: of the trace, oldest first.
        span: from the first thing that happened to the last.
        stories: alarms, those in ALARM first.
        shown: which entries of the trace the page shows.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.now: datetime = backend.clock.now()
        self.entries: list[Entry] = list(backend.trace)
        self.deliveries = list(backend.deliveries)
        self.shown = Selection(backend.trace, self.entries)
        scopes = [scope for scope in backend.scopes if _told(backend.at(scope))]
        several = len(scopes) > 1
        self.places = [
            Place(scope, backend.at(scope), f"{scope.account} {scope.region}" if several else "")
            for scope in sorted(scopes)
        ]
        self.start, self.end = self._range()
        self.span = Span(self.start.timestamp(), self.end.timestamp())
        self.stories = self._stories()

    def _range(self) -> tuple[datetime, datetime]:
        """From the first entry to the last; to now, if that isn't long after."""
        times = [entry.at for entry in self.entries] or [self.now]
        start, last = min(times), max(times)
        end = last + max((last - start) / 20, _MINUTE)
        return start, min(end, max(self.now, last)) if self.now > last else last + _MINUTE / 6

    def clock(self, at: datetime) -> str:
        """An instant as the page writes it: with its day where there are several."""
        told = scales.clock(at)
        return told if self.start.date() == self.end.date() else f"{scales.day(at)[:-5]} {told}"

    @cached_property
    def resources(self) -> list[Judged]:
        """What AWS Config knows, resources that break rules first."""
        return judgements(self)

    # -- alarms ------------------------------------------------------------------------------------

    @property
    def alarms(self) -> int:
        """How many there are."""
        return sum(len(place.used("alarms") or ()) for place in self.places)

    def _stories(self) -> list[Story]:
        changes: dict[str, list[AlarmStateChanged]] = {}
        for entry in self.entries:
            if isinstance(entry, AlarmStateChanged):
                changes.setdefault(entry.alarm, []).append(entry)
        found = [
            Story("", place, alarm, self._chart(place, alarm), place.used("alarms").explain(
                alarm.name), changes.get(alarm.arn, ()))
            for place, alarm in self._ordered()[:MOST_ALARMS]
        ]  # fmt: skip
        found.sort(key=lambda each: 1 if each.fired and not each.firing
                   else _ORDER[each.alarm.state.value])  # fmt: skip
        return [replace(each, id=f"alarm-{place}") for place, each in enumerate(found, 1)]

    def _ordered(self) -> list[tuple[Place, Alarm]]:
        found = [(place, alarm) for place in self.places for alarm in place.used("alarms") or ()]
        return sorted(found, key=lambda each: _ORDER[each[1].state.value])

    def _chart(self, place: Place, alarm: Alarm) -> AlarmChart:
        """As much as its periods allow, the newest of it: the session, and points before that."""
        period = alarm.period if isinstance(alarm, MetricAlarm) else 60
        earliest = int(self.span.end) - MOST_PERIODS * period
        firsts = [int(self.span.start)]
        if isinstance(alarm, MetricAlarm):
            stored = place.services.metrics.stored
            firsts += [found for key in alarm.keys if (found := stored.first_point(
                key, since=earliest, unit=alarm.unit)) is not None]  # fmt: skip
        start = EPOCH + timedelta(seconds=max(min(firsts), earliest) // period * period)
        return chart(place.used("alarms"), alarm, start, max(self.end, start + _MINUTE))


def _told(services: Any) -> bool:
    """Whether there is anything to tell of a place."""
    return any(_contents(vars(services)))


def _contents(used: dict[str, Any]) -> Iterator[bool]:
    if "metrics" in used:
        yield len(used["metrics"].stored) > 0
    for name in ("alarms", "logs"):
        if name in used:
            yield any(True for _ in used[name])
    if "trail" in used:
        yield bool(used["trail"].history.calls)
    if "config_recorder" in used:
        yield any(True for _ in used["config_recorder"].seen())
