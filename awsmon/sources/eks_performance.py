"""What the agents tell of a Kubernetes cluster: performance log events.

Lives here: `events`. Each node's agent tells of the node and its pods, in a log stream of the
node's name; the first one's tells of the cluster, too. Sources: User Guide, "Amazon EKS and
Kubernetes Container Insights metrics", "... with enhanced observability metrics", "Relevant fields
in performance log events for Amazon EKS and Kubernetes".
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from awsmon.sources.performance import Metrics, percent, performance_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.sources.eks_cluster import Deployment, EksCluster, Node, Pod

    Placed = list[tuple[Deployment, Pod]]

__all__ = ["NAMESPACE", "events"]

NAMESPACE = "ContainerInsights"
C, N, S, P = "ClusterName", "Namespace", "Service", "PodName"
BY_NODE = (("NodeName", "InstanceId", C), (C,))
BY_POD = ((P, N, C), (N, C), (S, N, C), (C,))
BY_FULL_POD = ((C, N, P, "FullPodName"),)
BY_CONTAINER = ((C,), (P, N, C, "ContainerName"), (P, N, C, "ContainerName", "FullPodName"))

_RATE = "Bytes/Second"
LIMITS = {"node_cpu_limit": "None", "node_cpu_usage_total": "None", "node_memory_limit": "Bytes",
          "node_memory_working_set": "Bytes"}  # fmt: skip
NODE = {
    "node_cpu_utilization": "Percent", "node_cpu_reserved_capacity": "Percent",
    "node_memory_utilization": "Percent", "node_memory_reserved_capacity": "Percent",
    "node_network_total_bytes": _RATE, "node_number_of_running_pods": "Count",
    "node_number_of_running_containers": "Count",
}  # fmt: skip
POD = {
    "pod_cpu_utilization": "Percent", "pod_cpu_utilization_over_pod_limit": "Percent",
    "pod_memory_utilization": "Percent", "pod_memory_utilization_over_pod_limit": "Percent",
    "pod_network_rx_bytes": _RATE, "pod_network_tx_bytes": _RATE,
}  # fmt: skip
RESERVED = {"pod_cpu_reserved_capacity": "Percent", "pod_memory_reserved_capacity": "Percent"}
RESTARTS = {"pod_number_of_container_restarts": "Count"}
RUNNING = {"pod_status_running": "Count", "pod_number_of_running_containers": "Count"}
CONTAINER = {
    "container_cpu_utilization": "Percent",
    "container_cpu_utilization_over_container_limit": "Percent",
    "container_memory_utilization": "Percent",
    "container_memory_utilization_over_container_limit": "Percent",
}  # fmt: skip
CLUSTER = {"cluster_node_count": "Count", "cluster_failed_node_count": "Count"}
READY = {"node_status_condition_ready": "Count"}


def events(cluster: EksCluster, milliseconds: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each with its log stream; a node that has failed tells nothing."""
    place = {C: cluster.name, "Timestamp": str(milliseconds)}
    alive = [node for node in cluster.nodes if not node.failed]
    placed = [
        (deployment, pod)
        for deployment in cluster.deployments.values()
        for pod in deployment.pods
        if not pod.node.failed
    ]
    for node in alive:
        here = [each for each in placed if each[1].node is node]
        told = _node(cluster, node, here, place)
        for deployment, pod in here:
            told += _pod(cluster, deployment, pod, place)
        yield from ((node.name, each) for each in told)
    if alive:
        yield from ((alive[0].name, each) for each in _cluster(cluster, placed, place))


def _node(
    cluster: EksCluster, node: Node, placed: Placed, place: dict[str, Any]
) -> list[dict[str, Any]]:
    """A node, and its file system."""
    about = {
        "NodeName": node.name, "InstanceId": node.instance, "InstanceType": node.kind, **place,
        "Sources": ["cadvisor", "/proc", "pod", "calculated"], "kubernetes": {"host": node.name},
    }  # fmt: skip
    pods = [deployment for deployment, _ in placed]
    cpu = (node.system.cpu or 0) + sum(each.used.cpu or 0 for each in pods)
    memory = (node.system.memory or 0) + sum(each.used.memory or 0 for each in pods)
    cpu_request = sum(each.request.cpu or 0 for each in pods)
    memory_request = sum(each.request.memory or 0 for each in pods)
    fields = {
        "node_cpu_limit": node.limit.cpu, "node_cpu_usage_total": cpu,
        "node_cpu_request": cpu_request, "node_cpu_utilization": percent(cpu, node.limit.cpu),
        "node_cpu_reserved_capacity": percent(cpu_request, node.limit.cpu),
        "node_memory_limit": node.limit.memory, "node_memory_working_set": memory,
        "node_memory_request": memory_request,
        "node_memory_utilization": percent(memory, node.limit.memory),
        "node_memory_reserved_capacity": percent(memory_request, node.limit.memory),
        "node_network_total_bytes": sum(each.network_rx + each.network_tx for each in pods),
        "node_number_of_running_pods": len(pods),
        "node_number_of_running_containers": sum(len(each.containers) for each in pods),
        "node_status_condition_ready": 1,
    }  # fmt: skip
    metrics = [Metrics(NODE, BY_NODE), Metrics(LIMITS, ((C,),))]
    if cluster.enhanced:
        metrics += [Metrics(LIMITS, BY_NODE[:1]), Metrics(READY, BY_NODE)]
    filesystem = {"device": "/dev/nvme0n1p1", "fstype": "ext4",
                  "node_filesystem_utilization": node.filesystem}  # fmt: skip
    return [
        performance_event("Node", NAMESPACE, about | fields, *metrics),
        performance_event("NodeFS", NAMESPACE, about | filesystem,
                          Metrics({"node_filesystem_utilization": "Percent"}, BY_NODE)),
    ]  # fmt: skip


def _pod(
    cluster: EksCluster, deployment: Deployment, pod: Pod, place: dict[str, Any]
) -> list[dict[str, Any]]:
    """A pod, and its containers."""
    about = {
        P: deployment.name, N: deployment.namespace, S: deployment.service,
        "NodeName": pod.node.name, "InstanceId": pod.node.instance, **place,
        "FullPodName": pod.full_name if cluster.enhanced else None,
        "kubernetes": {"host": pod.node.name, "pod_name": pod.full_name,
                       "namespace_name": deployment.namespace},
    }  # fmt: skip
    used, limit, has = deployment.used, deployment.limit, pod.node.limit
    fields = {
        "pod_status": "Running", "pod_number_of_containers": len(deployment.containers),
        "pod_number_of_running_containers": len(deployment.containers), "pod_status_running": 1,
        "pod_cpu_usage_total": used.cpu, "pod_cpu_utilization": percent(used.cpu, has.cpu),
        "pod_cpu_utilization_over_pod_limit": percent(used.cpu, limit.cpu),
        "pod_cpu_reserved_capacity": percent(deployment.request.cpu or 0, has.cpu),
        "pod_memory_working_set": used.memory,
        "pod_memory_utilization": percent(used.memory, has.memory),
        "pod_memory_utilization_over_pod_limit": percent(used.memory, limit.memory),
        "pod_memory_reserved_capacity": percent(deployment.request.memory or 0, has.memory),
        "pod_network_rx_bytes": deployment.network_rx,
        "pod_network_tx_bytes": deployment.network_tx,
        "pod_number_of_container_restarts": pod.restarts,
    }  # fmt: skip
    metrics = [Metrics(POD, BY_POD), Metrics(RESERVED, (BY_POD[0], (C,))),
               Metrics(RESTARTS, BY_POD[:1])]  # fmt: skip
    if cluster.enhanced:
        metrics += [Metrics(POD | RESERVED | RESTARTS, BY_FULL_POD),
                    Metrics(RUNNING, (*BY_POD, *BY_FULL_POD))]  # fmt: skip
    return [
        performance_event("Pod", NAMESPACE, about | fields, *metrics),
        *(_container(cluster, deployment, pod, about | {"ContainerName": name})
          for name in deployment.containers),
    ]  # fmt: skip


def _container(
    cluster: EksCluster, deployment: Deployment, pod: Pod, about: dict[str, Any]
) -> dict[str, Any]:
    """In the standard mode a log event only."""
    used, limit, count = deployment.used, deployment.limit, len(deployment.containers)
    cpu, memory = (used.cpu or 0) / count, (used.memory or 0) / count
    fields = about | {
        "container_cpu_usage_total": cpu, "container_memory_working_set": memory,
        "container_cpu_utilization": percent(cpu, pod.node.limit.cpu),
        "container_cpu_utilization_over_container_limit": percent(used.cpu, limit.cpu),
        "container_memory_utilization": percent(memory, pod.node.limit.memory),
        "container_memory_utilization_over_container_limit": percent(used.memory, limit.memory),
        "container_status": "Running",
    }  # fmt: skip
    metrics = [Metrics(CONTAINER, BY_CONTAINER)] if cluster.enhanced else []
    return performance_event("Container", NAMESPACE, fields, *metrics)


def _cluster(
    cluster: EksCluster, placed: Placed, place: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """The cluster, its namespaces and services."""
    counts = {
        "cluster_node_count": len(cluster.nodes),
        "cluster_failed_node_count": sum(node.failed for node in cluster.nodes),
    }
    yield performance_event("Cluster", NAMESPACE, place | counts, Metrics(CLUSTER, ((C,),)))
    namespaces = Counter(deployment.namespace for deployment, _ in placed)
    services = Counter((each.namespace, each.service) for each, _ in placed if each.service)
    for namespace, pods in namespaces.items():
        yield _running("ClusterNamespace", "namespace", {N: namespace, **place}, pods, (N, C))
    for (namespace, service), pods in services.items():
        about = {S: service, N: namespace, **place}
        yield _running("ClusterService", "service", about, pods, (S, N, C))


def _running(
    kind: str, of: str, about: dict[str, Any], pods: int, by: tuple[str, ...]
) -> dict[str, Any]:
    name = f"{of}_number_of_running_pods"
    metrics = Metrics({name: "Count"}, (by, (C,)))
    return performance_event(kind, NAMESPACE, about | {name: pods}, metrics)
