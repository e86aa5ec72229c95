"""Figures over many rows: ``stats``. What is counted is `aggregates.py`'s.

A second `stats` sees what the first has made, and nothing else. Source: User Guide, "stats".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.aggregates import Aggregate, aggregate, is_aggregate
from awsmon.lang.insights_ql.evaluate import reader
from awsmon.lang.insights_ql.expressions import separated
from awsmon.lang.insights_ql.query import Command, Item
from awsmon.lang.insights_ql.rows import made
from awsmon.lang.insights_ql.tree import (
    Access,
    All,
    AnyOf,
    Call,
    Chain,
    Comparison,
    Expression,
    Field,
    Negative,
    Not,
    Power,
)
from awsmon.lang.insights_ql.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.run import Run
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Stats"]


@dataclass(frozen=True, slots=True)
class Stats(Command):
    """``stats count(*) as n, avg(took) by path, bin(5m)``."""

    words: ClassVar[tuple[str, ...]] = ("stats",)
    figures: tuple[Item, ...]
    keys: tuple[Item, ...] = ()

    def __str__(self) -> str:
        by = f" by {', '.join(map(str, self.keys))}" if self.keys else ""
        return f"stats {', '.join(map(str, self.figures))}{by}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Stats:
        figures = separated(tokens, Item.read)
        return cls(figures, separated(tokens, Item.read) if tokens.accept("BY") else ())

    def compile(self, scope: Scope) -> None:
        if scope.aggregated and scope.last in ("sort", "limit"):
            raise scope.fail(f"{scope.last} can't stand between two stats", self.figures[0].at)
        _check_names(self, scope)
        keys = [reader(item.expression, scope) for item in self.keys]
        taken = _Taken(scope)
        outer = [(item, taken.out_of(item)) for item in self.figures]
        names = [item.name for item in self.keys]
        scope.barrier()
        scope.whole(_grouping(names, keys, taken.aggregates))
        scope.close([*names, *taken.names])
        for item, expression in outer:
            _add(scope, item.name, expression)
        scope.close([*names, *(item.name for item in self.figures)])


def _check_names(stats: Stats, scope: Scope) -> None:
    for item in (*stats.figures, *stats.keys):
        for field in _fields(item.expression):
            scope.unambiguous(field)


def _add(scope: Scope, name: str, expression: Expression) -> None:
    read = reader(expression, scope)

    def step(row: Row) -> bool:
        row.add(name, read(row))
        return True

    scope.each(step)
    scope.define(name)


def _grouping(
    names: list[str], keys: list[Read], aggregates: list[tuple[str, Aggregate]]
) -> Callable[[Iterable[Row], Run], Iterable[Row]]:
    """Rows in, a row for each group out, in the order in which the groups were met."""
    makers = [each.start for _, each in aggregates]
    added = [each.add for _, each in aggregates]

    def stage(rows: Iterable[Row], run: Run) -> Iterator[Row]:
        del run
        groups: dict[tuple[object, ...], tuple[list[object], list[object]]] = {}
        for row in rows:
            values = [key(row) for key in keys]
            group = tuple([text_of(value) for value in values])
            known = groups.get(group)
            if known is None:
                known = groups[group] = values, [start() for start in makers]
            states = known[1]
            for place, add in enumerate(added):
                states[place] = add(states[place], row)
        for values, states in groups.values():
            row = made(dict(zip(names, values, strict=True)))
            for (name, each), state in zip(aggregates, states, strict=True):
                row.values[name] = each.result(state)
            yield row

    return stage


class _Taken:
    """The aggregates of figures, taken out of what is done with them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.aggregates: list[tuple[str, Aggregate]] = []
        self._aliases: set[str] = set()

    @property
    def names(self) -> list[str]:
        """What the aggregates are called among themselves."""
        return [name for name, _ in self.aggregates]

    def out_of(self, item: Item) -> Expression:
        """The expression with a name in place of each aggregate."""
        found = self._replaced(item.expression)
        if found is item.expression and not self._known(found):
            raise self._scope.fail(f"stats takes functions such as count, not {item}", item.at)
        self._aliases.add(item.name)
        return found

    def _known(self, node: Expression) -> bool:
        """Whether an expression without aggregates is of figures before it."""
        fields = list(_fields(node))
        return bool(fields) and all(field.name in self._aliases for field in fields)

    def _replaced(self, node: Expression) -> Expression:
        match node:
            case Call() if is_aggregate(node):
                name = f"\0{len(self.aggregates)}"
                self.aggregates.append((name, aggregate(node, self._scope)))
                return Field(name, node.at)
            case Call(_, arguments):
                inner = tuple(map(self._replaced, arguments))
                return node if inner == arguments else replace(node, arguments=inner)
            case Chain(first, rest):
                changed = tuple((operator, self._replaced(each)) for operator, each in rest)
                return _or_same(node, Chain(self._replaced(first), changed))
            case Negative(operand):
                return _or_same(node, Negative(self._replaced(operand)))
            case Power(base, exponent):
                return _or_same(node, Power(self._replaced(base), self._replaced(exponent)))
            case Comparison(operator, left, right):
                changed_pair = self._replaced(left), self._replaced(right)
                return _or_same(node, Comparison(operator, *changed_pair))
        return node


def _or_same(node: Expression, changed: Expression) -> Expression:
    return node if node == changed else changed


def _fields(node: Expression) -> Iterator[Field]:
    """The names in an expression."""
    match node:
        case Field():
            yield node
        case Call(_, arguments):
            for each in arguments:
                yield from _fields(each)
        case Chain(first, rest):
            yield from _fields(first)
            for _, each in rest:
                yield from _fields(each)
        case Negative(operand) | Not(operand):
            yield from _fields(operand)
        case Power(left, right) | Comparison(_, left, right):
            yield from _fields(left)
            yield from _fields(right)
        case All(operands) | AnyOf(operands):
            for each in operands:
                yield from _fields(each)
        case Access(base, _):
            yield from _fields(base)
