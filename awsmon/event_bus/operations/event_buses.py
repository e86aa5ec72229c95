"""Event buses and who may put events on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_map
from awsmon.event_bus import permissions
from awsmon.event_bus.errors import (
    LimitExceededException,
    ResourceAlreadyExistsException,
    ValidationException,
)
from awsmon.event_bus.model import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_events.type_defs import (
        CreateEventBusRequestTypeDef,
        DeleteEventBusRequestTypeDef,
        DescribeEventBusRequestTypeDef,
        ListEventBusesRequestTypeDef,
        PutPermissionRequestTypeDef,
        RemovePermissionRequestTypeDef,
        UpdateEventBusRequestTypeDef,
    )

    from awsmon.event_bus.model import Bus
    from awsmon.event_bus.service import EventBus

MOST_BUSES = 100
_SETTINGS = {
    "Description": "description",
    "KmsKeyIdentifier": "kms_key_identifier",
    "DeadLetterConfig": "dead_letter_config",
    "LogConfig": "log_config",
}


_LISTED = ("Name", "Arn", "Description", "Policy", "CreationTime", "LastModifiedTime")


def _shown(bus: Bus, members: Iterable[str]) -> dict[str, Any]:
    shown = bus.to_aws()
    return {member: shown.get(member) for member in members}


def _settings(request: Any) -> dict[str, Any]:
    return {field: request[member] for member, field in _SETTINGS.items() if member in request}


@operation("CreateEventBus")
def create_event_bus(events: EventBus, request: CreateEventBusRequestTypeDef) -> dict[str, Any]:
    """A partner's bus is named like its source."""
    name = request["Name"]
    if name in events.buses:
        raise ResourceAlreadyExistsException.bus(name)
    source = events.sources[request["EventSourceName"]] if "EventSourceName" in request else None
    if name != (source.name if source else name) or ("/" in name and source is None):
        raise ValidationException.bus_name()
    if len(events.buses) >= MOST_BUSES:
        raise LimitExceededException.exceeded()
    bus = events.create_bus(name, **_settings(request))
    events.tags.create(bus.arn, tag_map(request.get("Tags")))
    if source is not None:
        events.sources.activate(source)
    return {"EventBusArn": bus.arn, **_shown(bus, _SETTINGS)}


@operation("DescribeEventBus")
def describe_event_bus(events: EventBus, request: DescribeEventBusRequestTypeDef) -> dict[str, Any]:
    """By name or ARN."""
    return events.bus(request.get("Name")).to_aws()


@operation("UpdateEventBus")
def update_event_bus(events: EventBus, request: UpdateEventBusRequestTypeDef) -> dict[str, Any]:
    """What isn't named stays."""
    bus = events.bus(request.get("Name"))
    for field, value in _settings(request).items():
        setattr(bus, field, value)
    bus.last_modified_time = events.clock.now()
    return _shown(bus, ("Arn", "Name", *_SETTINGS))


@operation("ListEventBuses")
def list_event_buses(events: EventBus, request: ListEventBusesRequestTypeDef) -> dict[str, Any]:
    """In order of name."""
    prefix = request.get("NamePrefix", "")
    found, token = paging.page(
        [bus for bus in events if bus.name.startswith(prefix)], request.get("NextToken"),
        request.get("Limit", 100), of="ListEventBuses", key=lambda bus: bus.name,
        bad_token=ValidationException.token,
    )  # fmt: skip
    return {"EventBuses": [_shown(bus, _LISTED) for bus in found], "NextToken": token}


@operation("DeleteEventBus")
def delete_event_bus(events: EventBus, request: DeleteEventBusRequestTypeDef) -> None:
    """Not the default one, and none that has rules."""
    if request["Name"] == DEFAULT:
        raise ValidationException.default_bus()
    bus = events.bus(request["Name"])
    if bus.rules:
        raise ValidationException.bus_has_rules(bus.name)
    del events.buses[bus.name]
    events.routing.forget(bus)
    events.tags.forget(bus.arn)


@operation("PutPermission")
def put_permission(events: EventBus, request: PutPermissionRequestTypeDef) -> None:
    """One statement, or the whole policy."""
    bus = events.bus(request.get("EventBusName"))
    bus.document = permissions.granted(bus, events.scope, request)


@operation("RemovePermission")
def remove_permission(events: EventBus, request: RemovePermissionRequestTypeDef) -> None:
    """One statement, or all of them."""
    bus = events.bus(request.get("EventBusName"))
    everything = request.get("RemoveAllPermissions", False)
    bus.document = permissions.revoked(bus, request.get("StatementId"), everything=everything)
