"""Tags on what AWS Config has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.errors import ResourceNotFoundException
from awsmon.config_recorder.tagging import TooManyTagsException, tags_of
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        ListTagsForResourceRequestTypeDef,
        TagResourceRequestTypeDef,
        UntagResourceRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder

_MOST = 50


@operation("TagResource")
def tag_resource(config: ConfigRecorder, request: TagResourceRequestTypeDef) -> None:
    """A tag that is there gets the new value."""
    arn, tags = _known(config, request["ResourceArn"]), tags_of(request)
    if len({*config.tags.of(arn), *tags}) > _MOST:
        raise TooManyTagsException.beyond(", ".join(tags))
    config.tags.put(arn, tags)


@operation("UntagResource")
def untag_resource(config: ConfigRecorder, request: UntagResourceRequestTypeDef) -> None:
    """By key; one that isn't there is no mistake."""
    config.tags.remove(_known(config, request["ResourceArn"]), request["TagKeys"])


@operation("ListTagsForResource")
def list_tags_for_resource(
    config: ConfigRecorder, request: ListTagsForResourceRequestTypeDef
) -> dict[str, Any]:
    """In order of key."""
    tags = tag_list(config.tags.of(_known(config, request["ResourceArn"])))
    page, token = pages.page(tags, request, 100, "ListTagsForResource")
    return {"Tags": page, "NextToken": token}


def _known(config: ConfigRecorder, arn: str) -> str:
    if arn not in config.tags or ":config:" not in arn:
        raise ResourceNotFoundException.arn(arn)
    return arn
