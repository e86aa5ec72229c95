"""Global endpoints."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.arns import Arn
from awsmon.core.operation import operation
from awsmon.event_bus.endpoints import Endpoint
from awsmon.event_bus.errors import (
    LimitExceededException,
    ResourceAlreadyExistsException,
    ValidationException,
)

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        CreateEndpointRequestTypeDef,
        DeleteEndpointRequestTypeDef,
        DescribeEndpointRequestTypeDef,
        ListEndpointsRequestTypeDef,
        UpdateEndpointRequestTypeDef,
    )

    from awsmon.event_bus.service import EventBus

MOST_ENDPOINTS = 100
_MADE = ("Name", "Arn", "RoutingConfig", "ReplicationConfig", "EventBuses", "RoleArn", "State")
_SETTINGS = {
    "Description": "description",
    "RoutingConfig": "routing_config",
    "ReplicationConfig": "replication_config",
    "EventBuses": "event_buses",
    "RoleArn": "role_arn",
}


def _check(events: EventBus, request: Any) -> None:
    """Two buses of one name: here, and in the second region."""
    if "EventBuses" not in request and "RoutingConfig" not in request:
        return
    arns = [Arn.parse(each["EventBusArn"]) for each in request["EventBuses"]]
    second = request["RoutingConfig"]["FailoverConfig"]["Secondary"]["Route"]
    regions, names = {arn.region for arn in arns}, {arn.resource for arn in arns}
    if len(arns) != 2 or len(names) != 1 or regions != {events.scope.region, second}:
        raise ValidationException.endpoint_buses(events.scope.region, second)


@operation("CreateEndpoint")
def create_endpoint(events: EventBus, request: CreateEndpointRequestTypeDef) -> dict[str, Any]:
    """Its primary region is the one where it is created."""
    name, now = request["Name"], events.clock.now()
    if name in events.endpoints:
        raise ResourceAlreadyExistsException.endpoint(name)
    if len(list(events.endpoints)) >= MOST_ENDPOINTS:
        raise LimitExceededException.exceeded()
    _check(events, request)
    id_ = f"{events.ids.hex(10)}.{events.ids.hex(3)}"
    endpoint = Endpoint.from_aws(
        request, arn=events.scope.arn("events", f"endpoint/{name}"), endpoint_id=id_,
        endpoint_url=f"https://{id_}.endpoint.events.amazonaws.com", creation_time=now,
        last_modified_time=now,
    )  # fmt: skip
    events.endpoints.create(endpoint)
    shown = endpoint.to_aws()
    return {member: shown.get(member) for member in _MADE}


@operation("DescribeEndpoint")
def describe_endpoint(events: EventBus, request: DescribeEndpointRequestTypeDef) -> dict[str, Any]:
    """All of it."""
    return events.endpoints[request["Name"]].to_aws()


@operation("UpdateEndpoint")
def update_endpoint(events: EventBus, request: UpdateEndpointRequestTypeDef) -> dict[str, Any]:
    """What isn't said stays."""
    endpoint = events.endpoints[request["Name"]]
    _check(events, {"EventBuses": endpoint.event_buses, "RoutingConfig": endpoint.routing_config}
           | {**request})  # fmt: skip
    given: Any = request
    for member, field in _SETTINGS.items():
        if member in given:
            setattr(endpoint, field, copy.deepcopy(given[member]))
    endpoint.last_modified_time = events.clock.now()
    events.endpoints.become(endpoint, "UPDATING")
    shown = endpoint.to_aws()
    return {member: shown.get(member) for member in (*_MADE, "EndpointId", "EndpointUrl")}


@operation("DeleteEndpoint")
def delete_endpoint(events: EventBus, request: DeleteEndpointRequestTypeDef) -> None:
    """It is gone a little later; its buses stay."""
    events.endpoints.become(events.endpoints[request["Name"]], "DELETING")


@operation("ListEndpoints")
def list_endpoints(events: EventBus, request: ListEndpointsRequestTypeDef) -> dict[str, Any]:
    """In order of name."""
    home = request.get("HomeRegion", events.scope.region)
    found, token = paging.page(
        [
            endpoint for endpoint in events.endpoints
            if endpoint.name.startswith(request.get("NamePrefix", ""))
            and home == events.scope.region
        ],
        request.get("NextToken"), request.get("MaxResults", 100), of="ListEndpoints",
        key=lambda endpoint: endpoint.name, bad_token=ValidationException.token,
    )  # fmt: skip
    return {"Endpoints": [endpoint.to_aws() for endpoint in found], "NextToken": token}
