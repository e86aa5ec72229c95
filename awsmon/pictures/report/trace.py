"""The causal tree: what happened, and what each thing was brought about by.

Lives here: `trace`. Calls that changed nothing for anybody are put together, so that what mattered
can be seen.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from awsmon.core.deliveries import Delivery
from awsmon.core.events import ApiCalled, DeliveryFinished
from awsmon.pictures.markup import Markup, joined, opening, tag
from awsmon.pictures.report.parts import instant, left_out, plural, section
from awsmon.pictures.report.selection import matters
from awsmon.pictures.report.trail import caller

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from awsmon.core.trace import Entry, TraceNode
    from awsmon.pictures.report.session import Session

__all__ = ["kind_of", "trace"]

_KINDS = {
    "AlarmConfigurationChanged": "alarm", "AlarmContributorStateChanged": "alarm",
    "AlarmStateChanged": "alarm", "ApiCalled": "call", "ComplianceChanged": "compliance",
    "Delivery": "delivery", "DeliveryFinished": "outcome", "EventEmitted": "event",
    "EventPut": "event", "EventSampled": "event", "LogEventsPut": "log", "MetricDataPut": "metric",
    "MetricsExtracted": "filter", "NeighbourCalled": "call", "ResourceChanged": "resource",
    "RuleMatched": "rule", "ScheduledQueryFinished": "log",
}  # fmt: skip


def kind_of(entry: Entry) -> str:
    """What sort of thing happened, in a word."""
    return _KINDS.get(type(entry).__name__, "other")


def trace(session: Session) -> Markup | None:
    """The section; None where nothing happened."""
    if not session.entries:
        return None
    roots = [each for each in session.backend.trace.tree().roots
             if each.entry.number in session.shown]  # fmt: skip
    quiet = {id(root): not any(matters(entry) for entry in _all(root)) for root in roots}
    parts: list[Markup] = []
    for silent, group in groupby(roots, key=lambda root: quiet[id(root)]):
        found = list(group)
        if silent and len(found) > 1:
            parts.append(_together(session, found))
        else:
            parts += [_tree(session, root) for root in found]
    gone = session.backend.trace.dropped
    return section(
        "trace", "Trace", plural(len(session.entries), "entry", "entries"),
        left_out(session.shown.left_out, "entries, older or without consequence, are"),
        left_out(gone, "older entries are no longer kept and"),
        tag("ul", *parts, class_="tree"),
    )  # fmt: skip


def _all(root: TraceNode) -> Iterator[Entry]:
    pending = [root]
    while pending:
        node = pending.pop()
        yield node.entry
        pending.extend(node.children)


def _together(session: Session, roots: Sequence[TraceNode]) -> Markup:
    names = Counter(_name(root.entry) for root in roots)
    told = ", ".join(f"{name} ×{count}" if count > 1 else name
                     for name, count in names.most_common(4))  # fmt: skip
    more = f" and {len(names) - 4} others" if len(names) > 4 else ""
    count = plural(len(roots), "thing")
    head = tag("summary", instant(session, roots[0].entry.at), " ",
               f"{count} without further consequence: {told}{more}")  # fmt: skip
    inner = tag("ul", *(_tree(session, root) for root in roots))
    return tag("li", tag("details", head, inner), class_="quiet")


def _name(entry: Entry) -> str:
    if isinstance(entry, ApiCalled):
        return f"{entry.service}.{entry.operation}"
    return kind_of(entry)


def _tree(session: Session, root: TraceNode) -> Markup:
    """A node and all below it; chains may be long, so this doesn't call itself."""
    parts: list[Markup] = []
    unfolded = any(_bad(entry) for entry in _all(root))
    pending: list[TraceNode | Markup] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Markup):
            parts.append(node)
            continue
        shown = [each for each in node.children if each.entry.number in session.shown and not (
            isinstance(each.entry, DeliveryFinished) and not each.children)]  # fmt: skip
        line = _line(session, node.entry)
        start = opening("li", id=f"n{node.entry.number}", class_=_class(node.entry), tabindex="-1")
        if not shown:
            parts.append(Markup(f"{start}{line}</li>"))
            continue
        parts.append(joined([start, opening("details", open=unfolded), tag("summary", line),
                             opening("ul")]))  # fmt: skip
        pending.append(Markup("</ul></details></li>"))
        pending += shown[::-1]
    return joined(parts)


def _class(entry: Entry) -> str:
    return f"{kind_of(entry)} bad" if _bad(entry) else kind_of(entry)


def _bad(entry: Entry) -> bool:
    """Whether it is what people look for."""
    if isinstance(entry, ApiCalled):
        return matters(entry)
    if isinstance(entry, Delivery):
        return entry.status in ("failed", "dead-lettered")
    after = getattr(entry, "after", None)
    return after == "NON_COMPLIANT" or getattr(after, "value", None) == "ALARM"


def _line(session: Session, entry: Entry) -> Markup:
    by = None
    if isinstance(entry, ApiCalled):
        by = tag("small", caller(entry))
    return joined([instant(session, entry.at), " ", tag("b", kind_of(entry)), " ",
                   tag("span", str(entry)), " ", by])  # fmt: skip
