"""The functions of metric math that look at more than their arguments.

Lives here: `check`, before anything is read, and `ANSWERS`, from a function's name to what answers
it: a function of the evaluation, the Id of the expression, and the arguments. One more is an entry
in the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.lang.metric_math.series import TimeSeries
from awsmon.lang.metric_math.tree import Name, Number, Text
from awsmon.lang.metric_search.parser import parse
from awsmon.lang.text import LanguageError
from awsmon.metrics import insight_reports, labels
from awsmon.metrics.connectors import connected
from awsmon.metrics.contributions import METRICS
from awsmon.metrics.databases import check_database, database
from awsmon.metrics.detectors import expression_key
from awsmon.metrics.reading import Range, Source, check_period, check_statistic, read_one
from awsmon.metrics.search import found

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from awsmon.lang.metric_math.series import Array, Value
    from awsmon.lang.metric_math.tree import Call, Node
    from awsmon.metrics.evaluation import Evaluation
    from awsmon.metrics.service import Metrics

    Points = Callable[[int, int], Mapping[int, float]]

__all__ = ["ANSWERS", "check"]

MOST_FOUND = 500
_TOO_MANY = {
    "Code": "MaxMetricsExceeded",
    "Value": "Maximum number of allowed metrics exceeded",
}


def check(call: Call, query: Mapping[str, Any]) -> None:
    """Refuse a call that can't be answered.

    Raises:
        LanguageError: a search is none, or has no period; there are two bands; insight rules have
            no such metric; there is no such kind of database.
    """
    if call.function == "SEARCH":
        _check_search(call, query)
    elif call.function == "ANOMALY_DETECTION_BAND":
        _check_band(call, query)
    elif call.function == "INSIGHT_RULE_METRIC":
        _check_insight(call, query)
    elif call.function == "DB_PERF_INSIGHTS":
        check_database(call, query)


def _check_search(call: Call, query: Mapping[str, Any]) -> None:
    """The wording of a missing period is unverified."""
    text, name, *period = call.arguments
    assert isinstance(text, Text)
    assert isinstance(name, Text)
    parse(text.value)
    check_statistic(name.value)
    if not period and "Period" not in query:
        message = "Period is a required field when using SEARCH function within an expression"
        raise LanguageError(message, query["Expression"], call.at, message)
    if period and isinstance(period[0], Number):
        check_period(period[0].value)


def _check_band(call: Call, query: Mapping[str, Any]) -> None:
    if query["Expression"].count("ANOMALY_DETECTION_BAND") > 1:
        message = "ANOMALY_DETECTION_BAND can be used only once in an expression"
        raise LanguageError(message, query["Expression"], call.at, message)


def _check_insight(call: Call, query: Mapping[str, Any]) -> None:
    """The wording is unverified."""
    metric = call.arguments[1]
    if isinstance(metric, Text) and metric.value not in METRICS:
        message = f"INSIGHT_RULE_METRIC: {metric.value} is not one of {', '.join(METRICS)}"
        raise LanguageError(message, query["Expression"], call.at, message)


def _search(
    evaluation: Evaluation, name: str, text: str, statistic: str, given: float | None = None
) -> Array:
    """The series of the metrics that are found, at most 500."""
    metrics = evaluation.metrics
    period = evaluation.period(name) if given is None else given
    check_period(period)
    sources: list[Source] = []
    account = evaluation.plan.queries[name].get("AccountId")
    for place, key in found(metrics, parse(text), account):
        if len(sources) == MOST_FOUND:
            evaluation.messages.append(_TOO_MANY)
            break
        region = metrics.scope.region
        sources.append(Source(key, statistic, int(period), place.account, region))
    return tuple(
        read_one(metrics, source, evaluation.within, label)
        for source, label in zip(sources, labels.defaults(sources), strict=True)
    )


def _band(evaluation: Evaluation, name: str, series: TimeSeries, width: float = 2) -> Array:
    """The lower and the upper bound of what is expected of a series."""
    metrics, of = evaluation.metrics, _banded(evaluation.plan.compiled[name].outside)
    if isinstance(of, Name) and "MetricStat" in evaluation.plan.queries[of.name]:
        assert isinstance(series.source, Source)
        key, points = _of_metric(metrics, series.source)
    else:
        key, points = _of_expression(evaluation, name, of)
    grid = range(series.grid.start, series.grid.stop, series.grid.step)
    bands = metrics.detectors.bands(key, grid, width, points)
    return tuple(
        TimeSeries(grid, {at: band[side] for at, band in bands.items()}, f"{series.label} {bound}")
        for side, bound in enumerate(("(lower)", "(upper)"))
    )


def _of_metric(metrics: Metrics, source: Source) -> tuple[tuple[Any, ...], Points]:
    def points(start: int, end: int) -> Mapping[int, float]:
        return read_one(metrics, source, Range(start, end), "").points

    return (source.key, source.statistic, source.account), points


def _banded(calls: Sequence[Call]) -> Node:
    """What stands in the band's parentheses."""
    return next(call for call in calls if call.function == "ANOMALY_DETECTION_BAND").arguments[0]


def _of_expression(evaluation: Evaluation, name: str, of: Node) -> tuple[tuple[Any, ...], Points]:
    others = {key: each for key, each in evaluation.plan.queries.items() if key != name}
    inner = {"Id": name, "Expression": str(of)}

    def points(start: int, end: int) -> Mapping[int, float]:
        queries = [*others.values(), inner]
        found = evaluation.again(queries, Range(start, end)).found(name).series
        assert isinstance(found, TimeSeries)
        return found.points

    return expression_key(others, inner["Expression"]), points


def _insight(evaluation: Evaluation, name: str, rule: str, metric: str) -> TimeSeries:
    """A metric of a rule of Contributor Insights; no points without such a rule."""
    metrics = evaluation.metrics
    grid = evaluation.within.grid(max(60, evaluation.period(name)))
    if rule not in metrics.insight_rules:
        return TimeSeries(grid, {}, name)
    found = insight_reports.series(metrics, metrics.insight_rules[rule], metric, grid)
    return TimeSeries(grid, found, name)


def _quota(evaluation: Evaluation, name: str, usage: TimeSeries) -> TimeSeries:
    """The quota of a usage metric, in each of its periods; no points where none is known."""
    of = usage.source
    known = evaluation.metrics.quotas.get(of.key) if isinstance(of, Source) else None
    return TimeSeries(usage.grid, {} if known is None else dict.fromkeys(usage.grid, known), name)


ANSWERS: dict[str, Callable[..., Value]] = {
    "ANOMALY_DETECTION_BAND": _band, "DB_PERF_INSIGHTS": database, "INSIGHT_RULE_METRIC": _insight,
    "LAMBDA": connected, "SEARCH": _search, "SERVICE_QUOTA": _quota,
}  # fmt: skip
