"""LAMBDA: series that a function answers, as a connector to a data source of somebody else's.

Lives here: `connected`, and `NotAnswered`. Source: User Guide, "Create a custom connector to a data
source", "Use your custom data source". Points that lie beside the periods are dropped, as there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.deliveries import Refused
from awsmon.lang.metric_math.series import TimeSeries
from awsmon.metrics.errors import ValidationError
from awsmon.metrics.reading import Found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.lang.metric_math.series import Array
    from awsmon.metrics.evaluation import Evaluation

__all__ = ["NotAnswered", "connected"]

SHORTEST = 60  # seconds
_FORBIDDEN = "Forbidden"


class NotAnswered(Exception):
    """Somebody outside couldn't answer: one series without points and why."""

    def __init__(self, grid: range, label: str, status: str, code: str, value: str) -> None:
        super().__init__(value)
        message = {"Code": code, "Value": value}
        self.found = Found((TimeSeries(grid, {}, label),), status, [message])


def connected(evaluation: Evaluation, name: str, function: str, *arguments: Any) -> Array:
    """The series of a function's answer.

    Raises:
        ValidationError: the function said that its arguments are wrong.
        NotAnswered: it failed, or isn't there.
    """
    period = max(SHORTEST, evaluation.period(name))
    grid = evaluation.within.grid(period)
    asked = {"StartTime": grid.start, "EndTime": evaluation.within.end, "Period": period,
             "Arguments": list(arguments)}  # fmt: skip
    answer = _answer(evaluation, function, {"EventType": "GetMetricData",
                                            "GetMetricDataRequest": asked})  # fmt: skip
    if error := answer.get("Error"):
        code, value = str(error.get("Code")), str(error.get("Value"))
        if code == "Validation":
            raise ValidationError(value)
        status = code if code == _FORBIDDEN else "InternalError"
        raise NotAnswered(grid, name, status, code, value)
    return tuple(_series(each, grid) for each in answer.get("MetricDataResults", ()))


def _answer(evaluation: Evaluation, function: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
    metrics = evaluation.metrics
    try:
        answer = metrics.invoke(function, event)
    except Refused as error:
        return {"Error": {"Code": error.code or "FunctionError", "Value": str(error)}}
    if not isinstance(answer, dict):
        return {"Error": {"Code": "FunctionError", "Value": f"{function} gave no answer"}}
    return answer


def _series(told: Mapping[str, Any], grid: range) -> TimeSeries:
    pairs = zip(told.get("Timestamps", ()), told.get("Values", ()), strict=False)
    points = {int(at): float(value) for at, value in pairs if at in grid}
    return TimeSeries(grid, dict(sorted(points.items())), str(told.get("Label", "")))
