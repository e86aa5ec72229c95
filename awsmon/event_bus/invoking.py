"""From a matched rule to deliveries.

Lives here: `Invoking`, and `bus_of`. Targets are taken in order of
their Ids. Sending, retrying and dead letters are `core/deliveries.py`'s.
Source: User Guide, "Event bus targets", "How EventBridge retries delivering events".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.bus_events import EventSampled
from awsmon.core.clock import aware
from awsmon.core.deliveries import Delivery, Refused, RetryPolicy
from awsmon.core.errors import MisuseError
from awsmon.core.retries import MOST_AGE, MOST_ATTEMPTS, retry_policy
from awsmon.core.target_calls import target_call, target_payload
from awsmon.event_bus.archives import MANAGED_BY
from awsmon.event_bus.inputs import input_of
from awsmon.lang.json_path import resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.bus_events import RuleMatched
    from awsmon.core.targets import ServiceCall
    from awsmon.event_bus.model import Rule, Target
    from awsmon.event_bus.service import EventBus

__all__ = ["DISCOVERY", "Invoking", "bus_of"]

DISCOVERY = "schemas.amazonaws.com"


class Invoking:
    """The targets of one account's rules."""

    def __init__(self, events: EventBus) -> None:
        self._events = events

    def rule_matched(self, match: RuleMatched) -> None:
        """A listener: the event goes to the rule's targets."""
        _, _, name = match.rule.partition(":rule/")
        bus, _, rule_name = name.rpartition("/")
        rule = self._events.buses[bus or "default"].rules[rule_name]
        for id_ in sorted(rule.targets):
            if rule.managed_by == MANAGED_BY:
                self._events.archives.keep(rule.name, match.event)
            elif rule.managed_by == DISCOVERY:
                self._show(rule, match)
            else:
                self._invoke(rule, rule.targets[id_], match)

    def _show(self, rule: Rule, match: RuleMatched) -> None:
        events = self._events
        bus = events.buses[rule.event_bus_name].arn
        events.publish(
            EventSampled(at=events.clock.now(), scope=events.scope, bus=bus, event=match.event)
        )

    def _invoke(self, rule: Rule, target: Target, match: RuleMatched) -> None:
        events, event = self._events, match.event
        arn, now = target["Arn"], events.clock.now()
        text = input_of(target, rule, event, now)
        delivery = Delivery(
            at=now, scope=events.scope, sender="events", subject=rule.arn, target_arn=arn,
            payload=event, policy=_policy(target),
            dead_letter_arn=target.get("DeadLetterConfig", {}).get("Arn"),
            dead_letter_attributes={"RULE_ARN": rule.arn, "TARGET_ARN": arn},
        )  # fmt: skip
        if text is None:
            events.deliveries.drop(delivery, "its input transformer doesn't make valid JSON of it")
        elif match.forwarded and ":event-bus/" in arn:
            events.deliveries.drop(delivery, "it came from another bus, and goes to no third")
        elif ":api-destination/" in arn:
            parameters = resolved(target.get("HttpParameters", {}), event)
            events.destinations.invoke(delivery, text, parameters)
        else:
            call = _call(target, text, event)
            delivery.request, delivery.payload = call, _payload(arn, text, event, call)
            events.deliveries.send(delivery)


def _policy(target: Target) -> RetryPolicy:
    given = target.get("RetryPolicy", {})
    return retry_policy(
        given.get("MaximumRetryAttempts", MOST_ATTEMPTS),
        given.get("MaximumEventAgeInSeconds", MOST_AGE),
    )


def _call(target: Target, text: str, event: Mapping[str, Any]) -> ServiceCall | None:
    parameters = {
        name: resolved(value, event)
        for name, value in target.items()
        if name.endswith("Parameters")
    }
    path = target.get("KinesisParameters", {}).get("PartitionKeyPath")
    if path is not None:
        parameters["KinesisParameters"] = {"PartitionKey": resolved(path, event) or event["id"]}
    return target_call(target["Arn"], text, parameters, key=event["id"], name=event["id"])


def _payload(arn: str, text: str, event: Mapping[str, Any], call: ServiceCall | None) -> Any:
    """What the target gets, as `Delivery.payload` says it of each kind."""
    if arn.split(":", 3)[2] == "logs":
        return _log_event(text, event)
    return target_payload(arn, text, call)


def _whole(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _log_event(text: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """A template may say both time and message; else the message is the input."""
    found = json.loads(text) if _whole(text) else None
    if isinstance(found, dict) and set(found) == {"timestamp", "message"}:
        message = found["message"]
        return {
            "timestamp": _milliseconds(found["timestamp"], event),
            "message": message if isinstance(message, str) else json.dumps(message),
        }
    return {"timestamp": _milliseconds(event["time"], event), "message": text}


def _milliseconds(said: Any, event: Mapping[str, Any]) -> int:
    """A template's time, as a number or as events write theirs; the event's, if it is neither.

    Source: AWS CDK, aws-events-targets, where ``LogGroupTargetInput`` says ``$.time`` by default.
    """
    if isinstance(said, int) and not isinstance(said, bool):
        return said
    if isinstance(said, str) and said.isdecimal():
        return int(said)
    try:
        at = aware(said)
    except MisuseError:
        at = aware(event["time"])
    return int(at.timestamp() * 1000)


def bus_of(delivery: Delivery) -> Arn:
    """The bus that a delivery is for.

    Raises:
        Refused: it is for something else of EventBridge's.
    """
    arn = Arn.parse(delivery.target_arn)
    if not arn.resource.startswith("event-bus/"):
        raise Refused(f"{arn} is no event bus", permanent=True, code="ResourceNotFoundException")
    return arn
