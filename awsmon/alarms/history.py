"""What an alarm remembers.

Lives here: `HistoryItem`, `History` and the JSON of each kind of item. The items outlive their
alarm.
Sources: recordings of DescribeAlarmHistory (LocalStack's snapshots); User Guide, "View the
history".
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.alarms.model import CompositeAlarm, LogAlarm, MetricAlarm, PromQLAlarm
from awsmon.alarms.reasons import timestamp
from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from awsmon.alarms.model import Alarm
    from awsmon.core.events import (
        AlarmContributorStateChanged,
        AlarmStateFacts,
        DeliveryFinished,
    )

__all__ = ["History", "HistoryItem"]

KEPT = timedelta(days=30)


@dataclass(kw_only=True, slots=True)
class HistoryItem(Resource):
    """One item as DescribeAlarmHistory shows it; `data` is JSON, `number` grows item by item."""

    aws_shape: ClassVar[str] = "cloudwatch.AlarmHistoryItem"

    number: int = field(metadata=aws(None))
    alarm_name: str
    alarm_type: str
    timestamp: datetime
    item_type: str = field(metadata=aws("HistoryItemType"))
    summary: str = field(metadata=aws("HistorySummary"))
    data: str = field(metadata=aws("HistoryData"))
    alarm_contributor_id: str | None = None
    alarm_contributor_attributes: dict[str, str] | None = None


class History:
    """The items of one account and region, oldest first."""

    def __init__(self) -> None:
        self._items: deque[HistoryItem] = deque()
        self._count = 0

    def since(self, now: datetime) -> Iterator[HistoryItem]:
        """Those not older than 30 days; older ones are forgotten."""
        self._trim(now)
        return iter(self._items)

    def _trim(self, now: datetime) -> None:
        while self._items and self._items[0].timestamp < now - KEPT:
            self._items.popleft()

    def configured(self, alarm: Alarm, what: str, at: datetime) -> None:
        """An alarm changed: *what* is ``Create``, ``Update`` or ``Delete``."""
        member = {"Create": "createdAlarm", "Update": "updatedAlarm", "Delete": "deletedAlarm"}[
            what
        ]
        self._add(
            alarm.name, alarm.kind, at, "ConfigurationUpdate",
            f'Alarm "{alarm.name}" {what.lower()}d',
            {"version": "1.0", "type": what, member: _configuration(alarm)},
        )  # fmt: skip

    def state_changed(self, alarm: Alarm, before: AlarmStateFacts) -> None:
        """An alarm went from another state to the one it has."""
        after = alarm.facts
        summary = f"Alarm updated from {before.value} to {after.value}"
        data = {"version": "1.0", "oldState": _state(before), "newState": _state(after)}
        self._add(alarm.name, alarm.kind, after.since, "StateUpdate", summary, data)

    def contributor_changed(self, alarm: Alarm, event: AlarmContributorStateChanged) -> None:
        """One of the alarm's series went into ALARM, or is OK again. Wording unverified."""
        summary = f"Contributor state updated to {event.after.value}"
        data = {"version": "1.0", "newState": _state(event.after)}
        self._add(
            alarm.name, alarm.kind, event.at, "AlarmContributorStateUpdate", summary, data,
            {"id": event.contributor, "attributes": dict(event.attributes)},
        )  # fmt: skip

    def action(self, alarm: str, of: str, event: DeliveryFinished) -> None:
        """An action of an alarm of that name was carried out, or could not be."""
        arn, message = event.target_arn, event.payload.get("Message") or json.dumps(event.payload)
        data = {"actionState": "Succeeded", "notificationResource": arn}
        if event.error is None:
            summary = f"Successfully executed action {arn}"
            data |= {"publishedMessage": message}
        else:
            summary = f'Failed to execute action {arn}. Received error: "{event.error}"'
            data |= {"actionState": "Failed", "error": event.error}
        series = _series(json.loads(message))
        kind = "AlarmContributorAction" if series else "Action"
        self._add(alarm, of, event.at, kind, summary[:255], data, series)

    def _add(
        self, alarm: str, of: str, at: datetime, kind: str, summary: str, data: Mapping[str, Any],
        series: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self._trim(at)
        text = json.dumps(data, separators=(",", ":"))
        self._count += 1
        self._items.append(
            HistoryItem(
                number=self._count, alarm_name=alarm, alarm_type=of, timestamp=at, item_type=kind,
                summary=summary, data=text, alarm_contributor_id=series["id"] if series else None,
                alarm_contributor_attributes=series["attributes"] if series else None))  # fmt: skip


def _series(told: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The series that a notification, or a function's event, is about."""
    if "AlarmContributorId" in told:
        return {"id": told["AlarmContributorId"], "attributes": told["AlarmContributorAttributes"]}
    found: Mapping[str, Any] | None = told.get("alarmData", {}).get("alarmContributor")
    return found


def _state(state: AlarmStateFacts) -> dict[str, Any]:
    told: dict[str, Any] = {"stateValue": state.value, "stateReason": state.reason}
    if state.data is not None:
        told["stateReasonData"] = json.loads(state.data)
    return told


def _configuration(alarm: Alarm) -> dict[str, Any]:
    """The alarm in the history's own spelling and order."""
    own = _OWN[type(alarm)](alarm)
    told = {
        "alarmName": alarm.name,
        "alarmDescription": alarm.description,
        "alarmArn": alarm.arn,
        "alarmConfigurationUpdatedTimestamp": timestamp(alarm.configuration_updated),
        **own,
        "stateValue": alarm.state.value,
        "stateReason": alarm.state_reason,
        "actionsEnabled": alarm.actions_enabled,
        "okactions": alarm.ok_actions,
        "alarmActions": alarm.alarm_actions,
        "insufficientDataActions": alarm.insufficient_data_actions,
    }
    return {name: value for name, value in told.items() if value is not None}


def _composed(alarm: Alarm) -> dict[str, Any]:
    assert isinstance(alarm, CompositeAlarm)
    return {
        "alarmRule": alarm.rule,
        "actionsSuppressor": alarm.suppressor,
        "actionsSuppressorWaitPeriod": alarm.wait_period,
        "actionsSuppressorExtensionPeriod": alarm.extension_period,
    }


def _queried(alarm: Alarm) -> dict[str, Any]:
    """Of a log alarm the spelling is unverified."""
    assert isinstance(alarm, LogAlarm)
    return {
        "scheduledQueryConfiguration": alarm.scheduled_query_configuration,
        "queryResultsToEvaluate": alarm.evaluation_periods,
        "queryResultsToAlarm": alarm.datapoints_to_alarm,
        "threshold": alarm.threshold,
        "comparisonOperator": alarm.comparison_operator,
        "treatMissingData": alarm.treat_missing_data,
    }


def _evaluated(alarm: Alarm) -> dict[str, Any]:
    """Of a PromQL alarm the spelling is unverified."""
    assert isinstance(alarm, PromQLAlarm)
    return {
        "evaluationCriteria": alarm.evaluation_criteria,
        "evaluationInterval": alarm.evaluation_interval,
    }


def _watched(alarm: Alarm) -> dict[str, Any]:
    """Of an alarm on queries the spelling is unverified."""
    assert isinstance(alarm, MetricAlarm)
    if alarm.queries:
        return {"metrics": alarm.queries, "thresholdMetricId": alarm.threshold_metric_id,
                **_judged(alarm)}  # fmt: skip
    return {
        "namespace": alarm.namespace,
        "metricName": alarm.metric_name,
        "statistic": alarm.statistic,
        "extendedStatistic": alarm.extended_statistic,
        "period": alarm.period,
        "dimensions": [{"value": each["Value"], "name": each["Name"]} for each in alarm.dimensions],
        "unit": alarm.unit,
        **_judged(alarm),
    }


def _judged(alarm: MetricAlarm) -> dict[str, Any]:
    return {
        "evaluationPeriods": alarm.evaluation_periods,
        "datapointsToAlarm": alarm.datapoints_to_alarm,
        "threshold": alarm.threshold,
        "comparisonOperator": alarm.comparison_operator,
        "treatMissingData": alarm.treat_missing_data,
        "evaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile,
    }


_OWN: dict[type[Alarm], Callable[[Alarm], dict[str, Any]]] = {
    CompositeAlarm: _composed, LogAlarm: _queried, MetricAlarm: _watched, PromQLAlarm: _evaluated,
}  # fmt: skip
