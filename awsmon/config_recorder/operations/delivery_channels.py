"""The delivery channel, and what goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.errors import (
    InvalidDeliveryChannelNameException,
    InvalidS3KeyPrefixException,
    InvalidSNSTopicARNException,
    LastDeliveryChannelDeleteFailedException,
    MaxNumberOfDeliveryChannelsExceededException,
    NoAvailableConfigurationRecorderException,
    NoRunningConfigurationRecorderException,
    NoSuchBucketException,
)
from awsmon.config_recorder.model import Channel
from awsmon.core.arns import Arn
from awsmon.core.deliveries import Refused
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        DeleteDeliveryChannelRequestTypeDef,
        DeliverConfigSnapshotRequestTypeDef,
        DescribeDeliveryChannelsRequestTypeDef,
        DescribeDeliveryChannelStatusRequestTypeDef,
        PutDeliveryChannelRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder


@operation("PutDeliveryChannel")
def put_delivery_channel(config: ConfigRecorder, request: PutDeliveryChannelRequestTypeDef) -> None:
    """One; its bucket must be there where the other mock knows buckets."""
    given: Any = request["DeliveryChannel"]
    _ask_for_bucket(config, given.get("s3BucketName") or "")
    name = given.get("name", "default")
    if not config.recorders:
        raise NoAvailableConfigurationRecorderException.for_channel()
    if not name.strip():
        raise InvalidDeliveryChannelNameException.named(name)
    if given.get("s3KeyPrefix") == "":
        raise InvalidS3KeyPrefixException.empty()
    topic = given.get("snsTopicARN")
    if topic is not None and not _is_topic(topic):
        raise InvalidSNSTopicARNException.of(topic)
    before = config.channel
    if before is not None and before.name != name:
        raise MaxNumberOfDeliveryChannelsExceededException.named(name)
    if before is not None:
        config.delivering.closed(before)
    config.channel = Channel.from_aws(given, name=name)
    config.delivering.opened(config.channel)


def _ask_for_bucket(config: ConfigRecorder, bucket: str) -> None:
    """Asked first, for the lock is let go for it."""
    if not bucket:
        raise NoSuchBucketException.empty()
    arn = f"arn:{config.scope.partition}:s3:::{bucket}"
    try:
        config.ask(arn, "s3", "HeadBucket", {"Bucket": bucket})
    except Refused as error:
        raise NoSuchBucketException.named(bucket) from error


def _is_topic(text: str) -> bool:
    arn = Arn.maybe(text)
    return arn is not None and arn.service == "sns"


@operation("DescribeDeliveryChannels")
def describe_delivery_channels(
    config: ConfigRecorder, request: DescribeDeliveryChannelsRequestTypeDef
) -> dict[str, Any]:
    """At most one."""
    return {"DeliveryChannels": [each.to_aws() for each in _wanted(config, request)]}


@operation("DescribeDeliveryChannelStatus")
def describe_delivery_channel_status(
    config: ConfigRecorder, request: DescribeDeliveryChannelStatusRequestTypeDef
) -> dict[str, Any]:
    """When it last delivered what, and when it will again."""
    return {
        "DeliveryChannelsStatus": [
            {"name": each.name, "configSnapshotDeliveryInfo": {}, "configHistoryDeliveryInfo": {},
             "configStreamDeliveryInfo": {}, **each.status}
            for each in _wanted(config, request)
        ]
    }  # fmt: skip


def _wanted(config: ConfigRecorder, request: Any) -> list[Channel]:
    names = request.get("DeliveryChannelNames")
    if names:
        return [config.find_channel(name) for name in names]
    return [config.channel] if config.channel else []


@operation("DeleteDeliveryChannel")
def delete_delivery_channel(
    config: ConfigRecorder, request: DeleteDeliveryChannelRequestTypeDef
) -> None:
    """Not while a recorder is on."""
    channel = config.find_channel(request["DeliveryChannelName"])
    if config.own is not None and config.own.recording:
        raise LastDeliveryChannelDeleteFailedException.named(channel.name)
    config.delivering.closed(channel)
    config.channel = None


@operation("DeliverConfigSnapshot")
def deliver_config_snapshot(
    config: ConfigRecorder, request: DeliverConfigSnapshotRequestTypeDef
) -> dict[str, Any]:
    """All that is there, as one file."""
    channel = config.find_channel(request["deliveryChannelName"])
    if not config.recorders:
        raise NoAvailableConfigurationRecorderException.for_reading()
    if not config.running:
        raise NoRunningConfigurationRecorderException.stopped()
    return {"configSnapshotId": config.delivering.snapshot(channel)}
