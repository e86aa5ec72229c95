"""Every command, by the User Guide's descriptions and samples."""

from __future__ import annotations

import pytest

from awsmon.lang.insights_ql.errors import QueryError, Unsupported
from awsmon.lang.insights_ql.parser import parse
from awsmon.lang.text import LanguageError
from tests.lang.insights_ql.asking import event, events, rows, run

REQUESTS = events(
    {"status": 200, "path": "/a", "took": 10, "user": "ann"},
    {"status": 500, "path": "/b", "took": 30},
    {"status": 200, "path": "/a", "took": 20, "user": "bob"},
    {"status": 404, "path": "/c", "took": 5, "user": "ann"},
)
OBJECTS = events(  # the User Guide's sample of the sort algorithm
    *({"value": each} for each in
      ("1", "10", "2", "20", "a1", "a10", "a2", "b", "!")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # fields, display
        ("fields status, path | limit 1", [{"status": "404", "path": "/c"}]),
        ("fields status | fields path | limit 1", [{"status": "404", "path": "/c"}]),
        ("fields status as code | limit 1", [{"code": "404"}]),
        ("fields took * 2 as double | sort double desc | limit 1", [{"double": "60"}]),
        ("fields took * 2 | limit 1", [{"took * 2": "10"}]),
        ("fields status | display path | limit 1", [{"path": "/c"}]),
        ("display status | display path | limit 1", [{"path": "/c"}]),
        ("fields user, status | filter status = 500", [{"status": "500"}]),
        ("fields took as t, t + 1 as u | limit 1", [{"t": "5", "u": "6"}]),
        # filter
        ("filter status = 500 | display path", [{"path": "/b"}]),
        ("where status = 500 | display path", [{"path": "/b"}]),
        ("filter status >= 400 and took > 10 | display path", [{"path": "/b"}]),
        ("filter path like 'b' or path like /c/ | display path", [{"path": "/c"}, {"path": "/b"}]),
        ("filter status in [404, 500] | stats count(*) as n", [{"n": "2"}]),
        ("filter not ispresent(user) | display path", [{"path": "/b"}]),
        ("filter ispresent(user) | filter status = 404 | display path", [{"path": "/c"}]),
        ("filter @message like /ann/ | stats count(*) as n", [{"n": "2"}]),
        ("filter @message not like /ann/ | stats count(*) as n", [{"n": "2"}]),
        ("filterIndex status = 500 | display path", [{"path": "/b"}]),
        ("filterIndex status in [500, 404] | stats count(*) as n", [{"n": "2"}]),
        # sort, limit
        ("sort took | display took", [{"took": each} for each in ("5", "10", "20", "30")]),
        ("sort took desc | limit 2 | display took", [{"took": "30"}, {"took": "20"}]),
        ("sort status, took desc | display took", [{"took": e} for e in ("20", "10", "5", "30")]),
        ("sort by took | limit 1 | display took", [{"took": "5"}]),
        ("head 1 | display took", [{"took": "5"}]),
        ("limit any 1 | stats count(*) as n", [{"n": "1"}]),
        # stats
        ("stats count(*)", [{"count(*)": "4"}]),
        ("stats count() as n", [{"n": "4"}]),
        ("stats count(user) as n", [{"n": "3"}]),
        ("stats count_distinct(user) as n", [{"n": "2"}]),
        ("stats sum(took), avg(took), min(took), max(took)",
         [{"sum(took)": "65", "avg(took)": "16.25", "min(took)": "5", "max(took)": "30"}]),
        ("stats pct(took, 50) as p50, pct(took, 100) as p100", [{"p50": "10", "p100": "30"}]),
        ("stats stddev(took) as s", [{"s": "9.6014"}]),
        ("stats count(*) as n by path | sort n desc, path",
         [{"path": "/a", "n": "2"}, {"path": "/b", "n": "1"}, {"path": "/c", "n": "1"}]),
        ("stats count(*) as n by status, path | filter n > 1",
         [{"status": "200", "path": "/a", "n": "2"}]),
        ("stats max(took) - min(took) as spread", [{"spread": "25"}]),
        ("stats sum(took) as s, count(*) as n, s / n as mean", [{"s": "65", "n": "4",
                                                                "mean": "16.25"}]),
        ("stats sum(status >= 400) as bad", [{"bad": "2"}]),
        ("stats earliest(path) as first, latest(path) as last", [{"first": "/a", "last": "/c"}]),
        ("stats sortsFirst(path) as first, sortsLast(path) as last",
         [{"first": "/a", "last": "/c"}]),
        ("stats count(*) as n by bin(1m)", [{"bin(1m)": "2026-03-02 12:00:00.000", "n": "4"}]),
        ("stats count(*) as n by bin(2s) as t | sort t",
         [{"t": "2026-03-02 12:00:00.000", "n": "2"}, {"t": "2026-03-02 12:00:02.000", "n": "2"}]),
        ("stats count(*) as n by path | stats max(n) as most, count(*) as paths",
         [{"most": "2", "paths": "3"}]),
        ("stats count(*) as n by ispresent(user) as known | sort known",
         [{"known": "0", "n": "1"}, {"known": "1", "n": "3"}]),
        ("filter status = 999 | stats count(*)", []),
        # in milliseconds, as seen of earliest and latest in a live account (2026)
        ("stats max(@timestamp) as t", [{"t": "1772452803000"}]),
        ("stats earliest(@timestamp) as t", [{"t": "1772452800000"}]),
        # dedup: the newest of each
        ("display took | dedup path", [{"took": "5"}, {"took": "20"}, {"took": "30"}]),
        ("sort took | display took | dedup path", [{"took": "5"}, {"took": "10"}, {"took": "30"}]),
        ("display path | dedup user | limit 2", [{"path": "/c"}, {"path": "/a"}]),
        # unnest
        ("fields split(path, '') as x | limit 1 | display path", [{"path": "/c"}]),
        # parse
        ("parse @message '\"path\": \"*\"' as p | stats count(*) as n by p | sort n desc | limit 1",
         [{"p": "/a", "n": "2"}]),
        ("parse path '/*' as letter | sort letter | limit 1 | display letter", [{"letter": "a"}]),
        ("parse path /\\/(?<letter>[a-z])/ | sort letter desc | limit 1 | display letter",
         [{"letter": "c"}]),
        ("parse path 'x*' as none | limit 1 | display none, path", [{"path": "/c"}]),
        # comments and case
        ("# what is slow?\nFIELDS took\n| SORT took DESC # newest\n| LIMIT 1", [{"took": "30"}]),
        ("fields `status` | limit 1", [{"status": "404"}]),
    ],
)  # fmt: skip
def test_what_a_command_does(query, expected):
    assert rows(query, REQUESTS) == expected


def test_the_sort_order_is_natural():
    # User Guide, "sort": non-numbers first, digits within text by their length and value
    found = rows("sort value | display value", OBJECTS)
    assert [row["value"] for row in found] == [
        "!", "a1", "a2", "a10", "b", "1", "2", "10", "20"
    ]  # fmt: skip


def test_events_without_any_fields_show_time_and_message():
    [newest, *_] = run("limit 2", REQUESTS).rows
    assert [name for name, _ in newest] == ["@timestamp", "@message", "@ptr"]


def test_every_event_row_ends_with_its_pointer():
    given = [event({"a": 1}, pointer="there")]
    assert run("fields a", given).rows == [[("a", "1"), ("@ptr", "there")]]
    assert run("fields a, @ptr, @logStream", given).dicts() == [
        {"a": "1", "@ptr": "there", "@logStream": "s"}
    ]
    assert run("stats count(*) as n", given).rows == [[("n", "1")]]


def test_system_fields():
    given = [event("text", 5)]
    [row] = rows("fields @timestamp, @ingestionTime, @log, @logStream, @message, @aws.account, "
                 "@aws.region", given, region="eu-west-1")  # fmt: skip
    assert row == {
        "@timestamp": "2026-03-02 12:00:00.005",
        "@ingestionTime": "2026-03-02 12:00:00.005",
        "@log": "123456789012:/app",
        "@logStream": "s",
        "@message": "text",
        "@aws.account": "123456789012",
        "@aws.region": "eu-west-1",
    }


def test_values_show_as_the_message_has_them():
    [row] = rows("fields a, b, c, d.e, f.0", [
        event('{"a": 1.50, "b": 1e3, "c": true, "d": {"e": "x"}, "f": ["y"], "g": null}')
    ])  # fmt: skip
    assert row == {"a": "1.50", "b": "1e3", "c": "1", "d.e": "x", "f.0": "y"}


@pytest.mark.parametrize(
    ("query", "limit", "count"),
    [("fields a", None, 10_000), ("fields a", 5, 5), ("fields a | limit 3", 5, 3),
     ("fields a | limit 20000", None, 12_000), ("stats count(*) by a", None, 1)],
)  # fmt: skip
def test_limits(query, limit, count):
    given = [event('{"a":1}', place) for place in range(12_000)]
    assert len(run(query, given, limit=limit).rows) == count


def test_what_is_counted():
    result = run("filter status = 200 | stats count(*) by path", REQUESTS)
    assert (result.scanned, result.matched) == (4, 2)
    assert result.bytes_scanned == sum(len(each.message) for each in REQUESTS)
    assert run("fields status | limit 1", REQUESTS).matched == 4


# -- parse -----------------------------------------------------------------------------------------

LINE = "2026-03-02T12:00:00Z [INFO] user=ann, method:GET, latency := 17"  # after the guide's sample


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ('parse @message "user=*, method:*, latency := *" as user, method, latency',
         {"user": "ann", "method": "GET", "latency": "17"}),
        ("parse @message /user=(?<user>.*?), method:(?<method>.*?), latency := (?<latency>.*)/",
         {"user": "ann", "method": "GET", "latency": "17"}),
        ('parse "[*]" as level', {"level": "INFO"}),
        ('parse @message "* [" as time', {"time": "2026-03-02T12:00:00Z"}),
        ("parse @message /(\\w+)=(\\w+)/ as key, value", {"key": "user", "value": "ann"}),
        ('parse @message "nothing *" as x', {}),
    ],
)  # fmt: skip
def test_fields_are_parsed(command, expected):
    [row] = rows(f"{command} | display {', '.join(expected) or 'x'}", [event(LINE)])
    assert row == expected


def test_each_match_can_make_a_row():
    given = [event("a=1 b=2")]
    found = rows("parse @message /(?<k>[a-z])=(?<v>[0-9])/ multi | display k, v", given)
    assert found == [{"k": "a", "v": "1"}, {"k": "b", "v": "2"}]


# -- unnest, pattern, lookup, join, subqueries -----------------------------------------------------


def test_a_row_for_each_element():
    given = [event({"id": 1, "tags": '["x","y"]'}), event({"id": 2, "tags": "z"}, 1)]
    found = rows(
        "fields jsonParse(tags) as t | unnest t into tag | display id, tag | limit 9", given
    )
    assert [(row["id"], row.get("tag")) for row in found] == [
        ("2", None), ("1", "x"), ("1", "y")
    ]  # fmt: skip


def test_patterns_and_how_often_they_come():
    given = events("ERROR took 5 ms", "ERROR took 17 ms", "started")
    assert rows("pattern @message", given) == [
        {"@pattern": "ERROR took <Time-1> ms", "@ratio": "0.67", "@sampleCount": "2",
         "@severityLabel": "Error"},
        {"@pattern": "started", "@ratio": "0.33", "@sampleCount": "1"},
    ]  # fmt: skip


def test_a_table_tells_more():
    table = [{"id": "ann", "team": "blue", "room": "1"}, {"id": "bob", "team": "red", "room": ""}]
    found = rows(
        "lookup users id as user OUTPUT team, room | display user, team, room | limit 4", REQUESTS,
        table=lambda name: table if name == "users" else [],
    )  # fmt: skip
    assert found == [
        {"user": "ann", "team": "blue", "room": "1"}, {"user": "bob", "team": "red"}, {},
        {"user": "ann", "team": "blue", "room": "1"},
    ]  # fmt: skip


ORDERS = [event({"who": "ann", "sum": 5}), event({"who": "ann", "sum": 6}, 1)]


@pytest.mark.parametrize(
    ("kind", "count"), [("inner", 4), ("left", 6)]
)  # ann has two requests and two orders
def test_events_of_two_groups_are_joined(kind, count):
    query = (
        f"join type={kind} left=r right=o where r.user = o.who (SOURCE '/orders' | filter sum > 0) "
        "| fields r.path, o.sum"
    )
    asked = []
    found = rows(query, REQUESTS, source=lambda source: asked.append(source.names) or ORDERS)
    assert asked == [("/orders",)]
    assert len(found) == count
    assert {"r.path": "/c", "o.sum": "5"} in found
    assert ({"r.path": "/b"} in found) is (kind == "left")


def test_a_filter_can_ask_another_query():
    found = rows(
        "filter user in (SOURCE '/orders' | stats count(*) by who | fields who) "
        "| stats count(*) as n",
        REQUESTS, source=lambda source: ORDERS,
    )  # fmt: skip
    assert found == [{"n": "2"}]


def test_masked_text_is_shown_by_unmask_alone():
    given = [event("card ****", clear="card 4111")]
    assert rows("fields @message, unmask(@message) as clear", given) == [
        {"@message": "card ****", "clear": "card 4111"}
    ]


# -- sources ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "names", "selection", "start"),
    [
        ("SOURCE '/a' | limit 1", ("/a",), None, None),
        ('SOURCE "/a" START=-3600s END=0s | limit 1', ("/a",), None, "-3600s"),
        ("SOURCE '/a' | SOURCE '/b' | limit 1", ("/a", "/b"), None, None),
        ("SOURCE '/a', '/b'", ("/a", "/b"), None, None),
        ("SOURCE logGroups() | limit 1", (), (), None),
        ("SOURCE logGroups(namePrefix: ['/a', '/b'], class: ['STANDARD']) | limit 1", (),
         (("namePrefix", ("/a", "/b")), ("class", ("STANDARD",))), None),
        ('SOURCE logGroups(namePrefix: [], class: "STANDARD") START=-604800s END=0s | limit 1', (),
         (("namePrefix", ()), ("class", ("STANDARD",))), "-604800s"),
    ],
)  # fmt: skip
def test_where_a_query_reads(query, names, selection, start):
    found = parse(query).source
    assert (found.names, found.selection, found.start) == (names, selection, start)


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "aws"),
    [
        # as users report AWS's words
        ("fields a | nonsense", "unexpected symbol found nonsense at line 1 and position 11"),
        ("fields a\n| nonsense", "unexpected symbol found nonsense at line 2 and position 2"),
        ("dedup a | sort b", "unexpected symbol found sort at line 1 and position 10"),
        ("filter a = 1 | diff",
         "Diff compilation Failed : Diff operation has to be used after Pattern"),
        ("stats count(*) as n | fields x", "Unknown symbols found in or after stats: x"),
        ("stats count(*) as n by a | stats max(b)", "Unknown symbols found in or after stats: b"),
        # in our own
        ("fields", None), ("fields a,", None), ("filter", None), ("filter a =", None),
        ("filter a = 1 and", None), ("filter a in [1", None), ("stats a", None), ("stats", None),
        ("stats count(*) by", None), ("limit x", None), ("limit 1.5", None), ("limit -1", None),
        ("sort", None), ("parse @message", None), ("parse @message 'a*b*' as x", None),
        ("parse @message 'a' as x", None), ("parse @message /(/", None),
        ("parse @message /a/", None),
        ("parse @message /(?<a>a)(b)/", None), ("fields a | ", None), ("| fields a", None),
        ("fields a fields b", None), ("stats pct(a)", None), ("stats pct(a, 101)", None),
        ("stats sum(*)", None), ("filter a like /(?=b)/", None), ("filter a like /(a)\\1/", None),
        ("fields 'unclosed", None), ("fields a b", None), ("unnest a", None), ("lookup t a", None),
        ("join type=outer left=a right=b where a.x=b.x (SOURCE 'g')", None),
        ("join left=a right=b where a.x=c.x (SOURCE 'g')", None),
        ("join left=a right=b where a.x=b.x (limit 1)", None),
        ("filter a in (limit 1)", None), ("SOURCE | limit 1", None), ("SOURCE logGroups(", None),
        ("stats count(*) as n by a | sort n | stats max(n)", None),
    ],
)  # fmt: skip
def test_what_is_no_query(query, aws):
    with pytest.raises(LanguageError) as caught:
        rows(query, REQUESTS)
    assert isinstance(caught.value, QueryError)
    assert 0 <= caught.value.position <= caught.value.end <= len(query) + 1
    if aws is not None:
        assert caught.value.aws == aws


@pytest.mark.parametrize(
    "query",
    ["SOURCE dataSource(['a'])", "SOURCE logGroups(tags: ['a']) | limit 1", "stats values(a)"],
)  # fmt: skip
def test_what_is_not_built_says_so(query):
    with pytest.raises(Unsupported) as caught:
        rows(query, REQUESTS)
    assert caught.value.feature in str(caught.value)
