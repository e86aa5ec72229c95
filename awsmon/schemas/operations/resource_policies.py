"""Resource policies of registries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.core.policies import PolicyError, parse
from awsmon.schemas.discoverers import DISCOVERED
from awsmon.schemas.errors import (
    BadRequestException,
    NotFoundException,
    PreconditionFailedException,
)

if TYPE_CHECKING:
    from mypy_boto3_schemas.type_defs import (
        DeleteResourcePolicyRequestTypeDef,
        GetResourcePolicyRequestTypeDef,
        PutResourcePolicyRequestTypeDef,
    )

    from awsmon.schemas.model import Registry
    from awsmon.schemas.service import Schemas


def _registry(schemas: Schemas, request: Any) -> Registry:
    return schemas.registry(request.get("RegistryName", DISCOVERED))


def _shown(registry: Registry) -> dict[str, Any]:
    return {"Policy": json.dumps(registry.policy), "RevisionId": registry.revision}


@operation("PutResourcePolicy")
def put_resource_policy(
    schemas: Schemas, request: PutResourcePolicyRequestTypeDef
) -> dict[str, Any]:
    """In place of the one that is there, whose revision may be named."""
    registry = _registry(schemas, request)
    if "RevisionId" in request and request["RevisionId"] != registry.revision:
        raise PreconditionFailedException.revision()
    try:
        parse(request["Policy"])
    except PolicyError:
        raise BadRequestException.policy() from None
    registry.policy, registry.revision = json.loads(request["Policy"]), schemas.ids.uuid()
    return _shown(registry)


@operation("GetResourcePolicy")
def get_resource_policy(
    schemas: Schemas, request: GetResourcePolicyRequestTypeDef
) -> dict[str, Any]:
    """With its revision."""
    registry = _registry(schemas, request)
    if registry.policy is None:
        raise NotFoundException.policy(registry.name)
    return _shown(registry)


@operation("DeleteResourcePolicy")
def delete_resource_policy(schemas: Schemas, request: DeleteResourcePolicyRequestTypeDef) -> None:
    """One must be there."""
    registry = _registry(schemas, request)
    if registry.policy is None:
        raise NotFoundException.policy(registry.name)
    registry.policy, registry.revision = None, ""
