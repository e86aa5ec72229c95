"""Tags on whatever CloudWatch keeps by ARN: alarms, dashboards, streams, insight rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list, tag_map
from awsmon.metrics.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import (
        ListTagsForResourceInputTypeDef,
        TagResourceInputTypeDef,
        UntagResourceInputTypeDef,
    )

    from awsmon.metrics.service import Metrics


@operation("TagResource")
def tag_resource(metrics: Metrics, request: TagResourceInputTypeDef) -> None:
    """A tag that is there gets the new value."""
    metrics.tags.put(_known(metrics, request["ResourceARN"]), tag_map(request["Tags"]))


@operation("UntagResource")
def untag_resource(metrics: Metrics, request: UntagResourceInputTypeDef) -> None:
    """A key that isn't there is no mistake."""
    metrics.tags.remove(_known(metrics, request["ResourceARN"]), request["TagKeys"])


@operation("ListTagsForResource")
def list_tags_for_resource(
    metrics: Metrics, request: ListTagsForResourceInputTypeDef
) -> dict[str, Any]:
    """In order of key."""
    return {"Tags": tag_list(metrics.tags.of(_known(metrics, request["ResourceARN"])))}


def _known(metrics: Metrics, arn: str) -> str:
    if arn not in metrics.tags:
        raise ResourceNotFoundException(ResourceType="Unknown", ResourceId=arn)
    return arn
