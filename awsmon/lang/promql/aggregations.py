"""PromQL's aggregations: many samples to fewer.

Lives here: `aggregation`. Source: Prometheus documentation, "Aggregation operators"; CloudWatch
User Guide, "Getting statistics from a histogram", for which of them take histograms.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from awsmon.lang.promql.functions import Histogram, merged, quantile, total, variance
from awsmon.lang.promql.vectors import NAME, Sample, key_of, unique

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from awsmon.lang.promql.functions import Value
    from awsmon.lang.promql.tree import Aggregate
    from awsmon.lang.promql.vectors import Labels

__all__ = ["aggregation"]

_OF_NUMBERS: dict[str, Callable[[Sequence[float]], float]] = {
    "avg": lambda values: total(values) / len(values),
    "count": lambda values: float(len(values)),
    "group": lambda _: 1.0,
    "max": lambda values: _extreme(values, max),
    "min": lambda values: _extreme(values, min),
    "stddev": lambda values: math.sqrt(variance(values)),
    "stdvar": lambda values: variance(values),
    "sum": lambda values: total(values),
}
_OF_HISTOGRAMS: dict[str, Callable[[Sequence[Histogram]], Value]] = {
    "avg": lambda found: merged(found).scaled(1 / len(found)),
    "count": lambda found: float(len(found)),
    "group": lambda _: 1.0,
    "sum": merged,
}


def _extreme(values: Sequence[float], of: Callable[[Sequence[float]], float]) -> float:
    """NaN counts for nothing as long as there is a number."""
    return of([value for value in values if not math.isnan(value)] or values)


def aggregation(node: Aggregate) -> Callable[[Sequence[Sample], Any], list[Sample]]:
    """From samples and the parameter to the result."""
    kept, name = _kept(node), node.operator

    def run(samples: Sequence[Sample], parameter: Any) -> list[Sample]:
        if name == "count_values":
            return _counted(samples, kept, parameter)
        groups: dict[Any, list[Sample]] = {}
        for each in samples:
            groups.setdefault(key_of(kept(each.labels)), []).append(each)
        if name in ("topk", "bottomk"):
            found = [_ranked(group, parameter, top=name == "topk") for group in groups.values()]
            return [each for group in found for each in group]
        results = ((key, _one(name, group, parameter)) for key, group in groups.items())
        at = samples[0].at if samples else 0
        return [Sample(dict(key), value, at) for key, value in results if value is not None]

    return run


def _kept(node: Aggregate) -> Callable[[Mapping[str, str]], Labels]:
    names = frozenset(node.labels)
    if node.without:
        dropped = names | {NAME}
        return lambda labels: {each: labels[each] for each in labels if each not in dropped}
    return lambda labels: {each: labels[each] for each in labels if each in names}


def _one(name: str, group: Sequence[Sample], parameter: Any) -> Value | None:
    """The value of a group; None: of histograms it has none, nor of both together."""
    histograms = [each.value for each in group if isinstance(each.value, Histogram)]
    numbers = [each.value for each in group if not isinstance(each.value, Histogram)]
    if histograms and name in _OF_HISTOGRAMS and (not numbers or name in ("count", "group")):
        return _OF_HISTOGRAMS[name]([each.value for each in group])
    if not numbers or (histograms and name in _OF_HISTOGRAMS):
        return None
    return quantile(parameter, numbers) if name == "quantile" else _OF_NUMBERS[name](numbers)


def _ranked(group: Sequence[Sample], most: float, *, top: bool) -> list[Sample]:
    """The first of them; NaN comes last."""
    numbers = [each for each in group if not isinstance(each.value, Histogram)]
    sign = -1 if top else 1

    def rank(each: Sample) -> tuple[bool, float]:
        lost = math.isnan(each.value)
        return lost, 0.0 if lost else sign * each.value

    count = 0 if math.isnan(most) else int(max(0.0, min(most, len(numbers))))
    return sorted(numbers, key=rank)[:count]


def _counted(
    samples: Sequence[Sample], kept: Callable[[Mapping[str, str]], Labels], label: str
) -> list[Sample]:
    """How many have each value, which is a label then."""
    counts: dict[Any, int] = {}
    for each in samples:
        if not isinstance(each.value, Histogram):
            labels = {**kept(each.labels), label: _written(each.value)}
            counts[key_of(labels)] = counts.get(key_of(labels), 0) + 1
    at = samples[0].at if samples else 0
    return unique(Sample(dict(key), float(count), at) for key, count in counts.items())


def _written(value: float) -> str:
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    return repr(value).removesuffix(".0")
