"""What rules say: by rule, by resource, and in all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.model import Key
from awsmon.config_recorder.rules.errors import InvalidParameterValueException
from awsmon.config_recorder.rules.model import (
    COMPLIANT,
    INSUFFICIENT_DATA,
    NON_COMPLIANT,
    Result,
)
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mypy_boto3_config.type_defs import (
        DescribeComplianceByConfigRuleRequestTypeDef,
        DescribeComplianceByResourceRequestTypeDef,
        GetComplianceDetailsByConfigRuleRequestTypeDef,
        GetComplianceDetailsByResourceRequestTypeDef,
        GetComplianceSummaryByResourceTypeRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder

_CAP_OF_RULES, _CAP_OF_RESOURCES = 25, 100


def capped(count: int, cap: int) -> dict[str, Any]:
    """A count as summaries have it."""
    return {"CappedCount": min(count, cap), "CapExceeded": count > cap}


def compliance(word: str, contributors: int) -> dict[str, Any]:
    """A Compliance."""
    found: dict[str, Any] = {"ComplianceType": word}
    if word == NON_COMPLIANT:
        found["ComplianceContributorCount"] = capped(contributors, _CAP_OF_RULES)
    return found


def result_shown(result: Result) -> dict[str, Any]:
    """An EvaluationResult."""
    return {
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": result.rule, "ResourceType": result.key.type,
                "ResourceId": result.key.id, "EvaluationMode": result.mode,
            },
            "OrderingTimestamp": result.ordering,
        },
        "ComplianceType": result.compliance,
        "ResultRecordedTime": result.recorded,
        "ConfigRuleInvokedTime": result.invoked,
        "Annotation": result.annotation,
    }  # fmt: skip


@operation("DescribeComplianceByConfigRule")
def describe_compliance_by_config_rule(
    config: ConfigRecorder, request: DescribeComplianceByConfigRuleRequestTypeDef
) -> dict[str, Any]:
    """A rule is compliant when all that it judges is."""
    names, wanted = request.get("ConfigRuleNames"), request.get("ComplianceTypes")
    rules = [config.rules.find(name) for name in names] if names else list(config.rules)
    found = []
    for rule in rules:
        word, bad = config.rules.compliance(rule)
        if not wanted or word in wanted:
            found.append({"ConfigRuleName": rule.name, "Compliance": compliance(word, bad)})
    page, token = pages.page(found, request, 25, "DescribeComplianceByConfigRule")
    return {"ComplianceByConfigRules": page, "NextToken": token}


@operation("DescribeComplianceByResource")
def describe_compliance_by_resource(
    config: ConfigRecorder, request: DescribeComplianceByResourceRequestTypeDef
) -> dict[str, Any]:
    """A resource is compliant when all rules say so."""
    kind, id_ = request.get("ResourceType"), request.get("ResourceId")
    if id_ and not kind:
        raise InvalidParameterValueException.no_type()
    wanted, found = request.get("ComplianceTypes"), []
    for key in config.rules.judged():
        if (kind and key.type != kind) or (id_ and key.id != id_):
            continue
        word, bad = _of(config.rules.of_resource(key))
        if not wanted or word in wanted:
            found.append({"ResourceType": key.type, "ResourceId": key.id,
                          "Compliance": compliance(word, bad)})  # fmt: skip
    page, token = pages.page(found, request, 10, "DescribeComplianceByResource")
    return {"ComplianceByResources": page, "NextToken": token}


def _of(results: Iterable[Result]) -> tuple[str, int]:
    words = [each.compliance for each in results]
    bad = words.count(NON_COMPLIANT)
    return NON_COMPLIANT if bad else COMPLIANT if COMPLIANT in words else "INSUFFICIENT_DATA", bad


@operation("GetComplianceDetailsByConfigRule")
def get_compliance_details_by_config_rule(
    config: ConfigRecorder, request: GetComplianceDetailsByConfigRuleRequestTypeDef
) -> dict[str, Any]:
    """Each resource, in order of type and id."""
    rule, wanted = config.rules.find(request["ConfigRuleName"]), _filter(request)
    found = [each for each in config.rules.of_rule(rule)
             if not wanted or each.compliance in wanted]  # fmt: skip
    return _page(found, request, 10, f"ByConfigRule {rule.name}")


@operation("GetComplianceDetailsByResource")
def get_compliance_details_by_resource(
    config: ConfigRecorder, request: GetComplianceDetailsByResourceRequestTypeDef
) -> dict[str, Any]:
    """Each rule, in order of name; of a resource, or of one that isn't there yet."""
    key = Key(request.get("ResourceType", ""), request.get("ResourceId", ""))
    wanted, ahead = _filter(request), request.get("ResourceEvaluationId")
    if ahead:
        results = _ahead(config, ahead)
    elif all(key):
        results = config.rules.of_resource(key)
    else:
        raise InvalidParameterValueException.no_resource()
    found = [each for each in results
             if not wanted or each.compliance in wanted]  # fmt: skip
    return _page(found, request, 100, f"ByResource {key}")


def _ahead(config: ConfigRecorder, id_: str) -> list[Result]:
    evaluation = config.proactive.by_id.get(id_)
    if evaluation is None:
        raise InvalidParameterValueException.no_evaluation(id_)
    return evaluation.results


def _filter(request: Any) -> Sequence[str]:
    """The kinds of results that are wanted; none: all."""
    wanted: Sequence[str] = request.get("ComplianceTypes", ())
    if INSUFFICIENT_DATA in wanted:
        raise InvalidParameterValueException.no_filter()
    return wanted


def _page(found: Sequence[Result], request: Any, size: int, of: str) -> dict[str, Any]:
    page, token = pages.page(found, request, size, of)
    return {"EvaluationResults": [result_shown(each) for each in page], "NextToken": token}


@operation("GetComplianceSummaryByConfigRule")
def get_compliance_summary_by_config_rule(config: ConfigRecorder, _: Any) -> dict[str, Any]:
    """How many rules are compliant, and how many not."""
    words = [config.rules.compliance(rule)[0] for rule in config.rules]
    return {"ComplianceSummary": _summary(config, words, _CAP_OF_RULES)}


@operation("GetComplianceSummaryByResourceType")
def get_compliance_summary_by_resource_type(
    config: ConfigRecorder, request: GetComplianceSummaryByResourceTypeRequestTypeDef
) -> dict[str, Any]:
    """How many resources, of each type that is asked for, or of all together."""
    by_type: dict[str, list[str]] = {kind: [] for kind in request.get("ResourceTypes", ())}
    everything = not by_type
    for key in config.rules.judged():
        word = _of(config.rules.of_resource(key))[0]
        if everything:
            by_type.setdefault("", []).append(word)
        elif key.type in by_type:
            by_type[key.type].append(word)
    return {
        "ComplianceSummariesByResourceType": [
            {"ResourceType": kind or None,
             "ComplianceSummary": _summary(config, words, _CAP_OF_RESOURCES)}
            for kind, words in (by_type or {"": []}).items()
        ]
    }  # fmt: skip


def _summary(config: ConfigRecorder, words: Sequence[str], cap: int) -> dict[str, Any]:
    return {
        "CompliantResourceCount": capped(words.count(COMPLIANT), cap),
        "NonCompliantResourceCount": capped(words.count(NON_COMPLIANT), cap),
        "ComplianceSummaryTimestamp": config.clock.now(),
    }
