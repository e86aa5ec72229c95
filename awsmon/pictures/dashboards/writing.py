"""A dashboard as one HTML page, on CloudWatch's grid.

Lives here: `dashboard_page`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.pictures.dashboards.contents import Chart, Notice, Prose, Rows, States
from awsmon.pictures.dashboards.markdown import rendered
from awsmon.pictures.dashboards.views import viewed
from awsmon.pictures.markup import Markup, joined, tag
from awsmon.pictures.page import page
from awsmon.pictures.report.parts import chip, left_out
from awsmon.pictures.scales import when

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.pictures.dashboards.body import Placed
    from awsmon.pictures.dashboards.contents import Content, Range

__all__ = ["dashboard_page"]


def dashboard_page(
    name: str, within: Range, chosen: Mapping[str, str], widgets: Sequence[tuple[Placed, Content]]
) -> str:
    """The text of an HTML file.

    Args:
        name: of the dashboard.
        within: the time that it shows.
        chosen: the values of its variables, by their labels.
        widgets: each with what it shows.
    """
    told = [f"{when(within.start, within.end)} UTC", *(f"{k}: {v}" for k, v in chosen.items())]
    head = tag("header", tag("h1", name), tag("p", " · ".join(told), class_="places"))
    ordered = sorted(widgets, key=lambda each: (each[0].y, each[0].x))
    grid = tag("main", *(_widget(*each) for each in ordered), class_="grid")
    empty = tag("p", "This dashboard is empty.", class_="nothing") if not widgets else None
    return page(
        f"{name} – awsmon",
        joined([head, grid, empty]),
        styles=["page.css", "dashboard.css"],
        scripts=["readout.js"],
    )


def _widget(placed: Placed, content: Content) -> Markup:
    area = (f"grid-column:{placed.x + 1}/span {placed.width};"
            f"grid-row:{placed.y + 1}/span {placed.height}")  # fmt: skip
    title = _title(content)
    return tag(
        "section", tag("h2", title) if title else None, _body(content), style=area,
        class_=placed.kind, aria_label=title or placed.kind, tabindex="0",
    )  # fmt: skip


def _title(content: Content) -> str:
    if isinstance(content, Prose):
        return ""
    return content.widget.title if isinstance(content, Chart) else content.title


def _body(content: Content) -> Markup:
    match content:
        case Chart(widget, series):
            return viewed(widget, series)
        case Prose(markdown):
            return tag("div", rendered(markdown), class_="prose")
        case Rows():
            return _rows(content)
        case States(_, alarms):
            items = [tag("li", chip(state), " ", tag("b", name), " ",
                         tag("small", "since ", f"{since:%Y-%m-%d %H:%M:%S}"))
                     for name, state, since in alarms]  # fmt: skip
            return tag("ul", *items, class_="states") if items else _nothing("No alarms.")
        case Notice(_, why):
            return _nothing(why)


def _nothing(why: str) -> Markup:
    return tag("p", why, class_="nothing")


def _rows(content: Rows) -> Markup:
    if not content.rows:
        return _nothing("No results.")
    head = tag("tr", *(tag("th", each, scope="col") for each in content.columns))
    body = [tag("tr", *(tag("td", each) for each in row)) for row in content.rows]
    found = tag("table", tag("thead", head), tag("tbody", *body))
    return tag("div", found, left_out(content.more, "rows are"), class_="scroll")
