"""What EventBridge is told of an alarm that was created, updated or deleted.

Lives here: `configuration_event`, made of the alarm as DescribeAlarms showed it: there may be no
such alarm any longer. Source: User Guide, "Alarm events and EventBridge"; what log and PromQL
alarms are is unverified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.alarms.notices import told_query, told_stat
from awsmon.alarms.reasons import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.events import AlarmConfigurationChanged

__all__ = ["configuration_event"]

_BEFORE_METRICS = ("EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ThresholdMetricId",
                   "ComparisonOperator", "TreatMissingData", "EvaluateLowSampleCountPercentile",
                   "AlarmRule", "ActionsSuppressor", "ActionsSuppressorWaitPeriod",
                   "ActionsSuppressorExtensionPeriod", "EvaluationCriteria", "EvaluationInterval",
                   "ScheduledQueryConfiguration", "QueryResultsToEvaluate",
                   "QueryResultsToAlarm")  # fmt: skip
_AFTER_METRICS = {
    "AlarmName": "alarmName",
    "AlarmDescription": "description",
    "ActionsEnabled": "actionsEnabled",
    "OKActions": "okActions",
    "AlarmActions": "alarmActions",
    "InsufficientDataActions": "insufficientDataActions",
}


def configuration_event(event: AlarmConfigurationChanged, metric_id: str) -> dict[str, Any]:
    """Its detail.

    Args:
        event: the change.
        metric_id: the id that the event gives the only metric of an alarm.
    """
    alarm = event.configuration
    told = {
        "alarmName": alarm["AlarmName"],
        "operation": event.operation,
        "state": {
            "value": alarm["StateValue"],
            "timestamp": timestamp(alarm["StateUpdatedTimestamp"]),
        },
        "configuration": _told(alarm, metric_id),
    }
    if event.previous is not None:
        told["previousConfiguration"] = _told(event.previous, metric_id)
    return told


def _told(alarm: Mapping[str, Any], metric_id: str) -> dict[str, Any]:
    told = {
        name[0].lower() + name[1:]: alarm[name]
        for name in _BEFORE_METRICS
        if alarm.get(name) is not None
    }
    if "Metrics" in alarm:
        told["metrics"] = [told_query(query) for query in alarm["Metrics"]]
    elif "MetricName" in alarm:
        told["metrics"] = [_metric(alarm, metric_id)]
    told |= {name: alarm[member] for member, name in _AFTER_METRICS.items() if member in alarm}
    return told | {"timestamp": timestamp(alarm["AlarmConfigurationUpdatedTimestamp"])}


def _metric(alarm: Mapping[str, Any], metric_id: str) -> dict[str, Any]:
    metric = {name: alarm[name] for name in ("Namespace", "MetricName", "Dimensions")}
    stat = alarm.get("Statistic") or alarm.get("ExtendedStatistic")
    shown = {"Metric": metric, "Period": alarm["Period"], "Stat": stat, "Unit": alarm.get("Unit")}
    return {"id": metric_id, "metricStat": told_stat(shown), "returnData": True}
