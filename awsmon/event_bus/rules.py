"""Rules: made, changed, given targets, and taken away.

Lives here: `Rules`, and `RuleHandle`, a rule in the direct API.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.event_bus import schedules
from awsmon.event_bus.errors import (
    InvalidEventPatternException,
    LimitExceededException,
    ManagedRuleException,
    ResourceNotFoundException,
    ValidationException,
)
from awsmon.event_bus.model import ARCHIVE_TARGET, DEFAULT, Rule
from awsmon.lang.event_pattern.parser import PatternError, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.event_bus.model import Bus, Target
    from awsmon.event_bus.service import EventBus

__all__ = ["MOST_TARGETS", "RuleHandle", "Rules", "check_pattern"]

MOST_TARGETS = 5


def check_pattern(text: str) -> None:
    """Whether it is an event pattern.

    Raises:
        InvalidEventPatternException: it is none.
    """
    try:
        parse(text)
    except PatternError as error:
        raise InvalidEventPatternException.because(error.message) from None


class Rules:
    """The rules of one account and region, on all its buses."""

    def __init__(self, events: EventBus) -> None:
        self._events = events

    def of(self, bus: Bus, name: str) -> Rule:
        """The rule of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in bus.rules:
            raise ResourceNotFoundException.rule(name, bus.name)
        return bus.rules[name]

    def changeable(self, bus: Bus, name: str, *, force: bool = False) -> Rule:
        """The same, of one that users may change.

        Raises:
            ManagedRuleException: an AWS service keeps it.
        """
        rule = self.of(bus, name)
        if rule.managed_by is not None and not force:
            raise ManagedRuleException.of(name, rule.managed_by)
        return rule

    def put(self, bus: Bus, name: str, request: Mapping[str, Any]) -> Rule:
        """A new rule, or new settings of one; what they leave out is gone, targets stay.

        Raises:
            InvalidEventPatternException, ValidationException, LimitExceededException,
            ManagedRuleException: it cannot be; nothing has changed.
        """
        pattern, schedule = request.get("EventPattern"), request.get("ScheduleExpression")
        if not pattern and not schedule:
            raise ValidationException.neither()
        if schedule:
            if bus.name != DEFAULT:
                raise ValidationException.schedule_on_custom_bus()
            schedules.check(schedule)
        if pattern:
            check_pattern(pattern)
        if name in bus.rules:
            before: Rule | None = self.changeable(bus, name)
        elif len(bus.rules) >= self._events.most_rules:
            raise LimitExceededException.exceeded()
        else:
            before = None
        return self._keep(bus, name, request, before)

    def _keep(self, bus: Bus, name: str, request: Mapping[str, Any], before: Rule | None) -> Rule:
        events = self._events
        place = name if bus.name == DEFAULT else f"{bus.name}/{name}"
        rule = Rule(
            name=name, arn=events.scope.arn("events", f"rule/{place}"), event_bus_name=bus.name,
            event_pattern=request.get("EventPattern") or None,
            schedule_expression=request.get("ScheduleExpression") or None,
            state=request.get("State", "ENABLED"), description=request.get("Description"),
            role_arn=request.get("RoleArn"), created_by=events.scope.account,
            managed_by=request.get("ManagedBy"),
            targets=before.targets if before else {}, timer=before.timer if before else None,
        )  # fmt: skip
        bus.rules[name] = rule
        self._changed(bus, rule)
        return rule

    def manage(self, bus: Bus, name: str, pattern: str, managed_by: str) -> None:
        """Keep a rule on behalf of an AWS service, which leads to an archive."""
        rule = self._keep(bus, name, {"EventPattern": pattern, "ManagedBy": managed_by}, None)
        arn = ARCHIVE_TARGET.format(region=self._events.scope.region)
        rule.targets = {name: {"Id": name, "Arn": arn}}
        self._events.tags.create(rule.arn)

    def unmanage(self, bus: Bus, name: str) -> None:
        """The service needs its rule no more."""
        if name in bus.rules:  # users may have deleted it by force
            bus.rules[name].targets.clear()
            self.delete(bus, name, force=True)

    def set_state(self, bus: Bus, name: str, state: str) -> None:
        """Enable or disable a rule."""
        rule = self.changeable(bus, name)
        rule.state = state
        self._changed(bus, rule)

    def _changed(self, bus: Bus, rule: Rule) -> None:
        self._events.routing.changed(bus, rule.name)
        self._events.schedules.changed(rule)

    def delete(self, bus: Bus, name: str, *, force: bool = False) -> None:
        """Take a rule away; one that isn't there is no mistake.

        Raises:
            ValidationException: it has targets.
            ManagedRuleException: an AWS service keeps it.
        """
        if name not in bus.rules:
            return
        rule = self.changeable(bus, name, force=force)
        if rule.targets and not (force and rule.managed_by):
            raise ValidationException.rule_has_targets()
        del bus.rules[name]
        self._events.schedules.forget(rule)
        self._events.routing.changed(bus, name)
        self._events.tags.forget(rule.arn)

    def put_targets(self, rule: Rule, targets: Mapping[str, Target]) -> None:
        """Add targets, or put them in the place of those with their Ids.

        Raises:
            LimitExceededException: they would be more than five.
        """
        if len({*rule.targets, *targets}) > MOST_TARGETS:
            raise LimitExceededException.exceeded()
        rule.targets.update(targets)

    def handle(
        self, name: str, pattern: Mapping[str, Any] | None, schedule: str | None, bus: Bus
    ) -> RuleHandle:
        """Make a rule for the direct API."""
        request = {
            "EventPattern": None if pattern is None else json.dumps(pattern),
            "ScheduleExpression": schedule,
        }
        rule = self.put(bus, name, request)
        self._events.tags.create(rule.arn)
        return RuleHandle(self._events, bus, rule)


class RuleHandle:
    """A rule in the direct API."""

    def __init__(self, events: EventBus, bus: Bus, rule: Rule) -> None:
        self._events = events
        self._bus = bus
        self.rule = rule

    def to(self, target: str | Callable[..., Any], **more: Any) -> RuleHandle:
        """Add a target: an ARN, or a Python callable, which is called with the event.

        Args:
            target: an ARN, or the callable, which is bound as a Lambda function.
            more: members of a target as PutTargets has them, as ``InputPath="$.detail"``.
        """
        events, number = self._events, len(self.rule.targets) + 1
        with events.door:
            arn = target if isinstance(target, str) else self._bound(target)
            added = {"Id": f"target-{number}", "Arn": arn, **more}
            events.rules.put_targets(self.rule, {added["Id"]: added})
        return self

    def _bound(self, handler: Callable[..., Any]) -> str:
        name = f"{self.rule.name}-{len(self.rule.targets) + 1}"
        arn = self._events.scope.arn("lambda", f"function:{name}")
        self._events.bind(arn, handler)
        return arn
