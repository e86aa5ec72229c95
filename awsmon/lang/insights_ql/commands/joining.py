"""What is known elsewhere: ``lookup`` in a table, ``join`` with the events of other log groups.

Source: User Guide, "lookup", "join".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.expressions import separated
from awsmon.lang.insights_ql.query import Command, Query
from awsmon.lang.insights_ql.rows import made
from awsmon.lang.insights_ql.tree import NOWHERE, Field, Span, name_source
from awsmon.lang.insights_ql.values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.run import Run
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Join", "Lookup"]

MOST_KEYS = 50_000  # of the right side of a join


@dataclass(frozen=True, slots=True)
class Lookup(Command):
    """``lookup table key as field OUTPUT a, b``: the columns *a* and *b* of the row with that key.

    Attributes:
        key: the column of the table that is compared with the field.
    """

    words: ClassVar[tuple[str, ...]] = ("lookup",)
    table: str
    key: str
    field: Field
    output: tuple[str, ...]

    def __str__(self) -> str:
        columns = ", ".join(map(name_source, self.output))
        return (
            f"lookup {name_source(self.table)} {name_source(self.key)} as {self.field} "
            f"OUTPUT {columns}"
        )

    @classmethod
    def read(cls, tokens: QueryTokens) -> Lookup:
        table, key = tokens.name("a lookup table"), tokens.field()
        field = tokens.field() if tokens.accept("AS") else key
        tokens.expect_word("output")
        return cls(table, key.name, field, separated(tokens, lambda each: each.name("a column")))

    def compile(self, scope: Scope) -> None:
        read, find = scope.field(self.field), scope.context.table
        table, key, output = self.table, self.key, self.output

        def stage(rows: Iterable[Row], run: Run) -> Iterator[Row]:
            del run
            known: dict[str, dict[str, str]] = {}
            for line in find(table):
                known.setdefault(line.get(key, ""), dict(line))
            for row in rows:
                line = known.get(text_of(read(row)) or "", {})
                for column in output:
                    row.add(column, line.get(column) or None)
                yield row

        scope.whole(stage)
        for column in output:
            scope.define(column)


@dataclass(frozen=True, slots=True)
class Join(Command):
    """``join type=inner left=a right=b where a.k=b.k (SOURCE 'group' | ...)``.

    Attributes:
        on: pairs of fields that must be equal, without the names of the sides.
    """

    words: ClassVar[tuple[str, ...]] = ("join",)
    kind: str
    left: str
    right: str
    on: tuple[tuple[str, str], ...]
    query: Query
    at: Span = NOWHERE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Join) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        on = " and ".join(
            f"{name_source(f'{self.left}.{one}')} = {name_source(f'{self.right}.{other}')}"
            for one, other in self.on
        )
        return (
            f"join type={self.kind} left={name_source(self.left)} right={name_source(self.right)} "
            f"where {on} ({self.query})"
        )

    @classmethod
    def read(cls, tokens: QueryTokens) -> Join:
        from awsmon.lang.insights_ql.parser import read_query  # a query within a command

        start = tokens.peek().position
        options = {"type": "inner", "left": "", "right": ""}
        while tokens.says(*options):
            word = tokens.take().text.lower()
            tokens.expect("=")
            options[word] = tokens.name("a name")
        if options["type"].lower() not in ("inner", "left") or not options["left"] or (
            not options["right"]
        ):  # fmt: skip
            raise tokens.fail("Expected type=inner or left, left= and right=", start)
        tokens.expect_word("where")
        on = [_pair(tokens, options["left"], options["right"])]
        while tokens.accept("AND"):
            on.append(_pair(tokens, options["left"], options["right"]))
        tokens.expect("(")
        query = read_query(tokens)
        tokens.expect(")")
        return cls(
            options["type"].lower(), options["left"], options["right"], tuple(on), query,
            tokens.span(start),
        )  # fmt: skip

    def compile(self, scope: Scope) -> None:
        from awsmon.lang.insights_ql.compiler import compile_rows

        if self.query.source is None:
            raise scope.fail("join needs a SOURCE on its right side", self.at)
        inner = compile_rows(self.query, scope.context, scope.text)
        left = [scope.field(Field(one, self.at)) for one, _ in self.on]
        right = [inner.scope.field(Field(other, self.at)) for _, other in self.on]
        keep, (one, other) = self.kind == "left", (self.left, self.right)
        source, context = self.query.source, scope.context

        def stage(rows: Iterable[Row], run: Run) -> Iterator[Row]:
            del run
            known: dict[tuple[str | None, ...], list[Row]] = {}
            for row in inner.rows(context.source(source)):
                key = _key(right, row)
                if None not in key and (key in known or len(known) < MOST_KEYS):
                    known.setdefault(key, []).append(row)
            for row in rows:
                matches: list[Row | None] = [*known.get(_key(left, row), ())]
                for match in matches or ([None] if keep else []):
                    yield made({one: row, other: match})

        scope.barrier()
        newest = row_order(scope)
        scope.whole(stage)
        scope.close((), aggregated=True)
        scope.closed, scope.sides = True, {one, other}
        scope.symbols = dict.fromkeys((one, other))
        scope.ordered = newest
        scope.fresh = True


def row_order(scope: Scope) -> bool:
    """Have the left side in the order of events; joined rows keep it."""
    from awsmon.lang.insights_ql.commands.ordering import newest_first

    newest_first(scope)
    return True


def _pair(tokens: QueryTokens, left: str, right: str) -> tuple[str, str]:
    start = tokens.peek().position
    one = tokens.field().name
    tokens.expect("=")
    other = tokens.field().name
    if one.startswith(f"{right}.") and other.startswith(f"{left}."):
        one, other = other, one
    if not one.startswith(f"{left}.") or not other.startswith(f"{right}."):
        raise tokens.fail(f"Expected {left}.field = {right}.field", start)
    return one[len(left) + 1 :], other[len(right) + 1 :]


def _key(reads: list[Read], row: Row) -> tuple[str | None, ...]:
    return tuple([text_of(read(row)) for read in reads])
