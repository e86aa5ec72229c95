"""Aggregators: other accounts and regions, read from one place."""

from __future__ import annotations

import json

import boto3
import moto
import pytest
from botocore.exceptions import ClientError

from awsmon.config_recorder.operations.aggregators import (
    put_aggregation_authorization,
    put_configuration_aggregator,
)
from tests.config_recorder.conftest import ACCOUNT, GROUP, ROLE, rule

OTHER = "210987654321"
REGIONS = {"AwsRegions": ["us-east-1", "eu-west-1"]}


@pytest.fixture
def world(monitoring):
    """A group in two accounts and two regions each, open to the world in us-east-1."""
    for account in (ACCOUNT, OTHER):
        for region in REGIONS["AwsRegions"]:
            place = monitoring.at(account=account, region=region)
            place.config_recorder.record(
                GROUP,
                f"sg-{account[0]}-{region[:2]}",
                {
                    "groupName": "web",
                    "ipPermissionsEgress": [],
                    "ipPermissions": [
                        {
                            "ipProtocol": "tcp",
                            "fromPort": 22,
                            "toPort": 22,
                            "ipRanges": [{"cidrIp": "0.0.0.0/0"}],
                        }
                    ]
                    if region == "us-east-1"
                    else [],
                },
            )
    return monitoring  # fmt: skip


@pytest.fixture
def config(world):
    return boto3.client("config", "us-east-1")


def aggregator(config, accounts=(ACCOUNT, OTHER), **more):
    return config.put_configuration_aggregator(
        ConfigurationAggregatorName="all",
        AccountAggregationSources=[{"AccountIds": [*accounts], **REGIONS}], **more,
    )["ConfigurationAggregator"]  # fmt: skip


def authorize(world, *regions):
    for region in regions:
        place = world.at(account=OTHER, region=region).config_recorder
        with place.door:
            put_aggregation_authorization(place, {
                "AuthorizedAccountId": ACCOUNT, "AuthorizedAwsRegion": "us-east-1"})  # fmt: skip


def ids(config, **more):
    found = config.list_aggregate_discovered_resources(
        ConfigurationAggregatorName="all", ResourceType=GROUP, **more
    )["ResourceIdentifiers"]
    return [each["ResourceId"] for each in found]


def test_what_is_read_is_ones_own_and_what_others_let(world, config):
    made = aggregator(config)
    assert made["ConfigurationAggregatorArn"].startswith(
        f"arn:aws:config:us-east-1:{ACCOUNT}:config-aggregator/config-aggregator-"
    )
    assert ids(config) == ["sg-1-eu", "sg-1-us"]
    assert world.at(account=OTHER).config_recorder.aggregators.pending()[0].account == ACCOUNT
    authorize(world, "us-east-1")
    assert ids(config) == ["sg-1-eu", "sg-1-us", "sg-2-us"]
    assert world.at(account=OTHER).config_recorder.aggregators.pending() == []
    status = config.describe_configuration_aggregator_sources_status(
        ConfigurationAggregatorName="all"
    )["AggregatedSourceStatusList"]
    assert [(each["SourceId"], each["AwsRegion"], each["LastUpdateStatus"]) for each in status] == [
        (ACCOUNT, "eu-west-1", "SUCCEEDED"),
        (ACCOUNT, "us-east-1", "SUCCEEDED"),
        (OTHER, "eu-west-1", "FAILED"),
        (OTHER, "us-east-1", "SUCCEEDED"),
    ]
    assert ids(config, Filters={"Region": "us-east-1"}) == ["sg-1-us", "sg-2-us"]  # fmt: skip


def test_counts_items_and_queries(world, config):
    aggregator(config)
    authorize(world, *REGIONS["AwsRegions"])
    name = {"ConfigurationAggregatorName": "all"}
    counts = config.get_aggregate_discovered_resource_counts(**name, GroupByKey="ACCOUNT_ID")
    assert counts["TotalDiscoveredResources"] == 4
    assert counts["GroupedResourceCounts"] == [
        {"GroupName": ACCOUNT, "ResourceCount": 2},
        {"GroupName": OTHER, "ResourceCount": 2},
    ]
    one = {
        "SourceAccountId": OTHER,
        "SourceRegion": "us-east-1",
        "ResourceId": "sg-2-us",
        "ResourceType": GROUP,
    }
    item = config.get_aggregate_resource_config(**name, ResourceIdentifier=one)["ConfigurationItem"]
    assert (item["accountId"], item["resourceId"]) == (OTHER, "sg-2-us")
    none = {**one, "ResourceId": "sg-0"}
    both = config.batch_get_aggregate_resource_config(**name, ResourceIdentifiers=[one, none])
    assert [each["resourceId"] for each in both["BaseConfigurationItems"]] == ["sg-2-us"]
    assert both["UnprocessedResourceIdentifiers"] == [none]
    with pytest.raises(ClientError) as raised:
        config.get_aggregate_resource_config(**name, ResourceIdentifier=none)
    assert raised.value.response["Error"]["Code"] == "ResourceNotDiscoveredException"
    rows = config.select_aggregate_resource_config(
        **name, Expression="SELECT accountId, COUNT(*) GROUP BY accountId ORDER BY accountId"
    )
    assert [json.loads(each) for each in rows["Results"]] == [
        {"accountId": ACCOUNT, "COUNT(*)": 2}, {"accountId": OTHER, "COUNT(*)": 2}]  # fmt: skip


def test_compliance_of_all(world, config):
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": ROLE})
    config.put_config_rule(
        ConfigRule={
            "ConfigRuleName": "ssh",
            "Source": {"Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED"},
        }
    )
    aggregator(config)
    name = {"ConfigurationAggregatorName": "all"}
    [found] = config.describe_aggregate_compliance_by_config_rules(**name)[
        "AggregateComplianceByConfigRules"
    ]
    assert (found["AccountId"], found["AwsRegion"], found["Compliance"]["ComplianceType"]) == (
        ACCOUNT,
        "us-east-1",
        "NON_COMPLIANT",
    )
    [result] = config.get_aggregate_compliance_details_by_config_rule(
        **name, ConfigRuleName="ssh", AccountId=ACCOUNT, AwsRegion="us-east-1"
    )["AggregateEvaluationResults"]
    assert (result["ComplianceType"], result["AccountId"]) == ("NON_COMPLIANT", ACCOUNT)
    summary = config.get_aggregate_config_rule_compliance_summary(**name, GroupByKey="AWS_REGION")[
        "AggregateComplianceCounts"
    ]
    by_region = {
        each["GroupName"]: each["ComplianceSummary"]["NonCompliantResourceCount"]["CappedCount"]
        for each in summary
    }
    assert by_region == {"eu-west-1": 0, "us-east-1": 1}  # fmt: skip


def test_an_organization_needs_no_authorizations(world, config):
    with moto.mock_aws():
        source = {"OrganizationAggregationSource": {"RoleArn": ROLE, "AllAwsRegions": True}}
        with pytest.raises(ClientError) as raised:
            config.put_configuration_aggregator(ConfigurationAggregatorName="all", **source)
        assert raised.value.response["Error"]["Code"] == "NoAvailableOrganizationException"
        organizations = boto3.client("organizations", "us-east-1")
        organizations.create_organization(FeatureSet="ALL")
        member = organizations.create_account(AccountName="m", Email="m@example.com")[
            "CreateAccountStatus"]["AccountId"]  # fmt: skip
        world.at(account=member).config_recorder.record(GROUP, "sg-m", {"ipPermissions": []})
        config.put_configuration_aggregator(ConfigurationAggregatorName="all", **source)
        assert sorted(ids(config)) == ["sg-1-eu", "sg-1-us", "sg-m"]


def test_aggregators_are_put_described_and_deleted(world, config):
    first = aggregator(config)
    again = aggregator(config, accounts=[ACCOUNT], AggregatorFilters={
        "ResourceType": {"Type": "INCLUDE", "Value": ["AWS::S3::Bucket"]}})  # fmt: skip
    assert again["ConfigurationAggregatorArn"] == first["ConfigurationAggregatorArn"]
    assert ids(config) == []
    [told] = config.describe_configuration_aggregators()["ConfigurationAggregators"]
    assert told["AccountAggregationSources"] == [{"AccountIds": [ACCOUNT], **REGIONS}]
    config.delete_configuration_aggregator(ConfigurationAggregatorName="all")
    with pytest.raises(ClientError, match="The configuration aggregator does not exist") as raised:
        ids(config)
    assert raised.value.response["Error"]["Code"] == "NoSuchConfigurationAggregatorException"


def test_authorizations_and_requests(world, config):
    made = config.put_aggregation_authorization(
        AuthorizedAccountId=OTHER, AuthorizedAwsRegion="us-east-1"
    )["AggregationAuthorization"]
    assert made["AggregationAuthorizationArn"] == (
        f"arn:aws:config:us-east-1:{ACCOUNT}:aggregation-authorization/{OTHER}/us-east-1"
    )
    assert config.describe_aggregation_authorizations()["AggregationAuthorizations"] == [made]
    config.delete_aggregation_authorization(
        AuthorizedAccountId=OTHER, AuthorizedAwsRegion="us-east-1"
    )
    assert config.describe_aggregation_authorizations()["AggregationAuthorizations"] == []
    there = world.at(account=OTHER).config_recorder
    with there.door:
        put_configuration_aggregator(
            there,
            {
                "ConfigurationAggregatorName": "all",
                "AccountAggregationSources": [{"AccountIds": [ACCOUNT], "AllAwsRegions": True}],
            },
        )
    wanted = {"RequesterAccountId": OTHER, "RequesterAwsRegion": "us-east-1"}
    assert config.describe_pending_aggregation_requests()["PendingAggregationRequests"] == [wanted]
    config.delete_pending_aggregation_request(**wanted)
    assert config.describe_pending_aggregation_requests()["PendingAggregationRequests"] == []


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (
            [{"AccountIds": [ACCOUNT], "AllAwsRegions": True, **REGIONS}],
            "contains a list of regions and also specifies the use of all regions",
        ),
        ([{"AccountIds": [ACCOUNT]}], "Your request does not specify any regions."),
    ],
)
def test_regions_are_told_in_one_way(world, config, sources, message):
    """Messages: moto's, whose authors ran AWS."""
    with pytest.raises(ClientError, match=message) as raised:
        config.put_configuration_aggregator(
            ConfigurationAggregatorName="all", AccountAggregationSources=sources
        )
    assert raised.value.response["Error"]["Code"] == "InvalidParameterValueException"


ACCOUNTS = [{"AccountIds": [ACCOUNT], "AllAwsRegions": True}]
EVERYONE = {"RoleArn": ROLE, "AllAwsRegions": True}


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (
            {"AccountAggregationSources": ACCOUNTS, "OrganizationAggregationSource": EVERYONE},
            "The configuration aggregator cannot be created because your request contains both the "
            "AccountAggregationSource and the OrganizationAggregationSource. Include only one "
            "aggregation source and try again.",
        ),
        (
            {},
            "The configuration aggregator cannot be created because your request is missing either "
            "the AccountAggregationSource or the OrganizationAggregationSource. Include the "
            "appropriate aggregation source and try again.",
        ),
    ],
    ids=["both", "neither"],
)
def test_an_aggregator_has_one_source(world, config, sources, message):
    """Messages: moto's, whose authors ran AWS. There is no organization, but this comes first."""
    with moto.mock_aws(), pytest.raises(ClientError) as raised:
        config.put_configuration_aggregator(ConfigurationAggregatorName="all", **sources)
    assert raised.value.response["Error"] == {
        "Code": "InvalidParameterValueException", "Message": message}  # fmt: skip


def test_what_is_filtered_out_is_not_read(world, config):
    """Source: botocore's model, AggregatorFilterResourceType."""
    # given a bucket, and an aggregator of buckets only
    world.config_recorder.record("AWS::S3::Bucket", "b", {})
    aggregator(
        config,
        accounts=[ACCOUNT],
        AggregatorFilters={"ResourceType": {"Type": "INCLUDE", "Value": ["AWS::S3::Bucket"]}},
    )
    name = {"ConfigurationAggregatorName": "all"}
    place = {"SourceAccountId": ACCOUNT, "SourceRegion": "us-east-1"}
    bucket = {**place, "ResourceType": "AWS::S3::Bucket", "ResourceId": "b"}
    group = {**place, "ResourceType": GROUP, "ResourceId": "sg-1-us"}
    # then a query finds the bucket alone
    found = config.select_aggregate_resource_config(**name, Expression="SELECT resourceId")
    assert [json.loads(each) for each in found["Results"]] == [{"resourceId": "b"}]
    # and a group isn't there, not among several either
    config.get_aggregate_resource_config(**name, ResourceIdentifier=bucket)
    with pytest.raises(ClientError) as raised:
        config.get_aggregate_resource_config(**name, ResourceIdentifier=group)
    assert raised.value.response["Error"]["Code"] == "ResourceNotDiscoveredException"
    both = config.batch_get_aggregate_resource_config(**name, ResourceIdentifiers=[bucket, group])
    assert [each["resourceId"] for each in both["BaseConfigurationItems"]] == ["b"]
    assert both["UnprocessedResourceIdentifiers"] == [group]


def test_rules_without_results_are_not_listed(world, config):
    """Source: botocore's model, DescribeAggregateComplianceByConfigRules."""
    # given a rule that judges a group, and one that judges nothing
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": ROLE})
    rule(config, "INCOMING_SSH_DISABLED", name="ssh")
    rule(config, "RDS_STORAGE_ENCRYPTED", name="storage")
    # when the rules of all sources are listed
    aggregator(config)
    found = config.describe_aggregate_compliance_by_config_rules(ConfigurationAggregatorName="all")
    # then the second isn't
    assert [each["ConfigRuleName"] for each in found["AggregateComplianceByConfigRules"]] == ["ssh"]


@pytest.mark.parametrize(
    ("expression", "size"),
    [("SELECT resourceId", 25), ("SELECT resourceId, COUNT(*) GROUP BY resourceId", 30)],
)
def test_a_page_of_groups_is_longer(world, config, expression, size):
    """Source: botocore's model, SelectAggregateResourceConfig: 25 rows, or 500 groups."""
    # given thirty resources
    for number in range(28):
        world.config_recorder.record(GROUP, f"sg-{number:02}", {"ipPermissions": []})
    aggregator(config, accounts=[ACCOUNT])
    # then a page has as many as its kind may
    found = config.select_aggregate_resource_config(
        ConfigurationAggregatorName="all", Expression=expression
    )
    assert len(found["Results"]) == size
    assert ("NextToken" in found) == (size == 25)


def test_a_page_of_counts_has_a_thousand(world, config):
    """Source: botocore's model, GetAggregateDiscoveredResourceCounts."""
    for number in range(150):
        world.config_recorder.record(f"Own::Type::N{number}", "x", {})
    aggregator(config, accounts=[ACCOUNT])
    found = config.get_aggregate_discovered_resource_counts(
        ConfigurationAggregatorName="all", GroupByKey="RESOURCE_TYPE"
    )
    assert len(found["GroupedResourceCounts"]) == 151
    assert "NextToken" not in found


def test_a_page_of_a_rules_results_has_ten(world, config):
    """Source: botocore's model, GetComplianceDetailsByConfigRule."""
    # given a rule that judges twelve groups
    for number in range(11):
        world.config_recorder.record(GROUP, f"sg-{number:02}", {"ipPermissions": []})
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": ROLE})
    rule(config, "INCOMING_SSH_DISABLED")
    # then a page has ten of them
    found = config.get_compliance_details_by_config_rule(ConfigRuleName="rule")
    assert len(found["EvaluationResults"]) == 10
    # and the next the others
    found = config.get_compliance_details_by_config_rule(
        ConfigRuleName="rule", NextToken=found["NextToken"]
    )
    assert len(found["EvaluationResults"]) == 2
