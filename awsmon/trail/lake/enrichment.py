"""What a store's event configuration does to an event: its largest size, and what is added to it.

Lives here: `configured`. Of the condition keys of a request those are added that the record tells.
Source: API reference, PutEventConfiguration; CloudTrail User Guide, "Enrich CloudTrail events by
adding resource tag keys and IAM global condition keys", "CloudTrail record contents".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import aware
from awsmon.core.organization import membership

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["configured"]

LARGEST = {"Standard": 256 * 1024, "Large": 1024 * 1024}  # bytes
_LONG = ("requestParameters", "responseElements")


def configured(configuration: Mapping[str, Any], record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event as a store keeps it."""
    wanted = [
        key for each in configuration["ContextKeySelectors"]
        if each["Type"] == "RequestContext" for key in each["Equals"]
    ]  # fmt: skip
    if wanted:
        known = _request_context(record)
        context = {key: known[key.lower()] for key in wanted if key.lower() in known}
        record = {**record, "eventContext": {"requestContext": context, "tagContext": {}}}
    largest = LARGEST[configuration["MaxEventSize"]]
    if any(record.get(name) for name in _LONG) and _size(record) > largest:
        record = {**record, **{name: _omitted(record, name) for name in _LONG if record.get(name)}}
    return record


def _size(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":"), default=str))


def _omitted(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"omitted": True, "originalSize": _size(record[name]), "reason": f"{name} too large"}


def _request_context(record: Mapping[str, Any]) -> dict[str, str]:
    """Condition keys in lower case, for case doesn't matter in them."""
    identity = record["userIdentity"]
    attributes = identity.get("sessionContext", {}).get("attributes", {})
    found = {
        "aws:currenttime": record["eventTime"],
        "aws:epochtime": str(int(aware(record["eventTime"]).timestamp())),
        "aws:multifactorauthpresent": attributes.get("mfaAuthenticated"),
        "aws:principalaccount": identity.get("accountId"), "aws:principalarn": identity.get("arn"),
        "aws:requestedregion": record["awsRegion"], "aws:securetransport": "true",
        "aws:sourceip": record.get("sourceIPAddress"),
        "aws:tokenissuetime": attributes.get("creationDate"),
        "aws:useragent": record.get("userAgent"), "aws:userid": identity.get("principalId"),
        "aws:username": identity.get("userName"),
        **{key.lower(): value for key, value in membership().items()},
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}
