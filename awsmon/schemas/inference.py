"""From values to the shape that they have in common.

Lives here: `shape_of`, `merged` and the shapes. What is merged covers both: of objects all members,
required where both have them; of two kinds the wider number, or anything at all.
Source: EventBridge User Guide, "Inferring schemas"; how AWS merges isn't documented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeAlias

__all__ = ["ANY", "Array", "Object", "Scalar", "Shape", "merged", "shape_of"]

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})")
_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Scalar:
    """A plain value.

    Attributes:
        type: as JSON Schema names it; empty: anything.
        format: as ``date-time`` or ``int64``.
    """

    type: str
    format: str = ""


@dataclass(frozen=True, slots=True)
class Array:
    """A list; the shape of its items is None while none was seen."""

    items: Shape | None


@dataclass(frozen=True, slots=True)
class Object:
    """An object.

    Attributes:
        members: by name.
        required: those that every value had.
    """

    members: dict[str, Shape] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


Shape: TypeAlias = Scalar | Array | Object

ANY = Scalar("")
_STRING, _INTEGER, _LONG = Scalar("string"), Scalar("integer"), Scalar("integer", "int64")
_INSTANTS, _NUMBER, _BOOLEAN = Scalar("string", "date-time"), Scalar("number"), Scalar("boolean")


def shape_of(value: Any) -> Shape:
    """The shape of one JSON value."""
    if isinstance(value, dict):
        return Object({name: shape_of(each) for name, each in value.items()}, frozenset(value))
    if isinstance(value, list):
        return Array(reduce(merged, map(shape_of, value)) if value else None)
    if isinstance(value, bool):
        return _BOOLEAN
    if isinstance(value, int):
        return _INTEGER if abs(value) <= _LARGEST else _LONG
    if isinstance(value, float):
        return _NUMBER
    if isinstance(value, str):
        return _INSTANTS if _INSTANT.fullmatch(value) else _STRING
    return ANY


def merged(one: Shape, other: Shape) -> Shape:
    """The shape that covers both."""
    if one == other:
        return one
    if isinstance(one, Object) and isinstance(other, Object):
        names = {**one.members, **other.members}
        return Object(
            {name: _member(one, other, name) for name in names}, one.required & other.required
        )
    if isinstance(one, Array) and isinstance(other, Array):
        if one.items is None or other.items is None:
            return Array(one.items or other.items)
        return Array(merged(one.items, other.items))
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return _wider(one, other)
    return ANY


def _member(one: Object, other: Object, name: str) -> Shape:
    if name in one.members and name in other.members:
        return merged(one.members[name], other.members[name])
    return one.members.get(name) or other.members[name]


def _wider(one: Scalar, other: Scalar) -> Scalar:
    types = {one.type, other.type}
    if types == {"string"}:
        return _STRING
    if types == {"integer"}:
        return _LONG
    return _NUMBER if types <= {"integer", "number"} else ANY
