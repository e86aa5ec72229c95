"""API destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from awsmon.core import paging
from awsmon.core.http import LOOPBACK
from awsmon.core.operation import operation
from awsmon.event_bus.errors import ResourceAlreadyExistsException, ValidationException
from awsmon.event_bus.model import ApiDestination

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        CreateApiDestinationRequestTypeDef,
        DeleteApiDestinationRequestTypeDef,
        DescribeApiDestinationRequestTypeDef,
        ListApiDestinationsRequestTypeDef,
        UpdateApiDestinationRequestTypeDef,
    )

    from awsmon.event_bus.service import EventBus

_TOLD = ("ApiDestinationArn", "ApiDestinationState", "CreationTime", "LastModifiedTime")
_SETTINGS = {
    "Description": "description",
    "ConnectionArn": "connection_arn",
    "InvocationEndpoint": "invocation_endpoint",
    "HttpMethod": "http_method",
    "InvocationRateLimitPerSecond": "invocation_rate_limit_per_second",
}


def _shown(events: EventBus, destination: ApiDestination) -> dict[str, Any]:
    return {**destination.to_aws(), "ApiDestinationState": events.destinations.state(destination)}


def _told(events: EventBus, destination: ApiDestination) -> dict[str, Any]:
    shown = _shown(events, destination)
    return {member: shown[member] for member in _TOLD}


def _check(events: EventBus, request: Any) -> None:
    if "ConnectionArn" in request:
        assert events.connections[request["ConnectionArn"]]  # it raises where there is none
    if "InvocationEndpoint" in request:
        parts = urlsplit(request["InvocationEndpoint"])
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValidationException.endpoint()


@operation("CreateApiDestination")
def create_api_destination(
    events: EventBus, request: CreateApiDestinationRequestTypeDef
) -> dict[str, Any]:
    """It is active while its connection is authorized."""
    name, now = request["Name"], events.clock.now()
    if name in events.destinations:
        raise ResourceAlreadyExistsException.api_destination(name)
    _check(events, request)
    arn = events.scope.arn("events", f"api-destination/{name}/{events.ids.uuid()}")
    destination = ApiDestination.from_aws(
        request, api_destination_arn=arn, creation_time=now, last_modified_time=now
    )
    events.destinations.create(destination)
    return _told(events, destination)


@operation("DescribeApiDestination")
def describe_api_destination(
    events: EventBus, request: DescribeApiDestinationRequestTypeDef
) -> dict[str, Any]:
    """All of it."""
    return _shown(events, events.destinations[request["Name"]])


@operation("UpdateApiDestination")
def update_api_destination(
    events: EventBus, request: UpdateApiDestinationRequestTypeDef
) -> dict[str, Any]:
    """What isn't said stays."""
    destination = events.destinations[request["Name"]]
    _check(events, request)
    given: Any = request
    for member, field in _SETTINGS.items():
        if member in given:
            setattr(destination, field, given[member])
    destination.last_modified_time = events.clock.now()
    return _told(events, destination)


@operation("DeleteApiDestination")
def delete_api_destination(events: EventBus, request: DeleteApiDestinationRequestTypeDef) -> None:
    """Rules that lead to it lead nowhere."""
    events.destinations.delete(request["Name"])


@operation("ListApiDestinations")
def list_api_destinations(
    events: EventBus, request: ListApiDestinationsRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    found, token = paging.page(
        [
            each for each in events.destinations
            if each.name.startswith(request.get("NamePrefix", ""))
            and request.get("ConnectionArn", each.connection_arn) == each.connection_arn
        ],
        request.get("NextToken"), request.get("Limit", 100), of="ListApiDestinations",
        key=lambda destination: destination.name, bad_token=ValidationException.token,
    )  # fmt: skip
    shown = [{**_shown(events, each), "Description": None} for each in found]
    return {"ApiDestinations": shown, "NextToken": token}
