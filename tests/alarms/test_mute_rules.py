"""Alarm mute rules: windows in virtual time, and what is made up for when they end."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.alarms.builders import TOPIC, alarm

pytestmark = pytest.mark.needs("cloudwatch.PutAlarmMuteRule")

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)  # a Monday
RULES = "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:"


@pytest.fixture
def cloudwatch(monitoring):
    client = boto3.client("cloudwatch")
    client.put_metric_alarm(**alarm("a", missing="ignore", actions=[TOPIC], OKActions=[TOPIC]))
    return client


def rule(expression="cron(0 13 * * *)", duration="PT1H", name="nightly", alarms=("a",), **more):
    """PutAlarmMuteRule's parameters: each day from one to two."""
    schedule = {"Expression": expression, "Duration": duration}
    schedule |= {"Timezone": more.pop("zone")} if "zone" in more else {}
    return {"Name": name, "Rule": {"Schedule": schedule},
            "MuteTargets": {"AlarmNames": list(alarms)}, **more}  # fmt: skip


def change(cloudwatch, state, name="a"):
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")


def told(monitoring):
    """The states that the topic heard of, and whether after a window."""
    messages = [json.loads(each.payload["Message"]) for each in monitoring.deliveries.to(TOPIC)]
    return [(each["NewStateValue"], each["ActionExecutedAfterMuteWindow"]) for each in messages]


def status(cloudwatch, name="nightly"):
    return cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=name)["Status"]


def test_a_muted_alarm_tells_when_the_window_ends(monitoring, cloudwatch):
    # given a window from one to two
    cloudwatch.put_alarm_mute_rule(**rule())
    assert status(cloudwatch) == "SCHEDULED"
    monitoring.clock.advance(hours=1)
    assert status(cloudwatch) == "ACTIVE"
    # when the alarm goes off in it
    change(cloudwatch, "ALARM")
    # then its state and its history have changed, and nobody is told
    assert monitoring.alarms["a"].state == "ALARM"
    assert cloudwatch.describe_alarm_history(AlarmName="a", HistoryItemType="StateUpdate")[
        "AlarmHistoryItems"
    ]
    monitoring.clock.advance(minutes=59)
    assert told(monitoring) == []
    # until the window ends
    monitoring.clock.advance(minutes=1)
    assert told(monitoring) == [("ALARM", True)]
    assert status(cloudwatch) == "SCHEDULED"
    # and the next day it is muted again
    monitoring.clock.advance(hours=23)
    assert status(cloudwatch) == "ACTIVE"


def test_what_was_over_before_the_end_is_not_told(monitoring, cloudwatch):
    # given an alarm without an action for OK
    cloudwatch.put_metric_alarm(**alarm("a", missing="ignore", actions=[TOPIC]))
    cloudwatch.put_alarm_mute_rule(**rule())
    monitoring.clock.advance(hours=1)
    # when it goes off and clears within the window
    change(cloudwatch, "ALARM")
    monitoring.clock.advance(minutes=10)
    change(cloudwatch, "OK")
    monitoring.clock.advance(hours=1)
    # then nobody hears of it
    assert told(monitoring) == []


def test_outside_of_a_window_an_alarm_tells(monitoring, cloudwatch):
    cloudwatch.put_alarm_mute_rule(**rule())
    change(cloudwatch, "ALARM")
    monitoring.clock.advance(hours=3)
    change(cloudwatch, "OK")
    assert told(monitoring) == [("ALARM", False), ("OK", False)]


def test_overlapping_rules_mute_until_the_last_ends(monitoring, cloudwatch):
    cloudwatch.put_alarm_mute_rule(**rule())
    cloudwatch.put_alarm_mute_rule(**rule("at(2026-03-02T13:30)", "PT2H", "once"))
    monitoring.clock.advance(hours=1)
    change(cloudwatch, "ALARM")
    monitoring.clock.advance(hours=2)  # 15:00
    assert told(monitoring) == []
    monitoring.clock.advance(minutes=30)
    assert told(monitoring) == [("ALARM", True)]
    assert status(cloudwatch, "once") == "EXPIRED"


@pytest.mark.parametrize("how", ["delete", "retarget", "another time"])
def test_a_rule_that_is_taken_away_unmutes_at_once(monitoring, cloudwatch, how):
    cloudwatch.put_metric_alarm(**alarm("b"))
    cloudwatch.put_alarm_mute_rule(**rule())
    monitoring.clock.advance(hours=1)
    change(cloudwatch, "ALARM")
    if how == "delete":
        cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName="nightly")
    elif how == "retarget":
        cloudwatch.put_alarm_mute_rule(**rule(alarms=["b"]))
    else:
        cloudwatch.put_alarm_mute_rule(**rule("cron(0 20 * * *)"))
    assert told(monitoring) == [("ALARM", True)]


def test_an_update_keeps_a_window_that_is_open(monitoring, cloudwatch):
    cloudwatch.put_alarm_mute_rule(**rule())
    monitoring.clock.advance(hours=1, minutes=30)
    cloudwatch.put_alarm_mute_rule(**rule(Description="again"))
    assert status(cloudwatch) == "ACTIVE"
    monitoring.clock.advance(minutes=30)
    assert status(cloudwatch) == "SCHEDULED"


def test_disabled_actions_stay_untaken(monitoring, cloudwatch):
    cloudwatch.put_alarm_mute_rule(**rule())
    monitoring.clock.advance(hours=1)
    change(cloudwatch, "ALARM")
    cloudwatch.disable_alarm_actions(AlarmNames=["a"])
    monitoring.clock.advance(hours=1)
    assert told(monitoring) == []


def test_an_alarm_that_was_made_anew_has_nothing_to_make_up_for(monitoring, cloudwatch):
    cloudwatch.put_alarm_mute_rule(**rule())
    monitoring.clock.advance(hours=1)
    change(cloudwatch, "ALARM")
    cloudwatch.delete_alarms(AlarmNames=["a"])
    monitoring.clock.advance(minutes=1)
    cloudwatch.put_metric_alarm(**alarm("a", missing="ignore", actions=[TOPIC]))
    monitoring.clock.advance(hours=1)
    assert told(monitoring) == []


def test_a_rule_lasts_from_its_start_to_its_expiry(monitoring, cloudwatch):
    cloudwatch.put_alarm_mute_rule(
        **rule(
            StartDate=NOON + timedelta(days=1),
            ExpireDate=NOON + timedelta(days=1, hours=1, minutes=30),
        )
    )
    monitoring.clock.advance(hours=1)
    assert status(cloudwatch) == "SCHEDULED"
    monitoring.clock.advance(days=1)
    assert status(cloudwatch) == "ACTIVE"
    monitoring.clock.advance(minutes=30)
    assert status(cloudwatch) == "EXPIRED"


def test_a_schedule_is_meant_in_its_time_zone(monitoring, cloudwatch):
    # nine in New York, in winter, is 14:00 UTC; of five fields, the fifth is the day of the week
    cloudwatch.put_alarm_mute_rule(**rule("cron(0 9 * * MON)", zone="America/New_York"))
    monitoring.clock.advance(hours=1, minutes=59)
    assert status(cloudwatch) == "SCHEDULED"
    monitoring.clock.advance(minutes=1)
    assert status(cloudwatch) == "ACTIVE"


def test_rules_are_shown_and_listed(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**alarm("b"))
    cloudwatch.put_alarm_mute_rule(**rule(Description="backups", Tags=[{"Key": "k", "Value": "v"}]))
    cloudwatch.put_alarm_mute_rule(**rule("at(2026-03-02T12:00)", name="once", alarms=["a", "b"]))
    shown = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName="nightly")
    del shown["ResponseMetadata"]
    assert shown == {
        "Name": "nightly", "AlarmMuteRuleArn": f"{RULES}nightly", "Description": "backups",
        "Rule": {"Schedule": {"Expression": "cron(0 13 * * *)", "Duration": "PT1H"}},
        "MuteTargets": {"AlarmNames": ["a"]}, "Status": "SCHEDULED", "MuteType": "RECURRING",
        "LastUpdatedTimestamp": NOON,
    }  # fmt: skip

    def arns(**asked):
        found = cloudwatch.list_alarm_mute_rules(**asked)["AlarmMuteRuleSummaries"]
        return [each["AlarmMuteRuleArn"].removeprefix(RULES) for each in found]

    assert arns() == ["nightly", "once"]
    assert arns(AlarmName="b") == arns(Statuses=["ACTIVE"]) == ["once"]
    first = cloudwatch.list_alarm_mute_rules(MaxRecords=1)
    assert arns(MaxRecords=1, NextToken=first["NextToken"]) == ["once"]
    tags = cloudwatch.list_tags_for_resource(ResourceARN=f"{RULES}nightly")["Tags"]
    assert tags == [{"Key": "k", "Value": "v"}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"expression": "cron(0 13 * * ? *)"}, {"expression": "rate(1 hour)"},
        {"expression": "at(2026-13-01T00:00)"}, {"duration": "PT30S"}, {"duration": "P16D"},
        {"duration": "PT0M"}, {"duration": "1 hour"}, {"zone": "Mars/Base"},
        {"alarms": ["a", "missing"]}, {"StartDate": NOON, "ExpireDate": NOON},
    ],
)  # fmt: skip
def test_what_is_refused(cloudwatch, wrong):
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_alarm_mute_rule(**rule(**wrong))
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    assert cloudwatch.list_alarm_mute_rules()["AlarmMuteRuleSummaries"] == []


def test_an_unknown_rule_is_an_error_to_get_and_none_to_delete(cloudwatch):
    with pytest.raises(ClientError) as caught:
        cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName="none")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName="none")
    assert cloudwatch.list_alarm_mute_rules()["AlarmMuteRuleSummaries"] == []


def test_a_window_goes_on_in_a_copy(monitoring, cloudwatch):
    cloudwatch.put_alarm_mute_rule(**rule())
    monitoring.clock.advance(hours=1)
    change(cloudwatch, "ALARM")
    monitoring.restore(monitoring.snapshot())
    monitoring.clock.advance(hours=1)
    assert told(monitoring) == [("ALARM", True)]
