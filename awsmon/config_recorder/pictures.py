"""A resource over time as a picture: when it changed, and what rules said of it.

Lives here: `chart`, what such a picture shows. Drawing is the neighbour's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from awsmon.core.clock import EPOCH
from awsmon.core.neighbours import AlarmChart, StateSpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsmon.config_recorder.model import Item, Key
    from awsmon.config_recorder.service import ConfigRecorder

__all__ = ["chart"]

RECORDED = "recorded"
_SECOND = timedelta(seconds=1)
_MINUTE = 60


def chart(
    config: ConfigRecorder, key: Key, start: datetime | None, end: datetime | None
) -> AlarmChart | None:
    """What is shown of a resource; None: it was never there.

    Args:
        config: that knows it.
        key: by which.
        start: None: a little before it was first seen.
        end: None: now.
    """
    items = config.history(key)
    said = config.rules.changes.get(key, [])
    instants = [_seconds(each) for each in [*(i.captured for i in items), *(s[0] for s in said)]]
    if not instants:
        return None
    until = _seconds(end or config.clock.now())
    first = min(instants)
    since = _seconds(start) if start else first - max((until - first) // 50, _MINUTE)
    lanes: dict[str, list[tuple[int, str]]] = {}
    for at, rule, word in said:
        lanes.setdefault(rule, []).append((_seconds(at), word if word != "NOT_APPLICABLE" else ""))
    return AlarmChart(
        title=f"{key.type} {items[-1].name or key.id if items else key.id}",
        start=since, end=until, queries=(), threshold=None,
        spans=_spans(_life(items), since, until),
        lanes={rule: _spans(found, since, until) for rule, found in sorted(lanes.items())},
        marks=[at for at in map(_seconds, (each.captured for each in items[1:]))
               if since <= at <= until],
    )  # fmt: skip


def _seconds(at: datetime) -> int:
    return (at - EPOCH) // _SECOND


def _life(items: Iterable[Item]) -> list[tuple[int, str]]:
    """From when to when it was there."""
    return [(_seconds(each.captured), "" if each.deleted else RECORDED) for each in items]


def _spans(changes: Sequence[tuple[int, str]], start: int, end: int) -> list[StateSpan]:
    """From each change to the next; one state after the same is one span."""
    found: list[StateSpan] = []
    ends = [at for at, _ in changes[1:]] + [max(end, changes[-1][0])] if changes else []
    for (at, state), until in zip(changes, ends, strict=True):
        if found and found[-1].state == state:
            found[-1] = found[-1]._replace(end=until)
        else:
            found.append(StateSpan(at, until, state))
    cut = [StateSpan(max(a, start), min(b, end), state) for a, b, state in found]
    return [each for each in cut if each.state and each.start < each.end]
