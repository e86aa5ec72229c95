"""SELECT in Trino's dialect: the table of cases, and what holds of every text."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from awsmon.lang.presto_sql.reading import read
from awsmon.lang.presto_sql.running import Table, run
from awsmon.lang.presto_sql.types import BOOLEAN, INTEGER, MAP, TEXT, TIMESTAMP
from awsmon.lang.text import LanguageError

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases.jsonl").read_text().splitlines()
]
NOW = datetime(2023, 3, 1, 12, tzinfo=timezone.utc)
STORE = "0a1b2c3d-aaaa-bbbb-cccc-0123456789ab"

COLUMNS = {
    **dict.fromkeys(("eventid", "eventsource", "eventname", "awsregion", "errorcode"), TEXT),
    "useridentity": {"principalid": TEXT, "arn": TEXT, "username": TEXT,
                     "sessioncontext": {"sourceidentity": TEXT}},
    "eventtime": TIMESTAMP, "requestparameters": MAP, "responseelements": MAP,
    "readonly": BOOLEAN, "resources": [{"type": TEXT, "arn": TEXT}],
}  # fmt: skip


def event(number, source, name, time, identity, region="us-east-1", **more):
    return {"eventID": f"e{number}", "eventSource": f"{source}.amazonaws.com", "eventName": name,
            "eventTime": time, "awsRegion": region, "readOnly": name == "ListBuckets",
            "userIdentity": identity, **more}  # fmt: skip


BOB = {"principalId": "AIDABOB", "userName": "bob", "arn": "arn:aws:iam::123456789012:user/bob"}
ANN = {"arn": "arn:aws:iam::123456789012:user/ann"}
ROOT = {"arn": "arn:aws:iam::123456789012:root"}
EVENTS = [
    event(1, "s3", "CreateBucket", "2023-01-22T16:53:53Z", BOB,
          requestParameters={"bucketName": "b", "tags": {"a": [1, 2]}},
          resources=[{"ARN": "arn:aws:s3:::b", "type": "AWS::S3::Bucket"}]),
    event(2, "s3", "ListBuckets", "2023-01-22T20:25:01Z", BOB, requestParameters=None),
    event(3, "signin", "ConsoleLogin", "2023-02-08T19:54:44Z", ROOT),
    event(4, "signin", "ConsoleLogin", "2023-02-09T16:38:27.500Z", ANN, "us-west-2"),
    event(5, "cloudtrail", "StartQuery", "2023-01-05T00:00:00Z", ANN,
          requestParameters={"queryStatement": "select 1"}, responseElements={"queryId": "q-1"}),
]  # fmt: skip
EVENTS = [{key.lower(): value for key, value in each.items()} for each in EVENTS]
SMALL = Table(
    {"id": TEXT, "eventtime": TIMESTAMP, "ok": BOOLEAN},
    [{"id": "e1", "eventtime": "2023-01-22T16:53:53Z", "ok": True}, {}],
)
TABLES = {"events": Table(COLUMNS, EVENTS), STORE: Table(COLUMNS, EVENTS), "small": SMALL}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["sql"][:40])
def test_case(case):
    if "error" in case:
        with pytest.raises(LanguageError) as caught:
            run(case["sql"], TABLES, NOW)
        assert case["error"] in caught.value.message
        assert caught.value.position == case["position"]
        return
    found = run(case["sql"], TABLES, NOW)
    assert (found.columns, found.rows) == (case["columns"], case["rows"])
    assert len(found.types) == len(found.columns)


def test_a_statement_says_which_tables_it_reads():
    text = f"WITH c AS (SELECT 1) SELECT * FROM {STORE} a JOIN b ON true JOIN c ON true, b"
    assert read(text).tables == (STORE, "b")


def test_what_is_in_quotes_or_a_remark_is_no_table():
    assert read(f"SELECT '{STORE}', \"{STORE}\" FROM t -- {STORE}").tables == ("t",)


def test_values_that_do_not_fit_are_null():
    table = Table(
        {"n": INTEGER, "t": TIMESTAMP, "a": [TEXT], "s": {"x": TEXT}, "m": MAP},
        [{"n": "x", "t": "never", "a": "x", "s": 1, "m": [1]},
         {"n": 3, "t": None, "a": [None, {"b": 1}], "s": {"X": True}, "m": {"k": None, "l": 1.5}}],
    )  # fmt: skip
    assert run("SELECT * FROM t", {"t": table}, NOW).rows == [
        [None, None, None, None, "{}"],
        ["3", None, '[null, {"b":1}]', "{x=true}", "{k=null, l=1.5}"],
    ]


def test_no_statement_sees_another_ones_tables():
    run("SELECT * FROM small", TABLES, NOW)
    with pytest.raises(LanguageError, match="does not exist"):
        run("SELECT * FROM small", {}, NOW)


def test_threads_may_run_statements_at_once():
    found = []

    def work(number):
        table = Table({"n": INTEGER}, [{"n": number}] * 10)
        found.append(run("SELECT sum(n) FROM t", {"t": table}, NOW).rows == [[str(number * 10)]])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [True] * 4


PIECES = ["SELECT", "FROM", "events", STORE, "WHERE", "*", "count(*)", "eventname", "a", "AS",
          "useridentity.arn", "resources[1]", "UNNEST(resources)", "CROSS JOIN", "GROUP BY", "1",
          "ORDER BY", "LIMIT", "'x'", "(", ")", ",", "=", "->", "x", "CASE", "WHEN", "END", "WITH",
          "UNION", "element_at(requestparameters,", "date_add('day',", "interval", "'", '"', "--",
          ";", "json_extract_scalar(", "'$.a'", "reduce(", "format_datetime(", "cast(", ":", "é",
          "\x00", "\ud800", "0.1", "current_timestamp", "NULL", "IN", "{", "[", "?"]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
                 st.lists(st.sampled_from(PIECES), max_size=6).map(
                     lambda found: f"SELECT {' '.join(found)} FROM events")))  # fmt: skip
@settings(max_examples=60, deadline=None)
@example("SELECT " + "(" * 3000)
@example("SELECT " + "NOT " * 5000 + "true")
@example("SELECT '\ud800' FROM events")
@example("SELECT date_add('day', 999999999999, now())")
@example("SELECT timestamp '294247-01-10 04:00:54', date '290000-01-01'")
@example("SELECT format_datetime(now(), concat('y', 'y'))")
def test_any_text_is_run_or_refused_at_a_place_in_it(text):
    found, error = attempt(text)
    if error:
        assert 0 <= error.position <= len(text)
        assert error.text == text
    else:
        assert all(len(row) == len(found.columns) for row in found.rows)


def attempt(text):
    try:
        return run(text, TABLES, NOW), None
    except LanguageError as error:
        return None, error
