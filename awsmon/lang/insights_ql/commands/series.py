"""Series of rows: gaps filled, sessions told apart.

Source: User Guide, "filldown", "fillmissing", "sessionize". Bins are filled in between the first
and the last that there is, for each combination of what the rows are else grouped by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.evaluate import constant
from awsmon.lang.insights_ql.expressions import read_expression, separated
from awsmon.lang.insights_ql.periods import length
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.rows import made
from awsmon.lang.insights_ql.tree import NOWHERE, Expression, Field, Period, Span, name_source
from awsmon.lang.insights_ql.values import Timestamp, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Self

    from awsmon.lang.insights_ql.periods import Length
    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["FillDown", "FillMissing", "Sessionize"]

MOST_BINS = 100_000
"""Rows that `fillmissing` may come to."""


@dataclass(frozen=True, slots=True)
class FillDown(Command):
    """``filldown host cpu*``: the last value goes on where there is none; of no field: of all."""

    words: ClassVar[tuple[str, ...]] = ("filldown",)
    patterns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(["filldown", *map(_pattern_source, self.patterns)])

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        patterns = []
        while tokens.at_name or tokens.peek().kind == "*":
            patterns.append(_pattern(tokens))
            tokens.accept(",")
        return cls(tuple(patterns))

    def compile(self, scope: Scope) -> None:
        known = list(dict.fromkeys((*scope.columns, *scope.symbols)))
        names: dict[str, None] = {}
        for pattern in self.patterns or ("*",):
            plain = "*" not in pattern
            names.update(dict.fromkeys([pattern] if plain else _matching(known, pattern)))
        reads = [(name, scope.field(Field(name))) for name in names]
        scope.newest_first()
        scope.whole(lambda rows, _: _filled_down(rows, reads))
        for name in names:
            scope.define(name)


def _pattern(tokens: QueryTokens) -> str:
    parts = [tokens.take().text.replace("`", "")]
    while tokens.touching and (tokens.at_name or tokens.peek().kind == "*"):
        parts.append(tokens.take().text.replace("`", ""))
    return "".join(parts)


def _pattern_source(pattern: str) -> str:
    return "*".join(name_source(part) if part else "" for part in pattern.split("*"))


def _matching(names: list[str], pattern: str) -> list[str]:
    escaped = pattern.replace("[", "[[]").replace("?", "[?]")
    return [name for name in names if fnmatchcase(name, escaped)]


def _filled_down(rows: Iterable[Row], reads: list[tuple[str, Read]]) -> Iterator[Row]:
    last: dict[str, object] = {}
    for row in rows:
        for name, read in reads:
            value = read(row)
            if value is None:
                value = last.get(name)
            last[name] = value
            row.add(name, value)
        yield row


@dataclass(frozen=True, slots=True)
class FillMissing(Command):
    """``fillmissing with 0 for n``: rows for bins of time that have none."""

    words: ClassVar[tuple[str, ...]] = ("fillmissing",)
    values: tuple[tuple[Expression, Field], ...] = ()
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        values = ", ".join(f"{value} for {name}" for value, name in self.values)
        return f"fillmissing with {values}" if values else "fillmissing"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        start = tokens.consumed
        values = separated(tokens, _value_for) if tokens.word("with") else ()
        return cls(values, Span(start, start))

    def compile(self, scope: Scope) -> None:
        if len(scope.bins) != 1:
            raise scope.fail("fillmissing needs a stats by bin() before it", self.at)
        for value, name in self.values:
            if constant(value) is None:
                raise scope.fail("fillmissing takes constants", name.at)
            scope.field(name)
        ((bin_name, period),) = scope.bins.items()
        others = [name for name in scope.columns if name in scope.grouped and name != bin_name]
        constants: dict[str, object] = {name.name: constant(value) for value, name in self.values}

        def stage(rows: Iterable[Row]) -> list[Row]:
            return _filled(list(rows), bin_name, period, others, constants)

        scope.whole(lambda rows, _: stage(rows))


def _value_for(tokens: QueryTokens) -> tuple[Expression, Field]:
    value = read_expression(tokens)
    tokens.expect_word("for")
    return value, tokens.field()


def _filled(
    rows: list[Row],
    name: str,
    period: Length,
    others: list[str],
    constants: dict[str, object],
) -> list[Row]:
    times = [time for row in rows if isinstance(time := row.values.get(name), Timestamp)]
    if not times:
        return rows
    series = {tuple([row.values.get(other) for other in others]): None for row in rows}
    present = {(row.values.get(name), *[row.values.get(other) for other in others]) for row in rows}
    start, end, found = min(times), max(times), list(rows)
    while start <= end and len(found) < MOST_BINS:
        for key in series:
            if (start, *key) not in present:
                values = {name: Timestamp(start), **dict(zip(others, key, strict=True))}
                found.append(made({**values, **constants}))
        start = Timestamp(period.after(start))
    return sorted(found, key=lambda row: _time_in(row, name), reverse=True)


def _time_in(row: Row, name: str) -> int:
    value = row.values.get(name)
    return int(value) if isinstance(value, Timestamp) else 0


@dataclass(frozen=True, slots=True)
class Sessionize(Command):
    """``sessionize user maxspan 1h as session``: numbers sessions from 1 on, oldest first."""

    words: ClassVar[tuple[str, ...]] = ("sessionize",)
    fields: tuple[Field, ...]
    span: str = "30m"
    name: str = "session_id"
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        fields = ", ".join(map(str, self.fields))
        return f"sessionize {fields} maxspan {self.span} as {name_source(self.name)}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        fields = separated(tokens, lambda them: them.field())
        start, span = tokens.peek().position, "30m"
        if tokens.word("maxspan"):
            start = tokens.peek().position
            given = tokens.literal()
            if not isinstance(given, Period):
                raise tokens.fail("Expected a period such as 30m", start)
            span = given.source
        at = tokens.span(start)
        return cls(fields, span, tokens.name("a name") if tokens.accept("AS") else "session_id", at)

    def compile(self, scope: Scope) -> None:
        gap = length(self.span, capped=False)
        if gap is None or gap.months:
            raise scope.fail("maxspan takes a period of up to weeks, such as 30m", self.at)
        reads = [scope.field(each) for each in self.fields]
        time = scope.field(Field("@timestamp", self.at))
        scope.newest_first()
        scope.whole(
            lambda rows, _: _in_sessions(list(rows), reads, time, gap.milliseconds, self.name)
        )
        scope.add_column(self.name)


def _in_sessions(rows: list[Row], reads: list[Read], time: Read, gap: int, name: str) -> list[Row]:
    last: dict[tuple[str | None, ...], tuple[int, int]] = {}
    number = 0
    timed = [(at, row) for row in rows if isinstance(at := time(row), int)]
    for at, row in sorted(timed, key=lambda each: each[0]):
        key = tuple([text_of(read(row)) for read in reads])
        session, before = last.get(key, (0, 0))
        if not session or at - before > gap:
            number += 1
            session = number
        last[key] = session, at
        row.add(name, session)
    return rows
