"""GetMetricData: from queries to results.

Lives here: the checks of a set of queries, the plain statistics, labels and pages. The rounding of
the start is shared with GetMetricStatistics. Metric math, SEARCH and SQL will hang on `_series`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.clock import EPOCH
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.neighbours import MetricKey
from awsmon.metrics.errors import InvalidNextToken, InvalidParameterValue, ValidationError
from awsmon.metrics.linked import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from awsmon.metrics.linked import Readable
    from awsmon.metrics.service import Metrics
    from awsmon.metrics.statistics import Statistic

__all__ = ["MOST_DATAPOINTS", "SHORT_PERIODS", "page", "results", "rounded"]

SHORT_PERIODS = (1, 5, 10, 20, 30)
MOST_DATAPOINTS = 100_800
MOST_QUERIES = 500


def rounded(start: int, period: int) -> int:
    """The start of the first period: down to the minute, or to the period within it.

    Source: API reference, GetMetricData, StartTime.
    """
    return start - start % (min(60, period))


def results(
    metrics: Metrics, queries: Sequence[Mapping[str, Any]], start: int, end: int
) -> list[dict[str, Any]]:
    """A result for each query whose data is to be returned, oldest point first.

    Raises:
        ValidationError: ids repeat, a query is both a statistic and an expression or neither.
    """
    _check(queries)
    shown = [query for query in queries if query.get("ReturnData", True)]
    labels = _labels([query["MetricStat"] for query in shown])
    return [
        _result(metrics, query, label, start, end)
        for query, label in zip(shown, labels, strict=True)
    ]


def _check(queries: Sequence[Mapping[str, Any]]) -> None:
    if len(queries) > MOST_QUERIES:
        raise ValidationError(
            f"The collection MetricDataQueries must not have a size greater than {MOST_QUERIES}."
        )
    seen = set()
    for query in queries:
        name = query["Id"]
        if name in seen:
            raise ValidationError(
                f"The values for parameter id in MetricDataQueries are not unique: {name}."
            )
        seen.add(name)
        if ("Expression" in query) == ("MetricStat" in query):
            raise ValidationError(
                "Exactly one of Expression and MetricStat must be given in MetricDataQuery "
                f"with id {name}."
            )
        if "Expression" in query:
            raise NotImplementedByAwsmon("GetMetricData: MetricDataQuery.Expression")
        if "${" in query.get("Label", ""):
            raise NotImplementedByAwsmon("GetMetricData: dynamic labels")


def _result(
    metrics: Metrics, query: Mapping[str, Any], label: str, start: int, end: int
) -> dict[str, Any]:
    wanted = query["MetricStat"]
    if wanted["Period"] not in SHORT_PERIODS and wanted["Period"] % 60:
        raise InvalidParameterValue.period(wanted["Period"])
    stat = metrics.statistic(wanted["Stat"])
    account = query.get("AccountId", metrics.scope.account)
    place = next((each for each in readable(metrics) if each.account == account), None)
    data = _forbidden(account) if place is None else _data(place, wanted, stat, start, end)
    return {"Id": query["Id"], "Label": query.get("Label", label), **data}


def _forbidden(account: str) -> dict[str, Any]:
    """Of an account that isn't linked to this one. The message's wording is unverified."""
    message = {"Code": "Forbidden", "Value": f"Metrics of account {account} are not shared."}
    return {"Timestamps": [], "Values": [], "StatusCode": "Forbidden", "Messages": [message]}


def _data(
    place: Readable, wanted: Mapping[str, Any], stat: Statistic, start: int, end: int
) -> dict[str, Any]:
    key, period, unit = _key(wanted["Metric"]), wanted["Period"], wanted.get("Unit")
    start = rounded(start, period)
    buckets, units = [], []
    if place.passes(key.namespace):
        buckets = place.metrics.buckets(key, start, end, period, stat, unit)
        units = place.metrics.units_between(key, start, end)
    several = unit is None and len(units) > 1
    return {
        "Timestamps": [EPOCH + timedelta(seconds=bucket.start) for bucket in buckets],
        "Values": [bucket.value for bucket in buckets],
        "StatusCode": "Complete",
        "Messages": [{"Code": "MultipleUnits",
                      "Value": f"Multiple units returned: '[{', '.join(units)}]'"}]
        if several else None,
    }  # fmt: skip


def _key(metric: Mapping[str, Any]) -> MetricKey:
    return MetricKey.of(
        metric["Namespace"],
        metric["MetricName"],
        {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())},
    )


def _labels(stats: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """The metric's name, and what tells it from the others: statistic, period.

    Source: recordings of GetMetricData with several queries.
    """
    by_stat = len({stat["Stat"] for stat in stats}) > 1
    by_period = len({stat["Period"] for stat in stats}) > 1
    for stat in stats:
        parts = [stat["Metric"]["MetricName"]]
        parts += [stat["Stat"]] if by_stat else []
        parts += [str(stat["Period"])] if by_period else []
        yield " ".join(parts)


def page(
    found: list[dict[str, Any]], token: str | None, most: int
) -> tuple[list[dict[str, Any]], str | None]:
    """At most so many datapoints over all results; the rest follows with the token.

    Raises:
        InvalidNextToken: the token is none that an answer gave.
    """
    if not 1 <= most <= MOST_DATAPOINTS:
        raise ValidationError(f"MaxDatapoints must be between 1 and {MOST_DATAPOINTS}.")
    everything = sum(len(result["Timestamps"]) for result in found)
    places, token = paging.page(
        range(everything), token, most, of="GetMetricData", bad_token=InvalidNextToken
    )
    start = places[0] if places else 0
    end, total = start + len(places), 0
    for result in found:
        size = len(result["Timestamps"])
        low, high = max(start - total, 0), max(min(end - total, size), 0)
        for member in ("Timestamps", "Values"):
            result[member] = result[member][low:high]
        if high < size:
            result["StatusCode"] = "PartialData"
        total += size
    return found, token
