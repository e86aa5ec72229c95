"""Rules: made, shown, asked to judge, and deleted."""

from __future__ import annotations

import copy
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.errors import (
    NoAvailableConfigurationRecorderException,
)
from awsmon.config_recorder.items import json_object
from awsmon.config_recorder.rules import managed, policies
from awsmon.config_recorder.rules.errors import (
    InsufficientPermissionsException,
    InvalidParameterValueException,
    LimitExceededException,
    MaxNumberOfConfigRulesExceededException,
    ResourceInUseException,
)
from awsmon.config_recorder.rules.judging import REQUIRED
from awsmon.config_recorder.rules.model import Rule
from awsmon.config_recorder.tagging import tags_of
from awsmon.core.deliveries import Refused
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_config.type_defs import (
        DeleteConfigRuleRequestTypeDef,
        DeleteEvaluationResultsRequestTypeDef,
        DescribeConfigRuleEvaluationStatusRequestTypeDef,
        DescribeConfigRulesRequestTypeDef,
        GetCustomRulePolicyRequestTypeDef,
        PutConfigRuleRequestTypeDef,
        StartConfigRulesEvaluationRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder

_MOST = 1000
_ONCE = timedelta(minutes=1)
_CHANGES = ("ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification")


@operation("PutConfigRule")
def put_config_rule(config: ConfigRecorder, request: PutConfigRuleRequestTypeDef) -> None:
    """A new rule, or another in its place; it judges everything in its scope at once."""
    given: Any = request["ConfigRule"]
    tags = tags_of(request)
    _ask_for_function(config, given["Source"])
    put_rule(config, given, tags)


def put_rule(
    config: ConfigRecorder,
    given: Any,
    tags: Mapping[str, str] | None = None,
    *,
    maker: str | None = None,
) -> None:
    """The same, of whoever makes rules: a service, or the account. Its function is believed in."""
    name = given.get("ConfigRuleName") or _named(config, given)
    there = config.rules.by_name.get(name)
    _check(given, new=there is None)
    if config.own is None:
        raise NoAvailableConfigurationRecorderException.for_rule()
    if there is None and len(config.rules.by_name) >= _MOST:
        raise MaxNumberOfConfigRulesExceededException.named(name, _MOST)
    id_ = there.config_rule_id if there else f"config-rule-{config.ids.key('', 6).lower()}"
    rule = Rule.from_aws(
        given, config_rule_name=name, config_rule_id=id_,
        config_rule_arn=there.config_rule_arn if there else _arn(config, id_, maker),
        created_by=there.created_by if there else maker,
        status=there.status if there else {}, timer=there.timer if there else None,
    )  # fmt: skip
    config.rules.by_name[name] = rule
    config.tags.create(rule.config_rule_arn, dict(tags or {}))
    config.evaluating.changed(rule)


def _arn(config: ConfigRecorder, id_: str, maker: str | None) -> str:
    """A service's rules are apart; AWS's own policies for its services name them so."""
    of = f"aws-service-rule/{maker}/" if maker else ""
    return config.scope.arn("config", f"config-rule/{of}{id_}")


def _ask_for_function(config: ConfigRecorder, source: Any) -> None:
    """Whether the other mock, where it knows functions, has that one; asked first."""
    arn = source.get("SourceIdentifier", "")
    if source["Owner"] != "CUSTOM_LAMBDA":
        return
    if ":function:" not in arn:
        raise InsufficientPermissionsException.function(arn)
    try:
        config.ask(arn, "lambda", "GetFunctionConfiguration", {"FunctionName": arn})
    except Refused as error:
        raise InsufficientPermissionsException.function(arn) from error


def _named(config: ConfigRecorder, given: Any) -> str:
    """The name of a rule that is told by its ARN or id."""
    for rule in config.rules:
        if given.get("ConfigRuleArn") == rule.config_rule_arn:
            return rule.name
        if given.get("ConfigRuleId") == rule.config_rule_id:
            return rule.name
    raise InvalidParameterValueException.nameless()


def _check(given: Any, *, new: bool) -> None:
    """What the model can't say of a rule."""
    if new and (given.get("ConfigRuleArn") or given.get("ConfigRuleId")):
        raise InvalidParameterValueException.arn_or_id()
    if given.get("ConfigRuleState", "ACTIVE") != "ACTIVE":
        raise InvalidParameterValueException.state(given["ConfigRuleState"])
    if given.get("CreatedBy"):
        raise InvalidParameterValueException.created_by()
    _check_scope(given.get("Scope", {}))
    text = given.get("InputParameters") or "{}"
    parameters = json_object(text)
    if parameters is None:
        raise InvalidParameterValueException.no_json(text)
    source = given["Source"]
    _check_details(source)
    if source["Owner"] == "AWS":
        _check_managed(source.get("SourceIdentifier", ""), parameters, text)
    elif source["Owner"] == "CUSTOM_POLICY":
        policies.check(source.get("CustomPolicyDetails", {}).get("PolicyText", ""))


def _check_details(source: Any) -> None:
    """Of a custom rule, what triggers it; a half one is none to AWS, by moto's recording."""
    details = source.get("SourceDetails", ())
    if (source["Owner"] == "AWS") == bool(details):
        raise InvalidParameterValueException.details()
    for each in details:
        if not each.get("EventSource") or not each.get("MessageType"):
            raise InvalidParameterValueException.details()
        if each["MessageType"] in _CHANGES and each.get("MaximumExecutionFrequency"):
            raise InvalidParameterValueException.frequency_of_change()
        if source["Owner"] == "CUSTOM_POLICY" and each["MessageType"] not in _CHANGES:
            raise InvalidParameterValueException.policy_trigger(each["MessageType"])


def _check_scope(scope: Any) -> None:
    kinds, id_ = scope.get("ComplianceResourceTypes", ()), scope.get("ComplianceResourceId")
    if (kinds or id_) and scope.get("TagKey"):
        raise InvalidParameterValueException.resource_and_tag()
    if id_ and len(kinds) != 1:
        raise InvalidParameterValueException.one_type()
    if scope.get("TagValue") and not scope.get("TagKey"):
        raise InvalidParameterValueException.tag_key()


def _check_managed(identifier: str, parameters: Any, text: str) -> None:
    check_built(identifier, "PutConfigRule")
    rule = managed.find(identifier)
    if rule is None:
        raise InvalidParameterValueException.identifier(identifier)
    if set(parameters) - set(rule.parameters):
        raise InvalidParameterValueException.unknown_parameters(text)
    missing = [name for name, default in rule.parameters.items()
               if default is REQUIRED and name not in parameters]  # fmt: skip
    if missing:
        raise InvalidParameterValueException.missing_parameters(", ".join(missing))
    for name, form in rule.forms.items():
        value = str(parameters.get(name, "")).strip()
        if value and not form.fullmatch(value):
            raise InvalidParameterValueException.malformed_parameter(name, value)


def check_built(identifier: str, operation: str) -> None:
    """Raises NotImplementedByAwsmon of a managed rule that AWS has and awsmon hasn't."""
    if managed.find(identifier) is None and identifier in _identifiers():
        raise NotImplementedByAwsmon(
            f"config.{operation}: the managed rule {identifier} isn't built yet; "
            "docs/config.md lists those that are."
        )


@cache
def _identifiers() -> frozenset[str]:
    """Of all managed rules that AWS has."""
    text = files("awsmon.config_recorder.rules").joinpath("identifiers.txt").read_text()
    return frozenset(text.split())


@operation("DescribeConfigRules")
def describe_config_rules(
    config: ConfigRecorder, request: DescribeConfigRulesRequestTypeDef
) -> dict[str, Any]:
    """In order of name; a policy's text is GetCustomRulePolicy's."""
    names, mode = request.get("ConfigRuleNames"), request.get("Filters", {}).get("EvaluationMode")
    found = [config.rules.find(name) for name in names] if names else list(config.rules)
    if mode:
        found = [each for each in found if {"Mode": mode} in each.evaluation_modes]
    page, token = pages.page(found, request, 25, "DescribeConfigRules", key=lambda each: each.name)
    return {"ConfigRules": [_shown(each) for each in page], "NextToken": token}


def _shown(rule: Rule) -> dict[str, Any]:
    found = copy.deepcopy(rule.to_aws())
    found["Source"].get("CustomPolicyDetails", {})["PolicyText"] = ""
    return found


@operation("GetCustomRulePolicy")
def get_custom_rule_policy(
    config: ConfigRecorder, request: GetCustomRulePolicyRequestTypeDef
) -> dict[str, Any]:
    """As it was put."""
    rule = config.rules.find(request.get("ConfigRuleName", ""))
    return {"PolicyText": rule.source.get("CustomPolicyDetails", {}).get("PolicyText")}


@operation("DeleteConfigRule")
def delete_config_rule(config: ConfigRecorder, request: DeleteConfigRuleRequestTypeDef) -> None:
    """With all that it said; not while a remediation needs it."""
    rule = config.rules.find(request["ConfigRuleName"])
    if config.remediation.of(rule.name):
        raise ResourceInUseException.remediated(rule.name)
    config.rules.forget(rule)


@operation("DescribeConfigRuleEvaluationStatus")
def describe_config_rule_evaluation_status(
    config: ConfigRecorder, request: DescribeConfigRuleEvaluationStatusRequestTypeDef
) -> dict[str, Any]:
    """When rules were asked, and whether that went well."""
    names = request.get("ConfigRuleNames")
    found = [config.rules.find(name) for name in names] if names else list(config.rules)
    page, token = pages.page(
        found, request, 150, "DescribeConfigRuleEvaluationStatus", key=lambda each: each.name
    )
    return {
        "ConfigRulesEvaluationStatus": [
            {"ConfigRuleName": each.name, "ConfigRuleArn": each.config_rule_arn,
             "ConfigRuleId": each.config_rule_id, "FirstEvaluationStarted": False, **each.status}
            for each in page
        ],
        "NextToken": token,
    }  # fmt: skip


@operation("StartConfigRulesEvaluation")
def start_config_rules_evaluation(
    config: ConfigRecorder, request: StartConfigRulesEvaluationRequestTypeDef
) -> dict[str, Any]:
    """Everything in their scope, anew; once a minute."""
    now = config.clock.now()
    rules = [config.rules.find(name) for name in request.get("ConfigRuleNames", ())]
    if any(each.asked and now - each.asked < _ONCE for each in rules):
        raise LimitExceededException.evaluations()
    config.notifying.evaluation_started([each.name for each in rules])
    for rule in rules:
        rule.asked = now
        config.evaluating.judge_all(rule)
    return {}


@operation("DeleteEvaluationResults")
def delete_evaluation_results(
    config: ConfigRecorder, request: DeleteEvaluationResultsRequestTypeDef
) -> dict[str, Any]:
    """Until the rule judges anew, it says nothing."""
    config.rules.clear(config.rules.find(request["ConfigRuleName"]))
    return {}
