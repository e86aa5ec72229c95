"""The dispatcher: carries domain events to whoever hears them, and links each to its cause.

Lives here: `Dispatcher`. Which listener hears what is said once, in `awsmon/wiring.py`; listeners
of one event are called in the order in which they were subscribed. A listener's failure is the
publisher's: nothing is swallowed.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from awsmon.core.errors import CausalLoop
from awsmon.core.events import DomainEvent
from awsmon.core.snapshot import Fixture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from awsmon.core.clock import Clock
    from awsmon.core.trace import Entry, Trace

__all__ = ["Dispatcher"]

E = TypeVar("E", bound=DomainEvent)

LONGEST_CHAIN = 200
"""Causes that may lead to one another at a single instant before it counts as a loop."""


class Dispatcher(Fixture):
    """Publish and subscribe, in process, synchronous."""

    fixture = "dispatcher"

    def __init__(self, clock: Clock, trace: Trace) -> None:
        self.clock = clock
        self.trace = trace
        self.cause: int | None = None
        self._instant: datetime | None = None  # of the last entry, and how many it had so far
        self._burst = 0
        self._listeners: dict[type[DomainEvent], list[Callable[[Any], object]]] = {}

    def subscribe(self, kind: type[E], listener: Callable[[E], object]) -> None:
        """Have *listener* called with every event of *kind*, after those subscribed before it."""
        self._listeners.setdefault(kind, []).append(listener)

    def publish(self, event: E, *, number: int | None = None) -> E:
        """Link the event to its cause, keep it in the trace and tell whoever hears it.

        Args:
            event: what happened.
            number: the number it was begun with (`Trace.begin`), where its consequences came first.

        Raises:
            CausalLoop: events cause one another without end at this instant.
        """
        self.keep(event, number)
        listeners = self._listeners.get(type(event))
        if listeners:
            with self.because(event.number):
                for listener in listeners:
                    listener(event)
        return event

    def keep(self, entry: Entry, number: int | None = None) -> None:
        """Give an entry its number and its cause, and keep it in the trace."""
        begun = number is not None
        if number is None:
            number = self.trace.number()
        object.__setattr__(entry, "number", number)
        object.__setattr__(entry, "cause", self.cause)
        self.trace.add(entry)
        if entry.at is not self._instant and entry.at != self._instant:
            self._instant, self._burst = entry.at, 0
        self._burst += 1
        if self._burst % LONGEST_CHAIN == 0 and not begun:
            self._stop_loops(entry)

    @contextmanager
    def because(self, number: int | None) -> Iterator[None]:
        """What happens inside is caused by the entry of that number."""
        before, self.cause = self.cause, number
        try:
            yield
        finally:
            self.cause = before

    def _stop_loops(self, entry: Entry) -> None:
        """Follow the causes back while they lie at the same instant.

        Looked at once in so many entries of one instant: a loop doesn't run away from it.
        """
        length, cause = 0, entry
        while (earlier := self.trace.get(cause.cause)) is not None and earlier.at == entry.at:
            cause = earlier
            length += 1
            if length > LONGEST_CHAIN:
                last = [f"  {each}" for each in self.trace.chain(entry.number)[-12:]]
                raise CausalLoop(
                    f"At {entry.at:%Y-%m-%d %H:%M:%S} events cause one another without end. "
                    "The last of them:\n" + "\n".join(last)
                )
