"""Why a pattern doesn't match: the part that fails, where it is, and how it fails."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from awsmon.lang.filter_pattern.compiler import compile_pattern
from awsmon.lang.filter_pattern.explanation import explain
from awsmon.lang.filter_pattern.parser import parse
from tests.lang.filter_pattern.strategies import MESSAGES, PATTERNS


@pytest.mark.parametrize(
    ("pattern", "message", "part", "position", "why"),
    [
        # text
        ("ERROR  timeout", "ERROR: it took long", "timeout", 7, "it doesn't occur"),
        ('"GET /x"', "get /x", '"GET /x"', 0, "it occurs only in other case"),
        ("ERROR -retry", "ERROR, retry", "-retry", 6, "it occurs, at character 7"),
        ("?WARN ?ERROR", "fine", "?WARN ?ERROR", 0, "none of them occurs"),
        (" %a+b%", "ccc", "%a+b%", 1, "it occurs nowhere"),
        # JSON
        ("{ $.a = 1 }", "plain", "{ $.a = 1 }", 0, "the message is no JSON object"),
        ("{ $.a = 1 }", '["a"]', "{ $.a = 1 }", 0, "the message is no JSON object"),
        ("{$.a = 1}", '{"a": 2}', "$.a = 1", 1, "$.a is 2"),
        ("{$.a = 1}", '{"b": 2}', "$.a = 1", 1, "$.a isn't there"),
        ('{$.a = "x*"}', '{"a": "abc"}', '$.a = "x*"', 1, '$.a is "abc"'),
        ("{ $.a = 1 && $.b.c != 2 }", '{"a": 1, "b": {"c": 2}}', "$.b.c != 2", 13, "$.b.c is 2"),
        ("{ ($.a = 1 || $.b = 2) && $.c = 3 }", '{"a": 0, "b": 2, "c": 0}', "$.c = 3", 26,
         "$.c is 0"),
        ("{ $.a = 1 || $.b = 2 }", '{"a": 0}', "$.a = 1 || $.b = 2", 2,
         "$.a is 0; $.b isn't there"),
        ("{ $.a > 5 }", '{"a": "9"}', "$.a > 5", 2,
         '$.a is "9", a string, and > compares numbers'),
        ("{ $.a != 5 }", '{"a": [1]}', "$.a != 5", 2,
         "$.a is an array, and != compares strings and numbers"),
        ("{ $.a = TRUE }", '{"a": true}', '$.a = "TRUE"', 2,
         "$.a is true, and = compares strings and numbers"),
        ("{ $.a IS NULL }", '{"a": 0}', "$.a IS NULL", 2, "$.a is 0"),
        ("{ $.a NOT EXISTS }", '{"a": null}', "$.a NOT EXISTS", 2, "$.a is null"),
        ("{ $.a[*].b = 1 }", '{"a": [{"b": 2}, {"b": 3}, {}]}', "$.a[*].b = 1", 2,
         "$.a[*].b is 2 or 3"),
        ("{ $.a.* = 1 }", '{"a": {"b": 2, "c": 3, "d": 4, "e": 5}}', "$.a.* = 1", 2,
         "$.a.* is 2 or 3 or 4, ..."),
        ("{ $.a[*] = 1 }", '{"a": 1}', "$.a[*] = 1", 2, "$.a[*] isn't there"),
        # space-delimited
        ("[a, b, c]", "1 2", "[a, b, c]", 0, "it needs 3 fields, and the message has 2"),
        ("[ip, ..., status=5*, size]", "192.0.2.1 x y 404 7", 'status = "5*"', 10,
         'status, field 4, is "404"'),
        ("[ip, , n > 3]", "x y 2 and more", "n > 3", 7, 'n, field 3, is "2 and more"'),
        ("[n = 1 || n = 2]", "3", "n = 1 || n = 2", 1, 'n, field 1, is "3"'),
    ],
)  # fmt: skip
def test_the_part_that_fails_is_told(pattern, message, part, position, why):
    assert explain(parse(pattern), message) == (part, position, why)


def test_a_long_value_is_clipped():
    found = explain(parse("{ $.a = 1 }"), f'{{"a": "{"x" * 1000}"}}')
    assert len(found.why) < 80


@settings(max_examples=300)
@given(PATTERNS, MESSAGES)
def test_there_is_a_reason_exactly_where_a_pattern_does_not_match(pattern, message):
    # read anew from its text, so that the parts know their places
    source = str(pattern)
    read = parse(source)
    found = explain(read, message)
    assert (found is None) is compile_pattern(read).matches(message)
    if found is not None and "||" not in found.part:
        assert source.startswith(found.part, found.position) or found.position == 0
