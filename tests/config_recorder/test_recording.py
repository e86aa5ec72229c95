"""Resources are noticed by the calls that change them, and described by their own service."""

from __future__ import annotations

import gzip
import json

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.ec2.models.elastic_block_store import EBSBackend

from awsmon.config_recorder.model import Key
from tests.config_recorder.conftest import (
    BASE,
    BUCKET,
    GROUP,
    ROLE,
    client,
    history,
    open_port,
    recording,
    security_group,
)


def test_a_resource_is_known_from_the_call_that_made_it(mon, config):
    recording(config)
    group = security_group()
    mon.clock.advance(minutes=10)
    open_port(group, 22)
    mon.clock.advance(minutes=10)
    client("ec2").delete_security_group(GroupId=group)
    deleted, changed, made = history(config, GROUP, group)
    assert [each["configurationItemStatus"] for each in (made, changed, deleted)] == [
        "ResourceDiscovered", "OK", "ResourceDeleted"
    ]  # fmt: skip
    assert (changed["configurationItemCaptureTime"] - made["resourceCreationTime"]).seconds == 600
    assert int(made["configurationStateId"]) < int(changed["configurationStateId"])
    assert json.loads(made["configuration"])["ipPermissions"] == []
    [permission] = json.loads(changed["configuration"])["ipPermissions"]
    assert (permission["fromPort"], permission["ipRanges"]) == (22, [{"cidrIp": "0.0.0.0/0"}])
    assert "configuration" not in deleted
    assert made["resourceName"] == "web"
    assert made["arn"] == f"arn:aws:ec2:{BASE}:security-group/{group}"


def test_an_item_names_the_trails_event_behind_it(mon, config):
    recording(config)
    group = security_group()
    open_port(group, 22)
    [event] = history(config, GROUP, group)[0]["relatedEvents"]
    [found] = client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventId", "AttributeValue": event}]
    )["Events"]
    assert (found["EventName"], found["Username"]) == ("AuthorizeSecurityGroupIngress", "awsmon")


def test_what_was_there_before_is_discovered_when_the_recorder_starts(mon, config):
    before = security_group("before")
    recording(config)
    [item] = history(config, GROUP, before)
    assert item["configurationItemStatus"] == "ResourceDiscovered"
    # and what happens while it is off is found out when it is on again
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    client("ec2").delete_security_group(GroupId=before)
    later = security_group("later")
    assert len(history(config, GROUP, before)) == 1
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    assert history(config, GROUP, before)[0]["configurationItemStatus"] == "ResourceDeleted"
    assert len(history(config, GROUP, later)) == 1


def test_types_that_the_recorder_leaves_out_are_not_known(mon, config):
    recording(config, recordingGroup={
        "exclusionByResourceTypes": {"resourceTypes": [GROUP]},
        "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}})  # fmt: skip
    group = security_group()
    with pytest.raises(ClientError) as raised:
        history(config, GROUP, group)
    assert raised.value.response["Error"] == {
        "Code": "ResourceNotDiscoveredException",
        "Message": f"Resource {group} of resourceType:{GROUP} is unknown or has not been "
                   "discovered",
    }  # fmt: skip


def test_a_call_that_fails_or_reads_changes_nothing(mon, config):
    recording(config)
    group = security_group()
    client("ec2").describe_security_groups(GroupIds=[group])
    with pytest.raises(ClientError):
        client("ec2").delete_security_group(GroupId="sg-00000000000000000")
    assert len(history(config, GROUP, group)) == 1


def test_resources_are_listed_counted_and_fetched(mon, config):
    recording(config)
    groups = sorted(security_group(name) for name in ("a", "b", "c"))
    client("ec2").delete_security_group(GroupId=groups[0])
    mine = {"resourceType": GROUP}

    def listed(**more):
        found = config.list_discovered_resources(**mine, **more)["resourceIdentifiers"]
        return {each["resourceId"]: each for each in found}

    assert groups[0] not in listed()
    assert set(groups[1:]) <= set(listed())
    gone = listed(includeDeletedResources=True)[groups[0]]
    assert gone["resourceDeletionTime"] == mon.clock.now()
    assert list(listed(resourceIds=groups[1:2])) == groups[1:2]
    keys = [{**mine, "resourceId": each} for each in groups]
    found = config.batch_get_resource_config(resourceKeys=keys)
    assert [each["resourceId"] for each in found["baseConfigurationItems"]] == groups[1:]
    assert found["unprocessedResourceKeys"] == keys[:1]
    counts = config.get_discovered_resource_counts(resourceTypes=[GROUP])
    assert counts["totalDiscoveredResources"] == len(listed())
    with pytest.raises(ClientError, match="Both Resource ID and Resource Name"):
        listed(resourceIds=groups, resourceName="a")


def test_history_is_read_by_time_and_in_pages(mon, config):
    start = mon.clock.now()
    for size in range(5):
        mon.config_recorder.record("AWS::EC2::Volume", "vol-1", {"size": size})
        mon.clock.advance(hours=1)
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": ROLE})

    def sizes(**more):
        found = history(config, "AWS::EC2::Volume", "vol-1", **more)
        return [json.loads(each["configuration"])["size"] for each in found]

    assert sizes() == [4, 3, 2, 1, 0]
    assert sizes(chronologicalOrder="Forward", limit=2) == [0, 1]
    hour = (mon.clock.now() - start) / 5
    assert sizes(earlierTime=start + hour, laterTime=start + 3 * hour) == [3, 2, 1]
    with pytest.raises(ClientError) as raised:
        sizes(earlierTime=start + hour, laterTime=start)
    assert raised.value.response["Error"]["Code"] == "InvalidTimeRangeException"
    pages = config.get_paginator("get_resource_config_history").paginate(
        resourceType="AWS::EC2::Volume", resourceId="vol-1", PaginationConfig={"PageSize": 2}
    )
    assert [len(page["configurationItems"]) for page in pages] == [2, 2, 1]


def test_a_resource_of_a_type_of_ones_own_is_told(monitoring, config):
    recording(config)
    widget = {"ResourceType": "Acme::Thing::Widget", "ResourceId": "w"}
    config.put_resource_config(
        **widget, SchemaVersionId="1", Configuration='{"size": 1}', Tags={"team": "a"}
    )
    counts = config.get_discovered_resource_counts()["resourceCounts"]
    assert counts == [{"resourceType": "Acme::Thing::Widget", "count": 1}]
    [item] = monitoring.config_recorder.history(Key("Acme::Thing::Widget", "w"))
    assert (item.configuration, item.tags) == ({"size": 1}, {"team": "a"})
    config.delete_resource_config(**widget)
    assert config.get_discovered_resource_counts()["totalDiscoveredResources"] == 0
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    with pytest.raises(ClientError) as raised:
        config.put_resource_config(**widget, SchemaVersionId="1", Configuration="{}")
    assert raised.value.response["Error"]["Code"] == "NoRunningConfigurationRecorderException"


# Source: the model's documentation, PutResourceConfig; moto for the wording
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"Configuration": "null"}, "The configuration is not valid JSON."),
        ({"Configuration": "[1]"}, "The configuration is not valid JSON."),
        ({"Configuration": "{"}, "The configuration is not valid JSON."),
        ({"Configuration": json.dumps({"a": "x" * 65_536})},
         "The configuration must not exceed 64 KB."),
        *(
            ({"ResourceType": f"{name}::Thing::Widget"},
             f"You cannot use the organization name '{name}' with custom resource types.")
            for name in ("amzn", "amazon", "Alexa", "Custom")
        ),
    ],
)  # fmt: skip
def test_what_is_no_resource_of_ones_own_is_refused(monitoring, config, given, message):
    recording(config)
    widget = {"ResourceType": "Acme::Thing::Widget", "ResourceId": "w", "SchemaVersionId": "1",
              "Configuration": "{}"}  # fmt: skip
    with pytest.raises(ClientError) as raised:
        config.put_resource_config(**{**widget, **given})
    assert raised.value.response["Error"] == {"Code": "ValidationException", "Message": message}
    assert config.get_discovered_resource_counts()["totalDiscoveredResources"] == 0


# Source: Config Developer Guide, third-party resources by AWS CLI
def test_a_resource_of_a_type_of_ones_own_is_read_back(monitoring, config):
    recording(config)
    kind = "My::Own::Thing"
    config.put_resource_config(
        ResourceType=kind, ResourceId="t", SchemaVersionId="1", Configuration='{"size": 1}'
    )
    [listed] = config.list_discovered_resources(resourceType=kind)["resourceIdentifiers"]
    assert (listed["resourceType"], listed["resourceId"]) == (kind, "t")
    keys = [{"resourceType": kind, "resourceId": "t"}]
    [found] = config.batch_get_resource_config(resourceKeys=keys)["baseConfigurationItems"]
    assert found["configuration"] == '{"size":1}'
    [item] = history(config, kind, "t")
    assert item["configuration"] == '{"size":1}'
    # and a type that would be AWS's has to be one
    with pytest.raises(ClientError, match="Member must satisfy enum value set"):
        config.list_discovered_resources(resourceType="AWS::Own::Thing")


def test_the_difference_between_two_instants(monitoring):
    at = monitoring.clock.now()
    volume = "AWS::EC2::Volume", "vol-1"
    monitoring.config_recorder.record(*volume, {"size": 1, "state": {"name": "in-use"}},
                                      tags={"team": "a"})  # fmt: skip
    monitoring.clock.advance(hours=1)
    monitoring.config_recorder.record(*volume, {"size": 2, "state": {"name": "in-use"}})
    assert monitoring.config_recorder.diff(*volume, at) == {
        "Configuration.size": {"previousValue": 1, "updatedValue": 2, "changeType": "UPDATE"},
        "Tags.team": {"previousValue": "a", "updatedValue": None, "changeType": "DELETE"},
    }


def read(bucket, key):
    body = boto3.client("s3", "us-east-1").get_object(Bucket=bucket, Key=key)["Body"].read()
    return json.loads(gzip.decompress(body))


def keys():
    found = boto3.client("s3", "us-east-1").list_objects_v2(Bucket=BUCKET)
    return [each["Key"] for each in found["Contents"]]


def test_snapshots_and_history_are_files_in_the_bucket(mon, config):
    recording(config)
    group = security_group()
    id_ = config.deliver_config_snapshot(deliveryChannelName="default")["configSnapshotId"]
    base = "AWSLogs/123456789012/Config"
    name = f"{base}/us-east-1/2026/3/2/ConfigSnapshot/123456789012_Config_us-east-1_ConfigSnapshot"
    snapshot = f"{name}_20260302T120000Z_{id_}.json.gz"
    assert {f"{base}/ConfigWritabilityCheckFile", snapshot} <= set(keys())
    body = read(BUCKET, snapshot)
    assert (body["fileVersion"], body["configSnapshotId"]) == ("1.0", id_)
    [item] = [each for each in body["configurationItems"] if each["resourceId"] == group]
    assert item["configuration"]["groupName"] == "web"
    # and every six hours those that changed, by type
    open_port(group, 22)
    mon.clock.advance(hours=6)
    name = f"{base}/us-east-1/2026/3/2/ConfigHistory/123456789012_Config_us-east-1_ConfigHistory"
    [filed] = [each for each in keys() if each.startswith(f"{name}_{GROUP}_")]
    items = read(BUCKET, filed)["configurationItems"]
    states = [each["configurationItemStatus"] for each in items if each["resourceId"] == group]
    assert states == ["ResourceDiscovered", "OK"]
    [status] = config.describe_delivery_channel_status()["DeliveryChannelsStatus"]
    assert status["configHistoryDeliveryInfo"]["lastStatus"] == "SUCCESS"
    assert status["configSnapshotDeliveryInfo"]["lastSuccessfulTime"].hour == 12


def test_snapshots_come_by_schedule(mon, config):
    recording(config)
    config.put_delivery_channel(DeliveryChannel={
        "name": "default", "s3BucketName": BUCKET,
        "configSnapshotDeliveryProperties": {"deliveryFrequency": "Three_Hours"}})  # fmt: skip
    mon.clock.advance(hours=10)
    assert sum("/ConfigSnapshot/" in each for each in keys()) == 3


def test_a_snapshot_needs_a_recorder_that_is_on(monitoring, config):
    recording(config, start=False)
    with pytest.raises(ClientError) as raised:
        config.deliver_config_snapshot(deliveryChannelName="default")
    assert raised.value.response["Error"]["Code"] == "NoRunningConfigurationRecorderException"


def test_the_topic_and_the_bus_are_told_of_each_change(mon, config):
    # given a queue behind the topic, and a rule on the bus
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name="changes")["TopicArn"]
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{BASE}:q")
    recording(config, topic=topic)
    heard = []
    mon.event_bus.on({"source": ["aws.config"]})(heard.append)
    # when a group changes
    group = security_group()
    sqs.purge_queue(QueueUrl=queue)
    heard.clear()
    open_port(group, 22)
    # then both have the same message
    [message] = sqs.receive_message(QueueUrl=queue)["Messages"]
    notice = json.loads(message["Body"])
    told = json.loads(notice["Message"])
    assert notice["Subject"] == (
        f"[AWS Config:us-east-1] {GROUP} {group} Updated in Account 123456789012"
    )
    assert told["messageType"] == "ConfigurationItemChangeNotification"
    [(path, change)] = told["configurationItemDiff"]["changedProperties"].items()
    assert (path, change["changeType"]) == ("Configuration.ipPermissions.0", "CREATE")
    [event] = heard
    assert event["detail-type"] == "Config Configuration Item Change"
    assert event["resources"] == [f"arn:aws:ec2:{BASE}:security-group/{group}"]
    assert event["detail"] == told


def test_a_snapshot_of_the_session_goes_on_recording(mon, config):
    recording(config)
    group = security_group()
    mon.restore(mon.snapshot())
    open_port(group, 22)
    assert len(history(config, GROUP, group)) == 2


@pytest.mark.parametrize(("bucket", "kind"), [
    (BUCKET, "OversizedConfigurationItemChangeNotification"),
    ("gone", "OversizedConfigurationItemChangeDeliveryFailed"),
])  # fmt: skip
def test_an_item_that_is_too_long_is_a_file(mon, config, bucket, kind):
    recording(config)
    mon.config_recorder.channel.s3_bucket_name = bucket
    heard = []
    mon.event_bus.on({"source": ["aws.config"]})(heard.append)
    mon.config_recorder.record("Acme::Thing::Widget", "w", {"text": "x" * 300_000})
    mon.clock.advance(hours=1)  # a file that can't be written is tried again
    [event] = [each for each in heard if "Item Change" in each["detail-type"]]
    detail = event["detail"]
    assert detail["messageType"] == kind
    assert detail["configurationItemSummary"]["resourceId"] == "w"
    assert detail["configurationItemSummary"]["changeType"] == "CREATE"
    assert "configuration" not in detail["configurationItemSummary"]
    place = detail["s3DeliverySummary"]["s3BucketLocation"].partition("/")[2]
    assert place == (
        "AWSLogs/123456789012/Config/us-east-1/2026/3/2/OversizedChangeNotification/"
        "Acme::Thing::Widget/w/123456789012_Config_us-east-1_ChangeNotification_"
        "Acme::Thing::Widget_w_20260302T120000Z_0.json.gz")  # fmt: skip
    if bucket == BUCKET:
        [item] = read(BUCKET, place)["configurationItems"]
        assert len(item["configuration"]["text"]) == 300_000


def test_what_stands_in_a_relation_is_recorded_only_where_its_type_is(mon, config):
    recording(config, recordingGroup={"resourceTypes": [GROUP]})
    security_group()
    assert {key.type for key in mon.config_recorder.alive()} == {GROUP}


def test_a_service_that_breaks_down_keeps_nothing_else_from_being_recorded(
    mon, config, monkeypatch
):
    # given a mock whose volumes can't be told
    recording(config)
    group = security_group()
    monkeypatch.setattr(EBSBackend, "describe_volumes", broken)
    # when a volume is made, and a group is changed
    client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=8)
    open_port(group, 22)
    # then the stream of the channel says so, and the group is recorded
    [status] = config.describe_delivery_channel_status()["DeliveryChannelsStatus"]
    stream = status["configStreamDeliveryInfo"]
    assert (stream["lastStatus"], stream["lastErrorMessage"]) == (
        "Failure", "AWS::EC2::Volume: KeyError: 'volumes'")  # fmt: skip
    assert len(history(config, GROUP, group)) == 2


def broken(*_, **__):
    raise KeyError("volumes")
