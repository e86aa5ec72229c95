"""What people ask about calls: who did it, and why no trail has it.

Lives here: `did` and `concerns`, by which `Trail.who` finds calls, and `explained`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.trail import kinds
from awsmon.trail.records import Record
from awsmon.trail.resources import named

if TYPE_CHECKING:
    from awsmon.core.events import ApiCalled
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
    logging = {each.arn: each.reason(record) for each in trail.takers.trails}
    lines = []
    for each in trail.everywhere():
        if each.trail_arn in logging:
            why = logging[each.trail_arn]
            said = f"left out, {why}" if why else "delivered"
        else:
            said = f"logs {each.home_region} alone" if each.logging else "isn't logging"
        lines.append(f"  trail {each.name}: {said}")
    return "\n".join([str(Record(call.at, record)), *(lines or ["  no trail logs here"])])
