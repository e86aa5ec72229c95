"""Order and number of rows: ``sort``, ``limit``, ``dedup``."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.lang.insights_ql.evaluate import reader
from awsmon.lang.insights_ql.expressions import read_expression, separated
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.values import Timestamp, sort_key, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.run import Run
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens
    from awsmon.lang.insights_ql.tree import Expression, Field

__all__ = ["Dedup", "Limit", "Sort", "newest_first"]


def newest_first(scope: Scope) -> None:
    """The order of events that no command has given one."""
    if scope.ordered or scope.aggregated:
        return

    def stage(rows: Iterable[Row], run: Run) -> Iterable[Row]:
        del run
        events = list(rows)
        events.reverse()  # of one time the last that came in is the newest
        events.sort(key=lambda row: row.event.timestamp if row.event else 0, reverse=True)
        return events

    scope.whole(stage)
    scope.ordered = True


@dataclass(frozen=True, slots=True)
class Key:
    """What rows are sorted by."""

    expression: Expression
    descending: bool = False

    def __str__(self) -> str:
        return f"{self.expression} {'desc' if self.descending else 'asc'}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Key:
        """``expression [asc | desc]``."""
        expression = read_expression(tokens)
        direction = tokens.word("asc", "desc")
        return cls(expression, direction is not None and direction.text.lower() == "desc")


@dataclass(frozen=True, slots=True)
class Sort(Command):
    """``sort a desc, b``; without a word the least comes first."""

    words: ClassVar[tuple[str, ...]] = ("sort", "order")
    keys: tuple[Key, ...]

    def __str__(self) -> str:
        return f"sort {', '.join(map(str, self.keys))}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Sort:
        tokens.accept("BY")
        return cls(separated(tokens, Key.read))

    def compile(self, scope: Scope) -> None:
        keys = [(_ordering(reader(key.expression, scope)), key.descending) for key in self.keys]

        def stage(rows: Iterable[Row], run: Run) -> Iterable[Row]:
            del run
            found = list(rows)
            for order, descending in reversed(keys):
                found.sort(key=order, reverse=descending)
            return found

        scope.barrier()
        scope.whole(stage)
        scope.ordered = True


def _ordering(read: Read) -> Callable[[Row], Any]:
    def order(row: Row) -> Any:
        value = read(row)
        if value.__class__ is Timestamp:
            return (2, value, "")
        return sort_key(value)

    return order


@dataclass(frozen=True, slots=True)
class Limit(Command):
    """``limit 20``, also called ``head``; ``limit any 20`` takes whichever come."""

    words: ClassVar[tuple[str, ...]] = ("limit", "head")
    count: int
    of_any: bool = False

    def __str__(self) -> str:
        return f"limit {'any ' if self.of_any else ''}{self.count}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Limit:
        of_any = tokens.word("any") is not None
        return cls(tokens.integer("a number of rows"), of_any)

    def compile(self, scope: Scope) -> None:
        count = self.count
        scope.barrier()
        if not self.of_any:
            newest_first(scope)
        scope.whole(lambda rows, _run: islice(rows, count))
        scope.limit = count


@dataclass(frozen=True, slots=True)
class Dedup(Command):
    """``dedup a, b``: of rows that are equal there the first; those that lack one are all kept."""

    words: ClassVar[tuple[str, ...]] = ("dedup",)
    fields: tuple[Field, ...]

    def __str__(self) -> str:
        return f"dedup {', '.join(map(str, self.fields))}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Dedup:
        return cls(separated(tokens, type(tokens).field))

    def compile(self, scope: Scope) -> None:
        reads = [scope.field(field) for field in self.fields]
        scope.barrier()
        newest_first(scope)

        def stage(rows: Iterable[Row], run: Run) -> Iterator[Row]:
            del run
            seen: set[tuple[str | None, ...]] = set()
            for row in rows:
                key = tuple(text_of(read(row)) for read in reads)
                if None in key:
                    yield row
                elif key not in seen:
                    seen.add(key)
                    yield row

        scope.whole(stage)
