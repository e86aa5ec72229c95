"""What is believed of a log's order.

Lives here: `in_order`. A server writes a line when the answer is finished and stamps it with the time
when the request came, so lines come a little late: that is nothing to mend. A line whose time lies far
from its neighbours' is: the clock would follow it, and doesn't go back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.demo.accesslog import Broken, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

__all__ = ["FAR", "in_order"]

FAR = timedelta(days=1)


def in_order(lines: Iterable[Entry | Broken]) -> Iterator[Entry | Broken]:
    """All lines in their order; those whose time cannot be meant come as broken ones.

    A line over a day behind the newest before it is broken; so is one over a day ahead of it which
    the next entry doesn't bear out. A site may have been silent for a day, so that two that agree
    are believed, and so is the last.
    """
    newest: datetime | None = None
    held: list[Entry | Broken] = []  # an entry far ahead, and the broken lines since
    for line in lines:
        if held:
            leap = held[0]
            assert isinstance(leap, Entry)
            if isinstance(line, Broken):
                held.append(line)
                continue
            if leap.at - line.at > FAR:
                held[0] = _far(leap, leap.at - line.at, "ahead of the next")
            else:
                newest = leap.at
            yield from held
            held = []
        if isinstance(line, Broken):
            yield line
        elif newest is None or line.at - newest > FAR:
            held = [line]
        elif newest - line.at > FAR:
            yield _far(line, newest - line.at, "behind those before it")
        else:
            newest = max(newest, line.at)
            yield line
    yield from held


def _far(entry: Entry, by: timedelta, where: str) -> Broken:
    days = f"{by.days} day{'s' if by.days > 1 else ''}"
    return Broken(entry.number, entry.text, f"its time lies over {days} {where}")
