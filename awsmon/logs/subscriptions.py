"""Subscription filters at work: log events on their way to functions and streams.

Lives here: `SubscriptionFilter` and `Subscriptions`. What a target gets is `subscription_payloads
.py`'s, destinations of other accounts `destinations.py`'s, whether a target lets Logs in
`permissions.py`'s; sending and trying again is `core/deliveries.py`'s.
Source: User Guide, "Real-time processing of log data with subscriptions".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from awsmon.core.arns import Arn
from awsmon.core.deliveries import ASYNCHRONOUS, Delivery, RetryPolicy
from awsmon.core.resource import Resource, aws
from awsmon.lang.filter_pattern.message import Message
from awsmon.logs.model import CLASSES_WITH_FILTERS
from awsmon.logs.patterns import matcher
from awsmon.logs.store import event_id, size
from awsmon.logs.subscription_payloads import Envelope, check_up, count, payload
from awsmon.logs.system_fields import selects, system_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsmon.core.events import DeliveryFinished, LogEventsPut
    from awsmon.logs.model import LogGroup
    from awsmon.logs.policies import AccountPolicy
    from awsmon.logs.service import Logs

__all__ = ["SubscriptionFilter", "Subscriptions", "subject_of"]

PATIENT = RetryPolicy(tuple(timedelta(minutes=2**power) for power in range(10)))
"""For 17 hours; AWS tries for up to 24, and doesn't say how often."""

KINDS = {"lambda": "Lambda", "kinesis": "Kinesis", "firehose": "Firehose"}
"""Services of targets, as the dimension ``DestinationType`` names them."""

THROTTLED = ("Throttl", "TooManyRequests", "ThroughputExceeded", "ServiceUnavailable")
"""In the errors by which functions and streams say that it is too much."""

LARGEST = 1_000_000  # bytes of messages in one payload
MARKER = ":subscription-filter:"
ACCOUNT_LEVEL = "ACCOUNT_LEVEL_POLICY"


@dataclass(kw_only=True, slots=True, eq=False)
class SubscriptionFilter(Resource):
    """A subscription filter as DescribeSubscriptionFilters shows it; the time in milliseconds.

    Attributes:
        level: of a filter that an account policy makes: what its payloads say.
    """

    aws_shape: ClassVar[str] = "logs.SubscriptionFilter"
    aws_lower_camel: ClassVar[bool] = True

    name: str = field(metadata=aws("filterName"))
    log_group_name: str
    filter_pattern: str
    destination_arn: str
    role_arn: str | None = None
    distribution: str = "ByLogStream"
    apply_on_transformed_logs: bool = False
    creation_time: int
    field_selection_criteria: str | None = None
    emit_system_fields: list[str] | None = None
    level: str | None = field(default=None, metadata=aws(None))


class _Match(NamedTuple):
    """An event that a filter lets through."""

    id: str
    time: int
    message: str
    extracted: Mapping[str, str] | None


class Subscriptions:
    """The subscription filters of one account and region."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def of(self, group: LogGroup) -> list[SubscriptionFilter]:
        """The filters of a group, in order of name, and last that of an account policy for it."""
        found = [group.subscription_filters[name] for name in sorted(group.subscription_filters)]
        policy = self._logs.policies.applying("SUBSCRIPTION_FILTER_POLICY", group)
        if policy is not None and group.log_group_class in CLASSES_WITH_FILTERS:
            found.append(_of_policy(policy, group))
        return found

    def log_events_put(self, event: LogEventsPut) -> None:
        """A listener: every filter of the group reads the events."""
        group = self._logs[event.group]
        for each in self.of(group):
            if selects(each.field_selection_criteria, self._logs.scope):
                self._forward(group, each, event)

    def _forward(self, group: LogGroup, found: SubscriptionFilter, event: LogEventsPut) -> None:
        target = self._logs.destinations.target(found.destination_arn)
        matching = _matching(found, event)
        if target is None:  # the destination has gone, or doesn't let this account in any more
            if lost := sum(1 for _ in matching):
                self._logs.usage.count("DeliveryErrors", group.name, lost, **_about(found, "logs"))
            return
        for matches in _parts(matching):
            envelope = Envelope(
                owner=self._logs.scope.account, group=group.name, stream=event.stream,
                filter=found.name, level=found.level,
            )  # fmt: skip
            events = [self._told(match, found) for match in matches]
            key = None if found.distribution == "ByLogStream" else self._logs.ids.hex(32)
            sent, size = payload(target, envelope, events, key)
            self._send(subject_of(group, found.name), target, sent)
            about = _about(found, Arn.parse(target).service)
            self._logs.usage.count("ForwardedBytes", group.name, size, **about)
            self._logs.usage.count("ForwardedLogEvents", group.name, len(events), **about)

    def _told(self, match: _Match, found: SubscriptionFilter) -> dict[str, Any]:
        told: dict[str, Any] = {"id": match.id, "timestamp": match.time, "message": match.message}
        if match.extracted is not None:
            told["extractedFields"] = match.extracted
        fields = system_fields(self._logs.scope)
        return told | {name: fields[name] for name in found.emit_system_fields or ()}

    def check(self, subject: str, target: str) -> None:
        """Send the message by which AWS sees whether a stream takes anything."""
        sent = check_up(target)
        if sent is not None:
            self._send(subject, target, sent)

    def _send(self, subject: str, target: str, sent: Any) -> None:
        function = Arn.parse(target).service == "lambda"
        self._logs.deliveries.send(
            Delivery(
                at=self._logs.clock.now(), scope=self._logs.scope, sender="logs",
                subject=subject, target_arn=target, payload=sent,
                policy=ASYNCHRONOUS if function else PATIENT,
            )
        )  # fmt: skip

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: count the log events that could not be delivered, or not at once."""
        group, marker, name = event.subject.partition(MARKER)
        if event.sender != "logs" or not marker or not event.errors:
            return
        events = count(event.payload)
        throttled = any(each in error for error in event.errors for each in THROTTLED)
        for metric, so in (("DeliveryErrors", event.error), ("DeliveryThrottling", throttled)):
            if so and events:
                service = Arn.parse(event.target_arn).service
                about = {"DestinationType": KINDS.get(service, service), "FilterName": name}
                group_name = group.partition(":log-group:")[2]
                self._logs.usage.count(metric, group_name, events, **about)


def subject_of(group: LogGroup, name: str) -> str:
    """What deliveries of a filter are for."""
    return f"{group.log_group_arn}{MARKER}{name}"


def _of_policy(policy: AccountPolicy, group: LogGroup) -> SubscriptionFilter:
    document = policy.document
    return SubscriptionFilter(
        name=policy.name, log_group_name=group.name, level=ACCOUNT_LEVEL,
        filter_pattern=document.get("FilterPattern", ""),
        destination_arn=document["DestinationArn"], role_arn=document.get("RoleArn"),
        distribution=document.get("Distribution", "ByLogStream"),
        creation_time=policy.last_updated_time,
    )  # fmt: skip


def _about(found: SubscriptionFilter, service: str) -> dict[str, str]:
    return {"DestinationType": KINDS.get(service, service), "FilterName": found.name}


def _matching(found: SubscriptionFilter, event: LogEventsPut) -> Iterator[_Match]:
    """The events of a batch that a filter lets through, with what a delimited pattern reads."""
    batch = event.batch
    transformed = (batch.transformed or {}) if found.apply_on_transformed_logs else {}
    pattern = matcher(found.filter_pattern)
    delimited = found.filter_pattern.lstrip().startswith("[")
    for place, time in enumerate(batch.times):
        text = transformed.get(place, batch.messages[place])
        message = Message(text)
        if pattern.matches(message):
            values = (pattern.extract(message) or {}) if delimited else None
            extracted = None if values is None else {
                name.removeprefix("$"): value for name, value in values.items()}  # fmt: skip
            yield _Match(event_id(time, batch.first + place), time, text, extracted)


def _parts(matches: Iterator[_Match]) -> Iterator[Sequence[_Match]]:
    """As much as one payload may carry, again and again."""
    part: list[_Match] = []
    room = LARGEST
    for match in matches:
        needed = size(match.message)
        if part and needed > room:
            yield part
            part, room = [], LARGEST
        room -= needed
        part.append(match)
    if part:
        yield part
