"""What alarms do beyond telling topics and functions: instances, groups, OpsItems, incidents."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from awsmon import mock_monitoring
from tests.alarms.builders import alarm

NOW = "2026-03-02T12:00:00Z"
REGION = "us-east-1"
IMAGE = "ami-12c6146b"
AUTOMATE = "arn:aws:automate:us-east-1:ec2:"
WORKFLOW = "arn:aws:swf:us-east-1:123456789012:action/actions/AWS_EC2.InstanceId."
OPS_ITEM = "arn:aws:ssm:us-east-1:123456789012:opsitem:2#CATEGORY=Availability"
PLAN = "arn:aws:ssm-incidents::123456789012:response-plan/outage"


@pytest.fixture
def mon():
    with mock_monitoring(now=NOW) as monitoring, mock_aws():
        yield monitoring


def instance():
    """A running instance of moto's."""
    ec2 = boto3.client("ec2", REGION)
    made = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType="t3.micro")
    return ec2, made["Instances"][0]["InstanceId"]


def described(ec2, name):
    return ec2.describe_instances(InstanceIds=[name])["Reservations"][0]["Instances"][0]


def on_instance(name, action, metric="StatusCheckFailed_System"):
    return alarm(
        "instance", actions=[action], Namespace="AWS/EC2", MetricName=metric,
        Dimensions=[{"Name": "InstanceId", "Value": name}], threshold=0,
    )  # fmt: skip


def fail_a_check(mon, name):
    """A datapoint that sends the alarm into ALARM."""
    mon.metrics.put("AWS/EC2", "StatusCheckFailed_System", 1, dimensions={"InstanceId": name})
    mon.clock.advance(minutes=1)
    assert mon.alarms["instance"].state == "ALARM"


@pytest.mark.parametrize("form", [AUTOMATE, WORKFLOW])
@pytest.mark.parametrize(
    ("action", "state"),
    [("stop", "stopped"), ("terminate", "terminated"), ("reboot", "running")],
)
def test_an_instance_is_acted_upon(mon, form, action, state):
    ec2, name = instance()
    arn = f"{form}{action}" if form is AUTOMATE else f"{form}{action.title()}/1.0"
    boto3.client("cloudwatch", REGION).put_metric_alarm(**on_instance(name, arn))
    fail_a_check(mon, name)
    assert described(ec2, name)["State"]["Name"] == state
    [delivery] = mon.deliveries.to(arn)
    assert (delivery.status, delivery.via) == ("delivered", "mock")
    assert delivery.payload == {"InstanceIds": [name]}


def test_a_recovered_instance_is_what_it_was(mon):
    # source: EC2 User Guide, "Recover your instance": id, addresses, metadata, placement stay
    ec2, name = instance()
    before = described(ec2, name)
    boto3.client("cloudwatch", REGION).put_metric_alarm(**on_instance(name, f"{AUTOMATE}recover"))
    fail_a_check(mon, name)
    after = described(ec2, name)
    for member in ("InstanceId", "PrivateIpAddress", "PublicIpAddress", "Placement", "LaunchTime",
                   "State", "InstanceType", "SubnetId"):  # fmt: skip
        assert after.get(member) == before.get(member), member


def test_a_group_grows_each_minute_while_the_alarm_lasts(mon):
    # given a group of one instance that may grow to three, and a policy that adds one
    scaling = boto3.client("autoscaling", REGION)
    scaling.create_launch_configuration(
        LaunchConfigurationName="c", ImageId=IMAGE, InstanceType="t3.micro"
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="g", LaunchConfigurationName="c", MinSize=1, MaxSize=3,
        AvailabilityZones=["us-east-1a"],
    )  # fmt: skip
    scaling.put_scaling_policy(
        AutoScalingGroupName="g", PolicyName="grow", AdjustmentType="ChangeInCapacity",
        ScalingAdjustment=1,
    )  # fmt: skip
    policy = scaling.describe_policies()["ScalingPolicies"][0]["PolicyARN"]

    def size():
        return scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["DesiredCapacity"]

    cloudwatch = boto3.client("cloudwatch", REGION)
    cloudwatch.put_metric_alarm(**alarm(actions=[policy], missing="ignore"))
    # when it goes into ALARM, then the group grows at once, and again each minute
    mon.alarms.set_state("too-many-errors", "ALARM", reason="x")
    assert size() == 2
    mon.clock.advance(seconds=59)
    assert size() == 2
    mon.clock.advance(seconds=1)
    assert size() == 3
    # and no more once the alarm is over
    sent = len(mon.deliveries.to(policy))
    mon.alarms.set_state("too-many-errors", "OK", reason="x")
    mon.clock.advance(minutes=5)
    assert len(mon.deliveries.to(policy)) == sent
    # the group's own alarms know the policy by its parts
    assert mon.deliveries.to(policy)[0].payload == {
        "AutoScalingGroupName": "g", "PolicyName": "grow"
    }  # fmt: skip


def test_actions_that_are_disabled_meanwhile_are_not_repeated(monitoring):
    arn = (
        "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:1:autoScalingGroupName/g:"
        "policyName/p"
    )
    monitoring.alarms.create("a", "App", "Errors", ">", 5, actions=[arn], missing="ignore")
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    monitoring.alarms.enable_actions("a", enabled=False)
    monitoring.clock.advance(minutes=3)
    assert len(monitoring.deliveries.to(arn)) == 1
    monitoring.settle()


def test_an_ops_item_is_opened_on_alarm_alone(monitoring):
    opened = []
    monitoring.bind(OPS_ITEM, opened.append)
    monitoring.alarms.create("a", "App", "Errors", ">", 5, actions=[OPS_ITEM],
                             ok_actions=[OPS_ITEM])  # fmt: skip
    monitoring.alarms.set_state("a", "ALARM", reason="Too many.")
    monitoring.alarms.set_state("a", "OK", reason="Fine.")
    [item] = opened
    assert (item["Severity"], item["Category"]) == ("2", "Availability")
    assert item["Description"] == "Too many."
    assert '"a" is in ALARM' in item["Title"]


def test_an_incident_is_started(monitoring):
    started = []
    monitoring.bind(PLAN, started.append)
    monitoring.alarms.create("a", "App", "Errors", ">", 5, actions=[PLAN])
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    [incident] = started
    assert incident["responsePlanArn"] == PLAN
    assert incident["triggerDetails"]["triggerArn"] == monitoring.alarms["a"].arn


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (alarm(actions=[f"{AUTOMATE}stop"]),
         "Actions on EC2 instances need a metric with the dimension InstanceId"),
        (on_instance("i-1", f"{AUTOMATE}recover", metric="CPUUtilization"),
         "The recover action is only supported on the metric StatusCheckFailed_System"),
    ],
)  # fmt: skip
def test_what_an_instance_s_alarm_must_be(monitoring, request_, message):
    with pytest.raises(ClientError) as caught:
        boto3.client("cloudwatch").put_metric_alarm(**request_)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("ValidationError", message)


def test_composite_alarms_act_on_no_instances(monitoring):
    monitoring.alarms.create("a", "App", "Errors", ">", 5)
    with pytest.raises(ClientError, match="not supported for composite alarms"):
        boto3.client("cloudwatch").put_composite_alarm(
            AlarmName="c", AlarmRule="ALARM(a)", AlarmActions=[f"{AUTOMATE}stop"]
        )
