"""Import tasks: create, describe, batches, cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        CancelImportTaskRequestTypeDef,
        CreateImportTaskRequestTypeDef,
        DescribeImportTaskBatchesRequestTypeDef,
        DescribeImportTasksRequestTypeDef,
    )

    from awsmon.logs.service import Logs


@operation("CreateImportTask")
def create_import_task(logs: Logs, request: CreateImportTaskRequestTypeDef) -> dict[str, Any]:
    """Nobody looks at the role: what it may do is IAM's matter."""
    task = logs.imports.create(request)
    return {
        "importId": task.import_id,
        "importDestinationArn": task.import_destination_arn,
        "creationTime": task.creation_time,
    }


@operation("DescribeImportTasks")
def describe_import_tasks(logs: Logs, request: DescribeImportTasksRequestTypeDef) -> dict[str, Any]:
    """The newest first; an unknown id finds none."""
    found = [
        task for task in logs.imports
        if request.get("importId", task.import_id) == task.import_id
        and request.get("importStatus", task.import_status) == task.import_status
        and request.get("importSourceArn", task.import_source_arn) == task.import_source_arn
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("nextToken"), request.get("limit", 50), of="DescribeImportTasks",
        bad_token=InvalidParameterException.next_token,
    )  # fmt: skip
    return {"imports": [task.to_aws() for task in page], "nextToken": token}


@operation("DescribeImportTaskBatches")
def describe_import_task_batches(
    logs: Logs, request: DescribeImportTaskBatchesRequestTypeDef
) -> dict[str, Any]:
    """In order of the days that they are of."""
    task = logs.imports[request["importId"]]
    wanted = request.get("batchImportStatus")
    found = [batch for batch in task.batches if not wanted or batch.status in wanted]
    page, token = paging.page(
        found, request.get("nextToken"), request.get("limit", 10),
        of=f"DescribeImportTaskBatches {task.import_id}",
        bad_token=InvalidParameterException.next_token,
    )  # fmt: skip
    return {
        "importId": task.import_id, "importSourceArn": task.import_source_arn,
        "importBatches": [batch.to_aws() for batch in page], "nextToken": token,
    }  # fmt: skip


@operation("CancelImportTask")
def cancel_import_task(logs: Logs, request: CancelImportTaskRequestTypeDef) -> dict[str, Any]:
    """At once; what was imported stays."""
    task = logs.imports[request["importId"]]
    logs.imports.cancel(task)
    shown = task.to_aws()
    members = ("importId", "importStatistics", "importStatus", "creationTime", "lastUpdatedTime")
    return {name: shown[name] for name in members}
