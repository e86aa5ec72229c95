"""The delivery channel, and what goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.delivery_errors import (
    InvalidDeliveryChannelNameException,
    InvalidS3KeyPrefixException,
    InvalidS3KmsKeyArnException,
    InvalidSNSTopicARNException,
    LastDeliveryChannelDeleteFailedException,
    MaxNumberOfDeliveryChannelsExceededException,
    NoSuchBucketException,
)
from awsmon.config_recorder.errors import (
    NoAvailableConfigurationRecorderException,
    NoRunningConfigurationRecorderException,
)
from awsmon.config_recorder.model import Channel
from awsmon.core.arns import Arn
from awsmon.core.deliveries import Refused
from awsmon.core.operation import operation
from awsmon.core.scope import Scope

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        DeleteDeliveryChannelRequestTypeDef,
        DeliverConfigSnapshotRequestTypeDef,
        DescribeDeliveryChannelsRequestTypeDef,
        DescribeDeliveryChannelStatusRequestTypeDef,
        PutDeliveryChannelRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder

_KEPT = ("status", "changed", "snapshot_timer", "history_timer")
"""What a channel that is put again keeps."""


@operation("PutDeliveryChannel")
def put_delivery_channel(config: ConfigRecorder, request: PutDeliveryChannelRequestTypeDef) -> None:
    """One; its bucket and topic must be there where the other mock knows such.

    Put again, it goes on: what wasn't delivered yet will be.
    """
    given: Any = request["DeliveryChannel"]
    _ask_for_bucket(config, given.get("s3BucketName") or "")
    topic = given.get("snsTopicARN")
    if topic is not None:
        _ask_for_topic(config, topic)
    name = given.get("name", "default")
    if config.own is None:
        raise NoAvailableConfigurationRecorderException.for_channel()
    if not name.strip():
        raise InvalidDeliveryChannelNameException.named(name)
    if given.get("s3KeyPrefix") == "":
        raise InvalidS3KeyPrefixException.empty()
    key = given.get("s3KmsKeyArn")
    if key is not None and not _is_of(key, "kms"):
        raise InvalidS3KmsKeyArnException.of(key)
    if topic is not None and not _is_of(topic, "sns"):
        raise InvalidSNSTopicARNException.of(topic)
    before = config.channel
    if before is not None and before.name != name:
        raise MaxNumberOfDeliveryChannelsExceededException.named(name)
    kept = {} if before is None else {each: getattr(before, each) for each in _KEPT}
    config.channel = Channel.from_aws(given, name=name, **kept)
    config.delivering.opened(config.channel, before)


def _ask_for_bucket(config: ConfigRecorder, bucket: str) -> None:
    """Asked first, for the lock is let go for it."""
    if not bucket:
        raise NoSuchBucketException.empty()
    arn = f"arn:{config.scope.partition}:s3:::{bucket}"
    try:
        config.ask(arn, "s3", "HeadBucket", {"Bucket": bucket})
    except Refused as error:
        raise NoSuchBucketException.named(bucket) from error


def _ask_for_topic(config: ConfigRecorder, topic: str) -> None:
    arn = Arn.maybe(topic)
    if arn is None or arn.service != "sns":
        return  # refused in its turn
    scope = Scope(arn.account or config.scope.account, arn.region or config.scope.region)
    try:
        config.ask(topic, "sns", "GetTopicAttributes", {"TopicArn": topic}, scope=scope)
    except Refused as error:
        raise InvalidSNSTopicARNException.of(topic) from error


def _is_of(text: str, service: str) -> bool:
    arn = Arn.maybe(text)
    return arn is not None and arn.service == service


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
             "configStreamDeliveryInfo":
                 {} if each.sns_topic_arn else {"lastStatus": "Not_Applicable"},
             **each.status}
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
    if config.own is None:
        raise NoAvailableConfigurationRecorderException.for_reading()
    if not config.running:
        raise NoRunningConfigurationRecorderException.stopped()
    return {"configSnapshotId": config.delivering.snapshot(channel)}
