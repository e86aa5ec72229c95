"""Requests that tests start from."""

from __future__ import annotations

from typing import Any

TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:fix"


def alarm(
    name: str = "too-many-errors",
    *,
    threshold: float = 5,
    periods: int = 1,
    needed: int | None = None,
    period: int = 60,
    missing: str | None = None,
    actions: list[str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """PutMetricAlarm's parameters: Sum of App/Errors above a threshold."""
    request = {
        "AlarmName": name,
        "Namespace": "App",
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Period": period,
        "EvaluationPeriods": periods,
        "DatapointsToAlarm": needed,
        "Threshold": threshold,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": missing,
        "AlarmActions": actions,
        **more,
    }
    return {member: value for member, value in request.items() if value is not None}
