"""Partner event sources: a SaaS partner makes one for an account, which makes a bus for it.

Lives here: `EventSource` and `EventSources`. A source that nobody made a bus for, or whose events
nobody wants for now, is gone after two weeks.
Source: EventBridge User Guide, "Receiving events from a SaaS partner"; API reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.clock import Call
from awsmon.core.resource import Resource, aws
from awsmon.event_bus.errors import InvalidStateException, ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.core.clock import Timer
    from awsmon.event_bus.service import EventBus

__all__ = ["EventSource", "EventSources"]

EXPIRES = timedelta(days=14)


@dataclass(kw_only=True, slots=True, eq=False)
class EventSource(Resource):
    """A partner's event source as its customer sees it.

    Attributes:
        partner: the account that made it.
        timer: of its end, while it is pending.
    """

    aws_shape: ClassVar[str] = "events.DescribeEventSourceResponse"

    arn: str
    name: str
    created_by: str
    creation_time: datetime
    expiration_time: datetime | None = None
    state: str = "PENDING"
    partner: str = field(metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))


class EventSources:
    """The event sources that partners made for one account and region, in order of name."""

    def __init__(self, events: EventBus) -> None:
        self._events = events
        self._sources: dict[str, EventSource] = {}

    def __iter__(self) -> Iterator[EventSource]:
        return iter([self._sources[name] for name in sorted(self._sources)])

    def __contains__(self, name: str) -> bool:
        return name in self._sources

    def __getitem__(self, name: str) -> EventSource:
        """The source of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in self._sources:
            raise ResourceNotFoundException.event_source(name)
        return self._sources[name]

    def create(self, name: str, partner: str) -> EventSource:
        """A partner makes one."""
        scope = self._events.scope
        source = EventSource(
            arn=f"arn:{scope.partition}:events:{scope.region}::event-source/{name}", name=name,
            created_by=name.split("/")[1], creation_time=self._events.clock.now(), partner=partner,
        )  # fmt: skip
        self._sources[name] = source
        self._wait(source)
        return source

    def forget(self, source: EventSource) -> None:
        """The partner takes it away; a bus that was made for it stays."""
        self._events.clock.cancel(source.timer)
        if source.name in self._events.buses:
            source.state, source.expiration_time = "DELETED", None
        else:
            del self._sources[source.name]

    def activate(self, source: EventSource) -> None:
        """Its events come to the bus of its name.

        Raises:
            InvalidStateException: the partner has deleted it.
        """
        if source.state == "DELETED":
            raise InvalidStateException.of(source.name, source.state)
        self._events.clock.cancel(source.timer)
        source.state, source.expiration_time, source.timer = "ACTIVE", None, None

    def deactivate(self, source: EventSource) -> None:
        """They don't, for now.

        Raises:
            InvalidStateException: the partner has deleted it.
        """
        if source.state == "DELETED":
            raise InvalidStateException.of(source.name, source.state)
        self._wait(source)

    def _wait(self, source: EventSource) -> None:
        clock = self._events.clock
        clock.cancel(source.timer)
        source.state, source.expiration_time = "PENDING", clock.now() + EXPIRES
        call = Call("event_bus.sources", "expired", source.name)
        source.timer = clock.set(
            source.expiration_time, call, scope=self._events.scope, recurs=True
        )

    def expired(self, name: str) -> None:
        """A timer's verb: nobody wanted it for two weeks."""
        del self._sources[name]

    def receive(self, name: str, event: Mapping[str, Any]) -> None:
        """An event of the partner's; it vanishes unless it is wanted."""
        source, bus = self._sources.get(name), self._events.buses.get(name)
        if source is not None and source.state == "ACTIVE" and bus is not None:
            self._events.routing.receive(bus, event)
