"""Observations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_application_insights.type_defs import DescribeObservationRequestTypeDef

    from awsmon.application_insights.service import ApplicationInsights


@operation("DescribeObservation")
def describe_observation(
    insights: ApplicationInsights, request: DescribeObservationRequestTypeDef
) -> dict[str, Any]:
    """By its id."""
    problems = insights.of_account(request.get("AccountId")).problems
    return {"Observation": problems.observation(request["ObservationId"]).shown()}
