"""Delivery destinations and who may deliver to them: put, get, describe, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.arns import Arn
from awsmon.core.operation import operation
from awsmon.core.policies import PolicyError, parse
from awsmon.logs.errors import ValidationException
from awsmon.logs.vended import DeliveryDestination
from awsmon.logs.vended_errors import DeliveryConflict, InvalidDelivery, NoSuchDelivery
from awsmon.logs.vended_templates import DESTINATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_logs.type_defs import (
        DeleteDeliveryDestinationPolicyRequestTypeDef,
        DeleteDeliveryDestinationRequestTypeDef,
        DescribeDeliveryDestinationsRequestTypeDef,
        GetDeliveryDestinationPolicyRequestTypeDef,
        GetDeliveryDestinationRequestTypeDef,
        PutDeliveryDestinationPolicyRequestTypeDef,
        PutDeliveryDestinationRequestTypeDef,
    )

    from awsmon.logs.service import Logs


@operation("PutDeliveryDestination")
def put_delivery_destination(
    logs: Logs, request: PutDeliveryDestinationRequestTypeDef
) -> dict[str, Any]:
    """One that is there gets what is given, and keeps its format and policy otherwise."""
    known = logs.vended.destinations.get(request["name"])
    kind, configuration = _kind(request, known)
    if known and known.delivery_destination_type != kind:
        raise DeliveryConflict.in_use("Delivery Destination")
    destination = DeliveryDestination.from_aws(
        request, arn=logs.scope.arn("logs", f"delivery-destination:{request['name']}"),
        delivery_destination_type=kind, delivery_destination_configuration=configuration,
        policy=known.policy if known else None,
    )  # fmt: skip
    if known and "outputFormat" not in request:
        destination.output_format = known.output_format
    logs.vended.destinations[destination.name] = destination
    logs.vended.tag(destination.arn, request.get("tags"))
    return {"deliveryDestination": _shown(logs, destination)}


def _kind(
    request: Mapping[str, Any], known: DeliveryDestination | None
) -> tuple[str, dict[str, str]]:
    """The type of the destination, and what it stands for."""
    configuration = request.get("deliveryDestinationConfiguration")
    if configuration is None and known is not None:
        configuration = known.delivery_destination_configuration
    if request.get("deliveryDestinationType") == "XRAY":
        return "XRAY", dict(configuration or {})
    if configuration is None:
        raise InvalidDelivery.configuration()
    arn = Arn.maybe(configuration["destinationResourceArn"])
    if arn is None or arn.service not in DESTINATIONS:
        raise InvalidDelivery.arn(configuration["destinationResourceArn"])
    return DESTINATIONS[arn.service], dict(configuration)


def _shown(logs: Logs, destination: DeliveryDestination) -> dict[str, Any]:
    shown = destination.to_aws() | {"tags": logs.tags.of(destination.arn) or None}
    return shown | {
        "deliveryDestinationConfiguration": destination.delivery_destination_configuration or None
    }


@operation("GetDeliveryDestination")
def get_delivery_destination(
    logs: Logs, request: GetDeliveryDestinationRequestTypeDef
) -> dict[str, Any]:
    """By name."""
    return {"deliveryDestination": _shown(logs, logs.vended.destination(request["name"]))}


@operation("DescribeDeliveryDestinations")
def describe_delivery_destinations(
    logs: Logs, request: DescribeDeliveryDestinationsRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    found = [logs.vended.destinations[name] for name in sorted(logs.vended.destinations)]
    page, token = paging.page(
        found, request.get("nextToken"), request.get("limit", 50),
        of="DescribeDeliveryDestinations", key=lambda each: each.name,
        bad_token=ValidationException,
    )  # fmt: skip
    return {"deliveryDestinations": [_shown(logs, each) for each in page], "nextToken": token}


@operation("DeleteDeliveryDestination")
def delete_delivery_destination(
    logs: Logs, request: DeleteDeliveryDestinationRequestTypeDef
) -> None:
    """Not while there are deliveries to it from this account."""
    destination = logs.vended.destination(request["name"])
    if any(each.delivery_destination_arn == destination.arn
           for each in logs.vended.deliveries.values()):  # fmt: skip
        raise DeliveryConflict.in_use("Delivery Destination")
    del logs.vended.destinations[destination.name]
    logs.tags.forget(destination.arn)


# -- who may deliver to it -------------------------------------------------------------------------


@operation("PutDeliveryDestinationPolicy")
def put_delivery_destination_policy(
    logs: Logs, request: PutDeliveryDestinationPolicyRequestTypeDef
) -> dict[str, Any]:
    """Another policy takes the place of the one before."""
    destination = logs.vended.destination(request["deliveryDestinationName"])
    text = request["deliveryDestinationPolicy"]
    try:
        parse(text)
    except PolicyError as error:
        raise InvalidDelivery.policy() from error
    destination.policy = text
    return {"policy": {"deliveryDestinationPolicy": text}}


@operation("GetDeliveryDestinationPolicy")
def get_delivery_destination_policy(
    logs: Logs, request: GetDeliveryDestinationPolicyRequestTypeDef
) -> dict[str, Any]:
    """As it was put; an empty one where there is none."""
    policy = logs.vended.destination(request["deliveryDestinationName"]).policy
    return {"policy": {"deliveryDestinationPolicy": policy}}


@operation("DeleteDeliveryDestinationPolicy")
def delete_delivery_destination_policy(
    logs: Logs, request: DeleteDeliveryDestinationPolicyRequestTypeDef
) -> None:
    """Deliveries that there are go on."""
    destination = logs.vended.destination(request["deliveryDestinationName"])
    if destination.policy is None:
        raise NoSuchDelivery.policy()
    destination.policy = None
