"""Event history: found by attribute, in time, in pages."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon import mock_monitoring
from tests.trail.conftest import ACCOUNT, client, table


def names(cloudtrail, key=None, value=None, **more):
    if key:
        more["LookupAttributes"] = [{"AttributeKey": key, "AttributeValue": value}]
    return [each["EventName"] for each in cloudtrail.lookup_events(**more)["Events"]]


def test_management_events_are_there_newest_first_without_any_trail(mon, cloudtrail):
    table()
    client("dynamodb").put_item(TableName="t", Item={"id": {"S": "1"}})  # a data event
    client("dynamodb").delete_table(TableName="t")
    assert names(cloudtrail) == ["DeleteTable", "CreateTable"]
    assert names(cloudtrail)[0] == "LookupEvents"


def test_by_each_attribute(mon, cloudtrail):
    # given some calls
    table()
    client("logs").create_log_group(logGroupName="/g")
    client("dynamodb").describe_table(TableName="t")
    (first,) = cloudtrail.lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateTable"}]
    )["Events"]
    # then each attribute finds them
    assert first["Resources"][0] == {"ResourceType": "AWS::DynamoDB::Table", "ResourceName": "t"}
    assert (first["ReadOnly"], first["Username"]) == ("false", "awsmon")
    assert names(cloudtrail, "EventId", first["EventId"]) == ["CreateTable"]
    both = ["DescribeTable", "CreateTable"]
    assert names(cloudtrail, "ResourceName", "t") == both
    assert names(cloudtrail, "ResourceType", "AWS::Logs::LogGroup") == ["CreateLogGroup"]
    assert names(cloudtrail, "EventSource", "dynamodb.amazonaws.com") == both
    assert "CreateLogGroup" in names(cloudtrail, "ReadOnly", "false")
    assert "CreateLogGroup" not in names(cloudtrail, "ReadOnly", "true")
    assert "CreateTable" in names(cloudtrail, "Username", "awsmon")
    assert "CreateTable" in names(cloudtrail, "AccessKeyId", first["AccessKeyId"])
    assert names(cloudtrail, "EventName", "createtable") == []


def test_an_event_data_store_is_no_trail(cloudtrail):
    # when a store with a named selector is made, and a trail
    store = cloudtrail.create_event_data_store(
        Name="audit", AdvancedEventSelectors=[{"Name": "all of them", "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Management"]}]}],
    )["EventDataStoreArn"]  # fmt: skip
    cloudtrail.create_trail(Name="main", S3BucketName="records")
    # then each is known by its own type, and neither name for another's
    made, stored = cloudtrail.lookup_events()["Events"]
    arn = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/main"
    assert made["Resources"] == [
        {"ResourceType": "AWS::CloudTrail::Trail", "ResourceName": "main"},
        {"ResourceType": "AWS::S3::Bucket", "ResourceName": "records"},
        {"ResourceType": "AWS::CloudTrail::Trail", "ResourceName": arn},
    ]
    assert stored["Resources"] == [
        {"ResourceType": "AWS::CloudTrail::EventDataStore", "ResourceName": store}
    ]


def test_calls_of_several_operations_and_callers_stand_in_the_order_of_time(mon, cloudtrail):
    # given calls of two operations by two users, in turn
    iam = client("iam")
    iam.create_user(UserName="Bob")
    key = iam.create_access_key(UserName="Bob")["AccessKey"]
    bob = boto3.client("logs", "us-east-1", aws_access_key_id=key["AccessKeyId"],
                       aws_secret_access_key=key["SecretAccessKey"])  # fmt: skip
    logs, source = client("logs"), ("EventSource", "logs.amazonaws.com")
    for number in range(3):
        logs.create_log_group(logGroupName=f"/{number}")
        bob.describe_log_groups()
    assert names(cloudtrail, *source) == ["DescribeLogGroups", "CreateLogGroup"] * 3
    assert names(cloudtrail, "Username", "Bob") == ["DescribeLogGroups"] * 3
    assert names(cloudtrail, "AccessKeyId", key["AccessKeyId"]) == ["DescribeLogGroups"] * 3
    # when there are more, then they are found too
    bob.create_log_group(logGroupName="/more")
    assert names(cloudtrail, *source)[:2] == ["CreateLogGroup", "DescribeLogGroups"]
    assert names(cloudtrail, "Username", "Bob")[0] == "CreateLogGroup"


def test_what_went_to_make_room_is_no_longer_found():
    with mock_monitoring(now="2026-03-02T12:00:00Z", keep=20):
        logs, cloudtrail = client("logs"), client("cloudtrail")
        for number in range(40):
            logs.create_log_group(logGroupName=f"/{number}")
            if number == 10:  # some are filed before
                assert len(names(cloudtrail, "EventName", "CreateLogGroup")) == 11
        found = cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateLogGroup"}]
        )["Events"]
        last = [each["Resources"][0]["ResourceName"] for each in found]
        assert last == [f"/{number}" for number in range(39, 39 - len(last), -1)]
        assert 18 <= len(last) <= 20
        assert names(cloudtrail, "ResourceName", "/39") == ["CreateLogGroup"]
        assert names(cloudtrail, "ResourceName", "/3") == []


def test_in_a_range_of_time_and_no_longer_than_ninety_days(monitoring, cloudtrail):
    logs, start = client("logs"), monitoring.clock.now()
    for name in ("/a", "/b", "/c"):
        logs.create_log_group(logGroupName=name)
        monitoring.clock.advance(days=40)
    key = {"key": "EventName", "value": "CreateLogGroup"}
    assert len(names(cloudtrail, **key)) == 2  # the first is 120 days old
    more = {"StartTime": start + timedelta(days=50), "EndTime": start + timedelta(days=90)}
    assert len(names(cloudtrail, **key, **more)) == 1
    with pytest.raises(ClientError, match="InvalidTimeRangeException"):
        names(cloudtrail, StartTime=start, EndTime=start - timedelta(days=1))


def test_in_pages(monitoring, cloudtrail):
    logs = client("logs")
    for number in range(5):
        logs.create_log_group(logGroupName=f"/{number}")
    pages = cloudtrail.get_paginator("lookup_events").paginate(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateLogGroup"}],
        PaginationConfig={"PageSize": 2},
    )
    assert [len(page["Events"]) for page in pages] == [2, 2, 1]
    with pytest.raises(ClientError, match="InvalidNextTokenException"):
        cloudtrail.lookup_events(NextToken="x")


def test_pages_go_on_where_they_were_though_each_is_a_call_itself(mon, cloudtrail):
    for number in range(7):
        client("logs").create_log_group(logGroupName=f"/{number}")
    pages = cloudtrail.get_paginator("lookup_events").paginate(PaginationConfig={"PageSize": 2})
    found = [each["EventId"] for page in pages for each in page["Events"]]
    assert len(found) == len(set(found)) == 7
    source = [{"AttributeKey": "EventSource", "AttributeValue": "cloudtrail.amazonaws.com"}]
    pages = cloudtrail.get_paginator("lookup_events").paginate(
        LookupAttributes=source, PaginationConfig={"PageSize": 1}
    )
    assert len(list(pages)) == 4  # as many calls as there were before the first of them


def test_an_event_is_found_by_the_time_that_it_shows(mon, cloudtrail):
    mon.clock.advance(milliseconds=700)
    client("logs").create_log_group(logGroupName="/g")
    [found] = cloudtrail.lookup_events()["Events"]
    assert found["EventTime"] == mon.clock.now() - timedelta(milliseconds=700)
    at = {"StartTime": found["EventTime"], "EndTime": found["EventTime"]}
    assert names(cloudtrail, "EventId", found["EventId"], **at) == ["CreateLogGroup"]


def test_one_attribute_at_a_time(cloudtrail):
    two = [{"AttributeKey": "EventName", "AttributeValue": "x"}] * 2
    with pytest.raises(ClientError, match="InvalidLookupAttributesException"):
        cloudtrail.lookup_events(LookupAttributes=two)
    assert cloudtrail.lookup_events(EventCategory="insight")["Events"] == []


def test_each_account_and_region_has_its_own(monitoring, cloudtrail):
    client("logs", "eu-west-1").create_log_group(logGroupName="/g")
    assert names(cloudtrail) == []
    assert names(client("cloudtrail", "eu-west-1")) == ["CreateLogGroup"]


def test_a_snapshot_carries_the_history(monitoring, cloudtrail):
    from awsmon import Monitoring

    client("logs").create_log_group(logGroupName="/g")
    other = Monitoring(now="2026-03-02T12:00:00Z")
    other.restore(monitoring.snapshot())
    assert [each.event_name for each in other.trail.calls("logs")] == ["CreateLogGroup"]


# -- for people ------------------------------------------------------------------------------------


def test_calls_by_service_user_errors_and_expression(mon, cloudtrail):
    table()
    with pytest.raises(ClientError):
        client("dynamodb").describe_table(TableName="none")
    assert [each.event_name for each in mon.trail.calls("dynamodb")] == [
        "CreateTable", "DescribeTable",
    ]  # fmt: skip
    (failed,) = mon.trail.calls(errors=True)
    assert "DescribeTable -> ResourceNotFoundException" in str(failed)
    assert mon.trail.calls(user="nobody") == []
    assert len(mon.trail.calls(user="awsmon", errors=False)) == 1
    (found,) = mon.trail.calls(where="requestParameters.tableName == 'none'")
    assert found.event_name == "DescribeTable"
    from awsmon.core.errors import MisuseError

    with pytest.raises(MisuseError, match="where="):
        mon.trail.calls(where="==")


def test_who_did_it(mon):
    table()
    client("dynamodb").delete_table(TableName="t")
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/t"
    (found,) = mon.trail.who("deleted", arn)
    assert found.who == "arn:aws:iam::123456789012:user/awsmon"
    assert [each.event_name for each in mon.trail.who("created", "t")] == ["CreateTable"]
    assert mon.trail.who("changed", arn) == []
    from awsmon.core.errors import MisuseError

    with pytest.raises(MisuseError, match="expected one of"):
        mon.trail.who("ate", arn)
