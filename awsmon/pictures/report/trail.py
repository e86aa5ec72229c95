"""Who called what: the calls of the session, as a table that can be filtered.

Lives here: `trail`, the section.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.pictures.markup import Markup, tag
from awsmon.pictures.report.parts import (
    chip,
    data,
    filtered,
    instant,
    left_out,
    plural,
    row,
    section,
    table,
    to_trace,
)
from awsmon.trail import kinds
from awsmon.trail.records import INVOKERS
from awsmon.trail.resources import named

if TYPE_CHECKING:
    from awsmon.core.events import ApiCalled
    from awsmon.pictures.report.session import Place, Session

__all__ = ["caller", "trail"]

MOST = 1000
LONGEST = 600
_COLUMNS = ("time", "call", "about", "by", "")


def trail(session: Session) -> Markup | None:
    """The section; None where nobody called."""
    calls = [
        (place, call)
        for place in session.places
        if place.used("trail")
        for call in place.used("trail").history.calls
    ]
    if not calls:
        return None
    calls.sort(key=lambda each: (each[1].at, each[1].number))
    failed = sum(call.error is not None for _, call in calls)
    told = plural(len(calls), "call") + (f", {failed} refused" if failed else "")
    return section(
        "trail", "Trail", told,
        left_out(len(calls) - MOST, "older calls are"),
        filtered("trail-rows", "calls", ("write", "only what changes things"),
                 ("bad", "only refused")),
        table(_COLUMNS, (_call(session, *each) for each in calls[-MOST:]), id_="trail-rows"),
    )  # fmt: skip


def _call(session: Session, place: Place, call: ApiCalled) -> Markup:
    head = tag("summary", tag("b", call.operation), " ", tag("small", call.service, " ",
                                                             place.name or None))  # fmt: skip
    what = tag("details", head, data(dict(call.parameters), LONGEST))
    who = caller(call)
    names = dict.fromkeys(name for _, name in named(
        call.service, call.operation, call.parameters, call.result))  # fmt: skip
    about = tag("span", ", ".join(names), " ", _error(call))
    kind = "bad" if call.error else ""
    if not kinds.is_read(call.service, call.operation):
        kind = f"{kind} write".strip()
    return row(
        _COLUMNS,
        (instant(session, call.at), what, about, who, to_trace(session, call.number)),
        kind=kind or None,
    )


def _error(call: ApiCalled) -> Markup | None:
    if call.error is None:
        return None
    return tag("span", chip("refused", call.error[0]), " ", tag("small", call.error[1]))


def caller(call: ApiCalled) -> str:
    """Who called, shortly: the service, or the last of the caller's ARN."""
    if call.invoked_by:
        return INVOKERS.get(call.invoked_by, call.invoked_by)
    return call.identity.arn.rpartition(":")[2]
