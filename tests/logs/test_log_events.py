"""Log events: put with every rule, read page by page."""

from __future__ import annotations

import random

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmon import Monitoring
from awsmon.logs.reading import matching
from awsmon.logs.store import Events, event_id, place
from tests.logs.conftest import NOW, event, messages, refused

HOUR = 3600
DAY = 24 * HOUR


# -- putting ---------------------------------------------------------------------------------------


def test_events_that_were_put_are_read(logs, stream):
    answer = logs.put_log_events(**stream, logEvents=[event("a", -1), event("b")])
    assert "rejectedLogEventsInfo" not in answer
    assert answer["nextSequenceToken"].isdigit()
    found = logs.get_log_events(**stream)
    assert found["events"] == [
        {"timestamp": NOW - 1000, "message": "a", "ingestionTime": NOW},
        {"timestamp": NOW, "message": "b", "ingestionTime": NOW},
    ]


def test_a_sequence_token_plays_no_part(logs, stream):
    logs.put_log_events(**stream, logEvents=[event("a")], sequenceToken="1")
    logs.put_log_events(**stream, logEvents=[event("b")], sequenceToken="1")
    assert messages(logs.get_log_events(**stream)) == ["a", "b"]


def test_a_late_batch_goes_to_its_place(logs, stream):
    logs.put_log_events(**stream, logEvents=[event("c"), event("d", 1)])
    logs.put_log_events(**stream, logEvents=[event("a", -2), event("b", -1), event("e", 1)])
    assert messages(logs.get_log_events(**stream)) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("events", "rejected", "kept"),
    [  # API reference, RejectedLogEventsInfo: the first too new, one past the last too old
        ([(-15 * DAY, "old"), (0, "x")], {"tooOldLogEventEndIndex": 1}, ["x"]),
        ([(0, "x"), (3 * HOUR, "new")], {"tooNewLogEventStartIndex": 1}, ["x"]),
        ([(0, "x"), (1000 * NOW, "nanoseconds")], {"tooNewLogEventStartIndex": 1}, ["x"]),
        ([(0, "x"), (2**63 // 1000 - NOW, "no date")], {"tooNewLogEventStartIndex": 1}, ["x"]),
        ([(-15 * DAY, "old"), (0, "x"), (3 * HOUR, "new")],
         {"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 2}, ["x"]),
        ([(-8 * DAY, "a"), (-8 * DAY, "b"), (0, "x")], {"expiredLogEventEndIndex": 2}, ["x"]),
        ([(-15 * DAY, "old"), (-8 * DAY, "b")],
         {"tooOldLogEventEndIndex": 1, "expiredLogEventEndIndex": 2}, []),
        ([(-7 * DAY, "edge"), (-7 * DAY + 1, "x")], None, ["edge", "x"]),
        ([(2 * HOUR, "edge")], None, ["edge"]),
    ],
)  # fmt: skip
def test_events_out_of_range_are_left_out_and_told(logs, stream, events, rejected, kept):
    logs.put_retention_policy(logGroupName="/app", retentionInDays=7)
    answer = logs.put_log_events(
        **stream, logEvents=[event(message, seconds) for seconds, message in events]
    )
    assert answer.get("rejectedLogEventsInfo") == rejected
    assert messages(logs.get_log_events(**stream)) == kept


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([event("a"), event("b", -1)],
         "Log events in a single PutLogEvents request must be in chronological order."),
        ([event("a", -25 * HOUR), event("b")],
         "The batch of log events in a single PutLogEvents request cannot span more than "
         "24 hours."),
        ([event("x" * 1_048_551)], "Log event too large: 1048577 bytes exceeds limit of 1048576"),
        ([event("x" * 524_262), event("x" * 524_263)],
         "Upload too large: 1048577 bytes exceeds limit of 1048576"),
        ([event("é" * 524_276)], "Log event too large: 1048578 bytes exceeds limit of 1048576"),
    ],
)  # fmt: skip
def test_a_batch_against_the_rules_is_refused_as_a_whole(logs, stream, events, message):
    with pytest.raises(ClientError) as error:
        logs.put_log_events(**stream, logEvents=events)
    assert refused(error) == ("InvalidParameterException", message)
    assert messages(logs.get_log_events(**stream)) == []


def test_the_largest_batches_are_taken(logs, stream):
    logs.put_log_events(**stream, logEvents=[event("x" * 1_048_550)])
    logs.put_log_events(**stream, logEvents=[event("x")] * 10_000)
    logs.put_log_events(**stream, logEvents=[event("a", -24 * HOUR), event("b")])
    assert logs.describe_log_groups()["logGroups"][0]["storedBytes"] == (
        1_048_550 + 10_000 + 2 + 26 * 10_003
    )


def test_the_model_bounds_a_batch(logs, stream):
    with pytest.raises(ClientError) as error:
        logs.put_log_events(**stream, logEvents=[event("x")] * 10_001)
    code, message = refused(error)
    assert code == "InvalidParameterException"
    assert message.endswith("Member must have length less than or equal to 10000")


def test_the_span_counts_for_valid_events_only(logs, stream):
    answer = logs.put_log_events(**stream, logEvents=[event("old", -15 * DAY), event("a")])
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}


@pytest.mark.parametrize(
    ("group", "stream_name", "message"),
    [
        ("no", "web", "The specified log group does not exist."),
        ("/app", "no", "The specified log stream does not exist."),
    ],
)
def test_events_need_a_group_and_a_stream(logs, stream, group, stream_name, message):
    with pytest.raises(ClientError) as error:
        logs.put_log_events(logGroupName=group, logStreamName=stream_name, logEvents=[event("a")])
    assert refused(error) == ("ResourceNotFoundException", message)


@pytest.mark.parametrize(
    ("keys", "wrong"),
    [  # User Guide, "How to add related information to telemetry": which attributes a type needs
        ({"Type": "Service", "Name": "shop", "Environment": "prod"}, None),
        ({"Type": "AWS::Resource", "ResourceType": "AWS::EC2::Instance", "Identifier": "i-1"},
         None),
        ({"Type": "Nonsense", "Name": "shop"}, "InvalidTypeValue"),
        ({"Name": "shop", "Environment": "prod"}, "MissingRequiredFields"),
        ({"Type": "Service", "Name": "shop"}, "MissingRequiredFields"),
        ({"Type": "Service", "Colour": "red"}, "InvalidKeyAttributes"),
    ],
)  # fmt: skip
def test_a_bad_entity_is_told_and_the_events_are_kept(logs, stream, keys, wrong):
    answer = logs.put_log_events(
        **stream, logEvents=[event("a")], entity={"keyAttributes": keys, "attributes": {}}
    )
    assert answer.get("rejectedEntityInfo") == ({"errorType": wrong} if wrong else None)
    assert messages(logs.get_log_events(**stream)) == ["a"]


# -- GetLogEvents ----------------------------------------------------------------------------------


@pytest.fixture
def ten(logs, stream):
    logs.put_log_events(**stream, logEvents=[event(str(number), number) for number in range(10)])
    return stream


def test_the_tail_comes_first_unless_the_head_is_asked_for(logs, ten):
    assert messages(logs.get_log_events(**ten, limit=3)) == ["7", "8", "9"]
    assert messages(logs.get_log_events(**ten, limit=3, startFromHead=True)) == ["0", "1", "2"]


def test_tokens_lead_both_ways_and_repeat_at_the_end(logs, ten):
    middle = logs.get_log_events(**ten, limit=4, startFromHead=True)
    middle = logs.get_log_events(**ten, limit=4, nextToken=middle["nextForwardToken"])
    assert messages(middle) == ["4", "5", "6", "7"]
    after = logs.get_log_events(**ten, limit=4, nextToken=middle["nextForwardToken"])
    before = logs.get_log_events(**ten, limit=4, nextToken=middle["nextBackwardToken"])
    assert (messages(before), messages(after)) == (["0", "1", "2", "3"], ["8", "9"])
    end = logs.get_log_events(**ten, nextToken=after["nextForwardToken"])
    assert messages(end) == []
    assert end["nextForwardToken"] == after["nextForwardToken"]
    start = logs.get_log_events(**ten, nextToken=before["nextBackwardToken"])
    assert messages(start) == []
    assert start["nextBackwardToken"] == before["nextBackwardToken"]


def test_tokens_have_the_form_of_awss(logs, ten):
    found = logs.get_log_events(**ten)
    for direction, token in (
        ("f", found["nextForwardToken"]),
        ("b", found["nextBackwardToken"]),
    ):
        kind, digits, end = token.split("/")
        assert (kind, end, len(digits), digits.isdigit()) == (direction, "s", 56, True)


@pytest.mark.parametrize("start", [NOW * 1000, 2**62])
def test_tokens_of_what_lies_far_ahead_are_good(logs, ten, start):
    # given a start in microseconds, say: there is nothing, but tokens are never null
    nothing = logs.get_log_events(**ten, startTime=start, startFromHead=True)
    assert nothing["events"] == []
    # then each of them may be given back
    for name in ("nextForwardToken", "nextBackwardToken"):
        assert len(nothing[name].split("/")[1]) == 56
        again = logs.get_log_events(
            **ten, startTime=start, startFromHead=True, nextToken=nothing[name]
        )
        assert again[name] == nothing[name]


def test_the_forward_token_of_an_empty_stream_leads_to_what_comes_later(logs, stream):
    token = logs.get_log_events(**stream)["nextForwardToken"]
    logs.put_log_events(**stream, logEvents=[event("a")])
    assert messages(logs.get_log_events(**stream, nextToken=token)) == ["a"]


def test_the_end_of_the_range_is_exclusive(logs, ten):
    found = logs.get_log_events(**ten, startTime=NOW + 2000, endTime=NOW + 5000)
    assert messages(found) == ["2", "3", "4"]


def test_a_page_holds_a_megabyte(logs, stream):
    for number in range(3):
        logs.put_log_events(**stream, logEvents=[event(str(number) * 600_000, number)])
    first = logs.get_log_events(**stream, startFromHead=True)
    assert [message[0] for message in messages(first)] == ["0"]
    second = logs.get_log_events(**stream, nextToken=first["nextForwardToken"])
    assert [message[0] for message in messages(second)] == ["1"]


@pytest.mark.parametrize("token", ["x", "f/1/s", "f/" + "x" * 56 + "/s", "c/" + "1" * 56 + "/s"])
def test_a_made_up_token_is_refused(logs, ten, token):
    with pytest.raises(ClientError) as error:
        logs.get_log_events(**ten, nextToken=token)
    assert refused(error) == ("InvalidParameterException", "The specified nextToken is invalid.")


def test_a_limit_over_ten_thousand_is_refused(logs, ten):
    with pytest.raises(ClientError) as error:
        logs.get_log_events(**ten, limit=10_001)
    assert refused(error)[1] == (  # recorded 2026
        "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: "
        "Member must have value less than or equal to 10000"
    )


# -- FilterLogEvents -------------------------------------------------------------------------------


@pytest.fixture
def two(logs, stream):
    """Two streams whose events alternate."""
    logs.create_log_stream(logGroupName="/app", logStreamName="db")
    for number in range(6):
        logs.put_log_events(
            logGroupName="/app",
            logStreamName=("web", "db")[number % 2],
            logEvents=[event(f"{'ERROR' if number % 3 == 0 else 'fine'} {number}", number)],
        )
    return {"logGroupName": "/app"}


def test_streams_are_merged_in_order_of_time(logs, two):
    found = logs.filter_log_events(**two)
    assert [message[-1] for message in messages(found)] == list("012345")
    assert [each["logStreamName"] for each in found["events"]] == ["web", "db"] * 3
    assert found["searchedLogStreams"] == []
    assert "nextToken" not in found
    ids = [each["eventId"] for each in found["events"]]
    assert ids == sorted(ids)
    assert len(set(ids)) == 6


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"filterPattern": "ERROR"}, "03"),
        ({"filterPattern": " "}, "012345"),
        ({"logStreamNames": ["db"]}, "135"),
        ({"logStreamNamePrefix": "w"}, "024"),
        ({"startTime": NOW + 1000, "endTime": NOW + 3000}, "123"),  # the end is inclusive
        ({"startFromHead": False, "startTime": NOW}, "543210"),
        ({"interleaved": False}, "012345"),
    ],
)
@pytest.mark.needs("logs.FilterLogEvents.startFromHead")
def test_events_are_filtered(logs, two, how, expected):
    assert "".join(m[-1] for m in messages(logs.filter_log_events(**two, **how))) == expected


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.needs("logs.FilterLogEvents.startFromHead")
def test_pages_of_a_search_go_on_in_its_direction(logs, two, backwards):
    pages = logs.get_paginator("filter_log_events").paginate(
        **two, startTime=NOW, startFromHead=not backwards, PaginationConfig={"PageSize": 2}
    )
    found = ["".join(message[-1] for message in messages(page)) for page in pages]
    assert found == (["54", "32", "10"] if backwards else ["01", "23", "45"])


@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        ({"logStreamNames": ["web"], "logStreamNamePrefix": "w"}, "InvalidParameterException",
         "LogStream names and LogStream name prefix are mutually exclusive parameters."),
        ({"nextToken": "x"}, "InvalidParameterException", "The specified nextToken is invalid."),
        ({"logStreamNames": ["no"]}, "ResourceNotFoundException",
         "The specified log stream does not exist."),
        ({"filterPattern": "foo/bar"}, "InvalidParameterException",
         "Invalid character(s) in term '/'"),
        ({"startFromHead": False, "startTime": 0}, "InvalidParameterException",
         "startFromHead can be false only when startTime is on or after 2024-01-01T00:00:00Z."),
    ],
)  # fmt: skip
@pytest.mark.needs("logs.FilterLogEvents.startFromHead")
def test_a_bad_search_is_refused(logs, two, how, code, message):
    with pytest.raises(ClientError) as error:
        logs.filter_log_events(**two, **how)
    assert refused(error) == (code, message)


# -- the store -------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b"]), st.lists(st.integers(-50, 50), max_size=40)),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_pages_of_any_size_give_what_a_sorted_list_gives(batches, chance):
    # given events of two streams, put in any order
    mon = Monitoring(now="2026-03-02T12:00:00Z")
    expected = []
    for stream, seconds in batches:
        start = len(expected)
        found = [NOW + 1000 * second for second in sorted(seconds)]
        mon.logs.put("g", stream, [])
        group = mon.logs["g"]
        if found:
            mon.logs.store(group, group.streams[stream], found,
                           [str(start + offset) for offset in range(len(found))])  # fmt: skip
        expected += [(time, start + offset) for offset, time in enumerate(found)]
    if not batches:
        return
    # when they are read in pages of any size, forward or backward
    streams = list(mon.logs["g"].streams.values())
    backwards = chance.random() < 0.5
    read, after = [], None
    while True:
        page = []
        for each in matching(streams, after=after, newest_first=backwards):
            page.append(each)
            if len(page) == chance.randint(1, 7):
                break
        if not page:
            break
        read += [int(each.stream.events.messages[each.at]) for each in page]
        after = page[-1].time, page[-1].number
    # then each comes once, in order of time and ingestion
    order = [number for _, number in sorted(expected)]
    assert read == (order[::-1] if backwards else order)


def test_many_late_events_are_sorted_in_at_once():
    events = Events()
    chance = random.Random(1)
    times = sorted(chance.randrange(1000) for _ in range(500))
    events.extend([500] * 10, ["now"] * 10, 0, 1, 30)
    events.extend(times, [f"m{n}" for n in range(500)], 0, 11, 2000)
    assert list(events.times) == sorted([*times, *[500] * 10])
    assert len(events.messages) == len(events.numbers) == 510
    tens = [events.messages[at] for at in range(510) if events.times[at] == 500]
    assert tens[:10] == ["now"] * 10


@given(st.integers(0, 2**42), st.integers(0, 2**40))
def test_an_id_leads_back_to_time_and_number(time, number):
    assert place(event_id(time, number)) == (time, number)
