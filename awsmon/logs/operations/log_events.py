"""Log events: put, get, filter; a single record."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from awsmon.core.entities import wrong_entity
from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException
from awsmon.logs.linked import asked
from awsmon.logs.patterns import checked
from awsmon.logs.reading import Search, Window
from awsmon.logs.store import OVERHEAD, instant, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_logs.type_defs import (
        FilterLogEventsRequestTypeDef,
        GetLogEventsRequestTypeDef,
        PutLogEventsRequestTypeDef,
    )

    from awsmon.logs.model import LogGroup, LogStream
    from awsmon.logs.service import Logs

LARGEST_BATCH = LARGEST_EVENT = 1_048_576  # bytes, each event counted with `OVERHEAD`
_HOUR = 3_600_000
_DAY = 24 * _HOUR
NEWEST, OLDEST, LONGEST_SPAN = 2 * _HOUR, 14 * _DAY, _DAY
FIRST_BACKWARDS = 1_704_067_200_000  # 2024-01-01: before it FilterLogEvents reads forward only


@operation("PutLogEvents")
def put_log_events(logs: Logs, request: PutLogEventsRequestTypeDef) -> dict[str, Any]:
    """Too old, too new and expired events are left out and told; the rest is kept."""
    group = logs[request["logGroupName"]]
    stream = group.stream(request["logStreamName"])
    times = [event["timestamp"] for event in request["logEvents"]]
    messages = [event["message"] for event in request["logEvents"]]
    sizes = [size(message) for message in messages]
    _check_batch(times, sizes)
    logs.clock.suspect(instant(times[-1]))
    first, last, rejected = _accepted(logs, group, times)
    if last > first and times[last - 1] - times[first] > LONGEST_SPAN:
        raise InvalidParameterException.span()
    entity = request.get("entity")
    wrong = wrong_entity(entity.get("keyAttributes", {})) if entity else None
    if entity and not wrong:
        stream.entity = {"keyAttributes": dict(entity.get("keyAttributes", {})),
                         "attributes": dict(entity.get("attributes", {}))}  # fmt: skip
    if last > first:
        logs.store(group, stream, times[first:last], messages[first:last], sum(sizes[first:last]))
    return {
        "nextSequenceToken": stream.token,
        "rejectedLogEventsInfo": rejected or None,
        "rejectedEntityInfo": {"errorType": wrong} if wrong else None,
    }


def _check_batch(times: Sequence[int], sizes: Sequence[int]) -> None:
    """What makes AWS refuse all of it."""
    largest, total = max(sizes), sum(sizes) + OVERHEAD * len(sizes)
    if largest + OVERHEAD > LARGEST_EVENT:
        raise InvalidParameterException.event_size(largest + OVERHEAD, LARGEST_EVENT)
    if total > LARGEST_BATCH:
        raise InvalidParameterException.batch_size(total, LARGEST_BATCH)
    if any(map(int.__gt__, times, times[1:])):
        raise InvalidParameterException.order()


def _accepted(logs: Logs, group: LogGroup, times: Sequence[int]) -> tuple[int, int, dict[str, int]]:
    """From where to where events are kept, and what is told of the others."""
    now = logs.now
    old = expired = 0
    if times[0] < now - _DAY:  # no retention is shorter
        old = bisect_left(times, now - OLDEST)
        expired = bisect_left(times, logs.retention.oldest(group))
    new = bisect_right(times, now + NEWEST)
    rejected = {}
    if new < len(times):
        rejected["tooNewLogEventStartIndex"] = new
    if old:
        rejected["tooOldLogEventEndIndex"] = old
    if expired > old:
        rejected["expiredLogEventEndIndex"] = expired
    return max(old, expired), new, rejected


@operation("GetLogEvents")
def get_log_events(logs: Logs, request: GetLogEventsRequestTypeDef) -> dict[str, Any]:
    """A page in order of time; the end is reached where a token comes back as it went."""
    group = asked(logs, request)
    stream = group.stream(request["logStreamName"])
    logs.retention.expire(group)
    events, unmask = stream.events, request.get("unmask", False)
    window = Window(
        events, request.get("startTime"), request.get("endTime"), request.get("limit", 10_000),
        request.get("nextToken"), from_head=request.get("startFromHead", False),
    )  # fmt: skip
    return {
        "events": [
            {"timestamp": events.times[at], "message": events.message(at, unmask=unmask),
             "ingestionTime": events.ingested[at]}
            for at in window.places
        ],
        "nextForwardToken": window.forward,
        "nextBackwardToken": window.backward,
    }  # fmt: skip


@operation("FilterLogEvents")
def filter_log_events(logs: Logs, request: FilterLogEventsRequestTypeDef) -> dict[str, Any]:
    """Over all streams, in order of time; `interleaved` is ignored, as AWS does."""
    names, prefix = request.get("logStreamNames"), request.get("logStreamNamePrefix")
    if names is not None and prefix is not None:
        raise InvalidParameterException.exclusive("LogStream names", "LogStream name prefix")
    start, end = request.get("startTime"), request.get("endTime")
    backwards = not request.get("startFromHead", True)
    if backwards and (start or 0) < FIRST_BACKWARDS:
        raise InvalidParameterException.backwards()
    pattern = request.get("filterPattern", "")
    test = checked(pattern).matches if pattern.strip() else None
    group = asked(logs, request)
    streams = _streams(group, names, prefix)
    logs.retention.expire(group)
    unmask = request.get("unmask", False)
    search = Search(
        group, streams, request.get("nextToken"), request.get("limit", 10_000),
        newest_first=backwards, start=start, end=None if end is None else end + 1, test=test,
        unmask=unmask,
    )  # fmt: skip
    return {
        "events": [
            {"logStreamName": each.stream.name, "timestamp": each.time,
             "message": each.stream.events.message(each.at, unmask=unmask),
             "ingestionTime": each.stream.events.ingested[each.at], "eventId": each.id}
            for each in search.found
        ],
        "searchedLogStreams": [],
        "nextToken": search.token,
    }  # fmt: skip


def _streams(group: LogGroup, names: Sequence[str] | None, prefix: str | None) -> list[LogStream]:
    if names is None:
        return [each for name, each in sorted(group.streams.items())
                if name.startswith(prefix or "")]  # fmt: skip
    return [group.stream(name) for name in dict.fromkeys(names)]
