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

    from awsmon.core.clock import Clock
    from awsmon.core.trace import Entry, Trace

__all__ = ["LONGEST_CHAIN", "Dispatcher"]

E = TypeVar("E", bound=DomainEvent)

LONGEST_CHAIN = 200
"""Causes that may lead to one another within one call before it counts as a loop."""


class Dispatcher(Fixture):
    """Publish and subscribe, in process, synchronous."""

    fixture = "dispatcher"

    def __init__(self, clock: Clock, trace: Trace) -> None:
        self.clock = clock
        self.trace = trace
        self.cause: int | None = None
        self._nested = 0
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
            CausalLoop: listeners publish what makes them publish, without end.
        """
        self.keep(event, number)
        listeners = self._listeners.get(type(event))
        if listeners:
            self._nested += 1
            before = self.cause
            try:
                if self._nested > LONGEST_CHAIN:
                    raise self.loop(event.number)
                self.cause = event.number
                for listener in listeners:
                    listener(event)
            finally:
                self.cause = before
                self._nested -= 1
        return event

    def keep(self, entry: Entry, number: int | None = None) -> None:
        """Give an entry its number and its cause, and keep it in the trace."""
        if number is None:
            number = self.trace.number()
        mine: Any = entry  # which nobody else sets these of
        mine.number, mine.cause = number, self.cause
        self.trace.add(entry)

    def loop(self, number: int) -> CausalLoop:
        """The error that shows what led to an entry, the last of it."""
        last = [f"  {each}" for each in self.trace.chain(number)[-12:]]
        return CausalLoop(
            "Events cause one another without end. The last of them:\n" + "\n".join(last)
        )

    @contextmanager
    def because(self, number: int | None) -> Iterator[None]:
        """What happens inside is caused by the entry of that number."""
        before, self.cause = self.cause, number
        try:
            yield
        finally:
            self.cause = before
