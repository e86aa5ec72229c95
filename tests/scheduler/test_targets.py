"""What schedules set off, read back from where it went."""

from __future__ import annotations

import json

import boto3
import pytest

from awsmon.moto import mock_aws
from tests.scheduler.conftest import ACCOUNT, BASE, DEAD, FUNCTION, schedule

AT = "at(2026-03-02T12:03:00)"


def test_without_an_input_the_target_gets_an_event(monitoring, scheduler):
    arn = scheduler.create_schedule(**schedule(AT))["ScheduleArn"]
    monitoring.clock.advance(minutes=5)
    (delivery,) = monitoring.deliveries
    event = delivery.payload
    # as it was seen; the detail is a text
    assert event.pop("id")
    assert event == {
        "version": "0", "detail-type": "Scheduled Event", "source": "aws.scheduler",
        "account": ACCOUNT, "time": "2026-03-02T12:03:00Z", "region": "us-east-1",
        "resources": [arn], "detail": "{}",
    }  # fmt: skip


def test_the_input_is_filled_in(monitoring, scheduler):
    words = {
        "arn": "<aws.scheduler.schedule-arn>", "at": "<aws.scheduler.scheduled-time>",
        "id": "<aws.scheduler.execution-id>", "try": "<aws.scheduler.attempt-number>",
    }  # fmt: skip
    arn = scheduler.create_schedule(**schedule(AT, target={"Input": json.dumps(words)}))
    monitoring.clock.advance(minutes=5)
    (delivery,) = monitoring.deliveries
    filled = dict(delivery.payload)
    assert len(filled.pop("id")) == 36
    assert filled == {"arn": arn["ScheduleArn"], "at": "2026-03-02T12:03:00Z", "try": "1"}


def test_a_bus_gets_an_event_that_rules_match(monitoring, scheduler):
    # given a rule that forwards to another bus: what a schedule puts is no forwarded event
    events = boto3.client("events")
    bus = events.create_event_bus(Name="other")["EventBusArn"]
    events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": bus}])
    got = []
    monitoring.event_bus.on({"detail-type": ["Tick"]}, bus="other")(got.append)
    # when the schedule is due
    scheduler.create_schedule(
        **schedule(AT, arn=f"arn:aws:events:{BASE}:event-bus/default", target={
            "EventBridgeParameters": {"DetailType": "Tick", "Source": "shop"},
            "Input": '{"n": 1}',
        })
    )  # fmt: skip
    monitoring.clock.advance(minutes=5)
    # then the event came through both buses
    (event,) = got
    assert (event["source"], event["detail"]) == ("shop", {"n": 1})


@pytest.mark.parametrize("text", ["[1]", '"text"', "null"])
def test_a_bus_takes_no_detail_but_an_object(monitoring, scheduler, text):
    # Source: PutEvents, as recorded (LocalStack): such a detail is malformed
    monitoring.event_bus.on({"detail-type": ["Tick"]})(lambda _: pytest.fail("no event"))
    scheduler.create_schedule(
        **schedule(AT, arn=f"arn:aws:events:{BASE}:event-bus/default", target={
            "EventBridgeParameters": {"DetailType": "Tick", "Source": "shop"}, "Input": text,
        })
    )  # fmt: skip
    monitoring.clock.advance(minutes=5)
    (delivery,) = monitoring.deliveries
    assert (delivery.status, delivery.attempts[0].code) == ("failed", "MalformedDetail")


@mock_aws()
def test_a_queue_of_moto_gets_the_input():
    sqs, scheduler = (boto3.client(name, "us-east-1") for name in ("sqs", "scheduler"))
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    scheduler.create_schedule(
        **schedule("rate(1 minute)", arn=f"arn:aws:sqs:{BASE}:q", target={"Input": "hello"})
    )
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == "hello"


@mock_aws()
def test_a_universal_target_is_any_call_that_writes():
    # given schedules that call SQS and Step Functions, members written as the guide writes them
    sqs, scheduler, sfn = (
        boto3.client(name, "us-east-1") for name in ("sqs", "scheduler", "stepfunctions")
    )
    role = f"arn:aws:iam::{ACCOUNT}:role/states"
    machine = sfn.create_state_machine(
        name="m", roleArn=role, definition='{"StartAt":"a","States":{"a":{"Type":"Succeed"}}}'
    )["stateMachineArn"]
    for name, service, request in (
        ("queue", "sqs:createQueue", {"QueueName": "made"}),
        ("machine", "sfn:startExecution", {"StateMachineArn": machine, "Input": "{}"}),
        ("mine", "cloudwatchlogs:createLogGroup", {"LogGroupName": "made"}),
    ):
        arn = f"arn:aws:scheduler:::aws-sdk:{service}"
        target = {"Input": json.dumps(request)}
        scheduler.create_schedule(**schedule("rate(1 day)", name=name, arn=arn, target=target))
    # then all three calls were made
    assert sqs.get_queue_url(QueueName="made")["QueueUrl"]
    assert len(sfn.list_executions(stateMachineArn=machine)["executions"]) == 1
    groups = boto3.client("logs", "us-east-1").describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["made"]


@pytest.mark.parametrize(("action", "request_"), [
    ("cloudwatchlogs:makeLogGroup", {}),
    ("nosuchservice:doIt", {}),
    ("cloudwatchlogs:createLogGroup", {"name": 5}),
])  # fmt: skip
def test_a_call_that_cannot_be_made_fails_for_good(monitoring, scheduler, action, request_):
    arn = f"arn:aws:scheduler:::aws-sdk:{action}"
    scheduler.create_schedule(**schedule(AT, arn=arn, target={"Input": json.dumps(request_)}))
    monitoring.clock.advance(minutes=10)
    (delivery,) = monitoring.deliveries
    assert len(delivery.attempts) <= 1
    assert delivery.status in ("failed", "recorded")


@pytest.mark.parametrize(("arn", "target", "service", "operation", "part"), [
    (f"arn:aws:sns:{BASE}:t", {"Input": "hi"}, "sns", "Publish", {"Message": "hi"}),
    (f"arn:aws:kinesis:{BASE}:stream/s", {"KinesisParameters": {"PartitionKey": "k"}},
     "kinesis", "PutRecord", {"StreamName": "s", "PartitionKey": "k"}),
    (f"arn:aws:firehose:{BASE}:deliverystream/s", {}, "firehose", "PutRecord",
     {"DeliveryStreamName": "s"}),
    (f"arn:aws:states:{BASE}:stateMachine:m", {"Input": "{}"}, "stepfunctions",
     "StartExecution", {"input": "{}"}),
    (f"arn:aws:ecs:{BASE}:cluster/c",
     {"EcsParameters": {"TaskDefinitionArn": "t", "LaunchType": "FARGATE"}}, "ecs", "RunTask",
     {"taskDefinition": "t", "launchType": "FARGATE", "startedBy": "chronos-schedule/s"}),
    (f"arn:aws:codebuild:{BASE}:project/p", {}, "codebuild", "StartBuild", {"projectName": "p"}),
    (f"arn:aws:codepipeline:{BASE}:p", {}, "codepipeline", "StartPipelineExecution",
     {"name": "p"}),
    (f"arn:aws:sagemaker:{BASE}:pipeline/p", {}, "sagemaker", "StartPipelineExecution",
     {"PipelineName": "p"}),
    (f"arn:aws:sqs:{BASE}:q.fifo", {"SqsParameters": {"MessageGroupId": "g"}}, "sqs",
     "SendMessage", {"MessageGroupId": "g"}),
])  # fmt: skip
def test_templated_targets_are_recorded_with_their_call(
    monitoring, scheduler, arn, target, service, operation, part
):
    scheduler.create_schedule(**schedule(AT, arn=arn, target=target))
    monitoring.clock.advance(minutes=5)
    (delivery,) = monitoring.deliveries
    call = delivery.request
    assert (delivery.status, call.service, call.operation) == ("recorded", service, operation)
    assert {**call.parameters, **part} == call.parameters


def test_a_target_that_fails_is_tried_again_and_then_told_to_the_queue(monitoring, scheduler):
    # given a queue that nobody has, and a dead-letter queue
    def fail(_):
        raise RuntimeError("busy")

    queue = f"arn:aws:sqs:{BASE}:q"
    monitoring.bind(queue, fail)
    arn = scheduler.create_schedule(
        **schedule(AT, arn=queue, target={
            "Input": "hello", "RetryPolicy": {"MaximumRetryAttempts": 2},
            "DeadLetterConfig": {"Arn": DEAD},
        })
    )["ScheduleArn"]  # fmt: skip
    # when it was due
    monitoring.clock.advance(minutes=10)
    # then it was tried three times, and the dead letter says why
    tried, letter = monitoring.deliveries
    assert (tried.status, len(tried.attempts)) == ("dead-lettered", 3)
    told = letter.request.parameters["MessageAttributes"]
    assert {name: value["StringValue"] for name, value in told.items()} == {
        "ERROR_CODE": "RuntimeError", "ERROR_MESSAGE": "RuntimeError: busy",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts", "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "2", "SCHEDULED_TIME": "2026-03-02T12:03:00Z", "SCHEDULE_ARN": arn,
        "TARGET_ARN": queue,
    }  # fmt: skip
    assert letter.payload == "hello"


def test_a_schedule_of_another_account_and_region_works_there(monitoring):
    # given a schedule elsewhere that makes a log group
    there = monitoring.at("111111111111", "eu-west-1")
    scheduler = boto3.client("scheduler", "eu-west-1", **there.credentials)
    scheduler.create_schedule(
        **schedule(AT, arn="arn:aws:scheduler:::aws-sdk:cloudwatchlogs:createLogGroup",
                   target={"Input": '{"LogGroupName": "g"}'})
    )  # fmt: skip
    monitoring.clock.advance(minutes=5)
    # then it is there, and not here
    assert "g" in there.logs
    assert "g" not in monitoring.logs


def test_the_trace_leads_from_the_call_to_the_target(monitoring, scheduler):
    monitoring.bind(FUNCTION, lambda _: None)
    scheduler.create_schedule(**schedule(AT))
    monitoring.clock.advance(minutes=5)
    text = str(monitoring.trace())
    assert text.index("CreateSchedule") < text.index(FUNCTION)
