"""Comparing values: ``=`` to ``>=``, ``like``, ``in``.

Two values are compared as numbers if one of them is a number, else as text, case and all; a value
that is missing, a list or a map makes every comparison false, ``!=`` and ``not`` included. A
timestamp is never equal to a text. Source: User Guide, "filter", "Comparison operators".
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from awsmon.lang.insights_ql.values import Timestamp, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from awsmon.lang.insights_ql.regex import Compiled
    from awsmon.lang.insights_ql.rows import Read, Row, Step

    Order = Callable[[Any, Any], bool]

__all__ = [
    "compare",
    "compare_number",
    "compare_text",
    "is_like",
    "is_matched",
    "is_one_of",
]

ORDERS: dict[str, Order] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
_STRUCTURES = (dict, list)
_NUMBERS = (int, float, bool, Timestamp)


def holds(name: str, left: object, right: object) -> bool:
    """Whether two values compare so."""
    one, other = left.__class__, right.__class__
    if left is None or right is None or one in _STRUCTURES or other in _STRUCTURES:
        return False
    if one in _NUMBERS or other in _NUMBERS:
        first, second = number_of(left), number_of(right)
        if first is None or second is None:
            return name == "!=" and Timestamp not in (one, other)
        return ORDERS[name](first, second)
    return ORDERS[name](left, right)


def compare(name: str, left: Read, right: Read) -> Step:
    """Two values, neither known beforehand."""
    return lambda row: holds(name, left(row), right(row))


def compare_number(name: str, read: Read, constant: float) -> Step:
    """A value with a number."""
    order, differs = ORDERS[name], name == "!="

    def test(row: Row) -> bool:
        value = read(row)
        number = value if value.__class__ is int else number_of(value)
        if number is not None:
            return order(number, constant)
        return differs and value.__class__ is str

    return test


def compare_text(name: str, read: Read, constant: str) -> Step:
    """A value with a text."""
    order = ORDERS[name]

    def test(row: Row) -> bool:
        value = read(row)
        if value.__class__ is str:
            return order(value, constant)
        return holds(name, value, constant)

    return test


def is_like(read: Read, part: Read, wanted: bool) -> Step:
    """Whether a text holds another, or does not."""

    def test(row: Row) -> bool:
        text, sought = text_of(read(row)), text_of(part(row))
        return text is not None and sought is not None and (sought in text) is wanted

    return test


def is_matched(read: Read, regex: Compiled, wanted: bool) -> Step:
    """Whether an expression is found in a text, or is not."""
    matches = regex.matches

    def test(row: Row) -> bool:
        value = read(row)
        text = value if value.__class__ is str else text_of(value)
        return text is not None and matches(text) is wanted

    return test


def is_one_of(read: Read, members: Sequence[object], wanted: bool) -> Step:
    """Whether a value is equal to one of these, or to none."""
    texts = {text_of(each) for each in members}
    numbers = {number for each in members if (number := number_of(each)) is not None}
    strings = {each for each in members if isinstance(each, str)}

    def test(row: Row) -> bool:
        value = read(row)
        if value is None or value.__class__ in _STRUCTURES:
            return False
        if value.__class__ is str:
            if value in texts:
                return wanted
            if len(strings) == len(members):
                return not wanted
        elif value.__class__ is Timestamp and len(strings) == len(members):
            return not wanted
        return (number_of(value) in numbers) is wanted

    return test
