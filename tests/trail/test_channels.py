"""Channels: events from outside of AWS, who may put them, and which are taken."""

from __future__ import annotations

import base64
import hashlib
import json

import boto3
import pytest

from tests.trail.conftest import ACCOUNT, client, last
from tests.trail.test_event_data_stores import refused, rows, selectors, store

EVENT = {
    "version": "1.0", "userIdentity": {"type": "user", "principalId": "ann",
                                       "details": {"team": "blue"}},
    "eventSource": "shop.example.com", "eventName": "Refund", "eventTime": "2026-03-02T11:59:30Z",
    "UID": "u-1", "recipientAccountId": ACCOUNT, "requestParameters": {"order": 7},
}  # fmt: skip


@pytest.fixture
def of(cloudtrail):
    """A store of activity events."""
    return store(cloudtrail, AdvancedEventSelectors=selectors("ActivityAuditLog"))


@pytest.fixture
def arn(cloudtrail, of):
    return channel(cloudtrail, of)


def channel(cloudtrail, of, name="shop", **more):
    more = {"Source": "Custom", **more}
    destinations = [{"Type": "EVENT_DATA_STORE", "Location": whole(of)}]
    return cloudtrail.create_channel(Name=name, Destinations=destinations, **more)["ChannelArn"]


def whole(of):
    return f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:eventdatastore/{of}"


def entry(id_="1", checksum=None, **changes):
    text = json.dumps({name: value for name, value in {**EVENT, **changes}.items() if value})
    return {"id": id_, "eventData": text} | ({"eventDataChecksum": checksum} if checksum else {})


def put(arn, *entries, credentials=None, **more):
    data = boto3.client("cloudtrail-data", "us-east-1", **(credentials or {}))
    return data.put_audit_events(channelArn=arn, auditEvents=list(entries) or [entry()], **more)


def test_an_event_comes_through_a_channel_into_its_store(monitoring, cloudtrail, of, arn):
    text = entry()["eventData"]
    checksum = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    (taken,) = put(arn, entry(checksum=checksum))["successful"]
    assert taken["id"] == "1"
    statement = (
        "SELECT eventID, eventTime, eventCategory, eventType, eventData.eventName, "
        "eventData.userIdentity.principalId, element_at(eventData.requestParameters, 'order'), "
        f"metadata.channelARN, metadata.ingestionTime FROM {of}"
    )
    assert rows(monitoring, cloudtrail, statement) == [[
        taken["eventID"], "2026-03-02 11:59:30.000", "ActivityAuditLog", "ActivityLog", "Refund",
        "ann", "7", arn, "2026-03-02 12:00:00",
    ]]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"UID": None}, "FieldNotFound"),
        ({"userIdentity": {"type": "user"}}, "FieldNotFound"),
        ({"userIdentity": "ann"}, "InvalidData"),
        ({"eventName": "x" * 257}, "FieldTooLong"),
        ({"requestParameters": {"a": "x" * 5000}}, "FieldTooLong"),
        ({"eventTime": "yesterday"}, "InvalidData"),
        ({"eventTime": "2026-13-02T11:59:30Z"}, "InvalidData"),
        ({"eventSource": 5}, "InvalidData"),
        ({"recipientAccountId": "111111111111"}, "InvalidRecipient"),
        ({"checksum": "bm8="}, "InvalidChecksum"),
        ({"eventTime": "2026-03-02T11:59:30"}, None),
        ({"eventTime": "2026-03-02T11:59:30.5+01:00"}, None),
    ],
)
def test_an_event_that_the_schema_refuses_fails_alone(
    monitoring, cloudtrail, of, arn, changes, code
):
    answer = put(arn, entry("bad", **changes), entry("good"))
    assert [each["id"] for each in answer["successful"]] == (["good"] if code else ["bad", "good"])
    assert [(each["id"], each["errorCode"]) for each in answer["failed"]] == (
        [("bad", code)] if code else []
    )
    assert rows(monitoring, cloudtrail, f"SELECT count(*) FROM {of}") == [["1" if code else "2"]]


def test_what_is_no_json_fails(monitoring, cloudtrail, arn):
    for text in ("{", "[]"):
        (failed,) = put(arn, {"id": "1", "eventData": text})["failed"]
        assert failed["errorCode"] == "InvalidData"


def test_two_entries_of_one_id_are_refused_together(monitoring, cloudtrail, of, arn):
    refused("DuplicatedAuditEventId", lambda: put(arn, entry("1"), entry("1")))
    assert rows(monitoring, cloudtrail, f"SELECT count(*) FROM {of}") == [["0"]]


def test_a_channel_tells_what_came_last(monitoring, cloudtrail, arn):
    assert cloudtrail.get_channel(Channel=arn)["IngestionStatus"] == {}
    (taken,) = put(arn)["successful"]
    monitoring.clock.advance(minutes=1)
    put(arn, entry(UID=None))
    shown = cloudtrail.get_channel(Channel=arn.rpartition("/")[2])["IngestionStatus"]
    assert shown["LatestIngestionSuccessEventID"] == taken["eventID"]
    assert shown["LatestIngestionErrorCode"] == "FieldNotFound"
    assert shown["LatestIngestionSuccessTime"] < shown["LatestIngestionAttemptTime"]


def test_another_account_needs_a_policy_and_the_external_id(monitoring, cloudtrail, of, arn):
    theirs = monitoring.at(account="111111111111").credentials
    refused("ChannelInsufficientPermission", lambda: put(arn, credentials=theirs))
    # given a policy as the user guide has it
    policy = {"Version": "2012-10-17", "Statement": [{
        "Sid": "ChannelPolicy", "Effect": "Allow",
        "Principal": {"AWS": ["arn:aws:iam::111111111111:root"]},
        "Action": "cloudtrail-data:PutAuditEvents", "Resource": arn,
        "Condition": {"StringEquals": {"cloudtrail:ExternalId": "secret"}},
    }]}  # fmt: skip
    cloudtrail.put_resource_policy(ResourceArn=arn, ResourcePolicy=json.dumps(policy))
    refused("ChannelInsufficientPermission", lambda: put(arn, credentials=theirs))
    refused("ChannelInsufficientPermission",
            lambda: put(arn, credentials=theirs, externalId="guess"))  # fmt: skip
    assert put(arn, credentials=theirs, externalId="secret")["successful"]
    assert rows(monitoring, cloudtrail, f"SELECT count(*) FROM {of}") == [["1"]]
    # and once the policy is gone, nobody else may
    cloudtrail.delete_resource_policy(ResourceArn=arn)
    refused("ChannelInsufficientPermission",
            lambda: put(arn, credentials=theirs, externalId="secret"))  # fmt: skip


def test_policies_of_resources(monitoring, cloudtrail, of, arn):
    read, write = cloudtrail.get_resource_policy, cloudtrail.put_resource_policy
    refused("ResourcePolicyNotFoundException", read, ResourceArn=arn)
    refused("ResourceARNNotValidException", read, ResourceArn="arn:aws:s3:::b")
    trail = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/t"
    refused("ResourceTypeNotSupportedException", read, ResourceArn=trail)
    gone = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:channel/gone"
    refused("ResourceNotFoundException", read, ResourceArn=gone)
    refused("ResourcePolicyNotValidException", write, ResourceArn=arn, ResourcePolicy="{}")
    wrong = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": "*", "Action": "cloudtrail:StartQuery",
        "Resource": arn}]}  # fmt: skip
    refused("ResourcePolicyNotValidException", write, ResourceArn=whole(of),
            ResourcePolicy=json.dumps(wrong))  # fmt: skip
    text = json.dumps(wrong)
    write(ResourceArn=arn, ResourcePolicy=text)
    assert read(ResourceArn=arn)["ResourcePolicy"] == text
    cloudtrail.delete_resource_policy(ResourceArn=arn)
    refused("ResourcePolicyNotFoundException", cloudtrail.delete_resource_policy, ResourceArn=arn)


def test_channels_are_made_changed_and_deleted(monitoring, cloudtrail, of, arn):
    other = store(cloudtrail, "other", AdvancedEventSelectors=selectors("ActivityAuditLog"))
    refused("ChannelAlreadyExistsException", lambda: channel(cloudtrail, of))
    refused("InvalidSourceException", lambda: channel(cloudtrail, of, "x-1", Source="Nobody"))
    channel(cloudtrail, of, "okta", Source="Okta", Tags=[{"Key": "a", "Value": "b"}])
    refused("ChannelAlreadyExistsException",
            lambda: channel(cloudtrail, of, "okta2", Source="Okta"))  # fmt: skip
    names = [each["Name"] for each in cloudtrail.list_channels()["Channels"]]
    assert names == ["okta", "shop"]
    refused("ChannelAlreadyExistsException", cloudtrail.update_channel, Channel=arn, Name="okta")
    cloudtrail.update_channel(
        Channel=arn, Name="till",
        Destinations=[{"Type": "EVENT_DATA_STORE", "Location": other}],
    )  # fmt: skip
    put(arn)
    assert rows(monitoring, cloudtrail, f"SELECT count(*) FROM {of}") == [["0"]]
    assert rows(monitoring, cloudtrail, f"SELECT count(*) FROM {other}") == [["1"]]
    cloudtrail.delete_channel(Channel=arn)
    refused("ChannelNotFoundException", cloudtrail.get_channel, Channel=arn)
    refused("ChannelARNInvalidException", cloudtrail.get_channel, Channel=whole(of))
    refused("ChannelNotFound", lambda: put(arn))
    refused("InvalidChannelARN", lambda: put("arn:nothing"))
    assert rows(monitoring, cloudtrail, f"SELECT count(*) FROM {other}") == [["1"]]


def test_a_store_that_a_channel_feeds_is_not_deleted(monitoring, cloudtrail, of, arn):
    refused("ChannelExistsForEDSException", cloudtrail.delete_event_data_store, EventDataStore=of)
    cloudtrail.delete_channel(Channel=arn)
    cloudtrail.delete_event_data_store(EventDataStore=of)


def test_only_stores_of_activity_are_destinations(monitoring, cloudtrail):
    management = store(cloudtrail, "management")
    refused("InvalidEventDataStoreCategoryException", lambda: channel(cloudtrail, management))
    refused("EventDataStoreNotFoundException", lambda: channel(cloudtrail, "nowhere"))


def test_twenty_five_channels_are_the_most(monitoring, cloudtrail, of):
    for number in range(25):
        channel(cloudtrail, of, f"c-{number:02}")
    refused("ChannelMaxLimitExceededException", lambda: channel(cloudtrail, of, "more"))
    page = cloudtrail.list_channels(MaxResults=24)
    assert [each["Name"] for each in cloudtrail.list_channels(
        MaxResults=24, NextToken=page["NextToken"])["Channels"]] == ["c-24"]  # fmt: skip


def test_putting_events_is_a_data_event(monitoring, cloudtrail, arn):
    put(arn)
    record = last(monitoring, "PutAuditEvents")
    assert record["eventSource"] == "cloudtrail-data.amazonaws.com"
    assert (record["eventCategory"], record["managementEvent"]) == ("Data", False)
    assert record["resources"] == [
        {"accountId": ACCOUNT, "type": "AWS::CloudTrail::Channel", "ARN": arn}
    ]


def test_tags_of_channels(monitoring, cloudtrail, arn):
    cloudtrail.add_tags(ResourceId=arn, TagsList=[{"Key": "b", "Value": "2"}])
    (found,) = cloudtrail.list_tags(ResourceIdList=[arn])["ResourceTagList"]
    assert found["TagsList"] == [{"Key": "b", "Value": "2"}]


def test_channels_are_in_a_snapshot(monitoring, cloudtrail, of, arn):
    put(arn)
    kept = monitoring.snapshot()
    cloudtrail.delete_channel(Channel=arn)
    monitoring.restore(kept)
    put(arn)
    assert rows(monitoring, client("cloudtrail"), f"SELECT count(*) FROM {of}") == [["2"]]
