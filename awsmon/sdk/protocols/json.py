"""JSON bodies: ``json`` (1.0 and 1.1) and ``rest-json``.

Lives here: `document` and `dumps`. Instants are seconds with milliseconds unless the model says
ISO 8601. Infinities and NaN are written as JavaScript writes them: botocore reads those as numbers,
and Smithy's quoted form as text.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.sdk.protocols.instants import iso8601, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["document", "dumps"]


def dumps(document: Any) -> bytes:
    """A JSON document as bytes, without spaces."""
    return json.dumps(document, separators=(",", ":")).encode()


def document(shape: Any, value: Any) -> Any:
    """A shaped value as `json` takes it, members under their names on the wire."""
    match shape.type_name:
        case "structure":
            return _structure(shape, value)
        case "list":
            return [document(shape.member, each) for each in value]
        case "map":
            return {key: document(shape.value, each) for key, each in value.items()}
        case "timestamp":
            return _instant(shape, value)
        case "blob":
            return base64.b64encode(value).decode()
    return value


def _structure(shape: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """What travels in headers or in a stream isn't in the body."""
    return {
        member.serialization.get("name", name): document(member, value[name])
        for name, member in shape.members.items()
        if name in value
        and "location" not in member.serialization
        and "eventstream" not in member.serialization
    }


def _instant(shape: Any, value: Any) -> Any:
    match shape.serialization.get("timestampFormat", "unixTimestamp"):
        case "unixTimestamp":
            return seconds(value)
        case "iso8601":
            return iso8601(value)
        case other:
            raise NotImplementedByAwsmon(f"{shape.name}: timestamps in the form of {other}.")
