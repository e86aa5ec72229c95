"""Records on their way: filter, enrichment, templates, targets, failures."""

from __future__ import annotations

import base64
import json

import boto3
import pytest

from awsmon.lang.input_template import compile_inline
from tests.pipes.conftest import (
    ACCOUNT,
    BASE,
    ENRICH,
    FUNCTION,
    QUEUE,
    STREAM,
    create,
    filters,
    running,
)

LATEST = {"KinesisStreamParameters": {"StartingPosition": "LATEST"}}


def bodies(calls):
    return [[record["body"] for record in call] for call in calls]


def test_a_function_gets_all_records_of_a_batch(monitoring, pipes, got):
    running(monitoring, pipes)
    monitoring.pipes.feed("p", ["one", {"n": 2}])
    (records,) = got
    assert [record["body"] for record in records] == ["one", '{"n":2}']
    # form: Lambda Developer Guide, "Using Lambda with Amazon SQS"
    assert records[0]["eventSource"] == "aws:sqs"
    assert records[0]["eventSourceARN"] == QUEUE
    assert records[0]["awsRegion"] == "us-east-1"


def test_batches_are_of_the_size_that_is_set(monitoring, pipes, got):
    running(monitoring, pipes, SourceParameters={"SqsQueueParameters": {"BatchSize": 2}})
    monitoring.pipes.feed("p", list("abcde"))
    assert bodies(got) == [["a", "b"], ["c", "d"], ["e"]]


@pytest.mark.parametrize(("patterns", "passed"), [
    (['{"body": {"n": [{"numeric": [">", 1]}]}}'], ['{"n":2}']),
    (['{"body": ["text"]}'], ["text"]),
    (['{"body": {"n": [1]}}', '{"body": {"n": [2]}}'], ['{"n":1}', '{"n":2}']),
    (['{"eventSource": ["aws:sqs"]}'], ['{"n":1}', '{"n":2}', "text"]),
    (['{"messageId": ["none"]}'], None),
])  # fmt: skip
def test_filters_look_into_bodies(monitoring, pipes, got, patterns, passed):
    running(monitoring, pipes, SourceParameters=filters(*patterns))
    monitoring.pipes.feed("p", [{"n": 1}, {"n": 2}, "text"])
    assert bodies(got) == ([passed] if passed else [])


def test_filters_and_templates_look_into_the_data_of_streams(monitoring, pipes, got):
    template = '{"n": <$.data.n>, "key": "<$.partitionKey>"}'
    source = {**LATEST, **filters('{"data": {"n": [2]}}')}
    running(monitoring, pipes, source=STREAM, SourceParameters=source,
            TargetParameters={"InputTemplate": template})  # fmt: skip
    monitoring.pipes.feed("p", [{"n": 1}, {"n": 2}])
    ((record,),) = got
    assert record["n"] == 2
    assert len(record["key"]) == 36


def test_a_stream_record_is_as_lambda_sees_it(monitoring, pipes, got):
    running(monitoring, pipes, source=STREAM, SourceParameters=LATEST)
    monitoring.pipes.feed("p", ["text"])
    ((record,),) = got
    assert base64.b64decode(record["data"]) == b"text"
    assert record["eventName"] == "aws:kinesis:record"
    assert record["eventID"].startswith("shardId-000000000000:")


# Source: EventBridge User Guide, "Amazon EventBridge Pipes input transformation"
RECORD = {"body": {"city": "Ulm", "n": 5, "tags": ["a"]}, "attributes": {"SenderId": "AIDA"}}


@pytest.mark.parametrize(("template", "rendered"), [
    ("Hello, sender", "Hello, sender"),
    ("<$.attributes.SenderId>", "AIDA"),
    ("Hello, <$.attributes.SenderId>", "Hello, AIDA"),
    ('{"key1": "value1"}', {"key1": "value1"}),
    ('{"city": <$.body.city>, "n": <$.body.n>, "who": "<$.attributes.SenderId>!"}',
     {"city": "Ulm", "n": 5, "who": "AIDA!"}),
    ('{"all": <$.body>}', {"all": RECORD["body"]}),
    ('{"tags": <$.body.tags>, "first": <$.body.tags[0]>}', {"tags": ["a"], "first": "a"}),
    ('{"none": <$.body.none>}', {"none": ""}),
    ('{"pipe": <aws.pipes.pipe-name>}', {"pipe": "p"}),
])  # fmt: skip
def test_templates(template, rendered):
    render = compile_inline(template, ["aws.pipes.pipe-name"])
    assert render(RECORD, {"aws.pipes.pipe-name": "p"}) == rendered


def test_reserved_names(monitoring, pipes, got):
    template = json.dumps({
        name: f"<aws.pipes.{name}>"
        for name in ("pipe-arn", "pipe-name", "source-arn", "target-arn", "event.ingestion-time")
    })  # fmt: skip
    running(monitoring, pipes, TargetParameters={"InputTemplate": template})
    monitoring.pipes.feed("p", ["x"])
    assert got == [[{
        "pipe-arn": f"arn:aws:pipes:{BASE}:pipe/p", "pipe-name": "p", "source-arn": QUEUE,
        "target-arn": FUNCTION, "event.ingestion-time": "2026-03-02T12:00:10Z",
    }]]  # fmt: skip


# -- enrichment ------------------------------------------------------------------------------------


def test_an_enrichment_decides_what_goes_on(monitoring, pipes, got):
    # given an enrichment that looks orders up
    asked = []
    monitoring.bind(ENRICH, lambda records: asked.append(records) or [
        {"id": record["id"], "name": "Ann"} for record in records
    ])  # fmt: skip
    running(monitoring, pipes, Enrichment=ENRICH,
            EnrichmentParameters={"InputTemplate": '{"id": <$.body.id>}'},
            TargetParameters={"InputTemplate": '{"who": <$.name>}'})  # fmt: skip
    monitoring.pipes.feed("p", [{"id": 1}, {"id": 2}])
    assert asked == [[{"id": 1}, {"id": 2}]]
    assert got == [[{"who": "Ann"}, {"who": "Ann"}]]


# Source: "Filtering events using enrichment"
@pytest.mark.parametrize(("answer", "sent"), [
    ("", []), ({}, []), ([], []), (None, []), ([{}], [[{}]]), ({"a": 1}, [[{"a": 1}]]),
])  # fmt: skip
def test_an_empty_answer_ends_it(monitoring, pipes, got, answer, sent):
    monitoring.bind(ENRICH, lambda _: answer)
    running(monitoring, pipes, Enrichment=ENRICH)
    monitoring.pipes.feed("p", ["x"])
    assert got == sent


def test_an_enrichment_that_nobody_stands_behind_says_so(monitoring, pipes, got):
    running(monitoring, pipes, Enrichment=ENRICH)
    monitoring.pipes.feed("p", ["x"])
    assert got == []
    assert "nobody stands behind" in pipes.describe_pipe(Name="p")["StateReason"]


def test_an_api_destination_enriches_and_is_a_target(monitoring, pipes):
    events = boto3.client("events")
    connection = events.create_connection(
        Name="c", AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "s"}},
    )["ConnectionArn"]  # fmt: skip
    arns = [
        events.create_api_destination(
            Name=name, ConnectionArn=connection, HttpMethod="POST",
            InvocationEndpoint=f"https://example.com/{name}/*",
        )["ApiDestinationArn"]
        for name in ("in", "out")
    ]  # fmt: skip
    requests = []
    monitoring.bind(arns[0], lambda request: requests.append(request) or {"found": True})
    monitoring.bind(arns[1], lambda request: requests.append(request) or 202)
    running(monitoring, pipes, target=arns[1], Enrichment=arns[0],
            EnrichmentParameters={"HttpParameters": {"PathParameterValues": ["a"]}},
            TargetParameters={"HttpParameters": {"PathParameterValues": ["b"]}})  # fmt: skip
    monitoring.pipes.feed("p", [{"n": 1}])
    assert [request["url"] for request in requests] == [
        "https://example.com/in/a", "https://example.com/out/b",
    ]  # fmt: skip
    assert json.loads(requests[1]["body"]) == {"found": True}


# -- targets ---------------------------------------------------------------------------------------


def test_a_bus_gets_events(monitoring, pipes):
    seen = []
    monitoring.event_bus.on({"account": [ACCOUNT]})(seen.append)
    bus = f"arn:aws:events:{BASE}:event-bus/default"
    running(monitoring, pipes, target=bus, TargetParameters={
        "InputTemplate": '{"id": <$.body.id>}',
        "EventBridgeEventBusParameters": {
            "Source": "shop", "DetailType": "Order", "Time": "$.body.at",
        },
    })  # fmt: skip
    create(pipes, name="plain", target=bus)
    monitoring.clock.advance(seconds=10)
    body = {"id": 7, "at": "2026-01-01T00:00:00Z"}
    monitoring.pipes.feed("p", [body])
    monitoring.pipes.feed("plain", [body])
    first, second = seen
    assert (first["source"], first["detail-type"], first["detail"]) == ("shop", "Order", {"id": 7})
    assert first["time"] == "2026-01-01T00:00:00Z"
    assert (second["source"], second["detail-type"]) == ("Pipe plain", "Event from aws:sqs")


def test_a_log_group_gets_messages(monitoring, pipes):
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/pipes")
    running(monitoring, pipes, target=f"arn:aws:logs:{BASE}:log-group:/pipes", TargetParameters={
        "InputTemplate": "order <$.body.id>",
        "CloudWatchLogsParameters": {"LogStreamName": "orders"},
    })  # fmt: skip
    monitoring.pipes.feed("p", [{"id": 1}, {"id": 2}])
    found = logs.filter_log_events(logGroupName="/pipes")["events"]
    assert [(each["logStreamName"], each["message"]) for each in found] == [
        ("orders", "order 1"), ("orders", "order 2"),
    ]  # fmt: skip


@pytest.mark.parametrize(("arn", "parameters", "operation", "part"), [
    (f"arn:aws:sqs:{BASE}:q.fifo",
     {"SqsQueueParameters": {"MessageGroupId": "$.body.id", "MessageDeduplicationId": "d"}},
     "SendMessage", {"MessageGroupId": "7", "MessageDeduplicationId": "d"}),
    (f"arn:aws:kinesis:{BASE}:stream/out",
     {"KinesisStreamParameters": {"PartitionKey": "$.body.id"}},
     "PutRecord", {"StreamName": "out", "PartitionKey": "7"}),
    (f"arn:aws:sns:{BASE}:t", {}, "Publish", {"TopicArn": f"arn:aws:sns:{BASE}:t"}),
    (f"arn:aws:batch:{BASE}:job-queue/q",
     {"BatchJobParameters": {"JobDefinition": "d", "JobName": "n"}}, "SubmitJob", {"jobName": "n"}),
    (f"arn:aws:ecs:{BASE}:cluster/c",
     {"EcsTaskParameters": {"TaskDefinitionArn": f"arn:aws:ecs:{BASE}:task-definition/t"}},
     "RunTask", {"taskDefinition": f"arn:aws:ecs:{BASE}:task-definition/t"}),
])  # fmt: skip
def test_other_targets_are_recorded_with_their_call(
    monitoring, pipes, arn, parameters, operation, part
):
    running(monitoring, pipes, target=arn, TargetParameters=parameters)
    monitoring.pipes.feed("p", [{"id": "7"}])
    (delivery,) = monitoring.deliveries
    assert delivery.request.operation == operation
    assert {**delivery.request.parameters, **part} == delivery.request.parameters


# -- failures --------------------------------------------------------------------------------------


def test_records_of_a_stream_are_tried_again_and_then_told_to_the_queue(monitoring, pipes):
    # given a target that always fails
    dead = f"arn:aws:sqs:{BASE}:dead"
    letters, times = [], []

    def fail(_):
        times.append(monitoring.clock.now())
        raise RuntimeError

    monitoring.bind(FUNCTION, fail)
    monitoring.bind(dead, letters.append)
    running(monitoring, pipes, source=STREAM, SourceParameters={"KinesisStreamParameters": {
        "StartingPosition": "LATEST", "MaximumRetryAttempts": 2, "DeadLetterConfig": {"Arn": dead},
    }})  # fmt: skip
    # when records come
    monitoring.pipes.feed("p", ["a", "b"])
    monitoring.clock.advance(minutes=5)
    # then it was tried three times, after one second and two
    assert [(at - times[0]).total_seconds() for at in times] == [0, 1, 3]
    (letter,) = [json.loads(each) for each in letters]
    assert letter["context"]["condition"] == "RetryAttemptsExhausted"
    assert letter["KinesisBatchInfo"]["batchSize"] == 2
    assert letter["KinesisBatchInfo"]["streamArn"] == STREAM


def test_a_batch_is_halved_until_the_poison_is_alone(monitoring, pipes):
    # given a target that can't do one record, and says only that it failed
    done = []

    def work(records):
        texts = [base64.b64decode(record["data"]).decode() for record in records]
        if "poison" in texts:
            raise RuntimeError
        done.extend(texts)

    monitoring.bind(FUNCTION, work)
    running(monitoring, pipes, source=STREAM, SourceParameters={"KinesisStreamParameters": {
        "StartingPosition": "LATEST", "MaximumRetryAttempts": 4,
        "OnPartialBatchItemFailure": "AUTOMATIC_BISECT",
    }})  # fmt: skip
    monitoring.pipes.feed("p", ["a", "poison", "b", "c"])
    monitoring.clock.advance(minutes=5)
    assert sorted(done) == ["a", "b", "c"]


def test_only_what_a_function_could_not_do_is_tried_again(monitoring, pipes):
    seen = []

    def work(records):
        seen.append([base64.b64decode(record["data"]).decode() for record in records])
        return {"batchItemFailures": [{"itemIdentifier": records[-1]["sequenceNumber"]}]
                if len(seen) == 1 else []}  # fmt: skip

    monitoring.bind(FUNCTION, work)
    running(monitoring, pipes, source=STREAM, SourceParameters=LATEST)
    monitoring.pipes.feed("p", ["a", "b"])
    monitoring.clock.advance(minutes=1)
    assert seen == [["a", "b"], ["b"]]


def test_a_snapshot_carries_a_pipe_and_its_work(monitoring, pipes):
    from awsmon import Monitoring

    monitoring.bind(FUNCTION, lambda _: 1 / 0)
    running(monitoring, pipes, source=STREAM, SourceParameters=LATEST)
    monitoring.pipes.feed("p", ["a"])
    other, got = Monitoring(now="2026-03-02T12:00:00Z"), []
    other.restore(monitoring.snapshot())
    other.bind(FUNCTION, lambda records: got.append(len(records)))
    other.clock.advance(minutes=1)
    assert got == [1]
