"""Recorders, the channel, retention and tags, as they are kept and refused."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.config_recorder.conftest import ACCOUNT, BASE, BUCKET, ROLE, client, recording

SERVICE = "observability.amazonaws.com"


def refused(call, **parameters):
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


def put(config, **recorder):
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": ROLE, **recorder}
    )


def test_a_recorder_records_everything_but_global_types_unless_told(config):
    put(config)
    [found] = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert found["recordingGroup"] == {
        "allSupported": True, "includeGlobalResourceTypes": False, "resourceTypes": [],
        "exclusionByResourceTypes": {"resourceTypes": []},
        "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
    }  # fmt: skip
    assert found["recordingMode"] == {"recordingFrequency": "CONTINUOUS"}
    assert found["arn"].startswith(f"arn:aws:config:{BASE}:configuration-recorder/default/")


# Source: moto, whose authors ran AWS; the model's documentation of RecordingGroup
@pytest.mark.parametrize(
    "group",
    [
        {"allSupported": True, "resourceTypes": ["AWS::EC2::Volume"]},
        {"allSupported": False},
        {"allSupported": False, "includeGlobalResourceTypes": True},
        {"allSupported": False, "includeGlobalResourceTypes": True,
         "resourceTypes": ["AWS::EC2::Volume"]},
        {"resourceTypes": ["AWS::EC2::Volume"],
         "exclusionByResourceTypes": {"resourceTypes": ["AWS::EC2::Instance"]}},
        {"recordingStrategy": {"useOnly": "INCLUSION_BY_RESOURCE_TYPES"}},
        {"resourceTypes": ["AWS::EC2::Volume"],
         "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"}},
        {},
        {"includeGlobalResourceTypes": True},
        {"recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"}},
        {"exclusionByResourceTypes": {"resourceTypes": ["AWS::EC2::Volume"]}},
        {"exclusionByResourceTypes": {"resourceTypes": []},
         "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}},
    ],
)  # fmt: skip
def test_a_group_that_contradicts_itself_is_refused(config, group):
    told = refused(
        config.put_configuration_recorder,
        ConfigurationRecorder={"name": "a", "roleARN": ROLE, "recordingGroup": group},
    )
    assert told == ("InvalidRecordingGroupException", "The recording group provided is not valid")
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []


# Source: the model's documentation, PutConfigurationRecorder's errors and roleARN
@pytest.mark.parametrize(
    ("recorder", "code"),
    [
        ({"name": "default"}, "InvalidRoleException"),
        ({"name": "default", "roleARN": ""}, "InvalidRoleException"),
        ({"name": "AWSConfigurationRecorderForMe", "roleARN": ROLE},
         "InvalidConfigurationRecorderNameException"),
        ({"name": "AWSConfigurationRecorderForObservability", "roleARN": ROLE},
         "UnmodifiableEntityException"),
    ],
)  # fmt: skip
def test_a_recorder_without_a_role_or_with_a_name_of_a_services_is_refused(config, recorder, code):
    config.put_service_linked_configuration_recorder(ServicePrincipal=SERVICE)
    told = refused(config.put_configuration_recorder, ConfigurationRecorder=recorder)
    assert told[0] == code


def test_there_is_one_recorder_of_a_customers_own(config):
    put(config)
    told = refused(put, config=config, name="b")
    assert told == (
        "MaxNumberOfConfigurationRecordersExceededException",
        "Failed to put configuration recorder 'b' because the maximum number of configuration "
        "recorders: 1 is reached.",
    )
    told = refused(config.start_configuration_recorder, ConfigurationRecorderName="b")
    assert told[1] == "Cannot find configuration recorder with the specified name 'b'."


def test_a_recorder_needs_a_channel_and_the_channel_a_recorder(config):
    channel = {"name": "default", "s3BucketName": BUCKET}
    told = refused(config.put_delivery_channel, DeliveryChannel=channel)
    assert told == (
        "NoAvailableConfigurationRecorderException",
        "Configuration recorder is not available to put delivery channel.",
    )
    put(config)
    told = refused(config.start_configuration_recorder, ConfigurationRecorderName="default")
    assert told == (
        "NoAvailableDeliveryChannelException",
        "Delivery channel is not available to start configuration recorder.",
    )
    config.put_delivery_channel(DeliveryChannel=channel)
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    told = refused(config.delete_delivery_channel, DeliveryChannelName="default")
    assert told[0] == "LastDeliveryChannelDeleteFailedException"
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    config.delete_delivery_channel(DeliveryChannelName="default")
    assert config.describe_delivery_channels()["DeliveryChannels"] == []


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ({"s3BucketName": ""}, "NoSuchBucketException"),
        ({"s3BucketName": BUCKET, "s3KeyPrefix": ""}, "InvalidS3KeyPrefixException"),
        ({"s3BucketName": BUCKET, "snsTopicARN": ""}, "InvalidSNSTopicARNException"),
        ({"s3BucketName": BUCKET, "snsTopicARN": "arn:aws:sqs:us-east-1:1:q"},
         "InvalidSNSTopicARNException"),
    ],
)  # fmt: skip
def test_a_channel_that_leads_nowhere_is_refused(config, channel, code):
    put(config)
    told = refused(config.put_delivery_channel, DeliveryChannel={"name": "default", **channel})
    assert told[0] == code


def test_a_bucket_that_moto_lacks_is_refused(mon, config):
    put(config)
    channel = {"name": "default", "s3BucketName": "elsewhere"}
    assert refused(config.put_delivery_channel, DeliveryChannel=channel)[0] == (
        "NoSuchBucketException"
    )


def test_the_status_tells_when_it_was_turned_on_and_off(monitoring, config):
    recording(config)
    monitoring.clock.advance(minutes=5)
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    [status] = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert not status["recording"]
    assert (status["lastStopTime"] - status["lastStartTime"]).total_seconds() == 300


def test_a_recorder_that_is_deleted_leaves_what_it_recorded(monitoring, config):
    recording(config)
    monitoring.config_recorder.record("Acme::Thing::Widget", "w", {"size": 1})
    config.delete_configuration_recorder(ConfigurationRecorderName="default")
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []
    found = config.list_discovered_resources(resourceType="AWS::EC2::Volume")
    assert found["resourceIdentifiers"] == []
    counts = config.get_discovered_resource_counts()["resourceCounts"]
    assert counts == [{"resourceType": "Acme::Thing::Widget", "count": 1}]


def test_a_service_has_a_recorder_of_its_own(monitoring, config):
    made = config.put_service_linked_configuration_recorder(
        ServicePrincipal="observability.amazonaws.com"
    )
    arn = made["Arn"]
    config.associate_resource_types(
        ConfigurationRecorderArn=arn, ResourceTypes=["AWS::EC2::VPC", "AWS::EC2::Volume"]
    )
    found = config.disassociate_resource_types(
        ConfigurationRecorderArn=arn, ResourceTypes=["AWS::EC2::VPC"]
    )["ConfigurationRecorder"]
    assert found["recordingGroup"]["resourceTypes"] == ["AWS::EC2::Volume"]
    [status] = config.describe_configuration_recorder_status(Arn=arn)[
        "ConfigurationRecordersStatus"
    ]
    assert status["recording"]
    told = refused(config.stop_configuration_recorder, ConfigurationRecorderName=made["Name"])
    assert told[0] == "UnmodifiableEntityException"
    [listed] = config.list_configuration_recorders(
        Filters=[{"filterName": "recordingScope", "filterValue": ["INTERNAL"]}]
    )["ConfigurationRecorderSummaries"]
    assert listed["name"] == made["Name"]
    config.delete_service_linked_configuration_recorder(
        ServicePrincipal="observability.amazonaws.com"
    )
    assert config.list_configuration_recorders()["ConfigurationRecorderSummaries"] == []


# Source: the model's documentation, DescribeConfigurationRecorders
def test_the_customers_own_recorder_is_described_unless_another_is_named(config):
    arn = config.put_service_linked_configuration_recorder(ServicePrincipal=SERVICE)["Arn"]
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []
    assert config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"] == []
    put(config)
    [own] = config.describe_configuration_recorders()["ConfigurationRecorders"]
    [status] = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert (own["name"], status["name"]) == ("default", "default")
    [found] = config.describe_configuration_recorders(Arn=arn)["ConfigurationRecorders"]
    assert found["servicePrincipal"] == SERVICE


@pytest.mark.parametrize(
    "named",
    [
        {"ConfigurationRecorderNames": ["default", "default"]},
        {"ConfigurationRecorderNames": ["default"], "ServicePrincipal": SERVICE},
    ],
)
def test_one_recorder_is_described_at_a_time(config, named):
    put(config)
    config.put_service_linked_configuration_recorder(ServicePrincipal=SERVICE)
    for call in (
        config.describe_configuration_recorders,
        config.describe_configuration_recorder_status,
    ):
        assert refused(call, **named)[0] == "ValidationException"


# Source: the model's documentation, ConflictException
def test_a_service_has_one_recorder(config):
    config.put_service_linked_configuration_recorder(ServicePrincipal=SERVICE)
    told = refused(config.put_service_linked_configuration_recorder, ServicePrincipal=SERVICE)
    assert told[0] == "ConflictException"


# Source: the model's documentation, DeleteServiceLinkedConfigurationRecorder
@pytest.mark.needs("config.DeleteServiceLinkedConfigurationRecorderRequest.Arn")
def test_a_recorder_of_a_service_is_deleted_by_arn_or_principal(config):
    arn = config.put_service_linked_configuration_recorder(ServicePrincipal=SERVICE)["Arn"]
    for named in ({}, {"Arn": arn, "ServicePrincipal": SERVICE}):
        told = refused(config.delete_service_linked_configuration_recorder, **named)
        assert told[0] == "ValidationException"
    config.delete_service_linked_configuration_recorder(Arn=arn)
    assert config.list_configuration_recorders()["ConfigurationRecorderSummaries"] == []


# Source: the model's documentation, AssociateResourceTypes, DisassociateResourceTypes
@pytest.mark.parametrize(
    "group",
    [
        {"resourceTypes": ["AWS::EC2::VPC"]},
        {"exclusionByResourceTypes": {"resourceTypes": ["AWS::EC2::Volume"]},
         "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}},
    ],
)  # fmt: skip
def test_types_are_associated_with_a_customers_recorder(monitoring, config, group):
    # given a recorder of VPCs and not of volumes
    put(config, recordingGroup=group)
    recorder = monitoring.config_recorder.recorders["default"]
    volumes = {"ConfigurationRecorderArn": recorder.arn, "ResourceTypes": ["AWS::EC2::Volume"]}
    assert refused(config.disassociate_resource_types, **volumes)[0] == "ValidationException"
    # when volumes are associated
    config.associate_resource_types(**volumes)
    # then both are recorded, and volumes aren't associated twice
    assert recorder.wants("AWS::EC2::Volume")
    assert recorder.wants("AWS::EC2::VPC")
    assert refused(config.associate_resource_types, **volumes)[0] == "ValidationException"
    # and once they are disassociated, they aren't
    config.disassociate_resource_types(**volumes)
    assert not recorder.wants("AWS::EC2::Volume")


def test_types_are_not_associated_with_a_recorder_of_all(config):
    put(config)
    [found] = config.describe_configuration_recorders()["ConfigurationRecorders"]
    told = refused(
        config.disassociate_resource_types,
        ConfigurationRecorderArn=found["arn"], ResourceTypes=["AWS::EC2::Volume"],
    )  # fmt: skip
    assert told[0] == "ValidationException"


def test_retention_is_one_number_for_each_region(monitoring, config):
    assert config.describe_retention_configurations()["RetentionConfigurations"] == []
    config.put_retention_configuration(RetentionPeriodInDays=30)
    [found] = config.describe_retention_configurations()["RetentionConfigurations"]
    assert found == {"Name": "default", "RetentionPeriodInDays": 30}
    # and items that are older are gone
    monitoring.config_recorder.record("AWS::EC2::Volume", "vol-1", {"size": 1})
    monitoring.clock.advance(days=31)
    monitoring.config_recorder.record("AWS::EC2::Volume", "vol-1", {"size": 2})
    put(config)
    items = config.get_resource_config_history(resourceType="AWS::EC2::Volume", resourceId="vol-1")[
        "configurationItems"
    ]
    assert [each["configuration"] for each in items] == ['{"size":2}']
    config.delete_retention_configuration(RetentionConfigurationName="default")
    told = refused(config.delete_retention_configuration, RetentionConfigurationName="default")
    assert told[0] == "NoSuchRetentionConfigurationException"


def test_tags_are_kept_by_arn(config):
    put(config)
    arn = config.describe_configuration_recorders()["ConfigurationRecorders"][0]["arn"]
    config.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    config.tag_resource(ResourceArn=arn, Tags=[{"Key": "b"}])  # botocore, Tag: Value is optional
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"][1] == {"Key": "b", "Value": ""}
    config.untag_resource(ResourceArn=arn, TagKeys=["a", "b"])
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"] == []
    missing = f"arn:aws:config:{BASE}:config-rule/config-rule-1"
    assert refused(config.list_tags_for_resource, ResourceArn=missing) == (
        "ResourceNotFoundException", f"ResourceArn '{missing}' does not exist"
    )  # fmt: skip


TWICE = [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]
ODD = [{"Key": "a!", "Value": ""}]


@pytest.mark.parametrize(("tags", "code", "message"), [
    (TWICE, "InvalidInput",
     "Duplicate tag keys found. Please note that Tag keys are case insensitive."),
    (ODD, "ValidationException",
     "1 validation error detected: Value 'a!' at 'tags.1.member.key' failed to satisfy constraint: "
     r"Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"),
])  # fmt: skip
def test_tags_that_can_not_be(config, tags, code, message):
    """Messages: moto's, whose authors ran AWS."""
    put(config)
    arn = config.describe_configuration_recorders()["ConfigurationRecorders"][0]["arn"]
    assert refused(config.tag_resource, ResourceArn=arn, Tags=tags) == (code, message)
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"] == []
    query = {"QueryName": "all", "Expression": "SELECT resourceId"}
    assert refused(config.put_stored_query, StoredQuery=query, Tags=tags) == (code, message)
    assert config.list_stored_queries()["StoredQueryMetadata"] == []


def test_recorders_of_two_accounts_share_nothing(monitoring, config):
    put(config)
    other = monitoring.at(account="111111111111")
    assert other.account != ACCOUNT
    assert other.config_recorder.recorders == {}
    assert client("config", "eu-west-1").describe_configuration_recorders()[
        "ConfigurationRecorders"
    ] == []  # fmt: skip
