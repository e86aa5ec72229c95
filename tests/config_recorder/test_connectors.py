"""Connectors to other clouds, and the recorders of services that are linked by them.

Source: API reference, PutConnector, ScopeConfiguration and
PutThirdPartyServiceLinkedConfigurationRecorder.
"""

from __future__ import annotations

import pytest

from tests.config_recorder.test_recorders import refused

pytestmark = pytest.mark.needs("config.PutConnector")
AZURE = {"azure": {"tenantIdentifier": "tenant", "clientIdentifier": "client"}}
GOOGLE = {
    "gcp": {
        "gcpOrganizationId": "1234567890",
        "serviceAccountEmail": "config@management.iam.gserviceaccount.com",
        "workloadIdentityPoolProvider": "projects/1/locations/global/workloadIdentityPools/aws"
        "/providers/aws",
    }
}
SECURITY_HUB = "securityhub.amazonaws.com"
MACHINE = "Microsoft.Compute/virtualMachines"


def connector(config, configuration=AZURE, **more):
    return config.put_connector(ConnectorConfiguration=configuration, **more)["Arn"]


def link(config, arn, **scope):
    """A recorder of a service; without more said, of the whole tenant."""
    return config.put_third_party_service_linked_configuration_recorder(
        ServicePrincipal=SECURITY_HUB,
        ConnectorArn=arn,
        ScopeConfiguration={"scopeType": "tenant", "allRegions": True, **scope},
    )


def test_a_connector_is_shown_listed_tagged_and_deleted(monitoring, config):
    # given a connector to each cloud
    azure = connector(config, Tags=[{"Key": "team", "Value": "red"}])
    monitoring.clock.advance(minutes=1)
    google = connector(config, GOOGLE)
    # then each is shown as it was made
    found = config.get_connector(Arn=google)["Connector"]
    assert found["connectorConfiguration"] == GOOGLE
    assert found["createdTime"] == monitoring.clock.now()
    # and listed by provider
    [listed] = config.list_connectors(
        Filters=[{"filterName": "provider", "filterValues": ["AZURE"]}]
    )["ConnectorSummaries"]
    assert (listed["arn"], listed["tenantIdentifier"]) == (azure, "tenant")
    assert config.list_tags_for_resource(ResourceArn=azure)["Tags"] == [
        {"Key": "team", "Value": "red"}
    ]
    # and gone when it is deleted
    config.delete_connector(Arn=azure)
    assert refused(config.get_connector, Arn=azure)[0] == "ResourceNotFoundException"
    assert [each["arn"] for each in config.list_connectors()["ConnectorSummaries"]] == [google]


def test_there_is_one_connector_for_each_configuration(monitoring, config):
    connector(config)
    told = refused(config.put_connector, ConnectorConfiguration=AZURE)
    assert told[0] == "ConflictException"
    told = refused(config.put_connector, ConnectorConfiguration={**AZURE, **GOOGLE})
    assert told[0] == "ValidationException"


def test_a_service_records_another_cloud_through_a_connector(monitoring, config):
    # given a recorder that is linked by a connector
    arn = connector(config)
    made = link(config, arn)
    # then it is on, and says by which connector
    [found] = config.describe_configuration_recorders(Arn=made["Arn"])["ConfigurationRecorders"]
    assert (found["connectorArn"], found["scopeConfiguration"]["scopeType"]) == (arn, "tenant")
    [listed] = config.list_configuration_recorders()["ConfigurationRecorderSummaries"]
    assert listed["provider"] == "AZURE"
    # and what is told of the cloud's resources has a history
    monitoring.config_recorder.record(MACHINE, "vm-1", {"size": "small"})
    monitoring.clock.advance(hours=1)
    monitoring.config_recorder.record(MACHINE, "vm-1", {"size": "large"})
    changes = monitoring.config_recorder.diff(MACHINE, "vm-1", "2026-03-02T12:00:00Z")
    assert changes["Configuration.size"]["updatedValue"] == "large"
    # and again is another scope of the same recorder
    again = link(config, arn, scopeType="subscription", scopeValues=["s-1"])
    assert again["Arn"] == made["Arn"]
    [found] = config.describe_configuration_recorders(Arn=made["Arn"])["ConfigurationRecorders"]
    assert found["scopeConfiguration"]["scopeValues"] == ["s-1"]


def test_a_connector_outlives_its_recorders(monitoring, config):
    arn = connector(config)
    made = link(config, arn)
    assert refused(config.delete_connector, Arn=arn)[0] == "ValidationException"
    config.delete_service_linked_configuration_recorder(Arn=made["Arn"])
    config.delete_connector(Arn=arn)
    assert config.list_connectors()["ConnectorSummaries"] == []


@pytest.mark.parametrize(
    ("configuration", "scope"),
    [
        (AZURE, {"scopeType": "project", "scopeValues": ["p"]}),
        (AZURE, {"scopeType": "tenant", "scopeValues": ["t"]}),
        (AZURE, {"scopeType": "subscription"}),
        (AZURE, {"allRegions": False}),
        (GOOGLE, {"scopeType": "tenant"}),
        (
            {"gcp": {**GOOGLE["gcp"], "gcpOrganizationId": None}},
            {"scopeType": "project", "scopeValues": ["other"]},
        ),
    ],
)
def test_a_scope_that_the_connector_cannot_see_is_refused(monitoring, config, configuration, scope):
    configuration = {
        cloud: {name: value for name, value in given.items() if value}
        for cloud, given in configuration.items()
    }
    arn = connector(config, configuration)
    told = refused(link, config=config, arn=arn, **scope)
    assert told[0] == "ValidationException"
    assert config.list_configuration_recorders()["ConfigurationRecorderSummaries"] == []
