"""Filter patterns: the table of cases, and what holds of every pattern and message."""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from awsmon.lang.filter_pattern import automaton
from awsmon.lang.filter_pattern.automaton import Automaton, compile_regex
from awsmon.lang.filter_pattern.compiler import compile_pattern
from awsmon.lang.filter_pattern.message import Message
from awsmon.lang.filter_pattern.parser import parse, parse_selector
from awsmon.lang.filter_pattern.regex import ALL, Atom, Branch, read_regex
from awsmon.lang.filter_pattern.tree import Json, Regex, Selector
from awsmon.lang.text import LanguageError
from tests.lang.filter_pattern import naive
from tests.lang.filter_pattern.strategies import MESSAGES, PATTERNS, REGEXES, selectors

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8").splitlines()
]
ACCEPTED = sorted({case["pattern"] for case in CASES if "error" not in case})


# -- the table -------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["pattern"][:40])
def test_case(case):
    if "error" in case:
        with pytest.raises(LanguageError) as caught:
            parse(case["pattern"])
        assert caught.value.message.startswith(case["error"])
        assert caught.value.position == case["position"]
        assert caught.value.aws == case.get("aws", caught.value.aws)
        return
    matcher = compile_pattern(parse(case["pattern"]))
    message = case["message"]
    if "match" in case:
        assert matcher.matches(message) is case["match"]
        assert (matcher.extract(message) is not None) is case["match"]
    if "extracted" in case:
        assert matcher.extract(message) == case["extracted"]
    for selector, value in case.get("values", {}).items():
        assert matcher.value(selector, message) == value, selector


def test_the_table_is_large_and_says_where_it_comes_from():
    assert len(CASES) >= 150
    assert all(case["source"] for case in CASES)


# -- parsing ---------------------------------------------------------------------------------------


@pytest.mark.slow
@given(PATTERNS)
def test_source_and_tree_are_one(tree):
    assert parse(str(tree)) == tree


@given(selectors(wildcards=True))
def test_a_selector_by_itself_is_read(selector):
    assert parse_selector(str(selector)) == selector


@pytest.mark.parametrize("pattern", ACCEPTED, ids=lambda pattern: pattern[:40])
def test_every_case_prints_back(pattern):
    tree = parse(pattern)
    assert parse(str(tree)) == tree


PIECES = [
    "{", "}", "[", "]", "(", ")", "$", ".", "a", "*", "=", "!=", "<", "&&", "||", " ", ",", "%",
    '"', "'", "\\", "...", "-", "?", "1", "IS", "NULL", "NOT", "EXISTS", "^", "x", "{2,3}", "é",
]  # fmt: skip


@pytest.mark.slow
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
@example("(" * 100_000)
@example("[" * 100_000)
@example("{" + "(" * 100_000 + "}")
@example("[" + "a," * 50_000 + "]")
@example("%" + "[" * 100_000 + "%")
@example("%" + "a*" * 50_000 + "%")
@example("{ $.a = " + "9" * 10_000 + " }")
@example("{ $.a[" + "9" * 10_000 + "] = 1 }")
@example("%a{99999999999999999999}%")
@example('"' + '\\"' * 50_000)
def test_any_text_is_a_pattern_or_is_refused_at_a_place_in_it(text):
    tree, error = read(text)
    if error:
        assert 0 <= error.position <= len(text)
        assert error.text == text
        assert error.caret
    else:
        compile_pattern(tree).matches("a 1")
        assert parse(str(tree)) == tree


def read(text):
    try:
        return parse(text), None
    except LanguageError as error:
        return None, error


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=9).map("".join)))
def test_any_text_may_be_asked_for_as_a_value(selector):
    for pattern in ("{ $.a = 1 }", "[a, ...]", "a"):
        found = compile_pattern(parse(pattern)).value(selector, '{"a": 1}')
        assert found is None or isinstance(found, str)


# -- meaning ---------------------------------------------------------------------------------------


@pytest.mark.slow
@given(PATTERNS, MESSAGES)
def test_compiled_agrees_with_a_naive_reading(tree, message):
    assert compile_pattern(tree).matches(message) is naive.matches(tree, message)


@given(REGEXES, st.text("ab1.c", max_size=12))
def test_regular_expressions_agree_with_python_however_they_are_run(source, text):
    branches = read_regex(source)
    expected = naive.occurs(source, text)
    assert compile_regex(branches)(text) is expected
    assert Automaton(branches).search(text) is expected


def test_an_automaton_that_forgets_goes_on(monkeypatch):
    monkeypatch.setattr(automaton, "_REMEMBERED", 3)
    search = Automaton(read_regex("a[ab]{5}c|^b*d$")).search
    for text in ("abbabbac", "abbabbbc", "bbbbbd", "bbbabd", "aaaaaaaaac"):
        assert search(text) is (re.search(r"a[ab]{5}c|^b*d\Z", text) is not None)


@pytest.mark.slow
@given(PATTERNS, st.text(max_size=20))
def test_any_message_is_answered(tree, message):
    matcher = compile_pattern(tree)
    extracted = matcher.extract(message)
    assert matcher.matches(message) is (extracted is not None)
    for name, value in (extracted or {}).items():
        assert matcher.value(name, message) == value
    for name in matcher.selectors:
        matcher.value(name, message)


@pytest.mark.parametrize(
    "message",
    [
        '{"a":' * 100_000,
        '{"a": ' + "9" * 10_000 + "}",
        '{"a": 1e999}',
        '{"a": "\\ud800"}',
        "\ud800",
    ],
    ids=["deep", "long number", "infinite", "half a pair", "half a pair, bare"],
)
def test_odd_messages_are_answered(message):
    for pattern in ("{ $.a > 1 }", "{ $.a = * }", "{ $.a = %9% }", "[a = 1*, ...]", "a -b"):
        matcher = compile_pattern(parse(pattern))
        assert matcher.matches(message) is (matcher.extract(message) is not None)


def test_a_message_is_read_once_for_all_matchers(monkeypatch):
    # given two JSON matchers and one message
    first, second = (compile_pattern(parse(p)) for p in ("{ $.a = 1 }", "{ $.a > 0 }"))
    reads = []
    module = sys.modules[Message.__module__]
    decode = module._decode
    monkeypatch.setattr(module, "_decode", lambda text: reads.append(text) or decode(text))
    # when both are asked everything
    message = Message('{"a": 1}')
    for matcher in (first, second):
        assert matcher.matches(message)
        assert matcher.extract(message) == {"$.a": "1"}
        assert matcher.value("$.a", message) == "1"
    # then it was read once; and a message that opens no object isn't read at all
    assert len(reads) == 1
    assert not first.matches("1 2 3")
    assert len(reads) == 1


def test_a_matcher_tells_its_selectors_and_regular_expressions():
    matcher = compile_pattern(parse("{ $.a = %x% && ($.b[*] = 1 || $.a != %y%) && $.['c.d'] = * }"))
    assert (matcher.selectors, matcher.regexes) == (("$.a", "$.['c.d']"), 2)
    matcher = compile_pattern(parse("[ip, , ..., status = %4..%]"))
    assert (matcher.selectors, matcher.regexes) == (("$ip", "$status"), 1)
    matcher = compile_pattern(parse("%a%"))
    assert (matcher.selectors, matcher.regexes) == ((), 1)


def test_fifty_nested_conditions_are_compiled_and_run():
    text = "$.a = 1"
    for number in range(50):
        text = f"({text} {'&&' if number % 2 else '||'} $.b = 2)"
    tree = parse(f"{{ {text} }}")
    assert parse(str(tree)) == tree
    assert compile_pattern(tree).matches('{"a": 1, "b": 2}')


# -- linear in the message -------------------------------------------------------------------------


def steps(function, *arguments):
    """How many lines of Python a call runs: a clock that is the same everywhere."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*arguments)
    finally:
        sys.settrace(before)
    return count


ADVERSE = [
    ("%a*a*a*a*a*b%", "a"),
    ("%^a*a*a*$%", "ab"),
    ("%a?a?a?a?a?a?a?a?a?a?aaaaaaaaaa$%", "a"),
    ("%[ab]*a[ab]{12}c%", "ab"),
    ("%a.*a.*a.*b%", "a"),
    ("%x+x+y%", "x"),
    ("%" + "a?" * 200 + "b%", "a"),
    ('{ $.a = "*a*a*a*b" }', "a"),
    ("{ $.* = %a+a+b% }", "a"),
    ("[a, b = *x*y*z, ...]", "x y "),
    ("[a = 1, b]", "[ "),
    ("[a, ..., b > 5]", '" ['),
    ("?a ?b -c", "d"),
]


@pytest.mark.parametrize(("pattern", "unit"), ADVERSE)
def test_the_work_grows_with_the_message_and_no_faster(pattern, unit):
    matcher = compile_pattern(parse(pattern))

    def work(size):
        text = unit * size
        return steps(matcher.matches, json.dumps({"a": text}) if pattern[0] == "{" else text)

    work(50)  # what is remembered, is
    assert work(4000) <= 4.5 * work(1000) + 200


ATOMS = st.builds(
    lambda characters, times: Atom(characters, *times),
    st.sampled_from([1 << ord("a"), 1 << ord("b"), 3 << ord("a"), ALL ^ 1 << ord("a"), ALL]),
    st.sampled_from([(1, 1), (1, 1), (0, None), (1, None), (0, 1), (2, 2), (1, 2)]),
)


@pytest.mark.slow
@given(
    st.builds(Branch, st.lists(ATOMS, max_size=5).map(tuple), st.booleans(), st.booleans()),
    st.sampled_from(["a", "b", "ab", "aab", "aaaab", "abb"]),
)
def test_what_is_left_to_python_retraces_its_steps_boundedly(branch, unit):
    branch = automaton._trimmed(branch)
    assume(automaton._is_safe(branch))
    text = (unit * 600)[:600]
    length = sum(atom.least + 1 if atom.most is None else atom.most for atom in branch.atoms) + 1
    choices = math.prod((atom.most or atom.least) - atom.least + 1 for atom in branch.atoms)
    assert backtracked(branch, text) <= 4 * choices * length * (len(text) + 1)


def backtracked(branch, text):
    """The characters that a backtracking search looks at."""
    looked = 0

    def follow(index, at):
        nonlocal looked
        looked += 1
        if index == len(branch.atoms):
            return at == len(text) or not branch.at_end
        atom, reach = branch.atoms[index], at
        while reach < len(text) and reach - at != atom.most:
            looked += 1
            if not atom.characters >> ord(text[reach]) & 1:
                break
            reach += 1
        return any(follow(index + 1, end) for end in range(reach, at + atom.least - 1, -1))

    for start in range(1 if branch.at_start else len(text) + 1):
        if follow(0, start):
            break
    return looked


def test_an_automaton_remembers_boundedly():
    # given an expression with four thousand states and more
    machine = Automaton(read_regex("a[ab]{12}c"))
    # when it sees a text without a period
    bits = [(number * number * 2654435761) >> 7 & 1 for number in range(20_000)]
    machine.search("".join("ab"[bit] for bit in bits))
    # then it keeps no more than it may
    assert machine._steps <= automaton._REMEMBERED
    assert len(machine._states) <= automaton._REMEMBERED + 2


def test_trees_made_by_hand_are_compiled_too():
    condition = parse("{ $.a = 1 }").condition
    assert compile_pattern(Json(condition)).matches('{"a": 1}')
    with pytest.raises(LanguageError):
        compile_pattern(Regex("("))
    assert str(Selector(("a", 0, "b c"))) == "$.a[0].['b c']"
