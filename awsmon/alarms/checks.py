"""What goes together in a metric alarm, beyond what the model says of each member.

Lives here: `check_metric_alarm`, for PutMetricAlarm and `Alarms.create`, and `check_treatment`, for
log alarms too; what goes together in
queries is `query_checks.py`'s.
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
from awsmon.alarms.query_checks import check_queries
from awsmon.alarms.windows import offset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.core.neighbours import MetricReader, QueryFacts

__all__ = ["check_metric_alarm", "check_treatment"]

LONGEST_RANGE = 604_800  # seconds
ALWAYS = ("EvaluationPeriods", "ComparisonOperator")


def check_metric_alarm(request: Mapping[str, Any], metrics: MetricReader) -> QueryFacts | None:
    """Refuse what AWS does.

    Args:
        request: PutMetricAlarm's.
        metrics: what is asked of CloudWatch's metrics.

    Returns:
        What its queries are about; None: it is upon one metric.

    Raises:
        AwsError: as AWS words it.
    """
    if "EvaluationInterval" in request:
        other = next((name for name in ("MetricName", "Metrics") if name in request), "MetricName")
        raise InvalidParameterCombination.mutually_exclusive("EvaluationInterval", other)
    if "MetricName" not in request and "Metrics" not in request:
        raise ValidationError.metric_count()
    _require(request, *ALWAYS)
    about = None
    if "Metrics" in request:
        about = check_queries(request, metrics)
        period = (*about.periods, *(q["Period"] for q in request["Metrics"] if "Period" in q))[0]
    else:
        _require(request, "Namespace", "Period")
        _check_statistic(request, metrics.extended)
        period = request["Period"]
    _check_threshold(request)
    _check_periods(request, period)
    _check_window(request, period)
    check_treatment(request)
    _one_of(request.get("EvaluateLowSampleCountPercentile"), "EvaluateLowSampleCountPercentile",
            "evaluate", "ignore")  # fmt: skip
    return about


def check_treatment(request: Mapping[str, Any]) -> None:
    """Refuse an unknown treatment of missing data."""
    _one_of(request.get("TreatMissingData"), "TreatMissingData",
            "breaching", "notBreaching", "ignore", "missing")  # fmt: skip


def _require(request: Mapping[str, Any], *members: str) -> None:
    for member in members:
        if member not in request:
            raise MissingParameter.member(member)


def _check_threshold(request: Mapping[str, Any]) -> None:
    band = request["ComparisonOperator"] not in BREACHES
    if band is not ("ThresholdMetricId" in request):
        raise ValidationError.band(request["ComparisonOperator"], band=band)
    if band:
        if "Threshold" in request:
            raise InvalidParameterCombination.mutually_exclusive("Threshold", "ThresholdMetricId")
        return
    _require(request, "Threshold")
    if not math.isfinite(request["Threshold"]):
        raise InvalidParameterValue.not_finite(request["Threshold"])


def _check_statistic(request: Mapping[str, Any], knows: Callable[[str], bool]) -> None:
    extended = request.get("ExtendedStatistic")
    if "Statistic" in request and extended is not None:
        raise InvalidParameterCombination.mutually_exclusive("Statistic", "ExtendedStatistic")
    if "Statistic" not in request and extended is None:
        raise MissingParameter.member("Statistic")
    if extended is not None and not knows(extended):
        raise InvalidParameterValue.statistic(extended)


def _check_periods(request: Mapping[str, Any], period: int) -> None:
    periods = request["EvaluationPeriods"]
    if period not in (10, 20, 30) and period % 60:
        raise ValidationError.period()
    if period * periods > (86_400 if period < 3600 else LONGEST_RANGE):
        raise ValidationError.range(86_400 if period < 3600 else LONGEST_RANGE)
    if request.get("DatapointsToAlarm", 1) > periods:
        raise ValidationError.datapoints()


def _check_window(request: Mapping[str, Any], period: int) -> None:
    """Wall clock windows. The wordings are unverified."""
    window = request.get("EvaluationWindow", {})
    if len(window) > 1:
        raise ValidationError.one_window()
    clock = window.get("WallClockWindow")
    if clock is None:
        return
    if period < 60:
        raise ValidationError.wall_clock_period()
    try:
        offset(clock.get("Timezone", "UTC"), 0)
    except ValueError:
        raise ValidationError.timezone(clock["Timezone"]) from None


def _one_of(value: str | None, parameter: str, *options: str) -> None:
    if value is not None and value not in options:
        listed = f"{', '.join(options[:-1])} and {options[-1]}"
        raise ValidationError.option(value, parameter, listed)
