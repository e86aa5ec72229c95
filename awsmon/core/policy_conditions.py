"""The conditions of IAM policies: operators, keys, values.

Lives here: `Condition` and `OPERATORS`. An operator's name is made of three parts, as
``ForAllValues:StringEqualsIfExists``: what it asks of several values, the comparison, and what
becomes of a key that the request lacks.

Sources: IAM User Guide, "IAM JSON policy elements: Condition operators", "Conditions with multiple
context keys or values" and "Single-valued vs. multivalued context keys". Decided here, where they
are silent: a plain operator on a key of several values holds if one of them fits, a negated one if
none does.
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TypeAlias

from awsmon.core.policy_patterns import Context, Symbol, expand, literal, matches, matches_arn

__all__ = ["OPERATORS", "Condition", "Value", "texts"]

Value: TypeAlias = "str | bool | int | float"

Test: TypeAlias = Callable[[str, Sequence[Symbol]], bool]
"""Whether a value of the request fits one that the policy names."""


def _typed(read: Callable[[str], float], compare: Callable[[float, float], bool]) -> Test:
    """A comparison of what two texts mean; a text that means nothing fits nothing."""

    def test(value: str, wanted: Sequence[Symbol]) -> bool:
        try:
            return compare(read(value), read(literal(wanted)))
        except ValueError:
            return False

    return test


def _instant(text: str) -> float:
    """Seconds since the epoch, from these or from ISO 8601."""
    if text.isdigit():
        return float(text)
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()


def _in_network(value: str, wanted: Sequence[Symbol]) -> bool:
    try:
        network = ipaddress.ip_network(literal(wanted), strict=False)
        return ipaddress.ip_address(value) in network
    except ValueError:
        return False


def _same(value: str, wanted: Sequence[Symbol]) -> bool:
    return value == literal(wanted)


def _same_ignoring_case(value: str, wanted: Sequence[Symbol]) -> bool:
    return value.casefold() == literal(wanted).casefold()


_ORDERS = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}

_TESTS: dict[str, Test] = {
    "StringEquals": _same,
    "StringEqualsIgnoreCase": _same_ignoring_case,
    "StringLike": lambda value, wanted: matches(wanted, value),
    "ArnEquals": lambda value, wanted: matches_arn(wanted, value),
    "ArnLike": lambda value, wanted: matches_arn(wanted, value),
    "BinaryEquals": _same,
    "Bool": _same_ignoring_case,
    "IpAddress": _in_network,
    **{f"Numeric{order}": _typed(float, compare) for order, compare in _ORDERS.items()},
    **{f"Date{order}": _typed(_instant, compare) for order, compare in _ORDERS.items()},
}

_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}

OPERATORS = frozenset({*_TESTS, *_NEGATED, "Null"})
"""The comparisons, without what may stand before and behind them."""

_NAME = re.compile(r"(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?")


def texts(values: Value | Sequence[Value]) -> tuple[str, ...]:
    """One value, or several, as conditions compare them: ``true`` and ``false`` for booleans."""
    several = [values] if isinstance(values, str | bool | int | float) else values
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in several)


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key.

    Attributes:
        quantifier: ``ForAllValues``, ``ForAnyValue`` or nothing.
        operator: one of `OPERATORS`.
        if_exists: a request without the key meets it.
        key: in lower case, for case plays no part in keys.
        values: of the policy; one that fits is enough.
    """

    quantifier: str
    operator: str
    if_exists: bool
    key: str
    values: tuple[str, ...]

    @classmethod
    def of(cls, name: str, key: str, values: Sequence[str]) -> Condition | None:
        """From an operator's whole name; None: there is no such operator."""
        found = _NAME.fullmatch(name)
        if found is None or found[2] not in OPERATORS or (found[2] == "Null" and found[3]):
            return None
        return cls(found[1] or "", found[2], found[3] is not None, key.lower(), tuple(values))

    def holds(self, context: Context, *, variables: bool) -> bool:
        """Whether a request meets it; *variables*: the policy's version has them."""
        given = context.get(self.key, ())
        if self.operator == "Null":
            return ("false" if any(given) else "true") in map(str.lower, self.values)
        if self.quantifier:
            given = [value for value in given if value]
        negated = self.operator in _NEGATED
        if not given:
            absent = self.if_exists or negated
            return self.quantifier == "ForAllValues" or (absent and not self.quantifier)
        wanted = [expand(value, context if variables else None) for value in self.values]
        if any(each is None for each in wanted):
            return False
        test = _TESTS[_NEGATED.get(self.operator, self.operator)]
        fitting = (any(test(value, each) for each in wanted if each is not None) is not negated
                   for value in given)  # fmt: skip
        every = self.quantifier == "ForAllValues" or (negated and not self.quantifier)
        return all(fitting) if every else any(fitting)
