"""Daily recording: one item for a day, of what there is at its end."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.config_recorder.conftest import (
    GROUP,
    client,
    history,
    open_port,
    recording,
    security_group,
)

DAILY, CONTINUOUS = {"recordingFrequency": "DAILY"}, {"recordingFrequency": "CONTINUOUS"}
VOLUME = "AWS::EC2::Volume"


def volume():
    return client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=8)["VolumeId"]


def test_daily_recording_keeps_one_item_for_a_day(mon, config):
    recording(config, recordingMode=DAILY)
    group = security_group()
    for port in (22, 80, 443):
        open_port(group, port)
    with pytest.raises(ClientError):
        history(config, GROUP, group)
    mon.clock.advance(hours=12)  # midnight
    [item] = history(config, GROUP, group)
    assert item["recordingFrequency"] == "DAILY"
    assert item["configurationItemDeliveryTime"] == mon.clock.now()
    assert len(json.loads(item["configuration"])["ipPermissions"]) == 3


def test_daily_recording_never_hears_of_what_comes_and_goes_in_a_day(mon, config):
    recording(config, recordingMode=DAILY)
    group = security_group()
    client("ec2").delete_security_group(GroupId=group)
    stays = security_group("stays")
    mon.clock.advance(days=1)
    assert len(history(config, GROUP, stays)) == 1
    with pytest.raises(ClientError) as raised:
        history(config, GROUP, group)
    assert raised.value.response["Error"]["Code"] == "ResourceNotDiscoveredException"
    # and one that was known is gone at the end of its day
    client("ec2").delete_security_group(GroupId=stays)
    mon.clock.advance(days=1)
    assert history(config, GROUP, stays)[0]["configurationItemStatus"] == "ResourceDeleted"


def test_what_the_day_held_is_not_told_once_recording_is_continuous(mon, config):
    # given a volume of which the day hasn't told yet
    recording(config, recordingMode=DAILY)
    id_ = volume()
    # when it is recorded continuously, and changes
    recording(config, recordingMode=CONTINUOUS)
    client("ec2").create_tags(Resources=[id_], Tags=[{"Key": "team", "Value": "a"}])
    mon.clock.advance(days=1)
    # then its newest item is the one with the tag
    items = history(config, VOLUME, id_)
    assert [each["tags"] for each in items] == [{"team": "a"}, {}]
    # and when it is gone, that is told at once
    client("ec2").delete_volume(VolumeId=id_)
    assert history(config, VOLUME, id_)[0]["configurationItemStatus"] == "ResourceDeleted"


def test_a_resource_of_daily_recording_is_seen_to_go_once_recording_is_continuous(mon, config):
    recording(config, recordingMode=DAILY)
    id_ = volume()
    mon.clock.advance(days=1)
    recording(config, recordingMode=CONTINUOUS)
    client("ec2").delete_volume(VolumeId=id_)
    assert history(config, VOLUME, id_)[0]["configurationItemStatus"] == "ResourceDeleted"


def test_the_day_tells_nothing_while_the_recorder_is_off(mon, config):
    # given two volumes of the day, and a recorder that is turned off
    recording(config, recordingMode=DAILY)
    stays, goes = volume(), volume()
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    mon.clock.advance(days=1)
    # then neither is known
    listed = config.list_discovered_resources(resourceType=VOLUME)["resourceIdentifiers"]
    assert listed == []
    # and the day on which it is on again tells of what is there
    client("ec2").delete_volume(VolumeId=goes)
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    mon.clock.advance(days=1)
    [found] = config.list_discovered_resources(resourceType=VOLUME)["resourceIdentifiers"]
    assert found["resourceId"] == stays


def test_what_went_while_the_recorder_was_off_for_an_hour_is_not_told_by_the_day(mon, config):
    recording(config, recordingMode=DAILY)
    id_ = volume()
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    client("ec2").delete_volume(VolumeId=id_)
    mon.clock.advance(hours=1)
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    mon.clock.advance(days=1)
    listed = config.list_discovered_resources(resourceType=VOLUME, includeDeletedResources=True)
    assert listed["resourceIdentifiers"] == []


# Source: the model's documentation of ConfigurationItem
def test_items_of_continuous_recording_say_nothing_of_frequency_and_delivery(mon, config):
    recording(config)
    [item] = history(config, VOLUME, volume())
    assert not {"recordingFrequency", "configurationItemDeliveryTime"} & item.keys()
