"""Aggregate functions: figures over many rows.

Lives here: `Aggregate`, `aggregate`, `is_aggregate`. What is missing or no number doesn't count.
Percentiles are by nearest rank, deviations those of a whole population. Source: User Guide,
"Aggregation functions in the stats command".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.lang.insights_ql.errors import Unsupported
from awsmon.lang.insights_ql.evaluate import constant, reader
from awsmon.lang.insights_ql.functions.calls import AGGREGATES
from awsmon.lang.insights_ql.tree import Call, Expression, Star
from awsmon.lang.insights_ql.values import Timestamp, number_of, sort_key, text_of

if TYPE_CHECKING:
    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.scope import Scope

__all__ = ["Aggregate", "aggregate", "is_aggregate"]

Numbers = Callable[["Row"], "float | None"]


class Aggregate(NamedTuple):
    """How a figure is gathered: a state to begin with, a state and a row to a state, the figure."""

    start: Callable[[], Any]
    add: Callable[[Any, Row], Any]
    result: Callable[[Any], object]


def is_aggregate(node: Expression) -> bool:
    """Whether a call is of an aggregate function."""
    return isinstance(node, Call) and node.name.lower() in AGGREGATES


def aggregate(call: Call, scope: Scope) -> Aggregate:
    """The aggregate that a call asks for.

    Raises:
        QueryError: it takes something else.
    """
    name = call.name.lower()
    if name == "count":
        return _count(call, scope)
    if name == "pct":
        return _percentile(call, scope)
    make = _OF_ONE.get(name)
    if make is None:
        raise Unsupported(call.name, scope.text, call.at.start, call.at.end)
    return make(_only(call, scope))


def _only(call: Call, scope: Scope) -> Read:
    if len(call.arguments) != 1 or isinstance(call.arguments[0], Star):
        raise scope.fail(f"{call.name} takes one value", call.at)
    return reader(call.arguments[0], scope)


def _figure(value: object) -> object:
    return value


# -- counting --------------------------------------------------------------------------------------


def _count(call: Call, scope: Scope) -> Aggregate:
    if not call.arguments or isinstance(call.arguments[0], Star):
        return Aggregate(int, lambda state, _row: state + 1, _figure)
    read = _only(call, scope)
    return Aggregate(int, lambda state, row: state + (read(row) is not None), _figure)


def _count_distinct(read: Read) -> Aggregate:
    def add(state: set[str], row: Row) -> set[str]:
        text = text_of(read(row))
        if text is not None:
            state.add(text)
        return state

    return Aggregate(set, add, len)


# -- numbers ---------------------------------------------------------------------------------------


def _sum(read: Read) -> Aggregate:
    def add(state: float | None, row: Row) -> float | None:
        number = number_of(read(row))
        if number is None:
            return state
        return number if state is None else state + number

    return Aggregate(_nothing, add, _figure)


def _avg(read: Read) -> Aggregate:
    def add(state: tuple[float, int], row: Row) -> tuple[float, int]:
        number = number_of(read(row))
        return state if number is None else (state[0] + number, state[1] + 1)

    return Aggregate(lambda: (0, 0), add, lambda state: state[0] / state[1] if state[1] else None)


def _extreme(better: Callable[[float, float], bool]) -> Callable[[Read], Aggregate]:
    def made(read: Read) -> Aggregate:
        def add(state: float | None, row: Row) -> float | None:
            value = read(row)
            number: Any = value if value.__class__ is Timestamp else number_of(value)
            if number is None or (state is not None and not better(number, state)):
                return state
            return number  # type: ignore[no-any-return]

        return Aggregate(_nothing, add, _figure)

    return made


def _stddev(read: Read) -> Aggregate:
    """By Welford's method, which stays exact where the mean is large."""

    def add(state: tuple[int, float, float], row: Row) -> tuple[int, float, float]:
        number = number_of(read(row))
        if number is None:
            return state
        count, mean, squares = state
        distance = number - mean
        mean += distance / (count + 1)
        return count + 1, mean, squares + distance * (number - mean)

    return Aggregate(
        lambda: (0, 0.0, 0.0), add,
        lambda state: math.sqrt(state[2] / state[0]) if state[0] else None,
    )  # fmt: skip


def _percentile(call: Call, scope: Scope) -> Aggregate:
    share = constant(call.arguments[1]) if len(call.arguments) == 2 else None
    if not isinstance(share, (int, float)) or not 0 <= share <= 100:
        raise scope.fail("pct takes a value and a percentage from 0 to 100", call.at)
    read = reader(call.arguments[0], scope)

    def add(state: list[float], row: Row) -> list[float]:
        number = number_of(read(row))
        if number is not None:
            state.append(number)
        return state

    def result(state: list[float]) -> float | None:
        if not state:
            return None
        return sorted(state)[max(math.ceil(share / 100 * len(state)), 1) - 1]

    return Aggregate(list, add, result)


# -- values ----------------------------------------------------------------------------------------


def _by_time(later: bool) -> Callable[[Read], Aggregate]:
    def made(read: Read) -> Aggregate:
        def add(state: tuple[int, object] | None, row: Row) -> tuple[int, object] | None:
            value, event = read(row), row.event
            if value is None or event is None:
                return state
            time = event.timestamp
            if state is None or (time >= state[0] if later else time < state[0]):
                return time, value
            return state

        return Aggregate(_nothing, add, lambda state: state[1] if state else None)

    return made


def _by_order(last: bool) -> Callable[[Read], Aggregate]:
    def made(read: Read) -> Aggregate:
        def add(state: Any, row: Row) -> Any:
            value = read(row)
            if value is None:
                return state
            key = sort_key(value)
            if state is None or (key > state[0] if last else key < state[0]):
                return key, value
            return state

        return Aggregate(_nothing, add, lambda state: state[1] if state else None)

    return made


def _nothing() -> None:
    return None


_OF_ONE: dict[str, Callable[[Read], Aggregate]] = {
    "count_distinct": _count_distinct,
    "sum": _sum,
    "avg": _avg,
    "min": _extreme(lambda one, other: one < other),
    "max": _extreme(lambda one, other: one > other),
    "stddev": _stddev,
    "earliest": _by_time(later=False),
    "latest": _by_time(later=True),
    "sortsfirst": _by_order(last=False),
    "sortslast": _by_order(last=True),
}
