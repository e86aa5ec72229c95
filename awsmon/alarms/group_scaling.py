"""What an alarm does to an Auto Scaling group: `scaled_group`.

The policy is read from the other mock and carried out here, within the group's limits and, where it
is a simple one, its cooldown. Source: Amazon EC2 Auto Scaling User Guide, "Step and simple scaling
policies", "Scaling cooldowns".
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.alarms.scaling_steps import adjusted, tracked
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    Ask = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]

__all__ = ["scaled_group"]


def scaled_group(
    payload: Mapping[str, Any], ask: Ask, now: datetime, scaled: dict[str, datetime]
) -> dict[str, Any]:
    """Scale a group as a policy of it says.

    Args:
        payload: what the alarm sent: group and policy, the metric's value, the threshold.
        ask: calls an operation of the other mock.
        now: the present.
        scaled: when each policy was carried out last, by its ARN.

    Returns:
        What was done.

    Raises:
        Refused: there is no such policy.
    """
    name = {"AutoScalingGroupName": payload["AutoScalingGroupName"]}
    wanted = {**name, "PolicyNames": [payload["PolicyName"]]}
    policies = ask("autoscaling", "DescribePolicies", wanted)["ScalingPolicies"]
    if not policies:
        raise Refused(f"DescribePolicies finds no {payload['PolicyName']}", code="ValidationError")
    [policy] = policies
    [group] = ask("autoscaling", "DescribeAutoScalingGroups",
                  {"AutoScalingGroupNames": [*name.values()]})["AutoScalingGroups"]  # fmt: skip
    before, last = int(group["DesiredCapacity"]), scaled.get(policy["PolicyARN"])
    after = _capacity(policy, before, payload["MetricValue"], payload["Threshold"])
    after = max(group["MinSize"], min(group["MaxSize"], after))
    if after == before or (last is not None and now < last + _cooldown(policy, group)):
        return {"DesiredCapacity": before}
    ask("autoscaling", "SetDesiredCapacity", {**name, "DesiredCapacity": after})
    scaled[policy["PolicyARN"]] = now
    return {"DesiredCapacity": after}


def _capacity(policy: Mapping[str, Any], before: int, value: float, threshold: float) -> int:
    if tracking := policy.get("TargetTrackingConfiguration"):
        return tracked(tracking, before, value, tracking["TargetValue"])
    if policy.get("StepAdjustments"):
        return adjusted(policy, before, value - threshold)
    only = {"ScalingAdjustment": policy["ScalingAdjustment"]}
    return adjusted({**policy, "StepAdjustments": [only]}, before, 0.0)


def _cooldown(policy: Mapping[str, Any], group: Mapping[str, Any]) -> timedelta:
    """Of a simple policy; others go on without."""
    if policy.get("PolicyType", "SimpleScaling") != "SimpleScaling":
        return timedelta(0)
    return timedelta(seconds=policy.get("Cooldown", group["DefaultCooldown"]))
