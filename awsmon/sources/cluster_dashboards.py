"""The automatic dashboards of Container Insights, as bodies for PutDashboard.

Lives here: `ecs_dashboard`, `eks_dashboard` and `dashboard`. AWS doesn't document how its own are
made; these show what the guide says they do: cpu, memory, network and counts of a cluster and of
its services or nodes. Source: User Guide, "Viewing Container Insights metrics".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.sources import ecs_performance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.sources.ecs_cluster import EcsCluster

    Rows = list[list[Any]]

__all__ = ["dashboard", "ecs_dashboard"]

_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3


def dashboard(region: str, charts: Sequence[tuple[str, Rows]], stat: str = "Average") -> Any:
    """The body of a dashboard of charts, each with its title and rows of metrics."""
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
                    "stat": stat, "period": 60,
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
    found: dict[str, Any] = dashboard(cluster.home.scope.region, [*charts, ("Counts", counts)])
    return found


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
