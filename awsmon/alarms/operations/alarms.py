"""Alarms: put, describe, delete, set, enable, and their history."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from awsmon.alarms.actions import check_actions
from awsmon.alarms.errors import (
    InvalidNextToken,
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
    ResourceNotFound,
    ValidationError,
)
from awsmon.alarms.model import BREACHES, AlarmState, MetricAlarm
from awsmon.core import paging
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudwatch.type_defs import (
        DeleteAlarmsInputTypeDef,
        DescribeAlarmHistoryInputTypeDef,
        DescribeAlarmsInputTypeDef,
        DisableAlarmActionsInputTypeDef,
        EnableAlarmActionsInputTypeDef,
        PutMetricAlarmInputTypeDef,
        SetAlarmStateInputTypeDef,
    )

    from awsmon.alarms.history import HistoryItem
    from awsmon.alarms.service import Alarms

LONGEST_RANGE = 604_800
NOT_YET = (
    "Metrics", "ThresholdMetricId", "EvaluationWindow", "WarmUpConfiguration", "EvaluationCriteria",
    "EvaluationInterval", "ActionConfiguration",
)  # fmt: skip


@operation("PutMetricAlarm")
def put_metric_alarm(alarms: Alarms, request: PutMetricAlarmInputTypeDef) -> None:
    """An update replaces the whole configuration and keeps the state; tags count on creation."""
    for member in NOT_YET:
        if member in request:
            raise NotImplementedByAwsmon(f"cloudwatch.PutMetricAlarm: {member}")
    _check(request)
    statistic = request.get("ExtendedStatistic")
    if statistic is not None and not alarms.knows(statistic):
        raise InvalidParameterValue.statistic(statistic)
    check_actions(alarms.scope, request)
    name, now = request["AlarmName"], alarms.clock.now()
    created = name not in alarms
    alarms.save(
        MetricAlarm.from_aws(
            request,
            arn=alarms.arn(name),
            configuration_updated=now,
            state_updated_timestamp=now,
            state_transitioned_timestamp=now,
        )
    )
    if created:
        alarms.tags.put(alarms.arn(name), tag_map(request.get("Tags")))


def _check(request: PutMetricAlarmInputTypeDef) -> None:
    """What goes together in a metric alarm, beyond what the model says of each member."""
    if "MetricName" not in request:
        raise ValidationError.metric_count()
    required = "Namespace", "Period", "EvaluationPeriods", "ComparisonOperator", "Threshold"
    for member in required:
        if member not in request:
            raise MissingParameter.member(member)
    if not math.isfinite(request["Threshold"]):
        raise InvalidParameterValue.not_finite(request["Threshold"])
    if "Statistic" in request and "ExtendedStatistic" in request:
        raise InvalidParameterCombination.mutually_exclusive("Statistic", "ExtendedStatistic")
    if "Statistic" not in request and "ExtendedStatistic" not in request:
        raise MissingParameter.member("Statistic")
    if request["ComparisonOperator"] not in BREACHES:
        raise NotImplementedByAwsmon(
            f"cloudwatch.PutMetricAlarm: ComparisonOperator {request['ComparisonOperator']}"
        )
    period, periods = request["Period"], request["EvaluationPeriods"]
    if period not in (10, 20, 30) and period % 60:
        raise ValidationError.period()
    if period * periods > (86_400 if period < 3600 else LONGEST_RANGE):
        raise ValidationError.range(86_400 if period < 3600 else LONGEST_RANGE)
    if request.get("DatapointsToAlarm", 1) > periods:
        raise ValidationError.datapoints()
    _one_of(request.get("TreatMissingData"), "TreatMissingData",
            "breaching", "notBreaching", "ignore", "missing")  # fmt: skip
    _one_of(request.get("EvaluateLowSampleCountPercentile"), "EvaluateLowSampleCountPercentile",
            "evaluate", "ignore")  # fmt: skip


def _one_of(value: str | None, parameter: str, *options: str) -> None:
    if value is not None and value not in options:
        listed = f"{', '.join(options[:-1])} and {options[-1]}"
        raise ValidationError.option(value, parameter, listed)


@operation("DescribeAlarms")
def describe_alarms(alarms: Alarms, request: DescribeAlarmsInputTypeDef) -> dict[str, Any]:
    """In order of name; `AlarmTypes` defaults to metric alarms only."""
    if "AlarmNames" in request and "AlarmNamePrefix" in request:
        raise InvalidParameterCombination.mutually_exclusive("AlarmNames", "AlarmNamePrefix")
    for member in ("ChildrenOfAlarmName", "ParentsOfAlarmName"):
        if member in request:
            raise NotImplementedByAwsmon(f"cloudwatch.DescribeAlarms: {member}")
    page, token = paging.page(
        list(_described(alarms, request)), request.get("NextToken"), request.get("MaxRecords", 50),
        of="DescribeAlarms", key=lambda alarm: alarm.name, bad_token=InvalidNextToken,
    )  # fmt: skip
    return {
        "MetricAlarms": [alarm.to_aws() for alarm in page],
        "CompositeAlarms": [],
        "NextToken": token,
    }


def _described(alarms: Alarms, request: DescribeAlarmsInputTypeDef) -> Iterator[MetricAlarm]:
    names = set(request.get("AlarmNames", ()))
    if "MetricAlarm" not in request.get("AlarmTypes", ["MetricAlarm"]):
        return
    for alarm in alarms:
        every_action = alarm.ok_actions + alarm.alarm_actions + alarm.insufficient_data_actions
        if names and alarm.name not in names:
            continue
        if not alarm.name.startswith(request.get("AlarmNamePrefix", "")):
            continue
        if request.get("StateValue", alarm.state) != alarm.state:
            continue
        prefix = request.get("ActionPrefix")
        if prefix is None or any(arn.startswith(prefix) for arn in every_action):
            yield alarm


@operation("DeleteAlarms")
def delete_alarms(alarms: Alarms, request: DeleteAlarmsInputTypeDef) -> None:
    """Unknown names are passed over as long as one is known."""
    names = request["AlarmNames"]
    if names and not any(name in alarms for name in names):
        raise ResourceNotFound
    alarms.delete(*names)


@operation("SetAlarmState")
def set_alarm_state(alarms: Alarms, request: SetAlarmStateInputTypeDef) -> None:
    """Lasts until the next evaluation, which is the coming minute's."""
    alarms.set_state(
        request["AlarmName"], AlarmState(request["StateValue"]),
        reason=request["StateReason"], data=request.get("StateReasonData"),
    )  # fmt: skip


@operation("EnableAlarmActions")
def enable_alarm_actions(alarms: Alarms, request: EnableAlarmActionsInputTypeDef) -> None:
    """Unknown names are passed over."""
    alarms.enable_actions(*request["AlarmNames"])


@operation("DisableAlarmActions")
def disable_alarm_actions(alarms: Alarms, request: DisableAlarmActionsInputTypeDef) -> None:
    """Unknown names are passed over."""
    alarms.enable_actions(*request["AlarmNames"], enabled=False)


@operation("DescribeAlarmHistory")
def describe_alarm_history(
    alarms: Alarms, request: DescribeAlarmHistoryInputTypeDef
) -> dict[str, Any]:
    """Newest first; the items of deleted alarms too."""
    if "AlarmContributorId" in request:
        raise NotImplementedByAwsmon("cloudwatch.DescribeAlarmHistory: AlarmContributorId")
    found = list(_remembered(alarms, request))
    if request.get("ScanBy", "TimestampDescending") == "TimestampDescending":
        found.reverse()
    page, token = paging.page(
        found, request.get("NextToken"), request.get("MaxRecords", 100), of="DescribeAlarmHistory",
        bad_token=InvalidNextToken,
    )  # fmt: skip
    return {"AlarmHistoryItems": [item.to_aws() for item in page], "NextToken": token}


def _remembered(alarms: Alarms, request: DescribeAlarmHistoryInputTypeDef) -> Iterator[HistoryItem]:
    kinds: Any = request.get("AlarmTypes", ["MetricAlarm"])
    for item in alarms.history.since(alarms.clock.now()):
        if (
            request.get("AlarmName", item.alarm_name) == item.alarm_name
            and item.alarm_type in kinds
            and request.get("HistoryItemType", item.item_type) == item.item_type
            and request.get("StartDate", item.timestamp) <= item.timestamp  # type: ignore[operator]
            and request.get("EndDate", item.timestamp) >= item.timestamp  # type: ignore[operator]
        ):
            yield item
