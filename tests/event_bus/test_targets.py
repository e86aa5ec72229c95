"""Targets read back from where they are: queues, topics, streams, log groups, state machines."""

from __future__ import annotations

import json

import boto3
import botocore.session
import pytest
from botocore.validate import validate_parameters

from awsmon.core.target_calls import target_call
from awsmon.moto import mock_aws
from tests.event_bus.conftest import FUNCTION, put, rule

ACCOUNT = "123456789012"
BASE = f"us-east-1:{ACCOUNT}"


def test_a_log_group_gets_the_event(monitoring, events):
    # given a rule to a log group
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/aws/events/orders")
    rule(events, arn=f"arn:aws:logs:{BASE}:log-group:/aws/events/orders")
    # when an event comes
    entry = put(events, '{"n": 1}')
    # then it is in the group
    (found,) = logs.filter_log_events(logGroupName="/aws/events/orders")["events"]
    assert json.loads(found["message"])["id"] == entry["EventId"]


# Source: AWS CDK's LogGroupTargetInput, which takes the time from $.time unless told otherwise
@pytest.mark.parametrize(("template", "milliseconds"), [
    ('{"timestamp": <time>, "message": <type>}', 1_772_449_200_000),
    ('{"timestamp": "<time>", "message": <type>}', 1_772_449_200_000),
    ('{"timestamp": 1772450000000, "message": <type>}', 1_772_450_000_000),
    ('{"timestamp": "1772450000000", "message": <type>}', 1_772_450_000_000),
])  # fmt: skip
def test_a_template_says_time_and_message_of_a_log_event(events, template, milliseconds):
    # given a rule to a log group, with a template
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/aws/events/orders")
    paths = {"time": "$.time", "type": "$.detail-type"}
    rule(events, arn=f"arn:aws:logs:{BASE}:log-group:/aws/events/orders",
         InputTransformer={"InputPathsMap": paths, "InputTemplate": template})  # fmt: skip
    # when an event of an hour ago comes
    put(events, Time="2026-03-02T11:00:00Z")
    # then the group has it as the template says
    (found,) = logs.filter_log_events(logGroupName="/aws/events/orders")["events"]
    assert (found["timestamp"], found["message"]) == (milliseconds, "Order Placed")


def test_a_log_group_that_is_not_there_is_a_failure_for_good(monitoring, events):
    rule(events, arn=f"arn:aws:logs:{BASE}:log-group:/aws/events/none")
    put(events)
    (delivery,) = monitoring.deliveries
    assert (delivery.status, len(delivery.attempts)) == ("failed", 1)


def test_an_event_that_logs_does_not_take_is_a_failure_for_good(monitoring, events):
    boto3.client("logs").create_log_group(logGroupName="/aws/events/orders")
    rule(events, arn=f"arn:aws:logs:{BASE}:log-group:/aws/events/orders", InputTransformer={
        "InputPathsMap": {"time": "$.time"},
        "InputTemplate": '{"timestamp": <time>, "message": "old"}'})  # fmt: skip
    put(events, Time="2026-02-01T11:00:00Z")
    (delivery,) = monitoring.deliveries
    assert (delivery.status, len(delivery.attempts)) == ("failed", 1)


@mock_aws()
def test_queues_and_topics_of_moto_get_the_event():
    # given a queue, a FIFO queue, and a topic with a queue behind it
    events, sqs, sns = (boto3.client(name, "us-east-1") for name in ("events", "sqs", "sns"))
    plain = sqs.create_queue(QueueName="plain")["QueueUrl"]
    fifo = sqs.create_queue(
        QueueName="first.fifo",
        Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"},
    )["QueueUrl"]
    behind = sqs.create_queue(QueueName="behind")["QueueUrl"]
    topic = sns.create_topic(Name="told")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{BASE}:behind")
    rule(events, "plain", f"arn:aws:sqs:{BASE}:plain")
    rule(events, "fifo", f"arn:aws:sqs:{BASE}:first.fifo", SqsParameters={"MessageGroupId": "g"})
    rule(events, "topic", topic)
    # when an event comes
    id_ = put(events)["EventId"]
    # then all have it
    for url in (plain, fifo):
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        assert json.loads(message["Body"])["id"] == id_
    (message,) = sqs.receive_message(QueueUrl=behind)["Messages"]
    assert json.loads(json.loads(message["Body"])["Message"])["id"] == id_


@mock_aws()
def test_a_stream_of_moto_gets_the_event():
    events, kinesis = boto3.client("events", "us-east-1"), boto3.client("kinesis", "us-east-1")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    rule(events, arn=f"arn:aws:kinesis:{BASE}:stream/s",
         KinesisParameters={"PartitionKeyPath": "$.detail.customer"})  # fmt: skip
    id_ = put(events, '{"customer": "c1"}')["EventId"]
    (shard,) = kinesis.list_shards(StreamName="s")["Shards"]
    iterator = kinesis.get_shard_iterator(
        StreamName="s", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    (record,) = kinesis.get_records(ShardIterator=iterator)["Records"]
    assert json.loads(record["Data"])["id"] == id_
    assert record["PartitionKey"] == "c1"


CALLS = [
    (f"arn:aws:states:{BASE}:stateMachine:m", {}, "{}", "stepfunctions", "StartExecution"),
    (f"arn:aws:ecs:{BASE}:cluster/c", {"EcsParameters": {
        "TaskDefinitionArn": "t:1", "TaskCount": 2, "LaunchType": "FARGATE",
        "NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": ["s"]}}}},
     '{"containerOverrides": [{"name": "x", "command": ["y"]}]}', "ecs", "RunTask"),
    (f"arn:aws:batch:{BASE}:job-queue/q", {"BatchParameters": {
        "JobDefinition": "d", "JobName": "n", "ArrayProperties": {"Size": 2},
        "RetryStrategy": {"Attempts": 3}}}, '{"Parameters": {"a": "b"}}', "batch", "SubmitJob"),
    (f"arn:aws:codebuild:{BASE}:project/p", {}, '{"sourceVersion": "main"}', "codebuild",
     "StartBuild"),
    (f"arn:aws:codepipeline:{BASE}:p", {}, "{}", "codepipeline", "StartPipelineExecution"),
    ("arn:aws:ssm:us-east-1::document/AWS-RunShellScript", {"RunCommandParameters": {
        "RunCommandTargets": [{"Key": "tag:a", "Values": ["b"]}]}}, '{"commands": ["ls"]}', "ssm",
     "SendCommand"),
    (f"arn:aws:ssm:{BASE}:automation-definition/Fix:$DEFAULT", {}, '{"InstanceId": "i-1"}', "ssm",
     "StartAutomationExecution"),
    (f"arn:aws:ssm:{BASE}:opsitem", {}, '{"source": "s", "detail-type": "t"}', "ssm",
     "CreateOpsItem"),
    (f"arn:aws:events:{BASE}:target/stop-instance", {}, '"i-1"', "ec2", "StopInstances"),
    (f"arn:aws:events:{BASE}:target/create-snapshot", {}, '"vol-1"', "ec2", "CreateSnapshot"),
    (f"arn:aws:redshift:{BASE}:cluster:c", {"RedshiftDataParameters": {
        "Database": "d", "Sql": "select 1", "DbUser": "u"}}, "{}", "redshift-data",
     "ExecuteStatement"),
    (f"arn:aws:sagemaker:{BASE}:pipeline/p", {"SageMakerPipelineParameters": {
        "PipelineParameterList": [{"Name": "n", "Value": "v"}]}}, "{}", "sagemaker",
     "StartPipelineExecution"),
    (f"arn:aws:glue:{BASE}:workflow/w", {}, "{}", "glue", "StartWorkflowRun"),
    (f"arn:aws:firehose:{BASE}:deliverystream/d", {}, "{}", "firehose", "PutRecord"),
    (f"arn:aws:lambda:{BASE}:function:f", {}, "{}", "lambda", "Invoke"),
]  # fmt: skip


@pytest.mark.parametrize(("arn", "parameters", "text", "service", "operation"), CALLS)
def test_the_request_for_a_target_is_one_that_its_api_takes(
    arn, parameters, text, service, operation
):
    name = "12345678-1234-4123-8123-123456789012"
    call = target_call(arn, text, parameters, key="k", name=name)
    assert (call.service, call.operation) == (service, operation)
    model = botocore.session.Session().get_service_model(service).operation_model(operation)
    validate_parameters(call.parameters, model.input_shape)


def test_a_target_that_nobody_stands_behind_is_recorded_with_its_request(monitoring, events):
    rule(events, arn=f"arn:aws:states:{BASE}:stateMachine:m", RoleArn="arn:aws:iam::1:role/r")
    id_ = put(events)["EventId"]
    (delivery,) = monitoring.deliveries
    assert delivery.status == "recorded"
    assert delivery.request.operation == "StartExecution"
    assert delivery.request.parameters["name"] == id_


@mock_aws()
def test_a_state_machine_of_moto_gets_the_event():
    # given a rule to a state machine
    events, sfn = boto3.client("events", "us-east-1"), boto3.client("stepfunctions", "us-east-1")
    machine = sfn.create_state_machine(
        name="m", roleArn=f"arn:aws:iam::{ACCOUNT}:role/r",
        definition='{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}',
    )["stateMachineArn"]  # fmt: skip
    rule(events, arn=machine, InputPath="$.detail", RoleArn=f"arn:aws:iam::{ACCOUNT}:role/r")
    # when an event comes
    put(events, '{"n": 1}')
    # then it is the input of an execution
    (execution,) = sfn.list_executions(stateMachineArn=machine)["executions"]
    found = sfn.describe_execution(executionArn=execution["executionArn"])
    assert json.loads(found["input"]) == {"n": 1}


@mock_aws()
def test_a_firehose_of_moto_writes_the_event_to_its_bucket():
    # given a rule to a Firehose in front of a bucket
    events, firehose, s3 = (
        boto3.client(name, "us-east-1") for name in ("events", "firehose", "s3")
    )
    s3.create_bucket(Bucket="archive")
    stream = firehose.create_delivery_stream(
        DeliveryStreamName="d",
        ExtendedS3DestinationConfiguration={
            "RoleARN": f"arn:aws:iam::{ACCOUNT}:role/r", "BucketARN": "arn:aws:s3:::archive",
        },
    )["DeliveryStreamARN"]  # fmt: skip
    rule(events, arn=stream)
    # when an event comes, it is in an object
    id_ = put(events)["EventId"]
    (found,) = s3.list_objects_v2(Bucket="archive")["Contents"]
    body = s3.get_object(Bucket="archive", Key=found["Key"])["Body"].read()
    assert json.loads(body)["id"] == id_


@mock_aws()
def test_systems_manager_of_moto_runs_the_command():
    # given a rule to a document, for instances by tag
    events, ssm = boto3.client("events", "us-east-1"), boto3.client("ssm", "us-east-1")
    tagged = [{"Key": "tag:a", "Values": ["b"]}]
    rule(events, arn="arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
         Input='{"commands": ["uptime"]}',
         RunCommandParameters={"RunCommandTargets": tagged})  # fmt: skip
    # when an event comes, the command was sent
    put(events)
    (command,) = ssm.list_commands()["Commands"]
    assert command["DocumentName"] == "AWS-RunShellScript"
    assert command["Parameters"] == {"commands": ["uptime"]}
    assert command["Targets"] == tagged


def test_a_function_logs_what_it_got(monitoring, events):
    # given a function that prints, as it would in Lambda
    monitoring.bind(FUNCTION, lambda event: print(event["detail"]))
    rule(events)
    # when an event comes, its own log group tells
    put(events, '{"n": 1}')
    logs = boto3.client("logs")
    found = logs.filter_log_events(logGroupName="/aws/lambda/work", filterPattern="\"{'n': 1}\"")
    assert len(found["events"]) == 1
