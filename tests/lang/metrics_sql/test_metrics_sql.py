"""Metrics Insights' SELECT: the table of cases, and what holds of every query.

The cases run over the small set of metrics in `metrics.json`; their results are worked out by hand.
`documented.sql` holds the User Guide's sample queries, those of its pages on alarms, and last the
one that moto's tests against AWS ask.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.lang.metrics_sql.compiler import Candidate, Group, compile_query
from awsmon.lang.metrics_sql.parser import FUNCTIONS, MOST_SERIES, is_query, parse
from awsmon.lang.metrics_sql.tree import (
    AccountId,
    Comparison,
    CurrentAccount,
    Dimension,
    Order,
    Query,
    Source,
    Tag,
)
from awsmon.lang.text import LanguageError

HERE = Path(__file__).parent
ACCOUNT = "111111111111"
CASES = [json.loads(line) for line in (HERE / "cases.jsonl").read_text().splitlines()]
DOCUMENTED = (HERE / "documented.sql").read_text().splitlines()
METRICS = json.loads((HERE / "metrics.json").read_text())
STATISTICS = {"Sum": sum, "SampleCount": len, "Maximum": max, "Minimum": min}


def candidate(metric):
    return Candidate(
        metric["namespace"], metric["name"], metric.get("dimensions", {}),
        metric.get("account", ACCOUNT), metric.get("tags", {}),
    )  # fmt: skip


def outcome(text):
    """What a caller does with a compiled query."""
    compiled = compile_query(parse(text), ACCOUNT)
    totals = {}
    for metric in filter(lambda metric: compiled.matches(candidate(metric)), METRICS):
        total = totals.setdefault(compiled.group(candidate(metric)), {})
        for time, values in metric["points"].items():
            samples, reading = len(values), STATISTICS[compiled.statistic](values)
            if int(time) in total:
                before = total[int(time)]
                samples, reading = before[0] + samples, compiled.merge(before[1], reading)
            total[int(time)] = samples, reading
    groups = [
        Group(group, [(time, compiled.value(reading, samples))
                      for time, (samples, reading) in sorted(total.items())])
        for group, total in totals.items()
    ]  # fmt: skip
    return [[list(values), [list(point) for point in points]]
            for values, points in compiled.arrange(groups)]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"][7:60])
def test_case(case):
    if "error" in case:
        with pytest.raises(LanguageError) as caught:
            parse(case["query"])
        assert (caught.value.message, caught.value.position) == (case["error"], case["position"])
    else:
        assert outcome(case["query"]) == case["result"]
        assert outcome(str(parse(case["query"]))) == case["result"]


@pytest.mark.parametrize("text", DOCUMENTED)
def test_a_documented_query_is_one(text):
    assert is_query(text)
    assert parse(str(parse(text))) == parse(text)


def test_no_more_than_500_series_the_first_in_order():
    arrange = compile_query(
        parse("SELECT MAX(a) FROM b GROUP BY c ORDER BY MAX() DESC"), ""
    ).arrange
    groups = [Group((f"{number:03}",), [(0, number)]) for number in range(MOST_SERIES + 1)]
    found = arrange(groups)
    assert len(found) == 500
    assert found[0].values == ("500",)
    assert found[-1].values == ("001",)


@pytest.mark.parametrize(
    ("function", "first"), [("AVG", "b"), ("COUNT", "a"), ("MAX", "b"), ("MIN", "b"), ("SUM", "c")]
)
def test_series_are_ordered_by_a_figure_of_their_values(function, first):
    # given three series whose figures differ
    groups = [
        Group(("a",), [(0, 1), (60, 1), (120, 1)]),
        Group(("b",), [(0, 4)]),
        Group(("c",), [(0, 3), (60, 3)]),
    ]
    # when the highest comes first
    query = parse(f"SELECT SUM(a) FROM b GROUP BY c ORDER BY {function}() DESC")
    # then it is the highest in that figure
    assert compile_query(query, "").arrange(groups)[0].values == (first,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT AVG(a) FROM b", True),
        ("\n select x", True),
        ("selected + 1", False),
        ("select * 2", False),
        ("SUM(METRICS())", False),
    ],
)
def test_a_query_is_told_from_metric_math(text, expected):
    assert is_query(text) is expected


# -- every query -----------------------------------------------------------------------------------

NAMES = st.text(min_size=1, max_size=6) | st.sampled_from(["LIMIT", "a.b", "tag", "AWS", "\\", '"'])
LABELS = st.one_of(st.builds(Dimension, NAMES), st.builds(Tag, NAMES), st.just(AccountId()))
COMPARISONS = st.one_of(
    st.builds(Comparison, LABELS, st.text(max_size=6), st.booleans()),
    st.builds(Comparison, st.just(AccountId()), st.just(CurrentAccount()), st.booleans()),
)
QUERIES = st.builds(
    Query,
    st.sampled_from(FUNCTIONS),
    NAMES,
    st.builds(Source, NAMES, st.none() | st.lists(NAMES, max_size=3).map(tuple)),
    st.lists(COMPARISONS, max_size=3).map(tuple),
    st.lists(LABELS, max_size=3).map(tuple),
    st.none() | st.builds(Order, st.sampled_from(FUNCTIONS), st.booleans()),
    st.none() | st.integers(1, MOST_SERIES),
)
PIECES = ["SELECT", "AVG", "(", "a", ")", "FROM", "SCHEMA", ",", "WHERE", "=", "!=", "'b'", "AND",
          "GROUP", "BY", "ORDER", "MAX", "()", "DESC", "LIMIT", "7", "tag", ".", "AWS", "AccountId",
          "CURRENT_ACCOUNT_ID", '"c"', "'", '"', "\\", ";", "é"]  # fmt: skip


@given(QUERIES)
def test_source_and_tree_are_one(query):
    assert parse(str(query)) == query
    assert is_query(str(query))


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(PIECES), max_size=15).map(" ".join),
        st.lists(st.sampled_from(PIECES), max_size=8).map(
            lambda pieces: "SELECT AVG(a) FROM b " + " ".join(pieces)
        ),
    )
)
def test_any_text_is_a_query_or_is_refused_at_a_place_in_it(text):
    query, error = read(text)
    if error:
        assert 0 <= error.position <= len(text)
        assert error.text == text
    else:
        assert parse(str(query)) == query
        outcome(text)


def read(text):
    try:
        return parse(text), None
    except LanguageError as error:
        return None, error
