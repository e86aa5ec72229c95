"""From the rows of a query of logs to series, as charts show them.

Lives here: `plotted_rows`. A column of instants is the axis of time, columns of numbers are what is
drawn, and all others tell series apart. Source: Logs User Guide, "Visualizing log data in graphs".
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from awsmon.metrics.charts.drawing import COLORS, Drawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["plotted_rows"]

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$")


def plotted_rows(
    rows: Sequence[Mapping[str, str]], columns: Sequence[str], view: str
) -> list[Drawn]:
    """The series of a view; rows without what it needs yield none."""
    time = next((name for name in columns if all(_instant(row.get(name)) for row in rows)), None)
    values = [name for name in columns if name != time and all(
        _number(row.get(name)) is not None for row in rows)]  # fmt: skip
    named = [name for name in columns if name != time and name not in values]
    points: dict[str, dict[int, float]] = {}
    for place, row in enumerate(rows):
        at = _instant(row.get(time)) if time else place
        for value in values:
            number = _number(row.get(value))
            if at is not None and number is not None:
                points.setdefault(_label(row, named, value, values), {})[at] = number
    if view == "timeSeries" and time is None:
        return []
    period = _period(points)
    return [
        Drawn(f"q{n}", label, COLORS[n % len(COLORS)], False, period, dict(sorted(found.items())))
        for n, (label, found) in enumerate(points.items())
    ]


def _label(row: Mapping[str, str], named: Sequence[str], value: str, values: Sequence[str]) -> str:
    words = [row.get(name, "") for name in named]
    return " ".join([*words, value] if len(values) > 1 or not words else words)


def _instant(text: str | None) -> int | None:
    try:
        told = datetime.fromisoformat(f"{text}+00:00") if text and _INSTANT.match(text) else None
    except ValueError:
        return None
    return int(told.timestamp()) if told else None


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _period(points: Mapping[str, Mapping[int, float]]) -> int:
    """The least distance between two points: what is further apart isn't joined."""
    times = sorted({at for found in points.values() for at in found})
    return min((after - at for at, after in zip(times, times[1:])), default=1)  # noqa: B905, RUF007
