"""Lookup tables: CSV that queries look values up in."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.needs("logs.CreateLookupTable")

USERS = "id,name,team\n1,Ann,blue\n2,Bob,\n"
ARN = "arn:aws:logs:us-east-1:123456789012:lookup-table:"


@pytest.fixture
def logs(monitoring):
    return boto3.client("logs")


def test_a_table_is_created_and_shown(logs):
    made = logs.create_lookup_table(
        lookupTableName="users", description="who", tableBody=USERS, tags={"team": "blue"}
    )
    arn = made["lookupTableArn"]
    assert made["createdAt"] == 1772452800000
    about = {
        "lookupTableArn": arn, "lookupTableName": "users", "description": "who",
        "sizeBytes": len(USERS), "lastUpdatedTime": 1772452800000,
    }  # fmt: skip
    [found] = logs.describe_lookup_tables()["lookupTables"]
    assert found == {**about, "tableFields": ["id", "name", "team"], "recordsCount": 2}
    got = logs.get_lookup_table(lookupTableArn=arn)
    del got["ResponseMetadata"]
    assert got == {**about, "tableBody": USERS}
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "blue"}


def test_an_update_replaces_the_content(monitoring, logs):
    arn = logs.create_lookup_table(lookupTableName="t", tableBody="a\n1\n", kmsKeyId="k")[
        "lookupTableArn"
    ]
    monitoring.clock.advance(seconds=1)
    done = logs.update_lookup_table(lookupTableArn=arn, tableBody="b,c\n", kmsKeyId="")
    assert done["lastUpdatedTime"] == 1772452801000
    [found] = logs.describe_lookup_tables()["lookupTables"]
    assert (found["tableFields"], found["recordsCount"]) == (["b", "c"], 0)
    assert "kmsKeyId" not in found


def test_a_table_of_a_query_s_results(monitoring, logs):
    monitoring.logs.put("/app", "s", [{"level": "a"}, {"level": "b"}, {"level": "a"}])
    query = logs.start_query(
        logGroupName="/app", queryString="stats count(*) as n by level | sort level",
        startTime=0, endTime=2**31,
    )["queryId"]  # fmt: skip
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.create_lookup_table(lookupTableName="levels", queryId=query)
    monitoring.clock.advance(seconds=1)
    arn = logs.create_lookup_table(lookupTableName="levels", queryId=query)["lookupTableArn"]
    body = logs.get_lookup_table(lookupTableArn=arn)["tableBody"]
    assert body == "level,n\na,2\nb,1\n"


def test_tables_are_found_by_prefix_and_page_by_page(logs):
    for name in ("b1", "a1", "b2"):
        logs.create_lookup_table(lookupTableName=name, tableBody="x\n")

    def names(**request):
        found = logs.describe_lookup_tables(**request)
        return [each["lookupTableName"] for each in found["lookupTables"]], found.get("nextToken")

    assert names() == (["a1", "b1", "b2"], None)
    assert names(lookupTableNamePrefix="b") == (["b1", "b2"], None)
    first, token = names(maxResults=2)
    assert (first, names(maxResults=2, nextToken=token)) == (["a1", "b1"], (["b2"], None))


def test_a_deleted_table_is_gone(monitoring, logs):
    arn = logs.create_lookup_table(lookupTableName="users", tableBody=USERS)["lookupTableArn"]
    logs.delete_lookup_table(lookupTableArn=arn)
    assert logs.describe_lookup_tables()["lookupTables"] == []
    for call in ("get_lookup_table", "delete_lookup_table"):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            getattr(logs, call)(lookupTableArn=arn)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({}, "InvalidParameterException"),
        ({"tableBody": "a\n", "queryId": "q"}, "InvalidParameterException"),
        ({"tableBody": "\n"}, "InvalidParameterException"),
        ({"tableBody": "a,,c\n"}, "InvalidParameterException"),
        ({"tableBody": "a,a\n"}, "InvalidParameterException"),
        ({"tableBody": "a\n1,2\n"}, "InvalidParameterException"),
        ({"tableBody": 'a\n"x'}, "InvalidParameterException"),
        ({"tableBody": "a\n" + "é" * 6_000_000}, "InvalidParameterException"),
        ({"queryId": "none"}, "ResourceNotFoundException"),
        ({"lookupTableName": "there", "tableBody": "a\n"}, "ResourceAlreadyExistsException"),
    ],
)
def test_what_is_refused(logs, request_, code):
    logs.create_lookup_table(lookupTableName="there", tableBody="a\n")
    with pytest.raises(ClientError) as caught:
        logs.create_lookup_table(**{"lookupTableName": "t", **request_})
    assert caught.value.response["Error"]["Code"] == code


def test_a_query_adds_what_the_table_knows(monitoring, logs):
    logs.create_lookup_table(lookupTableName="users", tableBody=USERS)
    monitoring.logs.put("/app", "s", [{"user": "1"}, {"user": "9"}])
    found = monitoring.logs.query(
        "/app", "lookup users id as user OUTPUT name, team | fields user, name, team | sort user"
    )
    assert [{key: row[key] for key in row if key != "@ptr"} for row in found] == [
        {"user": "1", "name": "Ann", "team": "blue"},
        {"user": "9"},
    ]
