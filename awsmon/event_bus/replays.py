"""Replays: what an archive kept comes to its bus again.

Lives here: `Replays`. AWS replays minute by minute of the events' own time, and doesn't say how
fast; here the events of each such minute come a second after those of the one before.
Source: User Guide, "Archiving and replaying events".
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.core.clock import Call
from awsmon.event_bus.errors import IllegalStatusException, ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.event_bus.model import Replay
    from awsmon.event_bus.service import EventBus

__all__ = ["MOST_AT_ONCE", "Replays"]

MOST_AT_ONCE = 10
ACTIVE = ("STARTING", "RUNNING", "CANCELLING")
STEP = timedelta(seconds=1)


class Replays:
    """The replays of one account and region: iterable, in order of name."""

    def __init__(self, events: EventBus) -> None:
        self._events = events
        self._replays: dict[str, Replay] = {}

    def __iter__(self) -> Iterator[Replay]:
        return iter([self._replays[name] for name in sorted(self._replays)])

    def __contains__(self, name: str) -> bool:
        return name in self._replays

    def __getitem__(self, name: str) -> Replay:
        """The replay of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in self._replays:
            raise ResourceNotFoundException.replay(name)
        return self._replays[name]

    @property
    def active(self) -> int:
        """How many are under way."""
        return sum(each.state in ACTIVE for each in self)

    def start(self, replay: Replay) -> None:
        """Begin a new replay."""
        self._replays[replay.replay_name] = replay
        self._wait(replay)

    def cancel(self, name: str) -> Replay:
        """Have no more of its events come.

        Raises:
            ResourceNotFoundException: there is none.
            IllegalStatusException: it has ended, or is being cancelled.
        """
        replay = self[name]
        if replay.state not in ("STARTING", "RUNNING"):
            raise IllegalStatusException.replay(name)
        replay.state = "CANCELLING"
        return replay

    def _wait(self, replay: Replay) -> None:
        clock = self._events.clock
        call = Call("event_bus.replays", "step", replay.replay_name)
        clock.set(clock.now() + STEP, call, scope=self._events.scope)

    def step(self, name: str) -> None:
        """A timer's verb: the events of the next minute come, or it ends."""
        replay = self._replays[name]
        if replay.state == "CANCELLING":
            return self._end(replay, "CANCELLED")
        replay.state = "RUNNING"
        if not replay.waiting:
            return self._end(replay, "COMPLETED")
        try:
            bus = self._events.bus(replay.destination["Arn"])
        except ResourceNotFoundException as error:  # deleted meanwhile
            replay.state_reason = error.message
            return self._end(replay, "FAILED")
        minute = replay.waiting[0][0].replace(second=0, microsecond=0) + timedelta(minutes=1)
        while replay.waiting and replay.waiting[0][0] < minute:
            replay.event_last_replayed_time, event = replay.waiting.pop(0)
            self._events.routing.replayed(
                bus, _marked(event, name), replay.destination.get("FilterArns")
            )
        return self._wait(replay)

    def _end(self, replay: Replay, state: str) -> None:
        replay.state, replay.replay_end_time = state, self._events.clock.now()
        replay.waiting.clear()


def _marked(event: dict[str, object], name: str) -> dict[str, object]:
    """With the replay's name, between region and resources."""
    found: dict[str, object] = {}
    for key, value in event.items():
        if key == "resources":
            found["replay-name"] = name
        found[key] = value
    return found
