"""``sort``, ``limit``, ``tail`` and ``dedup``: in which order rows come, and which of them.

Events come newest first unless the query sorts them. Source: User Guide, "sort", "limit", "dedup";
``head`` and ``tail`` are words of the language's first years that AWS's parser still knows.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.evaluate import reader
from awsmon.lang.insights_ql.expressions import read_expression, separated
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.tree import NOWHERE, Expression, Field, Span
from awsmon.lang.insights_ql.values import sort_key, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typing_extensions import Self

    from awsmon.lang.insights_ql.rows import Read, Row, Stage
    from awsmon.lang.insights_ql.run import Run
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["LARGEST_LIMIT", "Dedup", "Limit", "Sort", "Tail"]

LARGEST_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Sort(Command):
    """``sort a desc, b``; ascending unless said."""

    words: ClassVar[tuple[str, ...]] = ("sort", "order")
    keys: tuple[tuple[Expression, bool], ...]

    def __str__(self) -> str:
        keys = (f"{key} desc" if descending else str(key) for key, descending in self.keys)
        return f"sort {', '.join(keys)}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        tokens.word("by")
        return cls(separated(tokens, _key))

    def compile(self, scope: Scope) -> None:
        keys = [(reader(key, scope), descending) for key, descending in self.keys]
        scope.whole(_sorting(keys))
        scope.ordered = scope.arranged = True


def _key(tokens: QueryTokens) -> tuple[Expression, bool]:
    expression = read_expression(tokens)
    direction = tokens.word("asc", "desc")
    return expression, direction is not None and direction.text.lower() == "desc"


def _sorting(keys: list[tuple[Read, bool]]) -> Stage:
    def by(read: Read) -> Callable[[Row], object]:
        return lambda row: sort_key(read(row))

    ways = [(by(read), descending) for read, descending in reversed(keys)]

    def stage(rows: Iterable[Row], _run: Run) -> list[Row]:
        found = list(rows)
        for key, descending in ways:
            found.sort(key=key, reverse=descending)  # type: ignore[arg-type]
        return found

    return stage


@dataclass(frozen=True, slots=True)
class Limit(Command):
    """``limit 20``; ``limit any 20`` takes the first that are found, and stops there."""

    words: ClassVar[tuple[str, ...]] = ("limit", "head")
    number: int
    any: bool = False
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"limit {'any ' if self.any else ''}{self.number}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        whichever = tokens.word("any") is not None
        start = tokens.peek().position
        return cls(tokens.integer("a number of rows"), whichever, tokens.span(start))

    def compile(self, scope: Scope) -> None:
        number = self.number
        if not 1 <= number <= LARGEST_LIMIT:
            raise scope.fail(f"limit takes 1 to {LARGEST_LIMIT}", self.at)
        scope.barrier()
        if not self.any:
            scope.newest_first()
        scope.ordered = scope.arranged = True
        scope.whole(lambda rows, _: islice(rows, number))
        scope.limit = number


@dataclass(frozen=True, slots=True)
class Tail(Command):
    """``tail 20``: the last of the rows."""

    words: ClassVar[tuple[str, ...]] = ("tail",)
    number: int
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"tail {self.number}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        start = tokens.peek().position
        return cls(tokens.integer("a number of rows"), tokens.span(start))

    def compile(self, scope: Scope) -> None:
        number = self.number
        if not 1 <= number <= LARGEST_LIMIT:
            raise scope.fail(f"tail takes 1 to {LARGEST_LIMIT}", self.at)
        scope.barrier()
        scope.newest_first()
        scope.arranged = True
        scope.whole(lambda rows, _: deque(rows, number))
        scope.limit = number


@dataclass(frozen=True, slots=True)
class Dedup(Command):
    """``dedup a, b``: the first row of each combination; rows that lack one of them stay."""

    words: ClassVar[tuple[str, ...]] = ("dedup",)
    fields: tuple[Field, ...]

    def __str__(self) -> str:
        return f"dedup {', '.join(map(str, self.fields))}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        return cls(separated(tokens, lambda them: them.field()))

    def compile(self, scope: Scope) -> None:
        reads = tuple(scope.field(each) for each in self.fields)
        scope.barrier()
        scope.newest_first()
        scope.whole(lambda rows, _: _first_of_each(rows, reads))


def _first_of_each(rows: Iterable[Row], reads: tuple[Read, ...]) -> Iterator[Row]:
    seen = set()
    for row in rows:
        key = tuple(text_of(read(row)) for read in reads)
        if None not in key:
            if key in seen:
                continue
            seen.add(key)
        yield row
