"""Composite alarms: rules over other alarms, suppression, children and parents."""

from __future__ import annotations

import json
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.alarms.builders import FUNCTION, TOPIC, alarm

ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"


@pytest.fixture
def cloudwatch(monitoring):
    """With the alarms ``a``, ``b`` and ``s``, which are OK and stay what they are set to."""
    client = boto3.client("cloudwatch")
    for name in "abs":
        client.put_metric_alarm(**alarm(name, missing="ignore"))
        monitoring.alarms.set_state(name, "OK", reason="set")
    return client


def put(cloudwatch, rule, name="both", **more):
    cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=rule, **more)


def described(cloudwatch, name="both"):
    [found] = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])[
        "CompositeAlarms"
    ]
    return found


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


# -- states ----------------------------------------------------------------------------------------


def test_a_new_one_is_evaluated_at_once(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a) AND ALARM(b)", AlarmDescription="both", OKActions=[TOPIC])
    found = described(cloudwatch)
    assert found["StateValue"] == "OK"
    assert found["StateReason"] == f"{ARN}both was created and its alarm rule evaluates to OK"
    # the reason's data name all children (User Guide, "Alarm events and EventBridge")
    assert json.loads(found["StateReasonData"]) == {
        "triggeringAlarms": [
            {"arn": f"{ARN}{name}",
             "state": {"value": "OK", "timestamp": "2026-03-02T12:00:00.000+0000"}}
            for name in "ab"
        ]
    }  # fmt: skip
    # from INSUFFICIENT_DATA to OK is a change, which is told
    [delivery] = monitoring.deliveries.to(TOPIC)
    assert delivery.payload["Subject"] == 'OK: "both" in US East (N. Virginia)'


def test_it_follows_its_children_and_says_which_one_moved_it(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a) AND ALARM(b)", AlarmActions=[TOPIC, FUNCTION])
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    assert described(cloudwatch)["StateValue"] == "OK"
    monitoring.clock.advance(seconds=45)
    monitoring.alarms.set_state("b", "ALARM", reason="x")
    found = described(cloudwatch)
    assert found["StateValue"] == "ALARM"
    assert found["StateReason"] == (
        f"{ARN}b transitioned to ALARM at Monday 02 March, 2026 12:00:45 UTC"
    )
    cause = {"value": "ALARM", "timestamp": "2026-03-02T12:00:45.000+0000"}
    assert json.loads(found["StateReasonData"]) == {
        "triggeringAlarms": [{"arn": f"{ARN}b", "state": cause}]
    }
    # the topic is told in the form of composite alarms
    [told] = monitoring.deliveries.to(TOPIC)
    message = json.loads(told.payload["Message"])
    assert message["AlarmRule"] == "ALARM(a) AND ALARM(b)"
    assert message["TriggeringChildren"] == [
        {"Arn": f"{ARN}b", "State": {"Value": "ALARM", "Timestamp": cause["timestamp"]}}
    ]
    assert "Trigger" not in message
    # and a function in its own
    [invoked] = monitoring.deliveries.to(FUNCTION)
    assert invoked.payload["alarmData"]["configuration"] == {"alarmRule": "ALARM(a) AND ALARM(b)"}


def test_datapoints_move_it_in_the_end(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a)", AlarmActions=[TOPIC])
    monitoring.metrics.put("App", "Errors", 9)
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["both"].state == "ALARM"
    assert len(monitoring.deliveries.to(TOPIC)) == 1


def test_composites_upon_composites(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a)", "inner")
    put(cloudwatch, f"ALARM({ARN}inner) OR ALARM(b)", "outer")
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    assert described(cloudwatch, "outer")["StateReason"].startswith(f"{ARN}inner transitioned")
    monitoring.alarms.set_state("a", "OK", reason="x")
    assert described(cloudwatch, "outer")["StateValue"] == "OK"


def test_an_update_keeps_the_state_until_the_new_rule_says_otherwise(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a)")
    put(cloudwatch, "NOT OK(a)", AlarmDescription="new")
    found = described(cloudwatch)
    assert (found["AlarmDescription"], found["StateValue"]) == ("new", "OK")
    assert "was created" in found["StateReason"]
    put(cloudwatch, "OK(a)")
    found = described(cloudwatch)
    assert found["StateValue"] == "ALARM"
    assert found["StateReason"] == f"{ARN}both was updated and its alarm rule evaluates to ALARM"


def test_a_state_that_was_set_stays_until_a_child_changes(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a)")
    cloudwatch.set_alarm_state(AlarmName="both", StateValue="ALARM", StateReason="a test")
    monitoring.clock.advance(hours=1)
    assert described(cloudwatch)["StateReason"] == "a test"
    monitoring.alarms.set_state("a", "INSUFFICIENT_DATA", reason="x")
    assert described(cloudwatch)["StateValue"] == "OK"


def test_evaluation_stops_in_a_cycle_and_a_constant_rule_breaks_it(monitoring, cloudwatch):
    # given two that depend upon each other
    put(cloudwatch, "ALARM(a)", "one")
    put(cloudwatch, "ALARM(one)", "two")
    put(cloudwatch, "ALARM(a) OR ALARM(two)", "one")
    # when one goes into ALARM, then both do, and the cycle keeps them there
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    monitoring.alarms.set_state("a", "OK", reason="x")
    assert monitoring.alarms["one"].state == monitoring.alarms["two"].state == "ALARM"
    # neither can be deleted, until the rule of one is constant
    code, message = refused(cloudwatch.delete_alarms, AlarmNames=["one"])
    assert code == "ValidationError"
    assert message == "Cannot delete one as there are composite alarm(s) depending on it."
    put(cloudwatch, "FALSE", "two")
    assert monitoring.alarms["two"].state == "OK"
    cloudwatch.delete_alarms(AlarmNames=["one"])
    assert "one" not in monitoring.alarms


def test_one_that_watches_itself(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a) OR ALARM(both)")
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    monitoring.alarms.set_state("a", "OK", reason="x")
    assert described(cloudwatch)["StateValue"] == "ALARM"


# -- suppression: the User Guide's examples, a unit of time being a minute -------------------------

WAIT, EXTENSION = 120, 180
HELD = {
    "ActionsSuppressor": "s",
    "ActionsSuppressorWaitPeriod": WAIT,
    "ActionsSuppressorExtensionPeriod": EXTENSION,
}


@pytest.mark.parametrize(
    ("changes", "acted", "held"),
    [
        # 1: actions are not suppressed after WaitPeriod
        ({2: ("a", "ALARM")}, [(4, "ALARM")], {3: "WaitPeriod", 5: None}),
        # 2: actions are suppressed by alarm before WaitPeriod expires
        ({2: ("a", "ALARM"), 3: ("s", "ALARM")}, [], {2: "WaitPeriod", 3: "Alarm", 9: "Alarm"}),
        # 3: state transition when actions are suppressed by WaitPeriod
        ({2: ("a", "ALARM"), 3: ("a", "OK")}, [(5, "OK")], {4: "WaitPeriod", 5: None}),
        # 4: state transition when actions are suppressed by alarm
        ({1: ("s", "ALARM"), 2: ("a", "ALARM")}, [], {1: None, 2: "Alarm"}),
        # 5: actions are not suppressed after ExtensionPeriod
        ({2: ("a", "ALARM"), 3: ("s", "ALARM"), 6: ("s", "OK")}, [(9, "ALARM")],
         {5: "Alarm", 6: "ExtensionPeriod", 8: "ExtensionPeriod", 9: None}),
        # 6: state transition when actions are suppressed by ExtensionPeriod
        ({2: ("a", "ALARM"), 3: ("s", "ALARM"), 6: ("s", "OK"), 7: ("a", "OK")}, [(9, "OK")],
         {6: "ExtensionPeriod", 7: "WaitPeriod", 9: None}),
        # the suppressor comes back within ExtensionPeriod
        ({2: ("a", "ALARM"), 3: ("s", "ALARM"), 6: ("s", "OK"), 7: ("s", "ALARM")}, [],
         {7: "Alarm"}),
        # a suppressor that moves without anything to suppress
        ({2: ("s", "ALARM"), 3: ("s", "OK")}, [], {3: None}),
    ],
)  # fmt: skip
def test_suppression(monitoring, cloudwatch, changes, acted, held):
    # given one that is OK, with a suppressor
    put(cloudwatch, "ALARM(a)", AlarmActions=[TOPIC], OKActions=[TOPIC], **HELD)
    monitoring.clock.advance(seconds=WAIT)
    start = monitoring.clock.now()
    before = len(monitoring.deliveries.to(TOPIC))
    # when the alarms change
    for minute in range(11):
        monitoring.clock.run_until(start + timedelta(minutes=minute))
        if minute in changes:
            name, state = changes[minute]
            monitoring.alarms.set_state(name, state, reason="x")
        # then it is told what holds its actions back
        if minute in held:
            found = described(cloudwatch)
            assert found.get("ActionsSuppressedBy") == held[minute], minute
            if held[minute]:
                assert found["ActionsSuppressedReason"] == f"Actions suppressed by {held[minute]}"
    # and they are taken when they are due
    told = monitoring.deliveries.to(TOPIC)[before:]
    assert [
        ((each.at - start) / timedelta(minutes=1),
         json.loads(each.payload["Message"])["NewStateValue"])
        for each in told
    ] == acted  # fmt: skip


def test_a_function_is_told_what_held_its_call_back(monitoring, cloudwatch):
    # source: User Guide, "Invoke Lambda functions from alarms", the sample of a composite alarm
    put(cloudwatch, "ALARM(a)", AlarmActions=[FUNCTION], **HELD)
    monitoring.clock.advance(seconds=WAIT)
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    monitoring.clock.advance(seconds=WAIT)
    [invoked] = monitoring.deliveries.to(FUNCTION)
    data = invoked.payload["alarmData"]
    assert invoked.payload["time"] == "2026-03-02T12:04:00.000+0000"
    assert (data["state"]["value"], data["previousState"]["value"]) == ("ALARM", "ALARM")
    assert data["state"]["timestamp"] == "2026-03-02T12:04:00.000+0000"
    assert data["previousState"]["timestamp"] == "2026-03-02T12:02:00.000+0000"
    assert data["previousState"]["actionsSuppressedBy"] == "WaitPeriod"
    assert data["previousState"]["actionsSuppressedReason"] == "Actions suppressed by WaitPeriod"
    assert "actionsSuppressedBy" not in data["state"]
    assert data["configuration"] == {
        "alarmRule": "ALARM(a)",
        "actionsSuppressor": "s",
        "actionsSuppressorWaitPeriod": WAIT,
        "actionsSuppressorExtensionPeriod": EXTENSION,
    }


def test_another_suppressor_ends_a_period(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a)", AlarmActions=[TOPIC], **HELD)
    monitoring.clock.advance(seconds=WAIT)
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    put(cloudwatch, "ALARM(a)", AlarmActions=[TOPIC], **{**HELD, "ActionsSuppressor": "b"})
    assert "ActionsSuppressedBy" not in described(cloudwatch)
    monitoring.clock.advance(seconds=WAIT)
    assert monitoring.deliveries.to(TOPIC) == []


def test_an_update_with_the_same_suppressor_goes_on_with_the_period(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a)", AlarmActions=[TOPIC], **HELD)
    monitoring.clock.advance(seconds=WAIT)
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    monitoring.clock.advance(seconds=WAIT / 2)
    put(cloudwatch, "ALARM(a) OR ALARM(b)", AlarmActions=[TOPIC], **HELD)
    assert described(cloudwatch)["ActionsSuppressedBy"] == "WaitPeriod"
    monitoring.clock.advance(seconds=WAIT / 2)
    assert len(monitoring.deliveries.to(TOPIC)) == 1


# -- describing ------------------------------------------------------------------------------------


def test_kinds_are_described_apart(cloudwatch):
    put(cloudwatch, "ALARM(a)")

    def names(**request):
        found = cloudwatch.describe_alarms(**request)
        return tuple([each["AlarmName"] for each in found[kind]]
                     for kind in ("MetricAlarms", "CompositeAlarms"))  # fmt: skip

    assert names() == (["a", "b", "s"], [])
    assert names(AlarmTypes=["CompositeAlarm"]) == ([], ["both"])
    assert names(AlarmTypes=["CompositeAlarm", "MetricAlarm"]) == (["a", "b", "s"], ["both"])
    first = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm", "MetricAlarm"], MaxRecords=3)
    assert names(
        AlarmTypes=["CompositeAlarm", "MetricAlarm"], MaxRecords=3, NextToken=first["NextToken"]
    ) == (["s"], [])


def test_children_and_parents(cloudwatch):
    put(cloudwatch, "ALARM(a)", "inner")
    put(cloudwatch, "ALARM(inner) AND ALARM(b)", "outer", **HELD)
    # only so much is told of children and parents (API reference, DescribeAlarms)
    found = cloudwatch.describe_alarms(ChildrenOfAlarmName="outer")
    assert [each["AlarmName"] for each in found["MetricAlarms"]] == ["b"]
    assert [each["AlarmName"] for each in found["CompositeAlarms"]] == ["inner"]
    assert sorted(found["MetricAlarms"][0]) == [
        "AlarmArn", "AlarmName", "StateUpdatedTimestamp", "StateValue"
    ]  # fmt: skip
    assert cloudwatch.describe_alarms(ParentsOfAlarmName="a")["CompositeAlarms"] == [
        {"AlarmName": "inner", "AlarmArn": f"{ARN}inner"}
    ]
    assert cloudwatch.describe_alarms(ChildrenOfAlarmName="a")["MetricAlarms"] == []


def test_a_child_that_is_named_in_two_ways_is_one(cloudwatch):
    put(cloudwatch, f"ALARM(a) OR INSUFFICIENT_DATA({ARN}a)", "both")
    found = cloudwatch.describe_alarms(ChildrenOfAlarmName="both")["MetricAlarms"]
    assert [each["AlarmName"] for each in found] == ["a"]


@pytest.mark.parametrize("member", ["ChildrenOfAlarmName", "ParentsOfAlarmName"])
def test_relations_are_asked_for_alone(cloudwatch, member):
    code, message = refused(cloudwatch.describe_alarms, **{member: "a", "StateValue": "OK"})
    assert (code, message) == (
        "ValidationError", f"{member} cannot be used together with other parameters"
    )  # fmt: skip


def test_alarms_of_a_metric(cloudwatch):
    cloudwatch.put_metric_alarm(**alarm("d", Dimensions=[{"Name": "x", "Value": "1"}], period=300))

    def names(**request):
        found = cloudwatch.describe_alarms_for_metric(
            Namespace="App", MetricName="Errors", **request
        )["MetricAlarms"]
        return [each["AlarmName"] for each in found]

    assert names() == ["a", "b", "s"]
    assert names(Dimensions=[{"Name": "x", "Value": "1"}]) == ["d"]
    assert names(Statistic="Average") == []
    assert names(Statistic="Sum", Period=60) == ["a", "b", "s"]
    assert names(Period=300) == []


def test_its_history_has_its_own_type(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a)", AlarmActions=[TOPIC])
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    assert cloudwatch.describe_alarm_history(AlarmName="both")["AlarmHistoryItems"] == []
    items = cloudwatch.describe_alarm_history(
        AlarmName="both", AlarmTypes=["CompositeAlarm"], ScanBy="TimestampAscending"
    )["AlarmHistoryItems"]
    assert [each["HistoryItemType"] for each in items] == [
        "ConfigurationUpdate", "StateUpdate", "StateUpdate", "Action"
    ]  # fmt: skip
    created = json.loads(items[0]["HistoryData"])["createdAlarm"]
    assert created["alarmRule"] == "ALARM(a)"
    assert items[0]["HistorySummary"] == 'Alarm "both" created'


def test_why(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a) OR ALARM(b)", AlarmActions=[TOPIC], **HELD)
    monitoring.clock.advance(seconds=WAIT)
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    why = monitoring.explain("both")
    assert [(name, state) for name, state, _ in why.children] == [("a", "ALARM"), ("b", "OK")]
    assert (why.state, why.suppressed_by) == ("ALARM", "WaitPeriod")
    assert "suppressed by WaitPeriod, until 12:04:00 at most" in str(why)


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        # wordings: as users report them
        ({"AlarmRule": " ALARM(a)"},
         "AlarmRule must not contain leading or trailing whitespace or be null"),
        ({"AlarmRule": "ALARM(a) OR ALARM(gone) OR OK(lost)"},
         "Could not save the composite alarm as alarms [gone, lost] in the alarm rule do not "
         "exist"),
        # wordings unverified
        ({"AlarmRule": "ALARM(a) AND"}, "Invalid alarm rule: Expected a condition, found the end"),
        ({"AlarmRule": "ALARM(a)", "ActionsSuppressor": "s"},
         "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod must be given together "
         "with ActionsSuppressor"),
        ({"AlarmRule": "ALARM(a)", **HELD, "ActionsSuppressor": "gone"},
         "Could not save the composite alarm as the suppressor gone does not exist"),
        ({"AlarmRule": "ALARM(b)", "AlarmName": "a"},
         "An alarm named a already exists and is of type MetricAlarm"),
        ({"AlarmRule": "ALARM(a)", "AlarmActions": ["nonsense"]}, "Invalid arn syntax: nonsense"),
    ],
)  # fmt: skip
def test_what_cannot_be_put(cloudwatch, request_, message):
    found = refused(cloudwatch.put_composite_alarm, **{"AlarmName": "both", **request_})
    assert found == ("ValidationError", message)


def test_a_metric_alarm_does_not_replace_one(cloudwatch):
    put(cloudwatch, "ALARM(a)")
    code, _ = refused(cloudwatch.put_metric_alarm, **alarm("both"))
    assert code == "ValidationError"


def test_a_hundred_children_are_the_most(cloudwatch):
    for number in range(101):
        cloudwatch.put_metric_alarm(**alarm(f"c{number}"))
    rule = " OR ".join(f"ALARM(c{number})" for number in range(100))
    put(cloudwatch, rule)
    code, message = refused(cloudwatch.put_composite_alarm, AlarmName="both",
                            AlarmRule=f"{rule} OR ALARM(c100)")  # fmt: skip
    assert code == "ValidationError"
    assert "100" in message


def test_a_hundred_and_fifty_parents_are_the_most(cloudwatch):
    for number in range(150):
        put(cloudwatch, "ALARM(a)", f"p{number}")
    put(cloudwatch, "NOT ALARM(a)", "p0")
    code, message = refused(cloudwatch.put_composite_alarm, AlarmName="one-more", AlarmRule="OK(a)")
    assert code == "ValidationError"
    assert "150" in message


def test_what_a_composite_needs_stays(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a) OR ALARM(b)", **HELD)
    for names, told in (
        (["a"], "a as there are composite alarm(s) depending on it."),
        (["a", "b"], "a,b as there are composite alarm(s) depending on them."),
        (["s"], "s as there are composite alarm(s) depending on it."),
    ):
        found = refused(cloudwatch.delete_alarms, AlarmNames=names)
        assert found == ("ValidationError", f"Cannot delete {told}")
    cloudwatch.delete_alarms(AlarmNames=["a", "both", "b"])
    assert [each.name for each in monitoring.alarms] == ["s"]


def test_one_composite_at_a_time_is_deleted(cloudwatch):
    put(cloudwatch, "ALARM(a)", "one")
    put(cloudwatch, "ALARM(a)", "two")
    code, _ = refused(cloudwatch.delete_alarms, AlarmNames=["one", "two"])
    assert code == "ValidationError"


def test_actions_can_be_disabled(monitoring, cloudwatch):
    put(cloudwatch, "ALARM(a)", AlarmActions=[TOPIC])
    cloudwatch.disable_alarm_actions(AlarmNames=["both"])
    monitoring.alarms.set_state("a", "ALARM", reason="x")
    assert described(cloudwatch)["StateValue"] == "ALARM"
    assert monitoring.deliveries.to(TOPIC) == []


def test_its_tags(cloudwatch):
    put(cloudwatch, "ALARM(a)", Tags=[{"Key": "team", "Value": "blue"}])
    tags = cloudwatch.list_tags_for_resource(ResourceARN=f"{ARN}both")["Tags"]
    assert tags == [{"Key": "team", "Value": "blue"}]
