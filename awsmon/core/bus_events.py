"""What the event buses hear and tell.

Lives here: `EventEmitted`, `EventPut`, `RuleMatched`, and what passes between the buses and the
schema registry: `DiscovererChanged` and `EventSampled`. Other events are `events.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.domain_event import DomainEvent, event
from awsmon.core.later import Later, made

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DiscovererChanged", "EventEmitted", "EventPut", "EventSampled", "RuleMatched"]


@event
class EventEmitted(DomainEvent):
    """An AWS service tells the default event bus of its account and Region something.

    Attributes:
        source: as ``aws.cloudwatch``.
        detail_type: as ``CloudWatch Alarm State Change``.
        resources: ARNs.
        detail: a JSON object, if only later.
    """

    source: str
    detail_type: str
    detail: Mapping[str, Any] | Later
    resources: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.source} tells: {self.detail_type}"


@event
class EventPut(DomainEvent):
    """An event came to an event bus.

    Attributes:
        bus: its ARN.
        told: the event, or how to make it, where no rule takes it.
        rules: the names of those that take it, in order.
        forwarded: it came from another bus, and goes to no third.
    """

    bus: str
    told: Mapping[str, Any] | Later
    rules: tuple[str, ...] = ()
    forwarded: bool = False

    @property
    def event(self) -> Mapping[str, Any]:
        """As rules see it, from ``version`` to ``detail``."""
        return made(self.told)

    def __str__(self) -> str:
        name = self.bus.rpartition(":event-bus/")[2]
        taken = f"taken by {', '.join(self.rules)}" if self.rules else "no rule takes it"
        return f"event on {name}: {self.event['source']} {self.event['detail-type']}: {taken}"


@event
class RuleMatched(DomainEvent):
    """A rule with targets, named by its ARN, took an event, or its schedule was due.

    Attributes:
        event: as it came.
        forwarded: it came from another bus, and goes to no third.
    """

    rule: str
    event: Mapping[str, Any]
    forwarded: bool = False

    def __str__(self) -> str:
        return f"rule {self.rule.partition(':rule/')[2]} matched"


@event
class DiscovererChanged(DomainEvent):
    """The schema registry wants to see the events of a bus, or no more.

    Attributes:
        bus: its ARN.
        cross_account: those of other accounts, too.
    """

    bus: str
    started: bool
    cross_account: bool

    def __str__(self) -> str:
        return f"discovery on {self.bus} {'started' if self.started else 'stopped'}"


@event
class EventSampled(DomainEvent):
    """An event came to a bus whose schemas are discovered."""

    bus: str
    event: Mapping[str, Any]

    def __str__(self) -> str:
        return f"event {self.event['id']} shown to the schema registry"
