"""Log patterns and the sets that they are in; a set is there while it has a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.application_insights.errors import (
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)
from awsmon.application_insights.model import LogPattern
from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.lang.insights_ql.regex import compiled

if TYPE_CHECKING:
    from mypy_boto3_application_insights.type_defs import (
        CreateLogPatternRequestTypeDef,
        DeleteLogPatternRequestTypeDef,
        DescribeLogPatternRequestTypeDef,
        ListLogPatternSetsRequestTypeDef,
        ListLogPatternsRequestTypeDef,
        UpdateLogPatternRequestTypeDef,
    )

    from awsmon.application_insights.model import Application
    from awsmon.application_insights.service import ApplicationInsights

PAGE = 40
HIGHEST = 1_000_000


@operation("CreateLogPattern")
def create_log_pattern(
    insights: ApplicationInsights, request: CreateLogPatternRequestTypeDef
) -> dict[str, Any]:
    """Patterns are in RE2's syntax: nothing that looks ahead or back."""
    application = insights[request["ResourceGroupName"]]
    key = request["PatternSetName"], request["PatternName"]
    if key in application.patterns:
        raise ResourceInUseException.pattern(*key)
    pattern = LogPattern.from_aws(request)
    _check(application, pattern)
    application.patterns[key] = pattern
    return {"LogPattern": pattern.to_aws(), "ResourceGroupName": request["ResourceGroupName"]}


def _check(application: Application, pattern: LogPattern) -> None:
    why = compiled(pattern.pattern)
    if isinstance(why, str):
        raise ValidationException.regex(why)
    if not 1 <= pattern.rank <= HIGHEST:
        raise ValidationException.rank(pattern.rank)
    for each in _of_set(application, pattern.pattern_set_name):
        if each.rank == pattern.rank and each.pattern_name != pattern.pattern_name:
            raise ResourceInUseException.rank(pattern.pattern_set_name, pattern.rank)


def _of_set(application: Application, name: str | None) -> list[LogPattern]:
    found = [each for each in application.patterns.values()
             if name in (None, each.pattern_set_name)]  # fmt: skip
    return sorted(found, key=lambda each: (each.pattern_set_name, each.rank))


def _found(application: Application, request: Any) -> LogPattern:
    key = request["PatternSetName"], request["PatternName"]
    if key not in application.patterns:
        raise ResourceNotFoundException.pattern(*key)
    return application.patterns[key]


@operation("UpdateLogPattern")
def update_log_pattern(
    insights: ApplicationInsights, request: UpdateLogPatternRequestTypeDef
) -> dict[str, Any]:
    """What isn't said stays."""
    application = insights[request["ResourceGroupName"]]
    known = _found(application, request)
    pattern = LogPattern.from_aws({**known.to_aws(), **request})
    _check(application, pattern)
    application.patterns[pattern.pattern_set_name, pattern.pattern_name] = pattern
    return {"LogPattern": pattern.to_aws(), "ResourceGroupName": request["ResourceGroupName"]}


@operation("DeleteLogPattern")
def delete_log_pattern(
    insights: ApplicationInsights, request: DeleteLogPatternRequestTypeDef
) -> dict[str, Any]:
    """With its last pattern a set goes."""
    application = insights[request["ResourceGroupName"]]
    found = _found(application, request)
    del application.patterns[found.pattern_set_name, found.pattern_name]
    return {}


@operation("DescribeLogPattern")
def describe_log_pattern(
    insights: ApplicationInsights, request: DescribeLogPatternRequestTypeDef
) -> dict[str, Any]:
    """By set and name."""
    insights = insights.of_account(request.get("AccountId"))
    pattern = _found(insights[request["ResourceGroupName"]], request)
    return {**_place(insights, request), "LogPattern": pattern.to_aws()}


def _place(insights: ApplicationInsights, request: Any) -> dict[str, Any]:
    return {"ResourceGroupName": request["ResourceGroupName"],
            "AccountId": insights.scope.account}  # fmt: skip


@operation("ListLogPatterns")
def list_log_patterns(
    insights: ApplicationInsights, request: ListLogPatternsRequestTypeDef
) -> dict[str, Any]:
    """Those of a set, or all, each set in order of rank."""
    insights = insights.of_account(request.get("AccountId"))
    page, token = paging.page(
        _of_set(insights[request["ResourceGroupName"]], request.get("PatternSetName")),
        request.get("NextToken"), request.get("MaxResults", PAGE), of="ListLogPatterns",
        bad_token=ValidationException.token,
    )  # fmt: skip
    patterns = [each.to_aws() for each in page]
    return {**_place(insights, request), "LogPatterns": patterns, "NextToken": token}


@operation("ListLogPatternSets")
def list_log_pattern_sets(
    insights: ApplicationInsights, request: ListLogPatternSetsRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    insights = insights.of_account(request.get("AccountId"))
    found = _of_set(insights[request["ResourceGroupName"]], None)
    page, token = paging.page(
        list(dict.fromkeys(each.pattern_set_name for each in found)), request.get("NextToken"),
        request.get("MaxResults", PAGE), of="ListLogPatternSets", key=str,
        bad_token=ValidationException.token,
    )  # fmt: skip
    return {**_place(insights, request), "LogPatternSets": page, "NextToken": token}
