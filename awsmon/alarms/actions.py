"""What a change of state sets off.

Lives here: which actions are carried out, and what each kind of target is sent; the notifications
and events are `notices.py`'s. Sending, trying again and recording are `core/deliveries.py`'s; which
targets an alarm has is `model.py`'s.
Source: User Guide, "Alarm actions", "EC2 actions", "Amazon EC2 Auto Scaling actions".
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from awsmon.alarms.errors import ValidationError
from awsmon.alarms.model import AlarmState, MetricAlarm, ThresholdAlarm
from awsmon.alarms.notices import function_event, notification
from awsmon.core.arns import Arn
from awsmon.core.regions import display_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from awsmon.alarms.model import Alarm
    from awsmon.core.events import AlarmContributorStateChanged, AlarmStateFacts
    from awsmon.core.scope import Scope

    Series = AlarmContributorStateChanged | None

__all__ = ["check_actions", "due", "payload", "repeated"]

LONGEST_SUBJECT = 100
INSTANCES = ("automate", "swf")
"""Services whose ARNs are actions upon EC2 instances."""
ON_ALARM_ONLY = ("ssm", "ssm-incidents", "aiops")
OF_SERIES = ("sns", "lambda", "ssm", *INSTANCES)
"""Services that act for each of several series. Source: User Guide, "Acting on alarm changes"."""


def payload(
    alarm: Alarm,
    arn: str,
    before: AlarmStateFacts,
    *,
    scope: Scope,
    metric_id: str,
    tags: Mapping[str, str],
    after_mute: bool = False,
    series: AlarmContributorStateChanged | None = None,
    lines: Sequence[str] = (),
    latest: float | None = None,
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
        series: the change of one of the series that the alarm watches; None: of the alarm.
        lines: of logs, that go with it; under which name is unverified.
        latest: the datapoint that counts where an action is repeated; None: that of the change.
    """
    target = Arn.maybe(arn)
    if target is not None and target.service == "sns":
        state = series.after.value if series else alarm.state
        subject = f'{state}: "{alarm.name}" in {display_name(scope.region)}'
        told = notification(alarm, before, scope, tags, after_mute, series)
        told |= {"LogLines": list(lines)} if lines else {}
        message = json.dumps(told)
        return {"TopicArn": arn, "Subject": subject[:LONGEST_SUBJECT], "Message": message}
    if target is not None and target.service in _PARAMETERS:
        told = _PARAMETERS[target.service](alarm, target, series)
        return told if latest is None else {**told, "MetricValue": latest}
    event = function_event(alarm, before, scope, tags, metric_id, series)
    event["alarmData"] |= {"logLines": list(lines)} if lines else {}
    return event


def repeated(arn: str) -> bool:
    """Whether an action is carried out each minute for as long as the state lasts."""
    target = Arn.maybe(arn)
    return target is not None and target.service == "autoscaling"


def due(alarm: Alarm, series: AlarmContributorStateChanged | None = None) -> list[str]:
    """The actions to carry out in the state that the alarm is in, or one of its series."""
    state = AlarmState(series.after.value) if series else alarm.state
    whole = isinstance(alarm, ThresholdAlarm) and alarm.several and not series
    found = []
    for arn in alarm.actions_of(state):
        service = arn.split(":")[2]
        elsewhere = (whole and service in INSTANCES) or (series and service not in OF_SERIES)
        if not elsewhere and (state is AlarmState.ALARM or service not in ON_ALARM_ONLY):
            found.append(arn)
    return found


# -- parameters of API calls -----------------------------------------------------------------------


def _instances(alarm: Alarm, _: Arn, series: Series) -> dict[str, Any]:
    if series:
        return {"InstanceIds": [series.attributes["InstanceId"]]}
    assert isinstance(alarm, MetricAlarm)
    found = dict(alarm.metric.dimensions)
    return {"InstanceIds": [found["InstanceId"]]}


_OF_APPLICATION = re.compile(r".*:resource/([^/]+)/(.+):policyName/([^:]+)(?::createdBy/.*)?")


def _policy(alarm: Alarm, target: Arn, _: Series) -> dict[str, Any]:
    """``scalingPolicy:id:autoScalingGroupName/group:policyName/name``.

    Of Application Auto Scaling ``scalingPolicy:id:resource/service/resource:policyName/name``.
    """
    if found := _OF_APPLICATION.fullmatch(target.resource):
        service, resource, name = found.groups()
        return {"ServiceNamespace": service, "ResourceId": resource, "PolicyName": name,
                **_measured(alarm)}  # fmt: skip
    parts = dict(part.split("/", 1) for part in target.resource.split(":") if "/" in part)
    named = {
        "AutoScalingGroupName": parts.get("autoScalingGroupName"),
        "PolicyName": parts.get("policyName"),
    }
    return {name: value for name, value in named.items() if value} | _measured(alarm)


def _measured(alarm: Alarm) -> dict[str, float]:
    """The latest datapoint that was evaluated, and the threshold, which stands for none."""
    threshold = alarm.threshold if isinstance(alarm, ThresholdAlarm) else None
    seen = json.loads(alarm.state_reason_data or "{}").get("recentDatapoints") or [threshold]
    return {"MetricValue": seen[-1] or 0.0, "Threshold": threshold or 0.0}


def _ops_item(alarm: Alarm, target: Arn, series: Series) -> dict[str, Any]:
    """``opsitem:3#CATEGORY=Security``. Source: User Guide, "Create OpsItems from alarms"."""
    severity, _, category = target.resource.removeprefix("opsitem:").partition("#CATEGORY=")
    item = {
        "Title": f'CloudWatch alarm - "{alarm.name}" is in ALARM state',
        "Description": series.after.reason if series else alarm.state_reason,
        "Source": "CloudWatch Alarm",
        "Severity": severity,
        "OperationalData": {
            "/aws/resources": {
                "Value": json.dumps([{"arn": alarm.arn}]), "Type": "SearchableString"}
        },
    }  # fmt: skip
    return item | ({"Category": category} if category else {})


def _incident(alarm: Alarm, target: Arn, _: Series) -> dict[str, Any]:
    return {
        "responsePlanArn": str(target),
        "title": f'"{alarm.name}" is in ALARM',
        "triggerDetails": {
            "source": "aws.cloudwatch",
            "timestamp": alarm.state_transitioned_timestamp.isoformat(),
            "triggerArn": alarm.arn,
        },
    }


_PARAMETERS: dict[str, Callable[[Alarm, Arn, Series], dict[str, Any]]] = {
    "automate": _instances,
    "swf": _instances,
    "autoscaling": _policy,
    "ssm": _ops_item,
    "ssm-incidents": _incident,
}


# -- checks ----------------------------------------------------------------------------------------


def check_actions(scope: Scope, request: Mapping[str, Any], labels: Collection[str] = ()) -> None:
    """Refuse actions that cannot be meant; whether their targets exist, AWS doesn't look.

    Args:
        scope: of the alarm.
        request: PutMetricAlarm's or PutCompositeAlarm's.
        labels: that tell the series apart which the alarm watches.

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
            _check_kind(arn, request, labels)


def _check_kind(arn: Arn, request: Mapping[str, Any], labels: Collection[str]) -> None:
    """Instances are acted upon by alarms on their own metrics alone."""
    composite = "AlarmRule" in request
    if composite and arn.service in (*INSTANCES, "autoscaling"):
        raise ValidationError.action(str(arn))
    if "ThresholdMetricId" in request and arn.service == "autoscaling":
        raise ValidationError.band_action()
    dimensions = {*labels, *(each["Name"] for each in request.get("Dimensions", ()))}
    if arn.service in INSTANCES and "InstanceId" not in dimensions:
        raise ValidationError.no_instance()
    recovers = arn.service in INSTANCES and "recover" in arn.resource.lower()
    if recovers and not request.get("MetricName", "").startswith("StatusCheckFailed"):
        raise ValidationError.recover()
