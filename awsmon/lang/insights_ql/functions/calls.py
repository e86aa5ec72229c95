"""Calls at work: from a call in a tree to a function of a row.

Lives here: `reader`, and the functions that are no functions of values: `bin`, `case`, `unmask`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.insights_ql import evaluate
from awsmon.lang.insights_ql.functions import network, numbers, structures, texts, times
from awsmon.lang.insights_ql.functions.registry import FUNCTIONS, PERIOD, Function, Kind
from awsmon.lang.insights_ql.periods import length
from awsmon.lang.insights_ql.regex import compile_regex
from awsmon.lang.insights_ql.tree import Call, Expression, Field, Period, Regex, Text
from awsmon.lang.log_fields.discovery import field_reader, read_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.lang.insights_ql.periods import Length
    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.scope import Scope

__all__ = ["AGGREGATES", "period_of", "reader"]

_MODULES = (network, numbers, structures, texts, times)  # each declares its functions
AGGREGATES = frozenset((
    "avg", "count", "count_distinct", "max", "min", "pct", "stddev", "sum", "earliest", "latest",
    "sortsfirst", "sortslast", "countovertime", "sumovertime", "count_over_time", "sum_over_time",
    "rate", "values",
))  # fmt: skip
"""What `stats` alone knows, in small letters."""

_MOST_BRANCHES = 10


def reader(call: Call, scope: Scope) -> Read:
    """A function from a row to what a call answers.

    Raises:
        QueryError: there is no such function, or it takes something else.
    """
    name = call.name.lower()
    special = _SPECIAL.get(name)
    if special:
        return special(call, scope)
    function = FUNCTIONS.get(name)
    if function is None:
        if name in AGGREGATES:
            raise scope.fail(f"{call.name} stands in stats only", call.at)
        raise scope.fail(f"There is no function {call.name}", call.at)
    _check_count(function, call, scope)
    if function.constant:
        answer = function.run(scope.context)
        return lambda _row: answer
    reads = [
        _argument(parameter.kind, node, call, scope)
        for at, node in enumerate(call.arguments)
        if (parameter := function.parameter(at))
    ]
    return _applied(function, reads)


def _check_count(function: Function, call: Call, scope: Scope) -> None:
    given = len(call.arguments)
    if given < function.least or (given and function.parameter(given - 1) is None):
        least, most = function.least, len(function.parameters)
        open_ended = any(each.many for each in function.parameters)
        count = f"{least} or more" if open_ended else str(least)
        count = f"{least} to {most}" if not open_ended and most > least else count
        raise scope.fail(f"{function.name} takes {count} arguments, not {given}", call.at)


def _argument(kind: Kind, node: Expression, call: Call, scope: Scope) -> Read:
    if kind.compiled:
        ready = period_of(node, scope, call) if kind is PERIOD else _pattern(node, scope, call)
        return lambda _row: ready
    if isinstance(node, Period | Regex):
        raise scope.fail(f"{call.name} takes {kind.name} here, not {node}", node.at)
    known, convert = evaluate.constant(node), kind.convert
    if convert is None:
        return evaluate.reader(node, scope)
    if known is not None:
        converted = convert(known)
        if converted is None:
            raise scope.fail(f"{call.name} takes {kind.name} here, not {node}", call.at)
        return lambda _row: converted
    if kind.name == "a condition":
        return evaluate.condition(node, scope)
    read = evaluate.reader(node, scope)
    return lambda row: convert(read(row))


def period_of(node: Expression, scope: Scope, call: Call) -> Length:
    """The length that a period says.

    Raises:
        QueryError: it is none.
    """
    found = length(node.source) if isinstance(node, Period) else None
    if found is None:
        at = node.at if isinstance(node, Period) else call.at
        raise scope.fail(f"{call.name} takes {PERIOD.name} here, not {node}", at)
    return found


def _pattern(node: Expression, scope: Scope, call: Call) -> object:
    if isinstance(node, Text):
        return compile_regex(node.value, scope.text, call.at)
    if isinstance(node, Regex):
        return compile_regex(node.source, scope.text, node.at)
    raise scope.fail(f"{call.name} takes a regular expression in quotes here, not {node}", call.at)


def _applied(function: Function, reads: list[Read]) -> Read:
    run: Callable[..., object] = function.run
    if function.nulls:
        return lambda row: run(*[read(row) for read in reads])
    if len(reads) == 1:
        only = reads[0]

        def one(row: Row) -> object:
            value = only(row)
            return None if value is None else run(value)

        return one

    def several(row: Row) -> object:
        values = [read(row) for read in reads]
        return None if None in values else run(*values)

    return several


# -- what is no function of values -----------------------------------------------------------------


def _bin(call: Call, scope: Scope) -> Read:
    """``bin(p)`` is ``datefloor(@timestamp, p)``."""
    time = Field("@timestamp", call.at)
    return reader(Call("datefloor", (time, *call.arguments), call.at), scope)


def _case(call: Call, scope: Scope) -> Read:
    pairs, default = call.arguments, None
    if len(pairs) % 2:
        pairs, default = pairs[:-1], evaluate.reader(pairs[-1], scope)
    if not pairs or len(pairs) > 2 * _MOST_BRANCHES:
        raise scope.fail(f"case takes 1 to {_MOST_BRANCHES} conditions, each with a value", call.at)
    branches = [
        (evaluate.condition(test, scope), evaluate.reader(value, scope))
        for test, value in zip(pairs[::2], pairs[1::2], strict=True)
    ]

    def chosen(row: Row) -> object:
        for test, value in branches:
            if test(row):
                return value(row)
        return default(row) if default else None

    return chosen


def _unmask(call: Call, scope: Scope) -> Read:
    match call.arguments:
        case (Field(name),) if scope.is_event_field(name):
            pass
        case _:
            raise scope.fail("unmask takes a field of the log event", call.at)
    scope.features.add("unmask")
    if name.startswith("@") and name != "@message":
        return scope.field(Field(name, call.at))
    read = field_reader(name)

    def clear(row: Row) -> object:
        event = row.event
        if event is None:
            return None
        message = event.message if event.clear is None else event.clear
        return message if name == "@message" else read(read_fields(message, event.log))

    return clear


_SPECIAL: dict[str, Callable[[Call, Scope], Read]] = {
    "bin": _bin, "case": _case, "unmask": _unmask,
}  # fmt: skip
