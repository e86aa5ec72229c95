"""The views of metric widgets as HTML: over time, numbers, gauge, bars, pie, table.

Lives here: `viewed`. What ``timeSeries`` looks like is `pictures/charts.py`'s.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from awsmon.pictures.charts import plotted
from awsmon.pictures.markup import Markup, tag
from awsmon.pictures.plot import colour, percent, times
from awsmon.pictures.scales import Span, instants, short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from awsmon.core.neighbours import StateSpan
    from awsmon.metrics.charts.drawing import Drawn
    from awsmon.metrics.charts.widget import Widget

__all__ = ["viewed"]

MOST_IN_LEGEND = 40
_KINDS = {"ALARM": "bad", "OK": "good", "INSUFFICIENT_DATA": "unknown"}


def viewed(widget: Widget, series: Sequence[Drawn]) -> Markup:
    """What a widget shows."""
    shown = [each for each in series if not each.band]
    if widget.view == "states":
        return _states(widget)
    if not shown and not widget.spans:
        return tag("p", "No data.", class_="nothing")
    return _VIEWS.get(widget.view, _over_time)(widget, series)


def _last(each: Drawn) -> float | None:
    return next(reversed(list(each.points.values())), None)


def _told(value: float | None) -> str:
    return "–" if value is None else short(value)


def _look(each: Drawn) -> str:
    return colour(each.color, "var(--accent)")


# -- over time -------------------------------------------------------------------------------------


def _over_time(widget: Widget, series: Sequence[Drawn]) -> Markup:
    plot = plotted(widget, series, widget.title or "A chart")
    legend = _legend(series) if widget.legend != "hidden" else None
    strip = tag("div", tag("div", *_bars(plot.span, widget.spans), class_="track"),
                class_="strip") if widget.spans else None  # fmt: skip
    return tag("div", plot.draw(), strip, legend,
               class_="beside" if widget.legend == "right" else "chart")  # fmt: skip


def _legend(series: Sequence[Drawn]) -> Markup:
    shown = [each for each in series if not each.band]
    items = [
        tag("li", tag("i", style=f"background:{_look(each)}"), " ", each.label)
        for each in shown[:MOST_IN_LEGEND]
    ]
    if len(shown) > MOST_IN_LEGEND:
        items.append(tag("li", f"and {len(shown) - MOST_IN_LEGEND} more"))
    return tag("ul", *items, class_="legend")


def _bars(span: Span, spans: Sequence[StateSpan]) -> Iterator[Markup]:
    for each in spans:
        left, right = span.share(each.start), span.share(each.end)
        yield tag("span", each.state.replace("_", " "),
                  class_=f"bar {_KINDS.get(each.state, 'unknown')}",
                  style=f"left:{percent(left)};width:{percent(right - left)}")  # fmt: skip


def _states(widget: Widget) -> Markup:
    """Of an alarm without a metric, and of those below it."""
    span = Span(widget.start.timestamp(), widget.end.timestamp())
    lanes = [("", widget.spans), *widget.lanes.items()]
    rows = [
        tag("div", tag("span", name, class_="lane-name"),
            tag("div", *_bars(span, spans), class_="track"), class_="lane")
        for name, spans in lanes
    ]  # fmt: skip
    return tag("div", *rows, times(span, instants(span)), class_="lanes")


# -- latest values ---------------------------------------------------------------------------------


def _single(widget: Widget, series: Sequence[Drawn]) -> Markup:
    """Side by side, each over its course."""
    items = []
    for each in series:
        if each.band is None:
            spark = _spark(widget, each) if widget.sparkline and len(each.points) > 1 else None
            unit = tag("small", " ", each.unit) if each.unit not in ("", "None") else None
            items.append(tag("li", tag("b", _told(_last(each)), unit),
                             tag("span", tag("i", style=f"background:{_look(each)}"), " ",
                                 each.label), spark))  # fmt: skip
    return tag("ul", *items, class_="numbers")


def _spark(widget: Widget, each: Drawn) -> Markup:
    low, high = min(each.points.values()), max(each.points.values())
    span = Span(widget.start.timestamp(), widget.end.timestamp())
    there = [f"{1000 * span.share(at):.0f} {(high - value) / ((high - low) or 1) * 90 + 5:.0f}"
             for at, value in each.points.items()]  # fmt: skip
    return tag(
        "svg", tag("path", d=f"M{'L'.join(there)}", style=f"stroke:{_look(each)}"),
        viewBox="0 0 1000 100", preserveAspectRatio="none", aria_hidden="true", class_="spark",
    )  # fmt: skip


def _gauge(widget: Widget, series: Sequence[Drawn]) -> Markup:
    """Half a ring from the least to the greatest value, filled as far as the latest."""
    left = widget.axes.get("left", {})
    low, high = float(left.get("min", 0)), float(left.get("max", 100))
    marks = [
        _tick((float(each["value"]) - low) / ((high - low) or 1), colour(
            each.get("color"), "var(--alarm-fill)"))
        for each in widget.horizontal if isinstance(each, dict) and "value" in each
    ]  # fmt: skip
    items = []
    for each in series:
        value = _last(each)
        share = 0.0 if value is None else min(max((value - low) / ((high - low) or 1), 0.0), 1.0)
        ring = tag(
            "svg", tag("path", d=_arc(1.0), class_="ring"),
            tag("path", d=_arc(share), class_="ring", style=f"stroke:{_look(each)}"), *marks,
            viewBox="0 0 200 108", aria_hidden="true",
        )  # fmt: skip
        ends = tag("small", tag("span", short(low)), tag("span", short(high)), class_="ends")
        items.append(tag("li", ring, tag("b", _told(value)), ends, tag("span", each.label)))
    return tag("ul", *items, class_="gauges")


def _arc(share: float) -> str:
    x, y = _around(share, 84)
    return f"M16 100A84 84 0 0 1 {x:.1f} {y:.1f}"


def _around(share: float, radius: float) -> tuple[float, float]:
    angle = math.pi * (1 - min(max(share, 0.0), 1.0))
    return 100 + radius * math.cos(angle), 100 - radius * math.sin(angle)


def _tick(share: float, look: str) -> Markup:
    (x, y), (a, b) = _around(share, 70), _around(share, 98)
    return tag("path", d=f"M{x:.1f} {y:.1f}L{a:.1f} {b:.1f}", style=f"stroke:{look};stroke-width:3")


def _bar(widget: Widget, series: Sequence[Drawn]) -> Markup:
    """A bar for each value: of a query's rows, or the latest of a metric."""
    del widget
    rows = [(each, value) for each in series if (value := _last(each)) is not None]
    most = max((abs(value) for _, value in rows), default=0) or 1
    items = [
        tag("li", tag("span", each.label),
            tag("span", tag("i", style=f"width:{percent(abs(value) / most)};"
                                       f"background:{_look(each)}"), class_="track"),
            tag("b", short(value)))
        for each, value in rows
    ]  # fmt: skip
    return tag("ul", *items, class_="bars")


def _pie(widget: Widget, series: Sequence[Drawn]) -> Markup:
    """A slice for each, as large as its latest value."""
    del widget
    parts = [(each, value) for each in series if (value := _last(each) or 0) > 0]
    total = sum(value for _, value in parts)
    slices, share = [], 0.0
    for each, value in parts:
        slices.append(tag("path", d=_slice(share, value / total), style=f"fill:{_look(each)}"))
        share += value / total
    items = [
        tag("li", tag("i", style=f"background:{_look(each)}"), " ", each.label, " ",
            tag("b", short(value)), " ", tag("small", f"{value / total:.0%}"))
        for each, value in parts
    ]  # fmt: skip
    circle = tag("svg", *slices, viewBox="0 0 200 200", aria_hidden="true")
    return tag("div", circle, tag("ul", *items, class_="legend"), class_="pie")


def _slice(start: float, share: float) -> str:
    if share > 0.9999:
        return "M100 4A96 96 0 1 1 99.9 4Z"
    ends = [2 * math.pi * each for each in (start, start + share)]
    (x, y), (a, b) = ((100 + 96 * math.sin(each), 100 - 96 * math.cos(each)) for each in ends)
    return f"M100 100L{x:.2f} {y:.2f}A96 96 0 {int(share > 0.5)} 1 {a:.2f} {b:.2f}Z"


def _table(widget: Widget, series: Sequence[Drawn]) -> Markup:
    """Each metric with its least, greatest, mean and latest value."""
    del widget
    names = ("metric", "min", "max", "mean", "last")
    rows = []
    for each in series:
        values = list(each.points.values())
        told = (min(values), max(values), sum(values) / len(values), values[-1]) if values else ()
        cells = [tag("td", short(value)) for value in told] or [tag("td", "–")] * 4
        rows.append(tag("tr", tag("td", each.label), *cells))
    head = tag("tr", *(tag("th", name, scope="col") for name in names))
    return tag("div", tag("table", tag("thead", head), tag("tbody", *rows)), class_="scroll values")


_VIEWS: dict[str, Callable[[Widget, Sequence[Drawn]], Markup]] = {
    "bar": _bar, "gauge": _gauge, "pie": _pie, "singleValue": _single, "table": _table,
}  # fmt: skip
