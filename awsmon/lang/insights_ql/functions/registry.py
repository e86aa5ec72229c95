"""Declaring functions: what each takes stands in one line beside it, and is checked from there.

    @function("substr", TEXT, NUMBER, optional(NUMBER))
    def substr(text: str, start: float, length: float | None = None) -> str: ...

A function gets what it declares, converted; if anything is missing or can't be converted its value
is nothing, unless it declares ``nulls=True`` and copes itself. What must be known while compiling
(periods, patterns) it gets ready made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from awsmon.lang.insights_ql.values import Timestamp, is_true, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.lang.insights_ql.context import QueryContext

__all__ = [
    "ANY", "CONDITION", "FUNCTIONS", "NUMBER", "PATTERN", "PERIOD", "TEXT", "TIME", "Function",
    "Kind", "Parameter", "constant", "function", "many", "optional",
]  # fmt: skip


class Kind(NamedTuple):
    """What a function may take.

    Attributes:
        name: for messages.
        convert: from a value; None: there is none.
        compiled: it is known while compiling.
    """

    name: str
    convert: Callable[[object], object] | None
    compiled: bool = False


class Parameter(NamedTuple):
    """One parameter, or the last of a function, which may be many."""

    kind: Kind
    optional: bool = False
    many: bool = False


def _time_of(value: object) -> int | None:
    """Milliseconds: of a timestamp, or a number of them."""
    if value.__class__ is Timestamp:
        return value
    number = number_of(value)
    return None if number is None or abs(number) > 1e17 else int(number)


ANY = Kind("any value", None)
TEXT = Kind("text", text_of)
NUMBER = Kind("a number", number_of)
TIME = Kind("a timestamp", _time_of)
CONDITION = Kind("a condition", is_true)
PERIOD = Kind("a period such as 5m", None, compiled=True)
PATTERN = Kind("a regular expression in quotes", None, compiled=True)


class Function(NamedTuple):
    """A function: its name as AWS writes it, what it takes, and what it does."""

    name: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., object]
    nulls: bool = False
    constant: bool = False

    def parameter(self, at: int) -> Parameter | None:
        """The parameter of the argument at a place; None: there is none."""
        if at < len(self.parameters):
            return self.parameters[at]
        last = self.parameters[-1] if self.parameters else None
        return last if last and last.many else None

    @property
    def least(self) -> int:
        """How many arguments it needs."""
        return sum(not each.optional for each in self.parameters)


FUNCTIONS: dict[str, Function] = {}


def optional(kind: Kind) -> Parameter:
    """It may be left out."""
    return Parameter(kind, optional=True)


def many(kind: Kind) -> Parameter:
    """None, one or more of them."""
    return Parameter(kind, optional=True, many=True)


def function(
    name: str, *takes: Kind | Parameter, nulls: bool = False, also: str | None = None
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Declares a function, by its name in a query and what it takes; *also* is another name."""
    parameters = tuple(each if isinstance(each, Parameter) else Parameter(each) for each in takes)

    def declare(run: Callable[..., object]) -> Callable[..., object]:
        for each in filter(None, (name, also)):
            FUNCTIONS[each.lower()] = Function(each, parameters, run, nulls)
        return run

    return declare


def constant(
    name: str,
) -> Callable[[Callable[[QueryContext], object]], Callable[[QueryContext], object]]:
    """Declares a function without arguments that the query's context answers."""

    def declare(run: Callable[[QueryContext], object]) -> Callable[[QueryContext], object]:
        FUNCTIONS[name.lower()] = Function(name, (), run, constant=True)
        return run

    return declare
