"""One time for all: sleeping advances the virtual clock, and the process's time follows it.

Lives here: `OneTime`, for sessions whose time stands still. ``time.sleep`` and ``asyncio.sleep``
in the thread that entered advance the clock and return at once; other threads sleep for real.
Where the extra ``time`` (time-machine) is installed, ``datetime.now``, ``time.time`` and their
like tell the clock's time.
"""

from __future__ import annotations

import heapq
import itertools
import sys
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.patches import Patches

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from awsmon.core.clock import Clock

__all__ = ["OneTime"]


class OneTime:
    """Ties the process's time to a clock that stands still.

    Args:
        clock: the session's.
        sleep: False: sleeping stays real.
        process_time: False: the process's own time stays real.
    """

    def __init__(self, clock: Clock, *, sleep: bool, process_time: bool) -> None:
        self._clock = clock
        self._sleep = sleep
        self._process_time = process_time
        self._thread = threading.get_ident()
        self._patches = Patches()
        self._traveller: Any = None
        self._sleepers: list[tuple[datetime, int]] = []
        self._tickets = itertools.count()
        self._on = False

    def start(self) -> None:
        """From now on."""
        self._on = True
        if self._sleep:
            self._patches.make({(time, "sleep"): self._sleeping})
            if asyncio := sys.modules.get("asyncio"):  # dear to import for who doesn't use it
                self._patches.make({(asyncio, "sleep"): self._sleeping_async})
        machine = _time_machine() if self._process_time else None
        if machine is not None:
            self._traveller = machine.travel(self._clock.now(), tick=False)
            process = self._traveller.start()
            self._clock.moved = process.move_to
        elif self._process_time:
            self._clock.warns = True

    def stop(self) -> None:
        """Put everything back."""
        self._on = False
        self._patches.undo()
        self._clock.moved = None
        if self._traveller is not None:
            self._traveller.stop()
            self._traveller = None

    def _ours(self) -> bool:
        return self._on and threading.get_ident() == self._thread

    def _sleeping(self, original: Callable[[float], None]) -> Callable[[float], None]:
        def sleep(secs: float, /) -> None:
            if not self._ours():
                original(secs)
            elif secs < 0:
                raise ValueError("sleep length must be non-negative")
            else:
                self._clock.advance(seconds=secs)

        return sleep

    def _sleeping_async(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def sleep(delay: float, result: Any = None) -> Any:
            if delay <= 0 or not self._ours():
                return await original(delay, result)
            await self._sleep_until(self._clock.now() + timedelta(seconds=delay), original)
            return result

        return sleep

    async def _sleep_until(self, due: datetime, real: Callable[..., Any]) -> None:
        """Let every other task run; when all of them sleep, time passes for who is due first."""
        mine = (due, next(self._tickets))
        heapq.heappush(self._sleepers, mine)
        try:
            await real(0)
            while self._clock.now() < due:
                if self._sleepers[0] == mine:
                    self._clock.run_until(due)
                    break
                await real(0)
        finally:
            self._sleepers.remove(mine)
            heapq.heapify(self._sleepers)


def _time_machine() -> Any:
    """The extra, if it is installed."""
    try:
        import time_machine
    except ImportError:
        return None
    return time_machine
