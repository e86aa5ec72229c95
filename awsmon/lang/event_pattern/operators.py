"""The operators of a leaf, from JSON to tests.

Lives here: `OPERATORS`, by name, and `RESERVED`, the names that an arm of ``$or`` may not have.
Wordings: LocalStack's snapshots, and AWS's own matcher (event-ruler).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.lang.event_pattern.addresses import block
from awsmon.lang.event_pattern.reader import Node, fail
from awsmon.lang.event_pattern.tree import (
    AnythingBut,
    Cidr,
    Exact,
    Exists,
    FoldedEqual,
    Numeric,
    Prefix,
    Suffix,
    Test,
    Wildcard,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["OPERATORS", "RESERVED"]

_COMPARISONS = ("<", "<=", ">", ">=", "=")


def _text(text: str, node: Node, what: str) -> str:
    if not node.is_string:
        fail(text, node.end, f"{what} match pattern must be a string")
    found: str = node.value
    return found


def _affix(kind: type[Prefix] | type[Suffix], name: str) -> Callable[[str, Node], Test]:
    def read(text: str, node: Node) -> Test:
        if node.is_object:
            for inner, value, named in node.value:
                if inner != "equals-ignore-case":
                    fail(text, named, f"Unsupported anything-but pattern: {inner}")
                return kind(_text(text, value, "equals-ignore-case"), folded=True)
        return kind(_text(text, node, name))

    return read


def _folded(text: str, node: Node) -> Test:
    return FoldedEqual(_text(text, node, "equals-ignore-case"))


def _wildcard(text: str, node: Node) -> Test:
    found = _text(text, node, "wildcard")
    _checked_wildcard(text, node, found)
    return Wildcard(found)


def _checked_wildcard(text: str, node: Node, wildcard: str) -> None:
    """Two stars in a row are refused, and what follows a backslash is a star or a backslash."""
    place, star = 0, False
    while place < len(wildcard):
        if wildcard[place] == "\\":
            if wildcard[place + 1 : place + 2] not in ("*", "\\"):
                fail(text, node.end, f"Invalid escape character at pos {place}")
            place, star = place + 2, False
            continue
        if wildcard[place] == "*" and star:
            fail(text, node.end, f"Consecutive wildcard characters at pos {place - 1}")
        star = wildcard[place] == "*"
        place += 1


def _cidr(text: str, node: Node) -> Test:
    found = _text(text, node, "prefix")
    block(found)
    return Cidr(found)


def _exists(text: str, node: Node) -> Test:
    if not isinstance(node.value, bool):
        fail(text, node.end, "exists match pattern must be either true or false.")
    return Exists(node.value)


def _numeric(text: str, node: Node) -> Test:
    if not node.is_array:
        fail(text, node.end, "Value of numeric must be an array.")
    parts: list[Node] = node.value
    if not parts:
        fail(text, node.close, "Invalid member in numeric match: ]")
    bounds: list[tuple[str, float]] = []
    for place in range(0, len(parts), 2):
        operator = parts[place]
        if not operator.is_string:
            fail(text, operator.end, "Invalid member in numeric match: " + str(operator.value))
        if operator.value not in _COMPARISONS:
            fail(text, operator.end, f"Unrecognized numeric range operator: {operator.value}")
        if place + 1 >= len(parts):
            fail(text, node.close, f"Value of {operator.value} must be numeric")
        bounds.append((operator.value, _bound(text, operator.value, parts[place + 1])))
        _checked_range(text, bounds, operator, parts, place)
    return Numeric(tuple(bounds))


def _bound(text: str, operator: str, node: Node) -> float:
    if not node.is_number:
        fail(text, node.end, f"Value of {operator} must be numeric")
    value: float = node.value
    if abs(value) == float("inf") or (isinstance(value, int) and int(float(value)) != value):
        fail(text, node.end, f"Value of {operator} is out of range")
    return value


def _checked_range(
    text: str, bounds: Sequence[tuple[str, float]], operator: Node, parts: list[Node], place: int
) -> None:
    """One bound, or a lower and then an upper one."""
    if len(bounds) == 1:
        alone = operator.value[0] in "=<"
        if alone and len(parts) > place + 2:
            fail(text, parts[place + 2].end, "Too many terms in numeric range expression")
        return
    (_, low), (upper, high) = bounds[:2]
    if upper[0] != "<" or len(bounds) > 2:
        fail(text, operator.end, f"Bad numeric range operator: {operator.value}")
    if low >= high:
        fail(text, parts[place + 1].end, "Bottom must be less than top")


_INNER: dict[str, Callable[[str], Test]] = {
    "prefix": Prefix,
    "suffix": Suffix,
    "wildcard": Wildcard,
    "equals-ignore-case": FoldedEqual,
}


def _anything_but(text: str, node: Node) -> Test:
    if node.is_object:
        return _anything_but_test(text, node)
    if node.is_array:
        return AnythingBut(_values(text, node))
    if not (node.is_string or node.is_number):
        message = "Value of anything-but must be an array or single string/number value."
        fail(text, node.end, message)
    return AnythingBut((Exact(node.value),))


def _values(text: str, node: Node) -> tuple[Test, ...]:
    message = "Inside anything but list, start|null|boolean is not supported."
    if not node.value:
        fail(text, node.close, message)
    for each in node.value:
        if not (each.is_string or each.is_number):
            fail(text, each.end, message)
        if each.is_string != node.value[0].is_string:
            fail(
                text,
                each.end,
                "Inside anything but list, either all values are number or string, "
                "mixed type is not supported",
            )
    return tuple(Exact(each.value) for each in node.value)


def _anything_but_test(text: str, node: Node) -> Test:
    if not node.value:
        fail(text, node.close, "Anything-But expression name not found")
    (name, value, named), *more = node.value
    if name not in _INNER:
        fail(text, named, f"Unsupported anything-but pattern: {name}")
    wanted = value.value if value.is_array else [value]
    words = "prefix/suffix" if name in ("prefix", "suffix") else name
    if not wanted:
        fail(text, value.close, f"Null {words} not allowed")
    tests: list[Test] = []
    for each in wanted:
        if not each.is_string:
            if name == "equals-ignore-case":
                fail(text, each.end, "Inside anything-but/equals-ignore-case list, "
                     "number|start|null|boolean is not supported.")  # fmt: skip
            fail(text, each.end, f"{words} match pattern must be a string")
        if not each.value and name in ("prefix", "suffix"):
            fail(text, each.end, f"Null {words} not allowed")
        if name == "wildcard":
            _checked_wildcard(text, each, each.value)
        tests.append(_INNER[name](each.value))
    if more:
        fail(text, more[0][2], "Only one key allowed in match expression")
    return AnythingBut(tuple(tests))


OPERATORS: dict[str, Callable[[str, Node], Test]] = {
    "prefix": _affix(Prefix, "prefix"),
    "suffix": _affix(Suffix, "suffix"),
    "equals-ignore-case": _folded,
    "wildcard": _wildcard,
    "cidr": _cidr,
    "exists": _exists,
    "numeric": _numeric,
    "anything-but": _anything_but,
}

RESERVED: frozenset[Any] = frozenset({*OPERATORS, *_COMPARISONS, "exactly", "regex"})
