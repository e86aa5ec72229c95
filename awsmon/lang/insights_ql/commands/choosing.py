"""Choosing columns: ``fields``, ``display``; and a row for each element of a list: ``unnest``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.evaluate import reader
from awsmon.lang.insights_ql.expressions import read_expression, separated
from awsmon.lang.insights_ql.query import Command, Item
from awsmon.lang.insights_ql.tree import Expression, Field, name_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsmon.lang.insights_ql.rows import Read, Row, Step
    from awsmon.lang.insights_ql.run import Run
    from awsmon.lang.insights_ql.scope import Column, Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Display", "Fields", "Unnest", "defined"]


def defined(scope: Scope, item: Item) -> Column:
    """The column of an item, which is worked out for each row unless it is just a field."""
    expression, name = item.expression, item.name
    read = reader(expression, scope)
    if isinstance(expression, Field):
        stands_for = scope.stands_for(expression.name)
        if item.alias is None:
            return scope.column(name, read, stands_for)
        scope.each(_adding(name, read))
        scope.define(name, stands_for)
        return scope.column(name, _kept(name), stands_for)
    scope.each(_adding(name, read))
    scope.define(name)
    return scope.column(name, _kept(name), None)


def _adding(name: str, read: Read) -> Step:
    def step(row: Row) -> bool:
        row.add(name, read(row))
        return True

    return step


def _kept(name: str) -> Read:
    return lambda row: row.values.get(name)


def _printed(word: str, items: Iterable[Item]) -> str:
    return f"{word} {', '.join(map(str, items))}"


@dataclass(frozen=True, slots=True)
class Fields(Command):
    """``fields a, b / 2 as half``: columns in addition to those there are."""

    words: ClassVar[tuple[str, ...]] = ("fields",)
    items: tuple[Item, ...]

    def __str__(self) -> str:
        return _printed("fields", self.items)

    @classmethod
    def read(cls, tokens: QueryTokens) -> Fields:
        return cls(separated(tokens, Item.read))

    def compile(self, scope: Scope) -> None:
        columns = [defined(scope, item) for item in self.items]
        for column in columns:
            scope.shown(column.name)
        scope.show_columns(columns)


@dataclass(frozen=True, slots=True)
class Display(Command):
    """``display a, b``: these columns alone; the last one counts."""

    words: ClassVar[tuple[str, ...]] = ("display",)
    items: tuple[Item, ...]

    def __str__(self) -> str:
        return _printed("display", self.items)

    @classmethod
    def read(cls, tokens: QueryTokens) -> Display:
        return cls(separated(tokens, Item.read))

    def compile(self, scope: Scope) -> None:
        scope.displayed = [defined(scope, item) for item in self.items]


@dataclass(frozen=True, slots=True)
class Unnest(Command):
    """``unnest list into x``: what is no list is one of one element."""

    words: ClassVar[tuple[str, ...]] = ("unnest",)
    expression: Expression
    name: str

    def __str__(self) -> str:
        return f"unnest {self.expression} into {name_source(self.name)}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Unnest:
        expression = read_expression(tokens)
        tokens.expect_word("into")
        return cls(expression, tokens.name("a name"))

    def compile(self, scope: Scope) -> None:
        read, name = reader(self.expression, scope), self.name

        def stage(rows: Iterable[Row], run: Run) -> Iterator[Row]:
            del run
            for row in rows:
                value = read(row)
                for element in value if isinstance(value, list) else [value]:
                    one = row.copy()
                    one.add(name, element)
                    yield one

        scope.barrier()
        scope.whole(stage)
        scope.define(name)
