"""What an event holds at a field.

Lives here: `values`, `child`, `scalars` and `MISSING`. A key with dots stands for objects in one
another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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


_PLAIN = frozenset({str, int, float, bool, type(None)})


def values(event: Mapping[str, Any], path: tuple[str, ...]) -> Sequence[Any]:
    """Every scalar that lies at a path: a tuple where the way leads through objects alone."""
    found: Any = event
    for name in path:
        if type(found) is not dict:
            return _values(event, path)
        below = found.get(name, MISSING)
        if below is MISSING:
            start = f"{name}."
            for key in found:
                if key.startswith(start):
                    return _values(event, path)
            return ()
        found = below
    return (found,) if type(found) in _PLAIN else _values(event, path)


def _values(event: Mapping[str, Any], path: tuple[str, ...]) -> list[Any]:
    objects = [event]
    for name in path[:-1]:
        objects = [below for each in objects for below in inner(child(each, name))]
    return [found for each in objects for found in scalars(child(each, path[-1]))]
