"""``join`` and ``appendcols``: what another query answers, beside the rows of this one.

    join       = "join" ["type" "=" ("inner" | "left")] "left" "=" name "right" "=" name
                 "where" field "=" field ("and" field "=" field)* "(" query ")"
    appendcols = "appendcols" ["override" "=" bool] ["max" "=" n] "(" query ")"

Behind a join, ``left.field`` and ``right.field`` are the sides' fields; a bare name is the left
side's. Source: User Guide, "join", "appendcols".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.event_fields import row_field
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.subqueries import Answer
from awsmon.lang.insights_ql.tree import NOWHERE, Field, Span, Subquery, name_source
from awsmon.lang.insights_ql.values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Self

    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["AppendCols", "Join"]

MOST_KEYS = 50_000
"""Rows of a join's right side that are looked at."""


# -- join ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Join(Command):
    """``join type=inner left=a right=b where a.id=b.id (SOURCE "g")``."""

    words: ClassVar[tuple[str, ...]] = ("join",)
    kind: str
    left: str
    right: str
    where: tuple[tuple[str, str], ...]
    query: Subquery
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        where = " and ".join(
            f"{name_source(f'{self.left}.{one}')}={name_source(f'{self.right}.{other}')}"
            for one, other in self.where
        )
        sides = f"left={name_source(self.left)} right={name_source(self.right)}"
        return f"join type={self.kind} {sides} where {where} {self.query}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        start = tokens.peek().position
        options = tokens.options("type", "left", "right")
        for needed in ("left", "right"):
            if needed not in options:
                raise tokens.fail(f"Expected {needed}=")
        left, right = options["left"], options["right"]
        if left == right:
            raise tokens.fail("The sides of a join need different names", start)
        kind = options.get("type", "inner").lower()
        if kind not in ("inner", "left"):
            raise tokens.fail("Expected type=inner or type=left", start)
        tokens.expect_word("where")
        where = [_equation(tokens, left, right)]
        while tokens.accept("AND"):
            where.append(_equation(tokens, left, right))
        span = tokens.span(start)
        return cls(kind, left, right, tuple(where), tokens.subquery(), span)

    def compile(self, scope: Scope) -> None:
        if scope.sides:
            raise scope.fail("A query may have one join", self.at)
        answer = Answer(self.query, scope)
        reads = [scope.field(Field(one, self.at)) for one, _ in self.where]
        their_reads = [row_field(other, scope.context) for _, other in self.where]
        scope.barrier()
        scope.whole(lambda rows, _: self._joined(rows, answer.rows, reads, their_reads))
        scope.sides = {self.left, self.right}

    def _joined(
        self, rows: Iterable[Row], others: list[Row], reads: list[Read], their_reads: list[Read]
    ) -> Iterator[Row]:
        index: dict[tuple[str | None, ...], list[Row]] = {}
        for other in others[:MOST_KEYS]:
            index.setdefault(_key(other, their_reads), []).append(other)
        for row in rows:
            key = _key(row, reads)
            matches = index.get(key, ()) if None not in key else ()
            for match in matches:
                yield self._pair(row, match)
            if not matches and self.kind == "left":
                yield self._pair(row, None)

    def _pair(self, row: Row, other: Row | None) -> Row:
        pair = row.copy()
        pair.sides = {self.left: row} if other is None else {self.left: row, self.right: other}
        return pair


def _key(row: Row, reads: list[Read]) -> tuple[str | None, ...]:
    return tuple([text_of(read(row)) for read in reads])


def _equation(tokens: QueryTokens, left: str, right: str) -> tuple[str, str]:
    first = tokens.field()
    tokens.expect("=")
    second = tokens.field()
    for one, other in ((first, second), (second, first)):
        if one.name.startswith(f"{left}.") and other.name.startswith(f"{right}."):
            return one.name[len(left) + 1 :], other.name[len(right) + 1 :]
    raise tokens.fail(f"Expected a field of {left} and one of {right}", first.at.start)


# -- appendcols ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AppendCols(Command):
    """``appendcols (SOURCE "g" | stats ...)``: its columns, row by row."""

    words: ClassVar[tuple[str, ...]] = ("appendcols",)
    override: bool
    most: int
    query: Subquery

    def __str__(self) -> str:
        override = "true" if self.override else "false"
        return f"appendcols override={override} max={self.most} {self.query}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        start = tokens.peek().position
        options = tokens.options("override", "max")
        most = options.get("max", "10000")
        if not most.isdigit() or len(most) > 6 or not 1 <= int(most) <= 100_000:
            raise tokens.fail("Expected max=1 to max=100000", start)
        return cls(tokens.truth(options, "override", False), int(most), tokens.subquery())

    def compile(self, scope: Scope) -> None:
        answer = Answer(self.query, scope)
        columns = [column for column in answer.program.columns if column.name != "@ptr"]
        known = {column.name for column in columns if column.name in scope.symbols}
        scope.barrier()
        scope.newest_first()

        def appended(rows: Iterable[Row]) -> Iterator[Row]:
            for number, row in enumerate(rows):
                other = answer.rows[number] if number < min(len(answer.rows), self.most) else None
                for column in columns:
                    if column.name not in known or (self.override and other is not None):
                        row.add(column.name, None if other is None else column.value(other))
                yield row

        scope.whole(lambda rows, _: appended(rows))
        for column in columns:
            scope.add_column(column.name)
