"""A metric widget as GetMetricWidgetImage takes it, read.

Lives here: `read_widget` and `Widget`, with its metrics as GetMetricData's queries. Source: API
reference, "GetMetricWidgetImage: Metric Widget Structure and Syntax".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from dateutil.parser import isoparse

from awsmon.metrics.dashboard_body import metric_widget_mistakes
from awsmon.metrics.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from awsmon.core.neighbours import AlarmChart, StateSpan

    ChartOf = Callable[[datetime, datetime], AlarmChart]

__all__ = ["Item", "Widget", "alarm_of", "instant_of", "of_alarm", "read_widget"]

LARGEST = 100 * 1024
"""Bytes of the JSON."""
LEAST, MOST = 1, 2000
"""Of width and height in pixels."""
_DURATION = re.compile(
    r"([+-]?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_DAYS = (365, 30, 7, 1)
_SECONDS = (3600, 60, 1)
_ZONE = re.compile(r"([+-])(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class Item:
    """One of the widget's metrics or expressions.

    Attributes:
        right: whether it belongs to the right axis.
        region: which it is of; None: that of the widget.
    """

    query: dict[str, Any]
    color: str | None = None
    right: bool = False
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Widget:
    """What is to be drawn, and of which time.

    Attributes:
        width: pixels, and `height`.
        zone: in which times are written.
        axes: ``left`` and ``right``, each with ``min``, ``max``, ``label`` and ``showUnits``.
        horizontal: annotations at values, and `vertical` at instants.
        legend: ``bottom``, ``right`` or ``hidden``.
        insight_rule: the rule of Contributor Insights whose contributors are drawn, with
            ``ruleName``, ``maxContributorCount`` and ``orderBy``.
        period: of these, in seconds.
        spans: states, as bands behind the series.
        lanes: further states, where nothing but states is drawn.
        table: of the view ``table``: ``layout``, ``summaryColumns``, ``showTimeSeriesData``.
        full_precision: whether numbers are told with all their digits.
    """

    items: tuple[Item, ...]
    start: datetime
    end: datetime
    width: int = 600
    height: int = 400
    title: str = ""
    view: str = "timeSeries"
    stacked: bool = False
    dark: bool = False
    sparkline: bool = True
    whole_range: bool = False
    zone: timezone = timezone.utc
    legend: str = "bottom"
    axes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    horizontal: Sequence[Any] = ()
    vertical: Sequence[Any] = ()
    insight_rule: Mapping[str, Any] | None = None
    period: int = 300
    spans: Sequence[StateSpan] = ()
    lanes: Mapping[str, Sequence[StateSpan]] = field(default_factory=dict)
    table: Mapping[str, Any] = field(default_factory=dict)
    full_precision: bool = False


def read_widget(text: str, now: datetime, region: str, alarm: ChartOf | None = None) -> Widget:
    """Read a widget's JSON.

    Args:
        text: as the request has it.
        now: what relative times count from.
        region: of metrics that name none.
        alarm: what the alarm that it draws shows of a time, if it draws one.

    Raises:
        InvalidParameterValue: it is no widget. Wordings unverified.
    """
    body = _object(text)
    if mistakes := metric_widget_mistakes({"region": region, **body}):
        first = mistakes[0]
        raise InvalidParameterValue.widget(f"{first.path or '/'}: {first.message}")
    start, end = (
        instant_of(body.get("start", "-PT3H"), now),
        instant_of(body.get("end", "P0D"), now),
    )
    if start >= end:
        raise InvalidParameterValue.widget("start must be before end")
    annotations = body.get("annotations", {})
    widget = Widget(
        items=tuple(_items(body, region, start, end)), start=start, end=end,
        width=_pixels(body, "width", 600), height=_pixels(body, "height", 400),
        title=body.get("title", ""), view=body.get("view", "timeSeries"),
        stacked=body.get("stacked", False), dark=body.get("theme") == "dark",
        sparkline=body.get("sparkline", True),
        whole_range=body.get("setPeriodToTimeRange", False),
        zone=_zone(body.get("timezone", "+0000")),
        legend=body.get("legend", {}).get("position", "bottom"), axes=body.get("yAxis", {}),
        horizontal=annotations.get("horizontal", ()), vertical=annotations.get("vertical", ()),
        insight_rule=body.get("insightRule"), period=body.get("period", _period(end - start)),
        table=body.get("table", {}), full_precision=body.get("singleValueFullPrecision", False),
    )  # fmt: skip
    return widget if alarm is None else of_alarm(widget, alarm(start, end))


def _object(text: str) -> dict[str, Any]:
    if len(text.encode()) > LARGEST:
        raise InvalidParameterValue.widget(f"it is larger than {LARGEST} bytes")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise InvalidParameterValue.widget("it is not a JSON object")
    return body


def alarm_of(text: str) -> str | None:
    """The ARN of the alarm that a widget draws; None: it draws metrics."""
    annotations = _object(text).get("annotations")
    alarms = annotations.get("alarms") if isinstance(annotations, dict) else None
    return str(alarms[0]) if isinstance(alarms, list) and alarms else None


def of_alarm(widget: Widget, chart: AlarmChart) -> Widget:
    """What an alarm looks at, and its threshold across; of one without metrics, its states."""
    items = tuple(Item(dict(query)) for query in chart.queries)
    title = widget.title or chart.title
    if not items:
        return replace(widget, title=title, view="states", spans=chart.spans, lanes=chart.lanes)
    line = {"value": chart.threshold, "label": "Threshold", "color": "#d13212"}
    lines = widget.horizontal if chart.threshold is None else (line,)
    return replace(widget, title=title, items=items, horizontal=lines)


def _pixels(body: Mapping[str, Any], name: str, default: int) -> int:
    value = body.get(name, default)
    if not isinstance(value, int) or not LEAST <= value <= MOST:
        raise InvalidParameterValue.widget(f"{name} must be between {LEAST} and {MOST}")
    return value


def instant_of(text: Any, now: datetime) -> datetime:
    """``-PT3H``, ``P0D``, or an instant in ISO 8601."""
    if isinstance(text, str) and (found := _DURATION.fullmatch(text)):
        parts = [int(part or 0) for part in found.groups()[1:]]
        days = sum(n * each for n, each in zip(parts[:4], _DAYS, strict=True))
        seconds = sum(n * each for n, each in zip(parts[4:], _SECONDS, strict=True))
        length = timedelta(days=days, seconds=seconds)
        return now - length if found[1] == "-" else now + length
    try:
        at = isoparse(str(text))
    except ValueError:
        raise InvalidParameterValue.widget(f"{text} is no time") from None
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)


def _zone(text: str) -> timezone:
    found = _ZONE.fullmatch(text)
    if found is None:
        raise InvalidParameterValue.widget(f"{text} is no time zone")
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-ahead if found[1] == "-" else ahead)


# -- metrics ---------------------------------------------------------------------------------------


def _items(body: Mapping[str, Any], region: str, start: datetime, end: datetime) -> Iterable[Item]:
    before: list[str] = []
    default = body.get("period", _period(end - start))
    if body.get("setPeriodToTimeRange") and body.get("view", "timeSeries") != "timeSeries":
        default = max(60, int((end - start).total_seconds()) // 60 * 60)
    for number, row in enumerate(body.get("metrics", ()), 1):
        options = row[-1] if row and isinstance(row[-1], dict) else {}
        words = [word for word in row if isinstance(word, str)]
        query: dict[str, Any] = {"ReturnData": options.get("visible", True)}
        if "expression" in options:
            query |= {"Id": options.get("id", f"awsmon{number}"),
                      "Expression": options["expression"],
                      "Period": options.get("period", default)}  # fmt: skip
        else:
            before = words = _expanded(words, before)
            stat = options.get("stat", body.get("stat", "Average"))
            period = options.get("period", default)
            query |= {
                "Id": options.get("id", f"awsmon{number}"),
                "MetricStat": {"Metric": _metric(words), "Period": period, "Stat": stat},
            }
        if "accountId" in options:
            query["AccountId"] = options["accountId"]
        if "label" in options:
            query["Label"] = options["label"]
        there = options.get("region", region)
        yield Item(query, options.get("color"), options.get("yAxis") == "right",
                   there if there != region else None)  # fmt: skip


def _period(length: timedelta) -> int:
    """Five minutes, and longer for ranges of many of them."""
    for period in (300, 900, 3600, 21_600, 86_400):
        if length.total_seconds() / period <= 1440:
            return period
    return 86_400


def _expanded(words: list[str], before: list[str]) -> list[str]:
    """``.`` repeats the word above, ``...`` all that are left of those above."""
    found: list[str] = []
    for word in words:
        if word == "...":
            rest = len(words) - words.index(word) - 1
            found += before[len(found) : len(before) - rest]
        elif word == "." and len(found) < len(before):
            found.append(before[len(found)])
        else:
            found.append(word)
    return found


def _metric(words: list[str]) -> dict[str, Any]:
    if len(words) < 2 or len(words) % 2:
        raise InvalidParameterValue.widget(f"{words} is no metric")
    namespace, name, *pairs = words
    dimensions = [{"Name": pairs[n], "Value": pairs[n + 1]} for n in range(0, len(pairs), 2)]
    return {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions}
