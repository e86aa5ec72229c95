"""Deliveries of other services' logs: create, get, describe, update, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import operation
from awsmon.core.policies import decide, parse
from awsmon.logs.errors import AccessDeniedException, ValidationException
from awsmon.logs.vended import LogDelivery
from awsmon.logs.vended_errors import DeliveryConflict, InvalidDelivery
from awsmon.logs.vended_templates import Template, template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_logs.type_defs import (
        CreateDeliveryRequestTypeDef,
        DeleteDeliveryRequestTypeDef,
        DescribeDeliveriesRequestTypeDef,
        GetDeliveryRequestTypeDef,
        UpdateDeliveryConfigurationRequestTypeDef,
    )

    from awsmon.logs.service import Logs
    from awsmon.logs.vended import DeliveryDestination

PLAIN = ("plain", "w3c", "raw")


@operation("CreateDelivery")
def create_delivery(logs: Logs, request: CreateDeliveryRequestTypeDef) -> dict[str, Any]:
    """One from a source to each type of destination; to another account's if its policy allows."""
    source = logs.vended.source(request["deliverySourceName"])
    destination = logs.vended.destination_at(request["deliveryDestinationArn"])
    kind = destination.delivery_destination_type
    if kind == "XRAY":
        raise NotImplementedByAwsmon("logs.CreateDelivery: deliveryDestinationType XRAY")
    _allowed(logs, destination)
    fits = template(source.service, source.log_type, kind)
    if fits is None:
        raise InvalidDelivery.log_type(source.log_type, kind)
    if any((each.delivery_source_name, each.delivery_destination_type) == (source.name, kind)
           for each in logs.vended.deliveries.values()):  # fmt: skip
        raise DeliveryConflict.exists()
    _check(request, destination, fits)
    id_ = logs.ids.uuid().replace("-", "")[:16]
    delivery = LogDelivery.from_aws(
        {**_defaults(fits, destination), **request}, id=id_,
        arn=logs.scope.arn("logs", f"delivery:{id_}"), delivery_destination_type=kind,
    )  # fmt: skip
    if kind == "S3":
        delivery.s3_delivery_configuration = _path(fits, request)
    logs.vended.deliveries[id_] = delivery
    logs.tags.create(delivery.arn, request.get("tags"))
    return {"delivery": _shown(logs, delivery)}


def _allowed(logs: Logs, destination: DeliveryDestination) -> None:
    account = logs.scope.account
    if destination.arn.split(":")[4] == account:
        return
    principal = f"arn:{logs.scope.partition}:iam::{account}:root"
    decision = destination.policy and decide(
        parse(destination.policy), principal=principal, action="logs:CreateDelivery",
        resource=destination.arn, conditions={},
    )  # fmt: skip
    if decision != "Allow":
        raise AccessDeniedException.delivery(destination.arn)


def _check(request: Mapping[str, Any], destination: DeliveryDestination, fits: Template) -> None:
    wanted = destination.output_format
    if wanted == "parquet":
        raise NotImplementedByAwsmon("logs.CreateDelivery: outputFormat parquet")
    if wanted is not None and wanted not in fits.formats:
        raise InvalidDelivery.format(wanted, fits.destination)
    for name in request.get("recordFields", ()):
        if fits.fields and name not in fits.fields:
            raise InvalidDelivery.field(name)
    if "s3DeliveryConfiguration" in request and fits.destination != "S3":
        raise InvalidDelivery.s3_only()


def _defaults(fits: Template, destination: DeliveryDestination) -> dict[str, Any]:
    found: dict[str, Any] = {"recordFields": list(fits.fields)} if fits.fields else {}
    if destination.output_format in PLAIN:
        found["fieldDelimiter"] = "\t"
    return found


def _path(fits: Template, request: Mapping[str, Any]) -> dict[str, Any]:
    given = request.get("s3DeliveryConfiguration", {})
    return {"suffixPath": fits.suffix_path, "enableHiveCompatiblePath": False, **given}


def _shown(logs: Logs, delivery: LogDelivery) -> dict[str, Any]:
    return delivery.to_aws() | {"tags": logs.tags.of(delivery.arn) or None}


@operation("GetDelivery")
def get_delivery(logs: Logs, request: GetDeliveryRequestTypeDef) -> dict[str, Any]:
    """By its Id."""
    return {"delivery": _shown(logs, logs.vended.delivery(request["id"]))}


@operation("DescribeDeliveries")
def describe_deliveries(logs: Logs, request: DescribeDeliveriesRequestTypeDef) -> dict[str, Any]:
    """In the order of their making."""
    page, token = paging.page(
        list(logs.vended.deliveries.values()), request.get("nextToken"), request.get("limit", 50),
        of="DescribeDeliveries", bad_token=ValidationException,
    )  # fmt: skip
    return {"deliveries": [_shown(logs, each) for each in page], "nextToken": token}


@operation("UpdateDeliveryConfiguration")
def update_delivery_configuration(
    logs: Logs, request: UpdateDeliveryConfigurationRequestTypeDef
) -> None:
    """What is given is changed."""
    delivery = logs.vended.delivery(request["id"])
    source = logs.vended.source(delivery.delivery_source_name)
    destination = logs.vended.destination_at(delivery.delivery_destination_arn)
    fits = template(source.service, source.log_type, delivery.delivery_destination_type)
    assert fits is not None
    _check(request, destination, fits)
    if "recordFields" in request:
        delivery.record_fields = list(request["recordFields"])
    delivery.field_delimiter = request.get("fieldDelimiter", delivery.field_delimiter)
    if "s3DeliveryConfiguration" in request:
        known = delivery.s3_delivery_configuration or {}
        delivery.s3_delivery_configuration = {**known, **request["s3DeliveryConfiguration"]}


@operation("DeleteDelivery")
def delete_delivery(logs: Logs, request: DeleteDeliveryRequestTypeDef) -> None:
    """Source and destination stay."""
    delivery = logs.vended.delivery(request["id"])
    del logs.vended.deliveries[delivery.id]
    logs.tags.forget(delivery.arn)
