"""Events put on buses, and patterns tried on events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.event_bus import entries
from awsmon.event_bus.errors import AccessDeniedException, ValidationException
from awsmon.event_bus.model import DEFAULT
from awsmon.event_bus.permissions import may
from awsmon.event_bus.rules import check_pattern
from awsmon.lang.event_pattern.compiler import compile_pattern
from awsmon.lang.event_pattern.parser import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_events.type_defs import PutEventsRequestTypeDef, TestEventPatternRequestTypeDef

    from awsmon.event_bus.service import EventBus

MOST_ENTRIES = 10
_ESSENTIAL = ("id", "detail-type", "source", "account", "time", "region")


@operation("PutEvents")
def put_events(events: EventBus, request: PutEventsRequestTypeDef) -> dict[str, Any]:
    """Each entry is taken or refused by itself; a bus that isn't there swallows its events."""
    given = request["Entries"]
    if len(given) > MOST_ENTRIES:
        raise ValidationException.too_many_entries(entries.shown(given), MOST_ENTRIES)
    if entries.size(given) > entries.MOST_BYTES:
        raise ValidationException.entries_size()
    if "EndpointId" in request:
        home, endpoint = events.endpoint(request["EndpointId"])
        arns = home.endpoints.buses_of(endpoint, healthy=home.healthy(endpoint))
        answers = [_put_everywhere(events, entry, arns) for entry in given]
    else:
        answers = [_put(events, entry) for entry in given]
    return {
        "FailedEntryCount": sum("ErrorCode" in answer for answer in answers),
        "Entries": answers,
    }


def _put_everywhere(
    events: EventBus, entry: Mapping[str, Any], arns: Sequence[str]
) -> dict[str, Any]:
    """To the buses of a global endpoint, under one id."""
    answer = _put(events.there(arns[0]), {**entry, "EventBusName": arns[0]})
    for arn in arns[1:] if "EventId" in answer else ():
        _put(events.there(arn), {**entry, "EventBusName": arn}, id_=answer["EventId"])
    return answer


def _put(events: EventBus, entry: Mapping[str, Any], id_: str | None = None) -> dict[str, Any]:
    refusal = entries.refusal(entry)
    if refusal is not None:
        return refusal
    detail = entries.detail_of(entry)
    if detail is None:
        return entries.MALFORMED
    name = entry.get("EventBusName")
    if name is None:
        there, bus = events, events.buses.get(DEFAULT)
    else:
        there = events.there(name)
        bus = there.buses.get(name.rpartition(":event-bus/")[2])
    if there is not events and bus is not None and not may(
        bus, there.scope.account, events.scope.account
    ):  # fmt: skip
        caller = f"arn:{events.scope.partition}:iam::{events.scope.account}:root"
        error = AccessDeniedException.on(caller, "events:PutEvents", bus.arn)
        return {"ErrorCode": error.code, "ErrorMessage": error.message}
    event = entries.envelope(
        events.scope, id_=id_ or events.ids.uuid(), at=entry.get("Time") or events.clock.now(),
        source=entry["Source"], detail_type=entry["DetailType"],
        resources=entry.get("Resources", ()), detail=detail,
    )  # fmt: skip
    if bus is not None:
        there.routing.receive(bus, event)
    return {"EventId": event["id"]}


@operation("TestEventPattern")
def test_event_pattern(events: EventBus, request: TestEventPatternRequestTypeDef) -> dict[str, Any]:
    """The event must have what every event has."""
    del events
    check_pattern(request["EventPattern"])
    try:
        event = json.loads(request["Event"])
    except (ValueError, RecursionError):
        raise ValidationException.event() from None
    if not isinstance(event, dict) or any(member not in event for member in _ESSENTIAL):
        raise ValidationException.event()
    return {"Result": compile_pattern(parse(request["EventPattern"]))(event)}
