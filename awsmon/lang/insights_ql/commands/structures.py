"""``unnest`` and ``expand``: a row for each element of a list. Source: User Guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.evaluate import reader
from awsmon.lang.insights_ql.expressions import read_expression
from awsmon.lang.insights_ql.functions.structures import read_json
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.tree import Expression, Field, name_source
from awsmon.lang.log_fields.discovery import node_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Self

    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Expand", "Unnest"]


@dataclass(frozen=True, slots=True)
class Unnest(Command):
    """``unnest list into element``; what is no list counts as a list of one."""

    words: ClassVar[tuple[str, ...]] = ("unnest",)
    expression: Expression
    name: str

    def __str__(self) -> str:
        return f"unnest {self.expression} into {name_source(self.name)}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        expression = read_expression(tokens)
        tokens.expect_word("into")
        return cls(expression, tokens.name("a name"))

    def compile(self, scope: Scope) -> None:
        _flatten(reader(self.expression, scope), self.name, scope)


@dataclass(frozen=True, slots=True)
class Expand(Command):
    """``expand items``: of a JSON array, discovered or in a text."""

    words: ClassVar[tuple[str, ...]] = ("expand",)
    source: Field

    def __str__(self) -> str:
        return f"expand {self.source}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        return cls(tokens.field())

    def compile(self, scope: Scope) -> None:
        name, read = self.source.name, scope.field(self.source)
        discovered = scope.is_event_field(name)

        def items(row: Row) -> object:
            value = read(row)
            if value is None and discovered:
                return node_at(row.discover() if row.found is None else row.found, name)
            parsed = read_json(value) if isinstance(value, str) and "[" in value else None
            return parsed if isinstance(parsed, list) else value

        _flatten(items, name, scope)


def _flatten(read: Read, name: str, scope: Scope) -> None:
    scope.barrier()
    scope.whole(lambda rows, _: _elements(rows, read, name))
    scope.define(name)


def _elements(rows: Iterable[Row], read: Read, name: str) -> Iterator[Row]:
    for row in rows:
        value = read(row)
        for element in value if isinstance(value, list) else (value,):
            each = row.copy()
            each.add(name, element)
            yield each
