"""Expressions of Insights queries as trees: what they say, not what they do.

Lives here: the nodes of expressions; commands are classes of their own, in ``commands/``.
``str(node)`` is source again, with parentheses only where they are needed. Where operators of one
rank follow one another a node has them all side by side, so that no text makes a deep tree. `Span`
tells where a name stood in the text; two trees are equal wherever they stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from awsmon.lang.insights_ql.query import Query

__all__ = [
    "Access",
    "All",
    "AnyOf",
    "Boolean",
    "Call",
    "Chain",
    "Comparison",
    "Expression",
    "Field",
    "Listed",
    "Negative",
    "Not",
    "Number",
    "Period",
    "Power",
    "Regex",
    "Span",
    "Star",
    "Subquery",
    "Text",
    "name_source",
    "text_source",
]

_MOST_DIGITS = 300  # of an exact whole number; beyond, numbers are doubles
RESERVED = frozenset({"and", "or", "not", "like", "in", "as", "by", "true", "false"})
_NAME = re.compile(r"[@A-Za-z_][@A-Za-z0-9_.]*(?<!\.)")


class Span(NamedTuple):
    """Where something stands in the text of the query."""

    start: int
    end: int


NOWHERE = Span(0, 0)


def name_source(name: str) -> str:
    """A name as a query writes it: in backticks where it must be."""
    return name if _NAME.fullmatch(name) and name.lower() not in RESERVED else f"`{name}`"


def text_source(text: str) -> str:
    """A string as a query writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# -- what stands alone -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    value: str

    def __str__(self) -> str:
        return text_source(self.value)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written, without a sign."""

    source: str

    def __str__(self) -> str:
        return self.source

    @property
    def value(self) -> int | float:
        """The number itself."""
        whole = len(self.source) < 300 and self.source.isdigit()
        return int(self.source) if whole else float(self.source)


@dataclass(frozen=True, slots=True)
class Boolean:
    """``true`` or ``false``."""

    value: bool

    def __str__(self) -> str:
        return "true" if self.value else "false"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: ``5m``, ``1h``, ``3months``."""

    source: str
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return self.source


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression, without its slashes."""

    source: str
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"/{self.source}/"


@dataclass(frozen=True, slots=True)
class Star:
    """The ``*`` of ``count(*)``."""

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class Field:
    """A field or alias by its name, dots included."""

    name: str
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return name_source(self.name)


@dataclass(frozen=True, slots=True)
class Listed:
    """``[a, b]``, behind ``in``."""

    items: tuple[Expression, ...]

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.items))}]"


@dataclass(frozen=True, slots=True)
class Subquery:
    """A query in parentheses, behind ``in``."""

    query: Query
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"({self.query})"


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is given."""

    name: str
    arguments: tuple[Expression, ...] = ()
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True, slots=True)
class Access:
    """Into a map or list: ``m.`a` ``, ``l[0]``."""

    base: Expression
    steps: tuple[str | int, ...]

    def __str__(self) -> str:
        steps = (f"[{step}]" if isinstance(step, int) else f".`{step}`" for step in self.steps)
        return _within(self.base, _ALONE) + "".join(steps)


# -- operators -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Negative:
    """``-a``."""

    operand: Expression

    def __str__(self) -> str:
        return f"-{_within(self.operand, _UNARY)}"


@dataclass(frozen=True, slots=True)
class Power:
    """``a ^ b``; ``a ^ b ^ c`` is ``a ^ (b ^ c)``."""

    base: Expression
    exponent: Expression

    def __str__(self) -> str:
        return f"{_within(self.base, _UNARY)} ^ {_within(self.exponent, _POWER)}"


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of one rank from left to right: ``a - b + c``, ``a * b / c % d``."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]

    def __str__(self) -> str:
        below = _rank(self) + 1
        rest = (f" {operator} {_within(operand, below)}" for operator, operand in self.rest)
        return _within(self.first, below) + "".join(rest)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``=`` to ``>=``, ``like``, ``not like``, ``=~``, ``in``, ``not in``."""

    operator: str
    left: Expression
    right: Expression

    def __str__(self) -> str:
        right = _within(self.right, _COMPARISON + 1)
        return f"{_within(self.left, _COMPARISON + 1)} {self.operator} {right}"


@dataclass(frozen=True, slots=True)
class Not:
    """``not a``."""

    operand: Expression

    def __str__(self) -> str:
        return f"not {_within(self.operand, _NOT)}"


@dataclass(frozen=True, slots=True)
class All:
    """``a and b and ...``, two or more."""

    operands: tuple[Expression, ...]

    def __str__(self) -> str:
        return " and ".join(_within(each, _ALL + 1) for each in self.operands)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """``a or b or ...``, two or more."""

    operands: tuple[Expression, ...]

    def __str__(self) -> str:
        return " or ".join(_within(each, _ANY + 1) for each in self.operands)


Expression = (
    Text | Number | Boolean | Period | Regex | Star | Field | Listed | Subquery | Call | Access
    | Negative | Power | Chain | Comparison | Not | All | AnyOf
)  # fmt: skip

_ANY, _ALL, _NOT, _COMPARISON, _SUM, _PRODUCT, _POWER, _UNARY, _ALONE = range(9)
_RANKS: dict[type, int] = {
    AnyOf: _ANY, All: _ALL, Not: _NOT, Comparison: _COMPARISON, Power: _POWER, Negative: _UNARY,
}  # fmt: skip


def _rank(node: Expression) -> int:
    if isinstance(node, Chain):
        return _SUM if node.rest[0][0] in "+-" else _PRODUCT
    return _RANKS.get(type(node), _ALONE)


def _within(node: Expression, rank: int) -> str:
    return str(node) if _rank(node) >= rank else f"({node})"
