"""Series kept small: two arrays for each unit of each metric.

Lives here: `Series` and `Aggregate`. Times are whole seconds since the epoch, the start of the
second or minute that the point is filed under. A plain value costs 16 bytes; counts are kept from
the first that isn't one, statistic sets in a list of their own. What a statistic is, is
`statistics.py`'s.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Aggregate", "Series", "StatisticSet"]


class StatisticSet(NamedTuple):
    """Values that were aggregated before they came."""

    time: int
    samples: float
    sum: float
    minimum: float
    maximum: float


class Aggregate:
    """What one period holds.

    Attributes:
        values: pairs of value and count, where raw values were asked for and all are known.
        raw: False: some came as a set, of which only the aggregates are known.
    """

    __slots__ = ("maximum", "minimum", "raw", "samples", "start", "sum", "values")

    def __init__(self, start: int) -> None:
        self.start = start
        self.samples = 0.0
        self.sum = 0.0
        self.minimum = float("inf")
        self.maximum = float("-inf")
        self.values: list[tuple[float, float]] = []
        self.raw = True

    def add(self, value: float, count: float) -> None:
        """So many samples of one value."""
        self.samples += count
        self.sum += value * count
        if value < self.minimum:
            self.minimum = value
        if value > self.maximum:
            self.maximum = value

    def add_set(self, found: StatisticSet) -> None:
        """A set, of which the values are known only if they are all alike.

        Source: User Guide, "Percentiles": SampleCount is 1, or minimum and maximum are equal.
        """
        self.samples += found.samples
        self.sum += found.sum
        self.minimum = min(self.minimum, found.minimum)
        self.maximum = max(self.maximum, found.maximum)
        if found.minimum == found.maximum:
            self.values.append((found.minimum, found.samples))
        else:
            self.raw = False


class Series:
    """The datapoints of one metric in one unit, in order of time."""

    __slots__ = ("counts", "sets", "times", "values")

    def __init__(self) -> None:
        self.times = array("q")
        self.values = array("d")
        self.counts: array[float] | None = None
        self.sets: list[StatisticSet] = []

    def add(self, time: int, value: float, count: float = 1.0) -> None:
        """One value; a late one goes to its place."""
        if count != 1.0 and self.counts is None:
            self.counts = array("d", [1.0]) * len(self.times)
        if not self.times or time >= self.times[-1]:
            self.times.append(time)
            self.values.append(value)
            if self.counts is not None:
                self.counts.append(count)
            return
        place = bisect_right(self.times, time)
        self.times.insert(place, time)
        self.values.insert(place, value)
        if self.counts is not None:
            self.counts.insert(place, count)

    def add_set(self, found: StatisticSet) -> None:
        """One statistic set."""
        insort(self.sets, found)

    def extend(self, times: Sequence[int], values: Sequence[float]) -> None:
        """Many single values, in any order."""
        in_order = all(map(int.__le__, times, times[1:]))
        self.times.extend(times)
        self.values.extend(values)
        if self.counts is not None:
            self.counts.extend([1.0] * len(times))
        if not in_order or (
            len(self.times) > len(times) and times[0] < self.times[-len(times) - 1]
        ):
            order = sorted(range(len(self.times)), key=self.times.__getitem__)
            self.times = array("q", [self.times[place] for place in order])
            self.values = array("d", [self.values[place] for place in order])
            if self.counts is not None:
                self.counts = array("d", [self.counts[place] for place in order])

    def first_at_or_after(self, time: int) -> int | None:
        """The earliest time that isn't before *time*."""
        place = bisect_left(self.times, time)
        found = self.times[place] if place < len(self.times) else None
        place = bisect_left(self.sets, (time,))
        if place < len(self.sets):
            found = self.sets[place].time if found is None else min(found, self.sets[place].time)
        return found

    def newest(self) -> int | None:
        """The latest time there is."""
        newest = self.times[-1] if self.times else None
        if self.sets and (newest is None or self.sets[-1].time > newest):
            newest = self.sets[-1].time
        return newest

    def singles(self, grid: range) -> dict[int, float] | None:
        """The values of periods by their starts, if none holds more than one plain value."""
        if self.counts is not None or self.sets:
            return None
        first, last = bisect_left(self.times, grid.start), bisect_left(self.times, grid.stop)
        start, period = grid.start, grid.step
        times: Sequence[int] = self.times[first:last]
        if (
            times
            and (times[0] - start) % period == 0
            and len(times) == ((times[-1] - times[0]) // period + 1)
        ):  # one to a period, it seems
            whole = array("q", range(times[0], times[-1] + 1, period))
            if times == whole:
                return dict(zip(times, self.values[first:last], strict=True))
        times = [time - (time - start) % period for time in times]
        found = dict(zip(times, self.values[first:last], strict=True))
        return found if len(found) == len(times) else None

    def aggregate(self, start: int, end: int, period: int, *, raw: bool) -> list[Aggregate]:
        """The periods from *start* on in which there is something, oldest first.

        Args:
            start: inclusive; the first period begins here.
            end: exclusive.
            period: seconds.
            raw: keep the values too, for percentiles and their like.
        """
        first, last = bisect_left(self.times, start), bisect_left(self.times, end)
        found: list[Aggregate] = []
        times, values, counts = self.times, self.values, self.counts
        current, until = None, start
        for place in range(first, last):
            time = times[place]
            if current is None or time >= until:
                begin = start + (time - start) // period * period
                until = begin + period
                current = Aggregate(begin)
                found.append(current)
            value = values[place]
            if counts is None:
                current.samples += 1.0
                current.sum += value
                if value < current.minimum:
                    current.minimum = value
                if value > current.maximum:
                    current.maximum = value
            else:
                current.add(value, counts[place])
            if raw:
                current.values.append((value, 1.0 if counts is None else counts[place]))
        return self._with_sets(found, start, end, period) if self.sets else found

    def _with_sets(
        self, found: list[Aggregate], start: int, end: int, period: int
    ) -> list[Aggregate]:
        by_start = {aggregate.start: aggregate for aggregate in found}
        for each in self.sets[bisect_left(self.sets, (start,)) : bisect_left(self.sets, (end,))]:
            begin = start + (each.time - start) // period * period
            by_start.setdefault(begin, Aggregate(begin)).add_set(each)
        return [by_start[begin] for begin in sorted(by_start)]
