"""What a change of state sets off.

Lives here: what each kind of target is sent. Sending, trying again and recording are
`core/deliveries.py`'s; which targets an alarm has is `model.py`'s.
Sources: recordings of the notifications (LocalStack's snapshots, 2026); User Guide, "Alarm
actions", "Lambda alarm actions", "EC2 actions", "Amazon EC2 Auto Scaling actions".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.alarms.errors import ValidationError
from awsmon.alarms.model import AlarmState, CompositeAlarm, MetricAlarm
from awsmon.alarms.reasons import timestamp
from awsmon.core.arns import Arn
from awsmon.core.regions import display_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.alarms.model import Alarm
    from awsmon.core.events import AlarmStateFacts
    from awsmon.core.scope import Scope

__all__ = ["check_actions", "due", "payload", "repeated"]

LONGEST_SUBJECT = 100
INSTANCES = ("automate", "swf")
"""Services whose ARNs are actions upon EC2 instances."""
ON_ALARM_ONLY = ("ssm", "ssm-incidents", "aiops")


def payload(
    alarm: Alarm,
    arn: str,
    before: AlarmStateFacts,
    *,
    scope: Scope,
    metric_id: str,
    tags: Mapping[str, str],
    after_mute: bool = False,
) -> dict[str, Any]:
    """What the target behind *arn* is sent: an API call's parameters, or a function's event.

    Args:
        alarm: as it is after the change.
        arn: the action.
        before: its state before.
        scope: where the alarm is.
        metric_id: the id that the event gives its only metric.
        tags: the alarm's.
        after_mute: whether the change was a while ago, when a rule muted the alarm.
    """
    target = Arn.maybe(arn)
    if target is not None and target.service == "sns":
        subject = f'{alarm.state}: "{alarm.name}" in {display_name(scope.region)}'
        return {
            "TopicArn": arn,
            "Subject": subject[:LONGEST_SUBJECT],
            "Message": json.dumps(
                _notification(alarm, before, scope, after_mute) | _noted(alarm, tags, "AlarmTags")),
        }  # fmt: skip
    if target is not None and target.service in _PARAMETERS:
        return _PARAMETERS[target.service](alarm, target)
    event = _event(alarm, before, scope, metric_id)
    event["alarmData"] |= _noted(alarm, tags, "alarmTags")
    return event


def repeated(arn: str) -> bool:
    """Whether an action is carried out each minute for as long as the state lasts."""
    target = Arn.maybe(arn)
    return target is not None and target.service == "autoscaling"


def due(alarm: Alarm) -> list[str]:
    """The actions to carry out in the state it is in."""
    return [
        arn for arn in alarm.actions
        if alarm.state is AlarmState.ALARM or arn.split(":")[2] not in ON_ALARM_ONLY
    ]  # fmt: skip


# -- parameters of API calls -----------------------------------------------------------------------


def _instances(alarm: Alarm, _: Arn) -> dict[str, Any]:
    assert isinstance(alarm, MetricAlarm)
    return {"InstanceIds": [dict(alarm.metric.dimensions)["InstanceId"]]}


def _policy(_: Alarm, target: Arn) -> dict[str, Any]:
    """``scalingPolicy:id:autoScalingGroupName/group:policyName/name``."""
    parts = dict(part.split("/", 1) for part in target.resource.split(":") if "/" in part)
    named = {
        "AutoScalingGroupName": parts.get("autoScalingGroupName"),
        "PolicyName": parts.get("policyName"),
    }
    return {name: value for name, value in named.items() if value is not None}


def _ops_item(alarm: Alarm, target: Arn) -> dict[str, Any]:
    """``opsitem:3#CATEGORY=Security``. Source: User Guide, "Create OpsItems from alarms"."""
    severity, _, category = target.resource.removeprefix("opsitem:").partition("#CATEGORY=")
    item = {
        "Title": f'CloudWatch alarm - "{alarm.name}" is in ALARM state',
        "Description": alarm.state_reason,
        "Source": "CloudWatch Alarm",
        "Severity": severity,
        "OperationalData": {
            "/aws/resources": {
                "Value": json.dumps([{"arn": alarm.arn}]), "Type": "SearchableString"}
        },
    }  # fmt: skip
    return item | ({"Category": category} if category else {})


def _incident(alarm: Alarm, target: Arn) -> dict[str, Any]:
    return {
        "responsePlanArn": str(target),
        "title": f'"{alarm.name}" is in ALARM',
        "triggerDetails": {
            "source": "aws.cloudwatch",
            "timestamp": alarm.state_transitioned_timestamp.isoformat(),
            "triggerArn": alarm.arn,
        },
    }


_PARAMETERS: dict[str, Callable[[Alarm, Arn], dict[str, Any]]] = {
    "automate": _instances,
    "swf": _instances,
    "autoscaling": _policy,
    "ssm": _ops_item,
    "ssm-incidents": _incident,
}


# -- notifications and events ----------------------------------------------------------------------


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


def check_actions(scope: Scope, request: Mapping[str, Any]) -> None:
    """Refuse actions that cannot be meant; whether their targets exist, AWS doesn't look.

    Raises:
        ValidationError: one is no ARN, or of another partition or region; or tags to tell are given
            in two ways.
    """
    propagation = request.get("ActionConfiguration", {}).get("AlarmTagsPropagation", {})
    if "IncludedTagKeys" in propagation and "ExcludedTagKeys" in propagation:
        raise ValidationError.tag_keys()
    for member in ("OKActions", "AlarmActions", "InsufficientDataActions"):
        for action in request.get(member, ()):
            arn = Arn.maybe(action)
            if arn is None:
                raise ValidationError.arn(action)
            if arn.partition != scope.partition:
                raise ValidationError.place("partition", arn.partition, scope.partition)
            if arn.region not in ("", scope.region):
                raise ValidationError.place("region", arn.region, scope.region)
            _check_kind(arn, request)


def _check_kind(arn: Arn, request: Mapping[str, Any]) -> None:
    """Instances are acted upon by alarms on their own metrics alone."""
    composite = "AlarmRule" in request
    if composite and arn.service in (*INSTANCES, "autoscaling"):
        raise ValidationError.action(str(arn))
    dimensions = {each["Name"] for each in request.get("Dimensions", ())}
    if arn.service in INSTANCES and "InstanceId" not in dimensions:
        raise ValidationError.no_instance()
    recovers = arn.service in INSTANCES and "recover" in arn.resource.lower()
    if recovers and not request.get("MetricName", "").startswith("StatusCheckFailed"):
        raise ValidationError.recover()


def _notification(
    alarm: Alarm, before: AlarmStateFacts, scope: Scope, after_mute: bool
) -> dict[str, Any]:
    told = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": scope.account,
        "AlarmConfigurationUpdatedTimestamp": timestamp(alarm.configuration_updated),
        "NewStateValue": alarm.state.value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": timestamp(alarm.state_transitioned_timestamp),
        "Region": display_name(scope.region),
        "AlarmArn": alarm.arn,
        "OldStateValue": before.value,
        "ActionExecutedAfterMuteWindow": after_mute,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
    }
    if isinstance(alarm, CompositeAlarm):
        return told | {"AlarmRule": alarm.rule, "TriggeringChildren": _children(alarm)}
    assert isinstance(alarm, MetricAlarm)
    return told | {"Trigger": _trigger(alarm)}


def _children(alarm: CompositeAlarm) -> list[dict[str, Any]]:
    causes = json.loads(alarm.state_reason_data or "{}").get("triggeringAlarms", [])
    return [
        {"Arn": each["arn"], "State": {"Value": each["state"]["value"],
                                       "Timestamp": each["state"]["timestamp"]}}
        for each in causes
    ]  # fmt: skip


def _trigger(alarm: MetricAlarm) -> dict[str, Any]:
    trigger: dict[str, Any] = {"MetricName": alarm.metric_name, "Namespace": alarm.namespace}
    if alarm.statistic:
        trigger |= {"StatisticType": "Statistic", "Statistic": alarm.statistic.upper()}
    else:
        trigger |= {
            "StatisticType": "ExtendedStatistic",
            "ExtendedStatistic": alarm.extended_statistic,
        }
    trigger |= {
        "Unit": alarm.unit,
        "Dimensions": [{"value": each["Value"], "name": each["Name"]} for each in alarm.dimensions],
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
    }
    if alarm.datapoints_to_alarm is not None:
        trigger["DatapointsToAlarm"] = alarm.datapoints_to_alarm
    trigger |= {
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data or "",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }
    return trigger


def _event(alarm: Alarm, before: AlarmStateFacts, scope: Scope, metric_id: str) -> dict[str, Any]:
    now = alarm.facts
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
            "state": _told(now),
            "previousState": _told(before),
            "configuration": configuration,
        },
    }


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
        return {"metrics": [_metric(alarm, metric_id)]}
    assert isinstance(alarm, CompositeAlarm)
    told = {
        "alarmRule": alarm.rule,
        "actionsSuppressor": alarm.suppressor,
        "actionsSuppressorWaitPeriod": alarm.wait_period,
        "actionsSuppressorExtensionPeriod": alarm.extension_period,
    }
    return {name: value for name, value in told.items() if value is not None}


def _metric(alarm: MetricAlarm, metric_id: str) -> dict[str, Any]:
    stat: dict[str, Any] = {
        "metric": {
            "namespace": alarm.namespace,
            "name": alarm.metric_name,
            "dimensions": {each["Name"]: each["Value"] for each in alarm.dimensions},
        },
        "period": alarm.period,
        "stat": alarm.stat,
    }
    if alarm.unit:
        stat["unit"] = alarm.unit
    return {"id": metric_id, "metricStat": stat, "returnData": True}
