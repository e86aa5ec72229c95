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
from awsmon.trail.lake.tag_context import tag_context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.trail.service import Trail

__all__ = ["configured"]

LARGEST = {"Standard": 256 * 1024, "Large": 1024 * 1024}  # bytes
_LONG = ("requestParameters", "responseElements")


def configured(
    configuration: Mapping[str, Any], record: Mapping[str, Any], here: Trail
) -> Mapping[str, Any]:
    """The event as a store keeps it.

    Args:
        configuration: of the store.
        record: of the event.
        here: the place where it happened.
    """
    wanted = {each["Type"]: each["Equals"] for each in configuration["ContextKeySelectors"]}
    if wanted:
        known, keys = _request_context(record), wanted.get("RequestContext", ())
        context = {key: known[key.lower()] for key in keys if key.lower() in known}
        tags = tag_context(here, wanted["TagContext"], record) if "TagContext" in wanted else {}
        record = {**record, "eventContext": {"requestContext": context, "tagContext": tags}}
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
