"""GetMetricData: from queries to results.

Lives here: the shape of the results, and pages. Which queries are good is `plans.py`'s, what they
yield `evaluation.py`'s.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.clock import EPOCH
from awsmon.metrics.errors import InvalidNextToken, ValidationError

if TYPE_CHECKING:
    from awsmon.lang.metric_math.series import TimeSeries
    from awsmon.metrics.evaluation import Evaluation

__all__ = ["MOST_DATAPOINTS", "page", "results"]

MOST_DATAPOINTS = 100_800


class _Steps(dict[int, timedelta]):
    """Of so many seconds: making one costs more than adding it."""

    def __missing__(self, seconds: int) -> timedelta:
        found = self[seconds] = timedelta(seconds=seconds)
        return found


class _Instants(dict[int, datetime]):
    """Of seconds since the epoch, each made once: all series share most of them."""

    def __init__(self) -> None:
        self._time, self._at, self._steps = 0, EPOCH, _Steps()

    def __missing__(self, time: int) -> datetime:
        found = self[time] = self._at = self._at + self._steps[time - self._time]
        self._time = time
        return found


def results(evaluation: Evaluation, *, descending: bool) -> list[dict[str, Any]]:
    """A result for each series of each query whose data is to be returned."""
    instants = _Instants()
    return [
        {"Id": name, "Label": label, **_data(series, instants, descending=descending),
         "StatusCode": found.status, "Messages": found.messages or None}
        for name in evaluation.plan.returned
        for found in [evaluation.found(name)]
        for label, series in evaluation.lines(name)
    ]  # fmt: skip


def _data(series: TimeSeries, instants: _Instants, *, descending: bool) -> dict[str, Any]:
    times, values = list(series.points), list(series.points.values())
    if descending:
        times.reverse()
        values.reverse()
    return {"Timestamps": [instants[time] for time in times], "Values": values}


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
