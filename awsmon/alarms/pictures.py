"""An alarm over its metric, its states as bands: what such a picture shows.

Lives here: `chart`, and `spans`, the states that the history tells of. Drawing is the neighbour's.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from awsmon.alarms.model import CompositeAlarm, MetricAlarm, ThresholdAlarm
from awsmon.core.clock import EPOCH
from awsmon.core.neighbours import AlarmChart, StateSpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from awsmon.alarms.history import HistoryItem
    from awsmon.alarms.model import Alarm
    from awsmon.alarms.service import Alarms

__all__ = ["chart", "spans"]

_SECOND = timedelta(seconds=1)


def chart(alarms: Alarms, alarm: Alarm, start: datetime, end: datetime) -> AlarmChart:
    """What the picture of an alarm shows."""
    within = (start - EPOCH) // _SECOND, (end - EPOCH) // _SECOND
    items = list(alarms.history.since(alarms.clock.now()))
    return AlarmChart(
        title=alarm.name,
        start=within[0],
        end=within[1],
        queries=_queries(alarm) if isinstance(alarm, MetricAlarm) else (),
        threshold=alarm.threshold if isinstance(alarm, ThresholdAlarm) else None,
        spans=spans(_of(items, alarm), *within, alarm.state.value),
        lanes=_lanes(alarms, alarm, items, within),
    )


def spans(items: Iterable[HistoryItem], start: int, end: int, present: str = "") -> list[StateSpan]:
    """The states that the items of one alarm, or one series, tell of; seconds since the epoch.

    Before the first of them it was in the state that this one tells it came from; if there is none,
    in the present one.
    """
    found: list[StateSpan] = []
    since, state = start, present
    for place, item in enumerate(items):
        before, after = _change(item)
        at = (item.timestamp - EPOCH) // _SECOND
        found.append(StateSpan(since, at, state if place else before))
        since, state = at, after
    found.append(StateSpan(since, end, state))
    cut = [StateSpan(max(a, start), min(b, end), name) for a, b, name in found]
    return [span for span in cut if span.state and span.start < span.end]


def _change(item: HistoryItem) -> tuple[str, str]:
    """The states before and after; none is an empty text."""
    data = json.loads(item.data)
    if item.item_type == "ConfigurationUpdate":
        return "", data.get("createdAlarm", {}).get("stateValue", "")
    return data.get("oldState", {}).get("stateValue", ""), data["newState"]["stateValue"]


def _of(items: Sequence[HistoryItem], alarm: Alarm) -> list[HistoryItem]:
    """Changes of an alarm's state, its creation and its end among them."""
    return [
        item for item in items if item.alarm_name == alarm.name
        and (item.item_type == "StateUpdate"
             or (item.item_type == "ConfigurationUpdate" and '"type":"Update"' not in item.data))
    ]  # fmt: skip


def _lanes(
    alarms: Alarms, alarm: Alarm, items: Sequence[HistoryItem], within: tuple[int, int]
) -> dict[str, list[StateSpan]]:
    """Of the alarms of a composite one; of the series of any other."""
    if isinstance(alarm, CompositeAlarm):
        children = alarms.composites.children(alarm)
        return {each.name: spans(_of(items, each), *within, each.state.value) for each in children}
    series: dict[str, list[HistoryItem]] = {}
    for item in items:
        if item.alarm_name == alarm.name and item.item_type == "AlarmContributorStateUpdate":
            series.setdefault(_named(item.alarm_contributor_attributes or {}), []).append(item)
    return {name: spans(found, *within) for name, found in series.items()}


def _named(attributes: Mapping[str, str]) -> str:
    """What a series is told by; without what all of an account's series have."""
    own = [value for name, value in attributes.items() if name[0] not in "@_"]
    return " ".join(own or attributes.values())


def _queries(alarm: MetricAlarm) -> Sequence[Mapping[str, Any]]:
    if alarm.queries is not None:
        band = alarm.threshold_metric_id
        return [
            {"Label": "expected", **each} if each["Id"] == band else each for each in alarm.queries
        ]
    metric = {"Namespace": alarm.namespace, "MetricName": alarm.metric_name,
              "Dimensions": alarm.dimensions}  # fmt: skip
    stat = {"Metric": metric, "Period": alarm.period, "Stat": alarm.stat}
    if alarm.unit is not None:
        stat["Unit"] = alarm.unit
    return [{"Id": "m", "Label": f"{alarm.stat} of {alarm.metric}", "MetricStat": stat}]
