"""Why an event doesn't match a pattern.

Lives here: `explain` and `Mismatch`. Of several alternatives the one that comes closest counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsmon.lang.event_pattern.compiler import compile_alternative, compile_tests
from awsmon.lang.event_pattern.tree import Fields, Pattern, Tests
from awsmon.lang.event_pattern.values import MISSING, child, inner

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Mismatch", "explain"]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A field that isn't as the pattern wants it.

    Attributes:
        path: as ``detail.state``.
        wanted: the leaf of the pattern, as JSON.
        found: what the event has there; `MISSING` where it has nothing.
    """

    path: str
    wanted: str
    found: Any

    def __str__(self) -> str:
        found = "nothing" if self.found is MISSING else json.dumps(self.found, default=str)
        return f"{self.path}: expected {self.wanted}, found {found}"


def explain(pattern: Pattern, event: Mapping[str, Any]) -> list[Mismatch]:
    """Which fields don't match; none: the event matches."""
    found = [_mismatches(each, event) for each in pattern.alternatives]
    return min(found, key=len)


def _mismatches(fields: Fields, event: Mapping[str, Any]) -> list[Mismatch]:
    if compile_alternative(fields)(event):
        return []
    found = _leaves(fields, event, ())
    if found:
        return found
    path = ".".join(next(iter(fields.leaves()))[0][:-1])
    return [Mismatch(path, json.dumps(fields.json()), "no element that has all of it")]


def _leaves(fields: Fields, event: Mapping[str, Any], above: tuple[str, ...]) -> list[Mismatch]:
    found: list[Mismatch] = []
    for name, node in fields.children.items():
        value = child(event, name)
        path = (*above, name)
        if isinstance(node, Fields):
            elements = list(inner(value)) or [{}]
            nearest: list[list[Mismatch]] = [_leaves(node, each, path) for each in elements]
            found += nearest[min(range(len(nearest)), key=lambda place: len(nearest[place]))]
        elif not compile_tests(node)(value):
            found.append(_mismatch(path, node, value))
    return found


def _mismatch(path: tuple[str, ...], tests: Tests, value: Any) -> Mismatch:
    wanted = json.dumps([test.json() for test in tests], ensure_ascii=False)
    return Mismatch(".".join(path), wanted, value)
