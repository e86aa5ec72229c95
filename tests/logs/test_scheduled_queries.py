"""Scheduled queries: run again and again in virtual time, their history and their results."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

NOON = 1772452800000  # 2026-03-02T12:00:00Z, where the clock of these tests starts
ROLE = "arn:aws:iam::123456789012:role/queries"
DAY = 24 * 3600_000


def new(**changes):
    return {
        "name": "errors", "queryLanguage": "CWLI", "executionRoleArn": ROLE,
        "queryString": "filter status >= 500 | stats count(*) as n by path | sort path",
        "logGroupIdentifiers": ["/app"], "scheduleExpression": "cron(0 * * * ? *)",
        "startTimeOffset": 3600,
    } | changes  # fmt: skip


@pytest.fixture
def logs(monitoring):
    client = boto3.client("logs")
    client.create_log_group(logGroupName="/app")
    return client


def put(monitoring, *statuses):
    monitoring.logs.put("/app", "web", [{"status": each, "path": "/a"} for each in statuses])


def history(logs, **request):
    return logs.get_scheduled_query_history(
        identifier="errors", startTime=NOON, endTime=NOON + DAY, **request
    )["triggerHistory"]


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"]


def test_it_is_run_on_time_over_what_lies_behind(monitoring, logs):
    # given a query of each hour, over the hour before
    arn = logs.create_scheduled_query(**new())["scheduledQueryArn"]
    put(monitoring, 500, 200, 503)
    # when two hours pass
    monitoring.clock.advance(hours=2, seconds=5)
    # then it was run twice, newest first
    second, first = history(logs)
    assert first["triggeredTimestamp"] == NOON + 3600_000
    assert second["triggeredTimestamp"] == NOON + 7200_000
    assert {each["executionStatus"] for each in (first, second)} == {"Complete"}
    # and each run is a query like any other
    found = logs.get_query_results(queryId=first["queryId"])["results"]
    assert [[each["value"] for each in row] for row in found] == [["/a", "2"]]
    assert logs.get_query_results(queryId=second["queryId"])["results"] == []
    # and the query shows when it was last run
    shown = logs.get_scheduled_query(identifier="errors")
    assert shown["scheduledQueryArn"] == arn
    assert shown["lastTriggeredTime"] == second["triggeredTimestamp"]
    assert shown["lastExecutionStatus"] == "Complete"


def test_a_cron_is_meant_in_its_time_zone(monitoring, logs):
    logs.create_scheduled_query(
        **new(scheduleExpression="cron(0 9 * * ? *)", timezone="America/New_York")
    )
    monitoring.clock.advance(hours=23)
    # nine in New York, in winter, is 14:00 UTC
    assert [each["triggeredTimestamp"] for each in history(logs)] == [NOON + 2 * 3600_000]


def test_results_go_to_a_bucket(monitoring, logs):
    # given a bucket that a function stands for
    arrived = []
    monitoring.bind("arn:aws:s3:::results", arrived.append)
    s3 = {"destinationIdentifier": "s3://results/errors", "roleArn": ROLE}
    logs.create_scheduled_query(**new(destinationConfiguration={"s3Configuration": s3}))
    put(monitoring, 500)
    # when the query has been run
    monitoring.clock.advance(hours=1, seconds=5)
    # then its rows are there
    [object_] = arrived
    assert json.loads(object_["Body"]) == [{"path": "/a", "n": "1"}]
    [run] = history(logs)
    [destination] = run["destinations"]
    assert destination["destinationType"] == "S3"
    assert destination["status"] == "COMPLETE"
    assert destination["processedIdentifier"] == f"s3://results/{object_['Key']}"


@pytest.mark.needs("logs.CreateLookupTable")
def test_results_become_a_lookup_table(monitoring, logs):
    logs.create_scheduled_query(
        **new(destinationConfiguration={
            "lookupTableConfiguration": {"tableName": "errors_by_path", "roleArn": ROLE}
        })
    )  # fmt: skip
    put(monitoring, 500, 500)
    monitoring.clock.advance(hours=1, seconds=5)
    [table] = logs.describe_lookup_tables()["lookupTables"]
    assert table["lookupTableName"] == "errors_by_path"
    found = logs.get_lookup_table(lookupTableArn=table["lookupTableArn"])
    assert found["tableBody"].splitlines() == ["path,n", "/a,2"]


def test_a_run_that_can_not_be_says_why(monitoring, logs):
    logs.create_scheduled_query(**new(queryString="stats nothing("))
    monitoring.clock.advance(hours=1, seconds=5)
    [run] = history(logs, executionStatuses=["InvalidQuery"])
    assert run["errorMessage"]
    assert history(logs, executionStatuses=["Complete"]) == []


def test_it_is_disabled_changed_and_deleted(monitoring, logs):
    logs.create_scheduled_query(**new())
    changed = new(state="DISABLED")
    del changed["name"]
    shown = logs.update_scheduled_query(identifier="errors", **changed)
    assert shown["state"] == "DISABLED"
    monitoring.clock.advance(hours=3)
    assert history(logs) == []
    logs.update_scheduled_query(identifier="errors", **(changed | {"state": "ENABLED"}))
    monitoring.clock.advance(hours=1, seconds=5)
    assert len(history(logs)) == 1
    logs.delete_scheduled_query(identifier="errors")
    assert logs.list_scheduled_queries()["scheduledQueries"] == []
    assert refused(logs.get_scheduled_query, identifier="errors") == "ResourceNotFoundException"


def test_it_runs_between_its_start_and_its_end(monitoring, logs):
    logs.create_scheduled_query(
        **new(scheduleStartTime=NOON + 2 * 3600_000, scheduleEndTime=NOON + 3 * 3600_000)
    )
    monitoring.clock.advance(hours=6)
    assert [each["triggeredTimestamp"] - NOON for each in history(logs)] == [
        3 * 3600_000, 2 * 3600_000,
    ]  # fmt: skip


def test_they_are_listed_in_order_and_by_state(logs):
    for name, state in (("b", "ENABLED"), ("a", "DISABLED"), ("c", "ENABLED")):
        logs.create_scheduled_query(**new(name=name, state=state))
    assert [each["name"] for each in logs.list_scheduled_queries()["scheduledQueries"]] == [
        "a", "b", "c",
    ]  # fmt: skip
    found = logs.list_scheduled_queries(state="ENABLED", maxResults=1)
    assert [each["name"] for each in found["scheduledQueries"]] == ["b"]
    found = logs.list_scheduled_queries(state="ENABLED", maxResults=1, nextToken=found["nextToken"])
    assert [each["name"] for each in found["scheduledQueries"]] == ["c"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "taken"}, "ConflictException"),
        ({"scheduleExpression": "rate(1 hour)"}, "ValidationException"),
        ({"scheduleExpression": "cron(never)"}, "ValidationException"),
        ({"timezone": "Nowhere/Land"}, "ValidationException"),
        ({"startTimeOffset": 60, "endTimeOffset": 60}, "ValidationException"),
        ({"logGroupIdentifiers": ["/missing"]}, "ResourceNotFoundException"),
    ],
)
@pytest.mark.needs("logs.CreateScheduledQuery.endTimeOffset")
def test_what_is_refused(logs, changes, code):
    logs.create_scheduled_query(**new(name="taken"))
    assert refused(logs.create_scheduled_query, **new(**changes)) == code


def test_its_end_may_be_beyond_all_dates(monitoring, logs):
    logs.create_scheduled_query(**new(scheduleEndTime=2**60))
    logs.create_scheduled_query(**new(name="never", scheduleStartTime=2**60))
    monitoring.clock.advance(hours=1, seconds=5)
    assert len(history(logs)) == 1


def test_its_tags_are_those_of_its_arn(logs):
    arn = logs.create_scheduled_query(**new(tags={"team": "web"}))["scheduledQueryArn"]
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "web"}
