"""Rules of an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.operations.rules import check_built, put_rule
from awsmon.config_recorder.organization import (
    DEPLOYING,
    OrganizationRule,
    detailed,
    members,
    overall,
    registry,
)
from awsmon.config_recorder.rules.errors import InvalidParameterValueException
from awsmon.config_recorder.tagging import tags_of
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        DeleteOrganizationConfigRuleRequestTypeDef,
        DescribeOrganizationConfigRulesRequestTypeDef,
        DescribeOrganizationConfigRuleStatusesRequestTypeDef,
        GetOrganizationConfigRuleDetailedStatusRequestTypeDef,
        GetOrganizationCustomRulePolicyRequestTypeDef,
        PutOrganizationConfigRuleRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder

_KINDS = {
    # metadata: owner
    "OrganizationManagedRuleMetadata": "AWS",
    "OrganizationCustomRuleMetadata": "CUSTOM_LAMBDA",
    "OrganizationCustomPolicyRuleMetadata": "CUSTOM_POLICY",
}


@operation("PutOrganizationConfigRule")
def put_organization_config_rule(
    config: ConfigRecorder, request: PutOrganizationConfigRuleRequestTypeDef
) -> dict[str, Any]:
    """In every account but those that are excluded; each needs a recorder of its own."""
    tags = tags_of(request)
    given: Any = dict(request)
    kinds = [name for name in _KINDS if given.get(name)]
    if len(kinds) != 1:
        raise InvalidParameterValueException.one_metadata()
    metadata = given[kinds[0]]
    if _KINDS[kinds[0]] == "AWS":
        check_built(metadata["RuleIdentifier"], "PutOrganizationConfigRule")
    accounts = [each for each in members(config, DEPLOYING)
                if each not in given.get("ExcludedAccounts", ())]  # fmt: skip
    name, there = request["OrganizationConfigRuleName"], config.organization
    old = there.rules.get(name)
    suffix = _suffix(old.organization_config_rule_arn) if old else config.ids.key("", 8).lower()
    arn = config.scope.arn("config", f"organization-config-rule/{name}-{suffix}")
    rule = there.rules[name] = OrganizationRule.from_aws(
        given, organization_config_rule_arn=arn, last_update_time=config.clock.now(),
        updated=old is not None,
    )  # fmt: skip
    config.tags.create(arn, tags)
    own = f"OrgConfigRule-{name}-{suffix}"
    wanted = _rule(own, _KINDS[kinds[0]], metadata)
    rule.members = there.deploy(
        own, accounts, lambda place: put_rule(place, wanted, maker=DEPLOYING),
        old.members if old else (), _take,
    )  # fmt: skip
    return {"OrganizationConfigRuleArn": arn}


def _take(place: ConfigRecorder, name: str) -> None:
    rule = place.rules.by_name.get(name)
    if rule is not None:
        place.rules.forget(rule)


def _suffix(arn: str) -> str:
    return arn.rpartition("-")[2]


def _rule(name: str, owner: str, metadata: Any) -> dict[str, Any]:
    """The rule that each account gets."""
    source: dict[str, Any] = {"Owner": owner}
    if owner == "AWS":
        source["SourceIdentifier"] = metadata["RuleIdentifier"]
    else:
        source["SourceDetails"] = [
            {"EventSource": "aws.config", "MessageType": each}
            for each in metadata.get("OrganizationConfigRuleTriggerTypes", ())
        ]
    if owner == "CUSTOM_LAMBDA":
        source["SourceIdentifier"] = metadata["LambdaFunctionArn"]
    elif owner == "CUSTOM_POLICY":
        source["CustomPolicyDetails"] = {
            "PolicyRuntime": metadata["PolicyRuntime"], "PolicyText": metadata["PolicyText"]
        }  # fmt: skip
    scope = {
        "ComplianceResourceTypes": metadata.get("ResourceTypesScope"),
        "ComplianceResourceId": metadata.get("ResourceIdScope"),
        "TagKey": metadata.get("TagKeyScope"), "TagValue": metadata.get("TagValueScope"),
    }  # fmt: skip
    told = {
        "ConfigRuleName": name, "Source": source, "Description": metadata.get("Description"),
        "InputParameters": metadata.get("InputParameters"),
        "MaximumExecutionFrequency": metadata.get("MaximumExecutionFrequency"),
        "Scope": {key: value for key, value in scope.items() if value} or None,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value is not None}


def _named(config: ConfigRecorder, request: Any) -> list[OrganizationRule]:
    there = registry(config)
    names = request.get("OrganizationConfigRuleNames") or sorted(there.rules)
    return [there.rule(name) for name in names]


@operation("DescribeOrganizationConfigRules")
def describe_organization_config_rules(
    config: ConfigRecorder, request: DescribeOrganizationConfigRulesRequestTypeDef
) -> dict[str, Any]:
    """In order of name; a policy's text is GetOrganizationCustomRulePolicy's."""
    found = []
    for each in _named(config, request):
        told = each.to_aws()
        policy = told.get("OrganizationCustomPolicyRuleMetadata")
        if policy:
            told["OrganizationCustomPolicyRuleMetadata"] = {
                key: value for key, value in policy.items() if key != "PolicyText"
            }
        found.append(told)
    page, token = pages.page(found, request, 100, "DescribeOrganizationConfigRules")
    return {"OrganizationConfigRules": page, "NextToken": token}


@operation("DescribeOrganizationConfigRuleStatuses")
def describe_organization_config_rule_statuses(
    config: ConfigRecorder, request: DescribeOrganizationConfigRuleStatusesRequestTypeDef
) -> dict[str, Any]:
    """Whether every account has it."""
    found = [
        {"OrganizationConfigRuleName": each.organization_config_rule_name,
         **overall(each, "OrganizationRuleStatus")}
        for each in _named(config, request)
    ]  # fmt: skip
    page, token = pages.page(found, request, 100, "DescribeOrganizationConfigRuleStatuses")
    return {"OrganizationConfigRuleStatuses": page, "NextToken": token}


@operation("GetOrganizationConfigRuleDetailedStatus")
def get_organization_config_rule_detailed_status(
    config: ConfigRecorder, request: GetOrganizationConfigRuleDetailedStatusRequestTypeDef
) -> dict[str, Any]:
    """Each account."""
    rule = registry(config).rule(request["OrganizationConfigRuleName"])
    found = detailed(rule, request.get("Filters", {}), name="ConfigRuleName",
                     status="MemberAccountRuleStatus")  # fmt: skip
    page, token = pages.page(found, request, 100, "GetOrganizationConfigRuleDetailedStatus")
    return {"OrganizationConfigRuleDetailedStatus": page, "NextToken": token}


@operation("GetOrganizationCustomRulePolicy")
def get_organization_custom_rule_policy(
    config: ConfigRecorder, request: GetOrganizationCustomRulePolicyRequestTypeDef
) -> dict[str, Any]:
    """As it was put."""
    rule = registry(config).rule(request["OrganizationConfigRuleName"])
    policy = rule.organization_custom_policy_rule_metadata or {}
    return {"PolicyText": policy.get("PolicyText")}


@operation("DeleteOrganizationConfigRule")
def delete_organization_config_rule(
    config: ConfigRecorder, request: DeleteOrganizationConfigRuleRequestTypeDef
) -> None:
    """Everywhere."""
    there = registry(config)
    rule = there.rule(request["OrganizationConfigRuleName"])
    there.withdraw(rule.members, _take)
    config.tags.forget(rule.organization_config_rule_arn)
    del there.rules[rule.organization_config_rule_name]
