"""Contributor Insights: put, describe, enable, disable, delete; managed rules; reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging, query_errors
from awsmon.core.cloudwatch_tags import checked_tags
from awsmon.core.operation import operation
from awsmon.lang.text import LanguageError
from awsmon.metrics.contributions import METRICS
from awsmon.metrics.errors import (
    InvalidNextToken,
    InvalidParameterValue,
    LimitExceededException,
    ResourceNotFoundException,
)
from awsmon.metrics.insight_reports import report
from awsmon.metrics.insight_rules import InsightRule, Managed, checked_arn, compiled
from awsmon.metrics.managed_rules import managed_rule, templates_for
from awsmon.metrics.reading import Range
from awsmon.metrics.service import Metrics, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mypy_boto3_cloudwatch.type_defs import (
        DeleteInsightRulesInputTypeDef,
        DescribeInsightRulesInputTypeDef,
        DisableInsightRulesInputTypeDef,
        EnableInsightRulesInputTypeDef,
        GetInsightRuleReportInputTypeDef,
        ListManagedInsightRulesInputTypeDef,
        PutInsightRuleInputTypeDef,
        PutManagedInsightRulesInputTypeDef,
    )

    from awsmon.core.errors import AwsError

MOST_RULES = 100
"""Source: User Guide, "CloudWatch service quotas"."""
MOST_CONTRIBUTORS = 100


@operation("PutInsightRule")
def put_insight_rule(metrics: Metrics, request: PutInsightRuleInputTypeDef) -> None:
    """A rule of that name is replaced and keeps its tags."""
    name, rules = request["RuleName"], metrics.insight_rules
    state = request.get("RuleState", "ENABLED")
    if state not in ("ENABLED", "DISABLED"):
        raise InvalidParameterValue.rule_state(state)
    _check_definition(request["RuleDefinition"])
    if name in rules and rules[name].managed_rule:
        raise InvalidParameterValue.managed_rule(name)
    _check_room(metrics, name)
    tags = checked_tags(request.get("Tags"))
    rule = InsightRule(
        name=name, arn=metrics.scope.arn("cloudwatch", f"insight-rule/{name}"), state=state,
        definition=request["RuleDefinition"], since=metrics.now,
        apply_on_transformed_logs=request.get("ApplyOnTransformedLogs", False),
    )  # fmt: skip
    rules.save(rule)
    metrics.tags.create(rule.arn, tags)


def _check_definition(text: str) -> None:
    try:
        definition, _ = compiled(text)
    except LanguageError as error:
        raise InvalidParameterValue.rule_definition(error.message) from error
    for arn in definition.arns:
        if not checked_arn(arn):
            raise InvalidParameterValue.rule_definition(
                f"LogGroupARNs: {arn} is not the ARN of a log group"
            )


def _check_room(metrics: Metrics, name: str) -> None:
    if name not in metrics.insight_rules and len(metrics.insight_rules) >= MOST_RULES:
        raise LimitExceededException.insight_rules(MOST_RULES)


@operation("DescribeInsightRules")
def describe_insight_rules(
    metrics: Metrics, request: DescribeInsightRulesInputTypeDef
) -> dict[str, Any]:
    """In order of name."""
    page, token = paging.page(
        list(metrics.insight_rules), request.get("NextToken"), request.get("MaxResults", 500),
        of="DescribeInsightRules", key=lambda rule: rule.name, bad_token=InvalidNextToken,
    )  # fmt: skip
    return {"InsightRules": [rule.to_aws() for rule in page], "NextToken": token}


@operation("EnableInsightRules")
def enable_insight_rules(
    metrics: Metrics, request: EnableInsightRulesInputTypeDef
) -> dict[str, Any]:
    """What came in before isn't made up for."""
    rules = metrics.insight_rules
    return _each(metrics, request["RuleNames"], lambda name: rules.switch(name, "ENABLED"))


@operation("DisableInsightRules")
def disable_insight_rules(
    metrics: Metrics, request: DisableInsightRulesInputTypeDef
) -> dict[str, Any]:
    """What was found stays."""
    rules = metrics.insight_rules
    return _each(metrics, request["RuleNames"], lambda name: rules.switch(name, "DISABLED"))


@operation("DeleteInsightRules")
def delete_insight_rules(
    metrics: Metrics, request: DeleteInsightRulesInputTypeDef
) -> dict[str, Any]:
    """With what was found."""
    return _each(metrics, request["RuleNames"], metrics.insight_rules.delete)


def _each(metrics: Metrics, names: Iterable[str], done: Callable[[str], None]) -> dict[str, Any]:
    """Do it to those that there are, and tell of the others."""
    failures = []
    for name in dict.fromkeys(names):
        if name in metrics.insight_rules:
            done(name)
        else:
            failures.append(_failure(name, ResourceNotFoundException.insight_rule(name)))
    return {"Failures": failures}


def _failure(of: str, error: AwsError) -> dict[str, Any]:
    return {
        "FailureResource": of, "ExceptionType": type(error).__name__,
        "FailureCode": str(error.status), "FailureDescription": error.message,
    }  # fmt: skip


# -- rules that AWS manages ------------------------------------------------------------------------


@operation("PutManagedInsightRules")
def put_managed_insight_rules(
    metrics: Metrics, request: PutManagedInsightRulesInputTypeDef
) -> dict[str, Any]:
    """One that is there already is enabled."""
    failures = []
    for each in request["ManagedRules"]:
        try:
            rule = _managed(metrics, each["TemplateName"], each["ResourceARN"])
            tags = checked_tags(each.get("Tags"))
        except (query_errors.InvalidParameterValue, LimitExceededException) as error:
            failures.append(_failure(each["ResourceARN"], error))
        else:
            metrics.insight_rules.save(rule)
            metrics.tags.create(rule.arn, tags)
    return {"Failures": failures}


def _managed(metrics: Metrics, template: str, resource: str) -> InsightRule:
    if template not in templates_for(resource):
        allowed = "a template for the resource"
        raise InvalidParameterValue.one_of("TemplateName", template, allowed)
    rule = managed_rule(metrics, Managed(template, resource))
    _check_room(metrics, rule.name)
    return rule


@operation("ListManagedInsightRules")
def list_managed_insight_rules(
    metrics: Metrics, request: ListManagedInsightRulesInputTypeDef
) -> dict[str, Any]:
    """The templates for a resource, with the rules that there are."""
    resource = request["ResourceARN"]
    page, token = paging.page(
        templates_for(resource), request.get("NextToken"), request.get("MaxResults", 100),
        of="ListManagedInsightRules", bad_token=InvalidNextToken,
    )  # fmt: skip
    rules = {rule.managed: rule for rule in metrics.insight_rules if rule.managed is not None}
    return {
        "ManagedRules": [
            {"TemplateName": template, "ResourceARN": resource,
             "RuleState": _state(rules.get(Managed(template, resource)))}
            for template in page
        ],
        "NextToken": token,
    }  # fmt: skip


def _state(rule: InsightRule | None) -> dict[str, str] | None:
    return None if rule is None else {"RuleName": rule.name, "State": rule.state}


# -- reports ---------------------------------------------------------------------------------------


@operation("GetInsightRuleReport")
def get_insight_rule_report(
    metrics: Metrics, request: GetInsightRuleReportInputTypeDef
) -> dict[str, Any]:
    """AWS approximates where there are many contributors; here all are exact."""
    rule = metrics.insight_rules[request["RuleName"]]
    return report(
        metrics, rule, _checked_range(request), request["Period"],
        most=request.get("MaxContributorCount", 10), wanted=request.get("Metrics", ()),
        order_by=request.get("OrderBy", "Sum"),
    )  # fmt: skip


def _checked_range(request: Mapping[str, Any]) -> Range:
    if request["StartTime"] >= request["EndTime"]:
        raise InvalidParameterValue.start_after_end()
    if request["Period"] % 60:
        raise InvalidParameterValue.one_of("Period", request["Period"], "a multiple of 60")
    most = request.get("MaxContributorCount", 10)
    if not 1 <= most <= MOST_CONTRIBUTORS:
        allowed = f"between 1 and {MOST_CONTRIBUTORS}"
        raise InvalidParameterValue.one_of("MaxContributorCount", most, allowed)
    for name in request.get("Metrics", ()):
        if name not in METRICS:
            raise InvalidParameterValue.one_of("Metrics", name, f"one of {', '.join(METRICS)}")
    order_by = request.get("OrderBy", "Sum")
    if order_by not in ("Sum", "Maximum"):
        raise InvalidParameterValue.one_of("OrderBy", order_by, "Sum or Maximum")
    return Range(seconds(request["StartTime"]), seconds(request["EndTime"]))
