"""Schedule groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_map
from awsmon.scheduler.errors import (
    ConflictException,
    ServiceQuotaExceededException,
    ValidationException,
)
from awsmon.scheduler.model import DEFAULT

if TYPE_CHECKING:
    from mypy_boto3_scheduler.type_defs import (
        CreateScheduleGroupInputTypeDef,
        DeleteScheduleGroupInputTypeDef,
        GetScheduleGroupInputTypeDef,
        ListScheduleGroupsInputTypeDef,
    )

    from awsmon.scheduler.service import Scheduler

MOST_GROUPS = 500


@operation("CreateScheduleGroup")
def create_schedule_group(
    scheduler: Scheduler, request: CreateScheduleGroupInputTypeDef
) -> dict[str, Any]:
    """For schedules that belong together; the same call again, by its token, is the same group."""
    name, token = request["Name"], request.get("ClientToken")
    there = scheduler.groups.get(name)
    if there is not None:
        if token and there.client_token == token and there.state != "DELETING":
            return {"ScheduleGroupArn": there.arn}
        raise ConflictException.group(name)
    if len(scheduler.groups) >= MOST_GROUPS:
        raise ServiceQuotaExceededException.groups(MOST_GROUPS)
    group = scheduler.create_group(name, tag_map(request.get("Tags")), token)
    return {"ScheduleGroupArn": group.arn}


@operation("GetScheduleGroup")
def get_schedule_group(
    scheduler: Scheduler, request: GetScheduleGroupInputTypeDef
) -> dict[str, Any]:
    """One of them."""
    return scheduler.group(request["Name"]).to_aws()


@operation("DeleteScheduleGroup")
def delete_schedule_group(scheduler: Scheduler, request: DeleteScheduleGroupInputTypeDef) -> None:
    """Its schedules go with it."""
    group = scheduler.group(request["Name"])
    if group.name == DEFAULT:
        raise ValidationException.default_group()
    if group.state == "DELETING":
        raise ConflictException.deleting(group.name)
    scheduler.delete_group(group)


@operation("ListScheduleGroups")
def list_schedule_groups(
    scheduler: Scheduler, request: ListScheduleGroupsInputTypeDef
) -> dict[str, Any]:
    """In order of name."""
    prefix = request.get("NamePrefix", "")
    found, token = paging.page(
        [scheduler.groups[name] for name in sorted(scheduler.groups) if name.startswith(prefix)],
        request.get("NextToken"), request.get("MaxResults", 100), of="ListScheduleGroups",
        key=lambda group: group.name, bad_token=ValidationException.token,
    )  # fmt: skip
    return {"ScheduleGroups": [group.to_aws() for group in found], "NextToken": token}
