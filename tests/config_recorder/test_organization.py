"""Rules and packs of an organization."""

from __future__ import annotations

import json

import boto3
import moto
import pytest
from botocore.exceptions import ClientError

from tests.config_recorder.conftest import ACCOUNT, BASE, GROUP, ROLE

POLICY = 'rule a when resourceType == "AWS::EC2::SecurityGroup" { configuration.groupName != "x" }'
PACK = json.dumps({"Resources": {"Rule": {"Type": "AWS::Config::ConfigRule", "Properties": {
    "ConfigRuleName": "ssh", "Source": {
        "Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED"}}}}})  # fmt: skip


@pytest.fixture
def accounts(monitoring):
    """Three of an organization; the last has no recorder."""
    with moto.mock_aws():
        organizations = boto3.client("organizations", "us-east-1")
        organizations.create_organization(FeatureSet="ALL")
        others = [
            organizations.create_account(AccountName=name, Email=f"{name}@example.com")[
                "CreateAccountStatus"]["AccountId"]
            for name in ("a", "b")
        ]  # fmt: skip
        from awsmon.config_recorder.operations.recorders import put_configuration_recorder

        for account in (ACCOUNT, others[0]):
            place = monitoring.at(account=account).config_recorder
            with place.door:
                put_configuration_recorder(
                    place, {"ConfigurationRecorder": {"name": "default", "roleARN": ROLE}}
                )
            place.record(GROUP, "sg-1", {"groupName": "x", "ipPermissions": []})
        yield [ACCOUNT, *others]


@pytest.fixture
def config(accounts):
    return boto3.client("config", "us-east-1")


def put(config, **more):
    return config.put_organization_config_rule(OrganizationConfigRuleName="ssh", **more)[
        "OrganizationConfigRuleArn"]  # fmt: skip


MANAGED = {"OrganizationManagedRuleMetadata": {
    "RuleIdentifier": "INCOMING_SSH_DISABLED", "ResourceTypesScope": [GROUP]}}  # fmt: skip


def test_a_rule_of_all_accounts(monitoring, accounts, config):
    arn = put(config, **MANAGED)
    assert arn.startswith(f"arn:aws:config:{BASE}:organization-config-rule/ssh-")
    found = config.get_organization_config_rule_detailed_status(OrganizationConfigRuleName="ssh")[
        "OrganizationConfigRuleDetailedStatus"
    ]
    assert {each["AccountId"]: (each["MemberAccountRuleStatus"], each.get("ErrorCode"))
            for each in found} == {
        accounts[0]: ("CREATE_SUCCESSFUL", None), accounts[1]: ("CREATE_SUCCESSFUL", None),
        accounts[2]: ("CREATE_FAILED", "NoAvailableConfigurationRecorderException")}  # fmt: skip
    [status] = config.describe_organization_config_rule_statuses()["OrganizationConfigRuleStatuses"]
    assert status["OrganizationRuleStatus"] == "CREATE_FAILED"
    [rule] = config.describe_config_rules()["ConfigRules"]
    assert rule["ConfigRuleName"] == f"OrgConfigRule-{arn.rpartition('/')[2]}"
    there = monitoring.at(account=accounts[1]).config_recorder
    assert [each.compliance for each in there.rules.of_rule(next(iter(there.rules)))] == [
        "COMPLIANT"
    ]  # fmt: skip
    # and it goes everywhere
    config.delete_organization_config_rule(OrganizationConfigRuleName="ssh")
    assert list(there.rules) == []
    with pytest.raises(ClientError) as raised:
        config.delete_organization_config_rule(OrganizationConfigRuleName="ssh")
    assert raised.value.response["Error"]["Code"] == "NoSuchOrganizationConfigRuleException"


def test_accounts_are_excluded(accounts, config):
    put(config, **MANAGED, ExcludedAccounts=accounts[2:])
    [status] = config.describe_organization_config_rule_statuses()["OrganizationConfigRuleStatuses"]
    assert status["OrganizationRuleStatus"] == "CREATE_SUCCESSFUL"
    [told] = config.describe_organization_config_rules()["OrganizationConfigRules"]
    assert told["ExcludedAccounts"] == accounts[2:]
    assert told["OrganizationManagedRuleMetadata"]["RuleIdentifier"] == "INCOMING_SSH_DISABLED"


def test_a_policy_of_all_accounts(accounts, config):
    put(config, OrganizationCustomPolicyRuleMetadata={
        "PolicyRuntime": "guard-2.x.x", "PolicyText": POLICY,
        "OrganizationConfigRuleTriggerTypes": ["ConfigurationItemChangeNotification"]})  # fmt: skip
    [rule] = config.describe_compliance_by_config_rule()["ComplianceByConfigRules"]
    assert rule["Compliance"]["ComplianceType"] == "NON_COMPLIANT"
    text = config.get_organization_custom_rule_policy(OrganizationConfigRuleName="ssh")
    assert text["PolicyText"] == POLICY


def test_a_rule_is_of_one_kind(accounts, config):
    with pytest.raises(ClientError) as raised:
        put(config)
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValueException"


def test_a_pack_of_all_accounts(monitoring, accounts, config):
    arn = config.put_organization_conformance_pack(
        OrganizationConformancePackName="own", TemplateBody=PACK, ExcludedAccounts=accounts[2:]
    )["OrganizationConformancePackArn"]
    assert arn.startswith(f"arn:aws:config:{BASE}:organization-conformance-pack/own-")
    found = config.get_organization_conformance_pack_detailed_status(
        OrganizationConformancePackName="own"
    )["OrganizationConformancePackDetailedStatuses"]
    assert [(each["AccountId"], each["Status"]) for each in found] == [
        (each, "CREATE_SUCCESSFUL") for each in accounts[:2]
    ]
    [status] = config.describe_organization_conformance_pack_statuses()[
        "OrganizationConformancePackStatuses"
    ]
    assert status["Status"] == "CREATE_SUCCESSFUL"
    [told] = config.describe_organization_conformance_packs()["OrganizationConformancePacks"]
    assert told["OrganizationConformancePackName"] == "own"
    there = monitoring.at(account=accounts[1]).config_recorder
    assert [rule.name.startswith("ssh-conformance-pack-") for rule in there.rules] == [True]
    config.delete_organization_conformance_pack(OrganizationConformancePackName="own")
    assert list(there.rules) == []  # fmt: skip


def test_an_organization_is_needed(monitoring):
    with moto.mock_aws():
        with pytest.raises(ClientError) as raised:
            put(boto3.client("config", "us-east-1"), **MANAGED)
        assert raised.value.response["Error"]["Code"] == "NoAvailableOrganizationException"
