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

if TYPE_CHECKING:
    from awsmon.core.events import ApiCalled
    from awsmon.pictures.report.session import Place, Session

__all__ = ["trail"]

MOST = 1000
LONGEST = 600
_COLUMNS = ("time", "call", "by", "outcome", "")


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
    who = call.invoked_by or call.identity.arn.rpartition(":")[2]
    outcome = tag("span", chip("refused", call.error[0]), tag("small", " ", call.error[1])) if (
        call.error) else "answered"  # fmt: skip
    kind = "bad" if call.error else ""
    if not kinds.is_read(call.service, call.operation):
        kind = f"{kind} write".strip()
    return row(
        _COLUMNS,
        (instant(session, call.at), what, who, outcome, to_trace(session, call.number)),
        kind=kind or None,
    )
