"""The commands of 2025 and 2026, and the finer points of the older ones.

Source: CloudWatch Logs User Guide, the page of each command; what is marked so was seen in a live
account (2026) by users.
"""

from __future__ import annotations

import pytest

from awsmon.lang.insights_ql.errors import QueryError, Unsupported
from awsmon.lang.insights_ql.parser import parse
from tests.lang.insights_ql.asking import MINUTE, NOON, event, events, rows, run

TOOK = events(*({"n": number, "s": "x"} for number in (1, 2, 3, 4)), step=MINUTE)  # 4 is newest


@pytest.mark.parametrize(
    ("query", "given", "expected"),
    [
        # addtotals; that all numeric fields count, parsed ones too, is seen in a live account
        ("fields n, n * 2 as m | addtotals | limit 1", TOOK, [{"n": "4", "m": "8", "Total": "12"}]),
        ("fields n, n * 2 as m | addtotals fieldname=Sum m | limit 1", TOOK,
         [{"n": "4", "m": "8", "Sum": "8"}]),
        ("fields n | addtotals row=false col=true n", TOOK,
         [{"n": "4"}, {"n": "3"}, {"n": "2"}, {"n": "1"}, {"n": "10"}]),
        ("stats count(*) as c, sum(n) as t by s | addtotals", TOOK,
         [{"s": "x", "c": "4", "t": "10", "Total": "14"}]),
        # accum, autoregress, filldown: along the rows as they come
        ("fields n | sort n | accum n as t", TOOK,
         [{"n": "1", "t": "1"}, {"n": "2", "t": "3"}, {"n": "3", "t": "6"}, {"n": "4", "t": "10"}]),
        ("fields n | accum n | limit 2", TOOK, [{"n": "4"}, {"n": "7"}]),
        ("fields n | sort n | autoregress n p=1-2 | limit 3", TOOK,
         [{"n": "1"}, {"n": "2", "n_p1": "1"}, {"n": "3", "n_p1": "2", "n_p2": "1"}]),
        ("fields n | sort n | autoregress n as before | limit 2", TOOK,
         [{"n": "1"}, {"n": "2", "before": "1"}]),
        ("fields h, cpu_a | filldown h cpu*",
         [event({"cpu_a": 1}), event({"h": "w", "cpu_a": 2}, 1), event({"h": "v"}, 2)][::-1],
         [{"h": "v"}, {"h": "w", "cpu_a": "2"}, {"h": "w", "cpu_a": "1"}]),
        # countFrequent
        ("countFrequent a, b", events({"a": 1, "b": 2}, {"a": 1}, {"a": 1, "b": 2}),
         [{"a": "1", "b": "2", "_approxcount": "2"}, {"a": "1", "_approxcount": "1"}]),
        ("count_frequent s", TOOK, [{"s": "x", "_approxcount": "4"}]),
        # expand: the guide's own sample
        ("expand items | sort items | display items, host",
         events({"items": ["apple", "banana", "cherry"], "host": "web-01"}),
         [{"items": each, "host": "web-01"} for each in ("apple", "banana", "cherry")]),
        ("parse @message 'list=*' as l | expand l | display l", [event('list=[1,2]')],
         [{"l": "1"}, {"l": "2"}]),
        ("expand a | display a", events({"a": "x"}), [{"a": "x"}]),
        # unnest: the guide's own samples
        ("fields jsonParse(@message) as j | unnest j.events into event | display event.name",
         events({"events": [{"name": "exception"}, {"name": "user action"}]}),
         [{"event.name": "exception"}, {"event.name": "user action"}]),
        ("fields jsonParse(@message) as j | unnest j.n into e | display e", TOOK[:1], [{"e": "1"}]),
        # parse in its other modes
        ('parse @message logfmt as lf | display lf.level, lf.msg, lf.flag',
         [event('level=error msg="a \\"b\\" c" flag')],
         [{"lf.level": "error", "lf.msg": 'a "b" c', "lf.flag": ""}]),
        ("parse @message csv as a, b, c | display a, b, c", [event('1,"x, y"')],
         [{"a": "1", "b": "x, y"}]),
        ("parse csv as a | display a", [event("1,2")], [{"a": "1"}]),
        ("parse @message /(\\d+)/ as n multi | display n", [event("a 1 b 22 c")],
         [{"n": "1"}, {"n": "22"}]),
        ("parse @message /(\\d+)/ as n multi | display n, @message", [event("none")],
         [{"@message": "none"}]),
        ('parse @message "a=*" as x | parse x "* *" as y, z | display y, z', [event("a=1 2")],
         [{"y": "1", "z": "2"}]),
        ('json field=p "user.names.1" as u | display u',
         events({"p": '{"user":{"names":["a","b"]}}'}),
         [{"u": "b"}]),
        ('json field=p "user.name" as u | display u', events({"p": {"user": {"name": "ann"}}}),
         [{"u": "ann"}]),
        # sessionize: an hour's gap begins a new session
        ("fields u | sessionize u maxspan 1h as s | sort @timestamp",
         [event({"u": "a"}, 0), event({"u": "b"}, 1), event({"u": "a"}, 60 * MINUTE),
          event({"u": "a"}, 121 * MINUTE)],
         [{"u": "a", "s": "1"}, {"u": "b", "s": "2"}, {"u": "a", "s": "1"}, {"u": "a", "s": "3"}]),
        # outlier: quartiles of 1 2 3 4 100 are 2 and 4
        ("fields n | outlier param=1 n | sort n desc | limit 1",
         events(*({"n": each} for each in (1, 2, 3, 4, 100))), [{"n": "6"}]),
        ("fields n | outlier param=1 mark=true n | sort n desc | limit 2",
         events(*({"n": n} for n in (1, 2, 3, 4, 100))),
         [{"n": "6", "is_outlier": "1"}, {"n": "4", "is_outlier": "0"}]),
        ("fields n | outlier action=remove n | sort n desc | limit 1",
         events(*({"n": each} for each in (1, 2, 3, 4, 100))), [{"n": "4"}]),
        ("fields n | outlier action=remove param=0.5 uselower=true n",
         events(*({"n": each} for each in (0.5, 2, 3, 4, 100)))[:2],
         [{"n": "2"}, {"n": "0.5"}]),
        # histogram groups by the width of a bucket, which is what a live account did
        ("stats count(*) as c by histogram(n, 2) as h | sort h", TOOK,
         [{"h": "0", "c": "1"}, {"h": "2", "c": "2"}, {"h": "4", "c": "1"}]),
        # countOverTime is count, sumOverTime is sum
        ("stats countOverTime(*) as c, sumOverTime(n) as s by bin(1h)", TOOK,
         [{"bin(1h)": "2026-03-02 12:00:00.000", "c": "4", "s": "10"}]),
        # attributes of what the same command has parsed are not to be had yet (live account)
        ("fields jsonParse(@message) as j, j.n as k | display k", TOOK[:1], [{}]),
        ("fields jsonParse(@message) as j | fields j.n as k | display k", TOOK[:1], [{"k": "1"}]),
        ("fields jsonParse(@message).n as k | display k", TOOK[:1], [{"k": "1"}]),
        # a name that a later command gives anew is the later one
        ("fields s | parse @message '\"n\": *,' as s | limit 1", TOOK, [{"s": "4"}]),
        # values of a column are shown once, at its first place
        ("fields n, s, n | limit 1", TOOK, [{"n": "4", "s": "x"}]),
        # bins come newest first
        ("stats sum(n) as t by bin(2m) as b", TOOK,
         [{"b": "2026-03-02 12:02:00.000", "t": "7"}, {"b": "2026-03-02 12:00:00.000", "t": "3"}]),
        ("stats count(*) as c by datefloor(@timestamp, 1h) as h | fields h", TOOK,
         [{"h": "2026-03-02 12:00:00.000"}]),
    ],
)  # fmt: skip
def test_what_a_command_does(query, given, expected):
    assert rows(query, given) == expected


def test_bins_without_events_are_filled():
    given = [event({"l": 5, "h": "a"}), event({"l": 7, "h": "a"}, 3 * MINUTE)]
    query = "stats avg(l) as a by bin(1m) as t | fillmissing with 0 for a"
    assert [(row["t"][14:16], row["a"]) for row in rows(query, given)] == [
        ("03", "7"), ("02", "0"), ("01", "0"), ("00", "5")
    ]  # fmt: skip
    given.append(event({"l": 1, "h": "b"}, 3 * MINUTE))
    query = "stats count(*) as n by bin(1m) as t, h | fillmissing with 0 for n"
    found = [(row["t"][14:16], row["h"], row["n"]) for row in rows(query, given)]
    assert sorted(found) == sorted(
        [(minute, host, "1" if (minute, host) in {("00", "a"), ("03", "a"), ("03", "b")} else "0")
         for minute in ("00", "01", "02", "03") for host in "ab"]
    )  # fmt: skip


def test_networks_are_looked_up_by_the_smallest_that_fits():
    table = [{"cidr": "10.0.0.0/8", "where": "all"}, {"cidr": "10.1.0.0/16", "where": "one"},
             {"cidr": "nonsense", "where": "none"}]  # fmt: skip
    given = events({"ip": "10.1.2.3"}, {"ip": "10.9.9.9"}, {"ip": "x", "where": "here"})
    query = "cidrlookup nets ip as cidr {} where | sort @timestamp | display where"
    assert rows(query.format("OUTPUT"), given, table=lambda name: table) == [
        {"where": "one"}, {"where": "all"}, {"where": "here"}
    ]  # fmt: skip
    kept = events({"ip": "10.1.2.3", "where": "mine"})
    assert rows(query.format("OUTPUTNEW"), kept, table=lambda name: table) == [{"where": "mine"}]


def test_lookup_overwrites_and_can_rename():
    table = [{"id": "1", "name": "Ann"}, {"id": "1", "name": "second"}]
    given = events({"user": 1, "name": "old"}, {"user": 2, "name": "kept"})
    found = rows(
        "lookup my-users id as user OUTPUT name | sort @timestamp | display name", given,
        table=lambda name: table if name == "my-users" else [],
    )  # fmt: skip
    assert found == [{"name": "Ann"}, {"name": "kept"}]
    with pytest.raises(QueryError, match="There is no lookup table nowhere"):
        rows("lookup nowhere a OUTPUT b", given)


def test_columns_of_another_query_are_appended_row_by_row():
    others = events({"v": 10}, {"v": 30})
    query = "stats count(*) as n by s | appendcols {}(SOURCE 'g' | stats sum(v) as n, max(v) as m)"
    assert rows(query.format(""), TOOK, source=lambda source: others) == [
        {"s": "x", "n": "4", "m": "30"}
    ]
    assert rows(query.format("override=true "), TOOK, source=lambda source: others) == [
        {"s": "x", "n": "40", "m": "30"}
    ]


def test_a_join_shows_the_left_side_by_bare_names():
    others = [event({"id": 1, "d": 5}), event({"id": 1, "d": 6}), event({"d": 7})]
    given = events({"id": 1, "p": "/a"}, {"id": 2, "p": "/b"}, {"p": "/c"})
    query = (
        "filter p != '/x' | join {}left=l right=r where r.id = l.id (SOURCE 'g') | fields p, r.d"
    )
    joined = [{"p": "/a", "r.d": "5"}, {"p": "/a", "r.d": "6"}]
    assert rows(query.format(""), given, source=lambda source: others) == joined
    assert rows(query.format("type=left "), given, source=lambda source: others) == [
        {"p": "/c"}, {"p": "/b"}, *joined
    ]  # fmt: skip


def test_a_subquery_is_asked_anew_in_each_run():
    answers = [[event({"n": 1})], [event({"n": 2})]]
    query = "filter n in (SOURCE 'g' | fields n) | fields n"
    assert rows(query, TOOK, source=lambda source: answers[0]) == [{"n": "1"}]
    assert rows(query, TOOK, source=lambda source: answers[1]) == [{"n": "2"}]
    outside = "filter n not in (SOURCE 'g' | stats max(n) as m | fields m) | stats count(*) as c"
    assert rows(outside, TOOK, source=lambda source: answers[0]) == [{"c": "3"}]


def test_the_limit_of_a_query_is_not_that_of_one_within_it():
    others = [event({"n": number}, number) for number in range(12_000)]
    query = "filter n in (SOURCE 'g' | fields n) | fields n"
    given = [event({"n": number}) for number in (0, 11_999, 12_000)]
    assert rows(query, given, source=lambda source: others, limit=2) == [{"n": "0"}, {"n": "11999"}]
    inner = "filter n in (SOURCE 'g' | fields n | limit 1) | fields n"
    assert rows(inner, given, source=lambda source: others) == [{"n": "11999"}]


@pytest.mark.parametrize(
    ("modifier", "start", "end"),
    [("", NOON - 3_600_000, NOON - 1), ("previousDay", NOON - 86_400_000, NOON - 82_800_001),
     ("previousWeek", NOON - 7 * 86_400_000, NOON - 7 * 86_400_000 + 3_599_999),
     ("previousMonth", NOON - 28 * 86_400_000, NOON - 28 * 86_400_000 + 3_599_999)],
)  # fmt: skip
def test_patterns_are_compared_with_an_earlier_window(modifier, start, end):
    # given an hour from noon on the 2nd of March, and what came before
    asked = []

    def window(first, last):
        asked.append((first, last))
        return events("started 1", "ERROR 5 in x", "gone")

    # when patterns are compared
    given = events("ERROR 1 in x", "ERROR 2 in x", "ERROR 3 in x", "fresh", "started 7")
    found = rows(f"pattern @message | diff {modifier}", given, window=window, start=NOON,
                 end=NOON + 3_599_999)  # fmt: skip
    # then a window of equal length is asked for, and the differences are told
    assert asked == [(start, end)]
    assert {row["@pattern"]: row["@diffEventCount"] for row in found} == {
        "ERROR <Token-1> in x": "2", "fresh": "1", "started <Token-1>": "0", "gone": "-1",
    }  # fmt: skip
    assert found[0]["@differenceDescription"] == "200% increase"


def test_filters_before_a_pattern_count_for_both_windows():
    found = rows(
        "filter @message like 'ERROR' | pattern @message | diff", events("ERROR 1", "INFO"),
        window=lambda start, end: events("ERROR 2", "INFO", "INFO"),
    )  # fmt: skip
    assert [(row["@pattern"], row["@diffEventCount"]) for row in found] == [
        ("ERROR <Token-1>", "0")
    ]


def test_limit_any_stops_reading():
    seen = []

    def read():
        for place in range(100_000):
            seen.append(place)
            yield event("x", place)

    result = run("fields @message | limit any 3", read())
    assert len(result.rows) == 3
    assert result.scanned == len(seen) < 10_000


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit 0", "limit takes 1 to 100000"), ("limit 100001", "limit takes 1 to 100000"),
        ("fields a | diff previousYear", "Expected the end"),
        ("pattern @message | sort @ratio | diff", "Diff operation has to be used after Pattern"),
        ("fillmissing", "fillmissing needs a stats by bin"),
        ("stats count(*) by a | fillmissing with 0 for a", "fillmissing needs a stats by bin"),
        ("autoregress a p=3-1", "Expected p=1"),
        ("outlier action=drop a", "Expected action=remove"),
        ("sessionize a maxspan 1mo", "maxspan takes a period"),
        ("addtotals row=maybe", "Expected row=true"),
        ("appendcols max=0 (SOURCE 'g' | limit 1)", "Expected max=1"),
        ("appendcols (limit 1)", "A query within another begins with SOURCE"),
        ("filter a in (SOURCE 'g' | fields a, b)", "A query behind in must answer one field"),
        ("filter a in (SOURCE 'g' | filter a in (SOURCE 'h' | fields a) | fields a)",
         "Nested subqueries are not supported"),
        ("join left=a right=b where a.x=b.x (SOURCE 'g') "
         "| join left=c right=d where c.x=d.x (SOURCE 'g')",
         "A query may have one join"),
        ("join left=a right=a where a.x=a.x (SOURCE 'g')",
         "The sides of a join need different names"),
        ("filterIndex a > 1", "filterIndex takes"), ("filterIndex a = b", "filterIndex takes"),
        ("filter a like", "Expected a value"), ("filter a =~ 'x'", "Expected a regular expression"),
        ("parse @message logfmt as a, b", "logfmt makes one map"),
        ("cidrlookup t a, b OUTPUT c", "cidrlookup takes one field"),
        ("lookup t a OUTPUTNEW c", "lookup takes"),
        ("SOURCE logGroups(namePrefix: ['1','2','3','4','5','6']) | limit 1", "namePrefix takes 5"),
        (" | ".join(["stats count(*) as n"] * 11), "A query may have 10 stats"),
        ("sort a | stats count(*) as n | stats max(n)", "sort and limit may not stand before"),
        ("stats count(*) as n | stats count(*) by bin(5m)", "Unknown symbol @timestamp"),
        ("fields a | fields if(ispresent(a), a, 'x') as a | stats count(*) by a",
         "Unknown symbol a"),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(query, message):
    given = events({"a": 1})
    with pytest.raises(QueryError) as caught:
        rows(query, given, table=lambda name: [], source=lambda source: given)
    assert caught.value.message.startswith(message)
    assert 0 <= caught.value.position <= caught.value.end <= len(query)


def test_a_name_that_is_redefined_before_stats_is_refused_in_awss_words():
    # wording: reported by users of a live account, 2026
    with pytest.raises(QueryError) as caught:
        rows("fields a | fields a + 1 as a | stats sum(a)", [])
    assert caught.value.aws == "Unknown symbols found in or after stats: a"
    assert rows("fields a + 1 as a | stats sum(a) as s", events({"a": 1})) == [{"s": "2"}]


def test_what_a_source_within_a_query_lacks_is_said():
    with pytest.raises(Unsupported, match="SOURCE START and END"):
        rows("filter a in (SOURCE 'g' START=-1h | fields a)", [])


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [("fields a | nonsense b", 11, 19), ("filter a ==", 10, 11), ("stats count(*) by", 17, 17),
     ("limit 1 | stats nosuch(a)", 16, 22), ("fields a~", 8, 9)],
)  # fmt: skip
def test_an_error_tells_both_ends_of_its_place(query, start, end):
    with pytest.raises(QueryError) as caught:
        rows(query, [])
    assert (caught.value.position, caught.value.end) == (start, end)


def test_comments_and_quotes_keep_what_is_in_them():
    assert rows("fields 'a # | b' as x # | nonsense\n| limit 1", TOOK) == [{"x": "a # | b"}]
    assert str(parse("fields `a b`, 'it\\'s' as `in`")) == 'fields `a b`, "it\'s" as `in`'
