"""Which metrics a name in a component configuration means.

Lives here: `targets`. A service's own metric is known by the resource's dimensions; an agent's is
looked for among those that it has sent, since nobody else knows their dimensions.
Source: User Guide, "Logs and metrics supported by Amazon CloudWatch Application Insights".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.application_insights.resource_kinds import kind_of
from awsmon.core.arns import Arn
from awsmon.core.neighbours import MetricKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.application_insights.resource_kinds import Kind
    from awsmon.core.neighbours import MetricReader

__all__ = ["alarm_name", "targets"]

AGENTS = ("CWAgent", "ContainerInsights", "ContainerInsights/Prometheus", "ECS/ContainerInsights",
          "ECS/ContainerInsights/Prometheus", "CWAgent/Prometheus")  # fmt: skip
_CONTAINERS = frozenset((
    "CpuUtilized", "CpuReserved", "MemoryUtilized", "MemoryReserved", "NetworkRxBytes",
    "NetworkTxBytes", "RunningTaskCount", "DesiredTaskCount", "PendingTaskCount",
    "StorageReadBytes", "StorageWriteBytes", "TaskCount", "ServiceCount",
    "ContainerInstanceCount",
))  # fmt: skip
_DESCRIBING = ("ImageId", "InstanceType", "AutoScalingGroupName")


def targets(
    arn: str, name: str, metrics: MetricReader, process: str | None = None
) -> list[MetricKey]:
    """The metrics of a resource of that name; none: the agent has sent none yet.

    Args:
        arn: of the resource.
        name: as a configuration has it.
        metrics: that there are.
        process: whose they are, where they are those of a process.
    """
    kind, parts = kind_of(arn), Arn.parse(arn)
    if kind is None:
        return []
    dimensions = kind.dimensions(parts)
    namespace = None if process else _namespace(kind, name)
    if namespace is not None:
        return [MetricKey.of(namespace, name, dimensions)]
    named = next(iter(dimensions.items()))
    wanted = _plain(name)
    return [key for key in _sent(metrics) if named in key.dimensions and wanted in _names(key)
            and (process is None or _of_process(key, process))]  # fmt: skip


def _namespace(kind: Kind, name: str) -> str | None:
    """Where a service puts a metric of its own; None: it is an agent's."""
    if kind.service == "ecs" and name in _CONTAINERS:
        return "ECS/ContainerInsights"
    if kind.service == "autoscaling":
        return kind.namespace if name.startswith("Group") else "AWS/EC2"
    if kind.service == "eks":
        return kind.namespace
    own = " " not in name and (name[:1].isupper() or name[:1].isdigit())
    return kind.namespace if own else None


def _sent(metrics: MetricReader) -> Iterator[MetricKey]:
    for namespace in AGENTS:
        yield from metrics.of_namespace(namespace)


def _plain(name: str) -> str:
    return name.lower().replace(" ", "_")


def _names(key: MetricKey) -> tuple[str, str]:
    """Of a performance counter with and without its object: agents send the one or the other."""
    counter = dict(key.dimensions).get("objectname", "")
    return _plain(key.name), _plain(f"{counter} {key.name}")


def _of_process(key: MetricKey, process: str) -> bool:
    return any(process in value for _, value in key.dimensions)


def alarm_name(group: str, arn: str, key: MetricKey) -> str:
    """``ApplicationInsights/group/AWS/EC2/CPUUtilization/i-1/``, as public dashboards show it.

    Where an agent has several metrics of that name, other dimensions follow.
    """
    kind, dimensions = kind_of(arn), dict(key.dimensions)
    assert kind is not None
    first = next(iter(kind.dimensions(Arn.parse(arn))))
    parts = [dimensions.pop(first)]
    if key.namespace in AGENTS:
        parts += [value for name, value in sorted(dimensions.items()) if name not in _DESCRIBING]
    return "/".join(["ApplicationInsights", group, key.namespace, key.name, *parts, ""])
