"""The tagging API over awsmon's resources, alone and with moto's."""

from __future__ import annotations

import boto3
import pytest
from moto import mock_aws

from awsmon import mock_monitoring
from tests.alarms.builders import alarm

NOW = "2026-03-02T12:00:00Z"


def clients():
    return (
        boto3.client("cloudwatch", "us-east-1"),
        boto3.client("resourcegroupstaggingapi", "us-east-1"),
    )


def build(cloudwatch):
    for name, team in [("a", "red"), ("b", "blue"), ("c", "blue")]:
        cloudwatch.put_metric_alarm(**alarm(name), Tags=[{"Key": "team", "Value": team}])
    cloudwatch.put_metric_alarm(**alarm("untagged"))
    return {
        each["AlarmName"]: each["AlarmArn"] for each in cloudwatch.describe_alarms()["MetricAlarms"]
    }


def arns(answer):
    return [each["ResourceARN"] for each in answer["ResourceTagMappingList"]]


def test_resources_are_found_by_tag_type_and_arn():
    with mock_monitoring(now=NOW):
        cloudwatch, tagging = clients()
        known = build(cloudwatch)
        blue = [{"Key": "team", "Values": ["blue"]}]
        assert arns(tagging.get_resources()) == [known[name] for name in "abc"]
        assert arns(tagging.get_resources(TagFilters=blue)) == [known["b"], known["c"]]
        found = tagging.get_resources(ResourceTypeFilters=["cloudwatch:alarm"])
        assert len(arns(found)) == 3
        assert arns(tagging.get_resources(ResourceTypeFilters=["sqs"])) == []
        assert arns(tagging.get_resources(ResourceARNList=[known["a"]])) == [known["a"]]
        pages = tagging.get_paginator("get_resources").paginate(ResourcesPerPage=2)
        assert [len(arns(page)) for page in pages] == [2, 1]
        assert tagging.get_tag_keys()["TagKeys"] == ["team"]
        assert tagging.get_tag_values(Key="team")["TagValues"] == ["blue", "red"]


def test_tags_are_those_of_the_service_itself():
    with mock_monitoring(now=NOW):
        cloudwatch, tagging = clients()
        arn = build(cloudwatch)["untagged"]
        failed = tagging.tag_resources(
            ResourceARNList=[arn, arn + "x"], Tags={"stage": "test", "team": "green"}
        )["FailedResourcesMap"]
        assert list(failed) == [arn + "x"]
        tagging.untag_resources(ResourceARNList=[arn], TagKeys=["team"])
        tags = cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]
        assert tags == [{"Key": "stage", "Value": "test"}]


@pytest.mark.parametrize("outside", [True, False])
def test_with_moto_both_ones_resources_are_found(outside):
    first, second = (mock_aws(), mock_monitoring(now=NOW))[:: 1 if outside else -1]
    with first, second:
        cloudwatch, tagging = clients()
        known = build(cloudwatch)
        sqs = boto3.client("sqs", "us-east-1")
        sqs.create_queue(QueueName="q", tags={"team": "blue"})
        found = arns(tagging.get_resources(TagFilters=[{"Key": "team", "Values": ["blue"]}]))
        assert sorted(found) == sorted(
            [known["b"], known["c"], "arn:aws:sqs:us-east-1:123456789012:q"]
        )
        tagging.tag_resources(ResourceARNList=[known["a"]], Tags={"team": "blue"})
        assert {"Key": "team", "Value": "blue"} in cloudwatch.list_tags_for_resource(
            ResourceARN=known["a"]
        )["Tags"]


def test_metrics_that_moto_writes_are_awsmons():
    with mock_monitoring(now=NOW) as mon, mock_aws():
        kinesis = boto3.client("kinesis", "us-east-1")
        kinesis.create_stream(StreamName="s", ShardCount=1)
        kinesis.put_record(StreamName="s", Data=b"abc", PartitionKey="1")
        names = {metric.name for metric in mon.metrics if metric.namespace == "AWS/Kinesis"}
        assert "IncomingRecords" in names


def test_alarms_that_moto_puts_are_awsmons():
    with mock_aws(), mock_monitoring(now=NOW) as mon:
        scaling = boto3.client("application-autoscaling", "us-east-1")
        boto3.client("dynamodb", "us-east-1").create_table(
            TableName="t", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        )  # fmt: skip
        target = {"ServiceNamespace": "dynamodb", "ResourceId": "table/t",
                  "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}  # fmt: skip
        scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=5)
        scaling.put_scaling_policy(
            **target, PolicyName="p", PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 70,
                "PredefinedMetricSpecification": {
                    "PredefinedMetricType": "DynamoDBReadCapacityUtilization"
                },
            },
        )  # fmt: skip
        assert len(mon.alarms) == 4
        assert all(alarm.name.startswith("TargetTracking-table/t") for alarm in mon.alarms)
        scaling.delete_scaling_policy(**target, PolicyName="p")
        assert len(mon.alarms) == 0
