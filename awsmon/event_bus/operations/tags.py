"""Tags on buses and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list, tag_map
from awsmon.event_bus.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        ListTagsForResourceRequestTypeDef,
        TagResourceRequestTypeDef,
        UntagResourceRequestTypeDef,
    )

    from awsmon.event_bus.service import EventBus


@operation("TagResource")
def tag_resource(events: EventBus, request: TagResourceRequestTypeDef) -> None:
    """A tag that is there gets the new value."""
    events.tags.put(_known(events, request["ResourceARN"]), tag_map(request["Tags"]))


@operation("UntagResource")
def untag_resource(events: EventBus, request: UntagResourceRequestTypeDef) -> None:
    """A key that isn't there is no mistake."""
    events.tags.remove(_known(events, request["ResourceARN"]), request["TagKeys"])


@operation("ListTagsForResource")
def list_tags_for_resource(
    events: EventBus, request: ListTagsForResourceRequestTypeDef
) -> dict[str, Any]:
    """In order of key."""
    return {"Tags": tag_list(events.tags.of(_known(events, request["ResourceARN"])))}


def _known(events: EventBus, arn: str) -> str:
    """What isn't there is told as DescribeRule and DescribeEventBus tell it."""
    if arn in events.tags:
        return arn
    if ":event-bus/" in arn:
        bus = events.bus(arn)
        events.tags.create(bus.arn)
        return bus.arn
    if ":rule/" in arn:
        bus_name, _, name = arn.partition(":rule/")[2].rpartition("/")
        events.rules.of(events.bus(bus_name or None), name)
    raise ResourceNotFoundException.resource(arn)
