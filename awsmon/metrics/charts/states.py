"""States over time: as bands behind a chart, and as lanes on their own.

Lives here: `shade`, for any chart with an axis of time; `handles`, for its legend; `draw_states`,
the view of nothing but states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.patches import Patch

from awsmon.metrics.charts.times import placed, time_axis, upright

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.core.neighbours import StateSpan
    from awsmon.metrics.charts.drawing import Drawn, Theme
    from awsmon.metrics.charts.widget import Widget

__all__ = ["STATE_COLORS", "draw_states", "handles", "shade"]

STATE_COLORS = {
    "ALARM": "#d13212", "INSUFFICIENT_DATA": "#9aa5b1", "OK": "#1d8102",
    "NON_COMPLIANT": "#d13212", "COMPLIANT": "#1d8102", "recorded": "#6b8fb5",
}  # fmt: skip
"""As CloudWatch's console has them."""
_OTHER = "#687078"
_STRIP = 0.03  # of the chart's height


def shade(axis: Any, spans: Sequence[StateSpan]) -> None:
    """Bands behind what an axis shows, and a strip in full colour along its foot."""
    for span in spans:
        start, end = placed([span.start, span.end])
        color = STATE_COLORS.get(span.state, _OTHER)
        axis.axvspan(start, end, color=color, alpha=0.1, linewidth=0, zorder=0)
        axis.axvspan(start, end, ymax=_STRIP, color=color, linewidth=0, zorder=3)


def handles(spans: Sequence[StateSpan]) -> list[Any]:
    """What a legend shows of the states among them."""
    present = {span.state for span in spans}
    return [Patch(color=STATE_COLORS.get(state, _OTHER), label=state) for state in sorted(present)]


def draw_states(figure: Any, widget: Widget, series: Sequence[Drawn], theme: Theme) -> None:
    """The widget's own states on top, its lanes below, each with its name."""
    del series
    axis = figure.add_subplot()
    lanes = [(widget.title, widget.spans), *widget.lanes.items()]
    for row, (_, spans) in enumerate(lanes):
        bars = [(start, end - start) for start, end in (placed(each[:2]) for each in spans)]
        colors = [STATE_COLORS.get(each.state, _OTHER) for each in spans]
        axis.broken_barh(bars, (row - 0.35, 0.7), facecolors=colors, linewidth=0)
    axis.set_yticks(range(len(lanes)), [name for name, _ in lanes])
    axis.get_yticklabels()[0].set_fontweight("bold")
    axis.set_ylim(len(lanes) - 0.5, -0.5)
    axis.set_facecolor(theme.ground)
    axis.tick_params(colors=theme.text, labelsize=8, length=0)
    for spine in axis.spines.values():
        spine.set_visible(False)
    time_axis(axis, widget, theme)
    for annotation in widget.vertical:
        upright(axis, annotation, theme)
    shown = [span for _, spans in lanes for span in spans]
    figure.legend(
        handles=handles(shown), loc="lower left", ncols=3, fontsize=8, frameon=False,
        labelcolor=theme.text, handlelength=1, borderaxespad=0.6,
    )  # fmt: skip
    longest = max(len(name) for name, _ in lanes)
    figure.subplots_adjust(
        left=min(0.45, (24 + 6.6 * longest) / widget.width), right=1 - 24 / widget.width,
        top=1 - 34 / widget.height, bottom=62 / widget.height,
    )  # fmt: skip
