"""What a metric is expected to be: `train` and the `Model` that it gives.

AWS doesn't tell how it learns; this is a model of our own, which gives the same for the same
points. A quarter of an hour is expected to be as it was before: on the same weekday (where there
are two of each), on any day (where there are two), or whenever; with steps between them, or with
slopes. What fits best is taken. How wide the band is comes from how far each quarter was from what
the others make expect: a band of 2 standard deviations holds 995 in 1000 of these distances.

Sources for what can be configured: API reference, AnomalyDetectorConfiguration; User Guide, "Using
CloudWatch anomaly detection".
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from statistics import fmean, median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import tzinfo

__all__ = ["DAY", "ENOUGH", "Model", "Settings", "train"]

DAY, HOUR, QUARTER = 86_400, 3600, 900
DAILY, WEEKLY = DAY // QUARTER, 7 * DAY // QUARTER
ENOUGH = 3 * HOUR
"""Seconds that points must cover, so that there is anything to learn."""
USUAL = 0.995
"""The share of distances that a band of two standard deviations holds."""
LEAST = 0.005
"""Of the level: no band of one standard deviation is narrower."""
OUTLIERS = {"MINIMAL": 12.0, "MODERATE": 8.0, "STRICT": 5.0}
"""From how many standard deviations on, by the median distance, a point is no lesson."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to learn.

    Attributes:
        zone: in which days begin.
        outliers: ``MINIMAL``, ``MODERATE`` or ``STRICT``.
        spikes: they are expected at an hour at which they come on most days.
    """

    zone: tzinfo
    outliers: str = "MODERATE"
    spikes: bool = False


class Fit(NamedTuple):
    """A way to expect: after how many quarters it all comes again, and how it goes between them."""

    cycle: int
    smooth: bool


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned.

    Attributes:
        local: from an instant to the seconds that a clock of its time zone has counted.
        expected: a quarter of the cycle to its value.
        level: what is expected where nothing is known of a quarter.
        deviation: what the width of a band is a multiple of.
        least: no value was below, where that is zero; None: there is no such bound.
        spikes: the highest value that an hour of the day usually has.
    """

    local: Callable[[int], int]
    fit: Fit
    expected: Mapping[int, float]
    level: float
    deviation: float
    least: float | None
    spikes: Mapping[int, float] = field(default_factory=dict)

    def band(self, at: int, width: float) -> tuple[float, float]:
        """The lower and upper bound of a period that starts then, in seconds since the epoch."""
        local = self.local(at)
        middle = _at(local, self._of, smooth=self.fit.smooth)
        lower, upper = middle - width * self.deviation, middle + width * self.deviation
        upper = max(upper, self.spikes.get(local // HOUR % 24, upper))
        return lower if self.least is None else max(lower, self.least), upper

    def _of(self, quarter: int) -> float:
        return self.expected.get(quarter % self.fit.cycle, self.level)


def train(points: Mapping[int, float], settings: Settings) -> Model | None:
    """Learn from points by the starts of their periods in seconds; None: there are too few."""
    if not points or max(points) - min(points) < ENOUGH:
        return None
    local = _local(settings.zone)
    lessons = [(local(at), value) for at, value in points.items()]
    quarters = _medians((at // QUARTER, value) for at, value in lessons)
    distances = {fit: _distances(lessons, quarters, fit) for fit in _fits(lessons)}
    fit = min(distances, key=lambda each: fmean(distances[each]))
    level = median(quarters.values())
    spikes = _spikes(lessons) if settings.spikes else {}
    return Model(
        local, fit, _medians((at % fit.cycle, value) for at, value in quarters.items()), level,
        deviation=max(_usual(distances[fit], settings.outliers) / 2, LEAST * abs(level)),
        least=0.0 if min(points.values()) >= 0 else None, spikes=spikes,
    )  # fmt: skip


def _local(zone: tzinfo) -> Callable[[int], int]:
    offsets: dict[int, int] = {}

    def local(at: int) -> int:
        quarter = at // QUARTER
        if quarter not in offsets:
            ahead = datetime.fromtimestamp(quarter * QUARTER, zone).utcoffset()
            offsets[quarter] = int(ahead.total_seconds()) if ahead else 0
        return at + offsets[quarter]

    return local


def _fits(lessons: Sequence[tuple[int, float]]) -> list[Fit]:
    """What may repeat itself is what there is twice."""
    times = [at for at, _ in lessons]
    covered = max(times) - min(times)
    cycles = [DAILY] * (covered > DAY) + [WEEKLY] * (covered > 13 * DAY)
    return [Fit(1, False), *(Fit(cycle, smooth) for cycle in cycles for smooth in (False, True))]


def _medians(pairs: Iterable[tuple[int, float]]) -> dict[int, float]:
    found: dict[int, list[float]] = defaultdict(list)
    for slot, value in pairs:
        found[slot].append(value)
    return {slot: median(values) for slot, values in found.items()}


def _at(local: int, of: Callable[[int], float], *, smooth: bool) -> float:
    """What is expected then: that of the quarter, or between the middles of two."""
    if not smooth:
        return of(local // QUARTER)
    quarter, past = divmod(local - QUARTER // 2, QUARTER)
    before = of(quarter)
    return before + (of(quarter + 1) - before) * past / QUARTER


def _distances(
    lessons: Sequence[tuple[int, float]], quarters: Mapping[int, float], fit: Fit
) -> list[float]:
    """How far each value is from what the other quarters make expect."""
    if fit.cycle == 1:
        level = median(quarters.values())
        return [abs(value - level) for _, value in lessons]
    expected = _by_others(quarters, fit.cycle)
    found = []
    for at, value in lessons:
        known = partial(_known, expected, expected[at // QUARTER])
        middle = _at(at, known, smooth=fit.smooth)
        found.append(abs(value - middle))
    return found


def _known(expected: Mapping[int, float], otherwise: float, quarter: int) -> float:
    return expected.get(quarter, otherwise)


def _by_others(quarters: Mapping[int, float], cycle: int) -> dict[int, float]:
    alike: dict[int, list[int]] = defaultdict(list)
    for quarter in quarters:
        alike[quarter % cycle].append(quarter)
    expected: dict[int, float] = {}
    for slot in alike.values():
        for quarter in slot:
            others = [quarters[other] for other in slot if other != quarter]
            expected[quarter] = median(others) if others else quarters[quarter]
    return expected


def _usual(distances: Sequence[float], outliers: str) -> float:
    """The distance that `USUAL` of them don't exceed, without those that are no lesson."""
    limit = OUTLIERS[outliers] * 1.4826 * median(distances)
    kept = sorted(each for each in distances if each <= limit) if limit else sorted(distances)
    return kept[max(0, math.ceil(USUAL * len(kept)) - 1)]


def _spikes(lessons: Sequence[tuple[int, float]]) -> dict[int, float]:
    highest: dict[int, float] = {}
    for at, value in lessons:
        hour = at // HOUR
        highest[hour] = max(value, highest.get(hour, value))
    return _medians((hour % 24, value) for hour, value in highest.items())
