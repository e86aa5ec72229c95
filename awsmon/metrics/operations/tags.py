"""Tags on whatever CloudWatch keeps by ARN: alarms, dashboards, streams, insight rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.cloudwatch_tags import checked_tags
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list
from awsmon.metrics.dashboards import global_metrics
from awsmon.metrics.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import (
        ListTagsForResourceInputTypeDef,
        TagResourceInputTypeDef,
        UntagResourceInputTypeDef,
    )

    from awsmon.core.tagging import Tags
    from awsmon.metrics.service import Metrics


@operation("TagResource")
def tag_resource(metrics: Metrics, request: TagResourceInputTypeDef) -> None:
    """A tag that is there gets the new value."""
    tags, arn = _known(metrics, request["ResourceARN"])
    tags.put(arn, checked_tags(request["Tags"], had=tags.of(arn)))


@operation("UntagResource")
def untag_resource(metrics: Metrics, request: UntagResourceInputTypeDef) -> None:
    """A key that isn't there is no mistake."""
    tags, arn = _known(metrics, request["ResourceARN"])
    tags.remove(arn, request["TagKeys"])


@operation("ListTagsForResource")
def list_tags_for_resource(
    metrics: Metrics, request: ListTagsForResourceInputTypeDef
) -> dict[str, Any]:
    """In order of key."""
    tags, arn = _known(metrics, request["ResourceARN"])
    return {"Tags": tag_list(tags.of(arn))}


def _known(metrics: Metrics, arn: str) -> tuple[Tags, str]:
    """Whose tags they are, and the ARN itself; dashboards have no region."""
    found = Arn.maybe(arn)
    dashboard = found is not None and found.resource.startswith("dashboard/")
    tags = (global_metrics(metrics) if dashboard else metrics).tags
    if arn not in tags:
        raise ResourceNotFoundException(ResourceType="Unknown", ResourceId=arn)
    return tags, arn
