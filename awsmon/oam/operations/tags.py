"""Tags on sinks and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.oam.errors import ResourceNotFoundException, TooManyTagsException

if TYPE_CHECKING:
    from mypy_boto3_oam.type_defs import (
        ListTagsForResourceInputTypeDef,
        TagResourceInputTypeDef,
        UntagResourceInputTypeDef,
    )

    from awsmon.oam.service import Oam

MOST_TAGS = 50
"""Source: API reference, TagResource."""


@operation("TagResource")
def tag_resource(oam: Oam, request: TagResourceInputTypeDef) -> None:
    """A tag that is there gets the new value."""
    arn = _known(oam, request["ResourceArn"])
    if len({*oam.tags.of(arn), *request["Tags"]}) > MOST_TAGS:
        raise TooManyTagsException.of(MOST_TAGS)
    oam.tags.put(arn, request["Tags"])


@operation("UntagResource")
def untag_resource(oam: Oam, request: UntagResourceInputTypeDef) -> None:
    """A key that isn't there is no mistake."""
    oam.tags.remove(_known(oam, request["ResourceArn"]), request["TagKeys"])


@operation("ListTagsForResource")
def list_tags_for_resource(oam: Oam, request: ListTagsForResourceInputTypeDef) -> dict[str, Any]:
    """All of them."""
    return {"Tags": oam.tags.of(_known(oam, request["ResourceArn"]))}


def _known(oam: Oam, arn: str) -> str:
    if arn not in oam.tags:
        raise ResourceNotFoundException.resource("Resource", arn)
    return arn
