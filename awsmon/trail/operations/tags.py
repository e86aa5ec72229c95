"""Tags on trails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list
from awsmon.trail.errors import ResourceNotFoundException
from awsmon.trail.tagging import check_taggable, checked_tags

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        AddTagsRequestTypeDef,
        ListTagsRequestTypeDef,
        RemoveTagsRequestTypeDef,
    )

    from awsmon.trail.service import Trail


@operation("AddTags")
def add_tags(trail: Trail, request: AddTagsRequestTypeDef) -> None:
    """A tag that is there gets the new value."""
    arn = _known(trail, request["ResourceId"])
    trail.tags.put(arn, checked_tags(request["TagsList"], had=trail.tags.of(arn)))


@operation("RemoveTags")
def remove_tags(trail: Trail, request: RemoveTagsRequestTypeDef) -> None:
    """By key; one that isn't there is no mistake."""
    keys = [each["Key"] for each in request["TagsList"]]
    trail.tags.remove(_known(trail, request["ResourceId"]), keys)


@operation("ListTags")
def list_tags(trail: Trail, request: ListTagsRequestTypeDef) -> dict[str, Any]:
    """Of several resources."""
    return {
        "ResourceTagList": [
            {"ResourceId": arn, "TagsList": tag_list(trail.tags.of(_known(trail, arn)))}
            for arn in request["ResourceIdList"]
        ]
    }


def _known(trail: Trail, arn: str) -> str:
    check_taggable(arn)
    if arn not in trail.tags:
        raise ResourceNotFoundException.named(arn)
    return arn
