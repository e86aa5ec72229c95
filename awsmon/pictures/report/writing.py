"""The report as a whole: `report`, the text of its page.

The sections are in modules of their own; here is their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.pictures.markup import Markup, joined, tag
from awsmon.pictures.page import page
from awsmon.pictures.report.alarms import alarms
from awsmon.pictures.report.findings import findings, headline
from awsmon.pictures.report.flows import deliveries, events
from awsmon.pictures.report.logs import logs
from awsmon.pictures.report.metrics import metrics
from awsmon.pictures.report.resources import resources
from awsmon.pictures.report.session import Session
from awsmon.pictures.report.timeline import timeline
from awsmon.pictures.report.trace import trace
from awsmon.pictures.report.trail import trail
from awsmon.pictures.scales import when

if TYPE_CHECKING:
    from awsmon.core.backend import Backend

__all__ = ["report"]

_SECTIONS = {
    "timeline": ("Timeline", timeline),
    "alarms": ("Alarms", alarms),
    "metrics": ("Metrics", metrics),
    "logs": ("Logs", logs),
    "events": ("Events", events),
    "deliveries": ("Deliveries", deliveries),
    "trail": ("Trail", trail),
    "resources": ("Configuration", resources),
    "trace": ("Trace", trace),
}  # fmt: skip


def report(backend: Backend, title: str, note: str | None) -> str:
    """The text of an HTML file.

    Args:
        backend: of the session; its lock is held.
        title: of the page.
        note: shown at its head, as what a test failed with.
    """
    session = Session(backend)
    parts = {id_: made for id_, (_, make) in _SECTIONS.items() if (made := make(session))}
    links = [tag("a", _SECTIONS[id_][0], href=f"#{id_}") for id_ in parts]
    stands = f"awsmon; all times are UTC. The clock stands at {when(session.now, session.now)}."
    body = joined([
        tag("a", "Skip to what happened", href="#findings", class_="skip"),
        _head(session, title),
        tag("nav", *links, aria_label="Sections") if links else None,
        tag("main", _first(session, note), *parts.values()),
        tag("footer", stands),
    ])  # fmt: skip
    return page(
        f"{title} – awsmon",
        body,
        styles=["page.css", "report.css"],
        scripts=["report.js", "readout.js"],
    )


def _head(session: Session, title: str) -> Markup:
    places = ", ".join(f"{each.scope.account} {each.scope.region}" for each in session.places)
    return tag("header", tag("p", title, class_="title"), tag("h1", headline(session)),
               tag("p", places, class_="places") if places else None)  # fmt: skip


def _first(session: Session, note: str | None) -> Markup:
    failed = tag("details", tag("summary", "What the test says"), tag("pre", note), open=True,
                 class_="note") if note else None  # fmt: skip
    return tag("div", failed, findings(session), id="findings", tabindex="-1")
