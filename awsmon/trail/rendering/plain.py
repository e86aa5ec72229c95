"""The usual form of parameters and answers.

Lives here: `members`, and what the other forms share with it: `Form`, `lower`, `scalar`.
Source: records, by operation in tests/trail/samples.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from awsmon.core.outlines import NOTHING
from awsmon.trail.rendering.known import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.core.outlines import Outline

__all__ = ["Form", "lower", "members", "scalar", "spelled", "spelled_with_comma"]


def spelled(at: datetime, comma: str = "") -> str:
    """``Mar 24, 2014 9:11:59 PM``, in UTC."""
    at = at.astimezone(timezone.utc) if at.tzinfo else at
    half = "PM" if at.hour >= 12 else "AM"
    return f"{at:%b} {at.day}, {at.year}{comma} {at.hour % 12 or 12}:{at:%M:%S} {half}"


def spelled_with_comma(at: datetime) -> str:
    """``Mar 24, 2014, 9:11:59 PM``, as services on newer Java write it."""
    return spelled(at, ",")


@dataclass(frozen=True, slots=True)
class Form:
    """How a service writes.

    Attributes:
        instead: what stands for a member of this name; None: nothing.
        time: how a time is written.
    """

    instead: Mapping[str, Any]
    time: Callable[[datetime], Any] = spelled


def members(value: Mapping[str, Any], outline: Outline, form: Form) -> dict[str, Any]:
    """Members begin with a small letter, maps keep their keys; no bytes, no HTTP status."""
    found = {}
    for name, inner in value.items():
        below = outline.members.get(name)
        if below is not None and below.wire.get("location") == "statusCode":
            continue
        shown = form.instead[name] if name in form.instead else _value(inner, below, form)
        if shown is not None:
            found[lower(name)] = shown
    return found


def _value(value: Any, outline: Outline | None, form: Form) -> Any:
    if isinstance(value, dict):
        return _of_mapping(value, outline, form)
    if isinstance(value, (list, tuple)):
        inner = outline.inner if outline is not None else None
        hidden = outline is not None and outline.secret
        return HIDDEN if hidden else [_value(each, inner, form) for each in value]
    return scalar(value, outline or NOTHING, form)


def _of_mapping(value: dict[str, Any], outline: Outline | None, form: Form) -> Any:
    if outline is None:
        return dict(value)
    if outline.secret:
        return HIDDEN
    if outline.kind == "structure":
        return members(value, outline, form)
    if outline.kind == "string":  # a policy: botocore reads it, on the wire it is quoted
        return quote(json.dumps(value), safe="")
    return {name: _value(inner, outline.inner, form) for name, inner in value.items()}


def scalar(value: Any, outline: Outline, form: Form) -> Any:
    """A text, a number, a time; None for bytes and streams."""
    if isinstance(value, (bytes, bytearray)) or hasattr(value, "read"):
        return None
    if outline.secret:
        return HIDDEN
    if outline.kind == "timestamp" and isinstance(value, (int, float)):  # as JSON was sent
        value = datetime.fromtimestamp(value, timezone.utc)
    return form.time(value) if isinstance(value, datetime) else value


def lower(name: str) -> str:
    """``TopicArn`` is ``topicArn``, ``DBInstanceArn`` is ``dBInstanceArn``."""
    return name[:1].lower() + name[1:]
