"""What an event pattern says, as a tree.

Lives here: the tests of one value, and `Pattern`. A ``$or`` is gone: a pattern is a list of
alternatives, each of which names fields by their paths. `str` of any of them is JSON again.
Source: EventBridge User Guide, "Comparison operators for use in event patterns".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Alternative", "AnythingBut", "Cidr", "Exact", "Exists", "Fields", "FoldedEqual", "Numeric",
    "Pattern", "Prefix", "Suffix", "Test", "Tests", "Wildcard",
]  # fmt: skip


class Test:
    """Something that one value of an event is asked for."""

    def json(self) -> Any:
        """As it stands in a pattern."""
        raise NotImplementedError

    def __str__(self) -> str:
        return json.dumps(self.json(), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Exact(Test):
    """A string, a number, true, false or null."""

    value: str | float | bool | None

    def json(self) -> Any:  # noqa: D102
        return self.value


@dataclass(frozen=True, slots=True)
class Prefix(Test):
    """How a string begins; *folded*: upper and lower case are one."""

    text: str
    folded: bool = False

    def json(self) -> Any:  # noqa: D102
        return {"prefix": {"equals-ignore-case": self.text} if self.folded else self.text}


@dataclass(frozen=True, slots=True)
class Suffix(Test):
    """How a string ends."""

    text: str
    folded: bool = False

    def json(self) -> Any:  # noqa: D102
        return {"suffix": {"equals-ignore-case": self.text} if self.folded else self.text}


@dataclass(frozen=True, slots=True)
class FoldedEqual(Test):
    """A string in which upper and lower case are one."""

    text: str

    def json(self) -> Any:  # noqa: D102
        return {"equals-ignore-case": self.text}


@dataclass(frozen=True, slots=True)
class Wildcard(Test):
    r"""A string with ``*`` for any run of characters; ``\*`` and ``\\`` are themselves."""

    text: str

    def json(self) -> Any:  # noqa: D102
        return {"wildcard": self.text}


@dataclass(frozen=True, slots=True)
class Numeric(Test):
    """A range of numbers, as pairs of operator and bound."""

    bounds: tuple[tuple[str, float], ...]

    def json(self) -> Any:  # noqa: D102
        return {"numeric": [part for bound in self.bounds for part in bound]}


@dataclass(frozen=True, slots=True)
class Cidr(Test):
    """A block of addresses."""

    block: str

    def json(self) -> Any:  # noqa: D102
        return {"cidr": self.block}


@dataclass(frozen=True, slots=True)
class Exists(Test):
    """Whether the field is there."""

    wanted: bool

    def json(self) -> Any:  # noqa: D102
        return {"exists": self.wanted}


@dataclass(frozen=True, slots=True)
class AnythingBut(Test):
    """A value that none of these tests accepts; they are all of one kind."""

    tests: tuple[Test, ...]

    def json(self) -> Any:  # noqa: D102
        inner = [each.json() for each in self.tests]
        if isinstance(self.tests[0], Exact):
            return {"anything-but": inner}
        operator = next(iter(inner[0]))
        return {"anything-but": {operator: [each[operator] for each in inner]}}


Tests = tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an object, each with its tests, one of which must hold, or its own fields."""

    children: Mapping[str, Fields | Tests]

    def json(self) -> dict[str, Any]:
        """As it stands in a pattern."""
        return {
            name: child.json() if isinstance(child, Fields) else [test.json() for test in child]
            for name, child in self.children.items()
        }

    def leaves(self, above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Tests]]:
        """Every field that has tests, with its path."""
        found: list[tuple[tuple[str, ...], Tests]] = []
        for name, child in self.children.items():
            path = (*above, name)
            found += child.leaves(path) if isinstance(child, Fields) else [(path, child)]
        return found


Alternative = Fields


@dataclass(frozen=True, slots=True)
class Pattern:
    """Alternatives, one of which must match."""

    alternatives: tuple[Alternative, ...]

    def __str__(self) -> str:
        arms = [each.json() for each in self.alternatives]
        return json.dumps(arms[0] if len(arms) == 1 else {"$or": arms}, ensure_ascii=False)
