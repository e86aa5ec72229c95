"""PutEvents: what is taken, what is refused, and what a rule's target then gets."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from botocore.exceptions import ClientError

from tests.event_bus.conftest import put, rule


def test_an_event_reaches_the_function_of_a_rule_that_matches_it(events, function):
    # given a rule on the shop's events
    rule(events)
    # when one of them, and one of somebody else's, is put
    entry = put(events, '{"id": 7}', Resources=["arn:aws:x:::y"])
    put(events, Source="other")
    # then the function gets the first, as EventBridge writes it
    assert function == [
        {
            "version": "0",
            "id": entry["EventId"],
            "detail-type": "Order Placed",
            "source": "shop",
            "account": "123456789012",
            "time": "2026-03-02T12:00:00Z",
            "region": "us-east-1",
            "resources": ["arn:aws:x:::y"],
            "detail": {"id": 7},
        }
    ]
    assert list(function[0])[:3] == ["version", "id", "detail-type"]


def test_an_event_says_the_time_it_was_put_with(events, function):
    rule(events)
    put(events, Time=datetime(2022, 7, 13, 13, 48, 1, tzinfo=timezone.utc))
    assert function[0]["time"] == "2022-07-13T13:48:01Z"


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"Source": None}, "InvalidArgument",
         "Parameter Source is not valid. Reason: Source is a required argument."),
        ({"DetailType": None}, "InvalidArgument",
         "Parameter DetailType is not valid. Reason: DetailType is a required argument."),
        ({"Detail": None}, "InvalidArgument",
         "Parameter Detail is not valid. Reason: Detail is a required argument."),
        ({"Detail": "not json"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": "[1]"}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": '"text"'}, "MalformedDetail", "Detail is malformed."),
        ({"Detail": '{"n": NaN}'}, "MalformedDetail", "Detail is malformed."),  # RFC 8259
        pytest.param({"Detail": '{"a": ' * 5000 + "1" + "}" * 5000}, "MalformedDetail",
                     "Detail is malformed.", id="nested deeply"),
        ({"Source": "aws.ec2"}, "NotAuthorizedForSourceException",
         "Not authorized for the source."),
    ],
)  # fmt: skip
def test_an_entry_is_refused_by_itself(events, function, change, code, message):
    # Source: LocalStack's snapshots; notes of real runs
    rule(events, pattern='{"account": ["123456789012"]}')
    good = {"Source": "shop", "DetailType": "t", "Detail": "{}"}
    bad = {name: value for name, value in {**good, **change}.items() if value is not None}
    # when a bad entry is put beside a good one
    answer = events.put_events(Entries=[bad, good])
    # then only the good one is taken
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0] == {"ErrorCode": code, "ErrorMessage": message}
    assert len(function) == 1


def test_half_a_surrogate_pair_reaches_the_target(events, function):
    # JSON may escape what no text in UTF-8 can have
    rule(events)
    assert "EventId" in put(events, '{"half": "\\ud800"}')
    assert function[0]["detail"] == {"half": "\ud800"}


def test_more_than_ten_entries_are_refused(events):
    with pytest.raises(ClientError) as caught:
        events.put_events(Entries=[{"Source": "s"}] * 11)
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert error["Message"].endswith("Member must have length less than or equal to 10")


def test_entries_of_more_than_256_kb_are_refused(events):
    with pytest.raises(ClientError, match="Total size of the entries in the request is over"):
        put(events, json.dumps({"text": "x" * 262_144}))


def test_a_bus_that_is_not_there_swallows_its_events(events):
    # Source: LocalStack's snapshots
    assert "EventId" in put(events, EventBusName="nowhere")


def test_a_pattern_can_be_tried_on_an_event(events):
    events.put_rule(Name="r", EventPattern='{"detail": {"n": [5]}}')
    event = {"id": "1", "detail-type": "t", "source": "s", "account": "1", "time": "t",
             "region": "r", "resources": [], "detail": {"n": 5}}  # fmt: skip
    for pattern, expected in (('{"detail": {"n": [5]}}', True), ('{"detail": {"n": [6]}}', False)):
        answer = events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
        assert answer["Result"] is expected


def test_a_pattern_that_is_none_is_refused_in_full(events):
    # Source: LocalStack's snapshots
    pattern = '{"source": "shop"}'
    with pytest.raises(ClientError) as caught:
        events.test_event_pattern(EventPattern=pattern, Event="{}")
    assert caught.value.response["Error"] == {
        "Code": "InvalidEventPatternException",
        "Message": 'Event pattern is not valid. Reason: "source" must be an object or an array\n '
        f'at [Source: (String)"{pattern}"; line: 1, column: 18]',
    }


@pytest.mark.parametrize("event", ["{}", "[]", "nothing", '{"id": "1"}',
                                   pytest.param("[" * 5000, id="nested deeply")])  # fmt: skip
def test_an_event_that_lacks_what_every_event_has_is_refused(events, event):
    with pytest.raises(ClientError, match="Parameter Event is not valid"):
        events.test_event_pattern(EventPattern='{"source": ["s"]}', Event=event)


def test_an_alarm_tells_its_state_to_event_bridge(monitoring, events, cloudwatch, function):
    # given a rule on alarms that go off
    pattern = {"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"],
               "detail": {"state": {"value": ["ALARM"]}}}  # fmt: skip
    rule(events, pattern=json.dumps(pattern))
    cloudwatch.put_metric_alarm(
        AlarmName="errors", Namespace="App", MetricName="Errors", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=5, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    # when one does
    monitoring.metrics.put("App", "Errors", 10)
    monitoring.clock.advance(minutes=1)
    # then the function is told once, in the form that the User Guide shows
    (event,) = function
    assert event["resources"] == [monitoring.alarms["errors"].arn]
    detail = event["detail"]
    assert detail["alarmName"] == "errors"
    assert detail["previousState"]["value"] == "INSUFFICIENT_DATA"
    (metric,) = detail["configuration"]["metrics"]
    assert metric["metricStat"]["metric"]["name"] == "Errors"
