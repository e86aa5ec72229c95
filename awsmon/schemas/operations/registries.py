"""Registries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.schemas.discoverers import DISCOVERED
from awsmon.schemas.errors import BadRequestException, ConflictException, ForbiddenException
from awsmon.schemas.service import AWS_EVENTS

if TYPE_CHECKING:
    from mypy_boto3_schemas.type_defs import (
        CreateRegistryRequestTypeDef,
        DeleteRegistryRequestTypeDef,
        DescribeRegistryRequestTypeDef,
        ListRegistriesRequestTypeDef,
        UpdateRegistryRequestTypeDef,
    )

    from awsmon.schemas.model import Registry
    from awsmon.schemas.service import Schemas

MOST_REGISTRIES = 10
_NAME = re.compile(r"(?!aws\.)[A-Za-z0-9.\-_]{1,64}")
_OWN = (AWS_EVENTS, DISCOVERED)


def _shown(schemas: Schemas, registry: Registry) -> dict[str, Any]:
    return {
        "RegistryArn": registry.arn, "RegistryName": registry.name,
        "Description": registry.description, "Tags": schemas.tags.of(registry.arn),
    }  # fmt: skip


@operation("CreateRegistry")
def create_registry(schemas: Schemas, request: CreateRegistryRequestTypeDef) -> dict[str, Any]:
    """For schemas of the user's own."""
    name = request["RegistryName"]
    if not _NAME.fullmatch(name):
        raise BadRequestException.registry_name()
    if name in schemas.registries:
        raise ConflictException.registry(name)
    if len(schemas.registries) - len(_OWN) >= MOST_REGISTRIES:
        raise BadRequestException.limit("registries", MOST_REGISTRIES)
    registry = schemas.create_registry(name, request.get("Description"))
    schemas.tags.put(registry.arn, request.get("Tags", {}))
    return _shown(schemas, registry)


@operation("DescribeRegistry")
def describe_registry(schemas: Schemas, request: DescribeRegistryRequestTypeDef) -> dict[str, Any]:
    """One of them."""
    return _shown(schemas, schemas.registry(request["RegistryName"]))


@operation("UpdateRegistry")
def update_registry(schemas: Schemas, request: UpdateRegistryRequestTypeDef) -> dict[str, Any]:
    """Its description."""
    registry = schemas.registry(request["RegistryName"])
    if registry.name in _OWN:
        raise ForbiddenException.registry(registry.name)
    registry.description = request.get("Description", registry.description)
    return _shown(schemas, registry)


@operation("DeleteRegistry")
def delete_registry(schemas: Schemas, request: DeleteRegistryRequestTypeDef) -> None:
    """Its schemas go first."""
    registry = schemas.registry(request["RegistryName"])
    if registry.name in _OWN:
        raise ForbiddenException.registry(registry.name)
    if registry.schemas:
        raise BadRequestException.not_empty(registry.name)
    schemas.tags.forget(registry.arn)
    del schemas.registries[registry.name]


@operation("ListRegistries")
def list_registries(schemas: Schemas, request: ListRegistriesRequestTypeDef) -> dict[str, Any]:
    """In order of name; of scope ``Local`` or ``AWS``."""
    prefix, scope = request.get("RegistryNamePrefix", ""), request.get("Scope", "").upper()
    found, token = paging.page(
        [
            name for name in sorted(schemas.registries)
            if name.startswith(prefix) and scope in ("", "AWS" if name == AWS_EVENTS else "LOCAL")
        ],
        request.get("NextToken"), request.get("Limit", 100), of="ListRegistries", key=str,
        bad_token=BadRequestException.token,
    )  # fmt: skip
    shown = [{**_shown(schemas, schemas.registries[name]), "Description": None} for name in found]
    return {"Registries": shown, "NextToken": token}
