"""What an advanced query says.

Lives here: the nodes that `parser.py` makes and `evaluation.py` walks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Aggregate", "And", "Between", "Column", "Comparison", "In", "Like", "Not", "Or",
           "Order", "Query", "Test"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A property, as ``configuration.state.name``."""

    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """As it is written."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """As ``COUNT(*)``; a column of None is the star."""

    function: str
    column: Column | None

    @property
    def name(self) -> str:
        """As answers name it."""
        return f"{self.function}({self.column.name if self.column else '*'})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """As ``resourceType = 'AWS::S3::Bucket'``."""

    column: Column
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class In:
    """One of several."""

    column: Column
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """A text with ``%`` or ``_`` at its end."""

    column: Column
    pattern: str


@dataclass(frozen=True, slots=True)
class Between:
    """From one value to another, both within."""

    column: Column
    low: Any
    high: Any


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    test: Test


@dataclass(frozen=True, slots=True)
class And:
    """All."""

    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any."""

    tests: tuple[Test, ...]


Test = Comparison | In | Like | Between | Not | And | Or


@dataclass(frozen=True, slots=True)
class Order:
    """By what rows are sorted."""

    by: Column | Aggregate
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query.

    Attributes:
        select: None: the star.
    """

    select: tuple[Column | Aggregate, ...] | None
    where: Test | None
    group_by: tuple[Column, ...]
    order_by: tuple[Order, ...]
