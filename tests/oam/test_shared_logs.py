"""What a monitoring account sees of its source accounts' log groups."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.oam.conftest import HOME, LOGS, METRICS, OTHER, SOURCE, client, link, refused

APP_ONLY = {"LogGroupConfiguration": {"Filter": "LogGroupName LIKE '/app%'"}}
NOW = 1772452800  # 2026-03-02T12:00:00Z


def arn(account, name):
    return f"arn:aws:logs:us-east-1:{account}:log-group:{name}"


SHARED, HIDDEN, UNLINKED = arn(SOURCE, "/app"), arn(SOURCE, "/secret"), arn(OTHER, "/app")


@pytest.fixture
def logs(monitoring, source, sink):
    """Groups in three accounts, of which one shares those that begin with /app."""
    for account in (HOME, SOURCE, OTHER):
        for name in ("/app", "/secret"):
            monitoring.at(account=account).logs.put(name, "web", f"{account} ERROR {name}")
    source.create_link(**link(sink, LOGS, LinkConfiguration=APP_ONLY))
    return boto3.client("logs", region_name="us-east-1")


def groups(answer):
    return [(each["logGroupArn"].split(":")[4], each["logGroupName"]) for each in
            answer["logGroups"]]  # fmt: skip


def messages(answer):
    return [each["message"] for each in answer["events"]]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, [(HOME, "/app"), (HOME, "/secret")]),
        ({"includeLinkedAccounts": True}, [(SOURCE, "/app"), (HOME, "/app"), (HOME, "/secret")]),
        ({"includeLinkedAccounts": True, "accountIdentifiers": []},
         [(SOURCE, "/app"), (HOME, "/app"), (HOME, "/secret")]),
        ({"includeLinkedAccounts": True, "accountIdentifiers": [SOURCE]}, [(SOURCE, "/app")]),
        ({"includeLinkedAccounts": True, "accountIdentifiers": [HOME, OTHER]},
         [(HOME, "/app"), (HOME, "/secret")]),
        ({"includeLinkedAccounts": True, "logGroupNamePattern": "app"},
         [(SOURCE, "/app"), (HOME, "/app")]),
    ],
)  # fmt: skip
def test_groups_of_linked_accounts_are_listed_where_asked_for(logs, how, expected):
    assert groups(logs.describe_log_groups(**how)) == expected
    assert groups(logs.list_log_groups(**how)) == expected


def test_groups_of_linked_accounts_are_found_by_arn(logs):
    found = logs.describe_log_groups(
        includeLinkedAccounts=True, logGroupIdentifiers=[SHARED, HIDDEN, UNLINKED, "/secret"]
    )
    assert groups(found) == [(SOURCE, "/app"), (HOME, "/secret")]


def test_groups_come_in_pages_across_accounts(logs):
    pages = logs.get_paginator("describe_log_groups").paginate(
        includeLinkedAccounts=True, PaginationConfig={"PageSize": 1}
    )
    assert [groups(page) for page in pages] == [
        [(SOURCE, "/app")], [(HOME, "/app")], [(HOME, "/secret")],
    ]  # fmt: skip


@pytest.mark.needs("logs.ListLogGroups.logGroupTags")
def test_a_linked_accounts_tags_are_its_own(logs, monitoring):
    theirs = client(monitoring, SOURCE, "logs")
    theirs.tag_resource(resourceArn=SHARED, tags={"cw:datasource:name": "web",
                                                  "cw:datasource:type": "access"})  # fmt: skip
    found = logs.list_log_groups(includeLinkedAccounts=True, dataSources=[{"name": "web"}])
    assert groups(found) == [(SOURCE, "/app")]
    [summary] = logs.list_aggregate_log_group_summaries(
        groupBy="DATA_SOURCE_NAME_AND_TYPE", includeLinkedAccounts=True
    )["aggregateLogGroupSummaries"]
    assert summary["logGroupCount"] == 1


def test_a_shared_group_is_read_by_its_arn(logs):
    expected = [f"{SOURCE} ERROR /app"]
    assert messages(logs.filter_log_events(logGroupIdentifier=SHARED)) == expected
    assert messages(logs.get_log_events(logGroupIdentifier=SHARED, logStreamName="web")) == expected
    [stream] = logs.describe_log_streams(logGroupIdentifier=SHARED)["logStreams"]
    assert stream["arn"] == f"{SHARED}:log-stream:web"
    # and by its name it is this account's
    assert messages(logs.filter_log_events(logGroupName="/app")) == [f"{HOME} ERROR /app"]


@pytest.mark.parametrize("identifier", [HIDDEN, UNLINKED, arn(SOURCE, "/app/none")])
def test_what_isnt_shared_is_not_found(logs, identifier):
    for call in (
        lambda: logs.filter_log_events(logGroupIdentifier=identifier),
        lambda: logs.get_log_events(logGroupIdentifier=identifier, logStreamName="web"),
        lambda: logs.describe_log_streams(logGroupIdentifier=identifier),
        lambda: logs.start_live_tail(logGroupIdentifiers=[identifier]),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert refused(error)[:2] == (
            "ResourceNotFoundException",
            "The specified log group does not exist.",
        )


def test_a_link_for_metrics_shares_no_groups(logs, source):
    [found] = source.list_links()["Items"]
    source.update_link(Identifier=found["Arn"], ResourceTypes=[METRICS])
    assert len(logs.describe_log_groups(includeLinkedAccounts=True)["logGroups"]) == 2
    with pytest.raises(ClientError):
        logs.filter_log_events(logGroupIdentifier=SHARED)


@pytest.mark.needs("logs.PutLogGroupDeletionProtection")
def test_a_shared_group_can_only_be_read(logs):
    for call in (
        lambda: logs.put_log_group_deletion_protection(
            logGroupIdentifier=SHARED, deletionProtectionEnabled=True
        ),
        lambda: logs.associate_kms_key(
            resourceIdentifier=SHARED, kmsKeyId="arn:aws:kms:us-east-1:123456789012:key/k"
        ),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert refused(error)[0] == "ResourceNotFoundException"


def test_live_tail_shows_what_comes_in_at_a_source(logs, monitoring):
    stream = logs.start_live_tail(logGroupIdentifiers=[SHARED])["responseStream"]
    events = iter(stream)
    assert "sessionStart" in next(events)
    monitoring.at(account=SOURCE).logs.put("/app", "web", "new")
    [shown] = next(events)["sessionUpdate"]["sessionResults"]
    assert (shown["message"], shown["logGroupIdentifier"]) == ("new", f"{SOURCE}:/app")
    stream.close()


# -- Insights --------------------------------------------------------------------------------------


def rows(monitoring, logs, text, **groups):
    """The rows of a query over the last hour, as dicts."""
    query = logs.start_query(
        startTime=NOW - 3600, endTime=NOW, queryString=text, **groups
    )["queryId"]  # fmt: skip
    monitoring.clock.advance(minutes=1)
    found = logs.get_query_results(queryId=query)
    assert found["status"] == "Complete"
    return [{cell["field"]: cell["value"] for cell in row} for row in found["results"]]


def test_a_query_reads_shared_groups(monitoring, logs):
    # when a group here and a shared one are queried together
    found = rows(
        monitoring, logs, "fields @log, @message | sort @log",
        logGroupIdentifiers=[arn(HOME, "/app"), SHARED],
    )  # fmt: skip
    # then each row tells its account, and its record can be had
    assert [(row["@log"], row["@message"]) for row in found] == [
        (f"{SOURCE}:/app", f"{SOURCE} ERROR /app"),
        (f"{HOME}:/app", f"{HOME} ERROR /app"),
    ]
    record = logs.get_log_record(logRecordPointer=found[0]["@ptr"])["logRecord"]
    assert record["@message"] == f"{SOURCE} ERROR /app"


@pytest.mark.parametrize(
    ("source_", "accounts"),
    [  # source: User Guide, SOURCE
        ("SOURCE logGroups(namePrefix: ['/app'])", [SOURCE, HOME]),
        (f"SOURCE logGroups(namePrefix: ['/app'], accountIdentifiers: ['{SOURCE}'])", [SOURCE]),
        (f"SOURCE logGroups(accountIdentifiers: ['{SOURCE}', '{OTHER}'])", [SOURCE]),
    ],
)
def test_source_chooses_among_linked_accounts_too(monitoring, logs, source_, accounts):
    found = rows(monitoring, logs, f"{source_} | fields @log | sort @log")
    assert [row["@log"] for row in found] == [f"{account}:/app" for account in accounts]


def test_an_unshared_group_cannot_be_queried(logs):
    with pytest.raises(ClientError) as error:
        logs.start_query(startTime=NOW - 3600, endTime=NOW, queryString="fields @message",
                         logGroupIdentifiers=[UNLINKED])  # fmt: skip
    assert refused(error)[0] == "ResourceNotFoundException"
