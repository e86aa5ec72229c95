"""Advanced queries.

Source of the cases: Config Developer Guide, "Querying the current configuration state of AWS
resources", "Example queries", "Limitations".
"""

from __future__ import annotations

import pytest

from awsmon.lang.config_query.evaluation import fields, select
from awsmon.lang.config_query.parser import parse
from awsmon.lang.text import LanguageError


def item(id_, type_="AWS::EC2::Instance", **more):
    return {"resourceId": id_, "resourceType": type_, "accountId": "1", "awsRegion": "r",
            "tags": [], "relationships": [], **more}  # fmt: skip


ITEMS = [
    item("i-1", configuration={"instanceType": "t2.micro", "cores": 1, "running": True,
                               "groups": [{"id": "sg-1", "open": 1}, {"id": "sg-2", "open": 0}],
                               "address": "10.0.1.7"},
         tags=[{"key": "team", "value": "a", "tag": "team=a"}]),
    item("i-2", configuration={"instanceType": "m4.large", "cores": 4, "running": False,
                               "groups": [{"id": "sg-3", "open": 1}], "address": "192.168.0.1"},
         tags=[{"key": "team", "value": "b", "tag": "team=b"},
               {"key": "stage", "value": "a", "tag": "stage=a"}]),
    item("i-3", configuration={"instanceType": "t2.nano", "cores": 2}),
    item("b", "AWS::S3::Bucket", configuration={"name": "b"}),
]  # fmt: skip


def rows(query):
    return select(parse(query), ITEMS)


def ids(where):
    return [each["resourceId"] for each in rows(f"SELECT resourceId WHERE {where}")]


TESTS = [
    ("resourceType = 'AWS::S3::Bucket'", ["b"]), ("resourceType != 'AWS::EC2::Instance'", ["b"]),
    ("configuration.cores > 1", ["i-2", "i-3"]), ("configuration.cores <= 2", ["i-1", "i-3"]),
    ("configuration.cores BETWEEN 2 AND 4", ["i-2", "i-3"]),
    ("configuration.cores NOT BETWEEN 2 AND 4", ["i-1", "b"]),
    ("configuration.instanceType IN ('t2.micro', 't2.nano')", ["i-1", "i-3"]),
    ("configuration.instanceType LIKE 't2.%'", ["i-1", "i-3"]),
    ("configuration.instanceType LIKE 't2.nan_'", ["i-3"]),
    ("configuration.instanceType LIKE 't2.micro'", ["i-1"]),
    ("configuration.running = true", ["i-1"]), ("configuration.running = 'false'", ["i-2"]),
    ("configuration.groups.id = 'sg-3'", ["i-2"]),
    # each condition looks for an element of its own
    ("configuration.groups.id = 'sg-2' AND configuration.groups.open = 1", ["i-1"]),
    ("tags.tag = 'team=a'", ["i-1"]), ("tags.key = 'team' AND tags.value = 'a'", ["i-1", "i-2"]),
    ("configuration.address = '10.0.0.0/16'", ["i-1"]),
    ("configuration.address != '10.0.0.0/16'", ["i-2"]),
    ("configuration.address BETWEEN '10.0.0.200' AND '10.0.1.70'", ["i-1"]),
    ("NOT resourceType = 'AWS::EC2::Instance'", ["b"]),
    ("(configuration.cores = 1 OR configuration.cores = 2) AND configuration.running = true",
     ["i-1"]),
    ("configuration.cores = 1 OR configuration.cores = 4 AND configuration.running = true",
     ["i-1"]),
    ("configuration.nothing = 1", []), ("configuration.cores = '4'", []),
    ("configuration.instanceType > 't2.mzzz'", ["i-3"]),
]  # fmt: skip


@pytest.mark.parametrize(("where", "found"), TESTS, ids=[each[0] for each in TESTS])
def test_conditions(where, found):
    assert ids(where) == found


def test_properties_keep_their_place():
    [row] = rows("SELECT resourceId, configuration.groups.id, tags WHERE resourceId = 'i-1'")
    assert row == {
        "resourceId": "i-1", "configuration": {"groups": [{"id": "sg-1"}, {"id": "sg-2"}]},
        "tags": [{"key": "team", "value": "a", "tag": "team=a"}],
    }  # fmt: skip


def test_the_star_is_what_describes_a_resource():
    query = parse("select * where resourceType = 'AWS::S3::Bucket'")
    assert fields(query)[:3] == ["accountId", "awsRegion", "arn"]
    [row] = select(query, ITEMS)
    assert row == {"accountId": "1", "awsRegion": "r", "resourceId": "b",
                   "resourceType": "AWS::S3::Bucket"}  # fmt: skip


def test_groups():
    assert rows("SELECT resourceType, COUNT(*) GROUP BY resourceType ORDER BY COUNT(*) DESC") == [
        {"resourceType": "AWS::EC2::Instance", "COUNT(*)": 3},
        {"resourceType": "AWS::S3::Bucket", "COUNT(*)": 1},
    ]  # fmt: skip
    assert rows("SELECT configuration.groups.open, COUNT(*) GROUP BY configuration.groups.open "
                "ORDER BY configuration.groups.open") == [
        {"configuration": {"groups": {"open": 0}}, "COUNT(*)": 1},
        {"configuration": {"groups": {"open": 1}}, "COUNT(*)": 2},
    ]  # fmt: skip
    [row] = rows(
        "SELECT MAX(configuration.cores), MIN(configuration.cores), "
        "SUM(configuration.cores), AVG(configuration.cores), COUNT(configuration.cores)"
    )
    assert list(row.values()) == [4, 1, 7, 7 / 3, 3]  # fmt: skip


def test_groups_of_several_properties():
    """Limitations: up to three."""
    assert rows("SELECT resourceType, configuration.running, tags.key, COUNT(*) "
                "GROUP BY resourceType, configuration.running, tags.key "
                "ORDER BY tags.key DESC, configuration.running") == [
        {"resourceType": "AWS::EC2::Instance", "configuration": {"running": running},
         "tags": {"key": key}, "COUNT(*)": 1}
        for running, key in ((False, "team"), (True, "team"), (False, "stage"))
    ]  # fmt: skip
    assert rows("SELECT COUNT(*) GROUP BY tags, resourceType") == []  # structures make no groups


BLOCKS = [item(block, configuration={"ipRanges": [block]})
          for block in ("10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/26", "10.0.0.7/32",
                        "192.168.0.2/32", "fd00::/8", "none/1")]  # fmt: skip
RANGES = "configuration.ipRanges"
IN_BLOCKS = [
    # any range that includes the provided address
    (f"{RANGES} = '10.0.0.5'", ["10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/26"]),
    (f"{RANGES} = '192.168.0.2'", ["192.168.0.2/32"]), (f"{RANGES} = 'fd00::1'", ["fd00::/8"]),
    (f"{RANGES} BETWEEN '10.0.0.0' AND '10.0.0.255'", ["10.0.0.0/8", "10.0.0.0/24"]),
    # the guide's two queries for exact blocks
    (f"{RANGES} BETWEEN '10.0.0.0' AND '10.0.0.255' AND NOT {RANGES} < '10.0.0.0' "
     f"AND NOT {RANGES} > '10.0.0.255'", ["10.0.0.0/24"]),
    (f"{RANGES} = '192.168.0.2' AND NOT {RANGES} > '192.168.0.2' "
     f"AND NOT {RANGES} < '192.168.0.2'", ["192.168.0.2/32"]),
]  # fmt: skip


@pytest.mark.parametrize(("where", "found"), IN_BLOCKS)
def test_blocks_are_ranges(where, found):
    """Source: "CIDR notation is converted to IP ranges for search"."""
    query = parse(f"SELECT resourceId WHERE {where}")
    assert [each["resourceId"] for each in select(query, BLOCKS)] == found


def test_order():
    found = rows("SELECT resourceId ORDER BY configuration.cores DESC, resourceId")
    assert [each["resourceId"] for each in found] == ["i-2", "i-3", "i-1", "b"]


BAD = [
    "", "SELECT", "SELECT resourceId FROM x", "SELECT DISTINCT resourceId",
    "SELECT resourceId AS id", "SELECT resourceId WHERE", "SELECT resourceId WHERE a LIKE '%x'",
    "SELECT resourceId WHERE a LIKE 'ab%'", "SELECT resourceId WHERE a = NULL",
    "SELECT resourceId, COUNT(*)", "SELECT * GROUP BY resourceType",
    "SELECT resourceId WHERE a IN ()", "SELECT a GROUP BY b, c",
    "SELECT COUNT(*) GROUP BY a, b, c, d", "SELECT a, b GROUP BY a, b ORDER BY COUNT(*)",
    "SELECT a, COUNT(*) GROUP BY a ORDER BY b", "SELECT a WHERE b = 1 HAVING 1",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_texts_that_are_no_query(text):
    with pytest.raises(LanguageError):
        parse(text)
