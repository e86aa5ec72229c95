"""A query as a tree: where it reads, and the commands it is a row of.

Lives here: `Query`, `Source`, `Item` and `Command`, what every command is. Each command is a class
in ``commands/``: how it is read, how it prints, and what it does to rows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.expressions import read_expression
from awsmon.lang.insights_ql.tree import (
    NOWHERE,
    Expression,
    Field,
    Span,
    name_source,
    text_source,
)

if TYPE_CHECKING:
    from typing_extensions import Self

    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Command", "Item", "Query", "Source"]


class Command(ABC):
    """A command of a query.

    Attributes:
        words: what it is called in a query, in small letters; the first is its name.
    """

    __slots__ = ()
    words: ClassVar[tuple[str, ...]]

    @classmethod
    @abstractmethod
    def read(cls, tokens: QueryTokens) -> Self:
        """What follows its word in a query."""

    @abstractmethod
    def compile(self, scope: Scope) -> None:
        """Adds what it does to the program, and what it defines to the scope.

        Raises:
            QueryError: it can't stand here, or names what is not there.
        """


@dataclass(frozen=True, slots=True)
class Item:
    """An expression, what it is called, and what its source was."""

    expression: Expression
    alias: str | None = None
    source: str = field(default="", compare=False, repr=False)
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        alias = f" as {name_source(self.alias)}" if self.alias is not None else ""
        return f"{self.expression}{alias}"

    @property
    def name(self) -> str:
        """The name of its column."""
        if self.alias is not None:
            return self.alias
        if isinstance(self.expression, Field):
            return self.expression.name
        return self.source or str(self.expression)

    @classmethod
    def read(cls, tokens: QueryTokens) -> Item:
        """``expression [as name]``."""
        start = tokens.peek().position
        expression = read_expression(tokens)
        span = tokens.span(start)
        alias = tokens.name("a name") if tokens.accept("AS") else None
        return cls(expression, alias, tokens.text[span.start : span.end], span)


@dataclass(frozen=True, slots=True)
class Source:
    """``SOURCE``: log groups by name or ARN, or ``logGroups(...)``, and a time range as written.

    Attributes:
        names: of log groups; empty where `selection` chooses them.
        selection: the arguments of ``logGroups``, as written; None without it.
        start: the text behind ``START=``; None without it.
        end: the text behind ``END=``; None without it.
    """

    names: tuple[str, ...] = ()
    selection: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    start: str | None = None
    end: str | None = None

    def __str__(self) -> str:
        if self.selection is None:
            chosen = ", ".join(map(text_source, self.names))
        else:
            arguments = (
                f"{key}: [{', '.join(map(text_source, values))}]" for key, values in self.selection
            )
            chosen = f"logGroups({', '.join(arguments)})"
        start = f" START={self.start}" if self.start is not None else ""
        end = f" END={self.end}" if self.end is not None else ""
        return f"SOURCE {chosen}{start}{end}"

    def chosen(self, *keys: str) -> tuple[str, ...] | None:
        """What ``logGroups`` says of one of these keys, in any case; None: nothing."""
        wanted = {key.lower() for key in keys}
        return next((v for k, v in self.selection or () if k.lower() in wanted), None)


@dataclass(frozen=True, slots=True)
class Query:
    """Where to read, and the commands in order."""

    source: Source | None
    commands: tuple[Command, ...]
    text: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        source = [str(self.source)] if self.source else []
        return " | ".join([*source, *map(str, self.commands)])
