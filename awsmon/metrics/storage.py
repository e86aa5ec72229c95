"""The datapoints of one account and region, and for how long they can be read.

Lives here: `Storage`. How the points of one series are kept is `store.py`'s. Points of less than a
minute can be read for three hours, then as minutes; minutes for 15 days, then as five minutes; five
minutes for 63 days, then as hours; hours for 455 days. Source: User Guide, "Metrics retention"; API
reference, GetMetricData, StartTime.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from awsmon.core.neighbours import Bucket
from awsmon.metrics.statistics import PLAIN
from awsmon.metrics.store import Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.core.neighbours import MetricKey
    from awsmon.metrics.service import Metrics
    from awsmon.metrics.statistics import Statistic

__all__ = ["HOUR", "Storage", "coarseness"]

HOUR, DAY = 3600, 86_400
FINE, MINUTES, FIVE_MINUTES, HOURS = 3 * HOUR, 15 * DAY, 63 * DAY, 455 * DAY


def coarseness(age: int) -> int:
    """To how many seconds a start time of that age, in seconds, is rounded down."""
    if age < MINUTES:
        return 60
    return 300 if age < FIVE_MINUTES else HOUR


def _kept(period: int) -> int:
    """For how many seconds values of a period can be read."""
    if period % 60:
        return FINE
    if period % 300:
        return MINUTES
    return FIVE_MINUTES if period % HOUR else HOURS


class Storage:
    """The series by metric and unit: iterable, and ``in``."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._series: dict[MetricKey, dict[str, Series]] = {}

    def __iter__(self) -> Iterator[MetricKey]:
        """In the order in which they came."""
        return iter(self._series)

    def __contains__(self, key: object) -> bool:
        return key in self._series

    def __len__(self) -> int:
        return len(self._series)

    def series(self, key: MetricKey, unit: str) -> Series:
        """The series to put points into."""
        units = self._series.get(key)
        if units is None:
            units = self._series[key] = {}
        series = units.get(unit)
        if series is None:
            series = units[unit] = Series()
        return series

    def units(self, key: MetricKey) -> list[str]:
        """The units in which a metric has points, in alphabetical order."""
        return sorted(self._series.get(key, {}))

    def units_between(self, key: MetricKey, start: int, end: int) -> list[str]:
        """Those in which it has points in a range of seconds."""
        found = []
        for name, series in sorted(self._series.get(key, {}).items()):
            first = series.first_at_or_after(start)
            if first is not None and first < end:
                found.append(name)
        return found

    def newest(self, key: MetricKey) -> int | None:
        """When a metric got its latest point, in seconds since the epoch; None without any."""
        newest = None
        for series in self._series.get(key, {}).values():
            time = series.newest()
            if time is not None and (newest is None or time > newest):
                newest = time
        return newest

    def first_point(self, key: MetricKey, *, since: int, unit: str | None) -> int | None:
        """The bucket of the earliest stored point at or after *since*."""
        firsts = [
            first
            for name, series in self._series.get(key, {}).items()
            if unit in (None, name) and (first := series.first_at_or_after(since)) is not None
        ]
        return min(firsts, default=None)

    def buckets(
        self, key: MetricKey, start: int, end: int, period: int, statistic: Statistic,
        unit: str | None,
    ) -> list[Bucket]:  # fmt: skip
        """The periods from *start* on that hold a value, oldest first; instants in seconds."""
        start = self._readable(start, period)
        series = self._one_unit(key, unit, start, end)
        if series is None:
            return []
        raw, of, _ = statistic
        singles = None if raw else series.singles(range(start, end, period))
        if singles is not None:
            counts = of is PLAIN["SampleCount"]
            return [Bucket(at, 1.0, 1.0 if counts else each) for at, each in singles.items()]
        return [
            Bucket(found.start, found.samples, value)
            for found in series.aggregate(start, end, period, raw=raw)
            if (value := of(found)) is not None and not math.isnan(value)
        ]

    def points(
        self, key: MetricKey, grid: range, statistic: Statistic, unit: str | None
    ) -> dict[int, float]:
        """The values of the periods of a grid that hold one, oldest first."""
        grid = range(self._readable(grid.start, grid.step), grid.stop, grid.step)
        series = self._one_unit(key, unit, grid.start, grid.stop)
        if series is None:
            return {}
        singles = None if statistic.raw else series.singles(grid)
        if singles is None:
            found = self.buckets(key, grid.start, grid.stop, grid.step, statistic, unit)
            return {bucket.start: bucket.value for bucket in found}
        return dict.fromkeys(singles, 1.0) if statistic.of is PLAIN["SampleCount"] else singles

    def _readable(self, start: int, period: int) -> int:
        """The first period from *start* on that can still be read."""
        oldest = self._metrics.now - _kept(period)
        return start if start >= oldest else start - (start - oldest) // period * period

    def _one_unit(self, key: MetricKey, unit: str | None, start: int, end: int) -> Series | None:
        """The series in that unit; None: in the first that has a point in the range."""
        units = self._series.get(key)
        if not units:
            return None
        if unit is not None:
            return units.get(unit)
        if len(units) == 1:
            return next(iter(units.values()))
        return next((units[name] for name in self.units_between(key, start, end)), None)
