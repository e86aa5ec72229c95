"""The pieces that every section of the report is made of.

Lives here: sections, states with their signs, links into the trace, tables, JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.pictures.markup import Markup, joined, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from awsmon.pictures.report.session import Session

__all__ = [
    "chip", "data", "filtered", "instant", "kind_of", "left_out", "plural", "row", "section",
    "table", "to_trace",
]  # fmt: skip

LONGEST = 4000
"""Characters of a document that are shown."""

_SIGNS = {
    "ALARM": ("▲", "bad"), "OK": ("●", "good"), "INSUFFICIENT_DATA": ("◌", "unknown"),
    "NON_COMPLIANT": ("▲", "bad"), "COMPLIANT": ("●", "good"), "NOT_APPLICABLE": ("◌", "unknown"),
    "failed": ("▲", "bad"), "dead-lettered": ("▲", "bad"), "delivered": ("●", "good"),
    "recorded": ("●", "good"), "pending": ("◌", "unknown"), "refused": ("▲", "bad"),
    "recovered": ("△", "bad"),
    "breaching": ("▲", "bad"), "within": ("●", "good"), "missing": ("◌", "unknown"),
    "not needed": ("·", "unknown"),
}  # fmt: skip


def plural(count: int, noun: str, many: str | None = None) -> str:
    """``1 alarm``, ``1,200 alarms``."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def chip(word: str, text: str | None = None) -> Markup:
    """A state: its sign, its colour and its name."""
    sign, kind = _SIGNS.get(word, ("·", "unknown"))
    told = (text or word).replace("_", " ")
    return tag("span", tag("i", sign, aria_hidden="true"), told, class_=f"chip {kind}")


def kind_of(word: str) -> str:
    """The class that colours a state."""
    return _SIGNS.get(word, ("", "unknown"))[1]


def section(id_: str, title: str, told: str, *body: str | None) -> Markup:
    """A part of the page; *told* stands beside its title."""
    head = tag("h2", title, " ", tag("small", told) if told else None)
    return tag("section", head, *body, id=id_, aria_label=title)


def instant(session: Session, at: datetime) -> Markup:
    """A time."""
    return tag("time", session.clock(at), datetime=at.isoformat())


def to_trace(session: Session, number: int | None, text: str = "trace") -> Markup | None:
    """A link to an entry of the trace, if the page shows it."""
    if number is None or number not in session.shown:
        return None
    return tag("a", text, href=f"#n{number}", class_="to-trace")


def left_out(count: int, what: str) -> Markup | None:
    """That there are more."""
    return tag("p", f"{count:,} {what} left out.", class_="left-out") if count > 0 else None


def data(value: Any, most: int = LONGEST) -> Markup:
    """A document, to be read by people."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, default=str)
    if len(text) > most:
        text = f"{text[:most]}\n… {len(text) - most:,} characters more"
    return tag("pre", text)


def table(columns: Sequence[str], rows: Iterable[Markup], *, id_: str | None = None) -> Markup:
    """A table in whose rows cells know their column, for narrow screens."""
    head = tag("thead", tag("tr", *(tag("th", each, scope="col") for each in columns)))
    body = tag("tbody", *rows, id=id_)
    return tag("div", tag("table", head, body), class_="scroll")


def row(columns: Sequence[str], cells: Sequence[str | None], *, kind: str | None = None) -> Markup:
    """One of its rows."""
    return tag("tr", *(
        tag("td", cell, data_column=name or None) for name, cell in zip(columns, cells, strict=True)
    ), class_=kind)  # fmt: skip


def filtered(id_: str, what: str, *toggles: tuple[str, str]) -> Markup:
    """What filters the rows of a table: by text, and by classes that rows have."""
    boxes = joined(
        tag("label", tag("input", type="checkbox", data_only=kind), " ", text)
        for kind, text in toggles
    )
    search = tag("input", type="search", placeholder=f"Filter {what}", aria_label=f"Filter {what}")
    return tag("form", search, boxes, tag("output"), data_filters=id_, class_="filter",
               role="search")  # fmt: skip
