"""Insights queries: start, results, stop, describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException, ResourceNotFoundException
from awsmon.logs.linked import readable
from awsmon.logs.queries import ENDED, LARGEST_PAGE, Query
from awsmon.logs.query_errors import (
    InvalidQuery,
    MalformedQueryException,
    NoSuchQuery,
    TooManyQueries,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_logs.type_defs import (
        DescribeQueriesRequestTypeDef,
        GetQueryResultsRequestTypeDef,
        ListLogGroupsForQueryRequestTypeDef,
        StartQueryRequestTypeDef,
        StopQueryRequestTypeDef,
    )

    from awsmon.logs.model import LogGroup
    from awsmon.logs.service import Logs

MOST_AT_ONCE = 100  # queries that have not ended
MOST_GROUPS = 50


@operation("StartQuery")
def start_query(logs: Logs, request: StartQueryRequestTypeDef) -> dict[str, Any]:
    """The query is checked now, and run in a moment of virtual time."""
    if request.get("queryLanguage", "CWLI") != "CWLI":
        raise NotImplementedByAwsmon(
            f"logs.StartQuery: queryLanguage {request['queryLanguage']} isn't built; CWLI is."
        )
    start, end = request["startTime"] * 1000, request["endTime"] * 1000 + 999
    if start > end:
        raise InvalidQuery.time_range()
    text, names = request["queryString"], _named(request)
    tree = logs.queries.read(text)
    if bool(names) == bool(tree.source):
        raise InvalidQuery.groups()
    groups = (
        [_group(logs, name) for name in names]
        if tree.source is None
        else logs.queries.selected(tree.source)
    )
    if groups and all(end < _first_possible(logs, group) for group in groups):
        raise MalformedQueryException.out_of_range(text)
    if sum(each.status not in ENDED for each in logs.queries) >= MOST_AT_ONCE:
        raise TooManyQueries.concurrency(MOST_AT_ONCE)
    arns = [group.log_group_arn for group in groups]
    sources = [f'SOURCE "{group.name}" START={start} END={end}' for group in groups if names]
    query = Query(
        query_string=" | ".join([*sources, text]), text=text, create_time=logs.now,
        log_group_name=groups[0].name if groups else None, groups=arns, named=list(names) or arns,
        start=start, end=end, limit=request.get("limit"),
    )  # fmt: skip
    logs.queries.start(tree, groups, query)
    return {"queryId": query.query_id}


def _named(request: StartQueryRequestTypeDef) -> Sequence[str]:
    """Names or ARNs, from the one member that gives them; none where none does."""
    one = [request["logGroupName"]] if "logGroupName" in request else None
    given = [one, request.get("logGroupNames"), request.get("logGroupIdentifiers")]
    found = [each for each in given if each]
    if len(found) > 1 or any(len(each) > MOST_GROUPS for each in found):
        raise InvalidQuery.groups()
    return found[0] if found else []


def _group(logs: Logs, identifier: str) -> LogGroup:
    try:
        return readable(logs, identifier)
    except ResourceNotFoundException:
        raise NoSuchQuery.unknown_group(
            identifier, logs.scope.account, logs.ids.request()
        ) from None


def _first_possible(logs: Logs, group: LogGroup) -> int:
    """When a group could have had its first event that is still there."""
    return max(group.creation_time, logs.retention.oldest(group))


@operation("GetQueryResults")
def get_query_results(logs: Logs, request: GetQueryResultsRequestTypeDef) -> dict[str, Any]:
    """Up to 10 000 rows; the token leads to more."""
    query = logs.queries[request["queryId"]]
    rows, token = paging.page(
        query.rows, request.get("nextToken"), request.get("maxItems") or LARGEST_PAGE,
        bad_token=InvalidParameterException.next_token, of=f"GetQueryResults {query.query_id}",
    )  # fmt: skip
    return {
        "queryLanguage": query.query_language,
        "results": [[{"field": key, "value": value} for key, value in row] for row in rows],
        "statistics": query.statistics or dict.fromkeys(_COUNTED, 0.0),
        "status": query.status,
        "encryptionKey": logs.query_result_key,
        "nextToken": token,
    }


_COUNTED = ("recordsMatched", "recordsScanned", "estimatedRecordsSkipped", "bytesScanned",
            "estimatedBytesSkipped", "logGroupsScanned", "resultCount")  # fmt: skip


@operation("StopQuery")
def stop_query(logs: Logs, request: StopQueryRequestTypeDef) -> dict[str, Any]:
    """What has ended can't be stopped."""
    query = logs.queries[request["queryId"]]
    if query.status in ENDED:
        raise InvalidQuery.ended(query.status)
    logs.queries.cancel(query)
    return {"success": True}


@operation("DescribeQueries")
def describe_queries(logs: Logs, request: DescribeQueriesRequestTypeDef) -> dict[str, Any]:
    """Newest first."""
    group = request.get("logGroupName")
    found = [
        each for each in logs.queries
        if (group is None or logs.arn(group) in each.groups)
        and request.get("status", each.status) == each.status
        and request.get("queryLanguage", each.query_language) == each.query_language
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("nextToken"), request.get("maxResults", 1000),
        bad_token=InvalidParameterException.next_token, of="DescribeQueries",
    )  # fmt: skip
    return {"queries": [_shown(each) for each in page], "nextToken": token}


def _shown(query: Query) -> dict[str, Any]:
    """How long it took is told when it is over."""
    found = query.to_aws()
    if query.status not in ENDED:
        del found["queryDuration"]
    return found


@operation("ListLogGroupsForQuery")
def list_log_groups_for_query(
    logs: Logs, request: ListLogGroupsForQueryRequestTypeDef
) -> dict[str, Any]:
    """As the request named them; by ARN those that SOURCE chose."""
    page, token = paging.page(
        logs.queries[request["queryId"]].named,
        request.get("nextToken"), request.get("maxResults", 500),
        bad_token=InvalidParameterException.next_token, of="ListLogGroupsForQuery",
    )  # fmt: skip
    return {"logGroupIdentifiers": list(page), "nextToken": token}
