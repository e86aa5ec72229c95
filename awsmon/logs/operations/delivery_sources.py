"""Delivery sources: put, get, describe, delete; what can be one: configuration templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.arns import Arn
from awsmon.core.operation import operation
from awsmon.logs.errors import ValidationException
from awsmon.logs.vended import DeliverySource
from awsmon.logs.vended_errors import DeliveryConflict, InvalidDelivery, NoSuchDelivery
from awsmon.logs.vended_templates import TEMPLATES, template

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        DeleteDeliverySourceRequestTypeDef,
        DescribeConfigurationTemplatesRequestTypeDef,
        DescribeDeliverySourcesRequestTypeDef,
        GetDeliverySourceRequestTypeDef,
        PutDeliverySourceRequestTypeDef,
    )

    from awsmon.logs.service import Logs

SERVICES = {each.service for each in TEMPLATES}


@operation("PutDeliverySource")
def put_delivery_source(logs: Logs, request: PutDeliverySourceRequestTypeDef) -> dict[str, Any]:
    """One that is there keeps its resource and type of logs."""
    arn, log_type = Arn.maybe(request["resourceArn"]), request["logType"]
    if arn is None:
        raise InvalidDelivery.arn(request["resourceArn"])
    if arn.service not in SERVICES:
        raise NoSuchDelivery.service()
    if template(arn.service, log_type) is None:
        raise InvalidDelivery.log_type(log_type, arn.service)
    known = logs.vended.sources.get(request["name"])
    if known and (known.resource_arns, known.log_type) != ([str(arn)], log_type):
        raise DeliveryConflict.in_use("Delivery Source")
    source = DeliverySource.from_aws(
        request, arn=logs.scope.arn("logs", f"delivery-source:{request['name']}"),
        resource_arns=[str(arn)], service=arn.service,
    )  # fmt: skip
    logs.vended.sources[source.name] = source
    logs.vended.tag(source.arn, request.get("tags"))
    return {"deliverySource": _shown(logs, source)}


@operation("GetDeliverySource")
def get_delivery_source(logs: Logs, request: GetDeliverySourceRequestTypeDef) -> dict[str, Any]:
    """By name."""
    return {"deliverySource": _shown(logs, logs.vended.source(request["name"]))}


def _shown(logs: Logs, source: DeliverySource) -> dict[str, Any]:
    return source.to_aws() | {"tags": logs.tags.of(source.arn) or None}


@operation("DescribeDeliverySources")
def describe_delivery_sources(
    logs: Logs, request: DescribeDeliverySourcesRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    found = [logs.vended.sources[name] for name in sorted(logs.vended.sources)]
    page, token = paging.page(
        found, request.get("nextToken"), request.get("limit", 50), of="DescribeDeliverySources",
        key=lambda each: each.name, bad_token=ValidationException,
    )  # fmt: skip
    return {"deliverySources": [_shown(logs, each) for each in page], "nextToken": token}


@operation("DeleteDeliverySource")
def delete_delivery_source(logs: Logs, request: DeleteDeliverySourceRequestTypeDef) -> None:
    """Not while it has deliveries."""
    source = logs.vended.source(request["name"])
    if any(each.delivery_source_name == source.name for each in logs.vended.deliveries.values()):
        raise DeliveryConflict.in_use("Delivery Source")
    del logs.vended.sources[source.name]
    logs.tags.forget(source.arn)


@operation("DescribeConfigurationTemplates")
def describe_configuration_templates(
    logs: Logs, request: DescribeConfigurationTemplatesRequestTypeDef
) -> dict[str, Any]:
    """Those that fit all that is asked for."""
    del logs
    found = [
        each for each in TEMPLATES
        if request.get("service", each.service) == each.service
        and each.log_type in request.get("logTypes", [each.log_type])
        and each.resource_type in request.get("resourceTypes", [each.resource_type])
        and each.destination in request.get("deliveryDestinationTypes", [each.destination])
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("nextToken"), request.get("limit", 50),
        of="DescribeConfigurationTemplates", bad_token=ValidationException,
    )  # fmt: skip
    return {"configurationTemplates": [each.to_aws() for each in page], "nextToken": token}
