"""What a configuration has watched: alarms in CloudWatch, as soon as their threshold is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.application_insights.conftest import (
    BALANCER,
    DATABASE,
    QUEUE,
    WEB,
    WORKER,
    alarm_names,
    created,
    metrics,
    watched,
)

CPU = "ApplicationInsights/shop/AWS/EC2/CPUUtilization/i-0web/"
STATUS = "ApplicationInsights/shop/AWS/EC2/StatusCheckFailed/i-0web/"


def history(insights, **asked):
    found = insights.list_configuration_history(ResourceGroupName="shop", **asked)["EventList"]
    return [(each["EventStatus"], each["EventResourceName"]) for each in found]


def fortnight(monitoring, namespace, name, value, *, days=13, **dimensions):
    """Datapoints every five minutes, up to now; their level swings a little."""
    now, count = monitoring.clock.now(), int(days * 288)
    points = [
        (now - timedelta(minutes=5 * each), value + each % 5 - 2) for each in range(count)
    ]  # fmt: skip
    monitoring.metrics.put_series(namespace, name, points, dimensions=dimensions)


def test_an_alarm_with_an_obvious_threshold_is_made_at_once(monitoring, insights, cloudwatch):
    # when a status check is to be monitored
    created(monitoring, insights, WEB)
    watched(insights, alarmMetrics=metrics("StatusCheckFailed"))
    # then there is an alarm on it, named as AWS names it
    [alarm] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert alarm["AlarmName"] == STATUS
    assert alarm["Dimensions"] == [{"Name": "InstanceId", "Value": "i-0web"}]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/EC2", "StatusCheckFailed")
    assert history(insights) == [("INFO", STATUS)]


def test_an_alarm_without_one_waits_for_datapoints(monitoring, insights, cloudwatch):
    # given a metric without an obvious threshold and without datapoints
    created(monitoring, insights, WEB)
    watched(insights, alarmMetrics=metrics("CPUUtilization"))
    assert alarm_names(cloudwatch) == []
    [event] = insights.list_configuration_history(EventStatus="WARN")["EventList"]
    assert (event["EventResourceName"], event["MonitoredResourceARN"]) == ("CPUUtilization", WEB)
    # when there is a fortnight of them
    fortnight(monitoring, "AWS/EC2", "CPUUtilization", 20, InstanceId="i-0web")
    monitoring.clock.advance(hours=1)
    # then the alarm is made, and the history tells both, the newest first
    [alarm] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert alarm["AlarmName"] == CPU
    assert 20 < alarm["Threshold"] < 30
    assert history(insights) == [("INFO", CPU), ("WARN", "CPUUtilization")]
    assert history(insights, EndTime=monitoring.clock.now() - timedelta(minutes=30)) == [
        ("WARN", "CPUUtilization")
    ]


def test_a_hundred_datapoints_of_the_last_day_are_needed_too(monitoring, insights, cloudwatch):
    # given datapoints that end two days ago
    created(monitoring, insights, WEB)
    fortnight(monitoring, "AWS/EC2", "CPUUtilization", 20, days=11, InstanceId="i-0web")
    monitoring.clock.advance(days=2)
    # then no alarm is made
    watched(insights, alarmMetrics=metrics("CPUUtilization"))
    assert alarm_names(cloudwatch) == []


def test_of_some_metrics_little_is_bad(monitoring, insights, cloudwatch):
    created(monitoring, insights, DATABASE)
    fortnight(monitoring, "AWS/RDS", "FreeableMemory", 1000, DBInstanceIdentifier="orders")
    watched(insights, DATABASE, alarmMetrics=metrics("FreeableMemory"))
    [alarm] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert alarm["ComparisonOperator"] == "LessThanThreshold"
    assert alarm["Threshold"] == pytest.approx(900, abs=1)  # a tenth below the mean


def test_a_test_may_know_the_threshold_itself(monitoring, insights, cloudwatch):
    created(monitoring, insights, WEB)
    monitoring.application_insights.set_threshold("AWS/EC2", "CPUUtilization", 90)
    watched(insights, alarmMetrics=metrics("CPUUtilization"))
    [alarm] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (90, "GreaterThanThreshold")


def test_metrics_of_an_agent_are_watched_once_it_sends_them(monitoring, insights, cloudwatch):
    # given a metric of an agent that is to come
    created(monitoring, insights, WEB)
    watched(insights, alarmMetrics=metrics("mem_used_percent"), processes=[
        {"processName": "java", "alarmMetrics": metrics("procstat cpu_usage")}])  # fmt: skip
    event = insights.list_configuration_history(ResourceGroupName="shop")["EventList"][0]
    assert event["EventDetail"] == (
        # the AWS CLI's example
        f"Metric mem_used_percent does not exist for component {WEB}, alarm cannot be created. "
        "Possible reason might be metric misses data points for two weeks, or required workload "
        "to emit this metric not installed."
    )
    # when it comes, with an agent's dimensions
    server = {"InstanceId": "i-0web", "ImageId": "ami-1", "InstanceType": "t3.small"}
    monitoring.metrics.put("CWAgent", "mem_used_percent", 50, dimensions=server)
    monitoring.metrics.put("CWAgent", "mem_used_percent", 50, dimensions={"InstanceId": "i-1"})
    monitoring.application_insights.set_threshold("CWAgent", "procstat_cpu_usage", 80)
    monitoring.metrics.put(
        "CWAgent", "procstat_cpu_usage", 5, dimensions={**server, "exe": "java", "pid_finder": "n"}
    )
    monitoring.clock.advance(hours=1)
    # then alarms are made
    assert alarm_names(cloudwatch) == [
        "ApplicationInsights/shop/CWAgent/mem_used_percent/i-0web/",
        "ApplicationInsights/shop/CWAgent/procstat_cpu_usage/i-0web/java/n/",
    ]


def test_performance_counters_are_found_with_and_without_their_object(
    monitoring, insights, cloudwatch
):
    created(monitoring, insights, WEB)
    monitoring.application_insights.set_threshold("CWAgent", "% Processor Time", 90)
    monitoring.metrics.put("CWAgent", "% Processor Time", 5, dimensions={
        "InstanceId": "i-0web", "objectname": "Processor", "instance": "_Total"})  # fmt: skip
    watched(insights, alarmMetrics=metrics("Processor % Processor Time"))
    assert len(alarm_names(cloudwatch)) == 1


def test_what_is_configured_no_more_goes(monitoring, insights, cloudwatch):
    # given two alarms, one of them in another state than at first
    created(monitoring, insights, WEB)
    watched(insights, alarmMetrics=metrics("StatusCheckFailed", "StatusCheckFailed_Instance"))
    cloudwatch.set_alarm_state(AlarmName=STATUS, StateValue="ALARM", StateReason="x")
    # when only one is configured
    watched(insights, alarmMetrics=metrics("StatusCheckFailed"))
    # then the other is gone, and that one is what it was
    [alarm] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (alarm["AlarmName"], alarm["StateValue"]) == (STATUS, "ALARM")
    # when monitoring stops
    insights.update_component_configuration(
        ResourceGroupName="shop", ComponentName=WEB, Monitor=False
    )
    # then it goes too
    assert alarm_names(cloudwatch) == []


def test_alarms_of_ones_own_are_never_deleted(monitoring, insights, cloudwatch):
    monitoring.alarms.create("mine", "App", "Errors", ">", 5)
    created(monitoring, insights, WEB)
    watched(insights, alarms=[{"alarmName": "mine", "severity": "HIGH"}])
    insights.delete_application(ResourceGroupName="shop")
    assert alarm_names(cloudwatch) == ["mine"]


def test_what_is_not_to_be_monitored_is_not(monitoring, insights, cloudwatch):
    created(monitoring, insights, WEB)
    watched(insights, alarmMetrics=[{"alarmMetricName": "StatusCheckFailed", "monitor": "false"}])
    assert alarm_names(cloudwatch) == []


def test_each_instance_of_a_group_has_alarms_of_its_own(monitoring, insights, cloudwatch):
    created(monitoring, insights, WEB, WORKER)
    insights.create_component(
        ResourceGroupName="shop", ComponentName="servers", ResourceList=[WEB, WORKER]
    )
    watched(insights, "servers", subComponents=[
        {"subComponentType": "AWS::EC2::Instance", "alarmMetrics": metrics("StatusCheckFailed")}
    ])  # fmt: skip
    assert alarm_names(cloudwatch) == [STATUS, STATUS.replace("web", "worker")]
    # when one leaves the group
    insights.update_component(
        ResourceGroupName="shop", ComponentName="servers", ResourceList=[WORKER]
    )
    # then its alarm goes
    assert alarm_names(cloudwatch) == [STATUS.replace("web", "worker")]


@pytest.mark.parametrize(("resource", "metric", "name"), [
    # names as public dashboards show them
    ("lambda:us-east-1:123456789012:function:f", "Throttles", "AWS/Lambda/Throttles/f/"),
    ("sqs:us-east-1:123456789012:q", "NumberOfMessagesSent", "AWS/SQS/NumberOfMessagesSent/q/"),
    ("rds:us-east-1:123456789012:db:vet-db", "WriteLatency", "AWS/RDS/WriteLatency/vet-db/"),
    ("elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1",
     "HTTPCode_Target_4XX_Count", "AWS/ApplicationELB/HTTPCode_Target_4XX_Count/app/a/1/"),
    ("ecs:us-east-1:123456789012:cluster/c", "CpuUtilized", "ECS/ContainerInsights/CpuUtilized/c/"),
])  # fmt: skip
def test_alarms_are_named_as_aws_names_them(
    monitoring, insights, cloudwatch, resource, metric, name
):
    created(monitoring, insights, f"arn:aws:{resource}")
    namespace = name.split(f"/{metric}/")[0]
    monitoring.application_insights.set_threshold(namespace, metric, 5)
    if namespace == "ECS/ContainerInsights":
        monitoring.metrics.put(namespace, metric, 1, dimensions={"ClusterName": "c"})
    watched(insights, f"arn:aws:{resource}", alarmMetrics=metrics(metric))
    assert alarm_names(cloudwatch) == [f"ApplicationInsights/shop/{name}"]


def test_an_idle_year_in_which_metrics_never_come_makes_nothing(monitoring, insights, cloudwatch):
    created(monitoring, insights, WEB, BALANCER, QUEUE, AutoConfigEnabled=True)
    monitoring.clock.advance(days=30)
    assert alarm_names(cloudwatch) == [STATUS]


def test_an_alarm_whose_name_would_be_too_long_is_told_of(monitoring, insights, cloudwatch):
    name = "s" * 250
    created(monitoring, insights, WEB, name=name)
    watched(insights, name=name, alarmMetrics=metrics("StatusCheckFailed"))
    [event] = insights.list_configuration_history(EventStatus="ERROR")["EventList"]
    assert "was not created" in event["EventDetail"]
    assert alarm_names(cloudwatch) == []


def test_a_learnt_threshold_follows_the_data(monitoring, insights, cloudwatch):
    # given an alarm whose threshold was learnt
    created(monitoring, insights, WEB)
    fortnight(monitoring, "AWS/EC2", "CPUUtilization", 20, InstanceId="i-0web")
    watched(insights, alarmMetrics=metrics("CPUUtilization"))
    [before] = cloudwatch.describe_alarms()["MetricAlarms"]
    # when the server does twice as much for ten days
    for _ in range(20):
        monitoring.clock.advance(hours=12)
        fortnight(monitoring, "AWS/EC2", "CPUUtilization", 40, days=0.5, InstanceId="i-0web")
    # then so does the threshold, and the history tells it
    [after] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert after["Threshold"] > before["Threshold"] * 1.5
    [event] = insights.list_configuration_history(MaxResults=1)["EventList"]
    assert event["EventDetail"].startswith(f"The threshold of alarm {CPU} was changed from ")
    # when it is watched no more, nothing is learnt
    insights.delete_application(ResourceGroupName="shop")
    monitoring.clock.advance(days=2)
    assert alarm_names(cloudwatch) == []
