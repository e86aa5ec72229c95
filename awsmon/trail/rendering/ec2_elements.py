"""Newer operations of EC2, whose records show the request's fields and the answer's XML.

Lives here: `OPERATIONS`, `asked` and `answered`.
Source: records of CreateFlowLogs, CreateLaunchTemplate, CreateNatGateway, CreateTrafficMirror...,
CreateVpcEndpoint and DeleteFlowLogs (tests/trail/samples); their siblings are taken to be alike.
"""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any

from awsmon.core.outlines import NOTHING
from awsmon.trail.rendering.plain import scalar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.core.outlines import Outline
    from awsmon.trail.rendering.plain import Form

__all__ = ["OPERATIONS", "answered", "asked"]

OPERATIONS = frozenset({
    "CreateFlowLogs", "CreateLaunchTemplate", "CreateLaunchTemplateVersion", "CreateNatGateway",
    "CreateTrafficMirrorFilter", "CreateTrafficMirrorFilterRule", "CreateTrafficMirrorSession",
    "CreateTrafficMirrorTarget", "CreateVpcEndpoint", "DeleteFlowLogs", "DeleteLaunchTemplate",
    "DeleteNatGateway", "DeleteTrafficMirrorFilter", "DeleteTrafficMirrorFilterRule",
    "DeleteTrafficMirrorSession", "DeleteTrafficMirrorTarget", "DeleteVpcEndpoints",
    "ModifyVpcEndpoint",
})  # fmt: skip
_XMLNS = "http://ec2.amazonaws.com/doc/2016-11-15/"


def asked(value: Mapping[str, Any], outline: Outline, form: Form) -> dict[str, Any]:
    """The fields, by the names that the query has; of a list each is numbered."""
    found: dict[str, Any] = {}
    for name, inner in value.items():
        below = outline.members.get(name, NOTHING)
        wire = below.wire.get("queryName") or below.wire.get("name") or name
        if name in form.instead:
            shown = form.instead[name]
        elif isinstance(inner, (list, tuple)):
            shown = _one_or_all(
                [_numbered(at, each, below.inner or NOTHING, form)
                 for at, each in enumerate(inner, start=1)])  # fmt: skip
        else:
            shown = (
                asked(inner, below, form) if isinstance(inner, dict) else scalar(inner, below, form)
            )
        if shown is not None:
            found[wire[:1].upper() + wire[1:]] = shown
    return found


def _numbered(at: int, value: Any, outline: Outline, form: Form) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"tag": at, **asked(value, outline, form)}
    return {"tag": at, "content": scalar(value, outline, form)}


def answered(value: Mapping[str, Any], outline: Outline, form: Form) -> dict[str, Any]:
    """The XML: what repeats is a list, what is empty an empty text."""
    return {"xmlns": _XMLNS, **_children(value, outline, form)}


def _children(value: Mapping[str, Any], outline: Outline, form: Form) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, inner in value.items():
        if name not in form.instead:
            below = outline.members.get(name, NOTHING)
            found[below.wire.get("name") or name] = _element(inner, below, form)
    return found


def _element(value: Any, outline: Outline, form: Form) -> Any:
    if isinstance(value, dict):
        return _children(value, outline, form)
    if isinstance(value, (list, tuple)):
        items = [_element(each, outline.inner or NOTHING, form) for each in value]
        return {"item": _one_or_all(items)} if items else ""
    return _iso(value) if outline.kind == "timestamp" else scalar(value, outline, form)


def _iso(at: datetime) -> str:
    return f"{at.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%S.000Z}"


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
