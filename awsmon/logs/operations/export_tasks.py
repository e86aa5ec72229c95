"""Export tasks: create, describe, cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException
from awsmon.logs.export_errors import InvalidExport
from awsmon.logs.exports import probe_key
from awsmon.logs.permissions import check_bucket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_logs.type_defs import (
        CancelExportTaskRequestTypeDef,
        DescribeExportTasksRequestTypeDef,
    )

    from awsmon.logs.service import Logs

LONGEST_PREFIX = 1024  # bytes, as keys of S3


@operation("CreateExportTask")
def create_export_task(logs: Logs, request: Mapping[str, Any]) -> dict[str, Any]:
    """The bucket is asked first; `to` may lie before the group was created (recorded)."""
    prefix = request.get("destinationPrefix")
    if prefix and len(prefix.encode()) > LONGEST_PREFIX:
        raise InvalidExport.prefix(LONGEST_PREFIX)
    if request["from"] > request["to"]:
        raise InvalidExport.times()
    check_bucket(logs, request["destination"], probe_key(prefix), request["logGroupName"])
    group = logs[request["logGroupName"]]
    if group.log_group_class != "STANDARD":
        raise InvalidExport.log_class(group.log_group_class)
    return {"taskId": logs.exports.create(request)}


@operation("DescribeExportTasks")
def describe_export_tasks(logs: Logs, request: DescribeExportTasksRequestTypeDef) -> dict[str, Any]:
    """The newest first; an unknown id finds none."""
    found = [
        task for task in logs.exports
        if request.get("taskId", task.task_id) == task.task_id
        and request.get("statusCode", task.code) == task.code
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("nextToken"), request.get("limit", 50), of="DescribeExportTasks",
        bad_token=InvalidParameterException.next_token,
    )  # fmt: skip
    return {"exportTasks": [task.to_aws() for task in page], "nextToken": token}


@operation("CancelExportTask")
def cancel_export_task(logs: Logs, request: CancelExportTaskRequestTypeDef) -> None:
    """A task that runs needs a second to stop."""
    logs.exports.cancel(request["taskId"])
