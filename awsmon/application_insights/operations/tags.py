"""Tags on applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.application_insights.errors import ResourceNotFoundException, TooManyTagsException
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list, tag_map

if TYPE_CHECKING:
    from mypy_boto3_application_insights.type_defs import (
        ListTagsForResourceRequestTypeDef,
        TagResourceRequestTypeDef,
        UntagResourceRequestTypeDef,
    )

    from awsmon.application_insights.service import ApplicationInsights

MOST = 50


@operation("TagResource")
def tag_resource(
    insights: ApplicationInsights, request: TagResourceRequestTypeDef
) -> dict[str, Any]:
    """A tag that is there gets the new value."""
    arn, tags = _known(insights, request["ResourceARN"]), tag_map(request["Tags"])
    if len({*insights.tags.of(arn), *tags}) > MOST:
        raise TooManyTagsException.beyond(arn, MOST)
    insights.tags.put(arn, tags)
    return {}


@operation("UntagResource")
def untag_resource(
    insights: ApplicationInsights, request: UntagResourceRequestTypeDef
) -> dict[str, Any]:
    """A key that isn't there is no mistake."""
    insights.tags.remove(_known(insights, request["ResourceARN"]), request["TagKeys"])
    return {}


@operation("ListTagsForResource")
def list_tags_for_resource(
    insights: ApplicationInsights, request: ListTagsForResourceRequestTypeDef
) -> dict[str, Any]:
    """In order of key."""
    return {"Tags": tag_list(insights.tags.of(_known(insights, request["ResourceARN"])))}


def _known(insights: ApplicationInsights, arn: str) -> str:
    if arn not in insights.tags or ":applicationinsights:" not in arn:
        raise ResourceNotFoundException.resource(arn)
    return arn
