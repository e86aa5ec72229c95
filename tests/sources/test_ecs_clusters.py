"""Container Insights of Amazon ECS: performance events, metrics, the automatic dashboard."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import boto3
import pytest

from awsmon import MisuseError, mock_monitoring
from tests.sources.conftest import dimension_sets, events, streams

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
GROUP = "/aws/ecs/containerinsights/shop/performance"
NAMESPACE = "ECS/ContainerInsights"


@pytest.fixture
def shop(monitoring):
    """Two tasks of a service of two containers, and a task on its own."""
    cluster = monitoring.sources.ecs_cluster("shop")
    cluster.service("web", tasks=2, family="web-task", cpu=256, memory_mb=512,
                    containers=("app", "proxy"))  # fmt: skip
    cluster.service("batch", cpu=1024, memory_mb=2048, standalone=True)
    cluster.load("web", cpu=64, memory_mb=128, network_rx=1000, storage_write=10)
    cluster.load("batch", cpu=512, memory_mb=1024)
    return cluster


def value(mon, name, stat="Sum", **dimensions):
    """Of the minute that begins at 12:01."""
    start = NOON + timedelta(minutes=1)
    found = mon.metrics.get(NAMESPACE, name, stat, start=start, end=start + timedelta(minutes=1),
                            dimensions={"ClusterName": "shop", **dimensions})  # fmt: skip
    return found[0][1] if found else None


def told(kind):
    """The newest performance event of a type."""
    found = [json.loads(message) for _, message in events(GROUP)]
    return [each for each in found if each["Type"] == kind][-1]


def test_each_minute_the_agent_tells_of_tasks_services_and_the_cluster(monitoring, shop):
    # when a minute begins
    monitoring.clock.advance(minutes=1)
    # then there are events of each, in a group that keeps them a day
    kinds = [json.loads(message)["Type"] for _, message in events(GROUP)]
    assert sorted(kinds) == ["Cluster", *["Container"] * 5, "Service", *["Task"] * 3]
    [group] = boto3.client("logs").describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 1
    task = told("Task")
    assert {name: task[name] for name in ("TaskDefinitionFamily", "LaunchType", "KnownStatus",
                                          "CpuUtilized", "CpuReserved", "Timestamp")} == {
        "TaskDefinitionFamily": "batch", "LaunchType": "FARGATE", "KnownStatus": "RUNNING",
        "CpuUtilized": 512, "CpuReserved": 1024, "Timestamp": 1772452860000,
    }  # fmt: skip
    # and the next minute they come again
    monitoring.clock.advance(minutes=1)
    assert len(events(GROUP)) == 20


# User Guide, "Amazon ECS Container Insights metrics": names and sets of dimensions.
BY_WORKLOAD = ({"ClusterName"}, {"ClusterName", "TaskDefinitionFamily"},
               {"ClusterName", "ServiceName"})  # fmt: skip
STANDARD = {
    **dict.fromkeys(
        ("CpuUtilized", "CpuReserved", "MemoryUtilized", "MemoryReserved", "NetworkRxBytes",
         "NetworkTxBytes", "StorageReadBytes", "StorageWriteBytes", "EphemeralStorageReserved",
         "EphemeralStorageUtilized"), BY_WORKLOAD),
    **dict.fromkeys(("TaskCount", "ServiceCount", "ContainerInstanceCount"), ({"ClusterName"},)),
    **dict.fromkeys(
        ("DesiredTaskCount", "RunningTaskCount", "PendingTaskCount", "DeploymentCount",
         "TaskSetCount"), ({"ClusterName", "ServiceName"},)),
}  # fmt: skip


def sets(table):
    return {name: set(map(frozenset, each)) for name, each in table.items()}


def test_metrics_and_their_dimensions_are_those_of_the_guide(monitoring, shop):
    monitoring.clock.advance(minutes=1)
    assert dimension_sets(NAMESPACE) == sets(STANDARD)
    # and the values are sums and averages of the tasks
    assert value(monitoring, "CpuUtilized") == 2 * 64 + 512
    assert value(monitoring, "CpuReserved", ServiceName="web") == 2 * 256
    assert value(monitoring, "MemoryUtilized", "Average", TaskDefinitionFamily="web-task") == 128
    assert value(monitoring, "NetworkRxBytes", "Maximum", ServiceName="web") == 1000
    assert (value(monitoring, "TaskCount"), value(monitoring, "ServiceCount")) == (3, 1)
    assert value(monitoring, "RunningTaskCount", ServiceName="web") == 2


# User Guide, "Amazon ECS Container Insights with enhanced observability metrics".
TASK = ({"ClusterName", "ServiceName", "TaskId"}, {"ClusterName", "TaskDefinitionFamily", "TaskId"})
CONTAINER = (
    {"ClusterName"}, {"ContainerName", "TaskId", "ServiceName", "ClusterName"},
    {"ContainerName", "TaskDefinitionFamily", "ClusterName", "TaskId"},
    {"TaskDefinitionFamily", "ClusterName", "ContainerName"},
    {"ServiceName", "ClusterName", "ContainerName"},
)  # fmt: skip
ENHANCED = STANDARD | {
    name: (*BY_WORKLOAD, *TASK) for name, each in STANDARD.items() if each is BY_WORKLOAD
} | dict.fromkeys(
    ("TaskCpuUtilization", "TaskMemoryUtilization", "TaskEphemeralStorageUtilization",
     "ContainerCpuUtilization", "ContainerNetworkRxBytes", "ContainerNetworkTxBytes"),
    (*BY_WORKLOAD, *TASK)
) | dict.fromkeys(
    ("ContainerCpuUtilized", "ContainerCpuReserved", "ContainerMemoryUtilized",
     "ContainerMemoryReserved", "ContainerMemoryUtilization", "ContainerStorageReadBytes",
     "ContainerStorageWriteBytes"), CONTAINER)  # fmt: skip


def test_enhanced_observability_has_tasks_and_containers_as_dimensions(monitoring, shop):
    # given the setting
    shop.configure(insights="enhanced")
    monitoring.clock.advance(minutes=1)
    # then there are the guide's metrics, by task and container
    assert dimension_sets(NAMESPACE) == sets(ENHANCED)
    [task, _] = shop.workloads["web"].tasks
    where = {"ServiceName": "web", "TaskId": task.id}
    assert value(monitoring, "TaskCpuUtilization", **where) == 25  # 64 of 256
    assert value(monitoring, "ContainerCpuUtilized", **where, ContainerName="app") == 32
    assert value(monitoring, "StorageWriteBytes", **where) == 600  # ten a second


def test_restarts_of_containers_with_a_policy_are_counted(monitoring, shop):
    # given two tasks of two containers with a restart policy
    shop.service("api", tasks=2, containers=("app", "proxy"), restart_policy=True)
    shop.restart("api", container="app")
    # then each task tells how often each container was
    monitoring.clock.advance(minutes=1)
    assert value(monitoring, "RestartCount", ServiceName="api") == 2
    assert value(monitoring, "RestartCount", "Maximum") == 1
    assert value(monitoring, "RestartCount", ServiceName="web") is None
    # and a new task begins anew
    shop.restart("api")
    shop.scale("api", 0)
    shop.scale("api", 1)
    monitoring.clock.advance(minutes=1)
    assert told("Container")["RestartCount"] == 0


def test_an_alarm_tells_of_a_container_that_fails_its_health_check(monitoring, shop, cloudwatch):
    # given enhanced observability, a health check, and an alarm
    shop.configure(insights="enhanced")
    shop.service("api", tasks=2, containers=("app", "proxy"), health_check=True)
    cloudwatch.put_metric_alarm(
        AlarmName="unhealthy", Namespace=NAMESPACE, MetricName="UnHealthyContainerHealthStatus",
        Dimensions=[{"Name": "ClusterName", "Value": "shop"},
                    {"Name": "ServiceName", "Value": "api"},
                    {"Name": "ContainerName", "Value": "app"}],
        Statistic="Maximum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )  # fmt: skip
    monitoring.clock.advance(minutes=2)
    assert monitoring.alarms["unhealthy"].state == "OK"
    # when the other container fails it, then nothing
    shop.health("api", healthy=False, container="proxy")
    monitoring.clock.advance(minutes=2)
    assert monitoring.alarms["unhealthy"].state == "OK"
    # when all do, then it goes off, until they pass again
    shop.health("api", healthy=False)
    monitoring.clock.advance(minutes=2)
    assert monitoring.alarms["unhealthy"].state == "ALARM"
    shop.health("api", healthy=True)
    monitoring.clock.advance(minutes=2)
    assert monitoring.alarms["unhealthy"].state == "OK"


def test_without_an_agent_there_is_no_data_and_nothing_to_do(monitoring, shop):
    # given a cluster whose agent is stopped, and one whose setting is off
    shop.configure(agent=False)
    monitoring.sources.ecs_cluster("quiet", insights="disabled").service("web")
    # then nothing is told
    monitoring.clock.advance(hours=1)
    assert boto3.client("logs").describe_log_groups()["logGroups"] == []
    assert list(monitoring.metrics) == []
    # until the agent runs
    shop.configure(agent=True)
    monitoring.clock.advance(minutes=1)
    assert len(events(GROUP)) == 10


def test_tasks_on_instances_are_told_of_with_them(monitoring):
    # given two instances, and three tasks on them, in turn
    cluster = monitoring.sources.ecs_cluster("shop")
    ids = [cluster.instance(cpu=1024, memory_mb=2000, filesystem=12.5) for _ in range(2)]
    cluster.service("web", tasks=3, launch_type="EC2", cpu=256, memory_mb=500)
    cluster.load("web", cpu=100, memory_mb=200, network_rx=5, network_tx=7)
    monitoring.clock.advance(minutes=1)
    # then the first has two, as its metrics say
    first = cluster.instances[0]
    where = {"InstanceId": ids[0], "ContainerInstanceId": first.container_instance}
    assert value(monitoring, "instance_number_of_running_tasks", **where) == 2
    assert value(monitoring, "instance_cpu_utilization", **where) == 200 / 1024 * 100
    assert value(monitoring, "instance_cpu_reserved_capacity", **where) == 50
    assert value(monitoring, "instance_memory_utilization", **where) == 20
    assert value(monitoring, "instance_network_total_bytes", **where) == 24
    assert value(monitoring, "instance_filesystem_utilization", "Average") == 12.5
    assert value(monitoring, "instance_cpu_limit") == 2048
    assert value(monitoring, "ContainerInstanceCount") == 2
    # and there is no storage of Fargate's
    assert value(monitoring, "EphemeralStorageReserved") is None
    assert told("Task")["EC2InstanceId"] in ids
    assert any(name.startswith("AgentTelemetry-") for name in streams(GROUP))


def test_what_the_task_definition_reserves_not_has_no_metric(monitoring):
    cluster = monitoring.sources.ecs_cluster("shop")
    cluster.service("web", cpu=None, memory_mb=None, network_mode="none")
    cluster.load("web", cpu=10)
    monitoring.clock.advance(minutes=1)
    assert value(monitoring, "CpuUtilized") == 10
    for name in ("CpuReserved", "MemoryReserved", "NetworkRxBytes"):
        assert value(monitoring, name) is None


def test_an_alarm_tells_that_tasks_are_missing(monitoring, shop, cloudwatch):
    # given an alarm on fewer tasks than are wanted
    cloudwatch.put_metric_alarm(
        AlarmName="tasks-missing", EvaluationPeriods=1, Threshold=0,
        ComparisonOperator="GreaterThanThreshold", Metrics=[
            {"Id": "missing", "Expression": "desired - running"},
            *({"Id": id_, "ReturnData": False, "MetricStat": {
                "Metric": {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": [
                    {"Name": "ClusterName", "Value": "shop"},
                    {"Name": "ServiceName", "Value": "web"}]},
                "Period": 60, "Stat": "Maximum"}}
              for id_, name in (("desired", "DesiredTaskCount"), ("running", "RunningTaskCount"))),
        ])  # fmt: skip
    monitoring.clock.advance(minutes=2)
    assert monitoring.alarms["tasks-missing"].state == "OK"
    # when one of four doesn't start
    shop.scale("web", 4, running=3)
    monitoring.clock.advance(minutes=2)
    # then it goes off
    assert monitoring.alarms["tasks-missing"].state == "ALARM"
    assert told("Service")["PendingTaskCount"] == 1


def test_the_automatic_dashboard_can_be_put_and_drawn(monitoring, shop, cloudwatch):
    # given some minutes
    monitoring.clock.advance(minutes=5)
    # then its body is a good one
    body = shop.dashboard()
    answer = cloudwatch.put_dashboard(DashboardName="shop", DashboardBody=json.dumps(body))
    assert answer["DashboardValidationMessages"] == []
    titles = [each["properties"]["title"] for each in body["widgets"]]
    assert titles == ["CPU utilization", "Memory utilization", "Network", "web: CPU utilization",
                      "web: Memory utilization", "web: Network", "Counts"]  # fmt: skip
    # its first chart is what is used of what is reserved
    rows = body["widgets"][0]["properties"]["metrics"]
    stats = [
        {"Id": row[-1]["id"], "ReturnData": False, "MetricStat": {
            "Metric": {"Namespace": row[0], "MetricName": row[1],
                       "Dimensions": [{"Name": row[2], "Value": row[3]}]},
            "Period": 60, "Stat": row[-1]["stat"]}}
        for row in rows[1:]
    ]  # fmt: skip
    share = {"Id": "share", "Expression": rows[0][0]["expression"]}
    [found] = cloudwatch.get_metric_data(
        MetricDataQueries=[share, *stats], StartTime=NOON, EndTime=NOON + timedelta(minutes=5)
    )["MetricDataResults"]
    assert set(found["Values"]) == {(2 * 64 + 512) / (2 * 256 + 1024) * 100}
    # and it can be drawn
    pytest.importorskip("matplotlib")
    shown = json.dumps({**body["widgets"][0]["properties"], "width": 300, "height": 200})
    image = cloudwatch.get_metric_widget_image(MetricWidget=shown)
    assert image["MetricWidgetImage"].startswith(b"\x89PNG")


# User Guide, "Container Insights performance log events for Amazon ECS": of the example of a task
# the members that count here.
SAMPLE = {
    "Version": "0", "Type": "Task", "TaskId": "3cfe5fd96f394b7eb0fdc93cf17e8f8c",
    "TaskDefinitionFamily": "web-task", "TaskDefinitionRevision": "2", "ServiceName": "web",
    "ClusterName": "shop", "KnownStatus": "RUNNING", "LaunchType": "FARGATE",
    "Timestamp": 1772452860000, "CpuUtilized": 0.73, "CpuReserved": 256, "MemoryUtilized": 13,
    "MemoryReserved": 512,
    "CloudWatchMetrics": [{
        "Namespace": NAMESPACE,
        "Metrics": [{"Name": "CpuUtilized", "Unit": "None"},
                    {"Name": "CpuReserved", "Unit": "None"},
                    {"Name": "MemoryUtilized", "Unit": "Megabytes"}],
        "Dimensions": [["ClusterName"], ["ServiceName", "ClusterName"],
                       ["ClusterName", "TaskDefinitionFamily"]],
    }],
}  # fmt: skip


def test_a_sample_event_put_by_hand_yields_its_metrics(monitoring):
    # given the event as the agent would put it
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="FargateTelemetry-1")
    monitoring.clock.advance(minutes=2)
    logs.put_log_events(
        logGroupName=GROUP, logStreamName="FargateTelemetry-1",
        logEvents=[{"timestamp": SAMPLE["Timestamp"], "message": json.dumps(SAMPLE)}],
    )  # fmt: skip
    # then its metrics are there, at the event's own time
    assert value(monitoring, "CpuUtilized", ServiceName="web") == 0.73
    assert value(monitoring, "MemoryUtilized", TaskDefinitionFamily="web-task") == 13
    # and Logs Insights finds the event
    [row] = monitoring.logs.query(GROUP, "filter Type = 'Task' | stats avg(CpuUtilized) as cpu")
    assert row["cpu"] == "0.73"


def test_settling_isnt_kept_up_by_a_cluster_and_a_snapshot_goes_on(shop, monitoring):
    monitoring.settle()
    data = monitoring.snapshot()
    monitoring.restore(data)
    monitoring.clock.advance(minutes=1)
    assert len(events(GROUP)) == 10


MISTAKES = [
    (lambda mon, shop: mon.sources.ecs_cluster("shop"), "it is there already"),
    (lambda mon, shop: mon.sources.ecs_cluster("x", insights="on"), "expected one of enabled"),
    (lambda mon, shop: shop.service("web"), "of that name already"),
    (lambda mon, shop: shop.service("x", launch_type="EC2"), "make one first"),
    (lambda mon, shop: shop.service("x", launch_type="VM"), "FARGATE or EC2"),
    (lambda mon, shop: shop.load("x", cpu=1), "no such service or family"),
    (lambda mon, shop: shop.configure(insights="on"), "expected one of enabled"),
    (lambda mon, shop: shop.restart("web"), "has no restart policy"),
    (lambda mon, shop: shop.health("web", healthy=False), "has no health check"),
]


@pytest.mark.parametrize(("do", "message"), MISTAKES, ids=[each for _, each in MISTAKES])
def test_mistakes_are_told(monitoring, shop, do, message):
    with pytest.raises(MisuseError, match=message):
        do(monitoring, shop)


def test_removed_tasks_are_told_of_no_more():
    with mock_monitoring(now=NOON.isoformat()) as mon:
        cluster = mon.sources.ecs_cluster("shop")
        cluster.service("web")
        cluster.remove("web")
        mon.clock.advance(minutes=1)
        assert [json.loads(text)["Type"] for _, text in events(GROUP)] == ["Cluster"]
