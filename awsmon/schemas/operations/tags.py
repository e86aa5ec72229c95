"""Tags on registries, schemas and discoverers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.schemas.errors import NotFoundException

if TYPE_CHECKING:
    from mypy_boto3_schemas.type_defs import (
        ListTagsForResourceRequestTypeDef,
        TagResourceRequestTypeDef,
        UntagResourceRequestTypeDef,
    )

    from awsmon.schemas.service import Schemas


@operation("TagResource")
def tag_resource(schemas: Schemas, request: TagResourceRequestTypeDef) -> None:
    """A tag that is there gets the new value."""
    schemas.tags.put(_known(schemas, request["ResourceArn"]), request["Tags"])


@operation("UntagResource")
def untag_resource(schemas: Schemas, request: UntagResourceRequestTypeDef) -> None:
    """A key that isn't there is no mistake."""
    schemas.tags.remove(_known(schemas, request["ResourceArn"]), request["TagKeys"])


@operation("ListTagsForResource")
def list_tags_for_resource(
    schemas: Schemas, request: ListTagsForResourceRequestTypeDef
) -> dict[str, Any]:
    """By key."""
    return {"Tags": schemas.tags.of(_known(schemas, request["ResourceArn"]))}


def _known(schemas: Schemas, arn: str) -> str:
    if arn not in schemas.tags or ":schemas:" not in arn:
        raise NotFoundException.resource(arn)
    return arn
