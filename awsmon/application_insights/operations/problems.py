"""Problems and what was observed of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.application_insights.errors import ValidationException
from awsmon.application_insights.times import between
from awsmon.core import paging
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_application_insights.type_defs import (
        DescribeProblemObservationsRequestTypeDef,
        DescribeProblemRequestTypeDef,
        ListProblemsRequestTypeDef,
        UpdateProblemRequestTypeDef,
    )

    from awsmon.application_insights.problem_model import Problem
    from awsmon.application_insights.service import ApplicationInsights

PAGE = 40
MOST = 40
"""Observations in one answer. Source: User Guide, "Quotas"."""
UNASKED = timedelta(days=7)


@operation("DescribeProblem")
def describe_problem(
    insights: ApplicationInsights, request: DescribeProblemRequestTypeDef
) -> dict[str, Any]:
    """With the topic that is told of it."""
    insights = insights.of_account(request.get("AccountId"))
    problem = insights.problems[request["ProblemId"]]
    application = insights[problem.resource_group_name]
    return {"Problem": problem.to_aws(), "SNSNotificationArn": application.sns_notification_arn}


@operation("DescribeProblemObservations")
def describe_problem_observations(
    insights: ApplicationInsights, request: DescribeProblemObservationsRequestTypeDef
) -> dict[str, Any]:
    """The oldest first; of more than forty the newest."""
    problems = insights.of_account(request.get("AccountId")).problems
    found = problems.observations(problems[request["ProblemId"]])[-MOST:]
    return {"RelatedObservations": {"ObservationList": [each.shown() for each in found]}}


@operation("ListProblems")
def list_problems(
    insights: ApplicationInsights, request: ListProblemsRequestTypeDef
) -> dict[str, Any]:
    """The newest first; without a span of time those of the last seven days."""
    insights = insights.of_account(request.get("AccountId"))
    given: Any = request
    start, end = given.get("StartTime"), given.get("EndTime")
    if start is None and end is None:
        start = insights.clock.now() - UNASKED
    within = between(start, end)
    name = request.get("ResourceGroupName")
    if name is not None:
        _ = insights[name]
    found = [
        each for each in insights.problems
        if within(each.start_time) and name in (None, each.resource_group_name)
        and request.get("Visibility") in (None, each.visibility)
        and _concerns(insights, each, request.get("ComponentName"))
    ]  # fmt: skip
    page, token = paging.page(
        sorted(found, key=lambda each: each.start_time, reverse=True), request.get("NextToken"),
        request.get("MaxResults", PAGE), of="ListProblems", bad_token=ValidationException.token,
    )  # fmt: skip
    return {
        "ProblemList": [each.to_aws() for each in page],
        "NextToken": token,
        "ResourceGroupName": name,
        "AccountId": insights.scope.account,
    }


def _concerns(insights: ApplicationInsights, problem: Problem, component: str | None) -> bool:
    """Whether something of a component was observed."""
    seen = insights.problems.observations(problem)
    return component is None or any(each.component == component for each in seen)


@operation("UpdateProblem")
def update_problem(
    insights: ApplicationInsights, request: UpdateProblemRequestTypeDef
) -> dict[str, Any]:
    """Resolve what is recovering; ignore it, or not any more."""
    problem = insights.problems[request["ProblemId"]]
    if request.get("UpdateStatus") is not None:
        insights.problems.resolve(problem)
    problem.visibility = request.get("Visibility", problem.visibility)
    return {}
