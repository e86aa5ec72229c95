"""What holds of every query, every event and every regular expression."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from awsmon.lang.insights_ql.compiler import compile_query
from awsmon.lang.insights_ql.context import QueryContext
from awsmon.lang.insights_ql.errors import QueryError
from awsmon.lang.insights_ql.expressions import read_expression
from awsmon.lang.insights_ql.parser import parse
from awsmon.lang.insights_ql.tokens import QueryTokens
from tests.lang.insights_ql.asking import NOON, event
from tests.lang.insights_ql.strategies import EXPRESSIONS, MESSAGES, QUERIES


def expression(text):
    tokens = QueryTokens(text, lambda _: pytest.fail("no query in here"))
    found = read_expression(tokens)
    tokens.finish()
    return found


@settings(max_examples=300)
@given(EXPRESSIONS)
def test_an_expression_prints_as_it_is_read(tree):
    assert expression(str(tree)) == tree


@settings(max_examples=200)
@given(QUERIES)
def test_a_query_prints_as_it_is_read(text):
    try:
        tree = parse(text)
    except QueryError:
        assume(False)
    assert parse(str(tree)) == tree


PIECES = st.sampled_from([
    "fields", "filter", "stats", "count(*)", "by", "as", "|", ",", "(", ")", "[", "]", "a", "`b`",
     "'x'",
    '"', "/x/", "5m", "7", "-", "not", "in", "like", "=~", "#", "\n", "SOURCE", "parse", "*",
     "limit",
    "sort", "join", "left=", "lookup", "unnest", "into", "bin(", "@message", ".", "!", "^",
])  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=12).map(" ".join)))
@example("(" * 100_000)
@example("filter " + "not " * 100_000 + "a")
@example("filter a in (" * 100)
@example("fields a, " + "-" * 5000 + "1")
@example("fields " + "a+" * 20_000 + "1")
def test_any_text_is_a_query_or_refused_at_a_place_within_it(text):
    refused = None
    try:
        compile_query(parse(text), QueryContext())
    except QueryError as error:
        refused = error
    assert refused is None or 0 <= refused.position <= refused.end <= len(text)


@settings(max_examples=300)
@given(QUERIES, st.lists(MESSAGES, max_size=4))
@example("filter a like /(?:[^,]*,)*x/", ["a,b"])
def test_a_query_answers_any_events(text, messages):
    given_events = [event(message, place * 1000) for place, message in enumerate(messages)]
    context = QueryContext(
        start=NOON, end=NOON + 3_600_000,
        window=lambda start, end: given_events, source=lambda source: given_events,
        table=lambda name: [{"a": "1", "b": "x"}, {"a": "10.0.0.0/8", "b": ""}],
    )  # fmt: skip
    try:
        program = compile_query(parse(text), context)
    except QueryError:
        assume(False)
    result = program.run(given_events)
    assert all(isinstance(value, str) for row in result.rows for _, value in row)
    assert program.run(reversed(given_events)).scanned == result.scanned


# -- numbers against Python ------------------------------------------------------------------------


@given(st.integers(-100, 100), st.integers(-100, 100), st.sampled_from("+-*"))
def test_arithmetic_is_pythons(left, right, operator):
    program = compile_query(parse(f"fields a {operator} b as x"), QueryContext())
    [row] = program.run([event({"a": left, "b": right})]).dicts()
    assert row["x"] == str(eval(f"{left} {operator} ({right})"))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50)), max_size=20))
def test_groups_are_those_of_a_dictionary(pairs):
    given_events = [event({"k": key, "v": value}, at) for at, (key, value) in enumerate(pairs)]
    program = compile_query(
        parse("stats count(*) as n, sum(v) as s, min(v) as low, count_distinct(v) as d by k"),
        QueryContext(),
    )
    groups = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    assert {row.pop("k"): row for row in program.run(given_events).dicts()} == {
        key: {"n": str(len(of)), "s": str(sum(of)), "low": str(min(of)), "d": str(len(set(of)))}
        for key, of in groups.items()
    }


@given(
    st.text("ab=, ", max_size=12),
    st.lists(st.sampled_from(["a", "=", ", ", "b"]), min_size=1, max_size=3),
)
def test_a_glob_is_a_lazy_regular_expression(text, pieces):
    names = [f"n{place}" for place in range(len(pieces))]
    glob = "*".join(["", *pieces])
    program = compile_query(
        parse(f'parse @message "{glob}" as {", ".join(names)} | display {", ".join(names)}'),
        QueryContext(),
    )
    [row] = program.run([event(text)]).dicts()
    row.pop("@ptr", None)
    found = re.search("".join(f"(.*?){re.escape(piece)}" for piece in pieces), text, re.DOTALL)
    assert row == (dict(zip(names, found.groups(), strict=True)) if found else {})
