"""Fields of an event by their paths, as ``store.book.title``.

Lives here: `get`, `put`, `delete` and `Event`. A number is the place in a list.
"""

from __future__ import annotations

from typing import Any, TypeAlias

__all__ = ["MISSING", "Event", "delete", "get", "put"]

Event: TypeAlias = dict[str, Any]
MISSING: Any = object()
"""What `get` finds where there is nothing."""


def get(event: Event, path: str) -> Any:
    """The value at a path."""
    value: Any = event
    for name in path.split("."):
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return MISSING
    return value


def put(event: Event, path: str, value: Any, *, overwrite: bool = True) -> None:
    """Put a value at a path; what is on its way and isn't an object gives way."""
    *parents, name = path.split(".")
    inner = event
    for parent in parents:
        following = inner.get(parent)
        if not isinstance(following, dict):
            if following is not None and not overwrite:
                return
            following = inner[parent] = {}
        inner = following
    if overwrite or name not in inner:
        inner[name] = value


def delete(event: Event, path: str) -> None:
    """Take away what is at a path, if anything is."""
    *parents, name = path.split(".")
    inner = get(event, ".".join(parents)) if parents else event
    if isinstance(inner, dict):
        inner.pop(name, None)
    elif isinstance(inner, list) and name.isdigit() and int(name) < len(inner):
        del inner[int(name)]
