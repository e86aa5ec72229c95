"""Log groups: what they are, how they are found, how their events expire."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.logs.model import RETENTION_DAYS
from tests.logs.conftest import NOW, event, messages, refused

ARN = "arn:aws:logs:us-east-1:123456789012:log-group:/app"


def names(answer):
    return [each["logGroupName"] for each in answer["logGroups"]]


@pytest.mark.needs("logs.LogGroup.deletionProtectionEnabled")
def test_a_group_is_described_as_aws_does(logs):
    logs.create_log_group(logGroupName="/app")
    [found] = logs.describe_log_groups()["logGroups"]
    assert found == {  # recorded 2026
        "arn": f"{ARN}:*",
        "creationTime": NOW,
        "deletionProtectionEnabled": False,
        "logGroupArn": ARN,
        "logGroupClass": "STANDARD",
        "logGroupName": "/app",
        "metricFilterCount": 0,
        "storedBytes": 0,
    }


@pytest.mark.needs("logs.CreateLogGroup.deletionProtectionEnabled")
def test_what_a_group_was_created_with_is_shown(logs):
    logs.create_log_group(
        logGroupName="/app", kmsKeyId="arn:aws:kms:us-east-1:123456789012:key/k",
        logGroupClass="INFREQUENT_ACCESS", deletionProtectionEnabled=True, tags={"env": "testing"},
    )  # fmt: skip
    [found] = logs.describe_log_groups()["logGroups"]
    assert found["kmsKeyId"] == "arn:aws:kms:us-east-1:123456789012:key/k"
    assert found["logGroupClass"] == "INFREQUENT_ACCESS"
    assert found["deletionProtectionEnabled"] is True
    assert logs.list_tags_for_resource(resourceArn=ARN)["tags"] == {"env": "testing"}


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("/app", "ResourceAlreadyExistsException", "The specified log group already exists"),
        ("x" * 513, "InvalidParameterException",
         "Invalid LogGroup or LogStream, both must have length less than or equal to 512."),
        ("aws/x", "InvalidParameterException",
         "Log groups starting with AWS/ are reserved for AWS."),
    ],
)  # fmt: skip
def test_a_bad_name_is_refused(logs, name, code, message):
    logs.create_log_group(logGroupName="/app")
    with pytest.raises(ClientError) as error:
        logs.create_log_group(logGroupName=name)
    assert refused(error) == (code, message)


def test_a_deleted_group_is_gone_with_all_it_had(logs, stream):
    logs.put_log_events(**stream, logEvents=[event("a")])
    logs.delete_log_group(logGroupName="/app")
    assert names(logs.describe_log_groups()) == []
    logs.create_log_group(logGroupName="/app")
    assert logs.describe_log_streams(logGroupName="/app")["logStreams"] == []


def test_an_unknown_group_is_not_found(logs):
    for call in (
        lambda: logs.delete_log_group(logGroupName="no"),
        lambda: logs.create_log_stream(logGroupName="no", logStreamName="s"),
        lambda: logs.put_retention_policy(logGroupName="no", retentionInDays=1),
        lambda: logs.describe_log_streams(logGroupName="no"),
        lambda: logs.describe_log_streams(logGroupIdentifier=f"{ARN}x"),
        lambda: logs.tag_log_group(logGroupName="no", tags={"a": "b"}),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert refused(error) == (
            "ResourceNotFoundException",
            "The specified log group does not exist.",
        )


# -- finding ---------------------------------------------------------------------------------------


@pytest.fixture
def several(logs):
    for name in ("/aws/lambda/a", "/aws/lambda/b", "DataLogs", "aws-DataLogs", "other"):
        logs.create_log_group(logGroupName=name)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, ["/aws/lambda/a", "/aws/lambda/b", "DataLogs", "aws-DataLogs", "other"]),
        ({"logGroupNamePrefix": "/aws/"}, ["/aws/lambda/a", "/aws/lambda/b"]),
        ({"logGroupNamePattern": "DataLogs"}, ["DataLogs", "aws-DataLogs"]),
        ({"logGroupNamePattern": "datalogs"}, []),
        ({"logGroupIdentifiers": ["other", ARN.replace("/app", "DataLogs")]},
         ["DataLogs", "other"]),
        ({"logGroupClass": "INFREQUENT_ACCESS"}, []),
    ],
)  # fmt: skip
def test_groups_are_found(logs, several, how, expected):
    assert names(logs.describe_log_groups(**how)) == expected


def test_a_pattern_finds_groups_in_short(logs, several):
    [found] = logs.describe_log_groups(logGroupNamePattern="other")["logGroups"]
    assert set(found) == {  # recorded 2026
        "arn", "creationTime", "logGroupArn", "logGroupClass", "logGroupName", "metricFilterCount",
    }  # fmt: skip


def test_prefix_and_pattern_exclude_each_other(logs):
    with pytest.raises(ClientError) as error:
        logs.describe_log_groups(logGroupNamePrefix="a", logGroupNamePattern="b")
    assert refused(error) == (
        "InvalidParameterException",
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
    )


def test_groups_come_in_pages_and_a_page_survives_a_deletion(logs, several):
    first = logs.describe_log_groups(limit=2)
    logs.delete_log_group(logGroupName="/aws/lambda/a")
    rest = logs.describe_log_groups(nextToken=first["nextToken"])
    assert names(first) + names(rest) == [
        "/aws/lambda/a", "/aws/lambda/b", "DataLogs", "aws-DataLogs", "other",
    ]  # fmt: skip


def test_a_made_up_token_is_refused(logs):
    with pytest.raises(ClientError) as error:
        logs.describe_log_groups(nextToken="x")
    assert refused(error) == ("InvalidParameterException", "The specified nextToken is invalid.")


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"logGroupNamePattern": "^/aws/lambda|other"},
         ["/aws/lambda/a", "/aws/lambda/b", "other"]),
        ({"logGroupNamePattern": "DataLogs"}, ["DataLogs", "aws-DataLogs"]),
        ({"logGroupNamePattern": "^DataLogs"}, ["DataLogs"]),
        ({"logGroupTags": [{"key": "team"}]}, ["DataLogs", "other"]),
        ({"logGroupTags": [{"key": "team", "values": ["red", "green"]}]}, ["DataLogs"]),
        ({"dataSources": [{"name": "shop"}]}, ["DataLogs"]),
        ({"dataSources": [{"name": "shop", "type": "events"}]}, ["DataLogs"]),
        ({"dataSources": [{"name": "shop"}, {"name": "bank"}]}, ["DataLogs", "other"]),
        ({"dataSources": [{"name": "shop", "type": "audit"}]}, []),
    ],
)  # fmt: skip
@pytest.mark.needs("logs.ListLogGroups.dataSources", "logs.ListLogGroups.logGroupTags")
def test_groups_are_listed(logs, several, how, expected):
    logs.tag_log_group(logGroupName="DataLogs", tags={
        "team": "red", "cw:datasource:name": "shop", "cw:datasource:type": "events"})  # fmt: skip
    logs.tag_log_group(logGroupName="other", tags={
        "team": "blue", "cw:datasource:name": "bank", "cw:datasource:type": "events"})  # fmt: skip
    assert names(logs.list_log_groups(**how)) == expected


@pytest.mark.needs("logs.ListAggregateLogGroupSummaries")
def test_data_sources_are_counted(logs, several):
    for name in ("DataLogs", "other"):
        logs.tag_log_group(
            logGroupName=name, tags={"cw:datasource:name": "shop", "cw:datasource:type": "events"}
        )
    [found] = logs.list_aggregate_log_group_summaries(groupBy="DATA_SOURCE_NAME_AND_TYPE")[
        "aggregateLogGroupSummaries"
    ]
    assert found == {
        "logGroupCount": 2,
        "groupingIdentifiers": [
            {"key": "dataSource.Name", "value": "shop"},
            {"key": "dataSource.Type", "value": "events"},
        ],
    }


# -- settings --------------------------------------------------------------------------------------


def test_events_expire_on_the_virtual_clock(monitoring, logs, stream):
    # given a day's retention, and events of yesterday evening and of now
    logs.put_retention_policy(logGroupName="/app", retentionInDays=1)
    logs.put_log_events(**stream, logEvents=[event("old", -80_000), event("new")])
    assert messages(logs.get_log_events(**stream)) == ["old", "new"]
    # when four hours pass
    monitoring.clock.advance(hours=4)
    # then the first has expired, and no longer counts
    assert messages(logs.get_log_events(**stream)) == ["new"]
    assert messages(logs.filter_log_events(logGroupName="/app")) == ["new"]
    [group] = logs.describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 1
    assert group["storedBytes"] == len("new") + 26


def test_a_busy_stream_drops_what_has_expired_by_itself(monitoring, logs, stream):
    logs.put_retention_policy(logGroupName="/app", retentionInDays=1)
    for _ in range(10):
        monitoring.logs.put("/app", "web", ["x"] * 10)
        monitoring.clock.advance(hours=12)
    assert len(monitoring.logs["/app"].stream("web").events) <= 40


def test_what_has_expired_does_not_come_back(monitoring, logs, stream):
    logs.put_retention_policy(logGroupName="/app", retentionInDays=1)
    logs.put_log_events(**stream, logEvents=[event("a")])
    monitoring.clock.advance(days=2)
    logs.delete_retention_policy(logGroupName="/app")
    assert messages(logs.get_log_events(**stream)) == []
    assert "retentionInDays" not in logs.describe_log_groups()["logGroups"][0]


def test_events_of_the_delivery_class_are_kept_for_a_day(monitoring, logs):
    logs.create_log_group(logGroupName="d", logGroupClass="DELIVERY")
    monitoring.logs.put("d", "s", "a")
    monitoring.clock.advance(days=1, seconds=1)
    assert messages(logs.filter_log_events(logGroupName="d")) == []


@pytest.mark.parametrize("days", [0, 2, 100, 10_000])
def test_only_some_retentions_exist(logs, stream, days):
    with pytest.raises(ClientError) as error:
        logs.put_retention_policy(logGroupName="/app", retentionInDays=days)
    assert refused(error)[0] == "InvalidParameterException"


def test_all_documented_retentions_are_taken(logs, stream):
    for days in RETENTION_DAYS:
        logs.put_retention_policy(logGroupName="/app", retentionInDays=days)
        assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == days


@pytest.mark.needs("logs.PutLogGroupDeletionProtection")
def test_a_protected_group_keeps_its_streams_and_itself(logs, stream):
    logs.put_log_group_deletion_protection(
        logGroupIdentifier="/app", deletionProtectionEnabled=True
    )
    for call in (
        lambda: logs.delete_log_group(logGroupName="/app"),
        lambda: logs.delete_log_stream(**stream),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert refused(error)[0] == "ValidationException"
    logs.put_log_group_deletion_protection(logGroupIdentifier=ARN, deletionProtectionEnabled=False)
    assert logs.describe_log_groups()["logGroups"][0]["deletionProtectionEnabled"] is False
    logs.delete_log_group(logGroupName="/app")


def test_a_key_is_associated_and_taken_away(logs, stream):
    key = "arn:aws:kms:us-east-1:123456789012:key/k"
    logs.associate_kms_key(resourceIdentifier=ARN, kmsKeyId=key)
    assert logs.describe_log_groups()["logGroups"][0]["kmsKeyId"] == key
    logs.disassociate_kms_key(logGroupName="/app")
    assert "kmsKeyId" not in logs.describe_log_groups()["logGroups"][0]


@pytest.mark.parametrize("how", [{}, {"logGroupName": "/app", "resourceIdentifier": ARN}])
def test_a_key_is_associated_with_one_thing(logs, stream, how):
    with pytest.raises(ClientError) as error:
        logs.associate_kms_key(kmsKeyId="k", **how)
    assert refused(error)[0] == "InvalidParameterException"


# -- tags and places -------------------------------------------------------------------------------


def test_both_tagging_apis_see_the_same_tags(logs):
    # recorded 2026: tags by creation, TagResource, TagLogGroup; taken away by both
    logs.create_log_group(logGroupName="/app", tags={"env": "testing1"})
    logs.tag_resource(resourceArn=ARN, tags={"test1": "val1", "test2": "val2"})
    logs.tag_log_group(logGroupName="/app", tags={"test3": "val3"})
    every = {"env": "testing1", "test1": "val1", "test2": "val2", "test3": "val3"}
    assert logs.list_tags_log_group(logGroupName="/app")["tags"] == every
    assert logs.list_tags_for_resource(resourceArn=ARN)["tags"] == every
    logs.untag_log_group(logGroupName="/app", tags=["test1", "test3"])
    logs.untag_resource(resourceArn=ARN, tagKeys=["env"])
    assert logs.list_tags_for_resource(resourceArn=ARN)["tags"] == {"test2": "val2"}
    tagging = boto3.client("resourcegroupstaggingapi")
    [found] = tagging.get_resources()["ResourceTagMappingList"]
    assert found["ResourceARN"] == ARN


def test_fifty_tags_are_the_most(logs):
    logs.create_log_group(logGroupName="/app", tags={f"k{n}": "v" for n in range(49)})
    with pytest.raises(ClientError) as error:
        logs.tag_resource(resourceArn=ARN, tags={"x": "1", "y": "2"})
    assert refused(error)[0] == "TooManyTagsException"
    assert error.value.response["resourceName"] == ARN


def test_tags_of_nothing_are_not_found(logs):
    with pytest.raises(ClientError) as error:
        logs.list_tags_for_resource(resourceArn=ARN)
    assert refused(error)[0] == "ResourceNotFoundException"


def test_accounts_and_regions_have_groups_of_their_own(monitoring, logs):
    logs.create_log_group(logGroupName="here")
    boto3.client("logs", region_name="eu-west-1").create_log_group(logGroupName="there")
    assert names(logs.describe_log_groups()) == ["here"]
    assert [group.name for group in monitoring.at(region="eu-west-1").logs] == ["there"]
    elsewhere = monitoring.at(account="111111111111")
    assert names(boto3.client("logs", **elsewhere.credentials).describe_log_groups()) == []
