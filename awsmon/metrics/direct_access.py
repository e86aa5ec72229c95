"""The Python API's own ways to read: `listed` and `queried`.

`Metrics.list` and `Metrics.query` call them; the operations read by `operations/data.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.clock import aware
from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from awsmon.core.neighbours import MetricKey
    from awsmon.metrics.service import Metrics

__all__ = ["LISTED_FOR", "listed", "queried"]

LISTED_FOR = 14 * 86_400
"""Seconds from its newest datapoint on that a metric is listed."""
_ID = "awsmon"
"""Of the expression that is asked for."""


def listed(
    metrics: Metrics, namespace: str | None, name: str | None,
    dimensions: Mapping[str, str | None],
) -> list[MetricKey]:  # fmt: skip
    """As ListMetrics lists them."""
    since, newest = metrics.now - LISTED_FOR, metrics.stored.newest
    found = metrics.catalogue.listed(namespace, name, list(dimensions.items()), None)
    return [key for key in found if (newest(key) or 0) >= since]


def queried(
    metrics: Metrics, expression: str, start: datetime | str, end: datetime | str | None,
    period: int, names: Mapping[str, Sequence[Any]],
) -> dict[str, list[tuple[datetime, float]]]:  # fmt: skip
    """As GetMetricData answers them."""
    from awsmon.metrics.evaluation import Evaluation  # metric math loads when somebody uses it
    from awsmon.metrics.plans import plan
    from awsmon.metrics.reading import Range
    from awsmon.metrics.service import instant, seconds

    until = metrics.clock.now() if end is None else aware(end, "end")
    queries = [{"Id": _ID, "Expression": expression, "Period": period}]
    queries += [_query(name, period, told) for name, told in names.items()]
    within = Range(seconds(aware(start, "start")), seconds(until))
    found: dict[str, list[tuple[datetime, float]]] = {}
    for label, series in Evaluation(metrics, plan(queries), within).lines(_ID):
        named = expression if label == _ID else label
        while named in found:  # labels need not differ
            named += "'"
        found[named] = [(instant(at), value) for at, value in series.points.items()]
    return found


def _query(name: str, period: int, told: Sequence[Any]) -> dict[str, Any]:
    if isinstance(told, str) or not 3 <= len(told) <= 4:
        raise MisuseError(
            f"query(metrics={{{name!r}: {told!r}}}): expected namespace, name, statistic and, "
            "if there are any, dimensions."
        )
    namespace, metric, statistic, *dimensions = told
    pairs = dict(dimensions[0]) if dimensions else {}
    of = {
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": key, "Value": value} for key, value in pairs.items()],
    }
    stat = {"Metric": of, "Period": period, "Stat": statistic}
    return {"Id": name, "MetricStat": stat, "ReturnData": False}
