"""The view ``table``: a row for each metric, a column for each instant, and summaries.

Lives here: `draw_table`; `cells`, what stands in the table, knows no matplotlib. Source: User
Guide, "Using a data table widget in a CloudWatch dashboard".

Decided here, where the guide is silent: summaries stand beside the label, and after them the
points, newest first, as many as there is room for; so ``stickySummary`` changes nothing in a
picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from awsmon.metrics.charts.numbers import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from awsmon.metrics.charts.drawing import Drawn, Theme
    from awsmon.metrics.charts.widget import Widget

__all__ = ["Cell", "cells", "draw_table"]

_ROW = 22  # pixels of height
_LETTER = 6.4  # pixels of width, about
_SUMMARIES: dict[str, Callable[[list[float]], float]] = {
    "MIN": min, "MAX": max, "SUM": sum, "AVG": lambda values: sum(values) / len(values),
}  # fmt: skip
_NONE = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a place of the table.

    Attributes:
        color: of the metric that it is about, for its name.
        fill: of the threshold that its value falls within.
    """

    text: str
    color: str | None = None
    fill: str | None = None


def cells(widget: Widget, series: Sequence[Drawn]) -> list[list[Cell]]:
    """The table's rows, headings first; with the layout ``vertical`` metrics are columns."""
    options = widget.table
    summaries = options.get("summaryColumns", list(_SUMMARIES))
    times: list[int] = []
    if options.get("showTimeSeriesData", True):
        times = sorted({at for each in series for at in each.points}, reverse=True)
    heads = [Cell(name.capitalize()) for name in summaries]
    heads += [Cell(text) for text in _told_times(widget, times)]
    rows = [[Cell(""), *heads], *(_row(widget, each, summaries, times) for each in series)]
    if options.get("layout") == "vertical":
        return [list(column) for column in zip(*rows, strict=True)]
    return rows


def _row(widget: Widget, one: Drawn, summaries: Sequence[str], times: Sequence[int]) -> list[Cell]:
    units = widget.axes.get("left", {}).get("showUnits", False) and one.unit
    values = list(one.points.values())
    row = [Cell(f"{one.label} ({one.unit})" if units else one.label, one.color)]
    row += [Cell(told(_SUMMARIES[name](values), widget) if values else _NONE) for name in summaries]
    return row + [_cell(widget, one.points.get(at)) for at in times]


def _cell(widget: Widget, value: float | None) -> Cell:
    return Cell(_NONE) if value is None else Cell(told(value, widget), fill=_within(widget, value))


def _told_times(widget: Widget, times: Sequence[int]) -> Iterator[str]:
    """With the day only where there are several."""
    moments = [datetime.fromtimestamp(at, widget.zone) for at in times]
    days = {moment.date() for moment in moments}
    return (f"{moment:%H:%M}" if len(days) < 2 else f"{moment:%m-%d %H:%M}" for moment in moments)


def _within(widget: Widget, value: float) -> str | None:
    """The colour of the first threshold, or band, that a value falls within."""
    for annotation in widget.horizontal:
        lines = annotation if isinstance(annotation, list) else [annotation]
        first, edges = lines[0], [line["value"] for line in lines]
        fill = first.get("fill")
        if (
            (fill == "above" and value > edges[0])
            or (fill == "below" and value < edges[0])
            or (len(edges) == 2 and min(edges) <= value <= max(edges))
        ):
            return str(first.get("color", "#d13212"))
    return None


# -- drawing ---------------------------------------------------------------------------------------


def draw_table(figure: Any, widget: Widget, series: Sequence[Drawn], theme: Theme) -> None:
    """As many rows and columns as there is room for, from the upper left."""
    rows = cells(widget, series)
    columns = list(_columns(widget, rows))
    top = 34 if widget.title else 8
    room = max(1, (widget.height - top - 4) // _ROW)
    axis = figure.add_axes((0, 0, 1, 1))
    axis.set(xlim=(0, widget.width), ylim=(widget.height, 0))
    axis.axis("off")
    for number, row in enumerate(rows[:room]):
        y = top + _ROW * number
        axis.plot((8, widget.width - 8), (y + _ROW, y + _ROW), color=theme.faint, linewidth=0.8)
        for place, (left, right) in enumerate(columns):
            _draw_cell(axis, row[place], left, right, y, theme, first=not place or not number)


def _columns(widget: Widget, rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[float, float]]:
    """The edges of the columns that fit; that of the names has at most two fifths."""
    left, end = 8.0, widget.width - 8.0
    for place, column in enumerate(zip(*rows, strict=True)):
        marked = 12 * any(cell.color for cell in column)
        width = 16 + marked + _LETTER * max(len(cell.text) for cell in column)
        width = min(width, 0.4 * widget.width) if place == 0 else width
        if place and left + width > end:
            return
        yield left, left + width
        left += width


def _draw_cell(
    axis: Any, cell: Cell, left: float, right: float, y: float, theme: Theme, *, first: bool
) -> None:
    """Names begin on the left, beside the colour of what they name; figures end on the right."""
    from matplotlib.patches import Rectangle

    if cell.fill:
        axis.add_patch(Rectangle((left + 2, y + 1), right - left - 4, _ROW - 2, color=cell.fill,
                                 alpha=0.3, linewidth=0))  # fmt: skip
    if cell.color:
        axis.add_patch(Rectangle((left + 4, y + 7), 9, 9, color=cell.color, linewidth=0))
    most = max(1, int((right - left - 20) / _LETTER))
    text = cell.text if len(cell.text) <= most + 1 else f"{cell.text[: most - 1]}…"
    axis.text(
        left + 18 if cell.color else right - 6, y + _ROW / 2, text.replace("$", r"\$"), va="center",
        ha="left" if cell.color else "right", fontsize=8, color=theme.text,
        fontweight="bold" if first else "normal",
    )  # fmt: skip
