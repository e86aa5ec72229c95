"""How a function of metric math is declared, and found by the types of its arguments.

Lives here: `function`, which declares one; `each`, which declares one that works on a series and,
of an array, on each of its series; `overload`, which finds one; `Surroundings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from awsmon.lang.metric_math.types import Type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from awsmon.lang.metric_math.series import Array, TimeSeries, Value

    Run = Callable[..., Value]

__all__ = ["Overload", "Surroundings", "each", "function", "known", "overload"]


class Surroundings(Protocol):
    """What an expression asks of where it is evaluated."""

    @property
    def grid(self) -> range:
        """The starts of the expression's own periods, for what depends on no metric."""

    def value(self, name: str) -> Value:
        """What the query of that Id yields."""

    def metrics(self, part: str) -> Array:
        """The metrics of the request in whose Id the text is."""

    def outside(self, name: str, arguments: Sequence[Value]) -> Value:
        """What a function yields that looks at more than its arguments (`outside.py`)."""


class Overload(NamedTuple):
    """One form of a function.

    Attributes:
        parameters: what each may be.
        required: how many of them there must be.
        gives: what it yields.
        run: takes the surroundings, then the arguments.
    """

    parameters: tuple[Type, ...]
    required: int
    gives: Type
    run: Run

    def takes(self, types: Sequence[Type]) -> bool:
        """Whether it is called so."""
        return self.required <= len(types) <= len(self.parameters) and all(
            given in wanted for given, wanted in zip(types, self.parameters, strict=False)
        )


_overloads: dict[str, list[Overload]] = {}


def function(name: str, *parameters: Type, gives: Type, optional: int = 0) -> Callable[[Run], Run]:
    """Declare a form of a function; of its parameters so many at the end may be left out."""

    def declared(run: Run) -> Run:
        form = Overload(parameters, len(parameters) - optional, gives, run)
        _overloads.setdefault(name, []).append(form)
        return run

    return declared


def each(
    name: str, *rest: Type
) -> Callable[[Callable[..., TimeSeries]], Callable[..., TimeSeries]]:
    """Declare a function of a series, and so of an array, with further parameters."""

    def declared(run: Callable[..., TimeSeries]) -> Callable[..., TimeSeries]:
        function(name, Type.SERIES, *rest, gives=Type.COMPUTED)(lambda _, *given: run(*given))
        function(name, Type.ARRAY, *rest, gives=Type.ARRAY)(
            lambda _, array, *given: tuple(run(series, *given) for series in array)
        )
        return run

    return declared


def overload(name: str, types: Sequence[Type]) -> Overload | None:
    """The form of a function that takes these; None: there is none."""
    return next((form for form in _overloads.get(name, ()) if form.takes(types)), None)


def known(name: str) -> bool:
    """Whether there is a function of that name."""
    return name in _overloads
