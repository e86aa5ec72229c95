"""Tags on schedule groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list, tag_map
from awsmon.scheduler.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from mypy_boto3_scheduler.type_defs import (
        ListTagsForResourceInputTypeDef,
        TagResourceInputTypeDef,
        UntagResourceInputTypeDef,
    )

    from awsmon.scheduler.service import Scheduler


@operation("TagResource")
def tag_resource(scheduler: Scheduler, request: TagResourceInputTypeDef) -> None:
    """A tag that is there gets the new value."""
    scheduler.tags.put(_known(scheduler, request["ResourceArn"]), tag_map(request["Tags"]))


@operation("UntagResource")
def untag_resource(scheduler: Scheduler, request: UntagResourceInputTypeDef) -> None:
    """A key that isn't there is no mistake."""
    scheduler.tags.remove(_known(scheduler, request["ResourceArn"]), request["TagKeys"])


@operation("ListTagsForResource")
def list_tags_for_resource(
    scheduler: Scheduler, request: ListTagsForResourceInputTypeDef
) -> dict[str, Any]:
    """In order of key."""
    return {"Tags": tag_list(scheduler.tags.of(_known(scheduler, request["ResourceArn"])))}


def _known(scheduler: Scheduler, arn: str) -> str:
    group = scheduler.group(arn.partition(":schedule-group/")[2])
    if group.arn != arn:  # of another account or region
        raise ResourceNotFoundException.group(group.name)
    return arn
