"""Event patterns: a table of documented and observed cases, and what must hold for any pattern."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.lang.event_pattern.compiler import compile_pattern
from awsmon.lang.event_pattern.explanation import explain
from awsmon.lang.event_pattern.index import PatternIndex
from awsmon.lang.event_pattern.parser import PatternError, parse

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases.jsonl").read_text().splitlines()
]
MATCHES = [case for case in CASES if "pattern" in case]
ERRORS = [case for case in CASES if "error" in case]


@pytest.mark.parametrize("case", MATCHES, ids=lambda case: json.dumps(case)[:80])
def test_a_pattern_matches_what_it_should(case):
    pattern = parse(json.dumps(case["pattern"]))
    assert compile_pattern(pattern)(case["event"]) is case["match"]
    assert (explain(pattern, case["event"]) == []) is case["match"]


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case["text"])
def test_a_text_that_is_no_pattern_is_refused_in_the_words_of_aws(case):
    with pytest.raises(PatternError) as caught:
        parse(case["text"])
    reason, _, place = caught.value.message.partition("\n")
    assert reason == case["error"]
    if place:
        assert place.startswith(f' at [Source: (String)"{case["text"]}"; line: 1, column: ')


def test_the_position_is_behind_what_was_read_last():
    # Source: LocalStack's snapshots
    with pytest.raises(PatternError, match="column: 5"):
        parse("this is not json")


def test_an_index_finds_what_the_patterns_themselves_accept():
    # given every pattern of the table
    index, alone = PatternIndex(), {}
    for number, case in enumerate(MATCHES):
        pattern = parse(json.dumps(case["pattern"]))
        index.add(number, pattern)
        alone[number] = compile_pattern(pattern)
    # then every event of it finds the same patterns both ways
    for case in MATCHES:
        event = case["event"]
        assert index.match(event) == [number for number, matches in alone.items() if matches(event)]


def test_what_is_taken_out_of_an_index_is_found_no_more():
    index = PatternIndex()
    for number, case in enumerate(MATCHES):
        index.add(number, parse(json.dumps(case["pattern"])))
    for number in range(len(MATCHES)):
        index.remove(number)
    assert len(index) == 0
    assert not any(index.match(case["event"]) for case in MATCHES)


# -- whatever the pattern --------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "c", "d"])
SCALARS = st.sampled_from(["x", "y", "xy", "", 1, 2, 2.5, True, False, None])
TESTS = st.one_of(
    SCALARS,
    st.builds(lambda text: {"prefix": text}, st.sampled_from(["x", "y", ""])),
    st.builds(lambda text: {"suffix": text}, st.sampled_from(["x", "y"])),
    st.builds(lambda text: {"wildcard": text}, st.sampled_from(["*", "x*", "*y", "x*y"])),
    st.builds(lambda values: {"anything-but": values}, st.sampled_from([["x"], ["x", "y"], [1]])),
    st.builds(lambda wanted: {"exists": wanted}, st.booleans()),
    st.builds(lambda bound: {"numeric": [">", bound]}, st.integers(0, 3)),
    st.builds(lambda text: {"equals-ignore-case": text}, st.sampled_from(["X", "xY"])),
)
LEAVES = st.lists(TESTS, min_size=1, max_size=3)
PATTERNS = st.recursive(
    st.dictionaries(NAMES, LEAVES, min_size=1, max_size=3),
    lambda inner: st.dictionaries(NAMES, st.one_of(LEAVES, inner), min_size=1, max_size=3),
    max_leaves=6,
)
EVENTS = st.dictionaries(
    NAMES,
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner)),
        max_leaves=6,
    ),
)


@given(st.lists(PATTERNS, max_size=6), EVENTS)
def test_an_index_agrees_with_its_patterns(patterns, event):
    parsed = [parse(json.dumps(each)) for each in patterns]
    index = PatternIndex()
    for number, pattern in enumerate(parsed):
        index.add(number, pattern)
    assert index.match(event) == [
        number for number, pattern in enumerate(parsed) if compile_pattern(pattern)(event)
    ]


@given(PATTERNS)
def test_a_pattern_prints_as_the_pattern_it_is(pattern):
    parsed = parse(json.dumps(pattern))
    assert parse(str(parsed)) == parsed


@given(PATTERNS, EVENTS)
def test_an_explanation_is_empty_when_the_event_matches(pattern, event):
    parsed = parse(json.dumps(pattern))
    assert (explain(parsed, event) == []) is compile_pattern(parsed)(event)


@given(st.text(alphabet='{}[]":,ab1.e-$ornull\\*', max_size=40))
def test_any_text_is_a_pattern_or_is_refused(text):
    with contextlib.suppress(PatternError):
        parse(text)


def test_a_pattern_nested_without_end_is_refused():
    with pytest.raises(PatternError, match="nested too deeply"):
        parse('{"a":' * 100_000)
