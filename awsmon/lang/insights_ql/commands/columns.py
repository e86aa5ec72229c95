"""``fields`` and ``display``: which columns are shown, and what is computed for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.evaluate import reader
from awsmon.lang.insights_ql.expressions import separated
from awsmon.lang.insights_ql.query import Command, Item
from awsmon.lang.insights_ql.tree import Field

if TYPE_CHECKING:
    from typing_extensions import Self

    from awsmon.lang.insights_ql.rows import Read, Row, Step
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Display", "Fields", "setting"]


@dataclass(frozen=True, slots=True)
class _Columns(Command):
    items: tuple[Item, ...]

    def __str__(self) -> str:
        return f"{self.words[0]} {', '.join(map(str, self.items))}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        return cls(separated(tokens, Item.read))

    def define(self, scope: Scope) -> list[str]:
        """The names of the columns, computed where they need be."""
        names = [_defined(item, scope) for item in self.items]
        scope.defining.clear()
        return names


@dataclass(frozen=True, slots=True)
class Fields(_Columns):
    """``fields a, b + 1 as c``: shows these as well."""

    words: ClassVar[tuple[str, ...]] = ("fields",)

    def compile(self, scope: Scope) -> None:
        for item in self.items:
            if item.alias is None and isinstance(item.expression, Field):
                scope.shown(item.name)
        scope.show_columns(self.define(scope))


@dataclass(frozen=True, slots=True)
class Display(_Columns):
    """``display a, b``: shows these only; of several the last counts."""

    words: ClassVar[tuple[str, ...]] = ("display",)

    def compile(self, scope: Scope) -> None:
        scope.display(self.define(scope))


def _defined(item: Item, scope: Scope) -> str:
    expression, name = item.expression, item.name
    read = reader(expression, scope)
    if isinstance(expression, Field):
        if item.alias is None:
            return name
        stands_for = scope.stands_for(expression.name)
    else:
        stands_for = None
    scope.each(setting(name, read))
    scope.define(name, stands_for)
    scope.defining.add(name)
    return name


def setting(name: str, read: Read) -> Step:
    """Sets a name to what is read."""

    def step(row: Row) -> bool:
        row.add(name, read(row))
        return True

    return step
