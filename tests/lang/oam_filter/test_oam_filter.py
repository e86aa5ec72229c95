"""Filters of OAM links: the table of cases, and what holds of every filter and name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.lang.oam_filter.compiler import compile_filter
from awsmon.lang.oam_filter.parser import MOST_OPERANDS, parse
from awsmon.lang.oam_filter.tree import Comparison, Filter
from awsmon.lang.text import LanguageError

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases.jsonl").read_text().splitlines()
]

NAMES = st.text("ab/%-", max_size=4)
COMPARISONS = st.one_of(
    st.builds(Comparison, st.just("="), st.tuples(NAMES), st.booleans()),
    st.builds(
        Comparison, st.just("LIKE"), st.tuples(st.text("ab/-", max_size=3)), st.booleans()
    ),
    st.builds(
        Comparison, st.just("IN"), st.lists(NAMES, min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
)  # fmt: skip
FILTERS = st.builds(
    Filter,
    st.sampled_from(["LogGroupName", "Namespace"]),
    st.lists(st.lists(COMPARISONS, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3).map(
        tuple
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["filter"][:40])
def test_case(case):
    if "error" in case:
        with pytest.raises(LanguageError) as caught:
            parse(case["filter"], case["subject"])
        assert (caught.value.message, caught.value.position) == (case["error"], case["position"])
        return
    passes = compile_filter(case["filter"], case["subject"])
    assert [name for name in case["passes"] if not passes(name)] == []
    assert [name for name in case["fails"] if passes(name)] == []
    tree = parse(case["filter"], case["subject"])
    assert parse(str(tree), case["subject"]) == tree


@given(FILTERS)
def test_source_and_tree_are_one(tree):
    assert parse(str(tree), tree.subject) == tree


@given(FILTERS, NAMES)
def test_compiled_agrees_with_a_naive_reading(tree, name):
    found = False
    for all_of in tree.either:
        fitting = True
        for each in all_of:
            if each.sign == "LIKE":
                fits = name[: len(each.values[0])] == each.values[0]
            else:
                fits = name in each.values
            fitting = fitting and fits != each.negated
        found = found or fitting
    assert compile_filter(str(tree), tree.subject)(name) is found


PIECES = ["Namespace", "NOT", "IN", "LIKE", "AND", "OR", "=", "!=", "(", ")", ",", "'", "'a'", "%",
          "'a%'", " ", "é", "*"]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=15).map(" ".join)))
def test_any_text_is_a_filter_or_is_refused_at_a_place_in_it(text):
    tree, error = read(text)
    if error:
        assert 0 <= error.position <= len(text)
        assert error.text == text
    else:
        assert sum(map(len, tree.either)) <= MOST_OPERANDS + 1
        assert parse(str(tree), "Namespace") == tree


def read(text):
    try:
        return parse(text, "Namespace"), None
    except LanguageError as error:
        return None, error
