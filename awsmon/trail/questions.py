"""What people ask about calls: who did it, and why no trail has it.

Lives here: `did` and `concerns`, by which `Trail.who` finds calls, and `explained`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.trail import kinds
from awsmon.trail.records import Record
from awsmon.trail.resources import named
from awsmon.trail.selectors import compile_selectors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.events import ApiCalled
    from awsmon.trail.model import TrailSettings
    from awsmon.trail.service import Trail

__all__ = ["VERBS", "concerns", "did", "explained"]

VERBS = {
    "created": ("Create", "Run", "Allocate", "Register", "Import", "Put"),
    "deleted": ("Delete", "Terminate", "Remove", "Release", "Deregister", "Schedule"),
    "read": (),
    "changed": (),
}


def did(call: ApiCalled) -> str:
    """The verb of what a call did."""
    if kinds.is_read(call.service, call.operation):
        return "read"
    for verb, beginnings in VERBS.items():
        if beginnings and call.operation.startswith(beginnings):
            return verb
    return "changed"


def concerns(call: ApiCalled, resource: str) -> bool:
    """Whether a call was about a resource, by ARN or name."""
    names = {name for _, name in named(call.service, call.operation, call.parameters, call.result)}
    short = resource.rpartition(":")[2].rpartition("/")[2]
    return resource in names or short in {
        name.rpartition(":")[2].rpartition("/")[2] for name in names
    }


def explained(trail: Trail, call: ApiCalled) -> str:
    """Which trails delivered a call, and why the others didn't; a line for each."""
    record = trail.recorder.record(call)
    lines = [f"  trail {each.name}: {_said(each, call, record)}" for each in trail.everywhere()]
    return "\n".join([str(Record(call.at, record)), *(lines or ["  no trail logs here"])])


def _said(trail: TrailSettings, call: ApiCalled, record: Mapping[str, Any]) -> str:
    """Of one trail."""
    if not trail.logged(call.number):
        return "wasn't logging then" if trail.spans else "isn't logging"
    if not trail.reaches(call.scope.region):
        return f"logs {trail.home_region} alone"
    if call.service in trail.left_out:
        return "left out, IncludeGlobalServiceEvents is false"
    why = compile_selectors(*trail.selectors(call.number))(record)
    return f"left out, {why}" if why else "delivered"
