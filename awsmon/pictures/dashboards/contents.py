"""What each widget shows, whether on a page or in a PNG.

Lives here: `contents`, from a widget to a `Chart`, `Prose`, `Rows`, `States` or a `Notice`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from awsmon.alarms.pictures import chart
from awsmon.core.arns import Arn
from awsmon.core.clock import EPOCH
from awsmon.core.errors import AwsError, NotImplementedByAwsmon
from awsmon.core.scope import Scope
from awsmon.metrics.charts.reading import alarm_widget, drawn
from awsmon.metrics.charts.widget import Widget, read_widget
from awsmon.pictures.dashboards.log_rows import plotted_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from awsmon.alarms.model import Alarm
    from awsmon.core.backend import Backend
    from awsmon.metrics.charts.drawing import Drawn
    from awsmon.pictures.dashboards.body import Placed

__all__ = ["Chart", "Content", "Notice", "Prose", "Range", "Rows", "States", "contents"]

MOST_ROWS = 200
_STATES = {"ALARM": 0, "INSUFFICIENT_DATA": 1, "OK": 2}


@dataclass(frozen=True, slots=True)
class Chart:
    """Series in one of the views of metric widgets."""

    widget: Widget
    series: Sequence[Drawn]


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The results of a query of logs; *more* are not shown."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: int


@dataclass(frozen=True, slots=True)
class States:
    """Alarms: name, state, since when."""

    title: str
    alarms: Sequence[tuple[str, str, datetime]]


@dataclass(frozen=True, slots=True)
class Notice:
    """Why there is nothing to be seen."""

    title: str
    why: str


Content: TypeAlias = "Chart | Prose | Rows | States | Notice"


@dataclass(frozen=True, slots=True)
class Range:
    """Where and when a dashboard looks.

    Attributes:
        home: the account that it belongs to, and the region of widgets that name none.
    """

    backend: Backend
    home: Scope
    start: datetime
    end: datetime

    def services(self, region: str | None) -> Any:
        """Those of a region, in the dashboard's account."""
        return self.backend.at(Scope(self.home.account, region or self.home.region))


def contents(placed: Placed, within: Range, *, dark: bool = False) -> Content:
    """What a widget shows; what goes wrong with it is told in its place."""
    properties = placed.properties
    title = str(properties.get("title", ""))
    try:
        if placed.kind == "metric":
            return _metric(placed, within, dark)
        if placed.kind == "text":
            return Prose(properties["markdown"])
        if placed.kind == "log":
            return _log(placed, within, dark)
        if placed.kind == "alarm":
            return _alarms(properties, within)
        return Notice(title, f"Widgets of type {placed.kind} are not drawn.")
    except (AwsError, NotImplementedByAwsmon) as error:
        return Notice(title, str(error))


def _metric(placed: Placed, within: Range, dark: bool) -> Chart:
    """A widget of an alarm shows all that the alarm looks at, with its states behind."""
    properties = dict(placed.properties)
    arns = properties.get("annotations", {}).get("alarms") or ()
    services = within.services(properties.get("region"))
    if arns:
        services = within.services(Arn.parse(arns[0]).region)
        found = chart(services.alarms, services.alarms[arns[0]], within.start, within.end)
        widget = replace(alarm_widget(found), title=str(properties.get("title") or found.title))
    else:
        properties |= {
            "start": within.start.isoformat(), "end": within.end.isoformat(),
            "theme": "dark" if dark else "light",
        }  # fmt: skip
        for name in ("width", "height"):
            properties.pop(name, None)
        widget = read_widget(
            json.dumps(properties), services.metrics.clock.now(), services.metrics.scope.region
        )
    return Chart(widget, list(drawn(services.metrics, widget)))


def _log(placed: Placed, within: Range, dark: bool) -> Content:
    properties = placed.properties
    logs = within.services(properties.get("region")).logs
    start, end = (
        (each - EPOCH) // timedelta(milliseconds=1) for each in (within.start, within.end)
    )
    found: list[dict[str, str]] = logs.queries.at_once([], properties["query"], start, end)
    title, view = str(properties.get("title", "")), properties.get("view", "table")
    columns = [name for name in dict.fromkeys(key for row in found for key in row)
               if name != "@ptr"]  # fmt: skip
    if view in ("timeSeries", "bar", "pie"):
        widget = Widget(
            (), within.start, within.end, title=title, view=view, dark=dark,
            stacked=bool(properties.get("stacked")),
        )  # fmt: skip
        return Chart(widget, plotted_rows(found, columns, view))
    rows = [[row.get(name, "") for name in columns] for row in found]
    return Rows(title, columns, rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS))


def _alarms(properties: Mapping[str, Any], within: Range) -> States:
    """Those that there are, in the states that are asked for; an alarm that is gone is left out."""
    found: list[Alarm] = []
    for arn in properties["alarms"]:
        parsed = Arn.maybe(arn)
        alarms = within.services(parsed.region if parsed else None).alarms
        if arn in alarms and alarms[arn].state.value in properties.get("states", _STATES):
            found.append(alarms[arn])
    order = properties.get("sortBy", "default")
    if order == "default":
        found.sort(key=lambda each: (_STATES[each.state.value], each.name))
    else:
        found.sort(key=lambda each: each.state_updated_timestamp, reverse=True)
    listed = [(each.name, each.state.value, each.state_updated_timestamp) for each in found]
    return States(str(properties.get("title", "")), listed)
