"""What a Guard text says.

Lives here: the nodes that `parser.py` makes and `evaluation.py` walks. A `Conjunction` is a row of
rows: all of the rows must hold, of each row one part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = [
    "All", "Block", "Clause", "Conjunction", "Filter", "Index", "Key", "KeysFilter", "Let",
    "Policy", "Query", "QueryBlock", "Range", "Reference", "Rule", "VariableKey", "WhenBlock",
]  # fmt: skip


class Key(NamedTuple):
    """A member of a structure, as ``.configuration``."""

    name: str


class VariableKey(NamedTuple):
    """Members that a variable names, as ``.%names``."""

    name: str


class Index(NamedTuple):
    """An element of a list, as ``[0]``."""

    number: int


class All(NamedTuple):
    """``.*`` or ``[*]``."""


class Filter(NamedTuple):
    """Those of a collection for which something holds, as ``[ Key == 'a' ]``."""

    conditions: Conjunction


class KeysFilter(NamedTuple):
    """Members by their names, as ``[ keys == /^aws:/ ]``."""

    operator: str
    negated: bool
    value: Any


Part = Key | VariableKey | Index | All | Filter | KeysFilter


@dataclass(frozen=True, slots=True)
class Query:
    """Values of the document.

    Attributes:
        variable: where it begins; None: at the value at hand.
        some: one of them will do.
    """

    parts: tuple[Part, ...]
    variable: str | None = None
    some: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers between two, as ``r[1,10)``."""

    low: float
    high: float
    with_low: bool
    with_high: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """What must hold of a query's values.

    Attributes:
        operator: ``==``, ``<``, ``in``, ``exists``, ``is_string`` and so on.
        value: a literal, a compiled regular expression, a `Range` or a `Query`.
        message: in place of ours, where it doesn't hold.
    """

    query: Query
    operator: str
    negated: bool
    value: Any
    message: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A named rule must pass, or must not."""

    name: str
    negated: bool
    message: str | None


@dataclass(frozen=True, slots=True)
class Let:
    """A variable: a query or a literal."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Block:
    """Variables and what must hold."""

    lets: tuple[Let, ...]
    conjunction: Conjunction


@dataclass(frozen=True, slots=True)
class WhenBlock:
    """What must hold where something else does."""

    conditions: Conjunction
    block: Block


@dataclass(frozen=True, slots=True)
class QueryBlock:
    """What must hold of each value of a query."""

    query: Query
    block: Block


Conjunction = tuple[tuple["Clause | Reference | WhenBlock | QueryBlock", ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule."""

    name: str
    conditions: Conjunction
    block: Block


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole text; what stands outside of any rule is the rule ``default``."""

    lets: tuple[Let, ...]
    rules: tuple[Rule, ...]
