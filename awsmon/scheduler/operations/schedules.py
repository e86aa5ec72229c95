"""Schedules."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.core.retries import MOST_AGE, MOST_ATTEMPTS
from awsmon.lang.schedule.parser import parse
from awsmon.lang.text import LanguageError
from awsmon.scheduler import targets
from awsmon.scheduler.errors import ValidationException
from awsmon.scheduler.model import DEFAULT

if TYPE_CHECKING:
    from mypy_boto3_scheduler.type_defs import (
        CreateScheduleInputTypeDef,
        DeleteScheduleInputTypeDef,
        GetScheduleInputTypeDef,
        ListSchedulesInputTypeDef,
        UpdateScheduleInputTypeDef,
    )

    from awsmon.scheduler.model import Schedule
    from awsmon.scheduler.service import Scheduler

EARLIEST_START = timedelta(minutes=5)
_LISTED = ("Arn", "CreationDate", "GroupName", "LastModificationDate", "Name", "State")


@operation("CreateSchedule")
def create_schedule(scheduler: Scheduler, request: CreateScheduleInputTypeDef) -> dict[str, Any]:
    """The same call again, by its token, is the same schedule."""
    wanted = _checked(scheduler, request)
    schedule = scheduler.create(request.get("GroupName", DEFAULT), request["Name"], wanted)
    return {"ScheduleArn": schedule.arn}


@operation("UpdateSchedule")
def update_schedule(scheduler: Scheduler, request: UpdateScheduleInputTypeDef) -> dict[str, Any]:
    """What isn't said goes back to its default."""
    schedule = scheduler.schedule(request.get("GroupName", DEFAULT), request["Name"])
    scheduler.update(schedule, _checked(scheduler, request))
    return {"ScheduleArn": schedule.arn}


@operation("GetSchedule")
def get_schedule(scheduler: Scheduler, request: GetScheduleInputTypeDef) -> dict[str, Any]:
    """All of it."""
    return scheduler.schedule(request.get("GroupName", DEFAULT), request["Name"]).to_aws()


@operation("DeleteSchedule")
def delete_schedule(scheduler: Scheduler, request: DeleteScheduleInputTypeDef) -> None:
    """What it would have set off is off."""
    scheduler.forget(scheduler.schedule(request.get("GroupName", DEFAULT), request["Name"]))


@operation("ListSchedules")
def list_schedules(scheduler: Scheduler, request: ListSchedulesInputTypeDef) -> dict[str, Any]:
    """In order of group and name; without a group, of all groups."""
    if "GroupName" in request:
        scheduler.group(request["GroupName"])
    found, token = paging.page(  # a blank comes before all that names may have, as tuples sort
        [
            scheduler.schedules[key] for key in sorted(scheduler.schedules)
            if _fits(scheduler.schedules[key], request)
        ],
        request.get("NextToken"), request.get("MaxResults", 100), of="ListSchedules",
        key=lambda schedule: " ".join(schedule.key), bad_token=ValidationException.token,
    )  # fmt: skip
    return {"Schedules": [_summary(each) for each in found], "NextToken": token}


def _fits(schedule: Schedule, request: ListSchedulesInputTypeDef) -> bool:
    return (
        request.get("GroupName", schedule.group_name) == schedule.group_name
        and schedule.name.startswith(request.get("NamePrefix", ""))
        and request.get("State", schedule.state) == schedule.state
    )


def _summary(schedule: Schedule) -> dict[str, Any]:
    shown = schedule.to_aws()
    return {**{member: shown[member] for member in _LISTED},
            "Target": {"Arn": schedule.target["Arn"]}}  # fmt: skip


def _checked(scheduler: Scheduler, request: Any) -> dict[str, Any]:
    """The request, with the defaults that GetSchedule shows in the target.

    Raises:
        ValidationException: it says what can't be meant.
    """
    _check_time(scheduler, request)
    window = request["FlexibleTimeWindow"]
    if (window["Mode"] == "FLEXIBLE") != ("MaximumWindowInMinutes" in window):
        raise ValidationException.window()
    targets.check(request["Target"])
    policy = {"MaximumEventAgeInSeconds": MOST_AGE, "MaximumRetryAttempts": MOST_ATTEMPTS}
    target = {**request["Target"]}
    target["RetryPolicy"] = {**policy, **target.get("RetryPolicy", {})}
    return {**request, "Target": target}


def _check_time(scheduler: Scheduler, request: Any) -> None:
    try:
        parse(request["ScheduleExpression"], plural=False)
    except LanguageError:
        raise ValidationException.expression(request["ScheduleExpression"]) from None
    zone = request.get("ScheduleExpressionTimezone", "UTC")
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):  # a path, a folder, no zone
        raise ValidationException.zone(zone) from None
    now, start, end = scheduler.clock.now(), request.get("StartDate"), request.get("EndDate")
    if start is not None and start < now - EARLIEST_START:
        raise ValidationException.start_date()
    if end is not None and end <= (now if start is None else max(now, start)):
        raise ValidationException.end_date()
