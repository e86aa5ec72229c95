"""EC2 instances without an agent: hypervisor metrics, status checks, and what mends them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest
from moto import mock_aws

from awsmon import Monitoring, mock_monitoring
from awsmon.core.errors import MisuseError
from tests.alarms.builders import alarm

NOW = "2026-03-02T12:00:00Z"
NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
REGION = "us-east-1"
IMAGE = "ami-12c6146b"  # one of moto's
ID = "i-01234567890123456"
ALWAYS = {
    # source: EC2 User Guide, "CloudWatch metrics that are available for your instances"
    "CPUUtilization": "Percent", "NetworkIn": "Bytes", "NetworkOut": "Bytes",
    "MetadataNoToken": "Count", "MetadataNoTokenRejected": "Count", "EBSReadOps": "Count",
    "EBSWriteOps": "Count", "EBSReadBytes": "Bytes", "EBSWriteBytes": "Bytes",
    "StatusCheckFailed": "Count", "StatusCheckFailed_System": "Count",
    "StatusCheckFailed_Instance": "Count", "StatusCheckFailed_AttachedEBS": "Count",
}  # fmt: skip
BASIC = {"NetworkPacketsIn": "Count", "NetworkPacketsOut": "Count"}


def points(name, period=60, dimensions=None, minutes=30):
    """Of each datapoint: minutes after noon, and SampleCount, Sum, Maximum, Unit."""
    if dimensions is None:
        dimensions = {"InstanceId": ID}
    found = boto3.client("cloudwatch", REGION).get_metric_statistics(
        Namespace="AWS/EC2", MetricName=name, StartTime=NOON,
        EndTime=NOON + timedelta(minutes=minutes), Period=period,
        Statistics=["SampleCount", "Sum", "Maximum"],
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
    )  # fmt: skip
    told = sorted(found["Datapoints"], key=lambda each: each["Timestamp"])
    return [
        ((each["Timestamp"] - NOON) // timedelta(minutes=1), each["SampleCount"], each["Sum"],
         each["Maximum"])
        for each in told
    ]  # fmt: skip


def listed(**dimensions):
    found = boto3.client("cloudwatch", REGION).list_metrics(Namespace="AWS/EC2")["Metrics"]
    wanted = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    return {each["MetricName"] for each in found if each["Dimensions"] == wanted}


@pytest.mark.parametrize(("detailed", "more"), [(False, BASIC), (True, {})])
def test_the_hypervisor_reports_these_metrics_and_neither_memory_nor_logs(
    monitoring, detailed, more
):
    monitoring.sources.ec2(ID, detailed=detailed)
    monitoring.clock.advance(minutes=5)
    assert listed(InstanceId=ID) == {*ALWAYS, *more}
    assert list(monitoring.logs) == []
    for name, unit in {**ALWAYS, **more}.items():
        found = boto3.client("cloudwatch", REGION).get_metric_statistics(
            Namespace="AWS/EC2", MetricName=name, StartTime=NOON, Unit=unit, Period=300,
            EndTime=NOON + timedelta(minutes=5), Statistics=["Sum"],
            Dimensions=[{"Name": "InstanceId", "Value": ID}],
        )  # fmt: skip
        assert len(found["Datapoints"]) == 1, name


def test_a_load_of_a_metric_that_only_an_agent_knows_is_refused(monitoring):
    with pytest.raises(MisuseError, match=r"EC2 reports no mem_used_percent.*an agent"):
        monitoring.sources.ec2(ID, {"mem_used_percent": 40})


def test_basic_monitoring_takes_five_samples_for_each_five_minutes(monitoring):
    # source: CloudWatch User Guide: five samples, Nitro's datapoint grows with each
    monitoring.sources.ec2(ID, {"CPUUtilization": [10, 20, 30, 40, 90, 5], "NetworkIn": 1000})
    monitoring.clock.advance(minutes=3)
    assert points("CPUUtilization", 300) == [(0, 3, 60, 30)]
    monitoring.clock.advance(minutes=7)
    assert points("CPUUtilization") == [(0, 5, 190, 90), (5, 5, 25, 5)]
    assert points("NetworkIn", 300) == [(0, 5, 5000, 1000), (5, 5, 5000, 1000)]
    assert len(points("StatusCheckFailed")) == 10


def test_xen_reports_five_minutes_when_they_are_over(monitoring):
    # source: CloudWatch User Guide: one datapoint at the end, stamped with the beginning
    monitoring.sources.ec2(ID, {"CPUUtilization": [10, 20, 30, 40, 90]}, hypervisor="xen")
    monitoring.clock.advance(minutes=4)
    assert points("CPUUtilization") == []
    monitoring.clock.advance(minutes=1)
    assert points("CPUUtilization") == [(0, 5, 190, 90)]
    assert "StatusCheckFailed_AttachedEBS" not in listed(InstanceId=ID)
    assert "EBSReadOps" not in listed(InstanceId=ID)


def test_detailed_monitoring_has_a_point_each_minute_and_is_aggregated(monitoring):
    # source: EC2 User Guide: by image and type, and over all, with detailed monitoring only
    monitoring.sources.ec2(
        ID, {"CPUUtilization": [10, 20]}, detailed=True, instance_type="t3.micro",
        image_id=IMAGE, auto_scaling_group="web",
    )  # fmt: skip
    monitoring.sources.ec2("i-2", {"CPUUtilization": 70}, detailed=True, instance_type="t3.micro")
    monitoring.sources.ec2("i-3", {"CPUUtilization": 99}, instance_type="t3.micro")
    monitoring.clock.advance(minutes=2)
    assert points("CPUUtilization") == [(0, 1, 10, 10), (1, 1, 20, 20)]
    assert points("CPUUtilization", dimensions={"InstanceType": "t3.micro"}) == [
        (0, 2, 80, 70), (1, 2, 90, 70)]  # fmt: skip
    assert points("CPUUtilization", dimensions={"AutoScalingGroupName": "web"})[0] == (
        0, 1, 10, 10)  # fmt: skip
    assert "CPUUtilization" in listed(ImageId=IMAGE)
    assert "CPUUtilization" in listed()


def test_credits_are_told_each_five_minutes(monitoring):
    monitoring.sources.ec2(ID, {"CPUCreditBalance": [1, 2, 3, 4, 144]}, detailed=True)
    monitoring.clock.advance(minutes=10)
    assert points("CPUCreditBalance") == [(0, 1, 144, 144), (5, 1, 144, 144)]


def test_a_load_changes_when_it_is_told(monitoring):
    instance = monitoring.sources.ec2(ID, {"CPUUtilization": 10}, detailed=True)
    monitoring.clock.advance(seconds=90)
    instance.load(CPUUtilization=95)
    monitoring.clock.advance(minutes=1)
    assert [each[2] for each in points("CPUUtilization")] == [10, 95]


def test_instances_go_on_after_a_restore(monitoring):
    monitoring.sources.ec2(ID, {"CPUUtilization": [10, 20, 30]}, detailed=True).fail("ebs")
    monitoring.clock.advance(minutes=1)
    copy = Monitoring(now=NOW)
    copy.restore(monitoring.snapshot())
    copy.clock.advance(minutes=2)
    copy.sources.instances[ID].mend("ebs")
    copy.clock.advance(minutes=1)
    told = copy.metrics.get("AWS/EC2", "StatusCheckFailed_AttachedEBS", "Sum", start=NOON,
                            end=copy.clock.now(), dimensions={"InstanceId": ID})  # fmt: skip
    assert [value for _, value in told] == [1, 1, 1, 0]


# -- with moto's EC2 -------------------------------------------------------------------------------


@pytest.fixture
def mon():
    with mock_monitoring(now=NOW) as monitoring, mock_aws():
        yield monitoring


def launched(**more):
    ec2 = boto3.client("ec2", REGION)
    made = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType="t3.micro", **more)
    return ec2, made["Instances"][0]["InstanceId"]


def watched(name, check, action):
    boto3.client("cloudwatch", REGION).put_metric_alarm(**alarm(
        "check", Namespace="AWS/EC2", MetricName=f"StatusCheckFailed_{check}", threshold=0,
        Dimensions=[{"Name": "InstanceId", "Value": name}], periods=2,
        actions=[f"arn:aws:automate:{REGION}:ec2:{action}"],
    ))  # fmt: skip


@pytest.mark.parametrize(("check", "action"), [("System", "recover"), ("Instance", "reboot")])
def test_a_failing_check_drives_the_alarm_whose_action_mends_it(mon, check, action):
    # given an instance of moto's and the alarm that the guide recommends for its check
    _, name = launched()
    instance = mon.sources.ec2(name)
    watched(name, check, action)
    mon.clock.advance(minutes=3)
    assert mon.alarms["check"].state == "OK"
    # when the check fails
    instance.fail(check.lower())
    mon.clock.advance(minutes=3)
    # then the instance was acted upon, once, and passes again
    [delivery] = mon.deliveries.to(f"arn:aws:automate:{REGION}:ec2:{action}")
    assert (delivery.status, delivery.via) == ("delivered", "mock")
    assert delivery.payload == {"InstanceIds": [name]}
    assert instance.failing == {}
    mon.clock.advance(minutes=2)
    assert mon.alarms["check"].state == "OK"


def test_a_reboot_doesnt_mend_the_system_nor_what_fails_for_good(mon):
    ec2, name = launched()
    instance = mon.sources.ec2(name)
    instance.fail("system")
    instance.fail("instance", lasting=True)
    ec2.reboot_instances(InstanceIds=[name])
    assert set(instance.failing) == {"system", "instance"}
    ec2.stop_instances(InstanceIds=[name])
    ec2.start_instances(InstanceIds=[name])
    assert set(instance.failing) == {"instance"}


def test_a_stopped_instance_reports_nothing(mon):
    ec2, name = launched()
    mon.sources.ec2(name, {"CPUUtilization": 7})
    mon.clock.advance(minutes=2)
    ec2.stop_instances(InstanceIds=[name])
    mon.clock.advance(minutes=3)
    ec2.start_instances(InstanceIds=[name])
    mon.clock.advance(minutes=1)
    told = points("StatusCheckFailed", dimensions={"InstanceId": name})
    assert [each[0] for each in told] == [0, 1, 5]


def test_moto_tells_type_image_and_monitoring(mon):
    _, name = launched(Monitoring={"Enabled": True})
    instance = mon.sources.ec2(name)
    assert instance.detailed
    assert instance.shared == {"InstanceType": "t3.micro", "ImageId": IMAGE}
