"""The axis of time: `placed`, where instants are, `time_axis`, and `upright`, a line at one."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from matplotlib import dates as untyped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.metrics.charts.drawing import Theme
    from awsmon.metrics.charts.widget import Widget

__all__ = ["dates", "flat", "placed", "time_axis", "upright"]

dates: Any = untyped


def placed(times: Sequence[int]) -> Any:
    """Where instants are."""
    return dates.date2num([datetime.fromtimestamp(at, timezone.utc) for at in times])


def time_axis(axis: Any, widget: Widget, theme: Theme) -> None:
    """From the widget's start to its end, written in its zone."""
    axis.set_xlim(dates.date2num(widget.start), dates.date2num(widget.end))
    locator = dates.AutoDateLocator(tz=widget.zone, minticks=3, maxticks=max(4, widget.width // 90))
    axis.xaxis.set_major_locator(locator)
    formatter = dates.ConciseDateFormatter(locator, tz=widget.zone)
    formatter.formats[3] = formatter.formats[4] = "%H:%M"
    axis.xaxis.set_major_formatter(formatter)
    axis.xaxis.get_offset_text().set(color=theme.text, size=8)
    axis.tick_params(axis="x", colors=theme.text, labelsize=8, length=3)


def flat(annotations: Sequence[Any]) -> list[dict[str, Any]]:
    """Bands are lists of two; a line is itself."""
    found = []
    for each in annotations:
        found += each if isinstance(each, list) else [each]
    return [each for each in found if isinstance(each, dict)]


def upright(axis: Any, annotation: Any, theme: Theme) -> None:
    """The same for an instant."""
    lines = [each for each in flat([annotation]) if each.get("visible", True)]
    if not lines:
        return
    color = lines[0].get("color", "#687078")
    at = [
        dates.date2num(datetime.fromisoformat(each["value"].replace("Z", "+00:00")))
        for each in lines
    ]
    for each, x in zip(lines, at, strict=True):
        axis.axvline(x, color=color, linewidth=1.2, linestyle="--")
        if each.get("label"):
            axis.annotate(
                each["label"], (x, 0.98), xycoords=("data", "axes fraction"), xytext=(3, 0),
                textcoords="offset points", fontsize=7, color=theme.text, va="top",
            )  # fmt: skip
    low, high = axis.get_xlim()
    fill = {"before": (low, at[0]), "after": (at[0], high)}.get(lines[0].get("fill", ""))
    if len(lines) == 2:
        fill = at[0], at[1]
    if fill:
        axis.axvspan(*fill, color=color, alpha=0.12, linewidth=0)
