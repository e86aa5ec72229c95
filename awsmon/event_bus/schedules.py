"""Rules that fire by a schedule.

Lives here: `Schedules`. One timer for each rule, set for the next time only.
Source: User Guide, "Creating a scheduled rule"; times are UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.clock import Call
from awsmon.event_bus.entries import envelope
from awsmon.event_bus.errors import ValidationException
from awsmon.event_bus.model import DEFAULT
from awsmon.lang.schedule.parser import parse
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from awsmon.event_bus.model import Rule
    from awsmon.event_bus.service import EventBus

__all__ = ["Schedules", "check"]


def check(expression: str) -> None:
    """Whether it is a schedule.

    Raises:
        ValidationException: it is none.
    """
    try:
        parse(expression, "cron", "rate")
    except LanguageError:
        raise ValidationException.schedule() from None


class Schedules:
    """The scheduled rules of the default bus."""

    def __init__(self, events: EventBus) -> None:
        self._events = events

    def changed(self, rule: Rule) -> None:
        """A rule is new or another: wait for the next time it is due."""
        clock = self._events.clock
        clock.cancel(rule.timer)
        rule.timer = None
        if rule.schedule_expression is None or not rule.enabled:
            return
        due = parse(rule.schedule_expression, "cron", "rate").next(clock.now())
        if due is not None:
            call = Call("event_bus.schedules", "due", rule.name)
            rule.timer = clock.set(due, call, scope=self._events.scope, recurs=True)

    def forget(self, rule: Rule) -> None:
        """A rule is gone."""
        self._events.clock.cancel(rule.timer)

    def due(self, name: str) -> None:
        """A timer's verb: the rule fires, and waits for the next time."""
        events = self._events
        rule = events.buses[DEFAULT].rules[name]
        event = envelope(
            events.scope, id_=events.ids.uuid(), at=events.clock.now(), source="aws.events",
            detail_type="Scheduled Event", resources=[rule.arn], detail={},
        )  # fmt: skip
        events.routing.matched(rule, event)
        self.changed(rule)
