"""S3's parameters and answers: as they stand in the request's line, headers and XML.

Lives here: `asked` and `answered`.
Source: S3 User Guide, "Amazon S3 CloudTrail log file entries"; records of 2024.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from awsmon.core.outlines import NOTHING
from awsmon.trail.rendering.plain import scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.outlines import Outline
    from awsmon.trail.rendering.plain import Form

__all__ = ["answered", "asked"]

_LEFT_OUT = ("x-amz-sdk-checksum-algorithm", "x-amz-expected-bucket-owner", "x-amz-request-payer",
             "x-amz-mfa")  # fmt: skip
_KEY = "-customer-key"  # of headers that hold a secret, or its digest


def asked(value: Mapping[str, Any], outline: Outline, uri: str, form: Form) -> dict[str, Any]:
    """The parameters.

    Args:
        value: as the SDK took them.
        outline: of the request.
        uri: its path and query, as ``/{Bucket}?acl``.
        form: how values are written.
    """
    bucket, key = value.get("Bucket"), value.get("Key")
    if bucket is None:
        return {"Host": "s3.amazonaws.com"}
    found: dict[str, Any] = {"bucketName": bucket, "Host": f"{bucket}.s3.amazonaws.com"}
    if key is not None:
        found["key"] = key
    found |= dict(parse_qsl(uri.partition("?")[2], keep_blank_values=True))
    for name, inner in value.items():
        found |= _written(name, inner, outline.members.get(name, NOTHING), form)
    return found


def _written(name: str, value: Any, outline: Outline, form: Form) -> dict[str, Any]:
    """A member, where the record has it."""
    where, wire = outline.wire.get("location"), outline.wire.get("name", name)
    if where == "querystring":
        return {wire: _text(value)}
    if where == "header":
        shown = wire.startswith("x-amz-") and wire not in _LEFT_OUT and _KEY not in wire
        return {wire: _text(value)} if shown else {}
    if where == "headers":
        return {f"{wire}{part}": _text(each) for part, each in value.items()}
    if where is None and isinstance(value, dict):
        return {wire: _element(value, outline, form)}
    return {"bucketPolicy": _json(value)} if name == "Policy" else {}


def answered(value: Mapping[str, Any], outline: Outline) -> dict[str, Any] | None:
    """S3's own headers; None where there are none."""
    names = {name: outline.members.get(name, NOTHING).wire.get("name", "") for name in value}
    return {
        wire: _text(value[name]) for name, wire in names.items()
        if wire.startswith("x-amz-") and _KEY not in wire
    } or None  # fmt: skip


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _element(value: Any, outline: Outline, form: Form) -> Any:
    """XML as JSON: an element that repeats is a list, one that doesn't is itself."""
    if isinstance(value, dict):
        return {**_spaces(outline), **_children(value, outline, form)}
    if isinstance(value, (list, tuple)):
        inner = outline.inner or NOTHING
        elements = [_element(each, inner, form) for each in value]
        shown = elements[0] if len(elements) == 1 else elements
        flat = outline.wire.get("flattened")
        return shown if flat else {inner.wire.get("name", "member"): shown}
    return scalar(value, outline, form)


def _children(value: Mapping[str, Any], outline: Outline, form: Form) -> dict[str, Any]:
    found = {}
    for name, inner in value.items():
        below = outline.members.get(name, NOTHING)
        found[below.wire.get("name", name)] = _element(inner, below, form)
    return found


def _spaces(outline: Outline) -> dict[str, str]:
    space = outline.wire.get("xmlNamespace")
    if not space:
        return {}
    prefix = space.get("prefix")
    return {f"xmlns:{prefix}" if prefix else "xmlns": space["uri"]}


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return text
