"""Saved queries: kept, described, run by name with parameters."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.lang.text import LanguageError
from awsmon.logs.saved_queries import QueryDefinition, expanded

ERRORS = "fields @message | filter level = {{logLevel}} | filter app = {{app}}"


@pytest.fixture
def logs(monitoring):
    return boto3.client("logs")


def described(logs, **request):
    return logs.describe_query_definitions(**request)["queryDefinitions"]


def test_a_query_is_saved_and_described(logs):
    made = logs.put_query_definition(
        name="errors", queryString="filter level = 'ERROR'", logGroupNames=["/app"]
    )["queryDefinitionId"]
    assert described(logs) == [
        {
            "queryDefinitionId": made,
            "name": "errors",
            "queryString": "filter level = 'ERROR'",
            "queryLanguage": "CWLI",
            "lastModified": 1772452800000,
            "logGroupNames": ["/app"],
        }
    ]


def test_an_update_replaces_all_of_it(monitoring, logs):
    made = logs.put_query_definition(name="a", queryString="limit 1", logGroupNames=["/app"])
    monitoring.clock.advance(seconds=1)
    logs.put_query_definition(
        queryDefinitionId=made["queryDefinitionId"], name="b", queryString="limit 2"
    )
    [found] = described(logs)
    assert (found["name"], found["queryString"]) == ("b", "limit 2")
    assert found["logGroupNames"] == []
    assert found["lastModified"] == 1772452801000


def test_the_same_client_token_makes_one_query(logs):
    token = "t" * 36
    first = logs.put_query_definition(name="a", queryString="limit 1", clientToken=token)
    assert (
        logs.put_query_definition(name="a", queryString="limit 1", clientToken=token)[
            "queryDefinitionId"
        ]
        == first["queryDefinitionId"]
    )
    assert len(described(logs)) == 1


def test_queries_are_found_by_prefix_and_page_by_page(logs):
    for name in ("b/2", "a/1", "b/1"):
        logs.put_query_definition(name=name, queryString="limit 1")

    def names(found):
        return [each["name"] for each in found]

    assert names(described(logs)) == ["a/1", "b/1", "b/2"]
    assert names(described(logs, queryDefinitionNamePrefix="b/")) == ["b/1", "b/2"]
    assert names(described(logs, queryLanguage="SQL")) == []
    page = logs.describe_query_definitions(maxResults=2)
    assert names(described(logs, nextToken=page["nextToken"])) == ["b/2"]


def test_a_deleted_query_is_gone(logs):
    made = logs.put_query_definition(name="a", queryString="limit 1")["queryDefinitionId"]
    assert logs.delete_query_definition(queryDefinitionId=made)["success"] is True
    assert described(logs) == []


def test_a_thousand_are_the_most(monitoring, logs):
    saved = monitoring.logs.queries.definitions
    for number in range(1000):
        saved[str(number)] = QueryDefinition(
            query_definition_id=str(number), name=str(number), query_string="limit 1",
            last_modified=0, log_group_names=[],
        )  # fmt: skip
    with pytest.raises(ClientError, match="LimitExceededException"):
        logs.put_query_definition(name="a", queryString="limit 1")


@pytest.mark.parametrize(
    ("request_", "code", "message"),
    [
        ({"queryDefinitionId": "none"}, "ResourceNotFoundException",
         "The specified query definition does not exist."),
        # the User Guide's table of common errors
        ({"queryLanguage": "PPL", "parameters": [{"name": "a"}]}, "InvalidParameterException",
         "Parameters are only supported for CWLI query language"),
        ({"parameters": [{"name": "a"}]}, "InvalidParameterException",
         "Required parameters not found in queryString"),
        ({"queryString": "limit {{a}}", "parameters": [{"name": "a"}, {"name": "a"}]},
         "InvalidParameterException", "Duplicate parameter name"),
    ],
)  # fmt: skip
@pytest.mark.needs("logs.PutQueryDefinition.parameters")
def test_what_is_refused(logs, request_, code, message):
    with pytest.raises(ClientError) as caught:
        logs.put_query_definition(**{"name": "x", "queryString": "limit 1", **request_})
    assert caught.value.response["Error"] == {"Code": code, "Message": message}


def test_deleting_an_unknown_query(logs):
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.delete_query_definition(queryDefinitionId="none")


# -- parameters: the User Guide's own examples -----------------------------------------------------


def saved(name, text, **defaults):
    return QueryDefinition(
        query_definition_id=name, name=name, query_string=text, last_modified=0,
        log_group_names=[],
        parameters=[
            {"name": key, **({} if value is None else {"defaultValue": value})}
            for key, value in defaults.items()
        ],
    )  # fmt: skip


SAVED = {
    each.name: each
    for each in (
        saved("ErrorsByLevel", ERRORS, logLevel='"ERROR"', app='"OrderService"'),
        saved("Errors By Level", "filter level = {{logLevel}}", logLevel=None),
        saved("RecentN", "sort @timestamp desc | limit {{count}}", count="20"),
        saved("Nested", "$RecentN()"),
    )
}


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ('$ErrorsByLevel(logLevel = "WARN", app = "OrderService")',
         'fields @message | filter level = "WARN" | filter app = "OrderService"'),
        ("$ErrorsByLevel()",
         'fields @message | filter level = "ERROR" | filter app = "OrderService"'),
        ('$`Errors By Level`(logLevel = "WARN")', 'filter level = "WARN"'),
        ('$ErrorsByLevel(logLevel = "WARN")\n| $RecentN(count = 10)',
         'fields @message | filter level = "WARN" | filter app = "OrderService"\n'
         '| sort @timestamp desc | limit 10'),
        ("fields @message | $RecentN ( )",
         "fields @message | sort @timestamp desc | limit 20"),
        # no invocations: in text, in names, in comments, in the middle of a command
        ('filter @message like "| $RecentN()"', 'filter @message like "| $RecentN()"'),
        ("fields `| $RecentN()`", "fields `| $RecentN()`"),
        ("# | $RecentN()\nlimit 1", "# | $RecentN()\nlimit 1"),
        ("limit 1", "limit 1"),
    ],
)  # fmt: skip
def test_invocations_are_expanded(text, whole):
    assert expanded(text, SAVED) == whole


@pytest.mark.parametrize(
    ("text", "position", "why"),
    [
        ("$Unknown()", 0, "there is no saved query Unknown"),
        ("limit 1 | $Nested()", 10, "invokes another"),
        ("$RecentN(size = 1)", 0, "has no parameter size"),
        ("$`Errors By Level`()", 0, "logLevel of Errors By Level has no value"),
        ("$RecentN(count 1)", 9, "expected name = value"),
        ("$RecentN(count = 1", 9, "expected name = value"),
        ("$RecentN(count = 1, count = 2)", 19, "given twice"),
        ("$RecentN(count = " + "9" * 10_000 + ")", 0, "exceeds 10000 characters"),
    ],
)
def test_invocations_that_are_refused(text, position, why):
    with pytest.raises(LanguageError, match=why) as caught:
        expanded(text, SAVED)
    assert caught.value.position == position


@pytest.mark.needs("logs.PutQueryDefinition.parameters")
def test_a_saved_query_is_run_by_its_name(monitoring, logs):
    monitoring.logs.put("/app", "s", [{"level": "ERROR"}, {"level": "WARN"}, {"level": "WARN"}])
    logs.put_query_definition(
        name="ByLevel", queryString="filter level = {{level}} | stats count(*) as n",
        parameters=[{"name": "level", "defaultValue": '"ERROR"', "description": "which"}],
    )  # fmt: skip
    assert monitoring.logs.query("/app", "$ByLevel()") == [{"n": "1"}]
    assert monitoring.logs.query("/app", '$ByLevel(level = "WARN")') == [{"n": "2"}]
    with pytest.raises(ClientError, match="MalformedQueryException"):
        logs.start_query(logGroupName="/app", queryString="$Other()", startTime=0, endTime=2**31)
