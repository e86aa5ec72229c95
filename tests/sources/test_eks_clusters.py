"""Container Insights of Kubernetes: performance events, metrics, the automatic dashboard."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import boto3
import pytest

from awsmon import MisuseError
from tests.sources.conftest import dimension_sets, events, streams

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
GROUP = "/aws/containerinsights/prod/performance"
NAMESPACE = "ContainerInsights"
GIB = 2**30


@pytest.fixture
def prod(monitoring):
    """Two nodes; three pods of a service on them, and one of a job without limits."""
    cluster = monitoring.sources.eks_cluster("prod")
    for _ in range(2):
        cluster.node(cpu=4000, memory=8 * GIB, system_cpu=100, system_memory=GIB, filesystem=30)
    cluster.deploy(
        "web", pods=3, namespace="shop", service="front", containers=("app", "proxy"),
        cpu_request=500, cpu_limit=1000, memory_request=GIB, memory_limit=2 * GIB,
    )  # fmt: skip
    cluster.deploy("job")
    cluster.load("web", namespace="shop", cpu=400, memory=GIB, network_rx=10, network_tx=20)
    cluster.load("job", cpu=200, memory=GIB / 2)
    return cluster


def value(mon, name, stat="Average", **dimensions):
    """Of the minute that begins at 12:01."""
    start = NOON + timedelta(minutes=1)
    found = mon.metrics.get(NAMESPACE, name, stat, start=start, end=start + timedelta(minutes=1),
                            dimensions={"ClusterName": "prod", **dimensions})  # fmt: skip
    return found[0][1] if found else None


# User Guide, "Amazon EKS and Kubernetes Container Insights metrics".
CLUSTER = {"ClusterName"}
NODE = {"NodeName", "InstanceId", "ClusterName"}
POD = {"PodName", "Namespace", "ClusterName"}
IN_NAMESPACE = {"Namespace", "ClusterName"}
IN_SERVICE = {"Service", "Namespace", "ClusterName"}
STANDARD = {
    **dict.fromkeys(("cluster_node_count", "cluster_failed_node_count", "node_cpu_limit",
                     "node_cpu_usage_total", "node_memory_limit", "node_memory_working_set"),
                    (CLUSTER,)),
    "namespace_number_of_running_pods": (IN_NAMESPACE, CLUSTER),
    "service_number_of_running_pods": (IN_SERVICE, CLUSTER),
    **dict.fromkeys(("node_cpu_utilization", "node_cpu_reserved_capacity",
                     "node_memory_utilization", "node_memory_reserved_capacity",
                     "node_filesystem_utilization", "node_network_total_bytes",
                     "node_number_of_running_pods", "node_number_of_running_containers"),
                    (NODE, CLUSTER)),
    **dict.fromkeys(("pod_cpu_utilization", "pod_cpu_utilization_over_pod_limit",
                     "pod_memory_utilization", "pod_memory_utilization_over_pod_limit",
                     "pod_network_rx_bytes", "pod_network_tx_bytes"),
                    (POD, IN_NAMESPACE, IN_SERVICE, CLUSTER)),
    **dict.fromkeys(("pod_cpu_reserved_capacity", "pod_memory_reserved_capacity"), (POD, CLUSTER)),
    "pod_number_of_container_restarts": (POD,),
}  # fmt: skip


def test_metrics_and_their_dimensions_are_those_of_the_guide(monitoring, prod):
    monitoring.clock.advance(minutes=1)
    assert dimension_sets(NAMESPACE) == {
        name: set(map(frozenset, each)) for name, each in STANDARD.items()
    }


def test_values_follow_the_guides_definitions(monitoring, prod):
    # given pods: web on the first, the second, the first node; job on the first
    monitoring.clock.advance(minutes=1)
    first = prod.nodes[0]
    node = {"NodeName": first.name, "InstanceId": first.instance}
    pod = {"PodName": "web", "Namespace": "shop"}
    # then, calculated by hand:
    assert value(monitoring, "node_cpu_utilization", **node) == (100 + 400 + 400 + 200) / 4000 * 100
    assert value(monitoring, "node_cpu_reserved_capacity", **node) == 25  # 1000 of 4000
    assert value(monitoring, "node_memory_utilization", **node) == 3.5 / 8 * 100
    assert value(monitoring, "node_number_of_running_pods", **node) == 3
    assert value(monitoring, "node_number_of_running_containers", **node) == 5
    assert value(monitoring, "node_network_total_bytes", **node) == 60
    assert value(monitoring, "node_filesystem_utilization") == 30
    assert value(monitoring, "node_cpu_limit", "Sum") == 8000
    assert value(monitoring, "pod_cpu_utilization", **pod) == 10  # 400 of 4000
    assert value(monitoring, "pod_cpu_utilization_over_pod_limit", **pod) == 40
    assert value(monitoring, "pod_memory_utilization_over_pod_limit", **pod) == 50
    assert value(monitoring, "pod_cpu_reserved_capacity", **pod) == 12.5
    assert value(monitoring, "pod_network_tx_bytes", Service="front", Namespace="shop") == 20
    assert value(monitoring, "namespace_number_of_running_pods", Namespace="shop") == 3
    assert value(monitoring, "service_number_of_running_pods", Service="front",
                 Namespace="shop") == 3  # fmt: skip
    # and a pod without limits has no share of them
    job = {"PodName": "job", "Namespace": "default"}
    assert value(monitoring, "pod_cpu_utilization", **job) == 5
    assert value(monitoring, "pod_cpu_utilization_over_pod_limit", **job) is None


def test_events_are_as_the_agent_writes_them_in_streams_of_their_nodes(monitoring, prod):
    monitoring.clock.advance(minutes=1)
    assert sorted(streams(GROUP)) == sorted(node.name for node in prod.nodes)
    found = [json.loads(message) for _, message in events(GROUP)]
    kinds = {each["Type"] for each in found}
    assert kinds == {"Node", "NodeFS", "Pod", "Container", "Cluster", "ClusterNamespace",
                     "ClusterService"}  # fmt: skip
    node = next(each for each in found if each["Type"] == "Node")
    assert (node["Version"], node["Timestamp"], node["Sources"]) == (
        "0", "1772452860000", ["cadvisor", "/proc", "pod", "calculated"],
    )  # fmt: skip
    [row] = monitoring.logs.query(GROUP, "filter Type = 'Pod' | stats count(*) as pods")
    assert row["pods"] == "4"


def test_a_node_that_fails_is_silent_and_counted(monitoring, prod, cloudwatch):
    # given an alarm on failed nodes
    cloudwatch.put_metric_alarm(
        AlarmName="nodes", Namespace=NAMESPACE, MetricName="cluster_failed_node_count",
        Dimensions=[{"Name": "ClusterName", "Value": "prod"}], Statistic="Maximum", Period=60,
        EvaluationPeriods=1, Threshold=0, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    prod.fail(prod.nodes[0].name)
    monitoring.clock.advance(minutes=2)
    # then the other one tells
    assert monitoring.alarms["nodes"].state == "ALARM"
    assert streams(GROUP) == [prod.nodes[1].name]
    assert value(monitoring, "namespace_number_of_running_pods", Namespace="shop") == 1
    # and when it is back, all is well
    prod.fail(prod.nodes[0].name, failed=False)
    monitoring.clock.advance(minutes=2)
    assert monitoring.alarms["nodes"].state == "OK"


def test_enhanced_observability_has_containers_and_single_pods(monitoring, prod):
    # given the add-on, a pod less, and restarts
    prod.configure(insights="enhanced")
    prod.scale("web", 1, namespace="shop")
    prod.restart("web", namespace="shop")
    monitoring.clock.advance(minutes=1)
    [pod] = prod.deployments["shop", "web"].pods
    # then
    where = {"PodName": "web", "Namespace": "shop"}
    full = {**where, "FullPodName": pod.full_name}
    container = {**full, "ContainerName": "app"}
    assert value(monitoring, "container_cpu_utilization", **container) == 5  # 200 of 4000
    assert value(monitoring, "container_cpu_utilization_over_container_limit", **container) == 40
    assert value(monitoring, "pod_number_of_container_restarts", **full) == 1
    assert value(monitoring, "pod_status_running", "Sum") == 2
    node = prod.nodes[0]
    where = {"NodeName": node.name, "InstanceId": node.instance}
    assert value(monitoring, "node_status_condition_ready", **where) == 1
    assert value(monitoring, "node_cpu_limit", **where) == 4000


def test_without_an_agent_there_is_no_data(monitoring, prod):
    prod.configure(agent=False)
    monitoring.clock.advance(hours=1)
    assert list(monitoring.metrics) == []
    assert boto3.client("logs").describe_log_groups()["logGroups"] == []


def test_the_automatic_dashboard_can_be_put_and_drawn(monitoring, prod, cloudwatch):
    monitoring.clock.advance(minutes=5)
    body = prod.dashboard()
    answer = cloudwatch.put_dashboard(DashboardName="prod", DashboardBody=json.dumps(body))
    assert answer["DashboardValidationMessages"] == []
    # all that is on it has data
    metrics = set(monitoring.metrics)
    rows = [row for each in body["widgets"] for row in each["properties"]["metrics"]]
    shown = {(row[1], tuple(sorted(zip(row[2::2], row[3::2], strict=True)))) for row in rows}
    assert shown <= {(key.name, key.dimensions) for key in metrics}
    pytest.importorskip("matplotlib")
    chart = json.dumps({**body["widgets"][0]["properties"], "width": 300, "height": 200})
    image = cloudwatch.get_metric_widget_image(MetricWidget=chart)
    assert image["MetricWidgetImage"].startswith(b"\x89PNG")


def test_mistakes_are_told(monitoring, prod):
    with pytest.raises(MisuseError, match="it is there already"):
        prod.deploy("job")
    with pytest.raises(MisuseError, match="no such deployment in namespace 'default'"):
        prod.load("web", cpu=1)
    with pytest.raises(MisuseError, match="no such node"):
        prod.fail("x")
    with pytest.raises(MisuseError, match="make one first"):
        monitoring.sources.eks_cluster("empty").deploy("web")
