"""Reports of Contributor Insights: `report`, as GetInsightRuleReport gives it, and `series`.

Sources: API reference, GetInsightRuleReport; a recording for what a period without contributors
has: it is there, with 0 (LocalStack's snapshots).

Decided here, where AWS doesn't say: ordered by Maximum, the contributor with the highest value of a
single log event comes first; the values stay what it contributed in all. Contributors that
contribute alike are in order of their keys.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import EPOCH
from awsmon.metrics.contributions import METRICS, Period, periods
from awsmon.metrics.reading import Range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.metrics.contributions import Keys
    from awsmon.metrics.insight_rules import InsightRule
    from awsmon.metrics.service import Metrics

    Found = list[tuple[int, Period]]

__all__ = ["by_contributor", "report", "series"]


def report(
    metrics: Metrics, rule: InsightRule, within: Range, period: int, *, most: int,
    wanted: Sequence[str], order_by: str,
) -> dict[str, Any]:  # fmt: skip
    """The best *most* contributors of a range, and the *wanted* metrics of each period."""
    found, whole = _read(metrics, rule, within, period)
    keys, of = _about(rule)
    best = _best(whole, most, order_by)
    return {
        "KeyLabels": keys,
        "AggregationStatistic": "SampleCount" if of == "samples" else "Sum",
        "AggregateValue": getattr(whole.all, of),
        "ApproximateUniqueCount": len(whole.contributors),
        "Contributors": [
            {"Keys": list(each), "ApproximateAggregateValue": whole.value(each),
             "Datapoints": _datapoints(found, each)}
            for each in best
        ],
        "MetricDatapoints": [
            {"Timestamp": _at(at), **{name: METRICS[name](one) for name in wanted}}
            for at, one in found
        ] if wanted else [],
    }  # fmt: skip


def series(metrics: Metrics, rule: InsightRule, metric: str, grid: range) -> dict[int, float]:
    """A metric of the periods of a grid, from when there was the rule until now.

    A period without contributors has 0.
    """
    found, _ = _read(metrics, rule, Range(grid.start, grid.stop), grid.step)
    return {
        at: METRICS[metric](one)
        for at, one in found
        if one.contributors or rule.since - grid.step < at <= metrics.now
    }


def by_contributor(
    metrics: Metrics, rule: InsightRule, within: Range, period: int, *, most: int, order_by: str
) -> list[tuple[str, dict[int, float]]]:
    """The points of each of the best contributors, best first."""
    found, whole = _read(metrics, rule, within, period)
    return [
        (" ".join(each), {at: one.value(each) for at, one in found if each in one.contributors})
        for each in _best(whole, most, order_by)
    ]


def _read(metrics: Metrics, rule: InsightRule, within: Range, period: int) -> tuple[Found, Period]:
    """The periods of a range, and all of it as one."""
    grid = within.grid(period)
    _, of = _about(rule)
    minutes = metrics.insight_rules.minutes(rule, grid.start, within.end)
    found = list(periods(minutes, grid, of))
    whole = Period(of)
    for _, each in found:
        whole.add(each.contributors)
    return found, whole


def _about(rule: InsightRule) -> tuple[list[str], str]:
    """A rule's keys, and which member of a tally it aggregates."""
    definition = json.loads(rule.definition)
    return definition["Contribution"]["Keys"], (
        "samples" if definition["AggregateOn"] == "Count" else "total"
    )


def _best(whole: Period, most: int, order_by: str) -> list[Keys]:
    def rank(keys: Keys) -> tuple[float, Keys]:
        high = whole.contributors[keys].highest if order_by == "Maximum" else whole.value(keys)
        return -high, keys

    return sorted(whole.contributors, key=rank)[:most]


def _datapoints(found: Found, keys: Keys) -> list[dict[str, Any]]:
    return [
        {"Timestamp": _at(at), "ApproximateValue": one.value(keys)}
        for at, one in found
        if keys in one.contributors
    ]


def _at(second: int) -> datetime:
    return EPOCH + timedelta(seconds=second)
