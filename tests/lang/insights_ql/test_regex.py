"""Regular expressions: RE2's syntax, `re`'s answers, and time that stays linear."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from awsmon.lang.insights_ql.errors import QueryError
from awsmon.lang.insights_ql.regex import compile_regex
from awsmon.lang.insights_ql.regexes.cost import cost
from awsmon.lang.insights_ql.regexes.machine import Machine
from awsmon.lang.insights_ql.regexes.reader import read
from awsmon.lang.insights_ql.regexes.tree import Boundary, Either, Group, Repeat, Row, source
from awsmon.lang.insights_ql.tree import Span
from tests.lang.insights_ql.strategies import REGEXES


def compiled(text):
    return compile_regex(text, text, Span(0, len(text)))


# What RE2's wiki says of its syntax, and what each finds.
@pytest.mark.parametrize(
    ("regex", "text", "found"),
    [
        ("abc", "xabcx", ()), ("a.c", "abc", ()), ("a.c", "a\nc", None), ("(?s)a.c", "a\nc", ()),
        ("[xyz]", "y", ()), ("[^xyz]", "xyz", None), (r"\d\D\w\W\s\S", "1ab! c", ()),
        (r"\d", "\u0663", None), (r"\w", "é", None), ("[[:alpha:]]+", "1ab", ()),
        ("[[:digit:]a]{2}", "a1", ()), ("x|y", "y", ()), ("x*", "", ()), ("x+", "", None),
        ("(x?)y", "y", ("",)), ("x{2}", "xx", ()), ("x{2}", "x", None), ("x{1,2}y", "xxy", ()),
        ("x{2,}", "xxx", ()), ("(a*?)a", "aa", ("",)), ("(a*)a", "aa", ("a",)),
        ("x{,2}", "x{,2}", ()),
        ("(re)", "re", ("re",)), ("(?P<name>re)", "re", ("re",)), ("(?<name>re)", "re", ("re",)),
        ("(?:re)", "re", ()), ("(?i)RE", "re", ()), ("(?i:R)E", "rE", ()), ("(?i:R)E", "re", None),
        ("(?i)r(?-i)E", "RE", ()), ("(?i)r(?-i)E", "Re", None), ("a(?i)b|c", "aB", ()),
        ("^a", "ba", None), ("(?m)^a", "b\na", ()), ("a$", "a\n", None), ("(?m)a$", "a\nb", ()),
        (r"\Aa\z", "a", ()), (r"\bfoo\b", "a foo b", ()), (r"\Boo", "foo", ()),
        (r"\n\t\r", "\n\t\r", ()), (r"\x41\x{42}", "AB", ()), (r"\.\*\/\-", ".*/-", ()),
        ("[a-c]", "b", ()), ("[-a]", "-", ()), ("[a-]", "-", ()), ("[]a]", "]", ()),
        (r"[\d.]+", "1.2", ()),
        (r"[\]]", "]", ()), ("(a)|(b)", "b", (None, "b")), ("(a|b)*", "ab", ("b",)), ("", "x", ()),
        ("eni-.*? ", "2 1 eni-1235b8ca 1", ()), ("(?:[^,]*,)*x", "a,b,x", ()),
        ("(a+)+b", "aab", ("aa",)),
        ("(?i)(error|failure)", "a FAILURE", ("FAILURE",)), ("é+", "éé", ()),
        ("(?:^)*a", "ba", ()), ("(?i)[à-ü]x", "éX", ()), ("[à-ü]", "é", ()),
    ],
)  # fmt: skip
def test_syntax(regex, text, found):
    groups = compiled(regex).groups(text)
    assert (None if groups is None else tuple(groups)) == found
    assert compiled(regex).matches(text) is (found is not None)


@pytest.mark.parametrize(
    "regex",
    ["(", ")", "a)", "[a", "*a", "a**", "a+*", "(?=a)", "(?!a)", "(?<=a)", r"(a)\1", r"\q", r"\pL",
     "a{3,2}",
     "a{1001}", "(?<1>a)", "(?P<a", "a{99999999999}", "[b-a]", r"[\d-z]", "[[:nope:]]", "\\",
      "(?>a)",
     "(" * 100 + ")" * 100, "((a{1,100}){1,100}){100}", r"\x{110000}", "a++"],
)  # fmt: skip
def test_what_is_refused(regex):
    with pytest.raises(QueryError, match="Invalid regular expression"):
        compiled(regex)


def rounds_of_nothing(node):
    """Whether something that can be empty repeats."""
    match node:
        case Repeat(body):
            return re.fullmatch(source(body), "", re.ASCII) is not None or rounds_of_nothing(body)
        case Group(body):
            return rounds_of_nothing(body)
        case Row(parts) | Either(parts):
            return any(map(rounds_of_nothing, parts))
    return isinstance(node, Boundary)


@settings(max_examples=400)
@given(REGEXES, st.text("abc 1\n", max_size=8))
@example("(a|ab)(c|bcd)*", "abcd")
@example("(?:a?){2}b", "ab")
def test_the_machine_answers_what_re_answers(regex, text):
    node, names = read(regex)
    expected = re.search(source(node), text, re.ASCII)
    spans = Machine(node, len(names)).search(text)
    if expected is None:
        assert spans is None
    else:
        assume(not rounds_of_nothing(node))  # where RE2 and `re` differ
        assert spans is not None
        assert (spans[0], spans[1]) == expected.span()
        assert spans[2:] == [edge for span in expected.regs[1:] for edge in span]


@settings(max_examples=200)
@given(REGEXES, st.text("abc 1", max_size=6))
def test_a_tree_says_what_the_text_said(regex, text):
    node, _ = read(regex)
    theirs = regex.replace("\\z", "\\Z").replace("$", "\\Z")
    assert (re.search(source(node), text, re.ASCII) is None) == (
        re.search(theirs, text, re.ASCII) is None
    )


EVIL = [
    ("(a+)+b", "a"), ("(a|a)*b", "a"), ("(a|aa)+$", "a"), (r"(\w+\s?)*!", "a"), ("(.*)*x", "a"),
    (".*.*.*x", "a"), (r"\s+$", " "), (r"\d+-\d+-\d+x", "1"), (r"(a?){30}a{30}b", "a"),
    (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a"), (r".*?,.*?,.*?,x", ","), (r"\w+@\w+\.com", "a"),
    (r"(?:[^,]*,)*x", ","), (r"(x+x+)+y", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("regex", "letter"), EVIL)
def test_no_expression_takes_long(regex, letter):
    # each of these keeps Python's re busy for minutes, or for ever
    found = compiled(regex)
    assert found.matches(letter * 3_000 + "!") == ("!" in regex)
    assert found.groups(letter * 100) == found.groups(letter * 100)
    assert found.replace(letter * 200, "") is not None


@pytest.mark.parametrize(
    ("regex", "behind"),
    [
        ("ERROR", ()), (r"^\S+ (\S+)", ()), (r"\[(\w+)\]\s+(.*)", ()), ("(?i)error|fail", ()),
        ("user=(.*?), id=(.*?);", (";", ", id=", "user=")), (r"\w+@\w+", ("",)), ("(a+)+b", None),
        ("(a|a)*b", None), (r"(?:\d+\.)*x", ("",)),
    ],
)  # fmt: skip
def test_what_an_expression_may_cost(regex, behind):
    assert cost(read(regex)[0]).behind == behind


def test_long_texts_go_through_the_machine_with_the_same_answers():
    found = compiled("k=(.*?);v=(.*?);")
    line = "k=1;v=2;" * 1500
    assert found._slow(line) is not None
    assert found.groups(line) == ("1", "2")
    assert found.all_groups(line[:800]) == [("1", "2")] * 100
    assert found.all_groups(line) == [("1", "2")] * 1500
    assert found.replace(line, ".") == "." * 1500
