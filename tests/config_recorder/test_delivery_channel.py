"""The delivery channel: put again, its status, and whose items go through it."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.config_recorder.conftest import (
    BASE,
    BUCKET,
    GROUP,
    client,
    open_port,
    recording,
    rule,
    security_group,
)

CHANNEL = {"name": "default", "s3BucketName": BUCKET}


def keys(bucket=BUCKET):
    found = boto3.client("s3", "us-east-1").list_objects_v2(Bucket=bucket)
    return [each["Key"] for each in found.get("Contents", ())]


def status(config):
    [found] = config.describe_delivery_channel_status()["DeliveryChannelsStatus"]
    return found


def code_of(call, **parameters):
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    return raised.value.response["Error"]["Code"]


def topic():
    return client("sns").create_topic(Name="changes")["TopicArn"]


# -- put again; source: the model's documentation, PutDeliveryChannel ("creates or updates") -------


def test_history_that_waits_goes_to_the_bucket_of_a_channel_that_was_put_again(mon, config):
    # given a change of two hours ago
    client("s3").create_bucket(Bucket="other")
    recording(config)
    security_group()
    mon.clock.advance(hours=2)
    # when the channel gets another bucket
    config.put_delivery_channel(DeliveryChannel={**CHANNEL, "s3BucketName": "other"})
    # then the change is filed there, in its time
    mon.clock.advance(hours=4)
    assert any(f"_ConfigHistory_{GROUP}_" in each for each in keys("other"))


def test_a_channel_that_is_put_again_keeps_its_status(mon, config):
    recording(config)
    config.deliver_config_snapshot(deliveryChannelName="default")
    before = status(config)
    config.put_delivery_channel(DeliveryChannel=CHANNEL)
    assert status(config) == before


def test_a_channel_that_is_put_again_keeps_the_time_of_its_next_snapshot(mon, config):
    often = {"configSnapshotDeliveryProperties": {"deliveryFrequency": "Three_Hours"}}
    recording(config)
    config.put_delivery_channel(DeliveryChannel={**CHANNEL, **often})
    due = status(config)["configSnapshotDeliveryInfo"]["nextDeliveryTime"]
    mon.clock.advance(hours=2)
    config.put_delivery_channel(DeliveryChannel={**CHANNEL, **often})
    assert status(config)["configSnapshotDeliveryInfo"]["nextDeliveryTime"] == due
    # and without a frequency there is none
    config.put_delivery_channel(DeliveryChannel=CHANNEL)
    mon.clock.advance(hours=12)
    assert "nextDeliveryTime" not in status(config)["configSnapshotDeliveryInfo"]
    assert not any("/ConfigSnapshot/" in each for each in keys())


# -- refused; source: the model's documentation, PutDeliveryChannel; moto for the wording ----------


@pytest.mark.parametrize("key", ["", "alias/config", f"arn:aws:sns:{BASE}:key"])
def test_a_key_that_is_none_is_refused(config, key):
    recording(config)
    with pytest.raises(ClientError) as raised:
        config.put_delivery_channel(DeliveryChannel={**CHANNEL, "s3KmsKeyArn": key})
    assert raised.value.response["Error"] == {
        "Code": "InvalidS3KmsKeyArnException",
        "Message": f"The arn '{key}' is not a valid kms key or alias arn.",
    }


def test_a_topic_that_moto_lacks_is_refused(mon, config):
    recording(config)
    missing = f"arn:aws:sns:{BASE}:nowhere"
    channel = {**CHANNEL, "snsTopicARN": missing}
    assert code_of(config.put_delivery_channel, DeliveryChannel=channel) == (
        "InvalidSNSTopicARNException"
    )
    # and one that stands for somebody is taken
    mon.bind(missing, lambda message: None)
    config.put_delivery_channel(DeliveryChannel=channel)


def test_a_topic_is_believed_where_nobody_knows_topics(config):
    recording(config, topic=f"arn:aws:sns:{BASE}:somewhere")
    [found] = config.describe_delivery_channels()["DeliveryChannels"]
    assert found["snsTopicARN"] == f"arn:aws:sns:{BASE}:somewhere"


# -- its status; source: the model's ConfigStreamDeliveryInfo, AWS CLI's example -------------------


def test_the_stream_of_a_channel_without_a_topic_does_not_apply(mon, config):
    recording(config)
    security_group()
    assert status(config)["configStreamDeliveryInfo"] == {"lastStatus": "Not_Applicable"}


def test_the_stream_succeeds_once_the_topic_was_told(mon, config):
    recording(config, topic=topic())
    told = mon.clock.now()
    group = security_group()
    first = status(config)["configStreamDeliveryInfo"]
    assert first == {"lastStatus": "SUCCESS", "lastStatusChangeTime": told}
    mon.clock.advance(hours=1)
    open_port(group, 22)
    assert status(config)["configStreamDeliveryInfo"] == first
    # and does not apply once there is no topic
    config.put_delivery_channel(DeliveryChannel=CHANNEL)
    assert status(config)["configStreamDeliveryInfo"] == {"lastStatus": "Not_Applicable"}


def test_the_next_delivery_of_history_is_never_past(mon, config):
    recording(config)
    group = security_group()
    due = status(config)["configHistoryDeliveryInfo"]["nextDeliveryTime"]
    assert (due - mon.clock.now()).total_seconds() == 6 * 3600
    mon.clock.advance(hours=7)
    assert "nextDeliveryTime" not in status(config)["configHistoryDeliveryInfo"]
    open_port(group, 22)
    assert status(config)["configHistoryDeliveryInfo"]["nextDeliveryTime"] > mon.clock.now()


def test_a_delivery_that_fails_leaves_its_code(mon, config):
    recording(config)
    mon.config_recorder.channel.s3_bucket_name = "gone"
    config.deliver_config_snapshot(deliveryChannelName="default")
    mon.clock.advance(hours=1)  # it is tried again
    found = status(config)["configSnapshotDeliveryInfo"]
    assert (found["lastStatus"], found["lastErrorCode"]) == ("FAILURE", "NoSuchBucket")


# -- recorders of services; source: PutServiceLinkedConfigurationRecorder, recording scope ---------


@pytest.fixture
def linked(config):
    """A service records groups, and the customer nothing."""
    arn = config.put_service_linked_configuration_recorder(
        ServicePrincipal="observability.amazonaws.com"
    )["Arn"]
    config.associate_resource_types(ConfigurationRecorderArn=arn, ResourceTypes=[GROUP])
    return arn


def test_a_recorder_of_a_service_is_none_of_the_customers(mon, config, linked):
    missing = "NoAvailableConfigurationRecorderException"
    assert code_of(config.put_delivery_channel, DeliveryChannel=CHANNEL) == missing
    with pytest.raises(ClientError, match=missing):
        rule(config, "INCOMING_SSH_DISABLED")
    recording(config)
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    config.delete_configuration_recorder(ConfigurationRecorderName="default")
    assert code_of(config.deliver_config_snapshot, deliveryChannelName="default") == missing


def test_what_a_service_alone_records_is_not_delivered(mon, config, linked):
    # given a customer that records volumes, and hears of them
    told = topic()
    queue = client("sqs").create_queue(QueueName="q")["QueueUrl"]
    client("sns").subscribe(TopicArn=told, Protocol="sqs", Endpoint=f"arn:aws:sqs:{BASE}:q")
    recording(config, topic=told, recordingGroup={"resourceTypes": ["AWS::EC2::Volume"]})
    # when a group and a volume are made
    group = security_group()
    client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=8)
    mon.clock.advance(hours=6)
    # then both are known, and the volume alone is told and filed
    found = config.list_discovered_resources(resourceType=GROUP)["resourceIdentifiers"]
    assert group in [each["resourceId"] for each in found]
    filed = {each.split("_")[4] for each in keys() if "/ConfigHistory/" in each}
    assert "AWS::EC2::Volume" in filed
    assert GROUP not in filed
    messages = client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    subjects = [json.loads(each["Body"])["Subject"] for each in messages]
    assert any("AWS::EC2::Volume" in each for each in subjects)
    assert not any(GROUP in each for each in subjects)


def test_what_the_customer_records_too_is_delivered(mon, config, linked):
    recording(config)
    security_group()
    mon.clock.advance(hours=6)
    assert any(f"_ConfigHistory_{GROUP}_" in each for each in keys())
