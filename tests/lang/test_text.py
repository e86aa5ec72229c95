"""Tokens, carets, nesting; and that no lexicon of awsmon can backtrack without bound."""

from __future__ import annotations

import importlib
import pickle
import pkgutil
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

import awsmon.lang
from awsmon.lang.text import LanguageError, Lexicon, Tokens

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_parse

SUMS = Lexicon(
    {"number": r"[0-9]+(?:\.[0-9]+)?", "word": r"[A-Za-z_]+", "string": r'"(?:[^"\\]|\\.)*"'},
    symbols=("+", "-", "(", ")", "<", "<="),
    keywords=("AND", "OR"),
)


def total(tokens):
    """sum = one ("+" one)*    one = number | "(" sum ")"."""
    found = one(tokens)
    while tokens.accept("+"):
        found += one(tokens)
    return found


def one(tokens):
    if tokens.peek().kind == "(":
        with tokens.nested():
            tokens.take()
            found = total(tokens)
            tokens.expect(")")
            return found
    return float(tokens.expect("number", what="a number").text)


def refused(text):
    tokens = Tokens(text, SUMS)
    with pytest.raises(LanguageError) as caught:
        total(tokens)
        tokens.finish()
    return caught.value


def test_a_parser_reads_tokens():
    tokens = Tokens(" 1 + (2.5 + 3)\n", SUMS)
    assert total(tokens) == 6.5
    tokens.finish()


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("", "Expected a number, found the end", 0),
        ("1 +", "Expected a number, found the end", 3),
        ("1 + x", "Expected a number, found 'x'", 4),
        ("(1 + 2", "Expected ')', found the end", 6),
        ("1 2", "Expected the end, found '2'", 2),
        ("1 + #", "Unexpected character '#'", 4),
        ("(" * 51 + "1", "Nested too deeply", 50),
        ("(" * 100_000, "Nested too deeply", 50),
    ],
)
def test_an_error_says_what_and_where(text, message, position):
    error = refused(text)
    assert (error.message, error.position, error.text) == (message, position, text)


def test_fifty_levels_are_fine():
    assert total(Tokens("(" * 50 + "1" + ")" * 50, SUMS)) == 1


def test_the_caret_stands_under_the_position():
    error = refused("1 +\n  2 + x + 3\n+ 4")
    assert error.caret == "  2 + x + 3\n      ^"
    assert str(error) == f"Expected a number, found 'x' (position 10)\n{error.caret}"


@given(st.text(alphabet="ab\n\t", max_size=300), st.integers(0, 300))
def test_the_caret_is_two_lines_and_points_at_the_character(text, position):
    position = min(position, len(text))
    line, caret = LanguageError("no", text, position).caret.split("\n")
    assert caret.strip() == "^"
    assert len(line) <= 80
    if position < len(text) and text[position] in "ab":
        assert line[len(caret) - 1] == text[position]


def test_an_error_travels_by_pickle():
    error = pickle.loads(pickle.dumps(LanguageError("no", "text", 2, "AWS says no")))
    assert (error.message, error.text, error.position, error.aws) == (
        "no",
        "text",
        2,
        "AWS says no",
    )


def test_symbols_go_longest_first_and_keywords_are_in_capitals():
    tokens = Tokens('a and <= "x \\" y" AND', SUMS)
    kinds = []
    while tokens.peek().kind != "end":
        kinds.append(tokens.take().kind)
    assert kinds == ["word", "AND", "<=", "string", "AND"]


def test_exact_keywords_keep_their_case():
    lexicon = Lexicon({"word": "[a-z]+|[A-Z]+"}, keywords=("IS",), exact=True)
    assert [lexicon.token(text, 0).kind for text in ("IS", "is")] == ["IS", "word"]


def test_peeking_ahead_takes_nothing():
    tokens = Tokens("1 + 2", SUMS)
    assert [tokens.peek(n).text for n in (2, 0, 1, 3)] == ["2", "1", "+", ""]
    assert tokens.take().text == "1"
    assert (tokens.peek().text, tokens.consumed, tokens.touching) == ("+", 1, False)


def test_a_parser_may_switch_the_lexicon():
    letters = Lexicon({"letter": "[a-z]"}, blank=None)
    tokens = Tokens("ab 1", SUMS)
    before = tokens.switch(letters)
    assert [tokens.take().text, tokens.take().text] == ["a", "b"]
    assert tokens.switch(before) is letters
    assert tokens.take().kind == "number"


def test_an_expression_may_not_capture():
    with pytest.raises(ValueError, match="captures a group"):
        Lexicon({"x": "(a)"})


@given(st.text(alphabet=' 1.a"\\+-<=()#', max_size=40))
def test_tokens_and_blanks_are_the_whole_text(text):
    tokens, read = Tokens(text, SUMS), 0
    while (token := token_of(tokens)) is not None:
        assert text[read : token.position].strip() == ""
        assert text[token.position : token.end] == token.text != ""
        read = token.end
    assert read <= tokens.consumed <= len(text)


def token_of(tokens):
    """The next token; None at the end, and where none fits: then the error is at that place."""
    try:
        return tokens.take() if tokens.peek().kind != "end" else None
    except LanguageError as error:
        rest = tokens.text[tokens.consumed :]
        blank = len(rest) - len(rest.lstrip())
        return None if error.position == tokens.consumed + blank else error


# -- no lexicon backtracks without bound -----------------------------------------------------------


def lexicons():
    for module in pkgutil.walk_packages(awsmon.lang.__path__, "awsmon.lang."):
        for name, found in vars(importlib.import_module(module.name)).items():
            if isinstance(found, Lexicon):
                yield pytest.param(found, id=f"{module.name}.{name}")


def firsts(parsed):
    """The characters below 256 with which a piece of a parsed expression may begin."""
    if not parsed:
        return set()
    operation, argument = parsed[0]
    name = str(operation)
    if name == "LITERAL":
        return {argument}
    if name == "NOT_LITERAL":
        return set(range(256)) - {argument}
    if name == "ANY":
        return set(range(256))
    if name == "IN":
        return members_of(argument)
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        begins = firsts(argument[2])
        return begins if argument[0] else begins | firsts(parsed[1:])
    if name == "BRANCH":
        return set().union(*(firsts(each) for each in argument[1]))
    if name == "SUBPATTERN":
        return firsts(argument[-1])
    raise AssertionError(f"{name} is not allowed in a lexicon")


def members_of(members):
    negated, found = False, set()
    for operation, argument in members:
        name = str(operation)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            found.add(argument)
        elif name == "RANGE":
            found |= set(range(argument[0], argument[1] + 1))
        else:  # \s and the like
            tests = {"SPACE": str.isspace, "DIGIT": str.isdigit, "WORD": str.isalnum}
            kind = str(argument).removeprefix("CATEGORY_")
            test = tests[kind.removeprefix("NOT_")]
            found |= {c for c in range(256) if test(chr(c)) != kind.startswith("NOT_")}
    return set(range(256)) - found if negated else found


def check(parsed, repeated=False):
    for operation, argument in parsed:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            unbounded = argument[1] is sre_parse.MAXREPEAT
            assert not (unbounded and repeated), "an unbounded repeat within another"
            check(argument[2], repeated or unbounded)
        elif name == "BRANCH":
            if repeated:
                begins = [firsts(each) for each in argument[1]]
                assert all(begins), "an alternative is empty"
                assert len(set().union(*begins)) == sum(map(len, begins)), "alternatives overlap"
            for each in argument[1]:
                check(each, repeated)
        elif name == "SUBPATTERN":
            check(argument[-1], repeated)
        else:
            assert name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"), f"{name} in a lexicon"


@pytest.mark.parametrize("lexicon", list(lexicons()))
def test_no_lexicon_backtracks_without_bound(lexicon):
    for expression in lexicon.table.values():
        check(sre_parse.parse(expression))


@pytest.mark.parametrize("expression", ["(?:a+)+b", "(?:a|ab)*c", "(?:a*b)*", "(a)\\1", "(?=a)a"])
def test_the_check_sees_what_is_wrong(expression):
    with pytest.raises(AssertionError):
        check(sre_parse.parse(expression))
