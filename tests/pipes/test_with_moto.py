"""Pipes from and to moto's queues and streams."""

from __future__ import annotations

import json
from base64 import b64decode

import boto3
import moto
import pytest

from tests.pipes.conftest import ACCOUNT, BASE, FUNCTION, QUEUE, create


def client(name):
    return boto3.client(name, "us-east-1")


@pytest.fixture
def mon(monitoring):
    with moto.mock_aws():
        yield monitoring


def running(mon, **more):
    create(client("pipes"), **more)
    mon.clock.advance(seconds=10)


def test_messages_move_from_queue_to_queue(mon):
    # given a message that was there before, and a pipe between two queues
    sqs = client("sqs")
    source, target = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("orders", "out"))
    sqs.send_message(QueueUrl=source, MessageBody='{"n": 1}')
    running(mon, target=f"arn:aws:sqs:{BASE}:out", SourceParameters={
        "FilterCriteria": {"Filters": [{"Pattern": '{"body": {"n": [1, 2]}}'}]},
    }, TargetParameters={"InputTemplate": '{"number": <$.body.n>}'})  # fmt: skip
    # when more come
    for number in (2, 3):
        sqs.send_message(QueueUrl=source, MessageBody=json.dumps({"n": number}))
    # then those that the filter lets through are in the other, and the first is empty
    found = sqs.receive_message(QueueUrl=target, MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(each["Body"]) for each in found] == [{"number": 1}, {"number": 2}]
    left = sqs.get_queue_attributes(QueueUrl=source, AttributeNames=["All"])["Attributes"]
    assert (
        left["ApproximateNumberOfMessages"] == left["ApproximateNumberOfMessagesNotVisible"] == "0"
    )


def test_a_message_that_failed_stays_in_its_queue(mon):
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    mon.bind(FUNCTION, lambda records: {
        "batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in records
                              if each["body"] == "bad"],
    })  # fmt: skip
    running(mon)
    for body in ("good", "bad"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessagesNotVisible"] == "1"


def test_a_topic_fills_the_queue_of_a_pipe(mon):
    sqs, sns, got = client("sqs"), client("sns"), []
    sqs.create_queue(QueueName="orders")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)
    mon.bind(FUNCTION, got.append)
    running(mon, SourceParameters={"SqsQueueParameters": {"MaximumBatchingWindowInSeconds": 5}})
    for number in range(3):
        sns.publish(TopicArn=topic, Message=str(number))
    assert got == []  # the window is open
    mon.clock.advance(seconds=5)
    assert [len(records) for records in got] == [3]


@pytest.mark.parametrize("position", ["TRIM_HORIZON", "LATEST"])
def test_records_of_a_stream(mon, position):
    # given a stream with a record
    kinesis, got = client("kinesis"), []
    kinesis.create_stream(StreamName="s", ShardCount=2)
    kinesis.put_record(StreamName="s", Data=b"early", PartitionKey="k")
    mon.bind(FUNCTION, lambda records: got.extend(b64decode(each["data"]) for each in records))
    running(mon, source=f"arn:aws:kinesis:{BASE}:stream/s", SourceParameters={
        "KinesisStreamParameters": {"StartingPosition": position}})  # fmt: skip
    # when others come
    for number in range(3):
        kinesis.put_record(StreamName="s", Data=str(number).encode(), PartitionKey=str(number))
    # then they went through, the early one if it was to
    expected = [b"0", b"1", b"2"] + ([b"early"] if position == "TRIM_HORIZON" else [])
    assert sorted(got) == expected


def test_changes_of_a_table(mon):
    dynamodb, got = client("dynamodb"), []
    table = dynamodb.create_table(
        TableName="t", BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]["LatestStreamArn"]  # fmt: skip
    mon.bind(FUNCTION, got.extend)
    running(mon, source=table, SourceParameters={
        "DynamoDBStreamParameters": {"StartingPosition": "TRIM_HORIZON"},
        "FilterCriteria": {"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}]},
    })  # fmt: skip
    dynamodb.put_item(TableName="t", Item={"id": {"S": "1"}})
    dynamodb.delete_item(TableName="t", Key={"id": {"S": "1"}})
    dynamodb.put_item(TableName="t", Item={"id": {"S": "2"}})
    assert [each["dynamodb"]["NewImage"]["id"]["S"] for each in got] == ["1", "2"]
    assert got[0]["eventSourceARN"] == table


def test_one_pipe_after_another(mon):
    sqs, got = client("sqs"), []
    for name in ("orders", "middle"):
        sqs.create_queue(QueueName=name)
    mon.bind(FUNCTION, lambda records: got.extend(record["body"] for record in records))
    middle = f"arn:aws:sqs:{BASE}:middle"
    create(client("pipes"), target=middle, name="first",
           TargetParameters={"InputTemplate": "<$.body>"})  # fmt: skip
    running(mon, source=middle, name="second")
    url = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/orders"
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    assert got == ["hello"]
