"""The records of CloudTrail Insights.

Lives here: `Unusual`, what goes on, and `insight_record`, which tells it to a trail,
`stored_insight` to an event data store; `insight_events`, which finds them again. Whose calls they
were is looked up in event history when there is something to tell.
Source: CloudTrail User Guide, "CloudTrail record contents for Insights events for trails", "... for
event data stores", and the records in "Viewing Insights events for trails with the AWS CLI".
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import EPOCH, aware, stamp
from awsmon.trail import kinds
from awsmon.trail.history import KEPT
from awsmon.trail.records import invoker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from awsmon.core.events import ApiCalled
    from awsmon.trail.insights import Key, Series
    from awsmon.trail.service import Trail

__all__ = ["Unusual", "insight_events", "insight_record", "stored_insight"]

VERSION = "1.09"
_MOST = 5


@dataclass(slots=True)
class Unusual:
    """Something unusual that goes on; times are minutes since the epoch.

    Attributes:
        kind: ``many`` calls, ``few``, or ``none`` any more.
        place: of the scale of windows by which it is seen.
        start: when it began.
        before: the end of its baseline.
        until: how far it is known.
        id: what the start and the end share.
    """

    kind: str
    place: int
    start: int
    before: int
    until: int = 0
    id: str = ""


def insight_record(
    trail: Trail, key: Key, series: Series, unusual: Unusual, state: str
) -> dict[str, Any]:
    """The start or the end of something unusual, as it is delivered."""
    found, baseline = series.rate.baseline(unusual.before)
    minutes = max(unusual.until - unusual.start, 1)
    count = series.rate.count(unusual.start, unusual.until)
    at = unusual.start if state == "Start" else unusual.until
    details: dict[str, Any] = {
        "state": state, "eventSource": key.source, "eventName": key.name, "insightType": key.kind,
    }  # fmt: skip
    if key.error:
        details["errorCode"] = key.error
    details |= {
        "sourceEventCategory": "Data" if key.trail else "Management",
        "insightContext": {
            "statistics": {
                "baseline": {"average": _average(found, baseline)},
                "insight": {"average": _average(count, minutes)},
                "insightDuration": minutes, "baselineDuration": baseline,
            },
            "attributions": _attributions(trail, key, unusual, minutes, baseline),
        },
    }  # fmt: skip
    if key.trail:
        details["insightSource"] = key.trail
    return {
        "eventVersion": VERSION, "eventTime": _stamp(at), "awsRegion": trail.scope.region,
        "eventID": trail.ids.uuid(), "eventType": "AwsCloudTrailInsight",
        "recipientAccountId": trail.scope.account, "sharedEventID": unusual.id,
        "insightDetails": details, "eventCategory": "Insight",
    }  # fmt: skip


def stored_insight(record: Mapping[str, Any], source: str) -> dict[str, Any]:
    """A trail's record as an event data store has it.

    Args:
        record: the start or the end.
        source: the ARN of the store whose events it is about.
    """
    details = record["insightDetails"]
    statistics = details["insightContext"]["statistics"]
    found = {name: value for name, value in record.items() if name != "insightDetails"}
    if "errorCode" in details:
        found["insightErrorCode"] = details["errorCode"]
    return found | {
        "insightSource": source, "insightState": details["state"],
        "insightEventSource": details["eventSource"], "insightEventName": details["eventName"],
        "insightType": details["insightType"],
        "insightContext": {
            "baselineAverage": statistics["baseline"]["average"],
            "insightAverage": statistics["insight"]["average"],
            "baselineDuration": statistics["baselineDuration"],
            "insightDuration": statistics["insightDuration"],
            "attributions": details["insightContext"]["attributions"],
        },
    }  # fmt: skip


def _attributions(
    trail: Trail, key: Key, unusual: Unusual, minutes: int, baseline: int
) -> list[dict[str, Any]]:
    """Whose calls they were, the most frequent five of each kind, in both times."""
    during, before = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for call in trail.history.calls:
        minute = (call.at - EPOCH).total_seconds() // 60
        if unusual.before - baseline <= minute < unusual.until and _meant(trail, call, key):
            counter = during if minute >= unusual.start else before
            for attribute, value in _ATTRIBUTES.items():
                counter[attribute, value(call)] += 1
    shown = [each for each in _ATTRIBUTES if each != "errorCode" or not key.error]
    return [
        {"attribute": each, "insight": _most(during, each, minutes),
         "baseline": _most(before, each, baseline)}
        for each in shown
    ]  # fmt: skip


def _meant(trail: Trail, call: ApiCalled, key: Key) -> bool:
    if kinds.event_name(call.service, call.operation) != key.name:
        return False
    host = trail.recorder.outlines(call.service, call.operation).host
    source = kinds.source_of(call.service, host)
    code = call.error[0] if call.error else ""
    return source == key.source and (not key.error or key.error.removeprefix("Client.") == code)


def _caller(call: ApiCalled) -> str:
    """A role counts once, whatever its sessions are called."""
    if call.invoked_by:
        return invoker(call.invoked_by)
    arn = call.identity.arn
    return arn.rpartition("/")[0] if ":assumed-role/" in arn else arn


_ATTRIBUTES: dict[str, Callable[[ApiCalled], str]] = {
    "userIdentityArn": _caller,
    "userAgent": lambda call: invoker(call.invoked_by) if call.invoked_by else call.user_agent,
    "errorCode": lambda call: call.error[0] if call.error else "null",
}


def _most(counter: Counter[tuple[str, str]], attribute: str, minutes: int) -> list[dict[str, Any]]:
    found = [(value, count) for (name, value), count in counter.most_common() if name == attribute]
    return [{"value": value, "average": _average(count, minutes)} for value, count in found[:_MOST]]


def _average(count: int, minutes: int) -> float:
    return round(count / minutes, 10) if minutes else 0.0


def _stamp(minute: int) -> str:
    return stamp(EPOCH + timedelta(minutes=minute))


def insight_events(
    trail: Trail,
    *,
    source: str = "",
    key: str = "",
    value: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
) -> Iterator[dict[str, Any]]:
    """The insights of a trail's data events, or those of management events, newest first.

    Args:
        trail: the place.
        source: the ARN of the trail whose data events are meant; empty: management events.
        key: of the one attribute that must have *value*; empty: all.
        value: exact.
        start: the earliest.
        end: the latest.
    """
    oldest = trail.clock.now() - KEPT
    for record in reversed(trail.insights.found):
        details, at = record["insightDetails"], aware(record["eventTime"])
        told = {"EventId": record["eventID"], "EventName": details["eventName"],
                "EventSource": details["eventSource"]}  # fmt: skip
        late, early = start is not None and at < start, end is not None and at > end
        if late or early or at <= oldest or details.get("insightSource", "") != source:
            continue
        if not key or told.get(key) == value:
            yield {
                **told, "EventTime": at, "Resources": [],
                "CloudTrailEvent": json.dumps(record, separators=(",", ":")),
            }  # fmt: skip
