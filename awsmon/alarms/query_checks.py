"""What goes together in the queries of an alarm: `check_queries`.

Sources: API reference, PutMetricAlarm; User Guide, "Using metric math", "Alarms on Metrics Insights
queries", whose wording stands in `errors.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.alarms.errors import InvalidParameterCombination, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.neighbours import MetricReader, QueryFacts

__all__ = ["check_queries"]

MOST_QUERIES = 20
MOST_METRICS = 10
LONGEST_SELECT = 10_800  # seconds
ONE_METRIC = ("MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic",
              "ExtendedStatistic")  # fmt: skip


def check_queries(request: Mapping[str, Any], metrics: MetricReader) -> QueryFacts:
    """Refuse what AWS does; tell what the queries are about.

    Raises:
        AwsError: as AWS words it.
    """
    for member in ONE_METRIC:
        if member in request:
            raise InvalidParameterCombination.mutually_exclusive("Metrics", member)
    queries = request["Metrics"]
    if len(queries) > MOST_QUERIES or sum("MetricStat" in each for each in queries) > MOST_METRICS:
        raise ValidationError.too_many("Metrics", MOST_METRICS)
    about = metrics.facts(queries)
    if "SEARCH" in about.functions:
        raise ValidationError.search()
    band = request.get("ThresholdMetricId")
    if band is not None:
        _check_band(band, queries, about)
    elif len(about.returned) != 1:
        raise ValidationError.returned()
    _check_series(request, about, band)
    return about


def _check_band(band: str, queries: list[Mapping[str, Any]], about: QueryFacts) -> None:
    query = next((each for each in queries if each["Id"] == band), {})
    if not query.get("Expression", "").lstrip().startswith("ANOMALY_DETECTION_BAND"):
        raise ValidationError.no_band(band)
    if len(about.returned) != 2 or band not in about.returned:
        raise ValidationError.returned_with_band()


def _check_series(request: Mapping[str, Any], about: QueryFacts, band: str | None) -> None:
    [returned] = [name for name in about.returned if name != band]
    query = next(each for each in request["Metrics"] if each["Id"] == returned)
    if returned in about.arrays:
        direct = about.ordered and query["Expression"].lstrip()[:6].upper() == "SELECT"
        if not direct or band is not None:
            raise ValidationError.several()
    given = {each["Period"] for each in request["Metrics"] if "Period" in each}
    if len({*about.periods, *given}) > 1:
        raise ValidationError.periods_differ()
    if not about.periods and not given:
        raise ValidationError.no_period()
    if about.namespace is not None:
        period = min({*about.periods, *given})
        if period < 60 or period * request["EvaluationPeriods"] > LONGEST_SELECT:
            raise ValidationError.select_range(LONGEST_SELECT)
