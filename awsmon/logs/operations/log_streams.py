"""Log streams: create, delete, describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException, ValidationException
from awsmon.logs.linked import asked

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        CreateLogStreamRequestTypeDef,
        DeleteLogStreamRequestTypeDef,
        DescribeLogStreamsRequestTypeDef,
    )

    from awsmon.logs.model import LogStream
    from awsmon.logs.service import Logs


@operation("CreateLogStream")
def create_log_stream(logs: Logs, request: CreateLogStreamRequestTypeDef) -> None:
    """Any name without ``:`` and ``*``."""
    logs.create_stream(logs[request["logGroupName"]], request["logStreamName"])


@operation("DeleteLogStream")
def delete_log_stream(logs: Logs, request: DeleteLogStreamRequestTypeDef) -> None:
    """With its events; refused under the group's deletion protection."""
    group = logs[request["logGroupName"]]
    stream = group.stream(request["logStreamName"])
    if group.deletion_protection_enabled:
        raise ValidationException.protected()
    del group.streams[stream.name]


@operation("DescribeLogStreams")
def describe_log_streams(logs: Logs, request: DescribeLogStreamsRequestTypeDef) -> dict[str, Any]:
    """In order of name or of their last event; streams without any stand first."""
    prefix = request.get("logStreamNamePrefix")
    by_time = request.get("orderBy") == "LastEventTime"
    if by_time and prefix is not None:
        raise InvalidParameterException.prefix_and_time()
    group = asked(logs, request)
    logs.retention.expire(group)
    found = [stream for name, stream in group.streams.items() if name.startswith(prefix or "")]
    key, descending = _last_event if by_time else _name, request.get("descending", False)
    found.sort(key=key, reverse=descending)
    page, token = paging.page_in_order(
        found, request.get("nextToken"), request.get("limit", 50), of="DescribeLogStreams",
        bad_token=InvalidParameterException.next_token, key=key, descending=descending,
    )  # fmt: skip
    return {"logStreams": [stream.to_aws() for stream in page], "nextToken": token}


def _name(stream: LogStream) -> list[Any]:
    return [0, stream.name]


def _last_event(stream: LogStream) -> list[Any]:
    times = stream.events.times
    return [times[-1] if times else 0, stream.name]
