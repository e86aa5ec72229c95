"""The views of single numbers: ``singleValue``, ``gauge``, ``bar``, ``pie``.

Lives here: `NUMBERS`, by view; `short`, a number as axes write it; `told`, as a widget wants it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.metrics.charts.drawing import Drawn, Theme
    from awsmon.metrics.charts.widget import Widget

__all__ = ["NUMBERS", "short", "told"]

_SIZES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def short(value: float) -> str:
    """``1.5M``, ``250``, ``0.02``."""
    for size, letter in _SIZES:
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def _last(series: Drawn) -> float | None:
    return next(reversed(list(series.points.values())), None)


def told(value: float, widget: Widget) -> str:
    """Rounded, or with all its digits."""
    return f"{value:.12g}" if widget.full_precision else short(value)


def _told(series: Drawn, widget: Widget) -> str:
    value = _last(series)
    return "--" if value is None else told(value, widget)


def _single(figure: Any, widget: Widget, series: Sequence[Drawn], theme: Theme) -> None:
    """The latest value of each, side by side, over its course."""
    shown = [each for each in series if each.band is None] or list(series)
    for number, each in enumerate(shown):
        left, width = number / len(shown), 1 / len(shown)
        middle = left + width / 2
        figure.text(middle, 0.56, _told(each, widget), ha="center", va="center", fontsize=24,
                    color=theme.text)  # fmt: skip
        figure.text(middle, 0.36, each.label, ha="center", va="center", fontsize=9,
                    color=each.color)  # fmt: skip
        if widget.sparkline and len(each.points) > 1:
            axis = figure.add_axes((left + 0.02, 0.02, width - 0.04, 0.26))
            axis.fill_between(list(each.points), list(each.points.values()), color=each.color,
                              alpha=0.35, linewidth=0)  # fmt: skip
            axis.plot(list(each.points), list(each.points.values()), color=each.color, linewidth=1)
            axis.axis("off")


def _gauge(figure: Any, widget: Widget, series: Sequence[Drawn], theme: Theme) -> None:
    """Half a ring from the least to the highest value, filled as far as the latest."""
    from matplotlib.patches import Wedge

    left = widget.axes.get("left", {})
    low, high = float(left.get("min", 0)), float(left.get("max", 100))
    for number, each in enumerate(series):
        axis = figure.add_subplot(1, len(series), number + 1)
        value = _last(each)
        share = 0.0 if value is None else min(max((value - low) / ((high - low) or 1), 0), 1)
        axis.add_patch(Wedge((0, 0), 1, 0, 180, width=0.28, color=theme.faint))
        axis.add_patch(Wedge((0, 0), 1, 180 * (1 - share), 180, width=0.28, color=each.color))
        for annotation in widget.horizontal:
            if isinstance(annotation, dict) and "value" in annotation:
                _mark(axis, (annotation["value"] - low) / ((high - low) or 1), annotation)
        axis.text(
            0, 0.12, _told(each, widget), ha="center", va="center", fontsize=20, color=theme.text
        )
        axis.text(0, -0.18, each.label, ha="center", va="center", fontsize=9, color=theme.text)
        axis.text(-0.86, -0.12, short(low), ha="center", fontsize=8, color=theme.text)
        axis.text(0.86, -0.12, short(high), ha="center", fontsize=8, color=theme.text)
        axis.set(xlim=(-1.15, 1.15), ylim=(-0.35, 1.15), aspect="equal")
        axis.axis("off")


def _mark(axis: Any, share: float, annotation: dict[str, Any]) -> None:
    angle = math.pi * (1 - min(max(share, 0), 1))
    ends = [(radius * math.cos(angle), radius * math.sin(angle)) for radius in (0.68, 1.06)]
    axis.plot(*zip(*ends, strict=True), color=annotation.get("color", "#d13212"), linewidth=2)


def _bar(figure: Any, widget: Widget, series: Sequence[Drawn], theme: Theme) -> None:
    """A bar for each, as long as its latest value."""
    axis = figure.add_subplot()
    values = [_last(each) or 0.0 for each in series]
    bars = axis.barh(range(len(series)), values, color=[each.color for each in series], height=0.6)
    axis.bar_label(bars, [short(value) for value in values], padding=3, fontsize=8,
                   color=theme.text)  # fmt: skip
    axis.set_yticks(range(len(series)), [each.label for each in series])
    axis.invert_yaxis()
    axis.margins(x=0.12)
    axis.xaxis.set_major_formatter(lambda value, _: short(value))
    axis.set_facecolor(theme.ground)
    axis.tick_params(colors=theme.text, labelsize=8, length=0)
    axis.grid(axis="x", color=theme.faint, linewidth=0.8)
    axis.set_axisbelow(True)
    for spine in axis.spines.values():
        spine.set_visible(False)
    longest = max((len(each.label) for each in series), default=0)
    figure.subplots_adjust(
        left=min(0.45, (24 + 6.2 * longest) / widget.width), right=1 - 16 / widget.width,
        top=1 - (34 if widget.title else 12) / widget.height, bottom=26 / widget.height,
    )  # fmt: skip


def _pie(figure: Any, widget: Widget, series: Sequence[Drawn], theme: Theme) -> None:
    """A slice for each, as large as its latest value."""
    axis = figure.add_subplot()
    shown = [(each, _last(each) or 0.0) for each in series]
    total = sum(value for _, value in shown if value > 0)
    parts = [(each, value) for each, value in shown if value > 0]
    if parts:
        axis.pie(
            [value for _, value in parts], colors=[each.color for each, _ in parts],
            startangle=90, counterclock=False,
            wedgeprops={"edgecolor": theme.ground, "linewidth": 1},
        )  # fmt: skip
    from matplotlib.patches import Patch

    handles = [Patch(color=each.color, label=f"{each.label}  {short(value)} "
                     f"({value / total:.0%})") for each, value in parts]  # fmt: skip
    if handles and widget.legend != "hidden":
        axis.legend(handles=handles, loc="center left", bbox_to_anchor=(1.02, 0.5), fontsize=8,
                    frameon=False, labelcolor=theme.text)  # fmt: skip
    figure.subplots_adjust(left=0.02, right=0.62 if handles else 0.98, bottom=0.03,
                           top=1 - (34 if widget.title else 10) / widget.height)  # fmt: skip


NUMBERS = {"bar": _bar, "gauge": _gauge, "pie": _pie, "singleValue": _single}
"""By view, what draws it."""
