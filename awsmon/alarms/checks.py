"""What goes together in a metric alarm, beyond what the model says of each member.

Lives here: `check_metric_alarm`, for PutMetricAlarm and `Alarms.create`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from awsmon.alarms.errors import (
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
    ValidationError,
)
from awsmon.alarms.model import BREACHES
from awsmon.core.errors import NotImplementedByAwsmon

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["check_metric_alarm"]

LONGEST_RANGE = 604_800  # seconds
NOT_YET = (
    "Metrics", "ThresholdMetricId", "EvaluationWindow", "WarmUpConfiguration", "EvaluationCriteria",
    "EvaluationInterval",
)  # fmt: skip
REQUIRED = ("Namespace", "Period", "EvaluationPeriods", "ComparisonOperator", "Threshold")


def check_metric_alarm(request: Mapping[str, Any], knows: Callable[[str], bool]) -> None:
    """Refuse what AWS does.

    Args:
        request: PutMetricAlarm's.
        knows: whether there is an extended statistic of that name.

    Raises:
        AwsError: as AWS words it.
    """
    for member in NOT_YET:
        if member in request:
            raise NotImplementedByAwsmon(f"cloudwatch.PutMetricAlarm: {member}")
    if "MetricName" not in request:
        raise ValidationError.metric_count()
    for member in REQUIRED:
        if member not in request:
            raise MissingParameter.member(member)
    if not math.isfinite(request["Threshold"]):
        raise InvalidParameterValue.not_finite(request["Threshold"])
    if request["ComparisonOperator"] not in BREACHES:
        raise NotImplementedByAwsmon(
            f"cloudwatch.PutMetricAlarm: ComparisonOperator {request['ComparisonOperator']}"
        )
    _check_statistic(request, knows)
    _check_periods(request)
    _one_of(request.get("TreatMissingData"), "TreatMissingData",
            "breaching", "notBreaching", "ignore", "missing")  # fmt: skip
    _one_of(request.get("EvaluateLowSampleCountPercentile"), "EvaluateLowSampleCountPercentile",
            "evaluate", "ignore")  # fmt: skip


def _check_statistic(request: Mapping[str, Any], knows: Callable[[str], bool]) -> None:
    extended = request.get("ExtendedStatistic")
    if "Statistic" in request and extended is not None:
        raise InvalidParameterCombination.mutually_exclusive("Statistic", "ExtendedStatistic")
    if "Statistic" not in request and extended is None:
        raise MissingParameter.member("Statistic")
    if extended is not None and not knows(extended):
        raise InvalidParameterValue.statistic(extended)


def _check_periods(request: Mapping[str, Any]) -> None:
    period, periods = request["Period"], request["EvaluationPeriods"]
    if period not in (10, 20, 30) and period % 60:
        raise ValidationError.period()
    if period * periods > (86_400 if period < 3600 else LONGEST_RANGE):
        raise ValidationError.range(86_400 if period < 3600 else LONGEST_RANGE)
    if request.get("DatapointsToAlarm", 1) > periods:
        raise ValidationError.datapoints()


def _one_of(value: str | None, parameter: str, *options: str) -> None:
    if value is not None and value not in options:
        listed = f"{', '.join(options[:-1])} and {options[-1]}"
        raise ValidationError.option(value, parameter, listed)
