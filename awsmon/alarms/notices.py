"""What topics and functions are told of a change of state.

Lives here: `notification` and `function_event`; `told_query` and `told_stat`, for other events too.
Sources: recordings of the notifications (LocalStack's snapshots, 2026); User Guide, "Lambda alarm
actions", "Alarm events and EventBridge".
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from awsmon.alarms.model import (
    CompositeAlarm,
    LogAlarm,
    MetricAlarm,
    PromQLAlarm,
    ThresholdAlarm,
)
from awsmon.alarms.reasons import timestamp
from awsmon.core.regions import display_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from awsmon.alarms.model import Alarm
    from awsmon.core.events import AlarmContributorStateChanged, AlarmStateFacts
    from awsmon.core.scope import Scope

    Series = AlarmContributorStateChanged | None

__all__ = ["function_event", "notification", "told_query", "told_stat"]


def notification(
    alarm: Alarm, before: AlarmStateFacts, scope: Scope, tags: Mapping[str, str],
    after_mute: bool, series: Series,
) -> dict[str, Any]:  # fmt: skip
    """What a topic is sent, as a mapping: of the alarm, or of one of its series."""
    now = series.after if series else alarm.facts
    since = series.after.since if series else alarm.state_transitioned_timestamp
    told: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": scope.account,
        "AlarmConfigurationUpdatedTimestamp": timestamp(alarm.configuration_updated),
        "NewStateValue": now.value,
        "NewStateReason": now.reason,
        "StateChangeTime": timestamp(since),
        "Region": display_name(scope.region),
        "AlarmArn": alarm.arn,
        "OldStateValue": before.value,
        "ActionExecutedAfterMuteWindow": after_mute,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
    }
    if isinstance(alarm, CompositeAlarm):
        told |= {"AlarmRule": alarm.rule, "TriggeringChildren": _children(alarm)}
        return told | _noted(alarm, tags, "AlarmTags")
    assert isinstance(alarm, (ThresholdAlarm, PromQLAlarm))
    if series:
        told |= {
            "AlarmContributorId": series.contributor,
            "AlarmContributorAttributes": dict(series.attributes),
        }
    return told | {"Trigger": _trigger(alarm)} | _noted(alarm, tags, "AlarmTags")


def _children(alarm: CompositeAlarm) -> list[dict[str, Any]]:
    causes = json.loads(alarm.state_reason_data or "{}").get("triggeringAlarms", [])
    return [
        {"Arn": each["arn"], "State": {"Value": each["state"]["value"],
                                       "Timestamp": each["state"]["timestamp"]}}
        for each in causes
    ]  # fmt: skip


def _trigger(alarm: ThresholdAlarm | PromQLAlarm) -> dict[str, Any]:
    """Of log and PromQL alarms the spelling is unverified."""
    if isinstance(alarm, PromQLAlarm):
        return {"EvaluationCriteria": alarm.evaluation_criteria,
                "EvaluationInterval": alarm.evaluation_interval}  # fmt: skip
    if isinstance(alarm, LogAlarm):
        members = ("ScheduledQueryConfiguration", "QueryResultsToEvaluate", "QueryResultsToAlarm",
                   "ComparisonOperator", "Threshold", "TreatMissingData")  # fmt: skip
        shown = alarm.to_aws()
        return {name: shown[name] for name in members if name in shown}
    assert isinstance(alarm, MetricAlarm)
    trigger = _metrics(alarm) if alarm.queries else _metric_of(alarm)
    trigger |= {"Period": alarm.period, "EvaluationPeriods": alarm.evaluation_periods}
    if alarm.datapoints_to_alarm is not None:
        trigger["DatapointsToAlarm"] = alarm.datapoints_to_alarm
    if alarm.threshold_metric_id is not None:
        trigger["ThresholdMetricId"] = alarm.threshold_metric_id
    trigger |= {
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold if alarm.threshold is not None else 0.0,
        "TreatMissingData": alarm.treat_missing_data or "",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }
    return trigger


def _metric_of(alarm: MetricAlarm) -> dict[str, Any]:
    found: dict[str, Any] = {"MetricName": alarm.metric_name, "Namespace": alarm.namespace}
    if alarm.statistic:
        found |= {"StatisticType": "Statistic", "Statistic": alarm.statistic.upper()}
    else:
        found |= {
            "StatisticType": "ExtendedStatistic",
            "ExtendedStatistic": alarm.extended_statistic,
        }
    return found | {"Unit": alarm.unit, "Dimensions": _dimensions(alarm.dimensions)}


def _dimensions(dimensions: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{"value": each["Value"], "name": each["Name"]} for each in dimensions]


def _metrics(alarm: MetricAlarm) -> dict[str, Any]:
    """Queries as they are told, their dimensions in the notification's own spelling."""
    told = copy.deepcopy(alarm.queries or [])
    for query in told:
        if "MetricStat" in query:
            metric = query["MetricStat"]["Metric"]
            metric["Dimensions"] = _dimensions(metric.get("Dimensions", ()))
    return {"Metrics": told}


def function_event(
    alarm: Alarm, before: AlarmStateFacts, scope: Scope, tags: Mapping[str, str], metric_id: str,
    series: Series,
) -> dict[str, Any]:  # fmt: skip
    """What a function is sent: of the alarm, or of one of its series."""
    now = series.after if series else alarm.facts
    configuration: dict[str, Any] = {}
    if alarm.description is not None:
        configuration["description"] = alarm.description
    configuration |= _configuration(alarm, metric_id)
    return {
        "source": "aws.cloudwatch",
        "alarmArn": alarm.arn,
        "accountId": scope.account,
        "time": timestamp(now.since),
        "region": scope.region,
        "alarmData": {
            "alarmName": alarm.name,
            **({"alarmContributor": _series(series)} if series else {}),
            "state": _told(now),
            **({} if series else {"previousState": _told(before)}),
            "configuration": configuration,
            **_noted(alarm, tags, "alarmTags"),
        },
    }


def _series(series: AlarmContributorStateChanged) -> dict[str, Any]:
    """One of an alarm's series, as events tell it."""
    return {"id": series.contributor, "attributes": dict(series.attributes)}


def _told(state: AlarmStateFacts) -> dict[str, Any]:
    told: dict[str, Any] = {"value": state.value, "reason": state.reason}
    if state.data is not None:
        told["reasonData"] = state.data
    told["timestamp"] = timestamp(state.since)
    if state.suppressed_by is not None:
        told["actionsSuppressedBy"] = state.suppressed_by
        told["actionsSuppressedReason"] = state.suppressed_reason
    return told


def _configuration(alarm: Alarm, metric_id: str) -> dict[str, Any]:
    if isinstance(alarm, MetricAlarm):
        if alarm.queries:
            return {"metrics": [told_query(query) for query in alarm.queries]}
        return {"metrics": [_metric(alarm, metric_id)]}
    if isinstance(alarm, PromQLAlarm):
        return {"evaluationCriteria": alarm.evaluation_criteria,
                "evaluationInterval": alarm.evaluation_interval}  # fmt: skip
    if isinstance(alarm, LogAlarm):
        return {"scheduledQueryConfiguration": alarm.scheduled_query_configuration}
    assert isinstance(alarm, CompositeAlarm)
    told = {
        "alarmRule": alarm.rule,
        "actionsSuppressor": alarm.suppressor,
        "actionsSuppressorWaitPeriod": alarm.wait_period,
        "actionsSuppressorExtensionPeriod": alarm.extension_period,
    }
    return {name: value for name, value in told.items() if value is not None}


def _metric(alarm: MetricAlarm, metric_id: str) -> dict[str, Any]:
    metric = {"Namespace": alarm.namespace, "MetricName": alarm.metric_name,
              "Dimensions": alarm.dimensions}  # fmt: skip
    stat = {"Metric": metric, "Period": alarm.period, "Stat": alarm.stat, "Unit": alarm.unit}
    return {"id": metric_id, "metricStat": told_stat(stat), "returnData": True}


def told_stat(stat: Mapping[str, Any]) -> dict[str, Any]:
    """A MetricStat as events tell it."""
    metric = stat["Metric"]
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}
    told = {
        "metric": {
            "namespace": metric["Namespace"],
            "name": metric["MetricName"],
            "dimensions": dimensions,
        },
        "period": stat["Period"],
        "stat": stat["Stat"],
    }
    return told | ({"unit": stat["Unit"]} if stat.get("Unit") else {})


def told_query(query: Mapping[str, Any]) -> dict[str, Any]:
    """A query as events tell it. Source: User Guide, "Alarm events and EventBridge"."""
    told: dict[str, Any] = {"id": query["Id"]}
    if "MetricStat" in query:
        told["metricStat"] = told_stat(query["MetricStat"])
    members = {"expression": "Expression", "label": "Label", "returnData": "ReturnData",
               "period": "Period", "accountId": "AccountId"}  # fmt: skip
    return told | {name: query[member] for name, member in members.items() if member in query}


def _noted(alarm: Alarm, tags: Mapping[str, str], name: str) -> dict[str, Any]:
    """The alarm's tags, as far as it is configured to tell them.

    Source: User Guide, "Alarm tags in action payloads"; the form within an SNS message unverified.
    """
    propagation = (alarm.action_configuration or {}).get("AlarmTagsPropagation", {})
    if not propagation.get("Enabled"):
        return {}
    wanted, unwanted = propagation.get("IncludedTagKeys"), propagation.get("ExcludedTagKeys", ())
    told = {
        key: value for key, value in tags.items()
        if not key.startswith("aws:") and key not in unwanted and (wanted is None or key in wanted)
    }  # fmt: skip
    return {name: told, f"{name}Status": "SUCCESS"}
