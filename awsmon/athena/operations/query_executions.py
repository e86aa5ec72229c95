"""Queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.athena.errors import InvalidRequestException, Unreadable
from awsmon.athena.files import split
from awsmon.athena.model import Execution, athena_type
from awsmon.athena.service import need_extra
from awsmon.core import paging
from awsmon.core.deliveries import Refused
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import operation
from awsmon.lang.hive_ddl import read_ddl
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from mypy_boto3_athena.type_defs import (
        BatchGetQueryExecutionInputTypeDef,
        GetQueryExecutionInputTypeDef,
        GetQueryResultsInputTypeDef,
        ListQueryExecutionsInputTypeDef,
        StartQueryExecutionInputTypeDef,
        StopQueryExecutionInputTypeDef,
    )

    from awsmon.athena.service import Athena
    from awsmon.lang.presto_sql.running import Result

MOST_ROWS, MOST_LISTED = 1000, 50


@operation("StartQueryExecution")
def start_query_execution(
    athena: Athena, request: StartQueryExecutionInputTypeDef
) -> dict[str, Any]:
    """It reads the files there are now; the result is in the bucket then."""
    need_extra()
    given: Any = request
    for member in ("ExecutionParameters", "ResultReuseConfiguration"):
        if given.get(member):
            raise NotImplementedByAwsmon(f"StartQueryExecution.{member} isn't built.")
    query, context = given["QueryString"], dict(given.get("QueryExecutionContext", {}))
    output = _output(athena, given)
    database = context.get("Database", "default")
    try:
        defines = read_ddl(query) is not None
    except LanguageError as error:
        raise InvalidRequestException(str(error)) from error
    execution = Execution(
        id=athena.ids.uuid(), query=query, context=context, output="", defines=defines,
        workgroup=given.get("WorkGroup", "primary"), submitted=athena.clock.now(),
        subtype=query.split(None, 2)[0].upper() + ("_TABLE" if defines else ""),
    )  # fmt: skip
    execution.output = f"{output.rstrip('/')}/{execution.id}.{'txt' if defines else 'csv'}"
    try:
        if not defines:
            execution.result, execution.scanned = athena.ask_tables(query, database)
    except LanguageError as error:
        execution.failed = f"SYNTAX_ERROR: {error}"
    except Unreadable as error:
        execution.failed = str(error)
    _write(athena, execution)
    if defines:
        _define(athena, execution, database)
    athena.executions[execution.id] = execution
    return {"QueryExecutionId": execution.id}


def _define(athena: Athena, execution: Execution, database: str) -> None:
    try:
        athena.define(execution.query, database)
    except Unreadable as error:
        execution.failed = f"FAILED: {error}"


def _output(athena: Athena, given: Any) -> str:
    """Where the result goes: as the request says, or its work group."""
    found = given.get("ResultConfiguration", {}).get("OutputLocation")
    if found is None and "WorkGroup" in given:
        asked = {"WorkGroup": given["WorkGroup"]}
        arn = athena.scope.arn("athena", f"workgroup/{given['WorkGroup']}")
        try:
            told: Any = athena.ask(arn, "athena", "GetWorkGroup", asked) or {}
        except Refused:
            told = {}
        settings = told.get("WorkGroup", {}).get("Configuration", {})
        found = settings.get("ResultConfiguration", {}).get("OutputLocation")
    if not found:
        raise InvalidRequestException.nowhere()
    return str(found)


def _write(athena: Athena, execution: Execution) -> None:
    bucket, key = split(execution.output)
    body = "" if execution.result is None else _csv(execution.result)
    parameters = {"Bucket": bucket, "Key": key, "Body": body.encode()}
    try:
        athena.ask(f"arn:{athena.scope.partition}:s3:::{bucket}", "s3", "PutObject", parameters)
    except Refused as refused:
        raise InvalidRequestException.bucket(bucket) from refused


def _csv(result: Result) -> str:
    """All values in quotes; null is nothing."""
    lines: list[list[str | None]] = [[*result.columns], *result.rows]
    return "".join(",".join(map(_quoted, line)) + "\n" for line in lines)


def _quoted(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'


@operation("GetQueryExecution")
def get_query_execution(athena: Athena, request: GetQueryExecutionInputTypeDef) -> dict[str, Any]:
    """It lasts a second."""
    found = athena.execution(request["QueryExecutionId"])
    return {"QueryExecution": found.told(athena.clock.now())}


@operation("BatchGetQueryExecution")
def batch_get_query_execution(
    athena: Athena, request: BatchGetQueryExecutionInputTypeDef
) -> dict[str, Any]:
    """Those that aren't there are told apart."""
    ids, now = request["QueryExecutionIds"], athena.clock.now()
    return {
        "QueryExecutions": [
            athena.executions[id_].told(now) for id_ in ids if id_ in athena.executions
        ],
        "UnprocessedQueryExecutionIds": [
            {"QueryExecutionId": id_, "ErrorCode": "INTERNAL_ERROR",
             "ErrorMessage": InvalidRequestException.unknown(id_).message}
            for id_ in ids if id_ not in athena.executions
        ],
    }  # fmt: skip


@operation("ListQueryExecutions")
def list_query_executions(
    athena: Athena, request: ListQueryExecutionsInputTypeDef
) -> dict[str, Any]:
    """Of a work group, newest first."""
    group = request.get("WorkGroup", "primary")
    ids = [each.id for each in reversed(athena.executions.values()) if each.workgroup == group]
    found, token = paging.page(
        ids, request.get("NextToken"), request.get("MaxResults") or MOST_LISTED,
        of=f"ListQueryExecutions {group}", bad_token=InvalidRequestException.token,
    )  # fmt: skip
    return {"QueryExecutionIds": list(found), "NextToken": token}


@operation("StopQueryExecution")
def stop_query_execution(athena: Athena, request: StopQueryExecutionInputTypeDef) -> None:
    """One that is over stays as it is."""
    found, now = athena.execution(request["QueryExecutionId"]), athena.clock.now()
    if found.state(now) in ("QUEUED", "RUNNING"):
        found.stopped = now


@operation("GetQueryResults")
def get_query_results(athena: Athena, request: GetQueryResultsInputTypeDef) -> dict[str, Any]:
    """The first row of a SELECT's first page has the columns' names."""
    found = athena.execution(request["QueryExecutionId"])
    state = found.state(athena.clock.now())
    if state in ("QUEUED", "RUNNING"):
        raise InvalidRequestException.unfinished(state)
    if state != "SUCCEEDED":
        raise InvalidRequestException.unsuccessful(state)
    result = found.result
    lines: list[list[str | None]] = [] if result is None else [[*result.columns], *result.rows]
    shown, token = paging.page(
        lines, request.get("NextToken"), request.get("MaxResults") or MOST_ROWS,
        of=f"GetQueryResults {found.id}", bad_token=InvalidRequestException.token,
    )  # fmt: skip
    return {
        "UpdateCount": 0, "NextToken": token,
        "ResultSet": {
            "Rows": [
                {"Data": [{"VarCharValue": each} if each is not None else {} for each in line]}
                for line in shown
            ],
            "ResultSetMetadata": {"ColumnInfo": [] if result is None else _columns(result)},
        },
    }  # fmt: skip


def _columns(result: Result) -> list[dict[str, Any]]:
    return [
        {"CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": name, "Label": name,
         "Type": athena_type(kind), "Precision": 0, "Scale": 0, "Nullable": "UNKNOWN",
         "CaseSensitive": athena_type(kind) == "varchar"}
        for name, kind in zip(result.columns, result.types, strict=True)
    ]  # fmt: skip
