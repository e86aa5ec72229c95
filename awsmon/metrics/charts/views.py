"""The view ``timeSeries``: lines or stacked areas, two axes, annotations, bands.

Lives here: `draw_series`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from awsmon.metrics.charts.numbers import short
from awsmon.metrics.charts.states import handles, shade
from awsmon.metrics.charts.times import flat, placed, time_axis, upright

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.metrics.charts.drawing import Drawn, Theme
    from awsmon.metrics.charts.widget import Widget

__all__ = ["draw_series"]

MOST_IN_LEGEND = 12


def draw_series(figure: Any, widget: Widget, series: Sequence[Drawn], theme: Theme) -> None:
    """Draw all over time, with their axes."""
    left = figure.add_subplot()
    right = left.twinx() if any(each.right for each in series) else None
    axes = [left] if right is None else [left, right]
    for axis, is_right in zip(axes, (False, True), strict=False):
        own = [each for each in series if each.right is is_right]
        _bands(axis, own)
        lines = [each for each in own if each.band is None]
        (_stacked if widget.stacked else _lines)(axis, lines)
        _style(axis, widget, theme, "right" if is_right else "left", own)
    time_axis(left, widget, theme)
    for annotation in widget.horizontal:
        _across(left, right, annotation, theme)
    for annotation in widget.vertical:
        upright(left, annotation, theme)
    shade(left, widget.spans)
    _legend(figure, widget, series, theme)


def _lines(axis: Any, series: Sequence[Drawn]) -> None:
    """A gap where a point is missing; a dot where one stands alone."""
    for each in series:
        for run in _runs(each):
            alone = len(run) == 1
            axis.plot(
                placed(run), [each.points[at] for at in run], color=each.color, linewidth=1.5,
                marker="o" if alone else None, markersize=3, solid_joinstyle="round",
            )  # fmt: skip


def _runs(series: Drawn) -> list[list[int]]:
    runs: list[list[int]] = []
    for at in series.points:
        if runs and at - runs[-1][-1] <= series.period:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _stacked(axis: Any, series: Sequence[Drawn]) -> None:
    times = sorted({at for each in series for at in each.points})
    if not times:
        return
    values = [[each.points.get(at, 0.0) for at in times] for each in series]
    axis.stackplot(placed(times), values, colors=[each.color for each in series], alpha=0.75)


def _bands(axis: Any, series: Sequence[Drawn]) -> None:
    """Between the lower and the upper bound of each band."""
    bounds = [each for each in series if each.band is not None]
    for lower, upper in zip(bounds[::2], bounds[1::2], strict=False):
        times = [at for at in lower.points if at in upper.points]
        axis.fill_between(
            placed(times), [lower.points[at] for at in times], [upper.points[at] for at in times],
            color=lower.color, alpha=0.25, linewidth=0,
        )  # fmt: skip


def _style(axis: Any, widget: Widget, theme: Theme, side: str, own: Sequence[Drawn]) -> None:
    given = widget.axes.get(side, {})
    low, high = axis.get_ylim()
    marks = [each["value"] for each in flat(widget.horizontal)
             if (each.get("yAxis", "left") == side) and "value" in each]  # fmt: skip
    spread = [*marks, low, high] if own else [*marks, 0.0, 1.0]
    axis.set_ylim(given.get("min", min(spread)), given.get("max", max(spread)))
    units = sorted({each.unit for each in own} - {"", "None"})
    label = given.get("label") or (", ".join(units) if given.get("showUnits", True) else "")
    axis.set_ylabel(label, fontsize=8, color=theme.text)
    axis.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axis.yaxis.set_major_formatter(lambda value, _: short(value))
    axis.set_facecolor(theme.ground)
    axis.tick_params(colors=theme.text, labelsize=8, length=0)
    for spine in axis.spines.values():
        spine.set_visible(False)
    if side == "left":
        axis.grid(axis="y", color=theme.faint, linewidth=0.8)
        axis.set_axisbelow(True)


def _across(left: Any, right: Any, annotation: Any, theme: Theme) -> None:
    """A line at a value, filled on one side, or a band between two."""
    lines = flat([annotation])
    if not lines or not all(each.get("visible", True) for each in lines):
        return
    axis = right if right is not None and lines[0].get("yAxis") == "right" else left
    color = lines[0].get("color", "#d13212")
    for each in lines:
        axis.axhline(each["value"], color=color, linewidth=1.2, linestyle="--")
        if each.get("label"):
            axis.annotate(
                each["label"], (0.005, each["value"]), xycoords=("axes fraction", "data"),
                xytext=(0, 2), textcoords="offset points", fontsize=7, color=theme.text,
            )  # fmt: skip
    low, high = axis.get_ylim()
    edges = {"above": (lines[0]["value"], high), "below": (low, lines[0]["value"])}
    fill = edges.get(lines[0].get("fill", ""))
    if len(lines) == 2:
        fill = lines[0]["value"], lines[1]["value"]
    if fill:
        axis.axhspan(*fill, color=color, alpha=0.12, linewidth=0)


def _legend(figure: Any, widget: Widget, series: Sequence[Drawn], theme: Theme) -> None:
    """Below or beside the chart, for which it makes room."""
    from matplotlib.lines import Line2D

    top = 1 - (34 if widget.title else 14) / widget.height
    two = any(each.right for each in series)
    edges = {"left": 56 / widget.width, "right": 1 - 52 / widget.width, "top": top,
             "bottom": 38 / widget.height}  # fmt: skip
    shown = [each for each in series if not each.band][:MOST_IN_LEGEND]
    marks: list[Any] = [
        Line2D([], [], color=each.color, linewidth=3, label=each.label) for each in shown
    ]
    marks += handles(widget.spans)
    if widget.legend != "hidden" and marks:
        below = widget.legend == "bottom"
        columns = max(1, min(len(marks), widget.width // 180)) if below else 1
        rows = -(-len(marks) // columns)
        if below:
            edges["bottom"] = (46 + 15 * rows) / widget.height
        else:
            beside = 60 + 6 * max(len(each.get_label()) for each in marks) + 62 * two
            edges["right"] = 1 - min(0.45, beside / widget.width)
        figure.legend(
            handles=marks, loc="lower left" if below else "center right", ncols=columns,
            fontsize=8, frameon=False, labelcolor=theme.text, handlelength=1, borderaxespad=0.6,
        )  # fmt: skip
    figure.subplots_adjust(**edges)
