"""What alarms do beyond telling topics and functions: instances, groups, OpsItems, incidents."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from awsmon import mock_monitoring
from awsmon.alarms.scaling_steps import adjusted
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


@pytest.fixture
def group(mon):
    """A group of one instance that may grow to three: gives it a policy, and tells its size."""
    scaling = boto3.client("autoscaling", REGION)
    scaling.create_launch_configuration(
        LaunchConfigurationName="c", ImageId=IMAGE, InstanceType="t3.micro"
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="g", LaunchConfigurationName="c", MinSize=1, MaxSize=3,
        AvailabilityZones=["us-east-1a"],
    )  # fmt: skip

    def policy(**more):
        scaling.put_scaling_policy(
            AutoScalingGroupName="g", PolicyName="grow", AdjustmentType="ChangeInCapacity", **more
        )
        return scaling.describe_policies()["ScalingPolicies"][0]["PolicyARN"]

    def size():
        return scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["DesiredCapacity"]

    return policy, size


def test_a_group_grows_each_minute_while_the_alarm_lasts(mon, group):
    # given a policy that adds one instance
    give, size = group
    policy = give(ScalingAdjustment=1, Cooldown=60)
    cloudwatch = boto3.client("cloudwatch", REGION)
    cloudwatch.put_metric_alarm(**alarm(actions=[policy], missing="ignore"))
    # when it goes into ALARM, then the group grows at once, and again each minute
    mon.alarms.set_state("too-many-errors", "ALARM", reason="x")
    assert size() == 2
    mon.clock.advance(seconds=59)
    assert size() == 2
    mon.clock.advance(seconds=1)
    assert size() == 3
    # but never beyond its limit
    mon.clock.advance(minutes=5)
    assert size() == 3
    # and no more once the alarm is over
    sent = len(mon.deliveries.to(policy))
    mon.alarms.set_state("too-many-errors", "OK", reason="x")
    mon.clock.advance(minutes=5)
    assert len(mon.deliveries.to(policy)) == sent
    # the group's own alarms know the policy by its parts
    assert mon.deliveries.to(policy)[0].payload == {
        "AutoScalingGroupName": "g", "PolicyName": "grow", "MetricValue": 5.0, "Threshold": 5.0,
    }  # fmt: skip


def test_a_group_waits_for_its_cooldown(mon, group):
    # source: EC2 Auto Scaling User Guide, "Scaling cooldowns": 300 seconds, unless it is told
    give, size = group
    mon.alarms.create(
        "a", "App", "Errors", ">", 5, actions=[give(ScalingAdjustment=1)], missing="ignore"
    )
    mon.alarms.set_state("a", "ALARM", reason="x")
    mon.clock.advance(minutes=4)
    assert size() == 2
    mon.clock.advance(minutes=1)
    assert size() == 3


@pytest.mark.parametrize(("errors", "instances"), [(8, 2), (14.9, 2), (15, 3), (99, 3)])
def test_a_group_grows_by_the_step(mon, group, errors, instances):
    # given a step of one instance up to 10 above the threshold, and one of five beyond
    give, size = group
    steps = [
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 10, "ScalingAdjustment": 5},
    ]
    policy = give(PolicyType="StepScaling", StepAdjustments=steps)
    mon.alarms.create("a", "App", "Errors", ">", 5, actions=[policy])
    # when there are so many errors, then it grows accordingly, up to its limit
    mon.metrics.put("App", "Errors", errors)
    mon.clock.advance(minutes=1)
    assert size() == instances


def test_the_policy_of_a_group_may_be_gone(mon, group):
    give, size = group
    policy = give(ScalingAdjustment=1)
    mon.alarms.create("a", "App", "Errors", ">", 5, actions=[policy], missing="ignore")
    boto3.client("autoscaling", REGION).delete_policy(AutoScalingGroupName="g", PolicyName="grow")
    mon.alarms.set_state("a", "ALARM", reason="x")
    assert size() == 1
    assert mon.deliveries.to(policy)[0].attempts[0].error.startswith("DescribePolicies finds no")


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


# -- Application Auto Scaling ----------------------------------------------------------------------


@pytest.fixture
def service(mon):
    """An ECS service of two tasks that may have one to six."""
    ecs = boto3.client("ecs", REGION)
    ecs.create_cluster(clusterName="default")
    ecs.register_task_definition(
        family="web", containerDefinitions=[{"name": "c", "image": "i", "memory": 10}]
    )
    ecs.create_service(cluster="default", serviceName="web", taskDefinition="web", desiredCount=2)
    scaled("register_scalable_target", MinCapacity=1, MaxCapacity=6)

    def count():
        found = ecs.describe_services(cluster="default", services=["web"])["services"]
        return found[0]["desiredCount"]

    return count


def scaled(operation, **more):
    client = boto3.client("application-autoscaling", REGION)
    return getattr(client, operation)(
        ServiceNamespace="ecs", ResourceId="service/default/web",
        ScalableDimension="ecs:service:DesiredCount", **more,
    )  # fmt: skip


def stepwise(**more):
    steps = [
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 10, "ScalingAdjustment": 3},
    ]
    configuration = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": steps,
                     "Cooldown": 120, **more}  # fmt: skip
    return scaled("put_scaling_policy", PolicyName="grow", PolicyType="StepScaling",
                  StepScalingPolicyConfiguration=configuration)["PolicyARN"]  # fmt: skip


def test_a_service_grows_by_the_step_and_waits_for_its_cooldown(mon, service):
    # given an alarm above 5 errors, and a step of one task up to 15 of them, of three beyond
    boto3.client("cloudwatch", REGION).put_metric_alarm(**alarm(actions=[stepwise()]))
    # when there are 8 a minute, then there is a task more at once, and another each two minutes
    for minute, tasks in enumerate((3, 3, 4, 4, 5), 1):
        mon.metrics.put("App", "Errors", 8)
        mon.clock.advance(minutes=1)
        assert service() == tasks, minute
    # and it has its place in the alarm's history
    assert any(item.summary.startswith("Successfully executed action arn:aws:autoscaling")
               for item in mon.alarms.history.since(mon.clock.now()))  # fmt: skip


@pytest.mark.parametrize(("errors", "tasks"), [(14.9, 3), (15, 5), (99, 5)])
def test_the_step_is_that_of_the_distance_from_the_threshold(mon, service, errors, tasks):
    boto3.client("cloudwatch", REGION).put_metric_alarm(**alarm(actions=[stepwise()]))
    mon.metrics.put("App", "Errors", errors)
    mon.clock.advance(minutes=1)
    assert service() == tasks


def test_the_step_is_that_of_the_latest_datapoint(mon, service):
    # given a service that grows by a task, and by three from 15 errors a minute on
    boto3.client("cloudwatch", REGION).put_metric_alarm(**alarm(actions=[stepwise(Cooldown=0)]))
    # when there are 8, then 99, then 8 while the alarm lasts
    sizes = []
    for errors in (8, 99, 8):
        mon.metrics.put("App", "Errors", errors)
        mon.clock.advance(minutes=1)
        sizes.append(service())
    # then each minute's count decides, up to the limit of six
    assert sizes == [3, 6, 6]


def test_capacity_stays_within_its_limits(mon, service):
    arn = stepwise(StepAdjustments=[{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 50}])
    mon.alarms.create("a", "App", "Errors", ">", 5, actions=[arn])
    mon.alarms.set_state("a", "ALARM", reason="x")
    assert service() == 6


def test_the_policy_may_be_gone(mon, service):
    arn = stepwise()
    mon.alarms.create("a", "App", "Errors", ">", 5, actions=[arn], missing="ignore")
    scaled("delete_scaling_policy", PolicyName="grow")
    mon.alarms.set_state("a", "ALARM", reason="x")
    assert service() == 2
    assert mon.deliveries.to(arn)[0].attempts[0].error.startswith("DescribeScalingPolicies finds")


@pytest.mark.parametrize(
    ("kind", "amount", "least", "before", "after"),
    [  # Application Auto Scaling User Guide, "Step scaling adjustment types"
        ("ExactCapacity", 5, 1, 2, 5),
        ("ChangeInCapacity", -2, 1, 10, 8),
        ("PercentChangeInCapacity", 25, 1, 10, 12),
        ("PercentChangeInCapacity", 10, 1, 3, 4),
        ("PercentChangeInCapacity", -10, 1, 3, 2),
        ("PercentChangeInCapacity", -50, 1, 5, 3),
        ("PercentChangeInCapacity", 25, 4, 10, 14),
    ],
)
def test_adjustments(kind, amount, least, before, after):
    step = {"AdjustmentType": kind, "MinAdjustmentMagnitude": least,
            "StepAdjustments": [{"ScalingAdjustment": amount}]}  # fmt: skip
    assert adjusted(step, before, 0.0) == after


def test_target_tracking_scales_a_service_both_ways(mon, service):
    # given a policy that keeps a service at half its processor, whose alarms moto makes
    scaled(
        "put_scaling_policy", PolicyName="half", PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 50.0, "ScaleInCooldown": 0, "ScaleOutCooldown": 0,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
        },
    )  # fmt: skip
    assert len(mon.alarms) == 2
    high = next(each for each in mon.alarms if "High" in each.name)
    # when it is at 100 % for as long as the alarm wants, there are twice as many
    put_load(mon, high, 100.0)
    assert service() == 4
    # and when it has next to nothing to do, as few as there may be
    low = next(each for each in mon.alarms if "Low" in each.name)
    put_load(mon, low, 1.0)
    mon.clock.advance(minutes=3)
    assert service() == 1


def put_load(mon, watching, value):
    for _ in range(watching.evaluation_periods):
        mon.metrics.put(
            watching.namespace, watching.metric_name, value, unit="Percent",
            dimensions={each["Name"]: each["Value"] for each in watching.dimensions},
        )  # fmt: skip
        mon.clock.advance(minutes=1)


def test_without_another_mock_it_is_recorded(monitoring):
    arn = (
        "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:1:resource/ecs/service/c/s:"
        "policyName/p"
    )
    monitoring.alarms.create("a", "App", "Errors", ">", 5, actions=[arn], missing="ignore")
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    [delivery] = monitoring.deliveries.to(arn)
    assert delivery.status == "recorded"
    assert delivery.payload == {
        "ServiceNamespace": "ecs", "ResourceId": "service/c/s", "PolicyName": "p",
        "MetricValue": 5.0, "Threshold": 5.0,
    }  # fmt: skip
