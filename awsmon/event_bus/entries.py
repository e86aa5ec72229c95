"""What PutEvents and its kin accept, and the event that a rule sees.

Lives here: `refusal`, `detail_of`, `size`, `shown`, `emitted` and `envelope`. Source: API
reference, PutEvents; User Guide, "Sending events with PutEvents"; wordings as recorded
(LocalStack).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import stamp
from awsmon.core.later import made

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from awsmon.core.bus_events import EventEmitted
    from awsmon.core.scope import Scope

__all__ = [
    "MALFORMED", "MOST_BYTES", "detail_of", "emitted", "envelope", "refusal", "shown", "size",
]  # fmt: skip

MOST_BYTES = 262_144
"""Of all entries together."""

Refusal = dict[str, str]


def _no_json(constant: str) -> Any:
    raise ValueError(f"{constant} is Python's, not JSON's")


_decode = json.JSONDecoder(parse_constant=_no_json).decode
_REQUIRED = (("Source", "Source"), ("DetailType", "DetailType"), ("Detail", "Detail"))


def refusal(entry: Mapping[str, Any], *, own: str = "") -> Refusal | None:
    """Why an entry isn't taken, as PutEvents says it; None: it is.

    Args:
        entry: as it came.
        own: what sources of AWS's that the caller may use begin with.
    """
    for member, word in _REQUIRED:
        if member not in entry or not entry[member]:
            return _refusal(
                "InvalidArgument",
                f"Parameter {member} is not valid. Reason: {word} is a required argument.",
            )
    source = entry["Source"]
    if source.startswith("aws.") and not (own and source.startswith(own)):
        return _refusal("NotAuthorizedForSourceException", "Not authorized for the source.")
    return None


def detail_of(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The detail as an object; None: it is none."""
    try:
        found = _decode(entry["Detail"])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


MALFORMED = {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}


def _refusal(code: str, message: str) -> Refusal:
    return {"ErrorCode": code, "ErrorMessage": message}


def size(entries: Sequence[Mapping[str, Any]]) -> int:
    """Bytes, as EventBridge counts them."""
    total = 0
    for entry in entries:
        total += 14 if "Time" in entry else 0
        text = f"{entry.get('Source', '')}{entry.get('DetailType', '')}{entry.get('Detail', '')}"
        if "Resources" in entry:
            text += "".join(entry["Resources"])
        total += len(text) if text.isascii() else len(text.encode())
    return total


def shown(entries: Sequence[Mapping[str, Any]]) -> str:
    """Entries as the message on too many of them shows them."""
    return ", ".join(
        "PutEventsRequestEntry("
        + ", ".join(
            f"{name}={_null(entry.get(member))}"
            for name, member in (
                ("time", "Time"), ("source", "Source"), ("resources", "Resources"),
                ("detailType", "DetailType"), ("detail", "Detail"),
                ("eventBusName", "EventBusName"), ("traceHeader", "TraceHeader"),
            )
        )
        + ", kmsKeyIdentifier=null, internalMetadata=null)"
        for entry in entries
    )  # fmt: skip


def _null(value: Any) -> Any:
    return "null" if value is None else value


def emitted(id_: str, event: EventEmitted) -> dict[str, Any]:
    """What an AWS service told, as an event of that id."""
    return envelope(
        event.scope, id_=id_, at=event.at, source=event.source, detail_type=event.detail_type,
        resources=event.resources, detail=made(event.detail),
    )  # fmt: skip


def envelope(
    scope: Scope, *, id_: str, at: datetime, source: str, detail_type: str,
    resources: Sequence[str], detail: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """An event as rules and targets see it; the order of the keys is AWS's."""
    return {
        "version": "0",
        "id": id_,
        "detail-type": detail_type,
        "source": source,
        "account": scope.account,
        "time": stamp(at),
        "region": scope.region,
        "resources": list(resources),
        "detail": detail,
    }
