"""Advanced queries through boto3, and queries that are stored."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.config_recorder.conftest import (
    BASE,
    GROUP,
    ROLE,
    client,
    history,
    recording,
    rule,
    security_group,
)


def select(config, expression, **more):
    found = config.select_resource_config(Expression=expression, **more)
    return [json.loads(each) for each in found["Results"]]


def test_what_is_known_is_queried(mon, config):
    recording(config)
    group = security_group("web", 22)
    [row] = select(
        config,
        "SELECT resourceId, resourceName, configuration.ipPermissions.fromPort, "
        f"relationships.resourceType WHERE resourceId = '{group}'",
    )
    assert row == {
        "resourceId": group, "resourceName": "web",
        "configuration": {"ipPermissions": [{"fromPort": 22}]},
        "relationships": [{"resourceType": "AWS::EC2::VPC"}],
    }  # fmt: skip
    found = config.select_resource_config(
        Expression=f"SELECT resourceId, COUNT(*) WHERE resourceType = '{GROUP}' "
        "GROUP BY resourceId",
        Limit=1,
    )
    assert found["QueryInfo"]["SelectFields"] == [{"Name": "resourceId"}, {"Name": "COUNT(*)"}]
    assert (len(found["Results"]), "NextToken" in found) == (1, True)  # fmt: skip


def test_compliance_is_queried(mon, config):
    recording(config)
    group = security_group("web", 22)
    security_group("other")
    rule(config, "INCOMING_SSH_DISABLED")
    [row] = select(
        config,
        "SELECT configuration.targetResourceId, configuration.configRuleList "
        "WHERE resourceType = 'AWS::Config::ResourceCompliance' "
        "AND configuration.complianceType = 'NON_COMPLIANT'",
    )
    assert row["configuration"]["targetResourceId"] == group
    [judged] = row["configuration"]["configRuleList"]
    assert (judged["configRuleName"], judged["complianceType"]) == ("rule", "NON_COMPLIANT")


def test_a_text_that_is_no_query(monitoring, config):
    with pytest.raises(ClientError, match="LIKE") as raised:
        select(config, "SELECT resourceId WHERE resourceName")
    assert raised.value.response["Error"]["Code"] == "InvalidExpressionException"


def test_queries_are_stored(monitoring, config):
    text = "SELECT resourceId"
    arn = config.put_stored_query(StoredQuery={"QueryName": "all", "Expression": text},
                                  Tags=[{"Key": "a", "Value": "b"}])["QueryArn"]  # fmt: skip
    assert arn.startswith(f"arn:aws:config:{BASE}:stored-query/all/query-")
    stored = config.get_stored_query(QueryName="all")["StoredQuery"]
    assert (stored["Expression"], stored["QueryArn"]) == (text, arn)
    again = config.put_stored_query(StoredQuery={"QueryName": "all", "Description": "d"})
    assert again["QueryArn"] == arn
    assert config.get_stored_query(QueryName="all")["StoredQuery"]["Expression"] == text
    [listed] = config.list_stored_queries()["StoredQueryMetadata"]
    assert listed == {"QueryId": stored["QueryId"], "QueryArn": arn, "QueryName": "all",
                      "Description": "d"}  # fmt: skip
    config.delete_stored_query(QueryName="all")
    with pytest.raises(ClientError) as raised:
        config.get_stored_query(QueryName="all")
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_new_query_needs_a_text_and_there_are_300(monitoring, config):
    """botocore: PutStoredQuery, StoredQuery."""

    def refused(**query):
        with pytest.raises(ClientError) as raised:
            config.put_stored_query(StoredQuery=query)
        return raised.value.response["Error"]["Code"]

    assert refused(QueryName="all", Description="d") == "ValidationException"
    for place in range(300):
        config.put_stored_query(StoredQuery={"QueryName": f"q{place}", "Expression": "SELECT a"})
    assert refused(QueryName="other", Expression="SELECT a") == "ValidationException"
    config.put_stored_query(StoredQuery={"QueryName": "q0", "Description": "there already"})


def counted(config):
    found = config.get_discovered_resource_counts()
    assert found["totalDiscoveredResources"] == sum(e["count"] for e in found["resourceCounts"])
    return {each["resourceType"]: each["count"] for each in found["resourceCounts"]}


def test_what_is_no_longer_recorded_is_neither_found_nor_counted(mon, config):
    """Guide, "Limitations"; botocore, GetDiscoveredResourceCounts, resourceTypes."""
    # given groups and a volume that are recorded, and two resources of which somebody told
    recording(config)
    security_group("web")
    volume = client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=8)["VolumeId"]
    mon.config_recorder.record("AWS::EC2::Host", "h-1", {})
    config.put_resource_config(ResourceType="Acme::Thing::Widget", SchemaVersionId="1",
                               ResourceId="w", Configuration="{}")  # fmt: skip
    assert counted(config)["AWS::EC2::Volume"] == 1
    # when only groups are recorded
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": ROLE,
            "recordingGroup": {"resourceTypes": [GROUP]},
        }
    )
    # then the volume isn't there, though its history is
    others = {"AWS::EC2::Host", "Acme::Thing::Widget"}
    assert counted(config).keys() == {GROUP} | others
    kinds = select(config, "SELECT resourceType, COUNT(*) GROUP BY resourceType")
    assert {each["resourceType"] for each in kinds} == {GROUP} | others
    assert history(config, "AWS::EC2::Volume", volume)
    # and with the recorder off nothing is counted
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    assert counted(config) == {}


def test_told_resources_need_no_recorder(monitoring, config):
    monitoring.config_recorder.record("AWS::EC2::Host", "h-1", {})
    assert counted(config) == {"AWS::EC2::Host": 1}
    assert select(config, "SELECT resourceId") == [{"resourceId": "h-1"}]


def test_the_compliance_of_packs_is_queried(mon, config):
    """Guide, "Example queries": the compliance status of AWS Conformance packs."""
    recording(config)
    security_group("web", 22)
    config.put_conformance_pack(ConformancePackName="pack", TemplateBody=json.dumps({
        "Resources": {"Ssh": {"Type": "AWS::Config::ConfigRule", "Properties": {
            "ConfigRuleName": "ssh", "Source": {
                "Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED"}}}}}))  # fmt: skip
    [pack] = config.describe_conformance_packs()["ConformancePackDetails"]
    kind = "AWS::Config::ConformancePackCompliance"
    assert select(config, "SELECT resourceId, resourceName, resourceType, "
                  f"configuration.complianceType WHERE resourceType = '{kind}'") == [
        {"resourceId": pack["ConformancePackId"], "resourceName": "pack", "resourceType": kind,
         "configuration": {"complianceType": "NON_COMPLIANT"}}]  # fmt: skip
