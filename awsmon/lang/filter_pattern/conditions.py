"""Conditions on a field, compiled: wildcards, regular expressions, numbers, paths into JSON.

Lives here: `on_document` and `on_field`, from a condition to a closure; `path`, `comparisons` and
`regex_test`, which `compiler.py` and `explanation.py` use too.

Where AWS's documentation leaves something open, it is decided here:
- what ``=`` and the like compare are strings and numbers; true, false, null, arrays, objects and
  what isn't there match neither ``=`` nor ``!=`` (documented for arrays and objects; recorded for
  what isn't there);
- a number written bare compares as a number with numbers, as text with strings; ``<`` and the like
  match only numbers; a string in quotes compares with a number's text (recorded: 12.0 isn't "12");
- ``*`` stands for any text wherever it is in a string, in its midst too (as recordings have it).
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from awsmon.lang.filter_pattern.automaton import compile_regex
from awsmon.lang.filter_pattern.message import MISSING, number_of
from awsmon.lang.filter_pattern.regex import read_regex
from awsmon.lang.filter_pattern.tree import (
    AllOf,
    AnyOf,
    Comparison,
    Each,
    Is,
    Missing,
    Number,
    Regex,
    Selector,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from awsmon.lang.filter_pattern.tree import Condition, Value

    OfText = Callable[[str], bool]
    OfNode = Callable[[object], bool]

__all__ = ["comparisons", "on_document", "on_field", "path", "regex_test"]


def comparisons(condition: Condition) -> Iterator[Comparison | Is | Missing]:
    """The conditions that a condition is made of, in order."""
    if isinstance(condition, AllOf | AnyOf):
        for each in condition.conditions:
            yield from comparisons(each)
    else:
        yield condition


# -- text ------------------------------------------------------------------------------------------


def regex_test(regex: Regex) -> OfText:
    """Whether a regular expression occurs in a text."""
    return compile_regex(read_regex(regex.source))


def _wildcard(pattern: str) -> OfText:
    """Text in which ``*`` stands for any: its pieces are looked for one behind the other."""
    first, *others = pattern.split("*")
    if not others:
        return lambda text: text == first
    *middle, last = others
    inner = [piece for piece in middle if piece]
    if not first and not last and not inner:
        return lambda _: True
    if not inner:
        least = len(first) + len(last)
        return lambda text: len(text) >= least and text.startswith(first) and text.endswith(last)

    def matches(text: str) -> bool:
        if not text.startswith(first):
            return False
        at = len(first)
        for piece in inner:
            found = text.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return len(text) - len(last) >= at and text.endswith(last)

    return matches


_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _text_test(value: Text | Regex) -> OfText:
    return _wildcard(value.text) if isinstance(value, Text) else regex_test(value)


# -- JSON ------------------------------------------------------------------------------------------


def on_document(condition: Condition) -> OfNode:
    """A condition on a JSON document."""
    match condition:
        case AllOf(conditions):
            tests = [on_document(each) for each in conditions]
            return lambda document: all(test(document) for test in tests)
        case AnyOf(conditions):
            tests = [on_document(each) for each in conditions]
            return lambda document: any(test(document) for test in tests)
        case Is(field, literal):
            return _select(field, lambda node: node is literal)
        case Missing(field):
            there = _select(field, lambda node: node is not MISSING)
            return lambda document: not there(document)
        case Comparison(Selector() as field, sign, value):
            return _select(field, _node_test(sign, value))
    raise TypeError(f"{condition} is no condition on JSON")


def _select(selector: Selector, test: OfNode) -> OfNode:
    """The test of what the selector finds; with a wildcard, of any of what it finds."""
    steps = selector.steps
    split = next((i for i, step in enumerate(steps) if isinstance(step, Each)), None)
    if split is None:
        read = path(steps)
        return lambda document: test(read(document))
    above, below = path(steps[:split]), path(steps[split + 1 :])
    if steps[split] is Each.ELEMENT:

        def elements(document: object) -> bool:
            node = above(document)
            return isinstance(node, list) and any(test(below(each)) for each in node)

        return elements

    def fields(document: object) -> bool:
        node = above(document)
        return isinstance(node, dict) and any(test(below(each)) for each in node.values())

    return fields


def path(steps: tuple[str | int | Each, ...]) -> Callable[[object], object]:
    """What lies at the end of a way without wildcards; `MISSING` if there is no such way."""
    if len(steps) == 1 and isinstance(steps[0], str):
        key = steps[0]
        return lambda node: node.get(key, MISSING) if isinstance(node, dict) else MISSING

    def read(node: object) -> object:
        for step in steps:
            if isinstance(node, dict) and isinstance(step, str):
                node = node.get(step, MISSING)
            elif isinstance(node, list) and isinstance(step, int) and step < len(node):
                node = node[step]
            else:
                return MISSING
        return node

    return read


def _is_number(node: object) -> bool:
    return isinstance(node, int | float) and not isinstance(node, bool)


def _node_test(sign: str, value: Value) -> OfNode:
    if sign in _ORDERS and isinstance(value, Number):
        order, bound = _ORDERS[sign], value.value
        return lambda node: (
            isinstance(node, int | float) and not isinstance(node, bool) and order(node, bound)
        )
    equal = _node_equals(value)
    if sign == "=":
        return lambda node: (isinstance(node, str) or _is_number(node)) and equal(node)
    return lambda node: (isinstance(node, str) or _is_number(node)) and not equal(node)


def _node_equals(value: Value) -> OfNode:
    if isinstance(value, Number):
        number, source = value.value, value.source
        return lambda node: node == (source if isinstance(node, str) else number)
    test = _text_test(value)
    return lambda node: test(node if isinstance(node, str) else repr(node))


# -- fields of a space-delimited event -------------------------------------------------------------


def on_field(condition: Condition) -> OfText:
    """A condition on a field's text."""
    match condition:
        case AllOf(conditions):
            tests = [on_field(each) for each in conditions]
            return lambda field: all(test(field) for test in tests)
        case AnyOf(conditions):
            tests = [on_field(each) for each in conditions]
            return lambda field: any(test(field) for test in tests)
        case Comparison(_, sign, value):
            return _field_test(sign, value)
    raise TypeError(f"{condition} is no condition on a field")


def _field_test(sign: str, value: Value) -> OfText:
    if not isinstance(value, Number):
        test = _text_test(value)
        return test if sign == "=" else lambda field: not test(field)
    number, source = value.value, value.source
    if sign in _ORDERS:
        order = _ORDERS[sign]
        return lambda field: (found := number_of(field)) is not None and order(found, number)
    if sign == "=":
        return lambda field: field == source or number_of(field) == number
    return lambda field: field != source and number_of(field) != number
