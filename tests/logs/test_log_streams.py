"""Log streams."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.logs.conftest import NOW, event, refused


def names(answer):
    return [each["logStreamName"] for each in answer["logStreams"]]


def test_a_stream_is_described_as_aws_does(logs, stream):
    [found] = logs.describe_log_streams(logGroupName="/app")["logStreams"]
    assert found == {  # recorded 2026
        "arn": "arn:aws:logs:us-east-1:123456789012:log-group:/app:log-stream:web",
        "creationTime": NOW,
        "logStreamName": "web",
        "storedBytes": 0,
    }


def test_a_stream_tells_of_its_events(monitoring, logs, stream):
    logs.put_log_events(**stream, logEvents=[event("a", -60), event("b", -30)])
    [found] = logs.describe_log_streams(logGroupName="/app")["logStreams"]
    assert found["firstEventTimestamp"] == NOW - 60_000
    assert found["lastEventTimestamp"] == NOW - 30_000
    assert found["lastIngestionTime"] == NOW
    assert found["uploadSequenceToken"].isdigit()
    assert found["storedBytes"] == 0


def test_a_name_is_taken_once(logs, stream):
    with pytest.raises(ClientError) as error:
        logs.create_log_stream(**stream)
    assert refused(error) == (
        "ResourceAlreadyExistsException",
        "The specified log stream already exists",
    )


def test_a_deleted_stream_is_gone(logs, stream):
    logs.put_log_events(**stream, logEvents=[event("a")])
    logs.delete_log_stream(**stream)
    assert names(logs.describe_log_streams(logGroupName="/app")) == []
    assert logs.filter_log_events(logGroupName="/app")["events"] == []
    with pytest.raises(ClientError) as error:
        logs.delete_log_stream(**stream)
    assert refused(error) == (
        "ResourceNotFoundException",
        "The specified log stream does not exist.",
    )


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, ["a1", "a2", "b"]),
        ({"descending": True}, ["b", "a2", "a1"]),
        ({"logStreamNamePrefix": "a"}, ["a1", "a2"]),
        ({"orderBy": "LastEventTime"}, ["b", "a2", "a1"]),
        ({"orderBy": "LastEventTime", "descending": True}, ["a1", "a2", "b"]),
    ],
)
def test_streams_are_found_in_order(logs, how, expected):
    # given a1 with the newest event, a2 with an older one, b without any
    logs.create_log_group(logGroupName="/app")
    for name in ("b", "a2", "a1"):
        logs.create_log_stream(logGroupName="/app", logStreamName=name)
    for name, when in (("a1", -1), ("a2", -2)):
        logs.put_log_events(logGroupName="/app", logStreamName=name, logEvents=[event("x", when)])
    assert names(logs.describe_log_streams(logGroupName="/app", **how)) == expected
    by_arn = "arn:aws:logs:us-east-1:123456789012:log-group:/app"
    assert names(logs.describe_log_streams(logGroupIdentifier=by_arn, **how)) == expected


def test_streams_come_in_pages(logs):
    logs.create_log_group(logGroupName="/app")
    for number in range(120):
        logs.create_log_stream(logGroupName="/app", logStreamName=f"s{number:03}")
    pages = logs.get_paginator("describe_log_streams").paginate(logGroupName="/app")
    found = [names(page) for page in pages]
    assert [len(page) for page in found] == [50, 50, 20]
    assert [name for page in found for name in page] == [f"s{number:03}" for number in range(120)]


@pytest.mark.parametrize("order", ["LogStreamName", "LastEventTime"])
@pytest.mark.parametrize("descending", [False, True])
def test_streams_deleted_page_by_page_are_all_found(logs, order, descending):
    logs.create_log_group(logGroupName="/app")
    for number in range(120):
        logs.create_log_stream(logGroupName="/app", logStreamName=f"s{number:03}")
    for page in logs.get_paginator("describe_log_streams").paginate(
        logGroupName="/app", orderBy=order, descending=descending
    ):
        for name in names(page):
            logs.delete_log_stream(logGroupName="/app", logStreamName=name)
    assert names(logs.describe_log_streams(logGroupName="/app")) == []


@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        ({"logGroupName": "/app", "logStreamNamePrefix": "a", "orderBy": "LastEventTime"},
         "InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix."),
        ({"logGroupName": "/app", "logGroupIdentifier": "/app"},
         "ValidationException",
         "LogGroup name and LogGroup ARN are mutually exclusive parameters."),
        ({}, "ValidationException", "Either LogGroup name or LogGroup ARN must be specified."),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(logs, stream, how, code, message):
    with pytest.raises(ClientError) as error:
        logs.describe_log_streams(**how)
    assert refused(error) == (code, message)
