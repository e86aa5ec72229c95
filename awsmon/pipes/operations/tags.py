"""Tags on pipes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.pipes.errors import NotFoundException

if TYPE_CHECKING:
    from mypy_boto3_pipes.type_defs import (
        ListTagsForResourceRequestTypeDef,
        TagResourceRequestTypeDef,
        UntagResourceRequestTypeDef,
    )

    from awsmon.pipes.service import Pipes


@operation("TagResource")
def tag_resource(pipes: Pipes, request: TagResourceRequestTypeDef) -> dict[str, Any]:
    """A tag that is there gets the new value."""
    pipes.tags.put(_known(pipes, request["resourceArn"]), request["tags"])
    return {}


@operation("UntagResource")
def untag_resource(pipes: Pipes, request: UntagResourceRequestTypeDef) -> dict[str, Any]:
    """A key that isn't there is no mistake."""
    pipes.tags.remove(_known(pipes, request["resourceArn"]), request["tagKeys"])
    return {}


@operation("ListTagsForResource")
def list_tags_for_resource(
    pipes: Pipes, request: ListTagsForResourceRequestTypeDef
) -> dict[str, Any]:
    """By key."""
    return {"tags": pipes.tags.of(_known(pipes, request["resourceArn"]))}


def _known(pipes: Pipes, arn: str) -> str:
    if arn not in pipes.tags or ":pipes:" not in arn:
        raise NotFoundException.resource(arn)
    return arn
