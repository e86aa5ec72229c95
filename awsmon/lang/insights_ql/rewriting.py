"""Walking through expressions, and putting others in place of parts of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.tree import (
    Access,
    All,
    AnyOf,
    Call,
    Chain,
    Comparison,
    Expression,
    Field,
    Listed,
    Negative,
    Not,
    Power,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Change = Callable[[Expression], "Expression | None"]

__all__ = ["fields_of", "replaced"]


def replaced(node: Expression, change: Change) -> Expression:
    """The expression with what *change* answers in place of its parts.

    A part for which it answers None is looked into.
    """
    found = change(node)
    if found is not None:
        return found

    def each(nodes: tuple[Expression, ...]) -> tuple[Expression, ...]:
        return tuple(replaced(inner, change) for inner in nodes)

    match node:
        case Call():
            return replace(node, arguments=each(node.arguments))
        case Listed():
            return replace(node, items=each(node.items))
        case All() | AnyOf():
            return replace(node, operands=each(node.operands))
        case Negative() | Not():
            return replace(node, operand=replaced(node.operand, change))
        case Access():
            return replace(node, base=replaced(node.base, change))
        case Power(base, exponent):
            return Power(replaced(base, change), replaced(exponent, change))
        case Comparison(operator, left, right):
            return Comparison(operator, replaced(left, change), replaced(right, change))
        case Chain(first, rest):
            changed = tuple((operator, replaced(inner, change)) for operator, inner in rest)
            return Chain(replaced(first, change), changed)
    return node


def fields_of(node: Expression) -> Iterator[Field]:
    """The fields that an expression names."""
    found: list[Field] = []

    def look(inner: Expression) -> None:
        if isinstance(inner, Field):
            found.append(inner)

    replaced(node, look)
    return iter(found)
