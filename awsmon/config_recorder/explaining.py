"""Why a resource is judged as it is, for people.

Lives here: `explained`: the rule, what it read, what changed before that, and which call of whose
changed it; and `timeline`: all of that, in order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.config_recorder.items import difference, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from awsmon.config_recorder.model import Item, Key
    from awsmon.config_recorder.rules.model import Result
    from awsmon.config_recorder.service import ConfigRecorder

__all__ = ["Moment", "explained", "timeline"]

_LONGEST = 160


class Moment(NamedTuple):
    """Something in the life of a resource.

    Attributes:
        kind: ``configuration`` or ``compliance``.
        text: as ``OK: Configuration.size`` or ``NON_COMPLIANT with gp3``.
        caller: the call that changed it and whose that was, where it is known.
    """

    at: datetime
    kind: str
    text: str
    caller: str | None = None

    def __str__(self) -> str:
        caller = f", by {self.caller}" if self.caller else ""
        return f"{self.at:%Y-%m-%d %H:%M:%S}  {self.text}{caller}"


def timeline(config: ConfigRecorder, key: Key) -> list[Moment]:
    """Configuration and compliance together, the oldest first; a change before its judgements."""
    found: list[Moment] = []
    items = config.history(key)
    for before, item in zip([None, *items], items):  # noqa: B905 the one is longer
        changes = difference(before, item)["changedProperties"] if before else {}
        paths = f": {', '.join(changes)}" if changes else ""
        callers = [config.recording.callers.get(each) for each in item.events]
        found.append(Moment(item.captured, "configuration", f"{item.status}{paths}",
                            next((each for each in callers if each), None)))  # fmt: skip
    found += [Moment(at, "compliance", f"{word} with {rule}")
              for at, rule, word in config.rules.changes.get(key, ())]  # fmt: skip
    return sorted(found, key=lambda each: each.at)


def explained(config: ConfigRecorder, result: Result) -> str:
    """A result, in lines."""
    key = result.key
    why = f": {result.annotation}" if result.annotation else ""
    lines = [f"{key.type} {key.id} is {result.compliance} with {result.rule}{why}"]
    item = told(result.item, config.scope) if result.item else {}
    lines += [f"  read {path}: {_short(_at(item, path))}" for path in result.reads]
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


def _at(value: Any, path: str) -> Any:
    """What stands at a path, as ``configuration.volumes.0.size``; names may have dots in them."""
    if not path:
        return value
    if isinstance(value, list):
        place, _, rest = path.partition(".")
        return _at(value[int(place)], rest)
    for name in value if isinstance(value, Mapping) else ():
        if f"{path}.".startswith(f"{name}."):
            return _at(value[name], path[len(name) + 1 :])
    return None


def _short(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
