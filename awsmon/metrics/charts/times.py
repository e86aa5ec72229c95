"""The axis of time: `placed`, from seconds since the epoch to where they are, and `time_axis`."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from matplotlib import dates as untyped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.metrics.charts.drawing import Theme
    from awsmon.metrics.charts.widget import Widget

__all__ = ["dates", "placed", "time_axis"]

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
