"""Paths into JSON: ``$``, ``$.detail.items[0].name``, ``$['detail']['a b']``.

Lives here: `compile_path`, for the inputs of targets, and `resolved`, for their parameters.
Source: EventBridge User Guide, "Amazon EventBridge input transformation"; what `[*]` gives is an
array.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MISSING", "compile_path", "resolved"]


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()
_STEP = re.compile(r"""\.([^.\[\]'"\s]+)|\[(\d+)\]|\[(\*)\]|\[(?:'([^']*)'|"([^"]*)")\]""")


def compile_path(text: str) -> Callable[[Any], Any]:
    """From a JSON value to what lies at a path, or `MISSING`.

    Raises:
        LanguageError: it is no path.
    """
    if not text.startswith("$"):
        raise LanguageError("a path starts with $", text, 0)
    steps: list[str | int] = []
    at = 1
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise LanguageError("expected .name, ['name'], [0] or [*]", text, at)
        name, index, every, *quoted = found.groups()
        steps.append(
            int(index) if index else name or every or next(q for q in quoted if q is not None)
        )
        if every:
            steps[-1] = _EVERY
        at = found.end()
    return lambda value: _walk(value, steps)


_EVERY = -1


def _walk(value: Any, steps: list[str | int]) -> Any:
    for place, step in enumerate(steps):
        if step == _EVERY:
            found = (
                [_walk(each, steps[place + 1 :]) for each in value]
                if isinstance(value, list)
                else []
            )
            return [each for each in found if each is not MISSING]
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return MISSING
            value = value[step]
        else:
            if not isinstance(value, dict) or step not in value:
                return MISSING
            value = value[step]
    return value


def resolved(value: Any, event: Any) -> Any:
    """Parameters in which a text that is a path stands for what an event has there."""
    if isinstance(value, dict):
        return {name: resolved(each, event) for name, each in value.items()}
    if isinstance(value, list):
        return [resolved(each, event) for each in value]
    if isinstance(value, str) and value.startswith("$."):
        try:
            found = compile_path(value)(event)
        except LanguageError:
            return value
        return "" if found is MISSING else found if isinstance(found, str) else _compact(found)
    return value


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
