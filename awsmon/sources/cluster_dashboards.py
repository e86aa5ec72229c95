"""The automatic dashboards of Container Insights, as bodies for PutDashboard.

Lives here: `ecs_dashboard` and `eks_dashboard`. AWS doesn't document how its own are
made; these show what the guide says they do: cpu, memory, network and counts of a cluster and of
its services or nodes. Source: User Guide, "Viewing Container Insights metrics".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.sources import ecs_performance, eks_performance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.sources.ecs_cluster import EcsCluster
    from awsmon.sources.eks_cluster import EksCluster

    Rows = list[list[Any]]

__all__ = ["ecs_dashboard", "eks_dashboard"]

_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3


def _body(region: str, charts: Sequence[tuple[str, Rows]]) -> dict[str, Any]:
    """Charts side by side, each with its title and rows of metrics."""
    return {
        "widgets": [
            {
                "type": "metric",
                "x": place % _COLUMNS * _WIDTH,
                "y": place // _COLUMNS * _HEIGHT,
                "width": _WIDTH,
                "height": _HEIGHT,
                "properties": {
                    "title": title, "metrics": rows, "region": region, "view": "timeSeries",
                    "stat": "Average", "period": 60,
                },
            }
            for place, (title, rows) in enumerate(charts)
        ]
    }  # fmt: skip


def ecs_dashboard(cluster: EcsCluster) -> dict[str, Any]:
    """Of a cluster and its services."""
    places = [("", ["ClusterName", cluster.name])]
    for workload in cluster.workloads.values():
        if workload.service is not None:
            of = ["ClusterName", cluster.name, "ServiceName", workload.service]
            places.append((f"{workload.service}: ", of))
    charts: list[tuple[str, Rows]] = []
    for before, dimensions in places:
        charts += [(f"{before}{title}", rows) for title, rows in _of(dimensions)]
    names = ("TaskCount", "ServiceCount", "ContainerInstanceCount")
    counts = [[ecs_performance.NAMESPACE, name, *places[0][1]] for name in names]
    return _body(cluster.home.scope.region, [*charts, ("Counts", counts)])


def eks_dashboard(cluster: EksCluster) -> dict[str, Any]:
    """Of a cluster, its nodes and its workloads."""
    space, whole = eks_performance.NAMESPACE, ["ClusterName", cluster.name]
    nodes = [
        ["ClusterName", cluster.name, "InstanceId", node.instance, "NodeName", node.name]
        for node in cluster.nodes
    ]
    pods = [
        ["ClusterName", cluster.name, "Namespace", namespace, "PodName", name]
        for namespace, name in cluster.deployments
    ]

    def rows(name: str, places: list[list[str]]) -> Rows:
        return [[space, name, *place] for place in places]

    charts = [
        ("Node CPU utilization", rows("node_cpu_utilization", nodes)),
        ("Node memory utilization", rows("node_memory_utilization", nodes)),
        ("Node filesystem utilization", rows("node_filesystem_utilization", nodes)),
        ("Pod CPU utilization", rows("pod_cpu_utilization", pods)),
        ("Pod memory utilization", rows("pod_memory_utilization", pods)),
        ("Pod restarts", rows("pod_number_of_container_restarts", pods)),
        ("Nodes", [row for name in eks_performance.CLUSTER for row in rows(name, [whole])]),
    ]
    return _body(cluster.home.scope.region, charts)


def _of(dimensions: list[str]) -> list[tuple[str, Rows]]:
    network = [[ecs_performance.NAMESPACE, name, *dimensions]
               for name in ("NetworkRxBytes", "NetworkTxBytes")]  # fmt: skip
    return [
        ("CPU utilization", _utilization("Cpu", dimensions)),
        ("Memory utilization", _utilization("Memory", dimensions)),
        ("Network", network),
    ]


def _utilization(of: str, dimensions: list[str]) -> Rows:
    """What is used of what is reserved, in percent."""
    used, reserved = (
        [ecs_performance.NAMESPACE, f"{of}{name}", *dimensions,
         {"id": id_, "stat": "Sum", "visible": False}]
        for id_, name in (("used", "Utilized"), ("reserved", "Reserved"))
    )  # fmt: skip
    share = {"expression": "used / reserved * 100", "label": f"{of} utilization", "id": "share"}
    return [[share], used, reserved]
