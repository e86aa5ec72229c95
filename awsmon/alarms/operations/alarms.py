"""Alarms of all kinds: describe, delete, set, enable; metric alarms: put; their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.alarms.errors import (
    InvalidNextToken,
    InvalidParameterCombination,
    MissingParameter,
    ResourceNotFound,
    ResourceNotFoundException,
    ValidationError,
)
from awsmon.alarms.model import (
    Alarm,
    AlarmState,
    CompositeAlarm,
    EvaluatedAlarm,
    LogAlarm,
    MetricAlarm,
    PromQLAlarm,
)
from awsmon.core import paging
from awsmon.core.neighbours import MetricKey
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudwatch.type_defs import (
        DeleteAlarmsInputTypeDef,
        DescribeAlarmContributorsInputTypeDef,
        DescribeAlarmHistoryInputTypeDef,
        DescribeAlarmsForMetricInputTypeDef,
        DescribeAlarmsInputTypeDef,
        DisableAlarmActionsInputTypeDef,
        EnableAlarmActionsInputTypeDef,
        PutMetricAlarmInputTypeDef,
        SetAlarmStateInputTypeDef,
    )

    from awsmon.alarms.history import HistoryItem
    from awsmon.alarms.service import Alarms

OF_SERIES = ("AlarmContributorStateUpdate", "AlarmContributorAction")


@operation("PutMetricAlarm")
def put_metric_alarm(alarms: Alarms, request: PutMetricAlarmInputTypeDef) -> None:
    """An update replaces the whole configuration and keeps the state; tags count on creation."""
    alarms.put(request)


@operation("DescribeAlarms")
def describe_alarms(alarms: Alarms, request: DescribeAlarmsInputTypeDef) -> dict[str, Any]:
    """In order of name; `AlarmTypes` defaults to metric alarms only."""
    if "AlarmNames" in request and "AlarmNamePrefix" in request:
        raise InvalidParameterCombination.mutually_exclusive("AlarmNames", "AlarmNamePrefix")
    found, shown = _related(alarms, request) or (list(_described(alarms, request)), None)
    page, token = paging.page(
        found, request.get("NextToken"), request.get("MaxRecords", 50),
        of="DescribeAlarms", key=lambda alarm: alarm.name, bad_token=InvalidNextToken,
    )  # fmt: skip

    def told(*kinds: type[Alarm]) -> list[dict[str, Any]]:
        members = [alarm.to_aws() for alarm in page if isinstance(alarm, kinds)]
        if shown is None:
            return members
        return [{name: value for name, value in each.items() if name in shown} for each in members]

    return {
        "MetricAlarms": told(MetricAlarm, PromQLAlarm),
        "CompositeAlarms": told(CompositeAlarm),
        "LogAlarms": told(LogAlarm),
        "NextToken": token,
    }


_RELATED = {
    "ChildrenOfAlarmName": ("AlarmName", "AlarmArn", "StateValue", "StateUpdatedTimestamp"),
    "ParentsOfAlarmName": ("AlarmName", "AlarmArn"),
}
"""What is shown of an alarm's children and parents."""


def _related(
    alarms: Alarms, request: DescribeAlarmsInputTypeDef
) -> tuple[list[Alarm], tuple[str, ...]] | None:
    """The children or parents that are asked for, and the members to show; None: neither is."""
    member = next((name for name in _RELATED if name in request), None)
    if member is None:
        return None
    if set(request) - {member, "MaxRecords", "NextToken"}:
        raise ValidationError.alone(member)
    name = alarms.name_of(str(request[member]))  # type: ignore[literal-required]
    if member == "ParentsOfAlarmName":
        return alarms.composites.parents(name), _RELATED[member]
    alarm = alarms[name]
    found = alarms.composites.children(alarm) if isinstance(alarm, CompositeAlarm) else []
    return sorted(found, key=lambda each: each.name), _RELATED[member]


def _described(alarms: Alarms, request: DescribeAlarmsInputTypeDef) -> Iterator[Alarm]:
    names = request.get("AlarmNames")
    kinds: Any = request.get("AlarmTypes", ["MetricAlarm"])
    for alarm in alarms.named(names) if names else alarms:
        if alarm.kind not in kinds:
            continue
        if not alarm.name.startswith(request.get("AlarmNamePrefix", "")):
            continue
        if request.get("StateValue", alarm.state) != alarm.state:
            continue
        prefix = request.get("ActionPrefix")
        if prefix is None or any(arn.startswith(prefix) for arn in alarm.every_action):
            yield alarm


@operation("DescribeAlarmsForMetric")
def describe_alarms_for_metric(
    alarms: Alarms, request: DescribeAlarmsForMetricInputTypeDef
) -> dict[str, Any]:
    """Alarms on just this metric, with all of its dimensions; metric math plays no part."""
    dimensions = {each["Name"]: each["Value"] for each in request.get("Dimensions", ())}
    metric = MetricKey.of(request["Namespace"], request["MetricName"], dimensions)
    wanted = ("Statistic", "ExtendedStatistic", "Period", "Unit")
    on_one = [alarm for alarm in alarms if isinstance(alarm, MetricAlarm) and alarm.queries is None]
    found = [alarm.to_aws() for alarm in on_one if alarm.metric == metric]
    return {
        "MetricAlarms": [
            alarm for alarm in found
            if all(request.get(name, alarm.get(name)) == alarm.get(name) for name in wanted)
        ]
    }  # fmt: skip


@operation("DeleteAlarms")
def delete_alarms(alarms: Alarms, request: DeleteAlarmsInputTypeDef) -> None:
    """Unknown names are passed over as long as one is known."""
    names = request["AlarmNames"]
    if names and not any(name in alarms for name in names):
        raise ResourceNotFound
    known = [alarms[name] for name in dict.fromkeys(names) if name in alarms]
    if len({*names}) > 1 and any(isinstance(alarm, LogAlarm) for alarm in known):
        raise ValidationError.log_alarms()
    if sum(isinstance(alarm, CompositeAlarm) for alarm in known) > 1:
        raise ValidationError.composites()
    going = {alarm.name for alarm in known}
    if needed := [alarm.name for alarm in known if alarms.composites.needed(alarm.name, going)]:
        raise ValidationError.needed(needed)
    alarms.delete(*sorted(going, key=lambda name: alarms[name].kind))


@operation("DescribeAlarmContributors")
def describe_alarm_contributors(
    alarms: Alarms, request: DescribeAlarmContributorsInputTypeDef
) -> dict[str, Any]:
    """The series in ALARM; none of an alarm that watches one."""
    name = request["AlarmName"]
    if name not in alarms:
        raise ResourceNotFoundException(ResourceType="Alarm", ResourceId=name)
    alarm = alarms[name]
    contributors = alarm.contributors if isinstance(alarm, EvaluatedAlarm) else {}
    found = [contributors[id_] for id_ in sorted(contributors)]
    page, token = paging.page(
        found, request.get("NextToken"), 100, of="DescribeAlarmContributors",
        key=lambda each: each.id, bad_token=InvalidNextToken,
    )  # fmt: skip
    return {"AlarmContributors": [each.to_aws() for each in page], "NextToken": token}


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
    """Newest first; the items of deleted alarms too, those of series only if they are asked for."""
    series = "AlarmContributorId" in request or request.get("HistoryItemType") in OF_SERIES
    if series and "AlarmName" not in request:
        raise MissingParameter.member("AlarmName")
    found = list(_remembered(alarms, request, series))
    descending = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    if descending:
        found.reverse()
    page, token = paging.page_in_order(
        found, request.get("NextToken"), request.get("MaxRecords", 100), of="DescribeAlarmHistory",
        bad_token=InvalidNextToken, key=lambda item: [item.number], descending=descending,
    )  # fmt: skip
    return {"AlarmHistoryItems": [item.to_aws() for item in page], "NextToken": token}


def _remembered(
    alarms: Alarms, request: DescribeAlarmHistoryInputTypeDef, series: bool
) -> Iterator[HistoryItem]:
    kinds: Any = request.get("AlarmTypes", ["MetricAlarm"])
    for item in alarms.history.since(alarms.clock.now()):
        if (
            request.get("AlarmName", item.alarm_name) == item.alarm_name
            and item.alarm_type in kinds
            and (item.item_type in OF_SERIES) is series
            and request.get("AlarmContributorId", item.alarm_contributor_id)
            == item.alarm_contributor_id
            and request.get("HistoryItemType", item.item_type) == item.item_type
            and request.get("StartDate", item.timestamp) <= item.timestamp  # type: ignore[operator]
            and request.get("EndDate", item.timestamp) >= item.timestamp  # type: ignore[operator]
        ):
            yield item
