"""What compares events: logcompare, anomaly, relevantfields; and estimate, which reads none.

Source: CloudWatch Logs User Guide, the page of each command. Scores, and what is unusual, are by
models of ours, whose figures are computed by hand here.
"""

from __future__ import annotations

import json

import pytest

from awsmon.lang.insights_ql.errors import QueryError
from awsmon.lang.insights_ql.parser import parse
from tests.lang.insights_ql.asking import NOON, event, events, rows, run

HOUR = 3_600_000
DAY = 86_400_000


def test_logs_are_compared_with_a_window_so_long_before():
    # given an hour, and the same hour a week before
    asked = []

    def window(first, last):
        asked.append((first, last))
        return events("GET 1", "GET 2", "started")

    given = events("GET 3", "GET 4", "GET 5", "failed")
    found = rows("logcompare timeshift 7d", given, window=window, start=NOON, end=NOON + HOUR - 1)
    # then what there is more of, what is new and what is gone is told
    assert asked == [(NOON - 7 * DAY, NOON - 7 * DAY + HOUR - 1)]
    assert {row["@pattern"]: row["@differenceDescription"] for row in found} == {
        "GET <Token-1>": "50% increase", "failed": "New pattern",
        "started": "Pattern no longer present",
    }  # fmt: skip


def test_the_guides_own_comparison_has_its_log_group_and_times():
    # source: User Guide, "logcompare"
    query = parse("SOURCE lg start=-1d end=now\n| logcompare timeshift 7d")
    assert (query.source.names, query.source.start, query.source.end) == (("lg",), "-1d", "now")


def hour_before(first, last):
    """An hour in which each minute a request was answered in about 20 ms."""
    assert (first, last) == (NOON - HOUR, NOON - 1)
    return [event(f"INFO answered in {20 + minute % 3} ms", minute * 60_000 - HOUR)
            for minute in range(60)]  # fmt: skip


def usual():
    return [event(f"INFO answered in {20 + minute % 3} ms", minute * 60_000)
            for minute in range(60)]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "given", "expected"),
    [
        ("pattern @message | anomaly", usual(), []),
        ("pattern @message | anomaly", [*usual(), event("ERROR no stock")],
         [("ERROR no stock", "New pattern", "HIGH", "1")]),
        # 60 were learnt: more than 60 + 4 * sqrt(60) = 90.98 are unusual
        ("pattern @message | anomaly", [*usual(), *usual()[:30]], []),
        ("pattern @message | anomaly", [*usual(), *usual()[:31], event("a")],
         [("INFO answered in <Time-1> ms", "52% increase in count", "LOW", "91"),
          ("a", "New pattern", "LOW", "1")]),
        # the guide: with filter, to look at a subset; and without pattern, at messages
        ("filter @message like /ERROR/ | pattern @message | anomaly",
         [*usual(), event("ERROR no stock"), event("WARN low")],
         [("ERROR no stock", "New pattern", "HIGH", "1")]),
        ("anomaly", [*usual(), event("WARN low")], [("WARN low", "New pattern", "MEDIUM", "1")]),
        ("pattern @message | anomaly | filter @priority = 'HIGH'",
         [*usual(), event("ERROR no stock"), event("a")],
         [("ERROR no stock", "New pattern", "HIGH", "1")]),
    ],
)  # fmt: skip
def test_anomalies_are_judged_by_the_window_before(query, given, expected):
    found = rows(query, given, window=hour_before, start=NOON, end=NOON + HOUR - 1)
    assert [
        (row["@pattern"], row["@description"], row["@priority"], row["@sampleCount"])
        for row in found
    ] == expected


def test_an_anomaly_keeps_what_its_pattern_had():
    # source: User Guide, "anomaly": "preserves all fields from the input data"
    given = [*usual(), event("ERROR no stock")]
    [found] = rows("pattern @message | anomaly", given, window=hour_before, start=NOON,
                   end=NOON + HOUR - 1)  # fmt: skip
    assert found["@ratio"] == "0.02"
    assert found["@severityLabel"] == "Error"


REQUESTS = events(
    {"Time": 500, "Path": "/pay", "Service": "shop"}, {"Time": 450, "Path": "/pay", "Zone": "a"},
    {"Time": 100, "Path": "/pay", "Service": "shop"}, {"Time": 90, "Path": "/", "Zone": "a"},
    {"Time": 80, "Path": "/", "Service": "shop"}, {"Time": 70, "Path": "/", "Zone": "b"},
)  # fmt: skip


def test_fields_are_ranked_by_how_they_differ():
    # given two slow requests, both to /pay, and four others, one of them to it
    found = rows("relevantfields where Time > 400", REQUESTS)
    # then the time parts them wholly, the path by three quarters, the zone by half
    assert [(row["@fieldName"], row["@relevanceScore"]) for row in found] == [
        ("Time", "1"), ("Path", "0.75"), ("Zone", "0.5"), ("Service", "0"),
    ]  # fmt: skip
    # and what is a number has medians, what is a text its shifts in frequency
    assert (found[0]["@conditionalMedian"], found[0]["@baselineMedian"]) == ("475", "85")
    assert json.loads(found[1]["@topRelevanceContributors"]) == {"/": -0.75, "/pay": 0.75}
    assert "@conditionalMedian" not in found[1]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        # source: the forms of the guide's examples
        ("relevantfields Path, Service where Time > 400", ["Path", "Service"]),
        ("relevantfields where Path = '/pay'", ["Path", "Zone", "Time", "Service"]),
        ("filter Zone = 'a' | relevantfields Zone, Path where Time > 400", ["Path", "Zone"]),
        ("fields Time / 10 as tenth | relevantfields tenth where Time > 400", ["tenth"]),
        (
            "stats max(Time) as t, count(*) as n by Path | relevantfields where t > 400",
            ["t", "n", "Path"],
        ),
        ("relevantfields where Time > 1000", []),
        ("relevantfields Path where Time > 400 | filter @relevanceScore > 0.8", []),
    ],
)
def test_which_fields_are_looked_at(query, names):
    found = [row["@fieldName"] for row in rows(query, REQUESTS)]
    assert sorted(found) == sorted(names)


def test_an_estimate_reads_nothing():
    # source: User Guide, "estimate": the bytes that the query would scan, without running it
    result = run("fields @timestamp, @message\n| filter @message like /error/\n| estimate",
                 events("error"), held=1234)  # fmt: skip
    assert result.dicts() == [{"estimatedBytesScanned": "1234"}]
    assert (result.scanned, result.bytes_scanned) == (0, 0)


def test_an_estimate_runs_no_subquery():
    def refuse(source):
        raise AssertionError(source)

    query = "filter a in (SOURCE 'g' | fields a) | stats count(*) | sort a | estimate"
    with pytest.raises(QueryError):
        rows(query, [], source=refuse)
    query = "filter a in (SOURCE 'g' | fields a) | stats count(*) as n | sort n | estimate"
    assert rows(query, [], source=refuse, held=7) == [{"estimatedBytesScanned": "7"}]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # source: User Guide, "Time-series functions": the rate of change per interval; n grows by
        # 6 in 4 minutes
        ("stats rate(n, 1m) as r", [{"r": "1.5"}]),
        ("stats rate(n, 2m) as r by s", [{"s": "a", "r": "3"}]),
        ("filter n = 1 | stats rate(n, 1m) as r, count(*) as c", [{"c": "1"}]),
        ("stats sum_over_time(n) as t by bin(2m)",
         [{"bin(2m)": "2026-03-02 12:04:00.000", "t": "7"},
          {"bin(2m)": "2026-03-02 12:02:00.000", "t": "4"},
          {"bin(2m)": "2026-03-02 12:00:00.000", "t": "1"}]),
    ],
)  # fmt: skip
def test_rates_and_sums_over_time(query, expected):
    given = [event({"n": n, "s": "a"}, minute * 60_000) for n, minute in ((4, 2), (1, 0), (7, 4))]
    assert rows(query, given) == expected


def test_bins_of_an_earlier_window_are_shown_where_they_are_compared():
    # given an event an hour before, and another now
    asked = []

    def window(first, last):
        asked.append((first, last))
        return [event({"ms": 7}, 6 * 60_000 - HOUR)]

    found = rows("filter ms > 1 | stats avg(ms) as a by bin(5m) offset 1h", [event({"ms": 9})],
                 window=window, start=NOON, end=NOON + HOUR - 1)  # fmt: skip
    # then what was an hour ago is told as of now
    assert asked == [(NOON - HOUR, NOON - 1)]
    assert found == [{"bin(5m)": "2026-03-02 12:05:00.000", "a": "7"}]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fields n | tail 2", ["2", "1"]),
        ("fields n | sort n | tail 2", ["2", "3"]),
        ("fields n | sort n | head 2", ["1", "2"]),
    ],
)
def test_head_and_tail(query, expected):
    assert [row["n"] for row in rows(query, events({"n": 1}, {"n": 2}, {"n": 3}))] == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("stats count(*) as n offset 1h", "offset needs a stats by bin()"),
        ("stats count(*) as n by bin(5m) offset 1mo", "offset takes a period of up to weeks"),
        ("stats rate(a)", "rate takes a field and a period"),
        ("stats rate(a, 5) as n", "rate takes a period"),
        ("logcompare", "Expected timeshift"),
        ("logcompare timeshift week", "Expected a period"),
        ("logcompare timeshift 1mo", "timeshift takes a period of up to weeks"),
        ("estimate | limit 1", "estimate must be the last command"),
        ("stats count(*) | anomaly", "Unknown symbol @message"),
        ("relevantfields a, b", "Expected where"),
        ("tail 0", "tail takes 1 to 100000"),
    ],
)
def test_what_is_refused_and_why(query, message):
    with pytest.raises(QueryError) as caught:
        rows(query, events({"a": 1}))
    assert caught.value.message.startswith(message)
    assert 0 <= caught.value.position <= caught.value.end <= len(query)
