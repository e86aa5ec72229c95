"""What Logs is connected with, and settings that are shown."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.logs.conftest import NOW

CONFIG = {
    "openSearchResourceConfig": {
        "dataSourceRoleArn": "arn:aws:iam::123456789012:role/r",
        "dashboardViewerPrincipals": ["arn:aws:iam::123456789012:user/u"],
        "retentionDays": 30,
    }
}
TABLES = "arn:aws:observabilityadmin:us-east-1:123456789012:s3tableintegration/i"


def code(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"]


def integrate(logs, name="search"):
    return logs.put_integration(
        integrationName=name, integrationType="OPENSEARCH", resourceConfig=CONFIG
    )


def test_an_integration_is_provisioned_and_then_active(monitoring, logs):
    assert integrate(logs)["integrationStatus"] == "PROVISIONING"
    assert logs.list_integrations(integrationStatus="ACTIVE")["integrationSummaries"] == []
    monitoring.clock.advance(minutes=3)
    assert logs.list_integrations()["integrationSummaries"] == [
        {"integrationName": "search", "integrationType": "OPENSEARCH",
         "integrationStatus": "ACTIVE"}
    ]  # fmt: skip
    found = logs.get_integration(integrationName="search")
    source = found["integrationDetails"]["openSearchIntegrationDetails"]["dataSource"]
    assert source == {"dataSourceName": "search", "status": {"status": "ACTIVE"}}


def test_an_account_has_one_integration(logs):
    integrate(logs)
    assert code(integrate, logs=logs, name="other") == "LimitExceededException"
    logs.delete_integration(integrationName="search")
    assert code(logs.get_integration, integrationName="search") == "ResourceNotFoundException"
    integrate(logs, "other")


@pytest.mark.needs("logs.AssociateSourceToS3TableIntegration")
def test_sources_of_s3_tables(logs):
    source = {"name": "amazon_vpc", "type": "flow"}
    associate = logs.associate_source_to_s3_table_integration
    first = associate(integrationArn=TABLES, dataSource=source)["identifier"]
    assert associate(integrationArn=TABLES, dataSource=source)["identifier"] == first
    found = logs.list_sources_for_s3_table_integration(integrationArn=TABLES)["sources"]
    assert found == [
        {"identifier": first, "dataSource": source, "status": "ACTIVE", "createdTimeStamp": NOW}
    ]
    assert logs.list_sources_for_s3_table_integration(integrationArn="other")["sources"] == []
    gone = logs.disassociate_source_from_s3_table_integration
    assert gone(identifier=first)["identifier"] == first
    assert logs.list_sources_for_s3_table_integration(integrationArn=TABLES)["sources"] == []
    assert code(gone, identifier=first) == "ResourceNotFoundException"


@pytest.mark.needs("logs.PutSyslogConfiguration")
def test_syslog_by_endpoint(logs, stream):
    logs.put_syslog_configuration(logGroupIdentifier="/app", vpcEndpointId="vpce-1")
    logs.put_syslog_configuration(logGroupIdentifier="/app")
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:/app"
    found = logs.list_syslog_configurations(vpcEndpointId="vpce-1")["syslogConfigurations"]
    assert found == [
        {"logGroupArn": arn, "sourceType": "VPCE", "vpcEndpointId": "vpce-1", "createdAt": NOW}
    ]
    assert len(logs.list_syslog_configurations(logGroupIdentifier=arn)["syslogConfigurations"]) == 2
    logs.delete_syslog_configuration(logGroupIdentifier="/app")
    assert code(logs.delete_syslog_configuration, logGroupIdentifier="/app") == (
        "ResourceNotFoundException"
    )
    assert len(logs.list_syslog_configurations()["syslogConfigurations"]) == 1


@pytest.mark.needs("logs.PutStorageTierPolicy")
def test_the_storage_tier(monitoring, logs):
    assert logs.get_storage_tier_policy()["storageTier"] == "STANDARD"
    put = logs.put_storage_tier_policy(storageTier="INTELLIGENT_TIERING")
    assert put["lastUpdatedTime"] == NOW
    assert logs.get_storage_tier_policy()["storageTier"] == "INTELLIGENT_TIERING"


@pytest.mark.needs("logs.PutBearerTokenAuthentication")
def test_bearer_tokens(logs, stream):
    logs.put_bearer_token_authentication(
        logGroupIdentifier="/app", bearerTokenAuthenticationEnabled=True
    )
    [group] = logs.describe_log_groups()["logGroups"]
    assert group["bearerTokenAuthenticationEnabled"] is True
    unknown = {"logGroupIdentifier": "/no", "bearerTokenAuthenticationEnabled": True}
    assert code(logs.put_bearer_token_authentication, **unknown) == "ResourceNotFoundException"
