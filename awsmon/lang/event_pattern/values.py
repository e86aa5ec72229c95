"""What an event holds at a field.

Lives here: `child`, `scalars` and `MISSING`. A key with dots stands for objects in one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["MISSING", "child", "inner", "scalars", "values"]


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()


def child(found: Mapping[str, Any], name: str) -> Any:
    """The value of a field of an object, or `MISSING`."""
    value = found.get(name, MISSING)
    if value is MISSING:
        start = f"{name}."
        below = {key[len(start) :]: value for key, value in found.items() if key.startswith(start)}
        return below or MISSING
    return value


def scalars(value: Any) -> Iterator[Any]:
    """The strings, numbers, booleans and nulls of a value, those of arrays in arrays included."""
    if isinstance(value, list):
        for each in value:
            yield from scalars(each)
    elif not isinstance(value, dict) and value is not MISSING:
        yield value


def inner(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a value: itself, or the elements of an array, however deep."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from inner(each)


def values(event: Mapping[str, Any], path: tuple[str, ...]) -> list[Any]:
    """Every scalar that lies at a path."""
    objects = [event]
    for name in path[:-1]:
        objects = [below for each in objects for below in inner(child(each, name))]
    return [found for each in objects for found in scalars(child(each, path[-1]))]
