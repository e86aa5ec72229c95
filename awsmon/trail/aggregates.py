"""Aggregated events: what the data events of five minutes have in common, counted.

Lives here: `aggregated`, and `happened`, which knows the time of any record. An event tells of one
service and of one value of its template's dimension how many data events had it, and how many of
these had which values of the others.
Source: CloudTrail User Guide, "Aggregating data events", "CloudTrail record contents for aggregated
events"; the order of the other dimensions is that of the queries in AWS's announcement. All values
are counted, where AWS speaks of top ones without a number.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from awsmon.trail.service import Trail

    Record = Mapping[str, Any]

__all__ = ["aggregated", "happened"]

WINDOW = timedelta(minutes=5)
_TEMPLATES = {
    "API_ACTIVITY": "eventName", "RESOURCE_ACCESS": "resourceARN", "USER_ACTIONS": "userIdentity",
}  # fmt: skip


def aggregated(
    trail: Trail, records: Sequence[Record], templates: Iterable[str], end: datetime
) -> list[dict[str, Any]]:
    """The aggregated events of a window.

    Args:
        trail: the place.
        records: its data events.
        templates: which are wanted.
        end: of the window.
    """
    found = []
    for template in templates:
        primary = _TEMPLATES[template]
        for (source, value), group in _groups(records, primary).items():
            found.append({
                "eventVersion": "1.0", "accountId": trail.scope.account,
                "eventId": trail.ids.uuid(), "eventCategory": "Aggregated",
                "eventType": "AwsAggregatedEvent", "awsRegion": trail.scope.region,
                "eventSource": source,
                "timeWindow": {
                    "windowStart": stamp(end - WINDOW),
                    "windowEnd": stamp(end), "windowSize": "PT5M",
                },
                "summary": {
                    "primaryDimension": _counted(primary, {value: len(group)}),
                    "details": _details(group, primary),
                },
            })  # fmt: skip
    return found


def happened(record: Record) -> str:
    """When it happened, as records tell it; of aggregated events, when their window was over."""
    return str(record.get("eventTime") or record["timeWindow"]["windowEnd"])


def _groups(records: Sequence[Record], primary: str) -> dict[tuple[str, str], list[Record]]:
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        value = _DIMENSIONS[primary](record)
        if value:
            groups.setdefault((record["eventSource"], value), []).append(record)
    return groups


def _details(group: Sequence[Record], primary: str) -> list[dict[str, Any]]:
    """Of each other dimension that any of the events has."""
    found = []
    for dimension, value_of in _DIMENSIONS.items():
        values = Counter(filter(None, map(value_of, group)))
        if dimension != primary and values:
            found.append(_counted(dimension, dict(values.most_common())))
    return found


def _counted(dimension: str, counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "dimension": dimension,
        "statistics": [{"name": name, "value": count} for name, count in counts.items()],
        "aggregationType": "Count",
    }


def _resource(record: Record) -> str:
    """Of an object's events that is the bucket, which alone has an account."""
    resources = record.get("resources", ())
    owned = [each for each in resources if "accountId" in each]
    return str(next((each.get("ARN", "") for each in [*owned, *resources]), ""))


def _identity(record: Record) -> str:
    identity = record["userIdentity"]
    return str(identity.get("arn") or identity.get("invokedBy") or identity.get("principalId", ""))


_DIMENSIONS: dict[str, Callable[[Record], str]] = {
    "eventName": lambda record: str(record["eventName"]),
    "resourceARN": _resource,
    "userIdentity": _identity,
    "userAgent": lambda record: str(record.get("userAgent", "")),
    "sourceIpAddress": lambda record: str(record.get("sourceIPAddress", "")),
    "errorCodes": lambda record: str(record.get("errorCode", "")),
}
