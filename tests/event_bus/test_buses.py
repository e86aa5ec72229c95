"""Event buses: made, shown, changed, taken away, and opened to other accounts."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.event_bus.conftest import FUNCTION, put, rule

OTHER = "111111111111"


def test_the_default_bus_is_always_there(events):
    (bus,) = events.list_event_buses()["EventBuses"]
    assert bus["Name"] == "default"
    assert bus["Arn"] == "arn:aws:events:us-east-1:123456789012:event-bus/default"


def test_a_bus_is_shown_as_it_was_made_and_changed(events):
    # given a bus
    made = events.create_event_bus(Name="orders", Description="of the shop")
    assert made["EventBusArn"].endswith(":event-bus/orders")
    # when it is changed
    events.update_event_bus(Name="orders", DeadLetterConfig={"Arn": FUNCTION})
    # then it is shown so, by name and by ARN
    for name in ("orders", made["EventBusArn"]):
        shown = events.describe_event_bus(Name=name)
        assert shown["Description"] == "of the shop"
        assert shown["DeadLetterConfig"] == {"Arn": FUNCTION}
    listed = events.list_event_buses(NamePrefix="ord")["EventBuses"]
    assert [bus["Name"] for bus in listed] == ["orders"]


def test_an_event_on_one_bus_is_none_on_another(events, function):
    events.create_event_bus(Name="orders")
    rule(events)
    put(events, EventBusName="orders")
    assert function == []


@pytest.mark.parametrize(
    ("call", "parameters", "code", "message"),
    [
        ("create_event_bus", {"Name": "default"}, "ResourceAlreadyExistsException",
         "Event bus default already exists."),
        ("delete_event_bus", {"Name": "default"}, "ValidationException",
         "Cannot delete event bus default."),
        ("describe_event_bus", {"Name": "nowhere"}, "ResourceNotFoundException",
         "Event bus nowhere does not exist."),
        ("remove_permission", {"StatementId": "x"}, "ResourceNotFoundException",
         "Statement with the provided id does not exist."),
        ("put_permission", {"EventBusName": "nowhere", "Action": "events:PutEvents",
                            "Principal": "*", "StatementId": "s"}, "ResourceNotFoundException",
         "Event bus nowhere does not exist."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(events, call, parameters, code, message):
    # Source: LocalStack's snapshots
    with pytest.raises(ClientError) as caught:
        getattr(events, call)(**parameters)
    assert caught.value.response["Error"] == {"Code": code, "Message": message}


def test_a_bus_with_rules_stays(events):
    events.create_event_bus(Name="orders")
    events.put_rule(Name="r", EventBusName="orders", EventPattern='{"source": ["s"]}')
    with pytest.raises(ClientError, match="since it has rules"):
        events.delete_event_bus(Name="orders")
    events.delete_rule(Name="r", EventBusName="orders")
    events.delete_event_bus(Name="orders")
    assert len(events.list_event_buses()["EventBuses"]) == 1


def test_another_account_puts_events_once_the_policy_lets_it(monitoring, events, function):
    # given a rule, and another account
    rule(events)
    bus = events.describe_event_bus()["Arn"]
    other = boto3.client("events", **monitoring.at(account=OTHER).credentials)
    # then that account's events are refused at first
    assert put(other, EventBusName=bus)["ErrorCode"] == "AccessDeniedException"
    # and taken once it may
    events.put_permission(Action="events:PutEvents", Principal=OTHER, StatementId="them")
    assert "EventId" in put(other, EventBusName=bus)
    assert [event["account"] for event in function] == [OTHER]
    policy = json.loads(events.describe_event_bus()["Policy"])
    assert policy["Statement"] == [
        {"Sid": "them", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"},
         "Action": "events:PutEvents", "Resource": bus}
    ]  # fmt: skip
    # and no more when the permission is gone
    events.remove_permission(StatementId="them")
    assert "Policy" not in events.describe_event_bus()
    assert put(other, EventBusName=bus)["ErrorCode"] == "AccessDeniedException"


def test_an_event_goes_from_bus_to_bus_once(monitoring, events, function):
    # given three buses in a row, and a function behind the third and the second
    for name in ("second", "third"):
        events.create_event_bus(Name=name)
    bus = "arn:aws:events:us-east-1:123456789012:event-bus/"
    rule(events, arn=f"{bus}second")
    for name, arn in (("second", f"{bus}third"), ("third", FUNCTION)):
        events.put_rule(Name="on", EventBusName=name, EventPattern='{"source": ["shop"]}')
        events.put_targets(Rule="on", EventBusName=name, Targets=[{"Id": "1", "Arn": arn}])
    events.put_targets(Rule="on", EventBusName="second", Targets=[{"Id": "2", "Arn": FUNCTION}])
    # when an event comes to the first
    entry = put(events)
    # then the second gets it with its id, and the third doesn't, which is told
    assert [event["id"] for event in function] == [entry["EventId"]]
    (kept_back,) = monitoring.deliveries.to(f"{bus}third")
    assert kept_back.status == "failed"
    assert "goes to no third" in kept_back.attempts[0].error


def test_tags_of_buses_and_rules_are_kept_and_go_with_them(events):
    bus = events.create_event_bus(Name="b", Tags=[{"Key": "a", "Value": "1"}])["EventBusArn"]
    arn = events.put_rule(Name="r", EventPattern='{"source": ["s"]}')["RuleArn"]
    for tagged in (bus, arn):
        events.tag_resource(ResourceARN=tagged, Tags=[{"Key": "b", "Value": "2"}])
    events.untag_resource(ResourceARN=bus, TagKeys=["a", "nothing"])
    for tagged in (bus, arn):
        tags = events.list_tags_for_resource(ResourceARN=tagged)["Tags"]
        assert tags == [{"Key": "b", "Value": "2"}]
    events.delete_event_bus(Name="b")
    with pytest.raises(ClientError, match="Event bus b does not exist"):
        events.list_tags_for_resource(ResourceARN=bus)


@pytest.mark.parametrize(("call", "parameters"), [
    ("describe_event_bus", {"Name": "{}"}),
    ("put_rule", {"Name": "r", "EventBusName": "{}", "EventPattern": '{"source": ["a"]}'}),
    ("create_archive", {"ArchiveName": "a", "EventSourceArn": "{}"}),
    ("tag_resource", {"ResourceARN": "{}", "Tags": [{"Key": "a", "Value": "b"}]}),
])  # fmt: skip
@pytest.mark.parametrize("place", ["eu-west-1:123456789012", "us-east-1:999999999999"])
def test_a_bus_elsewhere_is_not_the_one_of_that_name_here(events, call, parameters, place):
    bus = f"arn:aws:events:{place}:event-bus/default"
    with pytest.raises(ClientError, match="Event bus default does not exist"):
        getattr(events, call)(**{
            name: bus if value == "{}" else value for name, value in parameters.items()
        })  # fmt: skip


def test_statements_without_a_sid_stay_unless_all_are_removed(events):
    # given a policy whose statement has no Sid
    bus = events.describe_event_bus()["Arn"]
    statement = {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents",
                 "Resource": bus}  # fmt: skip
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    events.put_permission(Policy=json.dumps(policy))
    # when no statement is named
    with pytest.raises(ClientError, match="Statement with the provided id does not exist"):
        events.remove_permission()
    # then it stays
    assert json.loads(events.describe_event_bus()["Policy"]) == policy
