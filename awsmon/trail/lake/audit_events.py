"""Events from outside of AWS: which are taken, and the form in which a store keeps them.

Lives here: `audit_event` and `NotTaken`.
Source: API reference of the data plane, PutAuditEvents, ResultErrorEntry; CloudTrail partner
onboarding guide, "Understanding the CloudTrail Lake event schema". No wording is verified.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import aware
from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.core.scope import Scope

__all__ = ["NotTaken", "audit_event"]

LARGEST = 256 * 1024  # bytes
_REQUIRED = ("version", "userIdentity", "eventSource", "eventName", "eventTime", "UID",
             "recipientAccountId")  # fmt: skip
_LENGTHS = {
    "version": 256, "eventSource": 256, "eventName": 256, "userAgent": 1024, "UID": 1024,
    "errorCode": 1024, "errorMessage": 1024, "sourceIPAddress": 1024,
}  # fmt: skip
_JSON = {"requestParameters": 4096, "responseElements": 4096, "additionalEventData": 4096}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")


class NotTaken(Exception):
    """An event that a channel doesn't take: AWS's code, and why."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, why)
        self.code, self.why = code, why


def audit_event(
    entry: Mapping[str, Any], *, event_id: str, channel: str, scope: Scope, now: datetime
) -> dict[str, Any]:
    """An event as a store keeps it.

    Args:
        entry: as PutAuditEvents has it.
        event_id: the new event's.
        channel: the ARN of the channel that it comes through.
        scope: the channel's place.
        now: when it came.

    Raises:
        NotTaken: it isn't what the schema wants.
    """
    text = entry["eventData"]
    checksum = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    if entry.get("eventDataChecksum", checksum) != checksum:
        raise NotTaken("InvalidChecksum", "The checksum does not match the event data.")
    data = _checked(text)
    at = _time(_text(data, "eventTime"))
    if data["recipientAccountId"] != scope.account:
        raise NotTaken("InvalidRecipient", "The recipient account does not own the channel.")
    return {
        "eventVersion": "1.0", "eventCategory": "ActivityAuditLog", "eventType": "ActivityLog",
        "eventID": event_id, "eventTime": at, "awsRegion": scope.region,
        "recipientAccountId": scope.account,
        "metadata": {"ingestionTime": f"{now:%Y-%m-%d %H:%M:%S}", "channelARN": channel},
        "eventData": data,
    }  # fmt: skip


def _checked(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise NotTaken("InvalidData", "The event data is not a JSON object.")
    if len(text.encode()) > LARGEST:
        raise NotTaken("FieldTooLong", f"The event data has more than {LARGEST} bytes.")
    for name in _REQUIRED:
        if data.get(name) in (None, ""):
            raise NotTaken("FieldNotFound", f"The field {name} is required.")
    _check_identity(data["userIdentity"])
    for name, longest in _LENGTHS.items():
        if len(_text(data, name)) > longest:
            raise NotTaken("FieldTooLong", f"The field {name} has more than {longest} characters.")
    for name, longest in _JSON.items():
        if len(json.dumps(data.get(name))) > longest:
            raise NotTaken("FieldTooLong", f"The field {name} has more than {longest} characters.")
    return data


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name) or ""
    if not isinstance(value, str):
        raise NotTaken("InvalidData", f"The field {name} is not a string.")
    return value


def _check_identity(identity: Any) -> None:
    if not isinstance(identity, dict):
        raise NotTaken("InvalidData", "The field userIdentity is not an object.")
    for name in ("type", "principalId"):
        if not _text(identity, name):
            raise NotTaken("FieldNotFound", f"The field userIdentity.{name} is required.")


def _time(text: str) -> str:
    """In UTC, which is meant where no zone is said."""
    try:
        if _TIME.fullmatch(text):
            at = aware(text if text[19:].strip(".0123456789") else f"{text}Z")
            return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except MisuseError:
        pass
    raise NotTaken("InvalidData", "The field eventTime is not a time in ISO 8601.")
