"""How two sides of a PromQL operator meet.

Lives here: `operation`; `Sample`, of which vectors are made, and what is done to their labels.
Source: Prometheus documentation, "Operators", "Vector matching".
"""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.lang.promql.functions import Histogram
from awsmon.lang.promql.tree import kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from awsmon.lang.promql.tree import Binary, Match

    Meet = Callable[[Any, Any], Any]

__all__ = ["NAME", "Labels", "QueryError", "Sample", "key_of", "nameless", "operation", "unique"]

NAME = "__name__"
Labels = dict[str, str]


class QueryError(ValueError):
    """A query that is one, but whose samples don't match one another."""


class Sample(NamedTuple):
    """A series' value, as of a time in milliseconds."""

    labels: Mapping[str, str]
    value: Any
    at: int


def nameless(labels: Mapping[str, str]) -> Labels:
    """Without the metric's name."""
    return {name: value for name, value in labels.items() if name != NAME}


def key_of(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What tells labels from others."""
    return tuple(sorted(labels.items()))


def unique(samples: Iterable[Sample]) -> list[Sample]:
    """The samples, all with different labels.

    Raises:
        QueryError: two have the same.
    """
    found: dict[Any, Sample] = {}
    for each in samples:
        key = key_of(each.labels)
        if key in found:
            raise QueryError("vector cannot contain metrics with the same labelset")
        found[key] = each
    return list(found.values())


# -- numbers ---------------------------------------------------------------------------------------


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _rest(left: float, right: float) -> float:
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


def _power(left: float, right: float) -> float:
    try:
        found = math.pow(left, right)
    except OverflowError:
        return math.inf if left > 0 or right % 2 == 0 else -math.inf
    except ValueError:  # a root of what is below zero, or zero to a power below it
        return math.nan if left else math.inf
    return found


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _divided, "%": _rest,
    "^": _power, "atan2": math.atan2,
}  # fmt: skip
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


# -- sides -----------------------------------------------------------------------------------------


def operation(node: Binary) -> Meet:
    """From what both sides yield to the result."""
    scalar = [kind(side) == "scalar" for side in (node.left, node.right)]
    if node.operator in ("and", "or", "unless"):
        return _set(node.operator, _matched(node.match))
    value = _value(node)
    if all(scalar):
        return lambda left, right: value(left, right, left)
    if any(scalar):
        return _with_scalar(node, value, left=scalar[0])
    return _one_to(node, value)


def _value(node: Binary) -> Callable[[float, float, float], float | None]:
    """Of both sides' numbers and the one that a filter keeps; None: it keeps it not."""
    if node.operator in _ARITHMETIC:
        of = _ARITHMETIC[node.operator]
        return lambda left, right, _: of(left, right)
    test = _COMPARISONS[node.operator]
    if node.truth:
        return lambda left, right, _: float(test(left, right))
    return lambda left, right, kept: kept if test(left, right) else None


def _with_scalar(node: Binary, value: Callable[..., float | None], *, left: bool) -> Meet:
    named = node.operator in _COMPARISONS and not node.truth

    def meet(one: Any, other: Any) -> list[Sample]:
        number, samples = (one, other) if left else (other, one)
        found = []
        for each in samples:
            if isinstance(each.value, Histogram):
                continue
            sides = (number, each.value) if left else (each.value, number)
            result = value(*sides, each.value)
            if result is not None:
                labels = each.labels if named else nameless(each.labels)
                found.append(Sample(labels, result, each.at))
        return unique(found)

    return meet


def _matched(match: Match) -> Callable[[Mapping[str, str]], Any]:
    """The labels by which sides are matched."""
    names = frozenset(match.labels)
    if match.on:
        return lambda labels: key_of({name: labels[name] for name in labels if name in names})
    ignored = names | {NAME}
    return lambda labels: key_of({name: labels[name] for name in labels if name not in ignored})


def _set(name: str, key: Callable[[Mapping[str, str]], Any]) -> Meet:
    def meet(left: Sequence[Sample], right: Sequence[Sample]) -> list[Sample]:
        if name == "or":
            known = {key(each.labels) for each in left}
            return [*left, *(each for each in right if key(each.labels) not in known)]
        known = {key(each.labels) for each in right}
        return [each for each in left if (key(each.labels) in known) is (name == "and")]

    return meet


def _one_to(node: Binary, value: Callable[..., float | None]) -> Meet:
    """One to one, or many to one where the query says so."""
    key, swapped = _matched(node.match), node.match.group == "right"

    def meet(left: Sequence[Sample], right: Sequence[Sample]) -> list[Sample]:
        many, ones = (right, left) if swapped else (left, right)
        one = _by_key(ones, key, "left" if swapped else "right")
        if not node.match.group:
            _by_key([each for each in many if key(each.labels) in one], key, "left")
        found = []
        for each in many:
            other = one.get(key(each.labels))
            if (
                other is None
                or isinstance(each.value, Histogram)
                or (isinstance(other.value, Histogram))
            ):
                continue
            sides = (other.value, each.value) if swapped else (each.value, other.value)
            result = value(*sides, sides[0])
            if result is not None:
                found.append(Sample(_labels(node, each.labels, other.labels), result, each.at))
        return unique(found)

    return meet


def _by_key(samples: Sequence[Sample], key: Callable[..., Any], side: str) -> dict[Any, Sample]:
    found = {key(each.labels): each for each in samples}
    if len(found) < len(samples):
        raise QueryError(
            f"found duplicate series for the match group on the {side} side of the operation; "
            "many-to-many matching not allowed: matching labels must be unique on one side"
        )
    return found


def _labels(node: Binary, many: Mapping[str, str], one: Mapping[str, str]) -> Labels:
    """What the result is called."""
    match = node.match
    keeps = node.operator in _COMPARISONS and not node.truth
    found = dict(many) if keeps else nameless(many)
    if not match.group:
        return {name: text for name, text in found.items() if (name in match.labels) is match.on}
    for name in match.include:
        found.pop(name, None)
        if name in one:
            found[name] = one[name]
    return found
