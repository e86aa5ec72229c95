"""Discoverers of schemas on event buses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.arns import Arn
from awsmon.core.operation import operation
from awsmon.schemas.errors import BadRequestException, ConflictException
from awsmon.schemas.model import Discoverer

if TYPE_CHECKING:
    from mypy_boto3_schemas.type_defs import (
        CreateDiscovererRequestTypeDef,
        DeleteDiscovererRequestTypeDef,
        DescribeDiscovererRequestTypeDef,
        ListDiscoverersRequestTypeDef,
        StartDiscovererRequestTypeDef,
        StopDiscovererRequestTypeDef,
        UpdateDiscovererRequestTypeDef,
    )

    from awsmon.schemas.service import Schemas

MOST_DISCOVERERS = 10


def _shown(schemas: Schemas, discoverer: Discoverer) -> dict[str, Any]:
    return {**discoverer.to_aws(), "Tags": schemas.tags.of(discoverer.discoverer_arn)}


@operation("CreateDiscoverer")
def create_discoverer(schemas: Schemas, request: CreateDiscovererRequestTypeDef) -> dict[str, Any]:
    """For a bus of this account and region; it is at work at once."""
    source = request["SourceArn"]
    arn = Arn.maybe(source)
    if arn is None or (arn.service, arn.account, arn.region) != ("events", *schemas.scope) or (
        not arn.resource.startswith("event-bus/")
    ):  # fmt: skip
        raise BadRequestException.bus(source)
    id_ = f"events-{arn.resource.replace('/', '-')}"
    if id_ in schemas.discoverers:
        raise ConflictException.discoverer(id_)
    if len(schemas.discoverers) >= MOST_DISCOVERERS:
        raise BadRequestException.limit("discoverers", MOST_DISCOVERERS)
    discoverer = Discoverer.from_aws(
        request, discoverer_id=id_, discoverer_arn=schemas.scope.arn("schemas", f"discoverer/{id_}")
    )
    schemas.discoverers.create(discoverer)
    schemas.tags.create(discoverer.discoverer_arn, request.get("Tags"))
    return _shown(schemas, discoverer)


@operation("DescribeDiscoverer")
def describe_discoverer(
    schemas: Schemas, request: DescribeDiscovererRequestTypeDef
) -> dict[str, Any]:
    """One of them."""
    return _shown(schemas, schemas.discoverers[request["DiscovererId"]])


@operation("UpdateDiscoverer")
def update_discoverer(schemas: Schemas, request: UpdateDiscovererRequestTypeDef) -> dict[str, Any]:
    """Its description, and whether other accounts' events count."""
    discoverer = schemas.discoverers[request["DiscovererId"]]
    discoverer.description = request.get("Description", discoverer.description)
    discoverer.cross_account = request.get("CrossAccount", discoverer.cross_account)
    schemas.discoverers.tell(discoverer)
    return _shown(schemas, discoverer)


@operation("StartDiscoverer")
def start_discoverer(schemas: Schemas, request: StartDiscovererRequestTypeDef) -> dict[str, Any]:
    """It is at work again."""
    return _set(schemas, request["DiscovererId"], "STARTED")


@operation("StopDiscoverer")
def stop_discoverer(schemas: Schemas, request: StopDiscovererRequestTypeDef) -> dict[str, Any]:
    """It rests."""
    return _set(schemas, request["DiscovererId"], "STOPPED")


def _set(schemas: Schemas, id_: str, state: str) -> dict[str, Any]:
    discoverer = schemas.discoverers[id_]
    discoverer.state = state
    schemas.discoverers.tell(discoverer)
    return {"DiscovererId": id_, "State": state}


@operation("DeleteDiscoverer")
def delete_discoverer(schemas: Schemas, request: DeleteDiscovererRequestTypeDef) -> None:
    """What it found stays."""
    discoverer = schemas.discoverers[request["DiscovererId"]]
    schemas.tags.forget(discoverer.discoverer_arn)
    schemas.discoverers.delete(discoverer)


@operation("ListDiscoverers")
def list_discoverers(schemas: Schemas, request: ListDiscoverersRequestTypeDef) -> dict[str, Any]:
    """In order of id."""
    found, token = paging.page(
        [
            each for each in schemas.discoverers
            if each.discoverer_id.startswith(request.get("DiscovererIdPrefix", ""))
            and each.source_arn.startswith(request.get("SourceArnPrefix", ""))
        ],
        request.get("NextToken"), request.get("Limit", 100), of="ListDiscoverers",
        key=lambda discoverer: discoverer.discoverer_id, bad_token=BadRequestException.token,
    )  # fmt: skip
    shown = [{**_shown(schemas, each), "Description": None} for each in found]
    return {"Discoverers": shown, "NextToken": token}
