"""Tags of log groups, by name as of old, and of whatever Logs keeps by ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.logs.errors import ResourceNotFoundException, TooManyTagsException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_logs.type_defs import (
        ListTagsForResourceRequestTypeDef,
        ListTagsLogGroupRequestTypeDef,
        TagLogGroupRequestTypeDef,
        TagResourceRequestTypeDef,
        UntagLogGroupRequestTypeDef,
        UntagResourceRequestTypeDef,
    )

    from awsmon.logs.service import Logs

MOST = 50


@operation("TagResource")
def tag_resource(logs: Logs, request: TagResourceRequestTypeDef) -> None:
    """A tag that is there gets the new value."""
    _put(logs, _known(logs, request["resourceArn"]), request["tags"])


@operation("UntagResource")
def untag_resource(logs: Logs, request: UntagResourceRequestTypeDef) -> None:
    """A key that isn't there is no mistake."""
    logs.tags.remove(_known(logs, request["resourceArn"]), request["tagKeys"])


@operation("ListTagsForResource")
def list_tags_for_resource(
    logs: Logs, request: ListTagsForResourceRequestTypeDef
) -> dict[str, Any]:
    """Of a log group, or of anything else that Logs keeps by ARN."""
    return {"tags": logs.tags.of(_known(logs, request["resourceArn"]))}


@operation("TagLogGroup")
def tag_log_group(logs: Logs, request: TagLogGroupRequestTypeDef) -> None:
    """The old form of TagResource."""
    _put(logs, logs[request["logGroupName"]].log_group_arn, request["tags"])


@operation("UntagLogGroup")
def untag_log_group(logs: Logs, request: UntagLogGroupRequestTypeDef) -> None:
    """The old form of UntagResource."""
    logs.tags.remove(logs[request["logGroupName"]].log_group_arn, request["tags"])


@operation("ListTagsLogGroup")
def list_tags_log_group(logs: Logs, request: ListTagsLogGroupRequestTypeDef) -> dict[str, Any]:
    """The old form of ListTagsForResource."""
    return {"tags": logs.tags.of(logs[request["logGroupName"]].log_group_arn)}


def _known(logs: Logs, arn: str) -> str:
    """An ARN behind which there is something; that of a group may end in ``:*``."""
    arn = arn.removesuffix(":*")
    if arn not in logs.tags or arn.split(":")[2] != "logs":
        raise ResourceNotFoundException.resource()
    return arn


def _put(logs: Logs, arn: str, tags: Mapping[str, str]) -> None:
    if len({**logs.tags.of(arn), **tags}) > MOST:
        raise TooManyTagsException.of(arn)
    logs.tags.put(arn, tags)
