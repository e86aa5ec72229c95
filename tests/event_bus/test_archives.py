"""Archives keep events, and replays bring them again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

from tests.event_bus.conftest import FUNCTION, put, rule

BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"
ARCHIVE = "arn:aws:events:us-east-1:123456789012:archive/orders"
NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


@pytest.fixture
def shop(events):
    """Another bus with an archive; the bus's ARN."""
    bus = events.create_event_bus(Name="shop")["EventBusArn"]
    events.create_archive(ArchiveName="orders", EventSourceArn=bus)
    return bus


@pytest.fixture
def archive(events):
    events.create_archive(ArchiveName="orders", EventSourceArn=BUS)


def replay(events, name="again", start=NOON, hours=24, **destination):
    return events.start_replay(
        ReplayName=name, EventSourceArn=ARCHIVE, EventStartTime=start,
        EventEndTime=start + timedelta(hours=hours), Destination={"Arn": BUS, **destination},
    )  # fmt: skip


def test_an_archive_keeps_what_its_pattern_takes(events):
    # given an archive of the shop's events
    made = events.create_archive(
        ArchiveName="orders", EventSourceArn=BUS, EventPattern='{"source": ["shop"]}'
    )
    assert made["State"] == "ENABLED"
    # when one of these comes, and another
    put(events)
    put(events, Source="other")
    # then it has one, and its rule is as AWS makes it
    shown = events.describe_archive(ArchiveName="orders")
    assert shown["EventCount"] == 1
    assert shown["SizeBytes"] > 100
    kept = events.describe_rule(Name="Events-Archive-orders")
    assert kept["ManagedBy"] == "prod.vhs.events.aws.internal"
    assert kept["EventPattern"] == '{"source":["shop"],"replay-name":[{"exists":false}]}'
    with pytest.raises(ClientError, match="ManagedRuleException"):
        events.delete_rule(Name="Events-Archive-orders")


def test_events_leave_an_archive_when_they_are_too_old_for_it(monitoring, events, archive):
    events.update_archive(ArchiveName="orders", RetentionDays=2)
    for _ in range(3):
        put(events)
        monitoring.clock.advance(days=1)
    shown = events.describe_archive(ArchiveName="orders")
    assert (shown["EventCount"], shown["RetentionDays"]) == (1, 2)


def test_a_changed_pattern_counts_from_then_on(events, archive):
    put(events)
    events.update_archive(ArchiveName="orders", EventPattern='{"source": ["other"]}')
    put(events)
    assert events.describe_archive(ArchiveName="orders")["EventCount"] == 1


def test_an_archive_that_is_gone_keeps_nothing(events, archive):
    (listed,) = events.list_archives(EventSourceArn=BUS)["Archives"]
    assert listed["ArchiveName"] == "orders"
    events.delete_archive(ArchiveName="orders")
    put(events)
    assert events.list_archives()["Archives"] == []
    assert events.list_rules()["Rules"] == []


def test_a_replay_brings_events_in_order_with_its_name(monitoring, events, function, archive):
    # given two events an hour apart, heard by one rule
    rule(events)
    first = put(events)["EventId"]
    monitoring.clock.advance(hours=1)
    second = put(events)["EventId"]
    function.clear()
    # when they are replayed
    assert replay(events)["State"] == "STARTING"
    monitoring.settle()
    # then the rule hears both again, and the archive doesn't keep them twice
    assert [event["id"] for event in function] == [first, second]
    assert [event["replay-name"] for event in function] == ["again", "again"]
    assert list(function[0])[6:9] == ["region", "replay-name", "resources"]
    assert events.describe_archive(ArchiveName="orders")["EventCount"] == 2
    shown = events.describe_replay(ReplayName="again")
    assert shown["State"] == "COMPLETED"
    assert shown["EventLastReplayedTime"] == NOON + timedelta(hours=1)
    assert [each["State"] for each in events.list_replays(NamePrefix="a")["Replays"]] == [
        "COMPLETED"
    ]


def test_a_replay_takes_events_of_its_range_only(monitoring, events, function, archive):
    rule(events)
    put(events)
    monitoring.clock.advance(hours=2)
    last = put(events)["EventId"]
    function.clear()
    replay(events, start=NOON + timedelta(hours=1))
    monitoring.settle()
    assert [event["id"] for event in function] == [last]


def test_a_replay_goes_to_chosen_rules(monitoring, events, function, archive):
    # given two rules with one function
    rule(events, "one")
    rule(events, "two", Input='{"two": true}')
    put(events)
    function.clear()
    # when the event is replayed for the second
    arn = events.describe_rule(Name="two")["Arn"]
    replay(events, FilterArns=[arn])
    monitoring.settle()
    # then the first hears nothing
    assert function == [{"two": True}]


def test_a_replay_can_be_cancelled_while_it_lasts(monitoring, events, function, archive):
    # given a replay of three minutes' events, the first of which has come
    rule(events)
    for _ in range(3):
        put(events)
        monitoring.clock.advance(minutes=1)
    function.clear()
    replay(events)
    monitoring.clock.advance(seconds=1)
    # when it is cancelled
    assert events.cancel_replay(ReplayName="again")["State"] == "CANCELLING"
    monitoring.settle()
    # then the others don't come, and it can't be cancelled again
    assert len(function) == 1
    assert events.describe_replay(ReplayName="again")["State"] == "CANCELLED"
    with pytest.raises(ClientError, match="not in a valid state"):
        events.cancel_replay(ReplayName="again")


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"EventSourceArn": ARCHIVE + "x"}, "ValidationException",
         "Parameter EventSourceArn is not valid. Reason: Archive ordersx does not exist."),
        ({"EventEndTime": NOON - timedelta(days=1)}, "ValidationException",
         "Parameter EventEndTime is not valid. Reason: EventStartTime must be before "
         "EventEndTime."),
        ({"Destination": {"Arn": BUS.replace("default", "b")}}, "ValidationException",
         "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not "
         "permitted."),
        ({"Destination": {"Arn": BUS + "x"}}, "ResourceNotFoundException",
         "Event bus defaultx does not exist."),
        ({"ReplayName": "there"}, "ResourceAlreadyExistsException",
         "Replay there already exists."),
    ],
)  # fmt: skip
def test_a_replay_that_cannot_be_is_refused(events, archive, change, code, message):
    # Source: LocalStack's snapshots
    events.create_event_bus(Name="b")
    replay(events, name="there")
    request = {"ReplayName": "r", "EventSourceArn": ARCHIVE, "EventStartTime": NOON,
               "EventEndTime": NOON + timedelta(1), "Destination": {"Arn": BUS}}  # fmt: skip
    with pytest.raises(ClientError) as caught:
        events.start_replay(**{**request, **change})
    assert caught.value.response["Error"] == {"Code": code, "Message": message}


@pytest.mark.parametrize(
    ("call", "parameters", "message"),
    [
        ("create_archive", {"ArchiveName": "orders", "EventSourceArn": BUS},
         "Archive orders already exists."),
        ("create_archive", {"ArchiveName": "x", "EventSourceArn": BUS + "x"},
         "Event bus defaultx does not exist."),
        ("describe_archive", {"ArchiveName": "x"}, "Archive x does not exist."),
        ("update_archive", {"ArchiveName": "orders"},
         "At least one of EventPattern, RetentionDays or Description must be provided."),
        ("describe_replay", {"ReplayName": "x"}, "Replay x does not exist."),
        ("list_archives", {"NamePrefix": "o", "State": "ENABLED"}, "At most one filter is allowed"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(events, archive, call, parameters, message):
    # Source: LocalStack's snapshots; the last, moto
    with pytest.raises(ClientError, match=message):
        getattr(events, call)(**parameters)


def test_ten_replays_run_at_once(monitoring, events, archive):
    for number in range(10):
        replay(events, name=f"r{number}")
    with pytest.raises(ClientError, match="exceeds the maximum number allowed"):
        replay(events, name="r10")
    monitoring.settle()
    replay(events, name="r10")
    assert FUNCTION not in [delivery.target_arn for delivery in monitoring.deliveries]


def test_the_rule_of_an_archive_has_tags_like_any_other(events, archive):
    arn = events.describe_rule(Name="Events-Archive-orders")["Arn"]
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
    events.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "b"}])
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "b"}]


def test_an_archive_whose_rule_was_deleted_by_force_can_be_deleted(events, archive):
    # Source: the model's documentation of DeleteRule: Force deletes managed rules
    events.delete_rule(Name="Events-Archive-orders", Force=True)
    events.delete_archive(ArchiveName="orders")
    assert events.list_archives()["Archives"] == []


def test_and_so_can_one_whose_bus_went_after_that(events, shop):
    events.delete_rule(Name="Events-Archive-orders", EventBusName="shop", Force=True)
    events.delete_event_bus(Name="shop")
    events.delete_archive(ArchiveName="orders")
    assert events.list_archives()["Archives"] == []


def test_a_replay_whose_bus_is_deleted_fails(monitoring, events, shop):
    # given a replay that has begun
    put(events, EventBusName="shop")
    events.start_replay(
        ReplayName="again", EventSourceArn=ARCHIVE, EventStartTime=NOON,
        EventEndTime=NOON + timedelta(hours=1), Destination={"Arn": shop},
    )  # fmt: skip
    # when its archive and bus go, and time goes on
    events.delete_archive(ArchiveName="orders")
    events.delete_event_bus(Name="shop")
    monitoring.clock.advance(minutes=1)
    # then it has failed, and nothing else
    shown = events.describe_replay(ReplayName="again")
    assert (shown["State"], shown["StateReason"]) == ("FAILED", "Event bus shop does not exist.")


def test_an_archive_elsewhere_is_not_this_one(events, archive):
    with pytest.raises(ClientError, match="Archive orders does not exist"):
        events.start_replay(
            ReplayName="again", EventSourceArn=ARCHIVE.replace("us-east-1", "eu-west-1"),
            EventStartTime=NOON, EventEndTime=NOON + timedelta(hours=1), Destination={"Arn": BUS},
        )  # fmt: skip
