"""Selection criteria of CloudWatch Logs: which log groups a policy concerns, which events a filter.

Lives here: `compile_criteria`, and `read_tests` for who must know the single tests. The grammar:

    criteria = all ("OR" all)*        all = one ("AND" one)*        one = "(" criteria ")" | test
    test = field ("=" | "!=") value | field ["NOT"] "IN" "[" value ("," value)* "]"

Keywords in any case. A field whose name ends in ``Prefix`` compares with the beginning of the field
without it, as ``LogGroupNamePrefix`` with ``LogGroupName``. Sources: API reference,
PutAccountPolicy (selectionCriteria) and PutMetricFilter (fieldSelectionCriteria).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from awsmon.lang.text import Lexicon, Tokens

__all__ = ["Criteria", "Test", "compile_criteria", "read_tests"]

Criteria: TypeAlias = Callable[[Mapping[str, str]], bool]
"""Whether values of fields, by name, meet the criteria; a field that is missing equals nothing."""


class Test(NamedTuple):
    """One test: whether the value of a field is, or is not, among some values."""

    field: str
    values: tuple[str, ...]
    negated: bool


_LEXICON = Lexicon(
    {"text": r'"[^"]*"|\'[^\']*\'', "word": r"[@A-Za-z_][A-Za-z0-9_.\-]*"},
    symbols=("=", "!=", "[", "]", "(", ")", ","),
    keywords=("AND", "OR", "NOT", "IN"),
)


@functools.lru_cache(maxsize=256)
def compile_criteria(text: str) -> Criteria:
    """What a text says, as a function of the fields' values.

    Raises:
        LanguageError: it is not of the language.
    """
    tokens = Tokens(text, _LEXICON)
    found = _criteria(tokens)
    tokens.finish()
    return found


def read_tests(text: str) -> tuple[Test, ...]:
    """The tests of criteria that are joined by AND alone.

    Raises:
        LanguageError: it is not of the language, or has other parts.
    """
    tokens = Tokens(text, _LEXICON)
    found = [_test(tokens)]
    while tokens.accept("AND"):
        found.append(_test(tokens))
    tokens.finish()
    return tuple(found)


def _criteria(tokens: Tokens) -> Criteria:
    with tokens.nested():
        parts = [_all(tokens)]
        while tokens.accept("OR"):
            parts.append(_all(tokens))
    return parts[0] if len(parts) == 1 else lambda fields: any(part(fields) for part in parts)


def _all(tokens: Tokens) -> Criteria:
    parts = [_one(tokens)]
    while tokens.accept("AND"):
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else lambda fields: all(part(fields) for part in parts)


def _one(tokens: Tokens) -> Criteria:
    if tokens.accept("("):
        inner = _criteria(tokens)
        tokens.expect(")")
        return inner
    field, values, negated = _test(tokens)
    among = _among(field, values)
    return (lambda fields: not among(fields)) if negated else among


def _test(tokens: Tokens) -> Test:
    field = tokens.expect("word", what="a field").text
    operator = tokens.expect("=", "!=", "IN", "NOT").kind
    if operator == "NOT":
        tokens.expect("IN")
    values = _values(tokens) if operator in ("IN", "NOT") else (_value(tokens),)
    return Test(field, values, operator in ("!=", "NOT"))


def _values(tokens: Tokens) -> tuple[str, ...]:
    tokens.expect("[")
    values = [_value(tokens)]
    while tokens.accept(","):
        values.append(_value(tokens))
    tokens.expect("]")
    return tuple(values)


def _value(tokens: Tokens) -> str:
    return tokens.expect("text", what="a text in quotes").text[1:-1]


def _among(field: str, values: tuple[str, ...]) -> Criteria:
    name = field.removesuffix("Prefix")
    if name != field:
        return lambda fields: fields.get(name, "").startswith(values) if name in fields else False
    return lambda fields: fields.get(field) in values
