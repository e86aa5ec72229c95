"""PromQL's functions: what each takes, and what it makes of a sample or of a window of samples.

Lives here: `SIGNATURES`, `OVER_TIME` and `OF_HISTOGRAMS`. Functions of one number are
`pointwise.py`'s. Source: Prometheus documentation, "Query functions"; how rates reach beyond the
samples, as its server does it ("extrapolated rate").
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from awsmon.lang.promql.pointwise import CALENDAR, POINTWISE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "MISSING", "OF_HISTOGRAMS", "OVER_TIME", "SIGNATURES", "Histogram", "Value", "Window",
    "bucket_quantile", "merged", "predicted", "quantile", "total", "variance",
]  # fmt: skip


class Histogram(NamedTuple):
    """A sample that stands for many observations.

    Attributes:
        samples: how many.
        sum: of the observed values.
        values: pairs of an observed value and how often, as far as they are known.
    """

    samples: float
    sum: float
    values: tuple[tuple[float, float], ...]

    def scaled(self, by: float) -> Histogram:
        """So many times the observations."""
        values = tuple((value, count * by) for value, count in self.values)
        return Histogram(self.samples * by, self.sum * by, values)


Value: TypeAlias = float | Histogram


class Window(NamedTuple):
    """What a range holds: instants in milliseconds and values, oldest first, at least one.

    Attributes:
        values: numbers, or some histograms, which most functions leave out.
    """

    start: int
    end: int
    times: Sequence[int]
    values: Sequence[Any]


def merged(histograms: Sequence[Histogram]) -> Histogram:
    """All their observations."""
    return Histogram(
        sum(each.samples for each in histograms), sum(each.sum for each in histograms),
        tuple(pair for each in histograms for pair in each.values),
    )  # fmt: skip


def quantile(share: float, values: Sequence[float]) -> float:
    """Between the two values that are nearest. Source: its server's ``quantile``."""
    if not values or math.isnan(share):
        return math.nan
    if not 0 <= share <= 1:
        return -math.inf if share < 0 else math.inf
    ordered = sorted(values)
    rank = share * (len(ordered) - 1)
    lower = max(0, math.floor(rank))
    upper = min(len(ordered) - 1, lower + 1)
    weight = rank - math.floor(rank)
    return ordered[lower] * (1 - weight) + ordered[upper] * weight


# -- of a range ------------------------------------------------------------------------------------


def _extrapolated(window: Window, *, counts: bool, rate: bool) -> float | None:
    """The growth over the whole range, as the samples within it tell."""
    times, values = window.times, window.values
    if len(values) < 2:
        return None
    growth = values[-1] - values[0]
    if counts:
        growth += sum(before for before, after in pairwise(values) if after < before)
    sampled = (times[-1] - times[0]) / 1000
    average = sampled / (len(values) - 1)
    before, after = (times[0] - window.start) / 1000, (window.end - times[-1]) / 1000
    if before >= average * 1.1:
        before = average / 2
    if counts and growth > 0 and values[0] >= 0:  # a counter was never below zero
        before = min(before, sampled * values[0] / growth)
    if after >= average * 1.1:
        after = average / 2
    found: float = growth * (sampled + before + after) / sampled
    return found / ((window.end - window.start) / 1000) if rate else found


def _instant(window: Window, *, rate: bool) -> float | None:
    """The growth between the last two samples."""
    if len(window.values) < 2:
        return None
    before, last = window.values[-2:]
    if not rate:
        return float(last - before)
    growth: float = last if last < before else last - before
    return growth / ((window.times[-1] - window.times[-2]) / 1000)


def total(values: Sequence[float]) -> float:
    """The sum, without the errors of rounding."""
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):  # beyond all numbers, or both infinities
        return float(sum(values))


def _average(values: Sequence[float]) -> float:
    return total(values) / len(values)


def variance(values: Sequence[float]) -> float:
    """Of the whole population."""
    mean = _average(values)
    return _average([(value - mean) * (value - mean) for value in values])


def _line(window: Window, origin: int) -> tuple[float, float] | None:
    """By least squares: the growth a second, and the value at an instant."""
    if len(window.values) < 2:
        return None
    seconds = [(at - origin) / 1000 for at in window.times]
    x, y = _average(seconds), _average(window.values)
    spread = sum((each - x) ** 2 for each in seconds)
    pairs = zip(seconds, window.values, strict=True)
    slope = float(sum((each - x) * (value - y) for each, value in pairs) / spread)
    return slope, y - slope * x


def _slope(window: Window) -> float | None:
    line = _line(window, window.times[0])
    return None if line is None else line[0]


def predicted(window: Window, at: int, seconds: float) -> float | None:
    """What a window's line comes to, so long after an instant; None: there is no line."""
    line = _line(window, at)
    return None if line is None else line[1] + line[0] * seconds


def _steps(window: Window, test: Callable[[float, float], bool]) -> float:
    return float(sum(test(before, after) for before, after in pairwise(window.values)))


OVER_TIME: dict[str, Callable[[Window], float | None]] = {
    "avg_over_time": lambda w: _average(w.values),
    "changes": lambda w: _steps(w, lambda a, b: a != b and not (math.isnan(a) and math.isnan(b))),
    "count_over_time": lambda w: float(len(w.values)),
    "delta": lambda w: _extrapolated(w, counts=False, rate=False),
    "deriv": _slope,
    "idelta": lambda w: _instant(w, rate=False),
    "increase": lambda w: _extrapolated(w, counts=True, rate=False),
    "irate": lambda w: _instant(w, rate=True),
    "last_over_time": lambda w: w.values[-1],
    "max_over_time": lambda w: max(w.values),
    "min_over_time": lambda w: min(w.values),
    "present_over_time": lambda _: 1.0,
    "rate": lambda w: _extrapolated(w, counts=True, rate=True),
    "resets": lambda w: _steps(w, lambda a, b: b < a),
    "stddev_over_time": lambda w: math.sqrt(variance(w.values)),
    "stdvar_over_time": lambda w: variance(w.values),
    "sum_over_time": lambda w: total(w.values),
}
"""Of a window of numbers; None: there is no result."""


# -- of a histogram --------------------------------------------------------------------------------


def _observed(share: float, of: Histogram) -> float:
    """Of the observed values themselves: there are no buckets here to estimate by."""
    if not of.values or math.isnan(share):
        return math.nan
    if not 0 <= share <= 1:
        return -math.inf if share < 0 else math.inf
    left = share * sum(weight for _, weight in of.values)
    ordered = sorted(of.values)
    for value, weight in ordered:
        left -= weight
        if left <= 0:
            return value
    return ordered[-1][0]


def bucket_quantile(share: float, buckets: Sequence[tuple[float, float]]) -> float:
    """Of cumulative counts by upper bound, evenly spread within a bucket.

    Source: Prometheus documentation, "histogram_quantile".
    """
    bounds: dict[float, float] = {}
    for bound, count in sorted(buckets):
        bounds[bound] = max(bounds.get(bound, 0.0) + count, *bounds.values(), 0.0)
    if math.inf not in bounds or len(bounds) < 2 or math.isnan(share) or not bounds[math.inf]:
        return math.nan
    if not 0 <= share <= 1:
        return -math.inf if share < 0 else math.inf
    rank, before, low = share * bounds[math.inf], 0.0, 0.0
    *finite, _ = bounds.items()
    for place, (bound, count) in enumerate(finite):
        if count >= rank:
            if place == 0 and bound <= 0:
                return bound
            return low + (bound - low) * (
                (rank - before) / (count - before) if count > before else 0
            )
        before, low = count, bound
    return finite[-1][0]


OF_HISTOGRAMS: dict[str, Callable[..., float]] = {
    "histogram_avg": lambda of: of.sum / of.samples if of.samples else math.nan,
    "histogram_count": lambda of: of.samples,
    "histogram_quantile": lambda of, share: _observed(share, of),
    "histogram_sum": lambda of: of.sum,
}
"""Of a histogram, and of further scalars."""


# -- what they take --------------------------------------------------------------------------------

_V, _S, _R = "instant vector", "scalar", "range vector"
SIGNATURES: dict[str, tuple[tuple[str, ...], int]] = {
    **dict.fromkeys(OVER_TIME, ((_R,), 1)),
    **dict.fromkeys((*POINTWISE, *OF_HISTOGRAMS), ((_V,), 1)),
    **dict.fromkeys(CALENDAR, ((_V,), 0)),
    "absent": ((_V,), 1),
    "absent_over_time": ((_R,), 1),
    "clamp": ((_V, _S, _S), 3),
    "clamp_max": ((_V, _S), 2),
    "clamp_min": ((_V, _S), 2),
    "histogram_quantile": ((_S, _V), 2),
    "label_join": ((_V, *("string",) * 100), 3),
    "label_replace": ((_V, "string", "string", "string", "string"), 5),
    "pi": ((), 0),
    "predict_linear": ((_R, _S), 2),
    "quantile_over_time": ((_S, _R), 2),
    "round": ((_V, _S), 1),
    "scalar": ((_V,), 1),
    "sort": ((_V,), 1),
    "sort_desc": ((_V,), 1),
    "time": ((), 0),
    "timestamp": ((_V,), 1),
    "vector": ((_S,), 1),
}
"""By name: the kinds of the arguments, and how many there must be."""

MISSING = frozenset({
    "double_exponential_smoothing", "histogram_fraction", "histogram_stddev", "histogram_stdvar",
    "holt_winters", "info", "mad_over_time", "sort_by_label", "sort_by_label_desc",
    "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time",
})  # fmt: skip
"""Prometheus has them, awsmon not."""
