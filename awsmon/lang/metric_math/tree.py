"""Metric math as trees.

Lives here: the nodes, and `names_in`. ``str(node)`` is source again, with parentheses where they
are needed. Reading is `parser.py`'s, meaning is `compiler.py`'s. Positions play no part when trees
are compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Array", "Call", "Name", "Negation", "Node", "Number", "Operation", "Power", "Text",
           "names_in", "walk"]  # fmt: skip

LEVELS = (
    ("OR", "||"), ("AND", "&&"), ("==", "!=", "<=", ">=", "<", ">"), ("+", "-"), ("*", "/"),
)  # fmt: skip
"""The operators that stand between operands, those that bind loosest first."""
_NEGATION, _POWER = len(LEVELS), len(LEVELS) + 1


def _at() -> int:
    position: int = field(default=0, compare=False, repr=False)
    return position


@dataclass(frozen=True, slots=True)
class Number:
    """``5`` or ``1e-3``."""

    value: float

    def __str__(self) -> str:
        return repr(self.value)


@dataclass(frozen=True, slots=True)
class Text:
    """``'text'`` or ``"text"``, as it stands in the source.

    A backslash escapes the quotation mark alone: what else it may mean, the text's own language
    says.
    """

    source: str

    @property
    def value(self) -> str:
        """What is between the quotation marks."""
        quote = self.source[0]
        return self.source[1:-1].replace("\\" + quote, quote)

    def __str__(self) -> str:
        return self.source


@dataclass(frozen=True, slots=True)
class Name:
    """The Id of a query, or a word as ``REPEAT``."""

    name: str
    at: int = _at()

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Array:
    """``[m1, m2]``."""

    items: tuple[Node, ...]
    at: int = _at()

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.items))}]"


@dataclass(frozen=True, slots=True)
class Call:
    """``SUM(m1)``."""

    function: str
    arguments: tuple[Node, ...]
    at: int = _at()

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True, slots=True)
class Negation:
    """``-m1``."""

    operand: Node

    def __str__(self) -> str:
        return f"-{_enclosed(self.operand, _NEGATION)}"


@dataclass(frozen=True, slots=True)
class Power:
    """``m1 ^ 2``; from right to left."""

    base: Node
    exponent: Node
    at: int = _at()

    def __str__(self) -> str:
        return f"{_enclosed(self.base, _POWER + 1)} ^ {_enclosed(self.exponent, _NEGATION)}"


@dataclass(frozen=True, slots=True)
class Operation:
    """``m1 - m2 + 3``: operators of one level, from left to right.

    Attributes:
        steps: operator, its position, and what stands behind it.
    """

    first: Node
    steps: tuple[Step, ...]

    @property
    def level(self) -> int:
        """The place of its operators in `LEVELS`."""
        return next(n for n, level in enumerate(LEVELS) if self.steps[0].operator in level)

    def __str__(self) -> str:
        parts = [_enclosed(self.first, self.level + 1)]
        for step in self.steps:
            parts += [step.operator, _enclosed(step.operand, self.level + 1)]
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Step:
    """``- m2``, of an `Operation`."""

    operator: str
    operand: Node
    at: int = _at()


Node: TypeAlias = Number | Text | Name | Array | Call | Negation | Power | Operation


def walk(node: Node) -> Iterator[Node]:
    """A node and all within it, in order of the source."""
    yield node
    for child in _children(node):
        yield from walk(child)


def names_in(node: Node) -> frozenset[str]:
    """The names that a tree mentions, words included."""
    return frozenset(each.name for each in walk(node) if isinstance(each, Name))


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Array(items):
            return items
        case Call(_, arguments):
            return arguments
        case Negation(operand):
            return (operand,)
        case Power(base, exponent):
            return (base, exponent)
        case Operation(first, steps):
            return (first, *(step.operand for step in steps))
        case _:
            return ()


def _enclosed(node: Node, least: int) -> str:
    """In parentheses if it binds more loosely than that."""
    match node:
        case Operation():
            level = node.level
        case Negation():
            level = _NEGATION
        case Power():
            level = _POWER
        case _:
            return str(node)
    return f"({node})" if level < least else str(node)
