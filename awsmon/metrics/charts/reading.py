"""From a widget's text, or an alarm, to a picture: `widget_image` and `alarm_picture`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from awsmon.core.scope import Scope
from awsmon.metrics.charts.drawing import COLORS, Drawn, picture
from awsmon.metrics.charts.widget import Widget, alarm_of, of_alarm, read_widget
from awsmon.metrics.evaluation import Evaluation
from awsmon.metrics.insight_reports import by_contributor
from awsmon.metrics.plans import plan
from awsmon.metrics.reading import Range, Source
from awsmon.metrics.service import instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.core.neighbours import AlarmChart
    from awsmon.lang.metric_math.series import TimeSeries
    from awsmon.metrics.plans import Plan
    from awsmon.metrics.service import Metrics

__all__ = ["alarm_picture", "alarm_widget", "drawn", "widget_image"]

LANE = 26
"""Pixels of height."""


def widget_image(metrics: Metrics, text: str) -> bytes:
    """The PNG of a metric widget."""
    arn = alarm_of(text)
    alarm = partial(metrics.alarm, arn) if arn else None
    widget = read_widget(text, metrics.clock.now(), metrics.scope.region, alarm)
    return picture(widget, list(drawn(metrics, widget)))


def drawn(metrics: Metrics, widget: Widget) -> Iterator[Drawn]:
    """What a widget shows, with its looks."""
    rule = widget.insight_rule
    return _series(metrics, widget) if rule is None else _contributors(metrics, widget, rule)


def _contributors(metrics: Metrics, widget: Widget, rule: Mapping[str, Any]) -> Iterator[Drawn]:
    """A line for each of the best contributors of a rule."""
    within = Range(int(widget.start.timestamp()), int(widget.end.timestamp()))
    period = max(60, widget.period)
    lines = by_contributor(
        metrics, metrics.insight_rules[rule["ruleName"]], within, period,
        most=rule.get("maxContributorCount", 10), order_by=rule.get("orderBy", "Sum"),
    )  # fmt: skip
    for number, (label, points) in enumerate(lines):
        color = COLORS[number % len(COLORS)]
        yield Drawn(f"contributor{number}", label, color, right=False, period=period, points=points)


def alarm_picture(metrics: Metrics, chart: AlarmChart) -> bytes:
    """The PNG of an alarm over its metric, or of its states alone."""
    widget = alarm_widget(chart)
    return picture(widget, list(drawn(metrics, widget)))


def alarm_widget(chart: AlarmChart) -> Widget:
    """A widget that shows an alarm, its states behind what it looks at."""
    widget = Widget(
        (), instant(chart.start), instant(chart.end),
        width=800, height=360 if chart.queries else 110 + LANE * (1 + len(chart.lanes)),
        vertical=[{"value": instant(at).isoformat()} for at in chart.marks],
    )  # fmt: skip
    return replace(of_alarm(widget, chart), spans=chart.spans, lanes=chart.lanes)


def _series(metrics: Metrics, widget: Widget) -> Iterator[Drawn]:
    """An expression sees the series of its own region."""
    regions = dict.fromkeys(item.region for item in widget.items)
    evaluations = {region: _evaluation(metrics, widget, region) for region in regions}
    place = 0
    for item in widget.items:
        name, (planned, evaluation) = item.query["Id"], evaluations[item.region]
        if name not in planned.returned:
            continue
        banded = "ANOMALY_DETECTION_BAND" in item.query.get("Expression", "")
        band = banded and len(list(evaluation.lines(name))) == 2
        for number, (label, series) in enumerate(evaluation.lines(name)):
            shown = label if label != name else item.query.get("Expression", label)
            shown = item.query.get("Label", shown) if band else shown
            yield Drawn(
                name, shown, item.color or COLORS[place % len(COLORS)], item.right,
                series.grid.step, series.points, _unit(metrics, series), number if band else None,
            )  # fmt: skip
            place += not band or number == 1


def _evaluation(metrics: Metrics, widget: Widget, region: str | None) -> tuple[Plan, Evaluation]:
    """Of what a widget shows of one region; None: its own."""
    planned = plan([item.query for item in widget.items if item.region == region])
    within = Range(int(widget.start.timestamp()), int(widget.end.timestamp()))
    there = metrics.elsewhere(Scope(metrics.scope.account, region)) if region else metrics
    return planned, Evaluation(there, planned, within, widget.zone)


def _unit(metrics: Metrics, series: TimeSeries) -> str:
    if not isinstance(series.source, Source) or series.source.statistic == "SampleCount":
        return ""
    units = metrics.stored.units(series.source.key)
    return units[0] if len(units) == 1 else ""
