"""Scheduled queries: create, get, update, list, history, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from awsmon.core import paging
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import operation
from awsmon.lang.schedule.parser import parse
from awsmon.lang.text import LanguageError
from awsmon.logs.query_errors import ConflictException, InvalidSchedule
from awsmon.logs.scheduled_queries import ScheduledQuery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_logs.type_defs import (
        CreateScheduledQueryRequestTypeDef,
        DeleteScheduledQueryRequestTypeDef,
        GetScheduledQueryHistoryRequestTypeDef,
        GetScheduledQueryRequestTypeDef,
        ListScheduledQueriesRequestTypeDef,
        UpdateScheduledQueryRequestTypeDef,
    )

    from awsmon.logs.service import Logs

SUMMARY = (
    "scheduledQueryArn", "name", "state", "scheduleType", "lastTriggeredTime",
    "lastExecutionStatus", "scheduleExpression", "timezone", "destinationConfiguration",
    "creationTime", "lastUpdatedTime",
)  # fmt: skip


@operation("CreateScheduledQuery")
def create_scheduled_query(
    logs: Logs, request: CreateScheduledQueryRequestTypeDef
) -> dict[str, Any]:
    """The query itself is looked at when it is run."""
    _check(logs, request)
    if request["name"] in logs.scheduled_queries:
        raise ConflictException.scheduled(request["name"])
    arn = logs.scope.arn("logs", f"scheduled-query:{logs.ids.uuid()}")
    query = ScheduledQuery.from_aws(
        request, arn=arn, creation_time=logs.now, last_updated_time=logs.now
    )
    logs.scheduled_queries.save(query)
    logs.tags.create(arn, request.get("tags"))
    return {"scheduledQueryArn": arn, "state": query.state}


def _check(logs: Logs, request: Mapping[str, Any]) -> None:
    if request["queryLanguage"] != "CWLI":
        raise NotImplementedByAwsmon(
            f"logs.ScheduledQuery: queryLanguage {request['queryLanguage']}"
        )
    try:
        parse(request["scheduleExpression"], "cron")
    except LanguageError as error:
        raise InvalidSchedule.expression(error) from error
    try:
        ZoneInfo(request.get("timezone", "UTC"))
    except (ValueError, LookupError, OSError) as error:
        raise InvalidSchedule.timezone(request["timezone"]) from error
    start, end = request.get("startTimeOffset"), request.get("endTimeOffset", 0)
    if start is not None and start <= end:
        raise InvalidSchedule.offsets()
    for identifier in request.get("logGroupIdentifiers", ()):
        logs.identified(identifier)


@operation("UpdateScheduledQuery")
def update_scheduled_query(
    logs: Logs, request: UpdateScheduledQueryRequestTypeDef
) -> dict[str, Any]:
    """All that may be given is replaced; its runs stay."""
    known = logs.scheduled_queries[request["identifier"]]
    _check(logs, request)
    query = ScheduledQuery.from_aws(
        request, arn=known.arn, name=known.name, creation_time=known.creation_time,
        last_updated_time=logs.now, executions=known.executions,
        last_triggered_time=known.last_triggered_time,
        last_execution_status=known.last_execution_status,
    )  # fmt: skip
    logs.scheduled_queries.save(query)
    return query.to_aws()


@operation("GetScheduledQuery")
def get_scheduled_query(logs: Logs, request: GetScheduledQueryRequestTypeDef) -> dict[str, Any]:
    """By name or ARN."""
    return logs.scheduled_queries[request["identifier"]].to_aws()


@operation("ListScheduledQueries")
def list_scheduled_queries(
    logs: Logs, request: ListScheduledQueriesRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    found = [
        each for each in logs.scheduled_queries
        if request.get("state", each.state) == each.state
        and request.get("scheduleType", each.schedule_type) == each.schedule_type
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("nextToken"), request.get("maxResults", 1000), of="ListScheduledQueries",
        bad_token=InvalidSchedule.next_token, key=lambda each: each.name,
    )  # fmt: skip
    shown = [each.to_aws() for each in page]
    return {
        "scheduledQueries": [
            {name: value for name, value in each.items() if name in SUMMARY} for each in shown
        ],
        "nextToken": token,
    }


@operation("GetScheduledQueryHistory")
def get_scheduled_query_history(
    logs: Logs, request: GetScheduledQueryHistoryRequestTypeDef
) -> dict[str, Any]:
    """Its runs, the newest first; times in milliseconds."""
    query = logs.scheduled_queries[request["identifier"]]
    wanted: Any = request.get("executionStatuses")
    found = [
        each for each in reversed(query.executions)
        if request["startTime"] <= each.triggered_timestamp <= request["endTime"]
        and (not wanted or each.execution_status in wanted)
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("nextToken"), request.get("maxResults", 1000),
        of=f"GetScheduledQueryHistory {query.name}", bad_token=InvalidSchedule.next_token,
    )  # fmt: skip
    return {
        "name": query.name,
        "scheduledQueryArn": query.arn,
        "triggerHistory": [each.to_aws() for each in page],
        "nextToken": token,
    }


@operation("DeleteScheduledQuery")
def delete_scheduled_query(logs: Logs, request: DeleteScheduledQueryRequestTypeDef) -> None:
    """It is run no more."""
    logs.scheduled_queries.delete(logs.scheduled_queries[request["identifier"]])
