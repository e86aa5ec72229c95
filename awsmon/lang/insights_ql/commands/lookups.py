"""``lookup`` and ``cidrlookup``: columns of a lookup table added to rows.

    lookup     = "lookup" table key ["as" field] ("," key ["as" field])* "OUTPUT" outputs
    cidrlookup = "cidrlookup" table field ["as" column] ("OUTPUT" | "OUTPUTNEW") outputs
    outputs    = column ["as" name] ("," column ["as" name])*

The match is exact; of several rows of the table the first counts, of several networks the
smallest. A row that nothing matches keeps its fields; an empty cell is no value. Source: User
Guide, "lookup", "cidrlookup".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.expressions import separated
from awsmon.lang.insights_ql.functions.network import address, network
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.tree import NOWHERE, Field, Span, name_source
from awsmon.lang.insights_ql.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

    Find = Callable[[tuple[str, ...]], Mapping[str, str] | None]

__all__ = ["CidrLookup", "Lookup"]


@dataclass(frozen=True, slots=True)
class _Pair:
    """``name`` or ``name as other``."""

    name: str
    other: str | None = None

    def __str__(self) -> str:
        other = f" as {name_source(self.other)}" if self.other is not None else ""
        return f"{name_source(self.name)}{other}"

    @property
    def last(self) -> str:
        return self.name if self.other is None else self.other

    @classmethod
    def read(cls, tokens: QueryTokens) -> _Pair:
        name = tokens.name()
        return cls(name, tokens.name("a name") if tokens.accept("AS") else None)


@dataclass(frozen=True, slots=True)
class _Lookup(Command):
    table: str
    keys: tuple[_Pair, ...]
    outputs: tuple[_Pair, ...]
    new: bool = False
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        keys, outputs = (", ".join(map(str, each)) for each in (self.keys, self.outputs))
        mode = "OUTPUTNEW" if self.new else "OUTPUT"
        return f"{self.words[0]} {name_source(self.table)} {keys} {mode} {outputs}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        start = tokens.peek().position
        table = tokens.dashed_name("a lookup table")
        span = tokens.span(start)
        keys = separated(tokens, _Pair.read)
        mode = tokens.expect_word("output", "outputnew")
        return cls(
            table, keys, separated(tokens, _Pair.read), mode.text.lower() == "outputnew", span
        )

    def rows(self, scope: Scope) -> list[Mapping[str, str]]:
        """The rows of the table.

        Raises:
            QueryError: there is none of that name.
        """
        try:
            return list(scope.context.table(self.table))
        except LookupError:
            raise scope.fail(f"There is no lookup table {self.table}", self.at) from None

    def enrich(self, scope: Scope, reads: list[Read], find: Find) -> None:
        """Add what the table's row has for the values of *reads*."""
        before = [
            (pair.name, pair.last, None if scope.closed and pair.last not in scope.symbols
             else scope.field(Field(pair.last)))
            for pair in self.outputs
        ]  # fmt: skip

        def step(row: Row) -> bool:
            texts = [text_of(read(row)) for read in reads]
            found = find(tuple(texts)) if None not in texts else None  # type: ignore[arg-type]
            for column, name, earlier in before:
                value = None if earlier is None else earlier(row)
                if found is not None and column in found and not (self.new and _is_set(value)):
                    value = found[column] or None
                row.add(name, value)
            return True

        scope.each(step)
        for pair in self.outputs:
            scope.define(pair.last)


def _is_set(value: object) -> bool:
    return value is not None and value != ""


@dataclass(frozen=True, slots=True)
class Lookup(_Lookup):
    """``lookup users id as userId OUTPUT name, email``."""

    words: ClassVar[tuple[str, ...]] = ("lookup",)

    def compile(self, scope: Scope) -> None:
        if self.new:
            raise scope.fail("lookup takes OUTPUT", self.at)
        columns = [pair.name for pair in self.keys]
        index: dict[tuple[str, ...], Mapping[str, str]] = {}
        for row in self.rows(scope):
            index.setdefault(tuple(row.get(column, "") for column in columns), row)
        reads = [scope.field(Field(pair.last, self.at)) for pair in self.keys]
        self.enrich(scope, reads, index.get)


@dataclass(frozen=True, slots=True)
class CidrLookup(_Lookup):
    """``cidrlookup networks srcAddr as cidr OUTPUT region``."""

    words: ClassVar[tuple[str, ...]] = ("cidrlookup",)

    def compile(self, scope: Scope) -> None:
        if len(self.keys) != 1:
            raise scope.fail("cidrlookup takes one field", self.at)
        (key,) = self.keys
        blocks = [
            (block, row) for row in self.rows(scope)
            if (block := network(row.get(key.last, ""))) is not None
        ]  # fmt: skip
        blocks.sort(key=lambda each: -each[0].prefixlen)

        def find(texts: tuple[str, ...]) -> Mapping[str, str] | None:
            found = address(texts[0])
            return next(
                (row for block, row in blocks if found is not None and found in block), None
            )

        self.enrich(scope, [scope.field(Field(key.name, self.at))], find)
