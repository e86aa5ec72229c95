"""Field index policies, and the indexes that there are."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.logs.conftest import NOW, event, refused

ARN = "arn:aws:logs:us-east-1:123456789012:log-group:/app"
EVERYWHERE = ["@aws.account", "@aws.region", "@logStream", "@source.log"]


def fields(*names, **typed):
    found = {"Fields": list(names)} if names else {}
    if typed:
        found["FieldsV2"] = {name: {"type": kind} for name, kind in typed.items()}
    return json.dumps(found)


def put(logs, document, group="/app"):
    return logs.put_index_policy(logGroupIdentifier=group, policyDocument=document)


def policies(logs, group="/app"):
    return logs.describe_index_policies(logGroupIdentifiers=[group])["indexPolicies"]


def indexes(logs, *categories, group="/app"):
    given = {"indexCategories": list(categories)} if categories else {}
    return logs.describe_field_indexes(logGroupIdentifiers=[group], **given)["fieldIndexes"]


def names(logs, *categories):
    return [each["fieldIndexName"] for each in indexes(logs, *categories)]


def write(logs, stream, message, seconds=0):
    text = message if isinstance(message, str) else json.dumps(message)
    logs.put_log_events(**stream, logEvents=[event(text, seconds)])


# -- the policy ------------------------------------------------------------------------------------


def test_a_policy_is_put_described_and_deleted(monitoring, logs, stream):
    """Source: AWS CLI, the examples of put-index-policy and describe-index-policies."""
    document = fields("@ingestionTime", "@requestId")
    found = put(logs, document, group=ARN)["indexPolicy"]
    assert found == {
        "logGroupIdentifier": ARN, "lastUpdateTime": NOW, "policyDocument": document,
        "source": "LOG_GROUP",
    }  # fmt: skip
    assert policies(logs) == [found]
    # when another is put, then it takes the place of the first
    monitoring.clock.advance(seconds=1)
    assert put(logs, fields("other"))["indexPolicy"]["lastUpdateTime"] == NOW + 1000
    assert [each["policyDocument"] for each in policies(logs)] == [fields("other")]
    # when it is deleted, then there is none
    logs.delete_index_policy(logGroupIdentifier="/app")
    assert policies(logs) == []
    with pytest.raises(ClientError) as error:
        logs.delete_index_policy(logGroupIdentifier="/app")
    assert refused(error) == (
        "ResourceNotFoundException",
        "The specified log group has no field index policy.",
    )


def test_an_unknown_group_is_not_found(logs):
    for call in (
        lambda: put(logs, fields("a")),
        lambda: policies(logs),
        lambda: indexes(logs),
        lambda: logs.delete_index_policy(logGroupIdentifier="/app"),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert refused(error) == (
            "ResourceNotFoundException",
            "The specified log group does not exist.",
        )


def test_only_standard_groups_have_policies(logs):
    logs.create_log_group(logGroupName="/app", logGroupClass="INFREQUENT_ACCESS")
    with pytest.raises(ClientError) as error:
        put(logs, fields("a"))
    assert refused(error) == (
        "InvalidParameterException",
        "Field indexing is not supported for log groups with log class INFREQUENT_ACCESS.",
    )


ONCE = "a field can be named only once."


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("{", "it must be JSON."),
        ("[]", "it must be an object."),
        ('{"fields": []}', "it has no member fields."),
        ('{"Fields": "a"}', "Fields must be an array of names."),
        ('{"Fields": [1]}', "Fields must be an array of names."),
        ('{"FieldsV2": []}', "FieldsV2 must be an object."),
        ('{"FieldsV2": {"a": "FACET"}}', "a must be an object."),
        (fields(a="x"), "the type of a must be one of FIELD_INDEX, FACET."),
        (fields("a", "a"), ONCE),
        (fields("a", a="FACET"), ONCE),
        ("{}", "it must name 1 to 20 fields."),
        (fields(*map(str, range(21))), "it must name 1 to 20 fields."),
        (fields(*map(str, range(20)), a="FACET"), "it must name 1 to 20 fields."),
        (fields("a" * 101), "a field's name has 1 to 100 characters."),
        (fields(""), "a field's name has 1 to 100 characters."),
    ],
)
def test_a_document_must_be_a_policy(logs, stream, document, why):
    with pytest.raises(ClientError) as error:
        put(logs, document)
    assert refused(error) == ("InvalidParameterException", f"Invalid policy document: {why}")


def test_twenty_fields_of_a_hundred_characters_are_accepted(logs, stream):
    put(logs, fields(*(str(at).ljust(100, "x") for at in range(20))))


# -- account policies ------------------------------------------------------------------------------

SOURCE = 'DataSourceName = "amazon_vpc" AND DataSourceType = "flow"'


def account(logs, name, document, criteria=None):
    more = {"selectionCriteria": criteria} if criteria else {}
    logs.put_account_policy(
        policyName=name, policyType="FIELD_INDEX_POLICY", policyDocument=document, **more
    )


def test_the_account_s_policy_is_used_where_a_group_has_none(logs, stream):
    account(logs, "prefix", fields("a"), 'LogGroupNamePrefix IN ["/app"]')
    assert policies(logs) == [
        {"logGroupIdentifier": ARN, "lastUpdateTime": NOW, "policyDocument": fields("a"),
         "policyName": "prefix", "source": "ACCOUNT"}
    ]  # fmt: skip
    put(logs, fields("b"))
    assert [each["source"] for each in policies(logs)] == ["LOG_GROUP"]
    logs.create_log_group(logGroupName="other")
    assert policies(logs, "other") == []


@pytest.mark.needs("logs.DescribeFieldIndexes.indexCategories")
def test_a_data_source_s_policy_is_used_beside_it(logs, stream):
    account(logs, "source", fields("c"), SOURCE)
    put(logs, fields("b"))
    assert len(policies(logs)) == 1
    logs.tag_resource(
        resourceArn=ARN,
        tags={"cw:datasource:name": "amazon_vpc", "cw:datasource:type": "flow"},
    )
    assert [each["source"] for each in policies(logs)] == ["LOG_GROUP", "ACCOUNT"]
    write(logs, stream, {"b": 1, "c": 2})
    assert names(logs, "CUSTOM") == ["b"]  # c has been indexed since it was looked at
    write(logs, stream, {"b": 1, "c": 2})
    assert names(logs, "CUSTOM") == ["b", "c"]


# -- indexes ---------------------------------------------------------------------------------------


@pytest.mark.needs("logs.DescribeFieldIndexes.indexCategories")
def test_default_fields_are_indexed_in_every_group(logs, stream):
    """Source: API reference, PutIndexPolicy."""
    assert names(logs) == []  # nothing was found yet
    write(logs, stream, "plain")
    assert names(logs) == EVERYWHERE
    write(logs, stream, {"traceId": "x", "attributes": {"session.id": "y"}}, 1)
    assert names(logs) == sorted([*EVERYWHERE, "traceId", "attributes.session.id"])
    assert {each["indexCategory"] for each in indexes(logs)} == {"DEFAULT"}


def test_data_sources_have_defaults_of_their_own(logs):
    logs.create_log_group(
        logGroupName="/app",
        tags={"cw:datasource:name": "amazon_vpc", "cw:datasource:type": "flow"},
    )
    logs.create_log_stream(logGroupName="/app", logStreamName="web")
    write(logs, {"logGroupName": "/app", "logStreamName": "web"}, {"action": "ACCEPT"})
    assert set(names(logs)) - set(EVERYWHERE) == {
        "@data_format", "@data_source_name", "@data_source_type", "action",
    }  # fmt: skip


def test_other_classes_have_no_indexes(logs):
    logs.create_log_group(logGroupName="/app", logGroupClass="INFREQUENT_ACCESS")
    logs.create_log_stream(logGroupName="/app", logStreamName="web")
    write(logs, {"logGroupName": "/app", "logStreamName": "web"}, "plain")
    assert names(logs) == []


@pytest.mark.needs("logs.DescribeFieldIndexes.indexCategories")
def test_an_index_tells_where_its_field_was_found(monitoring, logs, stream):
    # given events with a field from before and after the policy
    write(logs, stream, {"requestId": 1})
    put(logs, fields("requestId", user="FACET"))
    write(logs, stream, {"requestId": 2}, 5)
    write(logs, stream, {"requestId": 3}, 2)
    monitoring.clock.advance(seconds=9)
    write(logs, stream, {"RequestId": 4}, 9)
    # then only those behind it count, and names must be the same to the letter
    assert indexes(logs, "CUSTOM") == [
        {"logGroupIdentifier": ARN, "fieldIndexName": "requestId", "type": "FIELD_INDEX",
         "indexCategory": "CUSTOM", "firstEventTime": NOW + 2000, "lastEventTime": NOW + 5000,
         "lastScanTime": NOW + 9000}
    ]  # fmt: skip
    write(logs, stream, {"user": "x"}, 9)
    assert [each["type"] for each in indexes(logs, "CUSTOM")] == ["FIELD_INDEX", "FACET"]


@pytest.mark.needs("logs.DescribeFieldIndexes.indexCategories")
def test_an_index_that_was_given_up_is_of_use_for_thirty_days(monitoring, logs, stream):
    put(logs, fields("a", "b"))
    write(logs, stream, {"a": 1, "b": 1})
    put(logs, fields("b"))
    write(logs, stream, {"a": 2, "b": 2}, 1)
    assert names(logs, "CUSTOM") == ["b"]
    [inactive] = indexes(logs, "INACTIVE")
    assert (inactive["fieldIndexName"], inactive["lastEventTime"]) == ("a", NOW)
    assert names(logs) == [*EVERYWHERE, "a", "b"]
    assert names(logs, "AUTO") == []
    monitoring.clock.advance(days=30)
    assert names(logs, "INACTIVE") == []


@pytest.mark.needs("logs.DescribeFieldIndexes.indexCategories")
def test_an_index_is_of_events_of_thirty_days(monitoring, logs, stream):
    put(logs, fields("a"))
    write(logs, stream, {"a": 1})
    monitoring.clock.advance(days=30)
    assert names(logs, "CUSTOM") == ["a"]
    monitoring.clock.advance(seconds=1)
    assert names(logs, "CUSTOM") == []


@pytest.mark.needs("logs.DescribeFieldIndexes.indexCategories")
def test_account_policies_index_groups_old_and_new(logs, stream):
    write(logs, stream, {"a": 1})
    account(logs, "all", fields("a"))
    assert names(logs, "CUSTOM") == []
    write(logs, stream, {"a": 2})
    logs.create_log_group(logGroupName="/new")
    logs.create_log_stream(logGroupName="/new", logStreamName="s")
    write(logs, {"logGroupName": "/new", "logStreamName": "s"}, {"a": 3})
    assert names(logs, "CUSTOM") == ["a"]
    assert len(indexes(logs, "CUSTOM", group="/new")) == 1
    logs.delete_account_policy(policyName="all", policyType="FIELD_INDEX_POLICY")
    assert names(logs, "CUSTOM", "INACTIVE") == ["a"]


def test_indexes_of_several_groups_come_in_pages(logs):
    groups = [f"g{at:02}" for at in range(26)]
    for group in groups:
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="s")
        write(logs, {"logGroupName": group, "logStreamName": "s"}, "plain")
    first = logs.describe_field_indexes(logGroupIdentifiers=groups)
    rest = logs.describe_field_indexes(logGroupIdentifiers=groups, nextToken=first["nextToken"])
    assert len(first["fieldIndexes"]) == 100
    assert len(rest["fieldIndexes"]) == 4
    for call, asked in (
        (logs.describe_field_indexes, groups),
        (logs.describe_index_policies, ["g00"]),
    ):
        with pytest.raises(ClientError) as error:
            call(logGroupIdentifiers=asked, nextToken="x")
        assert refused(error) == (
            "InvalidParameterException",
            "The specified nextToken is invalid.",
        )


@pytest.mark.needs("logs.DescribeFieldIndexes.indexCategories")
def test_groups_are_listed_by_their_indexes(logs, stream):
    logs.create_log_group(logGroupName="other")
    put(logs, fields("a", "b"))
    listed = {
        wanted: [
            each["logGroupName"]
            for each in logs.list_log_groups(fieldIndexNames=wanted.split())["logGroups"]
        ]
        for wanted in ("a", "a b", "a c", "traceId")
    }
    assert listed == {"a": ["/app"], "a b": ["/app"], "a c": [], "traceId": ["/app", "other"]}
