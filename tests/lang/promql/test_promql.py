"""PromQL: the table of cases, and what holds of every query.

The cases run over the series in `series.json`, a sample a minute from 0 s on, at 600 s. Their
results follow from the Prometheus documentation's words and are worked out by hand; `source` names
the page where it isn't "Operators" or "Query functions". `documented.promql` holds the queries of
CloudWatch's User Guide and API reference.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.lang.promql.compiler import LOOKBACK, Moment, QueryError, compile_query
from awsmon.lang.promql.functions import MISSING, SIGNATURES, Histogram
from awsmon.lang.promql.parser import AGGREGATIONS, BeyondAwsmon, parse
from awsmon.lang.promql.tree import (
    Aggregate,
    Binary,
    Call,
    Match,
    Matcher,
    Negation,
    Number,
    Selector,
    Subquery,
    kind,
)
from awsmon.lang.text import LanguageError

HERE = Path(__file__).parent
CASES = [json.loads(line) for line in (HERE / "cases.jsonl").read_text().splitlines()]
DOCUMENTED = (HERE / "documented.promql").read_text().splitlines()
SERIES = [
    ({"__name__": each["name"], **each["labels"]}, [60_000 * n for n in range(len(each["values"]))],
     [Histogram(*value) if isinstance(value, list) else value for value in each["values"]])
    for each in json.loads((HERE / "series.json").read_text())
]  # fmt: skip
NOW = 600_000


def moment(series=SERIES, at=NOW):
    def of(name, since, until):
        for labels, times, values in series:
            if labels["__name__"] == name:
                kept = [(at, value) for at, value in zip(times, values, strict=True)
                        if since < at <= until and value is not None]  # fmt: skip
                yield labels, [at for at, _ in kept], [value for _, value in kept]

    return Moment(at, of)


def outcome(text):
    found = compile_query(parse(text))(moment())
    return {json.dumps(each.labels, sort_keys=True): each.value for each in found}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"][:70])
def test_case(case):
    if "error" in case:
        with pytest.raises(LanguageError) as caught:
            parse(case["query"])
        assert (caught.value.message, caught.value.position) == (case["error"], case["position"])
        assert isinstance(caught.value, BeyondAwsmon) is case.get("beyond", False)
    elif "clash" in case:
        with pytest.raises(QueryError, match=case["clash"]):
            outcome(case["query"])
    else:
        wanted = {json.dumps(labels, sort_keys=True): value for labels, value in case["result"]}
        assert outcome(case["query"]) == pytest.approx(wanted, nan_ok=True)
        assert outcome(str(parse(case["query"]))) == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize("text", DOCUMENTED)
def test_a_documented_query_is_one(text):
    assert parse(str(parse(text))) == parse(text)


def test_each_function_has_a_case():
    queries = " ".join(case["query"] for case in CASES if "result" in case)
    assert [name for name in (*SIGNATURES, *AGGREGATIONS) if f"{name}(" not in queries
            and f"{name} " not in queries] == []  # fmt: skip


@pytest.mark.parametrize("name", sorted(MISSING))
def test_what_prometheus_has_beyond_is_refused_by_name(name):
    with pytest.raises(BeyondAwsmon, match=name):
        parse(f"{name}(a)")


# -- any text, any tree ----------------------------------------------------------------------------

WORDS = ["a", "b", "{", "}", "(", ")", "[5m]", "[", "]", "offset", "-1m", "5", "1e3", '"x"', "'y'",
         "=", "=~", "!=", ">", "bool", "sum", "by", "without", "on", "group_left", "rate", "topk",
         "and", "or", "unless", "+", "-", "^", ",", "@", ":", "#", "\\", "Inf", "0x1F", "\n",
         "absent", "label_replace", "1h30m", "`z`", "é"]  # fmt: skip


@given(st.one_of(st.text(max_size=30), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
def test_any_text_is_read_or_refused_with_its_place(text):
    found: list[LanguageError] = []
    try:
        tree = parse(text)
    except LanguageError as error:
        found.append(error)
    else:
        assert str(parse(str(tree))) == str(tree)  # of NaN no two are equal
    assert all(0 <= error.position <= len(text) for error in found)


LABELS = st.sampled_from(["job", "host", "zone"])
VALUES = st.sampled_from(["", "x", "y"])
MATCHERS = st.builds(Matcher, LABELS, st.sampled_from(["=", "!="]), VALUES) | st.builds(
    Matcher, LABELS, st.sampled_from(["=~", "!~"]), st.sampled_from(["x|y", ".+", ""])
)
OFFSETS = st.sampled_from([0, 0, 60_000, 240_000, -60_000])
INSTANTS = st.sampled_from([None, None, None, 300_000, 1_500, "start", "end"])
SELECTORS = st.builds(
    Selector, st.sampled_from(["a", "b", "c.d"]), st.lists(MATCHERS, max_size=2).map(tuple),
    st.none(), OFFSETS, INSTANTS,
)  # fmt: skip
RANGES = st.builds(
    Selector, st.sampled_from(["a", "b"]), st.lists(MATCHERS, max_size=1).map(tuple),
    st.sampled_from([60_000, 150_000, 3_600_000]), OFFSETS, INSTANTS,
)  # fmt: skip
NUMBERS = st.sampled_from([0.0, 1.0, -2.5, 3.0]).map(lambda value: (
    Negation(Number(-value)) if value < 0 else Number(value)))  # fmt: skip
SIMPLE = ("sum", "min", "max", "count", "avg", "group")
OVER = ("sum_over_time", "count_over_time", "max_over_time", "min_over_time", "avg_over_time",
        "last_over_time", "present_over_time")  # fmt: skip
CALLS = st.builds(lambda name, of: Call(name, (of,)), st.sampled_from(OVER), RANGES)
ARITHMETIC = st.sampled_from(["+", "-", "*"])
COMPARISON = st.sampled_from(["==", "!=", ">", "<=", "<", ">="])
GROUPING = st.lists(LABELS, max_size=2, unique=True).map(tuple)


def larger(inner):
    return st.one_of(
        st.builds(Aggregate, st.sampled_from(SIMPLE), inner, st.none(), GROUPING, st.booleans()),
        st.builds(Binary, ARITHMETIC, inner, NUMBERS),
        st.builds(Binary, COMPARISON, inner, NUMBERS, st.just(Match()), st.booleans()),
        st.builds(Binary, ARITHMETIC | COMPARISON, inner, inner),
        st.builds(Binary, ARITHMETIC, inner, inner, st.builds(
            Match, GROUPING, st.booleans())),
        st.builds(Binary, st.sampled_from(["and", "or", "unless"]), inner, inner),
        st.builds(Negation, inner),
    )  # fmt: skip


INSTANT = st.recursive(SELECTORS | CALLS, larger, max_leaves=3)
SUBQUERIES = st.builds(
    Subquery, INSTANT.filter(lambda tree: kind(tree) == "instant vector"),
    st.sampled_from([60_000, 150_000, 400_000]), st.sampled_from([None, 45_000, 120_000]), OFFSETS,
    INSTANTS,
)  # fmt: skip
REPEATED = st.builds(lambda name, of: Call(name, (of,)), st.sampled_from(OVER), SUBQUERIES)
QUERIES = st.recursive(SELECTORS | CALLS | REPEATED, larger, max_leaves=6)


@given(QUERIES)
def test_a_tree_prints_as_what_it_is_read_from(tree):
    assert parse(str(tree)) == tree


# -- a naive interpreter ---------------------------------------------------------------------------

PLAIN = [
    ({"__name__": name, **labels}, [60_000 * n for n in range(11)], [
        None if (n * 7 + len(name) + len(labels)) % 4 == gap else float((n * n + gap) % 5)
        for n in range(11)])
    for gap, (name, labels) in enumerate([
        ("a", {"job": "x", "host": "x"}), ("a", {"job": "x", "host": "y"}),
        ("a", {"job": "y", "zone": "x"}), ("b", {"job": "x"}), ("b", {"job": "y", "host": "x"}),
    ])
]  # fmt: skip


class Clash(Exception):
    """Two series where there may be one."""


def interpret(node, now=NOW):
    """A dict from labels, as a frozen set of pairs, to values."""
    match node:
        case Number(value):
            return value
        case Selector(window=None):
            return {frozenset(labels.items()): points[-1] for labels, points in chosen(node, now)}
        case Call(name, (of,)):
            keep = name == "last_over_time"
            ranges = again(of, now) if isinstance(of, Subquery) else chosen(of, now)
            return united((labels if keep else bare(labels), over(name, points))
                          for labels, points in ranges)  # fmt: skip
        case Negation(of):
            inner = interpret(of, now)
            if isinstance(inner, float):
                return -inner
            return united((bare(dict(key)), -value) for key, value in inner.items())
        case Aggregate(operator, of, _, names, without):
            groups = {}
            for key, value in interpret(of, now).items():
                kept = {k: v for k, v in bare(dict(key)).items() if (k in names) is not without}
                groups.setdefault(frozenset(kept.items()), []).append(value)
            return {key: over(f"{operator}_over_time", values) for key, values in groups.items()}
        case Binary(operator, left, right, how, truth):
            return met(operator, interpret(left, now), interpret(right, now), how, truth)
    raise AssertionError(node)


def end_of(node, now):
    at = {None: now, "start": NOW, "end": NOW}.get(node.at, node.at)
    return at - node.offset


def again(subquery, now):
    """Minute by minute, or as the step is: whatever second divides by it."""
    end, step = end_of(subquery, now), (subquery.step or 60_000) // 1000
    points = {}
    for at in range(end // 1000 - subquery.window // 1000 - 1, end // 1000 + 1):
        if at % step == 0 and end - subquery.window < at * 1000 <= end:
            for key, value in interpret(subquery.of, at * 1000).items():
                points.setdefault(key, []).append(value)
    return [(dict(key), found) for key, found in points.items()]


def chosen(selector, now):
    end = end_of(selector, now)
    start = end - (selector.window or LOOKBACK)
    for labels, times, values in PLAIN:
        points = [
            v for t, v in zip(times, values, strict=True) if v is not None and start < t <= end
        ]
        held = all(holds(each, labels.get(each.label, "")) for each in selector.matchers)
        if points and labels["__name__"] == selector.name and held:
            yield labels, points


def holds(matcher, text):
    if matcher.operator in ("=", "!="):
        return (text == matcher.value) is (matcher.operator == "=")
    return bool(re.fullmatch(matcher.value, text)) is (matcher.operator == "=~")


def over(name, points):
    return {"sum": sum, "count": len, "max": max, "min": min, "avg": lambda p: sum(p) / len(p),
            "last": lambda p: p[-1], "present": lambda _: 1, "group": lambda _: 1,
            }[name.partition("_")[0]](points)  # fmt: skip


def bare(labels):
    return {key: value for key, value in labels.items() if key != "__name__"}


def united(pairs):
    found = {}
    for labels, value in pairs:
        key = frozenset(labels.items())
        if key in found:
            raise Clash
        found[key] = value
    return found


def signature(key, how):
    labels = {k: v for k, v in bare(dict(key)).items() if (k in how.labels) is how.on}
    return frozenset(labels.items())


def met(operator, left, right, how, truth):
    if operator in ("and", "or", "unless"):
        known = {signature(key, how) for key in (left if operator == "or" else right)}
        if operator == "or":
            more = {k: v for k, v in right.items() if signature(k, how) not in known}
            return united([(dict(k), v) for k, v in [*left.items(), *more.items()]])
        return {
            k: v for k, v in left.items() if (signature(k, how) in known) is (operator == "and")
        }
    if isinstance(right, float):
        triples = [(dict(key), value, right) for key, value in left.items()]
    else:
        sides = [[signature(key, how) for key in side] for side in (left, right)]
        both = set(sides[0]) & set(sides[1])
        if len(sides[1]) > len(set(sides[1])) or any(sides[0].count(key) > 1 for key in both):
            raise Clash
        others = dict(zip(sides[1], right.values(), strict=True))
        triples = [
            ({k: v for k, v in key if (k in how.labels) is how.on}, value,
             others[signature(key, how)])
            for key, value in left.items() if signature(key, how) in others
        ]  # fmt: skip
    results = []
    for labels, one, other in triples:
        value = {"+": one + other, "-": one - other, "*": one * other, "==": one == other,
                 "!=": one != other, ">": one > other, "<": one < other, ">=": one >= other,
                 "<=": one <= other}[operator]  # fmt: skip
        if isinstance(value, bool) and not truth:
            results += [(labels, one)] if value else []
        else:
            results.append((bare(labels), float(value)))
    return united(results)


@given(QUERIES.filter(lambda tree: kind(tree) == "instant vector"))
def test_a_naive_interpreter_agrees(tree):
    try:
        wanted = interpret(tree)
    except Clash:
        with pytest.raises(QueryError):
            compile_query(tree)(moment(PLAIN))
        return
    found = compile_query(tree)(moment(PLAIN))
    assert {frozenset(each.labels.items()): each.value for each in found} == pytest.approx(wanted)
    assert all(math.isfinite(each.value) for each in found)
