"""Fields of events: one record with all of its fields, the fields of a group or a data source."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.lang.log_fields.discovery import discover, discover_source
from awsmon.logs.data_sources import data_source
from awsmon.logs.errors import ResourceNotFoundException
from awsmon.logs.linked import asked, readable
from awsmon.logs.query_errors import InvalidQuery, NoSuchQuery
from awsmon.logs.reading import matching
from awsmon.logs.store import Pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_logs.type_defs import (
        GetLogFieldsRequestTypeDef,
        GetLogGroupFieldsRequestTypeDef,
        GetLogObjectRequestTypeDef,
        GetLogRecordRequestTypeDef,
    )

    from awsmon.logs.model import LogGroup
    from awsmon.logs.service import Logs

MINUTE = 60_000
SYSTEM_FIELDS = ("@ingestionTime", "@log", "@logStream", "@message", "@timestamp")
TYPES = {str: "string", bool: "boolean", int: "long", float: "double"}


@operation("GetLogRecord")
def get_log_record(logs: Logs, request: GetLogRecordRequestTypeDef) -> dict[str, Any]:
    """Every field of the event that a query's ``@ptr`` points to, times in milliseconds."""
    pointer = Pointer.parse(request["logRecordPointer"])
    if pointer is None:
        raise InvalidQuery.pointer()
    place = logs.scope._replace(account=pointer.account)
    group = readable(logs, place.arn("logs", f"log-group:{pointer.group}"))
    events = group.stream(pointer.stream).events
    at = events.find(pointer.time, pointer.number)
    if at is None or pointer.time < logs.retention.oldest(group):
        raise NoSuchQuery.record()
    message = events.message(at, unmask=request.get("unmask", False))
    log = f"{pointer.account}:{group.name}"
    return {
        "logRecord": {
            **discover_source(events.transformed.get(pointer.number, message), log),
            "@ingestionTime": str(events.ingested[at]),
            "@log": log,
            "@logStream": pointer.stream,
            "@message": message,
            "@ptr": request["logRecordPointer"],
            "@timestamp": str(pointer.time),
        }
    }


@operation("GetLogGroupFields")
def get_log_group_fields(logs: Logs, request: GetLogGroupFieldsRequestTypeDef) -> dict[str, Any]:
    """Of events within 8 minutes of an instant, or of the last 15 minutes; the commonest first."""
    group = asked(logs, request)
    start, end = logs.now - 15 * MINUTE, logs.now + 1
    if "time" in request:
        start, end = request["time"] * 1000 - 8 * MINUTE, request["time"] * 1000 + 8 * MINUTE + 1
    counts: Counter[str] = Counter()
    events = 0
    for message in _messages(logs, group, start, end):
        events += 1
        counts.update(SYSTEM_FIELDS)
        counts.update(discover(message, group.name).keys())
    found = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return {
        "logGroupFields": [
            {"name": name, "percent": round(100 * count / events)} for name, count in found
        ]
    }


def _messages(
    logs: Logs, group: LogGroup, start: int | None = None, end: int | None = None
) -> Iterator[str]:
    logs.retention.expire(group)
    for found in matching(group.streams.values(), start=start, end=end):
        events = found.stream.events
        yield events.transformed.get(found.number) or events.message(found.at)


@operation("GetLogFields")
def get_log_fields(logs: Logs, request: GetLogFieldsRequestTypeDef) -> dict[str, Any]:
    """The fields of all log groups of a data source, in order of name."""
    wanted = request["dataSourceName"], request["dataSourceType"]
    groups = [group for group in logs if data_source(logs, group) == wanted]
    if not groups:
        raise ResourceNotFoundException.data_source()
    types: dict[str, str] = dict.fromkeys(SYSTEM_FIELDS, "string")
    for group in groups:
        for message in _messages(logs, group):
            for name, value in discover(message, group.name).items():
                found = TYPES.get(type(value), "string")
                types[name] = found if types.get(name, found) == found else "string"
    return {
        "logFields": [
            {"logFieldName": name, "logFieldType": {"type": kind}}
            for name, kind in sorted(types.items())
        ]
    }


@operation("GetLogObject")
def get_log_object(logs: Logs, request: GetLogObjectRequestTypeDef) -> dict[str, Any]:
    """Large objects come in by PutOpenTelemetryLogs alone, which no SDK has: there are none."""
    del logs, request
    raise ResourceNotFoundException.log_object()
