"""Statistics: from what a period holds to one number.

Lives here: `statistic`, which compiles a statistic's name to a function, once for each name.
Source: User Guide, "CloudWatch statistics definitions". AWS doesn't say how it interpolates; here a
percentile is the nearest rank among the values.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.metrics.store import Aggregate

__all__ = ["PLAIN", "Statistic", "statistic"]

_ONE = re.compile(r"(p|tm|wm|tc|ts)(\d{1,2}(?:\.\d{0,10})?|100)")
_RANGE = re.compile(r"(TM|WM|TC|TS|PR)\((\d+(?:\.\d+)?%?)?:(\d+(?:\.\d+)?%?)?\)")

Weighted = list[tuple[float, float]]


class Statistic(NamedTuple):
    """A compiled statistic.

    Attributes:
        raw: it needs the values, not only their aggregates.
        of: from an aggregate to its value; None where the data don't allow it.
        percentile: the NN of pNN, else None.
    """

    raw: bool
    of: Callable[[Aggregate], float | None]
    percentile: float | None = None


PLAIN: dict[str, Callable[[Aggregate], float]] = {
    "SampleCount": lambda found: found.samples,
    "Average": lambda found: found.sum / found.samples if found.samples else 0.0,
    "Sum": lambda found: found.sum,
    "Minimum": lambda found: found.minimum,
    "Maximum": lambda found: found.maximum,
}


@functools.cache
def statistic(name: str) -> Statistic | None:
    """The statistic of that name, as ``Sum``, ``p99.9`` or ``TM(10%:90%)``; None: no such."""
    if name in PLAIN:
        return Statistic(False, PLAIN[name])
    if name == "IQM":
        return _ranged("TM", "25%", "75%")
    if match := _ONE.fullmatch(name):
        kind, number = match.groups()
        if kind == "p":
            share = float(number)
            return Statistic(True, _over(lambda values: _rank(values, share)), share)
        return _ranged(kind.upper(), None, f"{number}%")
    match = _RANGE.fullmatch(name)
    if match is None or (match[2] is None and match[3] is None):
        return None
    kind, low, high = match.groups()
    both = [bound for bound in (low, high) if bound is not None]
    if len({bound.endswith("%") for bound in both}) > 1 or (kind == "PR" and both[0].endswith("%")):
        return None
    return _ranged(kind, low, high)


def _over(compute: Callable[[Weighted], float | None]) -> Callable[[Aggregate], float | None]:
    """Only with all values known, and none negative."""

    def of(found: Aggregate) -> float | None:
        if not found.raw or not found.values or found.minimum < 0:
            return None
        return compute(sorted(found.values))

    return of


def _rank(values: Weighted, percent: float) -> float:
    """The value at *percent* of the samples, by nearest rank."""
    wanted = sum(count for _, count in values) * percent / 100
    seen = 0.0
    for value, count in values:
        seen += count
        if seen >= wanted:
            return value
    return values[-1][0]


def _ranged(kind: str, low: str | None, high: str | None) -> Statistic:
    inside = _by_share if (low or high or "").endswith("%") else _by_value
    bounds = tuple(None if bound is None else float(bound.rstrip("%")) for bound in (low, high))
    compute = _KINDS[kind]
    return Statistic(True, _over(lambda values: compute(values, *inside(values, *bounds))))


def _by_value(
    values: Weighted, low: float | None, high: float | None
) -> tuple[Weighted, float, float]:
    """Those above *low* and up to *high*, and the values that the others are clamped to."""
    kept = [
        (value, count) for value, count in values
        if (low is None or value > low) and (high is None or value <= high)
    ]  # fmt: skip
    return (
        kept,
        values[0][0] if low is None else low,
        values[-1][0] if high is None else high,
    )


def _by_share(
    values: Weighted, low: float | None, high: float | None
) -> tuple[Weighted, float, float]:
    """The samples between two percentiles, a sample at the edge in part."""
    total = sum(count for _, count in values)
    begin, end = total * (low or 0.0) / 100, total * (100.0 if high is None else high) / 100
    kept: Weighted = []
    seen = 0.0
    for value, count in values:
        part = min(seen + count, end) - max(seen, begin)
        if part > 0:
            kept.append((value, part))
        seen += count
    edges = kept or values
    return kept, edges[0][0], edges[-1][0]


def _trimmed_mean(values: Weighted, kept: Weighted, *_: float) -> float | None:
    del values
    total = sum(count for _, count in kept)
    return sum(value * count for value, count in kept) / total if total else None


def _winsorized_mean(values: Weighted, kept: Weighted, low: float, high: float) -> float | None:
    del kept
    total = sum(count for _, count in values)
    return sum(min(max(value, low), high) * count for value, count in values) / total


def _trimmed_count(values: Weighted, kept: Weighted, *_: float) -> float | None:
    del values
    return sum(count for _, count in kept)


def _trimmed_sum(values: Weighted, kept: Weighted, *_: float) -> float | None:
    del values
    return sum(value * count for value, count in kept)


def _percentile_rank(values: Weighted, kept: Weighted, *_: float) -> float | None:
    return 100 * sum(count for _, count in kept) / sum(count for _, count in values)


_KINDS: dict[str, Callable[..., float | None]] = {
    "TM": _trimmed_mean,
    "WM": _winsorized_mean,
    "TC": _trimmed_count,
    "TS": _trimmed_sum,
    "PR": _percentile_rank,
}
