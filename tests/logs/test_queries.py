"""Logs Insights queries through the API: started, run in virtual time, read page by page."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.errors import NotImplementedByAwsmon
from awsmon.logs.errors import ResourceNotFoundException
from awsmon.logs.query_errors import MalformedQueryException

NOW = 1772452800  # 2026-03-02T12:00:00Z
RANGE = {"startTime": NOW - 3600, "endTime": NOW + 3600}


@pytest.fixture
def logs(monitoring):
    """Three requests in one group."""
    client = boto3.client("logs")
    client.create_log_group(logGroupName="/app")
    monitoring.logs.put(
        "/app", "web",
        [{"status": 200, "path": "/a"}, {"status": 500, "path": "/b"},
         {"status": 500, "path": "/a"}],
    )  # fmt: skip
    return client


def finished(logs, query_id):
    """What a program does that waits for a query."""
    while (found := logs.get_query_results(queryId=query_id))["status"] in ("Scheduled", "Running"):
        time.sleep(1)
    return found


def rows(found):
    return [{each["field"]: each["value"] for each in row} for row in found["results"]]


def refused(logs, **request):
    with pytest.raises(ClientError) as caught:
        logs.start_query(**{**RANGE, **request})
    return caught.value.response


@pytest.mark.needs("logs.QueryInfo.queryDuration")
def test_a_query_is_scheduled_then_run_then_complete(monitoring, logs):
    # when a query is started
    query = logs.start_query(
        logGroupName="/app", queryString="stats count(*) as n by status | sort status", **RANGE
    )["queryId"]
    # then nothing is there at once
    early = logs.get_query_results(queryId=query)
    assert (early["status"], early["results"]) == ("Scheduled", [])
    assert early["statistics"]["recordsScanned"] == 0
    monitoring.clock.advance(milliseconds=100)
    assert logs.get_query_results(queryId=query)["status"] == "Running"
    # and a moment later all of it
    found = finished(logs, query)
    assert found["status"] == "Complete"
    assert found["queryLanguage"] == "CWLI"
    assert rows(found) == [{"status": "200", "n": "1"}, {"status": "500", "n": "2"}]
    assert found["statistics"]["recordsScanned"] == 3
    assert found["statistics"]["recordsMatched"] == 3
    assert found["statistics"]["logGroupsScanned"] == 1
    assert found["statistics"]["resultCount"] == 2
    assert found["statistics"]["bytesScanned"] > 0


def test_events_come_with_pointers_to_their_records(logs):
    query = logs.start_query(
        logGroupName="/app",
        queryString="fields path | filter status = 500 and path = '/a'",
        **RANGE,
    )["queryId"]
    [row] = rows(finished(logs, query))
    assert list(row) == ["path", "@ptr"]
    record = logs.get_log_record(logRecordPointer=row["@ptr"])["logRecord"]
    assert (record["status"], record["path"]) == ("500", "/a")


def test_both_ends_of_the_time_range_count(monitoring, logs):
    # given events at the first and the last millisecond of ten seconds, and beyond
    for offset, text in ((-1, "before"), (0, "first"), (10_999, "last"), (11_000, "after")):
        at = monitoring.clock.now() - timedelta(hours=1) + timedelta(milliseconds=offset)
        monitoring.logs.put("/edge", "s", text, at=at)
    monitoring.logs["/edge"].creation_time -= 7_200_000
    # when these ten seconds are asked for
    query = logs.start_query(
        logGroupName="/edge", queryString="fields @message | sort @timestamp",
        startTime=NOW - 3600, endTime=NOW - 3590,
    )["queryId"]  # fmt: skip
    # then both are there
    assert [row["@message"] for row in rows(finished(logs, query))] == ["first", "last"]


def test_what_came_after_the_query_was_run_is_not_in_it(monitoring, logs):
    query = logs.start_query(logGroupName="/app", queryString="stats count(*) as n", **RANGE)
    finished(logs, query["queryId"])
    monitoring.logs.put("/app", "web", "late")
    assert rows(finished(logs, query["queryId"])) == [{"n": "3"}]


@pytest.mark.parametrize(
    ("groups", "count"),
    [
        ({"logGroupName": "/app"}, 3),
        ({"logGroupNames": ["/app", "/other"]}, 4),
        ({"logGroupIdentifiers": ["/app"]}, 3),
        ({"logGroupIdentifiers": [
            "arn:aws:logs:us-east-1:123456789012:log-group:/app",
            "arn:aws:logs:us-east-1:123456789012:log-group:/other",
        ]}, 4),
        ({"queryString": "SOURCE logGroups(namePrefix: ['/o']) | stats count(*) as n"}, 1),
        ({"queryString": "SOURCE logGroups() | stats count(*) as n"}, 4),
    ],
)  # fmt: skip
def test_log_groups_are_named_in_one_of_four_ways(monitoring, logs, groups, count):
    monitoring.logs.put("/other", "s", "x")
    query = logs.start_query(**{"queryString": "stats count(*) as n", **groups, **RANGE})
    assert rows(finished(logs, query["queryId"])) == [{"n": str(count)}]


def test_the_log_groups_of_a_query_can_be_asked_for(monitoring, logs):
    monitoring.logs.put("/other", "s", "x")
    named = logs.start_query(logGroupNames=["/app", "/other"], queryString="limit 1", **RANGE)
    chosen = logs.start_query(queryString="SOURCE logGroups(namePrefix: ['/o']) | limit 1", **RANGE)

    def groups(query):
        return logs.list_log_groups_for_query(queryId=query["queryId"])["logGroupIdentifiers"]

    assert groups(named) == ["/app", "/other"]
    assert groups(chosen) == ["arn:aws:logs:us-east-1:123456789012:log-group:/other"]


@pytest.mark.needs("logs.GetQueryResults.nextToken")
def test_long_results_come_in_pages(monitoring, logs):
    monitoring.logs.put("/long", "s", [str(number) for number in range(25)])
    query = logs.start_query(logGroupName="/long", queryString="fields @message", **RANGE)[
        "queryId"
    ]
    finished(logs, query)
    sizes, token = [], {}
    while True:
        page = logs.get_query_results(queryId=query, maxItems=10, **token)
        sizes.append(len(page["results"]))
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    assert sizes == [10, 10, 5]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.get_query_results(queryId=query, nextToken="made up")


def test_the_limit_of_the_request_counts_where_the_query_has_none(monitoring, logs):
    for text, count in (("fields @message", 2), ("fields @message | limit 1", 1)):
        query = logs.start_query(logGroupName="/app", queryString=text, limit=2, **RANGE)["queryId"]
        assert len(finished(logs, query)["results"]) == count


# -- stopping, history -----------------------------------------------------------------------------


def test_a_query_can_be_stopped_until_it_has_ended(logs):
    query = logs.start_query(logGroupName="/app", queryString="limit 1", **RANGE)["queryId"]
    assert logs.stop_query(queryId=query)["success"] is True
    found = finished(logs, query)
    assert (found["status"], found["results"]) == ("Cancelled", [])
    done = logs.start_query(logGroupName="/app", queryString="limit 1", **RANGE)["queryId"]
    finished(logs, done)
    for ended, status in ((query, "Cancelled"), (done, "Complete")):
        with pytest.raises(ClientError) as caught:
            logs.stop_query(queryId=ended)
        assert caught.value.response["Error"] == {
            "Code": "InvalidParameterException",
            "Message": f"Query is already ended with {status}",
        }


@pytest.mark.needs("logs.QueryInfo.queryDuration")
def test_the_history_of_queries(monitoring, logs):
    # given a query that is through and one that isn't
    monitoring.logs.put("/other", "s", "x")
    done = logs.start_query(logGroupName="/app", queryString="fields @message", **RANGE)["queryId"]
    finished(logs, done)
    monitoring.clock.advance(seconds=1)
    fresh = logs.start_query(logGroupName="/other", queryString="limit 1", **RANGE)["queryId"]
    # then the newest comes first, as AWS shows it (recorded: source, start and end in the text)
    found = logs.describe_queries()["queries"]
    assert [each["queryId"] for each in found] == [fresh, done]
    assert found[1]["queryString"] == (
        f'SOURCE "/app" START={NOW - 3600}000 END={NOW + 3600}999 | fields @message'
    )
    assert (found[1]["status"], found[1]["logGroupName"]) == ("Complete", "/app")
    assert found[1]["createTime"] == NOW * 1000
    assert found[1]["queryDuration"] >= 0
    assert found[1]["bytesScanned"] > 0
    assert "queryDuration" not in found[0]

    def ids(**request):
        return [each["queryId"] for each in logs.describe_queries(**request)["queries"]]

    assert ids(status="Complete") == [done]
    assert ids(logGroupName="/other") == [fresh]
    assert ids(queryLanguage="SQL") == []
    first = logs.describe_queries(maxResults=1)
    assert ids(maxResults=1, nextToken=first["nextToken"]) == [done]


def test_results_are_kept_for_seven_days(monitoring, logs):
    query = logs.start_query(logGroupName="/app", queryString="limit 1", **RANGE)["queryId"]
    monitoring.clock.advance(days=6, hours=23)
    assert logs.get_query_results(queryId=query)["status"] == "Complete"
    monitoring.clock.advance(hours=1, seconds=1)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.get_query_results(queryId=query)
    assert logs.describe_queries()["queries"] == []


@pytest.mark.parametrize("call", ["get_query_results", "stop_query", "list_log_groups_for_query"])
def test_an_unknown_query(logs, call):
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        getattr(logs, call)(queryId="none")


# -- what is refused -------------------------------------------------------------------------------


def test_an_unknown_group_is_told_in_awss_words(logs):
    # wording: recorded 2026
    error = refused(logs, logGroupName="/none", queryString="limit 1")["Error"]
    assert error["Code"] == "ResourceNotFoundException"
    assert error["Message"].startswith(
        "Log group '/none' does not exist for account ID '123456789012' (Service: AWSLogs; "
        "Status Code: 400; Error Code: ResourceNotFoundException; Request ID: "
    )


@pytest.mark.parametrize(
    "groups",
    [
        {},
        {"logGroupName": "/app", "logGroupNames": ["/app"]},
        {"logGroupNames": ["/app"] * 51},
        {"logGroupName": "/app", "queryString": "SOURCE logGroups() | limit 1"},
    ],
)
def test_log_groups_are_named_once(logs, groups):
    error = refused(logs, **{"queryString": "limit 1", **groups})["Error"]
    assert error["Code"] == "InvalidParameterException"


def test_a_range_that_ends_before_it_begins(logs):
    error = refused(
        logs, logGroupName="/app", queryString="limit 1", startTime=NOW, endTime=NOW - 1
    )
    assert error["Error"]["Code"] == "InvalidParameterException"


def test_a_range_from_before_the_group(logs):
    # wording: as users report it
    error = refused(logs, logGroupName="/app", queryString="limit 1", startTime=0, endTime=NOW - 60)
    assert error["Error"]["Code"] == "MalformedQueryException"
    assert error["Error"]["Message"] == (
        "Query's end date and time is either before the log groups creation time or exceeds the "
        "log groups log retention settings ([0,7])"
    )


def test_a_query_that_is_none_is_told_with_its_place(logs):
    error = refused(logs, logGroupName="/app", queryString="fields @message | nonsense")
    assert error["Error"]["Code"] == "MalformedQueryException"
    location = error["queryCompileError"]["location"]
    assert location["startCharOffset"] == 18


def test_a_hundred_queries_at_once_are_the_most(monitoring, logs):
    for _ in range(100):
        logs.start_query(logGroupName="/app", queryString="limit 1", **RANGE)
    error = refused(logs, logGroupName="/app", queryString="limit 1")["Error"]
    assert error == {
        "Code": "LimitExceededException",
        "Message": "Account maximum query concurrency limit of [100] reached.",
    }
    monitoring.clock.advance(seconds=5)
    logs.start_query(logGroupName="/app", queryString="limit 1", **RANGE)


@pytest.mark.parametrize("language", ["PPL", "SQL"])
def test_other_languages_are_not_there(logs, language):
    with pytest.raises(NotImplementedError, match=f"queryLanguage {language}"):
        logs.start_query(
            logGroupName="/app", queryString="x", queryLanguage=language, **RANGE
        )  # fmt: skip


# -- the Python API --------------------------------------------------------------------------------


def test_rows_at_once(monitoring, logs):
    assert monitoring.logs.query("/app", "stats count(*) as n by status | sort n") == [
        {"status": "200", "n": "1"},
        {"status": "500", "n": "2"},
    ]
    monitoring.logs.put("/other", "s", "x")
    assert monitoring.logs.query(["/app", "/other"], "stats count(*)") == [{"count(*)": "4"}]
    assert monitoring.logs.query("/app", "limit 10", limit=1, until="2026-03-02T11:00:00Z") == []
    assert len(monitoring.logs.query("/app", "fields path", limit=1)) == 1


def test_mistakes_are_shown_where_they_are(monitoring, logs):
    with pytest.raises(MalformedQueryException) as caught:
        monitoring.logs.query("/app", "stats count(*) by")
    assert "^" in caught.value.detail
    with pytest.raises(ResourceNotFoundException):
        monitoring.logs.query("/none", "limit 1")


@pytest.mark.parametrize("query", ["stats values(a)", "SOURCE logGroups(tags: ['a']) | limit 1"])
def test_what_the_language_has_and_is_not_built_says_so(logs, query):
    with pytest.raises(NotImplementedByAwsmon, match="StartQuery"):
        logs.start_query(logGroupName="/app", queryString=query, **RANGE)


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("pattern @message", "pattern"), ("pattern @message | diff", "diff"),
        ("anomaly", "anomaly"), ("fields unmask(@message)", "unmask"),
        ("filterIndex a = 'b'", "filterIndex"),
    ],
)  # fmt: skip
def test_a_log_class_lacks_some_commands(logs, query, what):
    # source: User Guide, "Log classes"
    logs.create_log_group(logGroupName="/rare", logGroupClass="INFREQUENT_ACCESS")
    with pytest.raises(ClientError) as caught:
        logs.start_query(logGroupName="/rare", queryString=query, **RANGE)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (
        "InvalidParameterException",
        f"{what} is not supported for log groups with log class INFREQUENT_ACCESS.",
    )
    logs.start_query(logGroupName="/rare", queryString="stats count(*)", **RANGE)


def test_the_delivery_class_is_not_queried(logs):
    # source: API reference, CreateLogGroup, logGroupClass
    logs.create_log_group(logGroupName="/lambda", logGroupClass="DELIVERY")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.start_query(logGroupName="/lambda", queryString="stats count(*)", **RANGE)
    assert logs.describe_queries(logGroupName="/lambda")["queries"] == []


def test_filter_index_looks_through_groups_with_the_index_only(monitoring, logs):
    # source: User Guide, "filterIndex"
    # given two groups with such events, of which one has an index on the field
    monitoring.logs.put("/other", "web", [{"status": 500, "path": "/c"}])
    logs.put_index_policy(logGroupIdentifier="/app", policyDocument='{"Fields": ["status"]}')
    query = logs.start_query(
        logGroupNames=["/app", "/other"], queryString="filterIndex status = 500 | display path",
        **RANGE,
    )["queryId"]  # fmt: skip
    time.sleep(1)
    # then the other isn't scanned
    found = logs.get_query_results(queryId=query)
    assert sorted(row[0]["value"] for row in found["results"]) == ["/a", "/b"]
    assert found["statistics"]["logGroupsScanned"] == 1
    # and an ordinary filter reads both
    assert len(monitoring.logs.query(["/app", "/other"], "filter status = 500")) == 3


def test_the_query_of_a_dashboards_log_widget_gives_its_rows(logs, cloudwatch):
    # given a dashboard with a log widget
    properties = {"region": "us-east-1", "title": "paths", "view": "table", "query":
                  "SOURCE '/app' | stats count(*) as n by path | sort n desc"}  # fmt: skip
    body = json.dumps({"widgets": [{"type": "log", "properties": properties}]})
    cloudwatch.put_dashboard(DashboardName="shop", DashboardBody=body)
    # when its query is run as it stands there
    stored = json.loads(cloudwatch.get_dashboard(DashboardName="shop")["DashboardBody"])
    query = logs.start_query(
        queryString=stored["widgets"][0]["properties"]["query"], **RANGE
    )["queryId"]  # fmt: skip
    time.sleep(1)
    # then these are the widget's rows
    rows = logs.get_query_results(queryId=query)["results"]
    assert [[each["value"] for each in row] for row in rows] == [["/a", "2"], ["/b", "1"]]
