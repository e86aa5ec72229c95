"""What a Contributor Insights rule takes from a log event: `compile_rule`.

Source: User Guide, "Contributor Insights rule syntax". An event counts if it has all the keys, and
the value where there is one, and if all filters let it through. Matching is case-sensitive.

Decided here, where the guide is silent: a value that is an array, an object or null isn't there; a
filter other than ``IsPresent`` on a field that isn't there lets nothing through; texts that are
numbers are compared as numbers.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, TypeAlias

from awsmon.lang.filter_pattern.message import number_of, text_of
from awsmon.lang.json_path import compile_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.lang.filter_pattern.message import Message
    from awsmon.lang.insight_rule.tree import Filter, RuleDefinition

    Field = Callable[[Message], str | None]
    Test = Callable[[str | None], bool]

__all__ = ["Contribution", "compile_rule"]

Contribution: TypeAlias = "tuple[tuple[str, ...], float]"
"""Who contributes, as the values of the rule's keys, and how much."""

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "GreaterThan": operator.gt, "LessThan": operator.lt, "EqualTo": operator.eq,
}  # fmt: skip


def compile_rule(definition: RuleDefinition) -> Callable[[Message], Contribution | None]:
    """From a log event's message to what it contributes; None: nothing."""
    field = _json if definition.log_format == "JSON" else _clf(definition)
    keys = [field(key) for key in definition.keys]
    filters = [(field(each.match), _test(each)) for each in definition.filters]
    value_of = None if definition.value_of is None else field(definition.value_of)

    def contribution(message: Message) -> Contribution | None:
        if not all(test(of(message)) for of, test in filters):
            return None
        found = tuple([text for of in keys if (text := of(message)) is not None])
        if len(found) < len(keys):
            return None
        value = 1.0 if value_of is None else _number(value_of(message))
        return None if value is None else (found, value)

    return contribution


def _json(path: str) -> Field:
    find = compile_path(path)
    return lambda message: text_of(find(message.document))


def _clf(definition: RuleDefinition) -> Callable[[str], Field]:
    places = {name: place - 1 for place, name in definition.fields}

    def field(name: str) -> Field:
        place = places[name]

        def of(message: Message) -> str | None:
            fields = message.fields
            return fields[place] if place < len(fields) else None

        return of

    return field


def _number(text: str | None) -> float | None:
    return None if text is None else number_of(text)


def _test(filter_: Filter) -> Test:
    operand: Any = filter_.operand
    match filter_.operator:
        case "In":
            return lambda text: text in operand
        case "NotIn":
            return lambda text: text is not None and text not in operand
        case "StartsWith":
            return lambda text: text is not None and text.startswith(operand)
        case "IsPresent":
            return lambda text: (text is not None) is operand
        case "NotEqualTo":
            return lambda text: text is not None and _number(text) != operand
    compare = _COMPARE[filter_.operator]

    def test(text: str | None) -> bool:
        number = _number(text)
        return number is not None and compare(number, operand)

    return test
