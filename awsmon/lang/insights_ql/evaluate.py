"""Expressions at work: from a tree to a function of a row.

Lives here: `reader` for values, `condition` for truths. All that depends on the tree is decided
while compiling; what runs for each row are closures. Functions are declared in ``functions/``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.comparisons import (
    compare,
    compare_number,
    compare_text,
    is_like,
    is_matched,
    is_one_of,
)
from awsmon.lang.insights_ql.functions import calls
from awsmon.lang.insights_ql.regex import compile_regex
from awsmon.lang.insights_ql.scope import access
from awsmon.lang.insights_ql.subqueries import among
from awsmon.lang.insights_ql.tree import (
    Access,
    All,
    AnyOf,
    Boolean,
    Call,
    Chain,
    Comparison,
    Expression,
    Field,
    Listed,
    Negative,
    Not,
    Number,
    Period,
    Power,
    Regex,
    Span,
    Star,
    Subquery,
    Text,
)
from awsmon.lang.insights_ql.values import is_true, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.lang.insights_ql.errors import QueryError
    from awsmon.lang.insights_ql.rows import Read, Row, Step
    from awsmon.lang.insights_ql.scope import Scope

    Operate = Callable[[float, float], float | None]

__all__ = ["condition", "constant", "reader"]

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_CONDITIONS = (Comparison, Not, All, AnyOf)
_MOST_DIGITS = 1 << 10  # bits of an exact integer; beyond, numbers are doubles


def constant(node: Expression) -> object:
    """The value of a literal; None: it is none."""
    match node:
        case Text(value) | Boolean(value):
            return value
        case Number():
            return node.value
        case Negative(Number() as number):
            return -number.value
    return None


def reader(node: Expression, scope: Scope) -> Read:
    """A function from a row to the value of an expression.

    Raises:
        QueryError: a name or function is nothing here, or an operand of a kind that can't be.
    """
    literal = constant(node)
    if literal is not None:
        return lambda _row: literal
    match node:
        case Field():
            return scope.field(node)
        case Call():
            return calls.reader(node, scope)
        case Access(Field() as base, steps) if scope.is_event_field(base.name):
            return scope.field(Field(".".join((base.name, *map(str, steps))), base.at))
        case Access(base, steps):
            return access(reader(base, scope), steps)
        case Negative(operand):
            return _negative(reader(operand, scope))
        case Power(base, exponent):
            return _chain(_numbers(base, scope), ((_power, _numbers(exponent, scope)),))
        case Chain(first, rest):
            operands = tuple((_OPERATIONS[name], _numbers(each, scope)) for name, each in rest)
            return _chain(_numbers(first, scope), operands)
        case Comparison() | Not() | All() | AnyOf():
            return condition(node, scope)
    raise _misplaced(node, scope)


def _misplaced(node: Expression, scope: Scope) -> QueryError:
    what = {Period: "A period", Regex: "A regular expression", Star: "*", Listed: "A list"}
    at = node.at if isinstance(node, Period | Regex) else Span(0, 0)
    return scope.fail(f"{what.get(type(node), 'This')} can't stand here: {node}", at)


# -- conditions ------------------------------------------------------------------------------------


def condition(node: Expression, scope: Scope) -> Step:
    """A function from a row to whether a condition holds.

    Raises:
        QueryError: as `reader`.
    """
    match node:
        case Comparison():
            return _comparison(node, scope)
        case Not(operand):
            negated = condition(operand, scope)
            return lambda row: not negated(row)
        case All(operands):
            needed = tuple(condition(each, scope) for each in operands)
            if len(needed) == 2:
                first, second = needed
                return lambda row: first(row) and second(row)
            return lambda row: all(test(row) for test in needed)
        case AnyOf(operands):
            enough = tuple(condition(each, scope) for each in operands)
            return lambda row: any(test(row) for test in enough)
    read = reader(node, scope)
    return lambda row: is_true(read(row))


def _comparison(node: Comparison, scope: Scope) -> Step:
    name, wanted = node.operator, not node.operator.startswith("not ")
    if isinstance(node.right, Subquery):
        return among(reader(node.left, scope), node.right, wanted, scope)
    if isinstance(node.right, Listed):
        return _one_of(node.left, node.right, wanted, scope)
    left = reader(node.left, scope)
    if isinstance(node.right, Regex):
        regex = compile_regex(node.right.source, scope.text, node.right.at)
        return is_matched(left, regex, wanted)
    if name.endswith("like"):
        return is_like(left, reader(node.right, scope), wanted)
    known = constant(node.right)
    if known is None and constant(node.left) is not None:
        known, left = constant(node.left), reader(node.right, scope)
        name = _MIRRORED.get(name, name)
    if isinstance(known, str):
        return compare_text(name, left, known)
    if isinstance(known, int | float):
        return compare_number(name, left, known)
    return compare(name, left, reader(node.right, scope))


def _one_of(node: Expression, listed: Listed, wanted: bool, scope: Scope) -> Step:
    read = reader(node, scope)
    members = [constant(each) for each in listed.items]
    if None not in members:
        return is_one_of(read, members, wanted)
    tests = tuple(compare("=", read, reader(each, scope)) for each in listed.items)

    def test(row: Row) -> bool:
        return text_of(read(row)) is not None and any(each(row) for each in tests) is wanted

    return test


# -- arithmetic ------------------------------------------------------------------------------------


def _numbers(node: Expression, scope: Scope) -> Callable[[Row], float | None]:
    literal = constant(node)
    if isinstance(literal, str) and number_of(literal) is None:
        raise scope.fail(f"Expected a number, found {node}", Span(0, 0))
    if literal is not None:
        number = number_of(literal)
        return lambda _row: number
    read = reader(node, scope)
    return lambda row: number_of(read(row))


def _negative(read: Read) -> Read:
    def negated(row: Row) -> object:
        number = number_of(read(row))
        return None if number is None else -number

    return negated


def _chain(
    first: Callable[[Row], float | None],
    rest: tuple[tuple[Operate, Callable[[Row], float | None]], ...],
) -> Read:
    if len(rest) == 1:
        operate, operand = rest[0]

        def both(row: Row) -> object:
            left, right = first(row), operand(row)
            return None if left is None or right is None else _safely(operate, left, right)

        return both

    def each(row: Row) -> object:
        found = first(row)
        for operate, operand in rest:
            right = operand(row)
            if found is None or right is None:
                return None
            found = _safely(operate, found, right)
        return found

    return each


def _safely(operate: Operate, left: float, right: float) -> float | None:
    try:
        found = operate(left, right)
    except (OverflowError, ZeroDivisionError, ValueError):
        return None
    if found.__class__ is int:
        return found if found.bit_length() < _MOST_DIGITS else None
    return None if found is None or math.isnan(found) else found


def _divided(left: float, right: float) -> float:
    found = left / right
    whole = found.is_integer() and left.__class__ is int and right.__class__ is int
    return left // right if whole and left % right == 0 else found


def _power(left: float, right: float) -> float | None:
    if left.__class__ is int and right.__class__ is int and 0 <= right <= 64:
        return int(left**right)
    found = float(left) ** float(right)
    return None if isinstance(found, complex) else found


_OPERATIONS: dict[str, Operate] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divided,
    "%": math.fmod,
}
