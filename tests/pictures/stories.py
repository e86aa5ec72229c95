"""A session in which much goes wrong, told once for all tests that look at it."""

from __future__ import annotations

import contextlib
import json

import boto3

REGION = "us-east-1"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:on-call"
BROKEN = f"arn:aws:lambda:{REGION}:123456789012:function:broken"


def client(name):
    return boto3.client(name, REGION)


def bad_evening(mon):
    """Errors in a shop's log for eight minutes; one of those who are told cannot be reached."""
    cloudwatch, logs, events = map(client, ("cloudwatch", "logs", "events"))
    logs.create_log_group(logGroupName="/shop")
    logs.create_log_stream(logGroupName="/shop", logStreamName="web-1")
    logs.put_metric_filter(
        logGroupName="/shop", filterName="errors", filterPattern="ERROR",
        metricTransformations=[{"metricNamespace": "Shop", "metricName": "Errors",
                                "metricValue": "1", "defaultValue": 0, "unit": "Count"}],
    )  # fmt: skip
    common = {"Period": 60, "EvaluationPeriods": 2, "ComparisonOperator": "GreaterThanThreshold"}
    cloudwatch.put_metric_alarm(
        AlarmName="checkout", AlarmDescription="Nobody can pay", Namespace="Shop",
        MetricName="Errors", Statistic="Sum", Threshold=5, AlarmActions=[TOPIC, BROKEN],
        TreatMissingData="notBreaching", **common,
    )  # fmt: skip
    cloudwatch.put_metric_alarm(
        AlarmName="heartbeat", Namespace="Shop", MetricName="Beats", Statistic="Sum",
        Threshold=5, **common,
    )  # fmt: skip
    cloudwatch.put_composite_alarm(AlarmName="shop-down", AlarmRule='ALARM("checkout")')
    pattern = {"source": ["aws.cloudwatch"]}
    events.put_rule(Name="pager", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="pager", Targets=[{"Id": "1", "Arn": TOPIC}])
    mon.bind(BROKEN, _broken)
    with contextlib.suppress(cloudwatch.exceptions.ResourceNotFound):
        cloudwatch.set_alarm_state(AlarmName="nobody", StateValue="OK", StateReason="why not")
    for minute in range(20):
        lines = ["INFO paid"] + ["ERROR <gateway> timed out"] * (9 if 5 <= minute < 13 else 0)
        mon.logs.put("/shop", "web-1", lines)
        mon.clock.advance(minutes=1)


def open_to_the_world(mon):
    """Config finds a security group that lets everybody in; needs moto."""
    config, ec2 = client("config"), client("ec2")
    role = "arn:aws:iam::123456789012:role/config"
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    client("s3").create_bucket(Bucket="configuration")
    config.put_delivery_channel(
        DeliveryChannel={"name": "default", "s3BucketName": "configuration"}
    )
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    source = {"Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED"}
    config.put_config_rule(ConfigRule={"ConfigRuleName": "restricted-ssh", "Source": source})
    group = ec2.create_security_group(GroupName="web", Description="web")["GroupId"]
    mon.clock.advance(minutes=10)
    ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )


def _broken(event, context):
    raise RuntimeError("no route to host")
