"""Sums, lags, frequencies and outliers over the rows.

Rows come newest first unless the query sorts them. Source: User Guide, "accum", "addtotals",
"autoregress", "countFrequent", "outlier". Quartiles are interpolated between the two nearest
values.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.expressions import separated
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.rows import made
from awsmon.lang.insights_ql.tree import NOWHERE, Field, Span, name_source
from awsmon.lang.insights_ql.values import number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Self

    from awsmon.lang.insights_ql.rows import Read, Row, Step
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Accum", "AddTotals", "AutoRegress", "CountFrequent", "Outlier"]


def _added(numbers: Iterable[float | None]) -> float:
    total: float = 0
    for number in numbers:
        try:
            total += number or 0
        except OverflowError:
            return math.inf
    return total


@dataclass(frozen=True, slots=True)
class Accum(Command):
    """``accum bytes as total``: the sum up to each row."""

    words: ClassVar[tuple[str, ...]] = ("accum",)
    source: Field
    name: str | None = None

    def __str__(self) -> str:
        return f"accum {self.source}{f' as {name_source(self.name)}' if self.name else ''}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        return cls(tokens.field(), tokens.name("a name") if tokens.accept("AS") else None)

    def compile(self, scope: Scope) -> None:
        read, name = scope.field(self.source), self.name or self.source.name
        scope.newest_first()
        scope.whole(lambda rows, _: _accumulated(rows, read, name))
        scope.add_column(name)


def _accumulated(rows: Iterable[Row], read: Read, name: str) -> Iterator[Row]:
    total: float = 0
    for row in rows:
        total = _added((total, number_of(read(row))))
        row.add(name, total)
        yield row


@dataclass(frozen=True, slots=True)
class AddTotals(Command):
    """``addtotals fieldname=Sum col=true a, b``: sums along rows, and of columns in a last row."""

    words: ClassVar[tuple[str, ...]] = ("addtotals",)
    fields: tuple[Field, ...] = ()
    name: str = "Total"
    row: bool = True
    column: bool = False

    def __str__(self) -> str:
        row, column = ("true" if each else "false" for each in (self.row, self.column))
        fields = f" {', '.join(map(str, self.fields))}" if self.fields else ""
        return f"addtotals fieldname={name_source(self.name)} row={row} col={column}{fields}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        options = tokens.options("fieldname", "row", "col")
        truths = [tokens.truth(options, "row", True), tokens.truth(options, "col", False)]
        fields = separated(tokens, lambda them: them.field()) if tokens.at_name else ()
        return cls(fields, options.get("fieldname", "Total"), *truths)

    def compile(self, scope: Scope) -> None:
        names = [each.name for each in self.fields] or [
            name for name in dict.fromkeys((*scope.columns, *scope.symbols)) if name[0] != "@"
        ]
        reads = [(name, scope.field(Field(name))) for name in names]
        scope.barrier()
        scope.newest_first()
        if self.row:
            scope.each(_totalling(self.name, [read for _, read in reads]))
        if self.column:
            scope.whole(lambda rows, _: _with_totals(rows, reads))
            for name, _ in reads:
                scope.define(name)
        if self.row:
            scope.add_column(self.name)


def _totalling(name: str, reads: list[Read]) -> Step:
    def step(row: Row) -> bool:
        row.add(name, _added(number_of(read(row)) for read in reads))
        return True

    return step


def _with_totals(rows: Iterable[Row], reads: list[tuple[str, Read]]) -> Iterator[Row]:
    totals: dict[str, float] = {}
    for row in rows:
        for name, read in reads:
            value = read(row)
            number = number_of(value)
            if number is not None:
                totals[name] = _added((totals.get(name, 0), number))
            row.add(name, value)
        yield row
    yield made(dict(totals))


@dataclass(frozen=True, slots=True)
class AutoRegress(Command):
    """``autoregress bytes p=1-4``: the values of rows before."""

    words: ClassVar[tuple[str, ...]] = ("autoregress",)
    source: Field
    name: str | None
    first: int
    last: int
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        name = f" as {name_source(self.name)}" if self.name else ""
        last = f"-{self.last}" if self.last != self.first else ""
        return f"autoregress {self.source}{name} p={self.first}{last}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        start = tokens.peek().position
        source = tokens.field()
        name = tokens.name("a name") if tokens.accept("AS") else None
        first = last = 1
        if tokens.word("p"):
            tokens.expect("=")
            first = last = tokens.integer()
            if tokens.accept("-"):
                last = tokens.integer()
        return cls(source, name, first, last, tokens.span(start))

    def compile(self, scope: Scope) -> None:
        if not 1 <= self.first <= self.last <= 1000:
            raise scope.fail("Expected p=1, or a range of such", self.at)
        read, name = scope.field(self.source), self.name or self.source.name
        alone = self.name if self.first == self.last else None
        lags = {alone or f"{name}_p{lag}": lag for lag in range(self.first, self.last + 1)}
        scope.newest_first()
        scope.whole(lambda rows, _: _lagged(rows, read, lags, self.last))
        for each in lags:
            scope.add_column(each)


def _lagged(rows: Iterable[Row], read: Read, lags: dict[str, int], most: int) -> Iterator[Row]:
    before: list[object] = []
    for row in rows:
        value = read(row)
        for name, lag in lags.items():
            row.add(name, before[-lag] if lag <= len(before) else None)
        before = [*before[-most:], value]
        yield row


@dataclass(frozen=True, slots=True)
class CountFrequent(Command):
    """``countFrequent a, b``: how often each combination occurs, most often first."""

    words: ClassVar[tuple[str, ...]] = ("countFrequent", "count_frequent")
    fields: tuple[Field, ...]

    def __str__(self) -> str:
        return f"countFrequent {', '.join(map(str, self.fields))}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        return cls(separated(tokens, lambda them: them.field()))

    def compile(self, scope: Scope) -> None:
        names = [each.name for each in self.fields]
        reads = [scope.field(each) for each in self.fields]

        def counted(rows: Iterable[Row]) -> Iterator[Row]:
            counts = Counter(tuple([text_of(read(row)) for read in reads]) for row in rows)
            for key, count in counts.most_common():
                yield made({**dict(zip(names, key, strict=True)), "_approxcount": count})

        scope.barrier()
        scope.whole(lambda rows, _: counted(rows))
        scope.close([*names, "_approxcount"])


_MARK = "is_outlier"  # the guide doesn't say what the marker is called


@dataclass(frozen=True, slots=True)
class Outlier(Command):
    """``outlier action=remove param=3 cpu memory``: beyond the quartiles, by their distance."""

    words: ClassVar[tuple[str, ...]] = ("outlier",)
    fields: tuple[Field, ...]
    action: str = "transform"
    factor: str = "2.5"
    lower: bool = False
    mark: bool = False

    def __str__(self) -> str:
        lower, mark = (str(each).lower() for each in (self.lower, self.mark))
        options = f"action={self.action} param={self.factor} uselower={lower} mark={mark}"
        return f"outlier {options} {' '.join(map(str, self.fields))}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        token = tokens.peek()
        options = tokens.options("action", "param", "uselower", "mark")
        action, factor = options.get("action", "transform").lower(), options.get("param", "2.5")
        if action not in ("remove", "transform"):
            raise tokens.fail("Expected action=remove or action=transform", token.position)
        if number_of(factor) is None:
            raise tokens.fail("Expected param= and a number", token.position)
        lower, mark = (tokens.truth(options, name, False) for name in ("uselower", "mark"))
        fields = [tokens.field()]
        while tokens.accept(",") or tokens.at_name:
            fields.append(tokens.field())
        return cls(tuple(fields), action, factor, lower, mark)

    def compile(self, scope: Scope) -> None:
        reads = [(each.name, scope.field(each)) for each in self.fields]
        scope.barrier()
        scope.newest_first()
        scope.whole(lambda rows, _: self._judged(list(rows), reads))
        if self.action == "transform":
            for name, _ in reads:
                scope.define(name)
        if self.mark:
            scope.add_column(_MARK)

    def _judged(self, rows: list[Row], reads: list[tuple[str, Read]]) -> Iterator[Row]:
        bounds = [self._bounds([number_of(read(row)) for row in rows]) for _, read in reads]
        for row in rows:
            found = False
            for (name, read), (low, high) in zip(reads, bounds, strict=True):
                value = read(row)
                number = number_of(value)
                if number is not None and not low <= number <= high:
                    found, value = True, min(max(number, low), high)
                if self.action == "transform":
                    row.add(name, value)
            if self.mark:
                row.add(_MARK, found)
            if self.action == "transform" or not found:
                yield row

    def _bounds(self, found: list[float | None]) -> tuple[float, float]:
        numbers = sorted(number for number in found if number is not None)
        if not numbers:
            return -math.inf, math.inf
        try:
            first, third = _quartile(numbers, 0.25), _quartile(numbers, 0.75)
            reach = float(self.factor) * (third - first)
        except OverflowError:
            return -math.inf, math.inf
        return (first - reach if self.lower else -math.inf), third + reach


def _quartile(numbers: list[float], share: float) -> float:
    place = share * (len(numbers) - 1)
    below = math.floor(place)
    above = min(below + 1, len(numbers) - 1)
    return float(numbers[below] + (numbers[above] - numbers[below]) * (place - below))
