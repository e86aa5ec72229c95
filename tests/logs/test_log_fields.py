"""Single records and the fields of groups: GetLogRecord, GetLogGroupFields, GetLogFields."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.logs.store import Pointer


@pytest.fixture
def logs(monitoring):
    return boto3.client("logs")


def pointer(monitoring, group="/app"):
    """To the only event of a group."""
    [stream] = monitoring.logs[group].streams.values()
    return str(Pointer("123456789012", group, stream.name, stream.events.times[0],
                       stream.events.numbers[0]))  # fmt: skip


def test_a_record_has_all_its_fields_as_text(monitoring, logs):
    monitoring.logs.put("/app", "web", {"level": "error", "took": {"ms": 12.50}, "ok": False})
    found = pointer(monitoring)
    assert logs.get_log_record(logRecordPointer=found)["logRecord"] == {
        "@ingestionTime": "1772452800000",
        "@log": "123456789012:/app",
        "@logStream": "web",
        "@message": '{"level":"error","took":{"ms":12.5},"ok":false}',
        "@ptr": found,
        "@timestamp": "1772452800000",
        "level": "error",
        "took.ms": "12.5",
        "ok": "0",
    }


def test_a_record_that_has_expired_is_not_found(monitoring, logs):
    monitoring.logs.put("/app", "web", "one")
    found = pointer(monitoring)
    logs.put_retention_policy(logGroupName="/app", retentionInDays=1)
    monitoring.clock.advance(days=1, seconds=1)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_log_record(logRecordPointer=found)


@pytest.mark.parametrize("made_up", ["nonsense", "W10=", "eyJhIjoxfQ=="])
def test_a_pointer_must_be_one(monitoring, logs, made_up):
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.get_log_record(logRecordPointer=made_up)


def test_fields_come_with_the_share_of_events_that_have_them(monitoring, logs):
    # given two events with a level, of which one has a user, and a plain one
    monitoring.logs.put("/app", "web", [{"level": "info"}, {"level": "warn", "user": "u1"}, "text"])
    # then
    found = logs.get_log_group_fields(logGroupName="/app")["logGroupFields"]
    assert {each["name"]: each["percent"] for each in found} == {
        "@timestamp": 100, "@message": 100, "@log": 100, "@logStream": 100, "@ingestionTime": 100,
        "level": 67, "user": 33,
    }  # fmt: skip


def test_fields_of_what_a_client_put_are_seen(monitoring, logs):
    # given an event of a client
    logs.create_log_group(logGroupName="/app")
    logs.create_log_stream(logGroupName="/app", logStreamName="web")
    assert logs.get_log_group_fields(logGroupName="/app")["logGroupFields"] == []
    logs.put_log_events(
        logGroupName="/app", logStreamName="web",
        logEvents=[{"timestamp": 1772452800000, "message": '{"user":"u1"}'}],
    )  # fmt: skip
    # then its fields are the group's
    found = logs.get_log_group_fields(logGroupName="/app")["logGroupFields"]
    assert "user" in [each["name"] for each in found]


def test_fields_are_those_of_a_quarter_of_an_hour(monitoring, logs):
    now = monitoring.clock.now()
    monitoring.logs.put("/app", "web", {"old": 1}, at=now - timedelta(minutes=16))
    monitoring.logs.put("/app", "web", {"new": 1})

    def names(**when):
        found = logs.get_log_group_fields(logGroupIdentifier="/app", **when)["logGroupFields"]
        return {each["name"] for each in found if not each["name"].startswith("@")}

    assert names() == {"new"}
    assert names(time=int(now.timestamp()) - 16 * 60) == {"old"}
    assert names(time=int(now.timestamp()) - 8 * 60) == {"new", "old"}
    assert names(time=int(now.timestamp()) + 9 * 60) == set()


@pytest.mark.needs("logs.GetLogFields")
def test_the_fields_of_a_data_source_have_types(monitoring, logs):
    logs.create_log_group(
        logGroupName="/flow", tags={"cw:datasource:name": "shop", "cw:datasource:type": "orders"}
    )
    monitoring.logs.put("/flow", "s", [{"id": 1, "price": 1.5, "paid": True, "note": "x"},
                                       {"id": "a"}])  # fmt: skip
    found = logs.get_log_fields(dataSourceName="shop", dataSourceType="orders")["logFields"]
    types = {each["logFieldName"]: each["logFieldType"]["type"] for each in found}
    assert types["id"] == types["note"] == types["@message"] == "string"
    assert (types["price"], types["paid"]) == ("double", "boolean")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_log_fields(dataSourceName="shop", dataSourceType="returns")


def test_large_objects_are_not_there(monitoring, logs):
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_log_object(logObjectPointer="x")
