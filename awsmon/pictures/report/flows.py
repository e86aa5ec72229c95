"""Events and deliveries, as tables.

Lives here: `events` and `deliveries`, two sections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.bus_events import EventPut
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

if TYPE_CHECKING:
    from awsmon.core.deliveries import Delivery
    from awsmon.pictures.report.session import Session

__all__ = ["deliveries", "events"]

MOST = 300
LONGEST = 1500
_EVENTS = ("time", "event", "bus", "taken by", "")
_DELIVERIES = ("time", "to", "status", "sent by", "")
_BAD = ("failed", "dead-lettered")


def events(session: Session) -> Markup | None:
    """What came to event buses; None where nothing did."""
    found = [each for each in session.entries if isinstance(each, EventPut)]
    if not found:
        return None
    return section(
        "events", "Events", plural(len(found), "event"),
        left_out(len(found) - MOST, "older ones are"),
        filtered("event-rows", "events", ("taken", "only those that a rule took")),
        table(_EVENTS, (_event(session, each) for each in found[-MOST:]), id_="event-rows"),
    )  # fmt: skip


def _event(session: Session, each: EventPut) -> Markup:
    what = tag(
        "details",
        tag("summary", each.event["detail-type"], " ", tag("small", each.event["source"])),
        data(each.event, LONGEST),
    )
    rules = ", ".join(each.rules) or tag("small", "no rule")
    bus = each.bus.rpartition("/")[2]
    return row(
        _EVENTS,
        (instant(session, each.at), what, bus, rules, to_trace(session, each.number)),
        kind="taken" if each.rules else None,
    )


def deliveries(session: Session) -> Markup | None:
    """What left for targets; None where nothing did."""
    found = session.deliveries
    if not found:
        return None
    failed = sum(each.status in _BAD for each in found)
    told = plural(len(found), "delivery", "deliveries") + (f", {failed} failed" if failed else "")
    gone = session.backend.deliveries.dropped + len(found) - MOST
    return section(
        "deliveries", "Deliveries", told,
        left_out(gone if len(found) > MOST else session.backend.deliveries.dropped,
                 "older ones are"),
        filtered("delivery-rows", "deliveries", ("bad", "only those that failed")),
        table(_DELIVERIES, (_delivery(session, each) for each in found[-MOST:]),
              id_="delivery-rows"),
    )  # fmt: skip


def _delivery(session: Session, each: Delivery) -> Markup:
    tries = [
        tag("li", instant(session, tried.at), " ", tried.error or "arrived")
        for tried in each.attempts
    ]
    what = tag(
        "details", tag("summary", tag("code", each.target_arn)),
        tag("ol", *tries, class_="moments") if tries else None, data(each.payload, LONGEST),
    )  # fmt: skip
    status = [chip(each.status)]
    if len(each.attempts) > 1:
        status.append(tag("small", " ", plural(len(each.attempts), "attempt")))
    via = f"{each.sender} for {each.subject.rpartition(':')[2]}"
    return row(
        _DELIVERIES,
        (instant(session, each.at), what, tag("span", *status), via,
         to_trace(session, each.number)),
        kind="bad" if each.status in _BAD else None,
    )  # fmt: skip
