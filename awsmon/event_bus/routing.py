"""From an event on a bus to the rules that take it.

Lives here: `Routing`. Each bus has an index of its rules' patterns, made when first needed; what a
rule does with the event is `invoking.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.bus_events import EventPut, RuleMatched
from awsmon.core.later import Later, made
from awsmon.lang.event_pattern.index import PatternIndex
from awsmon.lang.event_pattern.parser import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.event_bus.model import Bus, Rule
    from awsmon.event_bus.service import EventBus

__all__ = ["Routing"]

NONE: tuple[str, ...] = ()

_ALWAYS_SENT = ("GetFederationToken", "GetSessionToken")
ALL_MANAGEMENT = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


class Routing:
    """The buses of one account and region, and what comes to them."""

    def __init__(self, events: EventBus) -> None:
        self._events = events
        self._indexes: dict[str, PatternIndex] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"_events": self._events, "_indexes": {}}  # functions are made again

    def receive(
        self, bus: Bus, told: Mapping[str, Any] | Later, *, forwarded: bool = False
    ) -> None:  # fmt: skip
        """An event comes to a bus; it isn't made where there are no rules to see it."""
        events, rules = self._events, NONE
        if bus.rules:
            event = made(told)
            rules = tuple(sorted(self._index(bus).match(event)))
            if rules and _is_read(event):
                rules = tuple(name for name in rules if bus.rules[name].state == ALL_MANAGEMENT)
        events.publish(
            EventPut(at=events.clock.now(), scope=events.scope, bus=bus.arn, told=told,
                     rules=rules, forwarded=forwarded))  # fmt: skip

    def event_put(self, put: EventPut) -> None:
        """A listener: the rules that take it do, in order of name."""
        if put.rules:
            bus = self._events.buses[put.bus.rpartition(":event-bus/")[2]]
            for name in put.rules:
                if bus.rules[name].targets:
                    self.matched(bus.rules[name], put.event, forwarded=put.forwarded)

    def matched(self, rule: Rule, event: Mapping[str, Any], *, forwarded: bool = False) -> None:
        """A rule takes an event; without targets, that is all."""
        if not rule.targets:
            return
        events = self._events
        events.publish(
            RuleMatched(at=events.clock.now(), scope=events.scope, rule=rule.arn, event=event,
                        forwarded=forwarded))  # fmt: skip

    def replayed(self, bus: Bus, event: Mapping[str, Any], rules: list[str] | None) -> None:
        """A replay brings an event again, to all rules or to some, named by their ARNs."""
        if rules is None:
            self.receive(bus, event)
            return
        for name in sorted(self._index(bus).match(event)):
            if bus.rules[name].arn in rules:
                self.matched(bus.rules[name], event)

    def changed(self, bus: Bus, name: str) -> None:
        """A rule of a bus is new, another, or gone."""
        index = self._indexes.get(bus.name)
        if index is not None:
            _file(index, name, bus.rules.get(name))

    def forget(self, bus: Bus) -> None:
        """A bus is gone."""
        self._indexes.pop(bus.name, None)

    def _index(self, bus: Bus) -> PatternIndex:
        index = self._indexes.get(bus.name)
        if index is None:
            index = self._indexes[bus.name] = PatternIndex()
            for name, rule in bus.rules.items():
                _file(index, name, rule)
        return index


def _is_read(event: Mapping[str, Any]) -> bool:
    """Whether it is about a call that only reads, which rules get only if they say so.

    Source: EventBridge User Guide, "AWS service events delivered via AWS CloudTrail", which makes
    an exception of two calls to STS.
    """
    if event["detail-type"] != "AWS API Call via CloudTrail":
        return False
    told = event["detail"]
    if told.get("eventSource") == "sts.amazonaws.com" and told.get("eventName") in _ALWAYS_SENT:
        return False
    return bool(told.get("readOnly") and told.get("managementEvent"))


def _file(index: PatternIndex, name: str, rule: Rule | None) -> None:
    if rule is None or not rule.enabled or rule.event_pattern is None:
        index.remove(name)
    else:
        index.add(name, parse(rule.event_pattern))
