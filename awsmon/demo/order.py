"""What is believed of a log's order.

Lives here: `in_order`. A server writes a line when the answer is finished and stamps it with the
time when the request came, so lines come a little late: that is nothing to mend. A line whose time
lies far from its neighbours' is: the clock would follow it, and doesn't go back.
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
    """All lines; those whose time cannot be meant come as broken ones.

    An entry over a day behind the newest before it is broken; so is one over a day ahead of it, or
    the very first, which the next entry doesn't bear out. A site may have been silent for a day, so
    that two that agree are believed, and so is the last.
    """
    newest: datetime | None = None
    leap: Entry | None = None  # held until the next entry has come
    for line in lines:
        if isinstance(line, Broken):
            yield line
            continue
        if leap is not None and leap.at - line.at > FAR:
            yield _far(leap, leap.at - line.at, "ahead of the next one's")
        elif leap is not None:
            newest = leap.at
            yield leap
        leap = None
        if newest is None or line.at - newest > FAR:
            leap = line
        elif newest - line.at > FAR:
            yield _far(line, newest - line.at, "behind the newest before it")
        else:
            newest = max(newest, line.at)
            yield line
    if leap is not None:
        yield leap


def _far(entry: Entry, by: timedelta, where: str) -> Broken:
    days = f"{by.days} day{'s' if by.days > 1 else ''}"
    return Broken(entry.number, entry.text, f"its time lies over {days} {where}")
