"""Live Tail: a stream that shows events as they come in."""

from __future__ import annotations

import asyncio
import itertools
import threading

import boto3
import pytest
from botocore.exceptions import ClientError, EventStreamError

from awsmon import mock_monitoring

ARN = "arn:aws:logs:us-east-1:123456789012:log-group:/app"


@pytest.fixture
def logs(monitoring):
    client = boto3.client("logs")
    client.create_log_group(logGroupName="/app")
    client.create_log_stream(logGroupName="/app", logStreamName="web-1")
    return client


def started(logs, **request):
    """The stream of a session, behind its first event, which is given too."""
    stream = logs.start_live_tail(logGroupIdentifiers=[ARN], **request)["responseStream"]
    events = iter(stream)
    return stream, events, next(events)["sessionStart"]


def messages(update):
    return [each["message"] for each in update["sessionUpdate"]["sessionResults"]]


def test_a_session_tells_what_it_is_about_and_then_what_comes_in(monitoring, logs):
    # given an event from before the session
    monitoring.logs.put("/app", "web-1", "before")
    # when a session is started, and an event put
    stream, events, start = started(logs, logEventFilterPattern="ERROR")
    monitoring.logs.put("/app", "web-1", ["ERROR one", "fine"])
    # then the session tells what it was asked, and shows the event with all that AWS says of it
    assert start["logGroupIdentifiers"] == [ARN]
    assert start["logEventFilterPattern"] == "ERROR"
    assert start["sessionId"] != start["requestId"]
    assert "logStreamNames" not in start
    update = next(events)
    assert update == {
        "sessionUpdate": {
            "sessionMetadata": {"sampled": False},
            "sessionResults": [
                {
                    "logStreamName": "web-1",
                    "logGroupIdentifier": "123456789012:/app",
                    "message": "ERROR one",
                    "timestamp": 1772452800000,
                    "ingestionTime": 1772452800000,
                }
            ],
        }
    }
    stream.close()


def test_events_that_a_client_puts_meanwhile_are_seen(monitoring, logs):
    # given an open session
    logs.create_log_stream(logGroupName="/app", logStreamName="web-2")
    session, events, _ = started(logs)
    # when a client puts an event
    logs.put_log_events(
        logGroupName="/app", logStreamName="web-2",
        logEvents=[{"timestamp": 1772452800000, "message": "hello"}],
    )  # fmt: skip
    # then the next update has it
    assert messages(next(events)) == ["hello"]
    session.close()


def test_a_second_without_events_gives_an_empty_update(monitoring, logs):
    stream, events, _ = started(logs)
    before = monitoring.clock.now()
    assert messages(next(events)) == []
    assert (monitoring.clock.now() - before).total_seconds() == pytest.approx(1)
    stream.close()


def test_each_update_shows_what_came_since_the_last(monitoring, logs):
    stream, events, _ = started(logs)
    monitoring.logs.put("/app", "web-1", "one")
    assert messages(next(events)) == ["one"]
    monitoring.clock.advance(minutes=1)
    monitoring.logs.put("/app", "web-1", "two")
    assert messages(next(events)) == ["two"]
    stream.close()


@pytest.mark.parametrize(
    ("request_", "shown"),
    [
        ({}, ["a", "b", "c"]),
        ({"logStreamNames": ["web-1"]}, ["a"]),
        ({"logStreamNamePrefixes": ["web-"]}, ["a", "b"]),
        ({"logStreamNamePrefixes": ["api", "web-2"]}, ["b", "c"]),
    ],
)
def test_streams_are_chosen_by_name_or_prefix(monitoring, logs, request_, shown):
    stream, events, _ = started(logs, **request_)
    for name, message in (("web-1", "a"), ("web-2", "b"), ("api-1", "c")):
        monitoring.logs.put("/app", name, message)
    assert messages(next(events)) == shown
    stream.close()


def test_more_than_500_events_at_once_are_sampled(monitoring, logs):
    stream, events, _ = started(logs)
    monitoring.logs.put("/app", "web-1", [str(number) for number in range(1200)])
    update = next(events)
    assert update["sessionUpdate"]["sessionMetadata"]["sampled"] is True
    assert len(messages(update)) == 500 == len(set(messages(update)))
    stream.close()


def test_a_closed_session_ends(monitoring, logs):
    stream, events, _ = started(logs)
    stream.close()
    assert list(events) == []
    # and costs nothing any more
    monitoring.logs.put("/app", "web-1", "unseen")


def test_a_session_times_out_after_three_hours(monitoring, logs):
    stream, events, _ = started(logs)
    monitoring.clock.advance(hours=3)
    with pytest.raises(EventStreamError, match="SessionTimeoutException"):
        next(events)
    assert list(stream) == []


def test_fifteen_sessions_at_a_time_are_the_most(monitoring, logs):
    # given fifteen open sessions
    sessions = [logs.start_live_tail(logGroupIdentifiers=[ARN]) for _ in range(15)]
    # then there can't be another
    with pytest.raises(ClientError) as caught:
        logs.start_live_tail(logGroupIdentifiers=[ARN])
    assert caught.value.response["Error"] == {
        "Code": "LimitExceededException", "Message": "Resource limit exceeded.",
    }  # fmt: skip
    # until one is closed, or all have timed out
    sessions[0]["responseStream"].close()
    logs.start_live_tail(logGroupIdentifiers=[ARN])
    monitoring.clock.advance(hours=3)
    logs.start_live_tail(logGroupIdentifiers=[ARN])


def test_another_thread_may_read_while_this_one_puts(monitoring, logs):
    stream, _, _ = started(logs)
    seen: list[str] = []

    def read():
        for update in stream:
            seen.extend(messages(update))
            if seen:
                stream.close()

    reader = threading.Thread(target=read)
    reader.start()
    logs.put_log_events(
        logGroupName="/app", logStreamName="web-1",
        logEvents=[{"timestamp": 1772452800000, "message": "from here"}],
    )  # fmt: skip
    reader.join(timeout=10)
    assert seen == ["from here"]


def test_it_can_be_read_asynchronously(monitoring, logs):
    stream = logs.start_live_tail(logGroupIdentifiers=[ARN])["responseStream"]

    async def read():
        found = []
        async for event in stream:
            found.append(event)
            if len(found) == 2:
                stream.close()
        return found

    start, update = asyncio.run(read())
    assert "sessionStart" in start
    assert messages(update) == []


def test_it_is_the_same_on_the_wire():
    with mock_monitoring(now="2026-03-02T12:00:00Z", wire=True) as monitoring:
        monitoring.logs.put("/app", "web-1", "before")
        logs = boto3.client("logs", region_name="us-east-1")
        answer = logs.start_live_tail(logGroupIdentifiers=[ARN])
        monitoring.logs.put("/app", "web-1", "after")
        start, update = itertools.islice(answer["responseStream"], 2)
        assert start["sessionStart"]["logGroupIdentifiers"] == [ARN]
        assert messages(update) == ["after"]


@pytest.mark.parametrize(
    ("request_", "code", "message"),
    [
        ({"logGroupIdentifiers": [ARN], "logStreamNames": ["a"], "logStreamNamePrefixes": ["b"]},
         "InvalidParameterException",
         "Only one of logStreamNames or logStreamNamePrefixes can be provided."),
        ({"logGroupIdentifiers": [ARN, ARN], "logStreamNames": ["a"]},
         "InvalidParameterException",
         "logStreamNames and logStreamNamePrefixes can only be used with a single log group."),
        ({"logGroupIdentifiers": [f"{ARN}x"]},
         "ResourceNotFoundException", "The specified log group does not exist."),
        ({"logGroupIdentifiers": ["/app"]},
         "InvalidParameterException", "The log group must be specified by its ARN: /app"),
        ({"logGroupIdentifiers": [ARN], "logEventFilterPattern": "foo/bar"},
         "InvalidParameterException", "Invalid character(s) in term '/'"),
    ],
)  # fmt: skip
def test_what_is_refused(monitoring, logs, request_, code, message):
    with pytest.raises(ClientError) as caught:
        logs.start_live_tail(**request_)
    assert caught.value.response["Error"] == {"Code": code, "Message": message}
