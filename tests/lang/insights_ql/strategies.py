"""Queries, events and regular expressions made up by hypothesis, of few names so that they meet."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from awsmon.lang.insights_ql.tree import (
    Access,
    All,
    AnyOf,
    Boolean,
    Call,
    Chain,
    Comparison,
    Field,
    Listed,
    Negative,
    Not,
    Number,
    Period,
    Power,
    Regex,
    Star,
    Text,
)

NAMES = st.sampled_from(["a", "b", "c.d", "l.0", "@message", "@timestamp", "x y", "in", "t", "@@u"])
WORDS = st.sampled_from(["a", "b", "n", "out", "session"])
TEXTS = st.one_of(
    st.sampled_from(["", "x", "1", "10.0.0.1", "*", "a*b", '{"k":[1]}']), st.text(max_size=5)
)

# -- regular expressions ---------------------------------------------------------------------------

_ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\w", "\\d", "\\s", "c", " ", "\\."])
_TIMES = st.sampled_from(["", "", "", "*", "+", "?", "*?", "+?", "{2}", "{1,2}", "{0,2}?", "{2,}"])
_PLACES = st.sampled_from(["^", "$", "\\b", "\\B", "\\A", "\\z"])


def _wider(inner):
    rows = st.lists(inner, max_size=3).map("".join)
    return st.one_of(
        rows,
        st.lists(rows, min_size=2, max_size=3).map("|".join).map("({})".format),
        st.builds("({}){}".format, rows, _TIMES),
        st.builds("(?:{}){}".format, rows, _TIMES),
        st.builds("(?i:{})".format, rows),
    )


REGEXES = st.recursive(
    st.one_of(st.builds(str.__add__, _ATOMS, _TIMES), _PLACES), _wider, max_leaves=8
)

# -- expressions -----------------------------------------------------------------------------------

_LITERALS = st.one_of(
    TEXTS.map(Text),
    st.sampled_from(["0", "1", "2.5", "1e3", "007", "12345678901234567890"]).map(Number),
    st.booleans().map(Boolean),
)
_FIELDS = NAMES.map(Field)
_PERIODS = st.sampled_from(["5m", "300s", "1h", "2weeks", "3mo", "1q", "1y", "10ms"]).map(Period)
_ONE = ["abs", "ceil", "floor", "sqrt", "log", "toNumber", "toInt", "toLong", "toDouble", "strlen",
        "toupper", "tolower", "isempty", "isblank", "ispresent", "isNumeric", "messageSize", "md5",
        "sha256", "urlencode", "urldecode", "base64encode", "base64decode", "hexToAscii",
         "hexToDec",
        "decToHex", "jsonParse", "jsonStringify", "jsonArraySize", "isValidIp", "ipv4ToNumber",
        "isPrivateIP", "isPublicIP", "isReservedIP", "fromMillis", "toMillis", "trim", "ltrim",
        "round", "greatest", "coalesce", "concat", "unmask"]  # fmt: skip
_TWO = ["ltrim", "rtrim", "trim", "substr", "startsWith", "endsWith", "strcontains", "split",
 "least",
        "round", "greatest", "coalesce", "concat", "jsonArrayContains", "isIpInSubnet",
        "isIpv4InSubnet", "isIpv6InSubnet", "parseDate", "formatDate", "histogram"]  # fmt: skip
_THREE = ["if", "case", "replace", "substr", "parseDate", "formatDate", "strcontains"]
_ORDERS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
_REGEX_NODES = REGEXES.filter(lambda text: text and "/" not in text).map(Regex)


def _functions(inner):
    return st.one_of(
        st.builds(lambda name, one: Call(name, (one,)), st.sampled_from(_ONE), inner),
        st.builds(lambda name, *two: Call(name, two), st.sampled_from(_TWO), inner, inner),
        st.builds(lambda name, *of: Call(name, of), st.sampled_from(_THREE), inner, inner, inner),
        st.builds(lambda name, time, p: Call(name, (time, p)),
                  st.sampled_from(["datefloor", "dateceil"]), inner, _PERIODS),
        st.builds(lambda period: Call("bin", (period,)), _PERIODS),
        st.sampled_from(["now", "queryStartTime", "queryTimeRange"]).map(Call),
    )  # fmt: skip


def _conditions(inner):
    values = st.one_of(_LITERALS, _FIELDS, inner)
    return st.one_of(
        st.builds(Comparison, _ORDERS, values, values),
        st.builds(Comparison, st.sampled_from(["like", "not like"]),
         values, st.one_of(values, _REGEX_NODES)),
        st.builds(Comparison, st.just("=~"), values, _REGEX_NODES),
        st.builds(Comparison, st.sampled_from(["in", "not in"]), values,
                  st.lists(values, max_size=3).map(lambda each: Listed(tuple(each)))),
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: All(tuple(each))),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: AnyOf(tuple(each))),
    )  # fmt: skip


def _chains(operators, inner):
    rest = st.lists(st.tuples(st.sampled_from(operators), inner), min_size=1, max_size=2)
    return st.builds(Chain, inner, rest.map(tuple))


def _larger(inner):
    return st.one_of(
        _functions(inner),
        _conditions(inner),
        st.builds(Negative, inner),
        st.builds(Power, inner, inner),
        _chains(["+", "-"], inner),
        _chains(["*", "/", "%"], inner),
        st.builds(
            Access,
            st.builds(lambda name: Call("jsonParse", (Field(name),)), NAMES),
            st.lists(st.one_of(st.sampled_from(["k", "x.y"]), st.integers(0, 2)), min_size=1,
                     max_size=2).map(tuple),
        ),
    )  # fmt: skip


EXPRESSIONS = st.recursive(st.one_of(_LITERALS, _FIELDS), _larger, max_leaves=8)
AGGREGATES = st.one_of(
    st.just(Call("count", (Star(),))),
    st.builds(lambda name, of: Call(name, (of,)),
              st.sampled_from(["sum", "avg", "min", "max", "stddev", "count", "count_distinct",
                               "earliest", "latest", "sortsFirst", "sortsLast"]), EXPRESSIONS),
    st.builds(lambda of: Call("pct", (of, Number("90"))), EXPRESSIONS),
)  # fmt: skip

# -- queries ---------------------------------------------------------------------------------------

_ITEMS = st.builds(lambda e, name: f"{e} as {name}" if name else str(e), EXPRESSIONS,
                   st.one_of(st.none(), WORDS))  # fmt: skip
_SIMPLE = st.sampled_from([
    "limit 2", "limit any 3", "dedup a | limit 5", "sort b desc", "pattern @message", "expand l",
    "parse @message '* *' as a, b", 'parse a "x*" as b', "parse logfmt as b",
     "parse @message csv as a, b",
    "parse /(?<a>[a-z]+)=(?<n>.*)/", "parse @message /([0-9])/ as n multi",
     'json field=a "k.0" as b',
    "addtotals", "addtotals col=true fieldname=n", "accum b as n", "autoregress a p=1-2",
    "filldown", "filldown a b*", "countFrequent a, b", "outlier action=remove a b",
    "sessionize a maxspan 1h as session", "unnest jsonParse(a) into out",
     "fillmissing with 0 for n",
    "lookup names a OUTPUT b", "cidrlookup names a OUTPUTNEW b as n", "diff", "diff previousMonth",
    "anomaly", "pattern a | anomaly", "logcompare timeshift 7d", "tail 2", "estimate",
    "stats rate(a, 1m) as n, sum(b) as b by bin(5m) offset 1h",
    "relevantfields where a > 1", "relevantfields a, b where c.d = 'x'",
    "join left=a right=b where a.a = b.b (SOURCE 'g' | limit 3)",
    "filter a in (SOURCE 'g' | fields a)", "appendcols (SOURCE 'g' | stats count(*) as n)",
])  # fmt: skip


@st.composite
def commands(draw):
    """The text of one command."""
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return f"{draw(st.sampled_from(['fields', 'display']))} {draw(_ITEMS)}, {draw(_ITEMS)}"
    if kind == 1:
        return f"filter {draw(EXPRESSIONS)}"
    if kind == 2:
        by = draw(st.one_of(st.just(""), _ITEMS.map(" by {}".format)))
        return f"stats {draw(AGGREGATES)} as n, {draw(AGGREGATES)}{by}"
    if kind == 3:
        return f"sort {draw(EXPRESSIONS)} {draw(st.sampled_from(['', 'asc', 'desc']))}"
    return draw(_SIMPLE)


QUERIES = st.lists(commands(), min_size=1, max_size=4).map(" | ".join)

# -- messages --------------------------------------------------------------------------------------

_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4),
              st.sampled_from(["10.0.0.1", "2026-03-02", "1e999", "7", '["x"]', "a=1 b=2"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3),
                            st.dictionaries(st.sampled_from("abklt"), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip
MESSAGES = st.one_of(
    st.text(max_size=12),
    st.dictionaries(st.sampled_from(["a", "b", "c", "l", "@u", "t"]),
     _VALUES, max_size=4).map(json.dumps),
    st.sampled_from(["a=1 b=2", "x,y,z", "[1]", "{", '{"a":1} ',
     '{"a":1e999,"b":' + "9" * 400 + "}"]),
)  # fmt: skip
