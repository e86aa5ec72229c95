"""What the agent tells of a cluster of Amazon ECS: performance log events.

Lives here: `events`. Sources: User Guide, "Amazon ECS Container Insights metrics", "Amazon ECS
Container Insights with enhanced observability metrics" (names, units, sets of dimensions),
"Container Insights performance log events for Amazon ECS" (fields). The names of log streams aren't
documented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.sources.performance import Metrics, percent, performance_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.sources.ecs_cluster import EcsCluster, Instance, Load, Task, Workload

    Told = Iterator[tuple[str, dict[str, Any]]]

__all__ = ["NAMESPACE", "events"]

NAMESPACE = "ECS/ContainerInsights"
C, S, F, T, N = "ClusterName", "ServiceName", "TaskDefinitionFamily", "TaskId", "ContainerName"
BY_WORKLOAD = ((C,), (C, F), (S, C))
BY_TASK = ((C, S, T), (C, F, T))
BY_CONTAINER = ((C,), (N, T, S, C), (N, F, C, T), (F, C, N), (S, C, N))
BY_INSTANCE = ((C,), ("InstanceId", "ContainerInstanceId", C))

_RATE, _COUNT = "Bytes/Second", "Count"
USED = {
    "CpuUtilized": "None", "CpuReserved": "None", "MemoryUtilized": "Megabytes",
    "MemoryReserved": "Megabytes", "NetworkRxBytes": _RATE, "NetworkTxBytes": _RATE,
    "StorageReadBytes": _RATE, "StorageWriteBytes": _RATE,
    "EphemeralStorageReserved": "Gigabytes", "EphemeralStorageUtilized": "Gigabytes",
}  # fmt: skip
ENHANCED = USED | {
    "StorageReadBytes": "Bytes", "StorageWriteBytes": "Bytes", "TaskCpuUtilization": "Percent",
    "TaskMemoryUtilization": "Percent", "TaskEphemeralStorageUtilization": "Percent",
}  # fmt: skip
CONTAINER = {
    "ContainerCpuUtilized": "None", "ContainerCpuReserved": "None",
    "ContainerMemoryUtilized": "Megabytes", "ContainerMemoryReserved": "Megabytes",
    "ContainerMemoryUtilization": "Percent", "ContainerStorageReadBytes": "Bytes",
    "ContainerStorageWriteBytes": "Bytes",
}  # fmt: skip
CONTAINER_BY_TASK = {
    "ContainerCpuUtilization": "Percent", "ContainerNetworkRxBytes": _RATE,
    "ContainerNetworkTxBytes": _RATE,
}  # fmt: skip
RESTARTS = {"RestartCount": "Count"}
HEALTH = {"UnHealthyContainerHealthStatus": "Count"}
SERVICE = dict.fromkeys(
    ("DesiredTaskCount", "RunningTaskCount", "PendingTaskCount", "DeploymentCount",
     "TaskSetCount"), _COUNT)  # fmt: skip
CLUSTER = dict.fromkeys(("TaskCount", "ContainerInstanceCount", "ServiceCount"), _COUNT)
LIMITS = {
    "instance_cpu_limit": "None", "instance_cpu_usage_total": "None",
    "instance_memory_limit": "Bytes", "instance_memory_working_set": "Bytes",
}  # fmt: skip
INSTANCE = {
    "instance_cpu_utilization": "Percent", "instance_cpu_reserved_capacity": "Percent",
    "instance_memory_utilization": "Percent", "instance_memory_reserved_capacity": "Percent",
    "instance_network_total_bytes": _RATE, "instance_number_of_running_tasks": _COUNT,
    "instance_filesystem_utilization": "Percent",
}  # fmt: skip
_MEGABYTE = 1024 * 1024


def events(cluster: EcsCluster, milliseconds: int) -> Told:
    """Each with its log stream: containers and tasks, services, instances, the cluster."""
    place = {C: cluster.name, "Timestamp": milliseconds}
    for workload in cluster.workloads.values():
        for task in workload.tasks:
            stream = "FargateTelemetry-1" if task.instance is None else (
                f"AgentTelemetry-{task.instance.container_instance}")  # fmt: skip
            yield from ((stream, each) for each in _task(cluster, workload, task, place))
        if workload.service is not None:
            yield "ServiceTelemetry-1", _service(workload, place)
    for instance in cluster.instances:
        yield f"NodeTelemetry-{instance.container_instance}", _instance(cluster, instance, place)
    yield "ClusterTelemetry-1", _cluster(cluster, place)


def _task(
    cluster: EcsCluster, workload: Workload, task: Task, place: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """A task's containers, then itself."""
    about: dict[str, Any] = {
        T: task.id, F: workload.family, "TaskDefinitionRevision": "1", S: workload.service, **place,
        "LaunchType": workload.launch_type,
    }  # fmt: skip
    if task.instance is not None:
        about |= {"ContainerInstanceId": task.instance.container_instance,
                  "EC2InstanceId": task.instance.id}  # fmt: skip
    share = 1 / len(workload.containers)
    for name in workload.containers:
        restarts = task.restarts[name] if workload.restart_policy else None
        yield _container(cluster, workload, name, about | {"RestartCount": restarts}, share)
    scope, started = cluster.home.scope, task.started
    used = _used(workload, 1.0, enhanced=cluster.enhanced)
    yield performance_event(
        "Task", NAMESPACE,
        about | {
            "AccountID": scope.account, "Region": scope.region,
            "AvailabilityZone": f"{scope.region}a", "KnownStatus": "RUNNING",
            "PullStartedAt": started, "PullStoppedAt": started, "CreatedAt": started,
            "StartedAt": started, **used,
        },
        Metrics(ENHANCED, (*BY_WORKLOAD, *BY_TASK)) if cluster.enhanced
        else Metrics(USED, BY_WORKLOAD),
    )  # fmt: skip


def _used(workload: Workload, share: float, *, enhanced: bool) -> dict[str, float | None]:
    """What a task uses, or a part of it."""
    load, network = workload.load, workload.network_mode in ("awsvpc", "bridge")
    fargate = workload.launch_type == "FARGATE"
    seconds = 60 if enhanced else 1  # bytes of the minute, where they aren't bytes a second
    found: dict[str, float | None] = {
        "CpuUtilized": load.cpu * share,
        "CpuReserved": _part(workload.cpu, share),
        "MemoryUtilized": load.memory_mb * share,
        "MemoryReserved": _part(workload.memory_mb, share),
        "StorageReadBytes": load.storage_read * share * seconds,
        "StorageWriteBytes": load.storage_write * share * seconds,
        "NetworkRxBytes": load.network_rx * share if network else None,
        "NetworkTxBytes": load.network_tx * share if network else None,
        "EphemeralStorageReserved": workload.ephemeral_storage_gb if fargate else None,
        "EphemeralStorageUtilized": load.ephemeral_storage_gb if fargate else None,
    }
    if enhanced:
        found |= {
            "TaskCpuUtilization": percent(load.cpu, workload.cpu),
            "TaskMemoryUtilization": percent(load.memory_mb, workload.memory_mb),
            "TaskEphemeralStorageUtilization": percent(
                found["EphemeralStorageUtilized"], found["EphemeralStorageReserved"]),
        }  # fmt: skip
    return found


def _part(whole: float | None, share: float) -> float | None:
    return None if whole is None else whole * share


def _container(
    cluster: EcsCluster, workload: Workload, name: str, about: dict[str, Any], share: float
) -> dict[str, Any]:
    """In the standard mode a log event only, but for the restarts of containers with a policy."""
    used = _used(workload, share, enhanced=cluster.enhanced)
    fields = about | {N: name, "Image": name, "ContainerKnownStatus": "RUNNING"}
    plain = {each: used[each] for each in USED if not each.startswith("Ephemeral")}
    if not cluster.enhanced:
        restarts = [Metrics(RESTARTS, BY_WORKLOAD)] if workload.restart_policy else []
        return performance_event("Container", NAMESPACE, fields | plain, *restarts)
    told = {f"Container{each}": value for each, value in plain.items()}
    told["ContainerCpuUtilization"] = percent(used["CpuUtilized"], used["CpuReserved"])
    told["ContainerMemoryUtilization"] = percent(used["MemoryUtilized"], used["MemoryReserved"])
    if workload.health_check:
        told["UnHealthyContainerHealthStatus"] = int(name in workload.unhealthy)
    return performance_event(
        "Container", NAMESPACE, fields | told,
        Metrics(CONTAINER | RESTARTS | HEALTH, BY_CONTAINER),
        Metrics(CONTAINER_BY_TASK, (*BY_WORKLOAD, *BY_TASK)),
    )  # fmt: skip


def _service(workload: Workload, place: dict[str, Any]) -> dict[str, Any]:
    counts = {
        "DesiredTaskCount": workload.desired, "RunningTaskCount": len(workload.tasks),
        "PendingTaskCount": workload.pending, "DeploymentCount": 1, "TaskSetCount": 0,
    }  # fmt: skip
    fields = {S: workload.service, **place, **counts}
    return performance_event("Service", NAMESPACE, fields, Metrics(SERVICE, ((S, C),)))


def _cluster(cluster: EcsCluster, place: dict[str, Any]) -> dict[str, Any]:
    tasks = [task for workload in cluster.workloads.values() for task in workload.tasks]
    used = {task.instance.id for task in tasks if task.instance is not None}
    counts = {
        "TaskCount": len(tasks), "ContainerInstanceCount": len(used),
        "ServiceCount": sum(each.service is not None for each in cluster.workloads.values()),
    }  # fmt: skip
    return performance_event("Cluster", NAMESPACE, place | counts, Metrics(CLUSTER, ((C,),)))


def _instance(cluster: EcsCluster, instance: Instance, place: dict[str, Any]) -> dict[str, Any]:
    """Of the agent that runs as a daemon on an instance."""
    running = [
        workload
        for workload in cluster.workloads.values()
        for task in workload.tasks
        if task.instance is instance
    ]
    loads: list[Load] = [workload.load for workload in running]
    cpu, memory = sum(load.cpu for load in loads), sum(load.memory_mb for load in loads)
    fields = {
        "InstanceId": instance.id, "ContainerInstanceId": instance.container_instance, **place,
        "instance_cpu_limit": instance.cpu, "instance_cpu_usage_total": cpu,
        "instance_cpu_utilization": percent(cpu, instance.cpu),
        "instance_cpu_reserved_capacity": percent(
            sum(each.cpu or 0 for each in running), instance.cpu),
        "instance_memory_limit": instance.memory_mb * _MEGABYTE,
        "instance_memory_working_set": memory * _MEGABYTE,
        "instance_memory_utilization": percent(memory, instance.memory_mb),
        "instance_memory_reserved_capacity": percent(
            sum(each.memory_mb or 0 for each in running), instance.memory_mb),
        "instance_network_total_bytes": sum(each.network_rx + each.network_tx for each in loads),
        "instance_number_of_running_tasks": len(running),
        "instance_filesystem_utilization": instance.filesystem,
    }  # fmt: skip
    return performance_event(
        "Instance", NAMESPACE, fields, Metrics(LIMITS, ((C,),)), Metrics(INSTANCE, BY_INSTANCE)
    )
