"""From a pattern to a function of events.

Lives here: `compile_pattern`, and `compile_tests` for one field. Fields that are named together
under an array of objects must be found in one of its elements; what must not exist, and comes
before them in order of name, must be in none. Source: AWS's own matcher (event-ruler).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from awsmon.lang.event_pattern.addresses import address, block
from awsmon.lang.event_pattern.tree import (
    AnythingBut,
    Cidr,
    Exact,
    Exists,
    Fields,
    FoldedEqual,
    Numeric,
    Pattern,
    Prefix,
    Suffix,
    Test,
    Tests,
    Wildcard,
)
from awsmon.lang.event_pattern.values import MISSING, child, inner, scalars

__all__ = ["compile_alternative", "compile_pattern", "compile_tests", "wildcard_parts"]

Matches = Callable[[Mapping[str, Any]], bool]
OfValue = Callable[[Any], bool]


def compile_pattern(pattern: Pattern) -> Matches:
    """Whether an event matches a pattern."""
    found = [compile_alternative(each) for each in pattern.alternatives]
    if len(found) == 1:
        return found[0]
    return lambda event: any(matches(event) for matches in found)


def compile_alternative(fields: Fields) -> Matches:
    """Whether an object has these fields."""
    steps = [(name, _child(fields.children[name])) for name in sorted(fields.children)]

    def matches(found: Mapping[str, Any]) -> bool:
        for name, test in steps:
            value = found.get(name, MISSING)
            if not test(child(found, name) if value is MISSING else value):
                return False
        return True

    return matches


def _child(node: Fields | Tests) -> OfValue:
    return _nested(node) if isinstance(node, Fields) else compile_tests(node)


def _nested(fields: Fields) -> OfValue:
    whole, (absent, rest) = compile_alternative(fields), _split(fields)
    none_has = compile_alternative(absent) if absent.children else None
    one_has = compile_alternative(rest) if rest.children else None

    def matches(value: Any) -> bool:
        if isinstance(value, dict):
            return whole(value)
        if not isinstance(value, list):
            return whole({})
        elements = list(inner(value))
        if not elements:
            return whole({})
        if none_has is not None and not all(none_has(each) for each in elements):
            return False
        return one_has is None or any(one_has(each) for each in elements)

    return matches


def _split(fields: Fields) -> tuple[Fields, Fields]:
    """The fields that must not exist and come first in order of name, and the others."""
    names = sorted(fields.children)
    count = 0
    while count < len(names) and _must_not_exist(fields.children[names[count]]):
        count += 1
    first, others = names[:count], names[count:]
    return (
        Fields({name: fields.children[name] for name in first}),
        Fields({name: fields.children[name] for name in others}),
    )


def _must_not_exist(node: Fields | Tests) -> bool:
    if isinstance(node, Fields):
        return all(_must_not_exist(each) for each in node.children.values())
    return all(isinstance(test, Exists) and not test.wanted for test in node)


def compile_tests(tests: Tests) -> OfValue:
    """Whether one of the tests holds for a field's value, which may be `MISSING`."""
    absent = any(isinstance(test, Exists) and not test.wanted for test in tests)
    if any(isinstance(test, Exists) and test.wanted for test in tests):
        return lambda value: absent or next(scalars(value), MISSING) is not MISSING
    one = _any_of([test for test in tests if not isinstance(test, Exists)])

    def matches(value: Any) -> bool:
        if isinstance(value, (list, dict)) or value is MISSING:
            found = list(scalars(value))
            return any(map(one, found)) if found else absent
        return one(value)

    return matches


def _any_of(tests: list[Test]) -> OfValue:
    exact = [test.value for test in tests if isinstance(test, Exact)]
    found = [_one_of(exact)] if exact else []
    found += [_scalar(test) for test in tests if not isinstance(test, Exact)]
    if len(found) == 1:
        return found[0]
    return lambda value: any(matches(value) for matches in found)


def _one_of(wanted: list[Any]) -> OfValue:
    """One of these values; a string that is an address is the same however it is written."""
    texts = {value for value in wanted if isinstance(value, str)}
    numbers = {value for value in wanted if _is_number(value)}
    others = [value for value in wanted if value is None or isinstance(value, bool)]
    addresses = {found for text in texts if (found := address(text)) is not None}

    def matches(value: Any) -> bool:
        if isinstance(value, str):
            return value in texts or bool(addresses and address(value) in addresses)
        if value is None or isinstance(value, bool):
            return any(value is each for each in others)
        return value in numbers

    return matches


def _equal(wanted: Any) -> OfValue:
    """The same string or number."""
    if isinstance(wanted, str):
        return lambda value: value == wanted
    return lambda value: _is_number(value) and value == wanted


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _scalar(test: Test) -> OfValue:
    """What one test asks of one scalar."""
    match test:
        case Prefix(text, False):
            return lambda value: isinstance(value, str) and value.startswith(text)
        case Suffix(text, False):
            return lambda value: isinstance(value, str) and value.endswith(text)
        case Prefix(text, True):
            return _regex(re.compile(_folding(text), re.DOTALL).match)
        case Suffix(text, True):
            return _regex(re.compile(f"(?:{_folding(text)})\\Z", re.DOTALL).search)
        case FoldedEqual(text):
            return _regex(re.compile(_folding(text), re.DOTALL).fullmatch)
        case Wildcard(text):
            return _wildcard(wildcard_parts(text))
        case Numeric(bounds):
            return _numeric(bounds)
        case Cidr(text):
            return _cidr(text)
        case AnythingBut(tests):
            refused = [
                _equal(each.value) if isinstance(each, Exact) else _scalar(each) for each in tests
            ]
            return lambda value: not any(matches(value) for matches in refused)
    raise AssertionError(test)  # pragma: no cover


def _regex(search: Callable[[str], object]) -> OfValue:
    return lambda value: isinstance(value, str) and search(value) is not None


def _folding(text: str) -> str:
    """Each character in both cases; German ß is also SS, as Java has it."""
    forms = [sorted({each, each.lower(), each.upper()}) for each in text]
    return "".join(f"(?:{'|'.join(map(re.escape, each))})" for each in forms)


def wildcard_parts(text: str) -> list[str]:
    """What stands between the stars."""
    parts, place = [""], 0
    while place < len(text):
        if text[place] == "\\":
            place += 1
            parts[-1] += text[place]
        elif text[place] == "*":
            parts.append("")
        else:
            parts[-1] += text[place]
        place += 1
    return parts


def _wildcard(parts: list[str]) -> OfValue:
    """The first and last part are where they must be, the others come in order between them."""
    first, *middle, last = parts if len(parts) > 1 else [parts[0], ""]
    if len(parts) == 1:
        return lambda value: bool(value == first and isinstance(value, str))

    def matches(value: Any) -> bool:
        if not isinstance(value, str) or not value.startswith(first) or not value.endswith(last):
            return False
        at, end = len(first), len(value) - len(last)
        for part in middle:
            at = value.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return at <= end

    return matches


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "=": lambda value, bound: value == bound,
}


def _numeric(bounds: tuple[tuple[str, float], ...]) -> OfValue:
    compared = [(_COMPARE[operator], bound) for operator, bound in bounds]

    def matches(value: Any) -> bool:
        if not _is_number(value) or not _held(value):
            return False
        return all(holds(value, bound) for holds, bound in compared)

    return matches


def _held(value: float) -> bool:
    """Whether a double holds the number."""
    try:
        return abs(value) != float("inf") and (
            not isinstance(value, int) or abs(value) <= 2**53 or int(float(value)) == value
        )
    except OverflowError:
        return False


def _cidr(text: str) -> OfValue:
    found = block(text)

    def matches(value: Any) -> bool:
        here = address(value) if isinstance(value, str) else None
        return here is not None and here.version == found.version and here in found

    return matches
