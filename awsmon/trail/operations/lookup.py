"""Event history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.trail.errors import (
    InvalidLookupAttributesException,
    InvalidNextTokenException,
    InvalidTimeRangeException,
)
from awsmon.trail.history import KEPT
from awsmon.trail.insight_records import insight_events
from awsmon.trail.records import username
from awsmon.trail.resources import named

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_cloudtrail.type_defs import LookupEventsRequestTypeDef

    from awsmon.core.events import ApiCalled
    from awsmon.trail.service import Trail

MOST = 50
_text = json.JSONEncoder(separators=(",", ":"), default=str).encode


@operation("LookupEvents")
def lookup_events(trail: Trail, request: LookupEventsRequestTypeDef) -> dict[str, Any]:
    """Management events of ninety days, newest first."""
    given: Any = request
    attributes = given.get("LookupAttributes", [])
    if len(attributes) > 1:
        raise InvalidLookupAttributesException.one()
    oldest = trail.clock.now() - KEPT
    start, end = given.get("StartTime"), given.get("EndTime")
    if start is not None and end is not None and start > end:
        raise InvalidTimeRangeException.reversed()
    if given.get("EventCategory") == "insight":
        return _insights(trail, given, attributes)
    calls = trail.history.newest_first()
    if attributes:
        key, value = attributes[0]["AttributeKey"], attributes[0]["AttributeValue"]
        calls = trail.history.find(key, value, trail.recorder.outlines)
    found, token = paging.page_after(
        (
            call for call in calls
            if call.at > oldest and (start is None or _time(call) >= start)
            and (end is None or _time(call) <= end)
        ),
        given.get("NextToken"), given.get("MaxResults", MOST), of=f"LookupEvents {attributes}",
        bad_token=InvalidNextTokenException.token, key=lambda call: call.number,
    )  # fmt: skip
    return {"Events": [_shown(trail, call) for call in found], "NextToken": token}


def _insights(trail: Trail, given: Any, attributes: Any) -> dict[str, Any]:
    key, value = "", ""
    if attributes:
        key, value = attributes[0]["AttributeKey"], attributes[0]["AttributeValue"]
        if key not in ("EventId", "EventName", "EventSource"):
            raise InvalidLookupAttributesException.insight(key)
    found, token = paging.page_of_many(
        insight_events(
            trail, key=key, value=value, start=given.get("StartTime"), end=given.get("EndTime")
        ),
        given.get("NextToken"), given.get("MaxResults", MOST),
        of=f"LookupEvents insight {attributes}", bad_token=InvalidNextTokenException.token,
    )  # fmt: skip
    return {"Events": found, "NextToken": token}


def _time(call: ApiCalled) -> datetime:
    """As the record has it: whole seconds."""
    return call.at.replace(microsecond=0)


def _shown(trail: Trail, call: ApiCalled) -> dict[str, Any]:
    record = trail.recorder.record(call)
    resources = named(call.service, call.operation, call.parameters, call.result)
    return {
        "EventId": record["eventID"], "EventName": record["eventName"],
        "ReadOnly": str(record["readOnly"]).lower(),
        "AccessKeyId": None if call.invoked_by else call.identity.access_key,
        "EventTime": _time(call), "EventSource": record["eventSource"],
        "Username": None if call.invoked_by else username(call.identity),
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, name in resources],
        "CloudTrailEvent": _text(record),
    }  # fmt: skip
