"""What an alarm does to a resource that Application Auto Scaling scales: `Scaling`.

AWS has no operation that carries out such a policy, so it is read from the other mock, and the
resource's capacity set there: of ECS services and DynamoDB tables. Within the cooldown nothing is
done. Auto Scaling groups are `group_scaling.py`'s. Source: Application Auto Scaling User Guide,
"Step scaling policies", "Target tracking scaling policies".
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.alarms.group_scaling import scaled_group
from awsmon.alarms.scaling_steps import adjusted, tracked
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    Ask = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]

__all__ = ["Scaling"]

COOLDOWN = 300  # seconds


class _Kind(NamedTuple):
    """How the capacity of a kind of resource is read and set."""

    read: Callable[[Ask, str, str], int]
    set: Callable[[Ask, str, str, int], object]


class Scaling:
    """The policies that alarms of one account and region carried out, and when."""

    def __init__(self) -> None:
        self._scaled: dict[str, datetime] = {}

    def carry_out(self, payload: Mapping[str, Any], ask: Ask, now: datetime) -> dict[str, Any]:
        """Scale what a policy is for.

        Args:
            payload: what the alarm sent: the policy's parts, the metric's value, the threshold.
            ask: calls an operation of the other mock.
            now: the present.

        Returns:
            What was done.

        Raises:
            Refused: there is no such policy, or awsmon doesn't know such resources.
        """
        if "AutoScalingGroupName" in payload:
            return scaled_group(payload, ask, now, self._scaled)
        resource = {name: payload[name] for name in ("ServiceNamespace", "ResourceId")}
        policy = _one(ask, "DescribeScalingPolicies", "ScalingPolicies", resource,
                      PolicyName=payload["PolicyName"])  # fmt: skip
        dimension = policy["ScalableDimension"]
        target = _one(ask, "DescribeScalableTargets", "ScalableTargets", resource,
                      ScalableDimension=dimension)  # fmt: skip
        kind = _KINDS.get(dimension)
        if kind is None:
            raise Refused(f"awsmon does not scale {dimension}", code="NotImplementedByAwsmon")
        before = kind.read(ask, payload["ResourceId"], dimension)
        wanted = _wanted(policy, before, payload["MetricValue"], payload["Threshold"])
        after = max(target["MinCapacity"], min(target["MaxCapacity"], wanted))
        arn, cooldown = policy["PolicyARN"], _cooldown(policy, grows=after > before)
        if after == before or now < self._scaled.get(arn, now) + cooldown * (arn in self._scaled):
            return {"Capacity": before}
        kind.set(ask, payload["ResourceId"], dimension, after)
        self._scaled[arn] = now
        return {"Capacity": after}


def _one(
    ask: Ask, operation: str, member: str, resource: Mapping[str, str], **wanted: str
) -> Mapping[str, Any]:
    namespace = {"ServiceNamespace": resource["ServiceNamespace"]}
    for each in ask("application-autoscaling", operation, namespace).get(member, ()):
        asked = {"ResourceId": resource["ResourceId"], **wanted}
        if all(each.get(name) == value for name, value in asked.items()):
            found: Mapping[str, Any] = each
            return found
    raise Refused(f"{operation} finds no {resource['ResourceId']}", code="ObjectNotFoundException")


def _cooldown(policy: Mapping[str, Any], *, grows: bool) -> timedelta:
    step = policy.get("StepScalingPolicyConfiguration")
    if step is not None:
        return timedelta(seconds=step.get("Cooldown", COOLDOWN))
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    name = "ScaleOutCooldown" if grows else "ScaleInCooldown"
    return timedelta(seconds=tracking.get(name, COOLDOWN))


def _wanted(policy: Mapping[str, Any], before: int, value: float, threshold: float) -> int:
    if "StepScalingPolicyConfiguration" in policy:
        step = policy["StepScalingPolicyConfiguration"]
        return adjusted(step, before, value - threshold)
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    direct = policy["ServiceNamespace"] == "ecs"  # others' thresholds grow with the capacity
    return tracked(tracking, before, value, tracking["TargetValue"] if direct else threshold)


# -- resources -------------------------------------------------------------------------------------


def _service(resource: str) -> tuple[str, str]:
    """``service/cluster/name``."""
    _, cluster, name = resource.split("/", 2)
    return cluster, name


def _tasks(ask: Ask, resource: str, _: str) -> int:
    cluster, name = _service(resource)
    found = ask("ecs", "DescribeServices", {"cluster": cluster, "services": [name]})["services"]
    if not found:
        raise Refused(f"there is no service {name}", code="ServiceNotFoundException")
    return int(found[0]["desiredCount"])


def _set_tasks(ask: Ask, resource: str, _: str, capacity: int) -> object:
    cluster, name = _service(resource)
    return ask(
        "ecs", "UpdateService", {"cluster": cluster, "service": name, "desiredCount": capacity}
    )


def _throughput(ask: Ask, resource: str) -> dict[str, int]:
    table = ask("dynamodb", "DescribeTable", {"TableName": resource.removeprefix("table/")})
    found = table["Table"]["ProvisionedThroughput"]
    return {name: int(found[name]) for name in ("ReadCapacityUnits", "WriteCapacityUnits")}


def _units(ask: Ask, resource: str, dimension: str) -> int:
    return _throughput(ask, resource)[dimension.rpartition(":")[2]]


def _set_units(ask: Ask, resource: str, dimension: str, capacity: int) -> object:
    throughput = _throughput(ask, resource) | {dimension.rpartition(":")[2]: capacity}
    table = {"TableName": resource.removeprefix("table/"), "ProvisionedThroughput": throughput}
    return ask("dynamodb", "UpdateTable", table)


_KINDS = {
    "ecs:service:DesiredCount": _Kind(_tasks, _set_tasks),
    "dynamodb:table:ReadCapacityUnits": _Kind(_units, _set_units),
    "dynamodb:table:WriteCapacityUnits": _Kind(_units, _set_units),
}
"""By the scalable dimension."""
