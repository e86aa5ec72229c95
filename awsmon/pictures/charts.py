"""From a metric widget and its series to a plot.

Lives here: `plotted`, for reports and dashboards alike. What is drawn is what `metrics/charts`
draws as a PNG; how, is `plot.py`'s.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from awsmon.pictures.plot import Area, Line, Plot, Rule, Upright, Zone, colour
from awsmon.pictures.scales import Span, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from awsmon.metrics.charts.drawing import Drawn
    from awsmon.metrics.charts.widget import Widget

__all__ = ["plotted"]


def plotted(widget: Widget, series: Sequence[Drawn], says: str) -> Plot:
    """The view ``timeSeries``: lines or stacked areas, bands, annotations, states behind."""
    plot = Plot(Span(widget.start.timestamp(), widget.end.timestamp()), says, zone=widget.zone)
    plot.zones = [Zone(each.start, each.end, each.state) for each in widget.spans]
    shown = [each for each in series if each.band is None]
    for right in (False, True):
        own = [each for each in shown if each.right is right]
        plot.areas += _bands([each for each in series if each.band is not None], right)
        if widget.stacked:
            plot.areas += _stacked(own, right)
        # of stacked ones only which axis they have
        plot.lines += [Line((), "", right=right) if widget.stacked else _line(each) for each in own]
    for annotation in widget.horizontal:
        plot.rules += _across(annotation)
    for annotation in widget.vertical:
        plot.uprights += _upright(annotation, plot)
    plot.left, plot.right = (_limits(widget.axes.get(side, {})) for side in ("left", "right"))
    plot.units = _unit(widget, shown, right=False), _unit(widget, shown, right=True)
    return plot


def _line(each: Drawn) -> Line:
    points = [(float(at), value) for at, value in each.points.items()]
    return Line(points, colour(each.color, "var(--accent)"), each.label, each.period, each.right)


def _bands(bounds: Sequence[Drawn], right: bool) -> Iterable[Area]:
    """Between the lower and the upper bound of each band."""
    own = [each for each in bounds if each.right is right]
    for lower, upper in zip(own[::2], own[1::2], strict=False):
        times = [at for at in lower.points if at in upper.points]
        yield Area(times, [lower.points[at] for at in times], [upper.points[at] for at in times],
                   colour(lower.color, "var(--accent)"), right=right)  # fmt: skip


def _stacked(series: Sequence[Drawn], right: bool) -> Iterable[Area]:
    """Each upon those before it; a missing point counts nothing."""
    times = sorted({at for each in series for at in each.points})
    base = [0.0] * len(times)
    for each in series:
        top = [low + each.points.get(at, 0.0) for low, at in zip(base, times, strict=True)]
        yield Area(times, base, top, colour(each.color, "var(--accent)"), 0.75, right)
        base = top


def _flat(annotation: Any) -> list[Mapping[str, Any]]:
    """A band is a list of two, a line is itself; those that aren't to be seen left aside."""
    found = annotation if isinstance(annotation, list) else [annotation]
    found = [each for each in found if isinstance(each, dict)]
    return found if all(each.get("visible", True) for each in found) else []


def _across(annotation: Any) -> Iterable[Rule]:
    lines = [each for each in _flat(annotation) if isinstance(each.get("value"), (int, float))]
    for place, each in enumerate(lines):
        fills = {"above": float("inf"), "below": float("-inf")}
        fill = fills.get(each.get("fill", "")) if len(lines) == 1 else None
        if place == 0 and len(lines) == 2:
            fill = lines[1]["value"]
        label = str(each.get("label") or short(each["value"]))
        yield Rule(each["value"], label, colour(lines[0].get("color"), "var(--alarm)"),
                   each.get("yAxis") == "right", fill)  # fmt: skip


def _upright(annotation: Any, plot: Plot) -> Iterable[Upright]:
    lines = [each for each in _flat(annotation) if isinstance(each.get("value"), str)]
    instants = [datetime.fromisoformat(each["value"].replace("Z", "+00:00")).timestamp()
                for each in lines]  # fmt: skip
    if not lines:
        return
    look = colour(lines[0].get("color"), "var(--soft)")
    edges = {"before": (plot.span.start, instants[0]), "after": (instants[0], plot.span.end)}
    filled = (instants[0], instants[1]) if len(lines) == 2 else edges.get(lines[0].get("fill", ""))
    if filled:
        plot.zones.append(Zone(*filled, "filled", look))
    for each, at in zip(lines, instants, strict=True):
        yield Upright(at, str(each.get("label", "")), look)


def _limits(axis: Mapping[str, Any]) -> tuple[float | None, float | None]:
    return axis.get("min"), axis.get("max")


def _unit(widget: Widget, series: Sequence[Drawn], *, right: bool) -> str:
    given = widget.axes.get("right" if right else "left", {})
    units = sorted({each.unit for each in series if each.right is right} - {"", "None"})
    return str(given.get("label") or (", ".join(units) if given.get("showUnits", True) else ""))
