"""Queries over event data stores: start, look at, get what they found, cancel; samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.trail.errors import InvalidNextTokenException, InvalidParameterException
from awsmon.trail.lake.errors import (
    AccessDeniedException,
    GenerateResponseException,
    InactiveQueryException,
    InvalidDateRangeException,
    QueryIdNotFoundException,
)
from awsmon.trail.lake.policies import may
from awsmon.trail.lake.prompts import generated
from awsmon.trail.lake.queries import ACTIVE
from awsmon.trail.lake.samples import SAMPLES, relevance
from awsmon.trail.organization_errors import AccountNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_cloudtrail.type_defs import (
        CancelQueryRequestTypeDef,
        DescribeQueryRequestTypeDef,
        GenerateQueryRequestTypeDef,
        GetQueryResultsRequestTypeDef,
        ListQueriesRequestTypeDef,
        SearchSampleQueriesRequestTypeDef,
        StartQueryRequestTypeDef,
    )

    from awsmon.trail.lake.queries import Query
    from awsmon.trail.lake.stores import EventDataStore
    from awsmon.trail.service import Trail

MOST = 1000


def _place(trail: Trail, request: Any) -> Trail:
    """Where the stores are: here, or in another account that shares them."""
    account = request.get("EventDataStoreOwnerAccountId", trail.scope.account)
    found = trail.in_account(account)
    if found is None:
        raise AccountNotFoundException.named(account)
    return found


def _query(trail: Trail, request: Any, action: str) -> Query:
    """A query whose stores the caller may read."""
    place = _place(trail, request)
    query = place.queries.readable(request["QueryId"])
    _check(trail, place, f"cloudtrail:{action}", [place.stores[each] for each in query.stores])
    return query


def _check(trail: Trail, place: Trail, action: str, stores: Iterable[EventDataStore]) -> None:
    caller = trail.scope.account
    for each in stores:
        if caller != place.scope.account and not may(place, caller, action, each.arn):
            raise AccessDeniedException.on(caller, action, each.arn)


def _owner(trail: Trail, place: Trail) -> str | None:
    """What an answer says of another account's store."""
    return None if place is trail else place.scope.account


@operation("StartQuery")
def start_query(trail: Trail, request: StartQueryRequestTypeDef) -> dict[str, Any]:
    """A statement, or the alias of a dashboard's widget with values for its parameters."""
    place = _place(trail, request)
    prompt = None
    statement, alias = request.get("QueryStatement"), request.get("QueryAlias")
    if (statement is None) == (alias is None):
        raise InvalidParameterException.because("Specify either QueryStatement or QueryAlias.")
    if alias is not None:
        statement, prompt = place.queries.generated.get(alias, (None, None))
        statement = statement or place.dashboards.statement(
            alias, request.get("QueryParameters", ())
        )
    _check(trail, place, "cloudtrail:StartQuery", place.queries.stores(str(statement)))
    query = place.queries.start(
        str(statement), delivery_s3_uri=request.get("DeliveryS3Uri"), alias=alias, prompt=prompt
    )
    return {"QueryId": query.query_id, "EventDataStoreOwnerAccountId": _owner(trail, place)}


@operation("GenerateQuery")
def generate_query(trail: Trail, request: GenerateQueryRequestTypeDef) -> dict[str, Any]:
    """By the rules of `lake/prompts.py`; StartQuery runs it by its alias."""
    store = trail.stores.active(request["EventDataStores"][0])
    statement = generated(request["Prompt"], store.id)
    if statement is None:
        raise GenerateResponseException.of(request["Prompt"])
    alias = f"prompt-{trail.ids.uuid()}"
    trail.queries.generated[alias] = statement, request["Prompt"]
    return {"QueryStatement": statement, "QueryAlias": alias}


@operation("DescribeQuery")
def describe_query(trail: Trail, request: DescribeQueryRequestTypeDef) -> dict[str, Any]:
    """By id, or the last of an alias."""
    if "QueryId" in request:
        owner = _owner(trail, _place(trail, request))
        shown = _query(trail, request, "DescribeQuery").to_aws()
        return {**shown, "EventDataStoreOwnerAccountId": owner}
    alias, refresh = request.get("QueryAlias"), request.get("RefreshId")
    if alias is None:
        raise InvalidParameterException.because("Specify either QueryId or QueryAlias.")
    for each in trail.queries:
        if each.alias == alias and refresh in (None, each.refresh_id):
            return each.to_aws()
    raise QueryIdNotFoundException.of(alias)


@operation("GetQueryResults")
def get_query_results(trail: Trail, request: GetQueryResultsRequestTypeDef) -> dict[str, Any]:
    """Rows as lists of one column each, all text; what is null is empty (unverified)."""
    query = _query(trail, request, "GetQueryResults")
    shown: dict[str, Any] = {"QueryStatus": query.query_status, "ErrorMessage": query.error_message}
    if query.result is None:
        return shown
    page, token = paging.page(
        query.result.rows, request.get("NextToken"), request.get("MaxQueryResults", MOST),
        of=f"GetQueryResults {query.query_id}", bad_token=InvalidNextTokenException.token,
    )  # fmt: skip
    return {
        **shown, "NextToken": token,
        "QueryStatistics": {
            "ResultsCount": len(page), "TotalResultsCount": len(query.result.rows),
            "BytesScanned": query.query_statistics["BytesScanned"],
        },
        "QueryResultRows": [
            [{name: value or ""} for name, value in zip(query.result.columns, row, strict=True)]
            for row in page
        ],
    }  # fmt: skip


@operation("ListQueries")
def list_queries(trail: Trail, request: ListQueriesRequestTypeDef) -> dict[str, Any]:
    """Those that read a store, of seven days, the newest first."""
    given: Any = request
    store = trail.stores.active(given["EventDataStore"])
    start, end = given.get("StartTime"), given.get("EndTime")
    if start is not None and end is not None and start > end:
        raise InvalidDateRangeException.reversed()
    found = [
        each for each in trail.queries
        if store.id in each.stores
        and given.get("QueryStatus", each.query_status) == each.query_status
        and (start is None or each.created >= start) and (end is None or each.created <= end)
    ]  # fmt: skip
    page, token = paging.page_after(
        found, given.get("NextToken"), given.get("MaxResults", MOST), of="ListQueries",
        bad_token=InvalidNextTokenException.token, key=lambda each: each.query_id,
    )  # fmt: skip
    return {"Queries": [_listed(each) for each in page], "NextToken": token}


def _listed(query: Query) -> dict[str, Any]:
    return {"QueryId": query.query_id, "QueryStatus": query.query_status,
            "CreationTime": query.created}  # fmt: skip


@operation("CancelQuery")
def cancel_query(trail: Trail, request: CancelQueryRequestTypeDef) -> dict[str, Any]:
    """One that isn't over."""
    query = _query(trail, request, "CancelQuery")
    place = _place(trail, request)
    if query.query_status not in ACTIVE:
        raise InactiveQueryException.of(query.query_id, query.query_status)
    place.queries.cancel(query)
    return {"QueryId": query.query_id, "QueryStatus": query.query_status,
            "EventDataStoreOwnerAccountId": _owner(trail, place)}  # fmt: skip


@operation("SearchSampleQueries")
def search_sample_queries(
    trail: Trail,  # noqa: ARG001
    request: SearchSampleQueriesRequestTypeDef,
) -> dict[str, Any]:
    """The most relevant first; those that share no word with the phrase are left out."""
    ranked = sorted(
        ((relevance(each, request["SearchPhrase"]), each) for each in SAMPLES),
        key=lambda pair: -pair[0],
    )
    found = [(rank, each) for rank, each in ranked if rank]
    page, token = paging.page(
        found, request.get("NextToken"), request.get("MaxResults", 50), of="SearchSampleQueries",
        bad_token=InvalidNextTokenException.token,
    )  # fmt: skip
    return {
        "SearchResults": [
            {"Name": each.name, "Description": each.description, "SQL": each.sql,
             "Relevance": rank}
            for rank, each in page
        ],
        "NextToken": token,
    }  # fmt: skip
