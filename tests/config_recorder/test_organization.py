"""Rules and packs of an organization."""

from __future__ import annotations

import json
from functools import partial

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


DELEGATING = "config-multiaccountsetup.amazonaws.com"


def rules_of(monitoring, account):
    return list(monitoring.at(account=account).config_recorder.rules.by_name)


def as_account(account):
    """A client of that account's."""
    role = boto3.client("sts", "us-east-1").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/r", RoleSessionName="session"
    )["Credentials"]
    return boto3.client(
        "config",
        "us-east-1",
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )


def put_pack(config, **more):
    return config.put_organization_conformance_pack(
        **{"OrganizationConformancePackName": "own", "TemplateBody": PACK, **more}
    )


def aggregate(config):
    return config.put_configuration_aggregator(
        ConfigurationAggregatorName="all",
        OrganizationAggregationSource={"RoleArn": ROLE, "AllAwsRegions": True},
    )


@pytest.mark.parametrize("putting", [lambda config, **more: put(config, **MANAGED, **more),
                                     put_pack], ids=["rule", "pack"])  # fmt: skip
def test_an_account_that_is_excluded_later_loses_it(monitoring, accounts, config, putting):
    # given a rule, or a pack with one, in two accounts
    putting(config, ExcludedAccounts=accounts[2:])
    assert [len(rules_of(monitoring, each)) for each in accounts] == [1, 1, 0]
    # when it is put again without the second
    putting(config, ExcludedAccounts=accounts[1:])
    # then only the first has it
    assert [len(rules_of(monitoring, each)) for each in accounts] == [1, 0, 0]
    assert monitoring.at(account=accounts[1]).config_recorder.packs.by_name == {}


def test_what_is_put_again_is_updated(accounts, config):
    """Statuses: botocore's model, OrganizationConfigRuleStatus and MemberAccountStatus."""
    # given a rule and a pack in the first account
    for putting in (lambda **more: put(config, **MANAGED, **more), partial(put_pack, config)):
        putting(ExcludedAccounts=accounts[1:])
        # when they are put again, into the second as well
        putting(ExcludedAccounts=accounts[2:])
    # then they are updated, but in the second account, which had none
    [rule] = config.describe_organization_config_rule_statuses()["OrganizationConfigRuleStatuses"]
    [pack] = config.describe_organization_conformance_pack_statuses()[
        "OrganizationConformancePackStatuses"
    ]
    assert (rule["OrganizationRuleStatus"], pack["Status"]) == ("UPDATE_SUCCESSFUL",) * 2
    rules = config.get_organization_config_rule_detailed_status(OrganizationConfigRuleName="ssh")
    packs = config.get_organization_conformance_pack_detailed_status(
        OrganizationConformancePackName="own"
    )
    expected = ["UPDATE_SUCCESSFUL", "CREATE_SUCCESSFUL"]
    found = rules["OrganizationConfigRuleDetailedStatus"]
    assert [each["MemberAccountRuleStatus"] for each in found] == expected
    found = packs["OrganizationConformancePackDetailedStatuses"]
    assert [each["Status"] for each in found] == expected


def test_a_rule_of_the_organizations_is_the_services(accounts, config):
    """ARN: AWS's managed policy AWSConfigMultiAccountSetupPolicy."""
    put(config, **MANAGED)
    [rule] = config.describe_config_rules()["ConfigRules"]
    assert rule["CreatedBy"] == DELEGATING
    assert rule["ConfigRuleArn"] == (
        f"arn:aws:config:{BASE}:config-rule/aws-service-rule/{DELEGATING}/{rule['ConfigRuleId']}"
    )


CALLS = {
    "put a rule": lambda config: put(config, **MANAGED),
    "put a pack": put_pack,
    "aggregate": aggregate,
}
OTHER_CALLS = {
    "show rules": lambda config: config.describe_organization_config_rules(),
    "show packs": lambda config: config.describe_organization_conformance_packs(),
    "delete a rule": lambda config: config.delete_organization_config_rule(
        OrganizationConfigRuleName="ssh"
    ),
    "delete a pack": lambda config: config.delete_organization_conformance_pack(
        OrganizationConformancePackName="own"
    ),
}  # fmt: skip


@pytest.mark.parametrize("call", [*CALLS.values(), *OTHER_CALLS.values()],
                         ids=[*CALLS, *OTHER_CALLS])  # fmt: skip
def test_members_may_not(accounts, call):
    """Source: botocore's model, OrganizationAccessDeniedException."""
    with pytest.raises(ClientError) as raised:
        call(as_account(accounts[1]))
    assert raised.value.response["Error"]["Code"] == "OrganizationAccessDeniedException"


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_delegated_administrators_may(accounts, call):
    # given an account that the organization delegates to
    boto3.client("organizations", "us-east-1").register_delegated_administrator(
        AccountId=accounts[1], ServicePrincipal=DELEGATING
    )
    # then it may do what the management account may
    call(as_account(accounts[1]))


BAD_PACKS = {
    "no template": {"TemplateBody": ""},
    "a bucket of another name": {"DeliveryS3Bucket": "packs"},
}


@pytest.mark.parametrize("more", BAD_PACKS.values(), ids=BAD_PACKS)
def test_a_pack_that_is_not_valid(monitoring, accounts, config, more):
    """Source: botocore's model, PutOrganizationConformancePack."""
    request = {name: value for name, value in {"TemplateBody": PACK, **more}.items() if value}
    with pytest.raises(ClientError) as raised:
        config.put_organization_conformance_pack(OrganizationConformancePackName="own", **request)
    assert raised.value.response["Error"]["Code"] == "ValidationException"
    assert rules_of(monitoring, accounts[0]) == []


def test_of_two_templates_the_address_is_taken(monitoring, accounts, config):
    """Source: botocore's model, PutOrganizationConformancePack."""
    # given a template in a bucket
    s3 = boto3.client("s3", "us-east-1")
    s3.create_bucket(Bucket="packs")
    s3.put_object(Bucket="packs", Key="pack.json", Body=PACK)
    # when a pack tells of it, and of a text
    put_pack(config, TemplateBody=PACK.replace('"ssh"', '"text"'),
             TemplateS3Uri="s3://packs/pack.json")  # fmt: skip
    # then the rule is the bucket's
    [name] = rules_of(monitoring, accounts[0])
    assert name.startswith("ssh-conformance-pack-")
