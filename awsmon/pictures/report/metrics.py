"""All metrics at a glance: small charts, by namespace.

Lives here: `metrics`, the section.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.alarms.model import MetricAlarm
from awsmon.core.clock import EPOCH
from awsmon.metrics.charts.reading import drawn
from awsmon.metrics.charts.widget import Item, Widget
from awsmon.metrics.storage import coarseness
from awsmon.pictures.charts import plotted
from awsmon.pictures.markup import Markup, tag
from awsmon.pictures.report.parts import filtered, left_out, plural, section
from awsmon.pictures.scales import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.core.neighbours import MetricKey
    from awsmon.pictures.report.session import Place, Session

__all__ = ["metrics"]

MOST = 150
MOST_POINTS = 240
_ADDED_UP = ("Count", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits")
_PERIODS = (60, 300, 900, 3600, 21_600, 86_400)


class Metric(NamedTuple):
    """One metric of one place."""

    place: Place
    key: MetricKey


def metrics(session: Session) -> Markup | None:
    """The section; None where there are none."""
    found = [Metric(place, key) for place in session.places for key in place.used("metrics") or ()]
    if not found:
        return None
    found.sort(key=lambda each: (each.place.scope, each.key.namespace.startswith("AWS/")))
    shown = found[:MOST]
    groups = [
        tag("div", tag("h3", namespace, tag("small", " ", place) if place else None),
            tag("div", *(_metric(session, each) for each in group), class_="metrics"),
            class_="group")
        for (place, namespace), group in groupby(
            shown, key=lambda each: (each.place.name, each.key.namespace))
    ]  # fmt: skip
    return section(
        "metrics", "Metrics", plural(len(found), "metric"),
        filtered("metric-list", "metrics") if len(found) > 6 else None,
        tag("div", *groups, id="metric-list"),
        left_out(len(found) - MOST, "metrics are"),
    )  # fmt: skip


def _metric(session: Session, metric: Metric) -> Markup:
    """Its name, its chart, and its figures."""
    service, key = metric.place.used("metrics"), metric.key
    units = service.stored.units(key)
    statistic = _statistic(metric, units)
    start, end = _range(session, service, key)
    period = _period(end - start, service.now - start)
    start -= start % period
    query = {"Id": "m", "ReturnData": True, "MetricStat": {
        "Metric": {"Namespace": key.namespace, "MetricName": key.name, "Dimensions": [
            {"Name": name, "Value": value} for name, value in key.dimensions]},
        "Period": period, "Stat": statistic,
    }}  # fmt: skip
    widget = Widget(
        items=(Item(query, "var(--accent)"),), start=EPOCH + timedelta(seconds=start),
        end=EPOCH + timedelta(seconds=end),
    )  # fmt: skip
    series = list(drawn(service, widget))
    plot = plotted(widget, series, f"{statistic} of {key}")
    plot.ticks, plot.units = 3, ("", "")
    dimensions = ", ".join(f"{name}={value}" for name, value in key.dimensions)
    values = [value for each in series for value in each.points.values()]
    return tag(
        "article",
        tag("h4", key.name, tag("small", " ", dimensions) if dimensions else None),
        plot.draw(),
        tag("p", *_figures(statistic, period, values, units), class_="figures"),
        data_row=True,
    )  # fmt: skip


def _figures(
    statistic: str, period: int, values: list[float], units: list[str]
) -> Iterator[Markup | str]:
    unit = units[0] if len(units) == 1 and units[0] != "None" else ""
    yield f"{statistic} per {_length(period)}"
    if values:
        yield tag("span", "last ", tag("b", short(values[-1])), f" {unit}" if unit else None)
        yield tag("span", f"{short(min(values))} to {short(max(values))}")


def _length(period: int) -> str:
    for size, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if period % size == 0:
            return f"{period // size} {name}" if period > size else name
    return f"{period} s"


def _statistic(metric: Metric, units: list[str]) -> str:
    """That of an alarm which watches it; else a sum of what adds up."""
    alarms: Any = metric.place.used("alarms") or ()
    for alarm in alarms:
        if isinstance(alarm, MetricAlarm) and not alarm.queries and alarm.metric == metric.key:
            return alarm.stat
    return "Sum" if set(units) & set(_ADDED_UP) else "Average"


def _range(session: Session, service: Any, key: MetricKey) -> tuple[int, int]:
    """The session, or more where points lie outside of it."""
    first = service.stored.first_point(key, since=0, unit=None)
    last = service.stored.newest(key)
    start, end = int(session.span.start), int(session.span.end) + 1
    if first is None or last is None:
        return start, end
    return min(start, first), max(end, last + 60)


def _period(length: int, age: int) -> int:
    """The least that yields few enough points, and can still be read."""
    least = coarseness(age)
    return next(
        (each for each in _PERIODS if each >= least and length / each <= MOST_POINTS), _PERIODS[-1]
    )
