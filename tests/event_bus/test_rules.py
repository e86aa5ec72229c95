"""Rules and their targets, rules by schedule, and inputs."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from awsmon import Monitoring
from tests.event_bus.conftest import DEAD, FUNCTION, QUEUE, put, rule

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:m"


def test_a_rule_is_shown_as_it_was_put(events):
    arn = events.put_rule(Name="r", EventPattern='{"source": ["s"]}', Description="d")["RuleArn"]
    shown = events.describe_rule(Name="r")
    del shown["ResponseMetadata"]
    assert shown == {
        "Name": "r", "Arn": arn, "EventPattern": '{"source": ["s"]}', "State": "ENABLED",
        "Description": "d", "EventBusName": "default", "CreatedBy": "123456789012",
    }  # fmt: skip
    (listed,) = events.list_rules(NamePrefix="r")["Rules"]
    assert "CreatedBy" not in listed
    events.put_rule(Name="r", EventPattern='{"source": ["t"]}')
    assert "Description" not in events.describe_rule(Name="r")


def test_a_disabled_rule_takes_nothing_until_it_is_enabled(events, function):
    rule(events)
    events.disable_rule(Name="orders")
    put(events)
    assert events.describe_rule(Name="orders")["State"] == "DISABLED"
    assert function == []
    events.enable_rule(Name="orders")
    put(events)
    assert events.describe_rule(Name="orders")["State"] == "ENABLED"
    assert len(function) == 1


def test_targets_are_listed_replaced_and_removed(events, function):
    # given two targets
    rule(events)
    events.put_targets(Rule="orders", Targets=[{"Id": "2", "Arn": QUEUE}])
    listed = events.list_targets_by_rule(Rule="orders")["Targets"]
    assert listed == [{"Id": "1", "Arn": FUNCTION}, {"Id": "2", "Arn": QUEUE}]
    assert events.list_rule_names_by_target(TargetArn=QUEUE)["RuleNames"] == ["orders"]
    # when one is removed, with one that isn't there
    answer = events.remove_targets(Rule="orders", Ids=["1", "9"])
    assert [each["TargetId"] for each in answer["FailedEntries"]] == ["9"]
    # then it gets nothing any more
    put(events)
    assert function == []
    assert len(events.list_targets_by_rule(Rule="orders")["Targets"]) == 1


@pytest.mark.parametrize(
    ("call", "parameters", "code", "message"),
    [
        ("put_rule", {"Name": "r"}, "ValidationException",
         "Parameter(s) EventPattern or ScheduleExpression must be specified."),
        ("put_rule", {"Name": "r", "ScheduleExpression": "rate(1 minutes)"}, "ValidationException",
         "Parameter ScheduleExpression is not valid."),
        ("put_rule", {"Name": "r", "EventBusName": "b", "ScheduleExpression": "rate(1 minute)"},
         "ValidationException",
         "ScheduleExpression is supported only on the default event bus."),
        ("describe_rule", {"Name": "x"}, "ResourceNotFoundException",
         "Rule x does not exist on EventBus default."),
        ("enable_rule", {"Name": "x"}, "ResourceNotFoundException",
         "Rule x does not exist on EventBus default."),
        ("delete_rule", {"Name": "orders"}, "ValidationException",
         "Rule can't be deleted since it has targets."),
        # the model's documentation: Force is ignored for rules that aren't managed
        ("delete_rule", {"Name": "orders", "Force": True}, "ValidationException",
         "Rule can't be deleted since it has targets."),
        ("put_targets", {"Rule": "orders", "Targets": [
            {"Id": "t", "Arn": QUEUE, "Input": "[" * 5000}]}, "ValidationException",
         "Input for target t is not valid JSON."),
        # hashicorp/terraform-provider-aws #19913
        ("put_targets", {"Rule": "orders", "Targets": [{"Id": "t", "Arn": MACHINE}]},
         "ValidationException", f"RoleArn is required for target {MACHINE}."),
        ("put_targets", {"Rule": "orders", "Targets": [
            {"Id": str(n), "Arn": QUEUE} for n in range(6)]}, "LimitExceededException",
         "The requested resource exceeds the maximum number allowed."),
        ("put_targets", {"Rule": "orders", "Targets": [
            {"Id": "t", "Arn": QUEUE, "Input": "{}", "InputPath": "$.detail"}]},
         "ValidationException",
         "Only one of Input, InputPath, or InputTransformer must be provided for target t."),
        ("put_targets", {"Rule": "orders", "Targets": [
            {"Id": "t", "Arn": QUEUE, "InputTransformer": {"InputTemplate": '"<nothing>"'}}]},
         "ValidationException",
         "InputTemplate for target t contains invalid placeholder nothing."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(events, call, parameters, code, message):
    # Source: LocalStack's snapshots; the first, moto
    rule(events)
    events.create_event_bus(Name="b")
    with pytest.raises(ClientError) as caught:
        getattr(events, call)(**parameters)
    assert caught.value.response["Error"] == {"Code": code, "Message": message}


def test_a_bus_has_300_rules_unless_it_may_have_more(monitoring, events):
    for number in range(300):
        monitoring.event_bus.rule(f"r{number}", {"source": ["s"]})
    with pytest.raises(ClientError, match="exceeds the maximum number allowed"):
        events.put_rule(Name="one-more", EventPattern='{"source": ["s"]}')
    monitoring.event_bus.most_rules = 301
    events.put_rule(Name="one-more", EventPattern='{"source": ["s"]}')


# -- schedules -------------------------------------------------------------------------------------


def test_a_rule_fires_by_its_rate_and_by_its_cron(monitoring, events, function):
    # given a rule for every five minutes, and one for noon on weekdays
    events.put_rule(Name="often", ScheduleExpression="rate(5 minutes)")
    events.put_rule(Name="noon", ScheduleExpression="cron(0 12 ? * MON-FRI *)")
    for name in ("often", "noon"):
        events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": FUNCTION}])
    # when a day passes
    monitoring.clock.advance(days=1)
    # then each has fired at its times
    often = [event for event in function if event["resources"][0].endswith("/often")]
    noon = [event for event in function if event["resources"][0].endswith("/noon")]
    assert len(often) == 24 * 12
    assert [event["time"] for event in noon] == ["2026-03-03T12:00:00Z"]
    assert often[0]["time"] == "2026-03-02T12:05:00Z"
    assert (often[0]["source"], often[0]["detail-type"], often[0]["detail"]) == (
        "aws.events", "Scheduled Event", {})  # fmt: skip


def test_a_rate_longer_than_the_calendar_is_never_due(monitoring, events):
    events.put_rule(Name="r", ScheduleExpression="rate(999999999 days)")
    monitoring.clock.advance(days=1)
    assert events.describe_rule(Name="r")["ScheduleExpression"] == "rate(999999999 days)"


def test_a_rule_that_is_gone_or_disabled_fires_no_more(monitoring, events, function):
    for name in ("gone", "off"):
        events.put_rule(Name=name, ScheduleExpression="rate(1 minute)")
        events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": FUNCTION}])
    events.remove_targets(Rule="gone", Ids=["1"])
    events.delete_rule(Name="gone")
    events.disable_rule(Name="off")
    monitoring.clock.advance(hours=1)
    assert function == []


# -- what a target gets ----------------------------------------------------------------------------

DETAIL = '{"instance-id": "i-0", "state": "RUNNING", "list": ["ACTIVE", "INACTIVE"], "ok": true}'
PATHS = {"instance": "$.detail.instance-id", "state": "$.detail.state", "list": "$.detail.list",
         "ok": "$.detail.ok", "none": "$.detail.nothing"}  # fmt: skip


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('"instance <instance> is in <state>"', '"instance i-0 is in RUNNING"'),
        ('{"instance":<instance>,"state":[9,<state>,true]}',
         '{"instance":"i-0","state":[9,"RUNNING",true]}'),
        ('{"i":"<instance>","t":"is \\"<state>\\""}', '{"i":"i-0","t":"is \\"RUNNING\\""}'),
        ('{"name":<aws.events.rule-name>}', '{"name":"orders"}'),
        ('"<aws.events.rule-name> triggered"', '"orders triggered"'),
        ('{"x":<none>}', '{"x":""}'),
        ('"x<none>"', '"x"'),
        ('"<list>"', '"[ACTIVE,INACTIVE]"'),
        ('{"l":<list>,"b":<ok>}', '{"l":["ACTIVE","INACTIVE"],"b":true}'),
        ('"<ok>"', '"true"'),
        ('"a <state>"\n"b <instance>"', '"a RUNNING"\n"b i-0"'),
        ('{"path":"x/<instance>"}', '{"path":"x/i-0"}'),
    ],
)  # fmt: skip
def test_a_template_is_filled_in(monitoring, events, template, expected):
    # Source: User Guide, "Amazon EventBridge input transformation"; LocalStack's snapshots
    bodies = []
    monitoring.bind(QUEUE, bodies.append)
    transformer = {"InputPathsMap": PATHS, "InputTemplate": template}
    rule(events, arn=QUEUE, InputTransformer=transformer)
    put(events, DETAIL)
    assert bodies == [expected]


def test_a_template_that_makes_no_json_is_not_delivered_and_told(monitoring, events):
    # Source: LocalStack's snapshots
    transformer = {"InputPathsMap": PATHS, "InputTemplate": '{"l": <state> <list>}'}
    rule(events, arn=QUEUE, InputTransformer=transformer)
    put(events, DETAIL)
    (delivery,) = monitoring.deliveries
    assert delivery.status == "failed"
    assert "doesn't make valid JSON" in delivery.attempts[0].error


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"Input": '{"fixed": 1}'}, {"fixed": 1}),
        ({"InputPath": "$.detail.state"}, "RUNNING"),
        ({"InputPath": "$.detail"}, json.loads(DETAIL)),
        ({"InputPath": "$.detail.list[1]"}, "INACTIVE"),
        ({"InputPath": "$['detail']['state']"}, "RUNNING"),
    ],
)
def test_a_function_gets_a_constant_or_a_part(events, function, settings, expected):
    rule(events, **settings)
    put(events, DETAIL)
    assert function == [expected]


# -- targets that fail -----------------------------------------------------------------------------


def test_a_target_is_tried_again_and_then_goes_to_the_dead_letter_queue(monitoring, events):
    # given a queue that always fails, with two more attempts
    letters = []
    monitoring.bind(QUEUE, lambda body: 1 / 0)
    monitoring.bind(DEAD, letters.append)
    rule(events, arn=QUEUE, RetryPolicy={"MaximumRetryAttempts": 2},
         DeadLetterConfig={"Arn": DEAD})  # fmt: skip
    # when an event comes and time passes
    entry = put(events)
    monitoring.settle()
    # then it was tried thrice, and the event is in the dead-letter queue
    first, letter = monitoring.deliveries
    assert [each.error for each in first.attempts] == ["ZeroDivisionError: division by zero"] * 3
    assert first.status == "dead-lettered"
    assert json.loads(letters[0])["id"] == entry["EventId"]
    attributes = letter.request.parameters["MessageAttributes"]
    assert attributes["RETRY_ATTEMPTS"]["StringValue"] == "2"
    assert attributes["EXHAUSTED_RETRY_CONDITION"]["StringValue"] == "MaximumRetryAttempts"
    assert attributes["TARGET_ARN"]["StringValue"] == QUEUE


def test_a_function_that_fails_is_tried_again_by_lambda(monitoring, events):
    # Source: Lambda Developer Guide: twice more; EventBridge's queue gets nothing
    calls = []

    def fail(event):
        calls.append(event)
        raise ValueError("no")

    monitoring.bind(FUNCTION, fail)
    rule(events, DeadLetterConfig={"Arn": DEAD})
    put(events)
    monitoring.settle()
    assert len(calls) == 3
    assert [delivery.status for delivery in monitoring.deliveries] == ["failed"]


def test_an_event_that_grows_too_old_is_given_up(monitoring, events):
    monitoring.bind(QUEUE, lambda body: 1 / 0)
    rule(events, arn=QUEUE, RetryPolicy={"MaximumEventAgeInSeconds": 60})
    put(events)
    monitoring.settle()
    (delivery,) = monitoring.deliveries
    assert delivery.status == "failed"
    assert len(delivery.attempts) == 6  # after 1, 3, 7, 15 and 31 seconds; the next is at 63


# -- the direct API --------------------------------------------------------------------------------


def test_a_function_hears_the_events_of_a_pattern(monitoring):
    heard = []

    @monitoring.event_bus.on({"detail": {"total": [{"numeric": [">", 100]}]}})
    def expensive(event):
        heard.append(event["detail"]["total"])

    for total in (50, 150):
        monitoring.event_bus.put("shop", "Order Placed", {"total": total})
    assert heard == [150]


def test_why_a_rule_does_not_match_is_told(monitoring):
    bus = monitoring.event_bus
    bus.rule("big", {"source": ["shop"], "detail": {"total": [{"numeric": [">", 100]}]}})
    event = {"source": "shop", "detail": {"total": 50}}
    (mismatch,) = bus.explain("big", event)
    assert str(mismatch) == 'detail.total: expected [{"numeric": [">", 100]}], found 50'
    assert bus.explain("big", {"source": "shop", "detail": {"total": 500}}) == []


def test_rules_survive_a_snapshot_and_their_schedules_go_on():
    # given a rule by pattern and one by schedule, in a session that is kept
    source = Monitoring(now="2026-03-02T12:00:00Z")
    source.event_bus.rule("match", {"source": ["shop"]}).to(QUEUE)
    source.event_bus.rule("tick", schedule="rate(1 hour)").to(QUEUE)
    source.event_bus.put("shop", "t")
    # when another session goes on from there
    copy = Monitoring(now="2026-03-02T12:00:00Z")
    copy.restore(source.snapshot())
    copy.event_bus.put("shop", "t")
    copy.clock.advance(hours=2)
    # then both rules are at work, and the source has none of it
    assert len(copy.deliveries.to(QUEUE)) == 4
    assert len(source.deliveries.to(QUEUE)) == 1
