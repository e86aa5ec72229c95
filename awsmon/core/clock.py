"""The clock: what time it is, and everything that is due.

Lives here: `Clock`, `Timer` and `Call`; `aware` and `stamp`, from a text and to one. One heap holds
all timers; those due at one instant run in the order in which they were set. A timer is data (which
service, which verb, which key), so that the whole state pickles. What a timer does is its
service's; the lock around it is `backend.py`'s.
"""

from __future__ import annotations

import datetime as dt
import heapq
import warnings
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from dateutil.parser import isoparse

from awsmon.core.errors import AwsmonError, MisuseError
from awsmon.core.snapshot import Fixture

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from contextlib import AbstractContextManager

    from awsmon.core.scope import Scope

__all__ = ["EPOCH", "Call", "Clock", "Timer", "aware", "stamp"]

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)
_COMPACT_FROM = 1024
_PLAINLY = timedelta(minutes=5)
_FAR = timedelta(minutes=15)


class Call(NamedTuple):
    """What to do when a timer is due: ``services(scope).<service>.<verb>(key)``.

    A part of a service is named with a dot, as ``logs.exports``.
    """

    service: str
    verb: str
    key: Hashable

    def __str__(self) -> str:
        return f"{self.service}.{self.verb}({self.key!r})"


@dataclass(slots=True, eq=False)
class Timer:
    """A call that is due at an instant.

    Attributes:
        due: when, aware, UTC.
        call: what to do then.
        scope: where.
        cause: the number of the event that set it, for the trace.
        recurs: it belongs to something that repeats for ever, or only tidies up; `Clock.settle`
            doesn't wait for it.
    """

    due: datetime
    call: Call
    scope: Scope
    cause: int | None = None
    recurs: bool = False
    live: bool = field(default=True, repr=False)


@lru_cache(256)
def stamp(at: datetime) -> str:
    """An instant as most texts of AWS's have it: ``2026-03-02T12:00:00Z``."""
    return f"{at.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def aware(at: datetime | str, name: str = "at") -> datetime:
    """An instant of the user's as an aware datetime in UTC, whole milliseconds.

    Raises:
        MisuseError: it is naive, or not an instant at all; *name* is the argument's name.
    """
    if isinstance(at, str):
        try:
            at = isoparse(at)
        except ValueError:
            raise MisuseError(
                f"{name}={at!r}: expected an ISO 8601 instant, as '2026-03-02T12:00:00Z'."
            ) from None
    if not isinstance(at, datetime):
        raise MisuseError(f"{name}={at!r}: expected an aware datetime or an ISO 8601 string.")
    if at.tzinfo is None:
        raise MisuseError(f"{name}={at!r} has no time zone: write 'Z', or tzinfo=timezone.utc.")
    return EPOCH + (at - EPOCH) // _MILLISECOND * _MILLISECOND


class Clock(Fixture):
    """Virtual time: standing still until advanced, or flowing with the wall clock.

    Time flows as ``datetime.now(UTC)`` tells it, so freezegun and time-machine are obeyed, jumps
    backwards included: what has happened stays, and timers keep their instants. Instants are whole
    milliseconds, as AWS keeps them.
    """

    fixture = "clock"

    def __init__(
        self,
        now: datetime | None,
        *,
        run: Callable[[Timer], None],
        door: Callable[[], AbstractContextManager[Any]],
    ) -> None:
        self.flows = now is None
        self.cause: Callable[[], int | None] = lambda: None
        self.moved: Callable[[datetime], object] | None = None  # told when standing time moves on
        self.warns = False
        self._now = now or EPOCH
        self._ahead = timedelta(0)
        self._pinned = 0
        self._heap: list[tuple[datetime, int, Timer]] = []
        self._ticket = 0
        self._waiting = 0  # live timers that settle() waits for
        self._dead = 0
        self._run = run
        self._door = door

    # -- what time it is ---------------------------------------------------------------------

    def now(self) -> datetime:
        """The current instant, aware, UTC, whole milliseconds."""
        if self.flows and not self._pinned:
            # looked up at each call: freezegun replaces the class in the module
            wall = dt.datetime.now(dt.timezone.utc)
            self._now = EPOCH + (wall - EPOCH) // _MILLISECOND * _MILLISECOND + self._ahead
        return self._now

    def pin(self) -> None:
        """Hold the instant: one call, or one round of timers, sees one time."""
        self.now()
        self._pinned += 1

    def unpin(self) -> None:
        """Let go what `pin` held."""
        self._pinned -= 1

    def suspect(self, at: datetime) -> None:
        """Warn, once, of an instant that is plainly the wall clock's, not this one's."""
        if not self.warns:
            return
        wall = dt.datetime.now(dt.timezone.utc)
        if abs(at - wall) < _PLAINLY and abs(wall - self._now) > _FAR:
            self.warns = False
            warnings.warn(
                f"A timestamp, {at:%Y-%m-%d %H:%M:%S}, is the wall clock's, while awsmon's clock "
                f"stands at {self._now:%Y-%m-%d %H:%M:%S}. Install the extra 'time' (pip install "
                "'awsmon[time]'), so that time.time() and datetime.now() follow awsmon's clock; or "
                "use freezegun; or enter mock_monitoring without now=.",
                stacklevel=2,
            )

    # -- snapshots ---------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """All that a snapshot keeps: the instant and the timers."""
        heap = [entry for entry in self._heap if entry[2].live]
        return {"now": self.now(), "flows": self.flows, "heap": heap, "ticket": self._ticket}

    def adopt(self, state: dict[str, Any]) -> None:
        """Go on from the instant of a snapshot: standing there, or flowing on from there."""
        self.flows, self._heap = state["flows"], state["heap"]
        heapq.heapify(self._heap)
        self._ticket, self._dead = state["ticket"], 0
        self._waiting = sum(not timer.recurs for _, _, timer in self._heap)
        if self.flows:
            wall = dt.datetime.now(dt.timezone.utc)
            self._ahead = state["now"] - (EPOCH + (wall - EPOCH) // _MILLISECOND * _MILLISECOND)
        self._now = state["now"]
        if self.moved is not None:
            self.moved(self._now)

    # -- timers --------------------------------------------------------------------------------

    def set(self, due: datetime, call: Call, *, scope: Scope, recurs: bool = False) -> Timer:
        """Have *call* made at *due* (at once where that has passed)."""
        timer = Timer(due, call, scope, self.cause(), recurs)
        self._ticket += 1
        heapq.heappush(self._heap, (due, self._ticket, timer))
        self._waiting += not recurs
        return timer

    def earlier(
        self, timer: Timer | None, due: datetime, call: Call, *, scope: Scope, recurs: bool = False
    ) -> Timer:
        """Keep *timer* if it is due no later than *due*; else put one at *due* in its place.

        One that is kept is from now on caused by what asked for it last.
        """
        if timer is not None and timer.live:
            if timer.due <= due:
                timer.cause = self.cause() or timer.cause
                return timer
            self.cancel(timer)
        return self.set(due, call, scope=scope, recurs=recurs)

    def cancel(self, timer: Timer | None) -> None:
        """Forget a timer; one that has run, or None, is nothing to forget."""
        if timer is None or not timer.live:
            return
        timer.live = False
        self._waiting -= not timer.recurs
        self._dead += 1
        if self._dead > _COMPACT_FROM and self._dead > len(self._heap) // 2:
            self._heap = [entry for entry in self._heap if entry[2].live]
            heapq.heapify(self._heap)
            self._dead = 0

    @property
    def timers(self) -> list[Timer]:
        """All that is due in the future, in the order in which it will run."""
        return [entry[2] for entry in sorted(self._heap, key=lambda e: e[:2]) if entry[2].live]

    def next_due(self) -> datetime | None:
        """When the next timer is due; None where there is none."""
        heap = self._heap
        while heap and not heap[0][2].live:
            heapq.heappop(heap)
            self._dead -= 1
        return heap[0][0] if heap else None

    def overdue(self) -> bool:
        """Whether something fell due while time flowed by itself."""
        due = self.next_due()
        return due is not None and due <= self.now()

    # -- moving --------------------------------------------------------------------------------

    def advance(
        self,
        by: timedelta | None = None,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        milliseconds: float = 0,
    ) -> None:
        """Let so much time pass; all that falls due in it happens, in order of time.

        Raises:
            MisuseError: the step is negative. Time doesn't go back.
        """
        step = (by or timedelta(0)) + timedelta(
            days=days, hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds
        )
        if step < timedelta(0):
            raise MisuseError(f"advance({step}): time doesn't go back; start another session.")
        self.run_until(self.now() + step)

    def run_until(self, at: datetime | str) -> None:
        """Let time pass until *at*; an instant that has passed is reached already."""
        target = aware(at)
        going = True
        while going:
            with self._door():
                going = self._step(target)

    def settle(self, limit: timedelta = timedelta(days=30)) -> None:
        """Go on until all that doesn't recur is done, and stay at the last instant of that.

        Raises:
            AwsmonError: something still went on when *limit* had passed; the message names it.
        """
        end = self.now() + limit
        while self._waiting:
            with self._door():
                due = self.next_due()
                assert due is not None
                if due > end:
                    names = sorted({str(t.call) for t in self.timers if not t.recurs})
                    raise AwsmonError(f"{limit} later there is still due: {', '.join(names[:5])}.")
                self._step(due)

    def _step(self, target: datetime) -> bool:
        """Run the next instant at which something is due by *target*; False: nothing was."""
        due = self.next_due()
        if due is None or due > target:
            self._move_to(target)
            return False
        self._move_to(due)
        self._run_instant(due)
        return True

    def _move_to(self, instant: datetime) -> None:
        now = self.now()
        if instant > now:
            self._now = instant
            if self.flows:
                self._ahead += instant - now
            elif self.moved is not None:
                self.moved(instant)

    def _run_instant(self, instant: datetime) -> None:
        """Run all that is due at *instant*, what those timers set for the same instant included.

        While they run it is that instant, though flowing time may have passed it already.
        """
        self.pin()
        now, self._now = self._now, instant if self.flows else self._now
        try:
            while self._heap and self._heap[0][0] <= instant:
                timer = heapq.heappop(self._heap)[2]
                if not timer.live:
                    self._dead -= 1
                    continue
                timer.live = False
                self._waiting -= not timer.recurs
                self._run(timer)
        finally:
            self._now = now
            self.unpin()
