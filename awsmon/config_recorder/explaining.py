"""Why a resource is judged as it is, for people.

Lives here: `explained`. The rule, what it read, what changed before that, and which call of whose
changed it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.items import difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.config_recorder.model import Item
    from awsmon.config_recorder.rules.model import Result
    from awsmon.config_recorder.service import ConfigRecorder

__all__ = ["explained"]

_LONGEST = 160


def explained(config: ConfigRecorder, result: Result) -> str:
    """A result, in lines."""
    key = result.key
    why = f": {result.annotation}" if result.annotation else ""
    lines = [f"{key.type} {key.id} is {result.compliance} with {result.rule}{why}"]
    lines += [f"  read {path}: {_short(value)}" for path, value in result.reads.items()]
    items = [each for each in config.history(key) if each.captured <= result.recorded]
    if items:
        lines += _change(config, items[-2] if len(items) > 1 else None, items[-1])
    return "\n".join(lines)


def _change(config: ConfigRecorder, before: Item | None, item: Item) -> Iterator[str]:
    yield f"  {item.status} at {item.captured:%Y-%m-%d %H:%M:%S}"
    changes = difference(before, item)["changedProperties"] if before else {}
    for path, change in changes.items():
        old, new = _short(change["previousValue"]), _short(change["updatedValue"])
        yield f"    {path}: {old} -> {new}"
    for event in item.events:
        caller = config.recording.callers.get(event)
        yield f"  by {caller} (event {event})" if caller else f"  by event {event}"


def _short(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
