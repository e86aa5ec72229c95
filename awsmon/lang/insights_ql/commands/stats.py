"""``stats``: groups, and aggregates over them.

An item is an expression of aggregates, of what it is grouped by, and of earlier items' names. A
second ``stats`` knows the names of the first only. With ``offset`` the rows are those of a window
so long before, and bins are shown at the times that they are compared with (the guide says no more
than that bins are shifted). Source: User Guide, "stats", "Time-series functions".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from operator import methodcaller
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.commands.aggregates import Count, Rate, maker
from awsmon.lang.insights_ql.errors import Unsupported
from awsmon.lang.insights_ql.evaluate import constant, reader
from awsmon.lang.insights_ql.expressions import separated
from awsmon.lang.insights_ql.functions.calls import AGGREGATES, period_of
from awsmon.lang.insights_ql.periods import length
from awsmon.lang.insights_ql.query import Command, Item
from awsmon.lang.insights_ql.rewriting import fields_of, replaced
from awsmon.lang.insights_ql.rows import made
from awsmon.lang.insights_ql.tree import NOWHERE, Call, Expression, Field, Period, Span, Star
from awsmon.lang.insights_ql.values import Timestamp, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from typing_extensions import Self

    from awsmon.lang.insights_ql.commands.aggregates import Aggregate, Make
    from awsmon.lang.insights_ql.periods import Length
    from awsmon.lang.insights_ql.rows import Read, Row, Stage
    from awsmon.lang.insights_ql.run import Run
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

    Key = Callable[[Row], object]

__all__ = ["Stats"]

MOST = 10
"""`stats` commands in one query."""

_UNSUPPORTED = frozenset(("values",))
_MONTH = 30 * 86_400_000  # milliseconds, for a rate


@dataclass(frozen=True, slots=True)
class Stats(Command):
    """``stats count(*) as n, max(x) by a, bin(5m)``."""

    words: ClassVar[tuple[str, ...]] = ("stats",)
    items: tuple[Item, ...]
    by: tuple[Item, ...] = ()
    offset: str = ""
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        by = f" by {', '.join(map(str, self.by))}" if self.by else ""
        offset = f" offset {self.offset}" if self.offset else ""
        return f"stats {', '.join(map(str, self.items))}{by}{offset}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        start = tokens.consumed
        items = separated(tokens, Item.read)
        by = separated(tokens, Item.read) if tokens.accept("BY") else ()
        offset = _offset(tokens) if tokens.word("offset") else ""
        return cls(items, by, offset, Span(start, start))

    def compile(self, scope: Scope) -> None:
        scope.aggregations += 1
        if scope.aggregations > MOST:
            raise scope.fail(f"A query may have {MOST} stats commands", self.at)
        if scope.aggregations > 1 and scope.arranged:
            raise scope.fail("sort and limit may not stand before another stats", self.at)
        for item in (*self.items, *self.by):
            for named in fields_of(item.expression):
                scope.unambiguous(named)
        groups = [(item.name, reader(item.expression, scope)) for item in self.by]
        plan = _Plan(scope)
        expressions = [(item.name, plan.without_aggregates(item.expression)) for item in self.items]
        bins = {item.name: length for item in self.by if (length := _bin(item.expression, scope))}
        names = [name for name, _ in groups]
        scope.barrier()
        shift = self._earlier(scope, bins) if self.offset else 0
        scope.close([*names, *plan.names])
        computed = []
        for name, expression in expressions:
            computed.append((name, reader(expression, scope)))
            scope.define(name)
        scope.whole(_grouping(groups, plan, computed))
        if shift:
            _shift(scope, next(iter(bins)), shift)
        if bins:
            _newest_bins_first(scope, next(iter(bins)))
        scope.close([*names, *(name for name, _ in expressions)])
        scope.bins, scope.grouped = bins, set(names)

    def _earlier(self, scope: Scope, bins: Mapping[str, Length]) -> int:
        """The rows are those of a window before; by how many milliseconds."""
        found = length(self.offset, capped=False)
        if found is None or found.months:
            raise scope.fail("offset takes a period of up to weeks, such as 1h", self.at)
        if not bins:
            raise scope.fail("offset needs a stats by bin()", self.at)
        shift = found.milliseconds
        before = scope.rerun(scope.context.start - shift, scope.context.end - shift)
        scope.whole(lambda _, __: before())
        return shift


def _offset(tokens: QueryTokens) -> str:
    start = tokens.peek().position
    period = tokens.literal()
    if not isinstance(period, Period):
        raise tokens.fail("Expected a period such as 1h", start)
    return period.source


def _shift(scope: Scope, name: str, shift: int) -> None:
    """Bins are shown at the times that they are compared with."""

    def later(row: Row) -> bool:
        at = row.values.get(name)
        if isinstance(at, Timestamp):
            row.values[name] = Timestamp(at + shift)
        return True

    scope.each(later)


class _Plan:
    """The aggregates of one `stats`, each once, by the text of its call."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.makes: dict[str, Make] = {}

    @property
    def names(self) -> list[str]:
        return list(self.makes)

    @property
    def only_counts(self) -> bool:
        return all(make is Count for make in self.makes.values())

    def without_aggregates(self, expression: Expression) -> Expression:
        """The expression with names in place of its aggregates."""
        return replaced(expression, self._name_of)

    def _name_of(self, node: Expression) -> Expression | None:
        if not isinstance(node, Call):
            return None
        name = node.name.lower()
        if name in _UNSUPPORTED:
            raise Unsupported(node.name, self._scope.text, node.at.start, node.at.end)
        if name not in AGGREGATES:
            return None
        text = str(node)
        if text not in self.makes:
            self.makes[text] = self._make(node, name)
        return Field(text, node.at)

    def _make(self, call: Call, name: str) -> Make:
        scope, arguments = self._scope, call.arguments
        if name in ("count", "countovertime", "count_over_time") and arguments in ((), (Star(),)):
            return Count
        share = 0.0
        if name == "rate":
            return self._rate(call)
        if name == "pct":
            share = self._share(call)
            arguments = arguments[:1]
        if len(arguments) != 1:
            raise scope.fail(f"{call.name} takes one field", call.at)
        timed = name in ("earliest", "latest")
        time = scope.field(Field("@timestamp", call.at)) if timed else None
        return maker(name, reader(arguments[0], scope), time, share)

    def _rate(self, call: Call) -> Make:
        if len(call.arguments) != 2:
            raise self._scope.fail("rate takes a field and a period", call.at)
        of, period = call.arguments
        interval = period_of(period, self._scope, call)
        time = self._scope.field(Field("@timestamp", call.at))
        read, every = reader(of, self._scope), interval.milliseconds or interval.months * _MONTH
        return lambda: Rate(read, time, every)

    def _share(self, call: Call) -> float:
        share = constant(call.arguments[1]) if len(call.arguments) == 2 else None
        if not isinstance(share, int | float) or isinstance(share, bool) or not 0 <= share <= 100:
            raise self._scope.fail(
                f"{call.name} takes a field, and a percentile of 0 to 100", call.at
            )
        return share


def _bin(expression: Expression, scope: Scope) -> Length | None:
    """The length of the bins that an expression cuts time into."""
    match expression:
        case Call(name, (*_, period)) if name.lower() in ("bin", "datefloor"):
            return period_of(period, scope, expression)
    return None


# -- grouping --------------------------------------------------------------------------------------


def _grouped_by(value: object) -> object:
    return value if value.__class__ is str or value.__class__ is Timestamp else text_of(value)


def _key(reads: list[Read]) -> Key:
    if len(reads) == 1:
        only = reads[0]

        def one(row: Row) -> object:
            value = only(row)
            return value if value.__class__ is str else _grouped_by(value)

        return one
    if len(reads) == 2:
        first, second = map(_key, ([read] for read in reads))
        return lambda row: (first(row), second(row))
    keys = [_key([read]) for read in reads]
    return lambda row: tuple([key(row) for key in keys])


def _grouping(
    groups: list[tuple[str, Read]], plan: _Plan, computed: list[tuple[str, Read]]
) -> Stage:
    names, key = [name for name, _ in groups], _key([read for _, read in groups])
    makes, texts, counting = list(plan.makes.values()), plan.names, plan.only_counts

    def stage(rows: Iterable[Row], _run: Run) -> Iterator[Row]:
        found = _counted(rows, key, len(makes)) if counting else _aggregated(rows, key, makes)
        for each, values in found:
            row = made(dict(zip([*names, *texts], [*_parts(each, names), *values], strict=True)))
            for name, read in computed:
                row.values[name] = read(row)
            yield row

    return stage


def _parts(key: object, names: list[str]) -> tuple[object, ...]:
    return (key,) if len(names) == 1 else key  # type: ignore[return-value]


def _counted(rows: Iterable[Row], key: Key, times: int) -> Iterator[tuple[object, list[object]]]:
    for each, number in Counter(map(key, rows)).items():
        yield each, [number] * times


def _aggregated(
    rows: Iterable[Row], key: Key, makes: list[Make]
) -> Iterator[tuple[object, list[object]]]:
    groups: dict[object, list[Aggregate]] = {}
    for row in rows:
        each = key(row)
        group = groups.get(each)
        if group is None:
            group = groups[each] = [make() for make in makes]
        for aggregate in group:
            aggregate.add(row)
    for each, group in groups.items():
        yield each, list(map(methodcaller("value"), group))


def _newest_bins_first(scope: Scope, name: str) -> None:
    def time(row: Row) -> int:
        value = row.values.get(name)
        return int(value) if isinstance(value, Timestamp) else 0

    scope.whole(lambda rows, _: sorted(rows, key=time, reverse=True))
