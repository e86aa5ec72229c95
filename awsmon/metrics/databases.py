"""DB_PERF_INSIGHTS: counters of databases, as Performance Insights tells them.

Lives here: `check_database` and `database`. Who answers GetResourceMetrics is the other mock, if it
has the client ``pi``, or the callable bound to ``arn:aws:pi:REGION:ACCOUNT:metrics/rds/db-X``: it
gets that operation's request, with times in seconds, and answers as it does. Sources: User Guide,
"Functions supported for metric math"; Performance Insights API reference, GetResourceMetrics;
Service Authorization Reference for the ARN. The wordings are unverified.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from awsmon.core.deliveries import Refused
from awsmon.core.errors import MisuseError
from awsmon.lang.metric_math.series import TimeSeries
from awsmon.lang.metric_math.tree import Text
from awsmon.lang.text import LanguageError
from awsmon.metrics.connectors import NotAnswered
from awsmon.metrics.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsmon.lang.metric_math.series import Value
    from awsmon.lang.metric_math.tree import Call
    from awsmon.metrics.evaluation import Evaluation

__all__ = ["check_database", "database"]

PERIODS = (1, 10, 30, 60, 300, 3600, 86_400)
SERVICES = ("RDS", "DOCDB")


def check_database(call: Call, query: Mapping[str, Any]) -> None:
    """Refuse a service that has no such counters.

    Raises:
        LanguageError: it is neither RDS nor DocumentDB.
    """
    service = call.arguments[0]
    if isinstance(service, Text) and service.value not in SERVICES:
        message = f"DB_PERF_INSIGHTS: {service.value} is not one of {', '.join(SERVICES)}"
        raise LanguageError(message, query["Expression"], call.at, message)


def database(
    evaluation: Evaluation, name: str, service: str, resource: str, wanted: str | Sequence[str]
) -> Value:
    """The series of one metric of a database, or of several, in their order.

    Raises:
        ValidationError: there is no such period.
        NotAnswered: who was asked failed.
        MisuseError: nobody can be asked.
    """
    period = evaluation.period(name)
    if period not in PERIODS:
        raise ValidationError(
            f"Error in expression '{name}': DB_PERF_INSIGHTS supports the periods "
            f"{', '.join(map(str, PERIODS))}, not {period}"
        )
    grid = evaluation.within.grid(period)
    metrics = [wanted] if isinstance(wanted, str) else list(wanted)
    found: dict[str, dict[int, float]] = {metric: {} for metric in metrics}
    try:
        for metric, points in _told(evaluation, service, resource, metrics, grid):
            found.setdefault(metric, {}).update(points)
    except Refused as error:
        code = error.code or "PerformanceInsightsError"
        raise NotAnswered(grid, name, "InternalError", code, str(error)) from error
    several = tuple(TimeSeries(grid, found[metric], metric) for metric in metrics)
    return several[0] if isinstance(wanted, str) else several


def _told(
    evaluation: Evaluation, service: str, resource: str, wanted: Sequence[str], grid: range
) -> Iterator[tuple[str, dict[int, float]]]:
    """Metrics and their points, page by page; those beside the periods are dropped."""
    metrics = evaluation.metrics
    arn = metrics.scope.arn("pi", f"metrics/{service.lower()}/{resource}")
    request: dict[str, Any] = {
        "ServiceType": service, "Identifier": resource, "PeriodInSeconds": grid.step,
        "MetricQueries": [{"Metric": metric} for metric in wanted],
        "StartTime": grid.start, "EndTime": grid.stop, "PeriodAlignment": "START_TIME",
    }  # fmt: skip
    while True:
        answer = metrics.ask(arn, "pi", "GetResourceMetrics", request)
        if answer is None:
            answer = metrics.invoke(arn, request)
        if answer is None:
            raise MisuseError(
                f"DB_PERF_INSIGHTS: nobody answers for {resource}. Bind a callable to it that "
                f"answers as GetResourceMetrics does: mon.bind({arn!r}, handler)."
            )
        for each in answer.get("MetricList", ()):
            points = {_second(point["Timestamp"]): float(point["Value"])
                      for point in each["DataPoints"] if "Value" in point}  # fmt: skip
            yield each["Key"]["Metric"], {at: points[at] for at in sorted(points) if at in grid}
        if not answer.get("NextToken"):
            return
        request = {**request, "NextToken": answer["NextToken"]}


def _second(at: datetime | float) -> int:
    return int(at.timestamp() if isinstance(at, datetime) else at)
