"""What AWS Config keeps: recorders, the delivery channel, configuration items.

Lives here: `Recorder`, `Channel`, `Item` and `Key`. Rules are `rules/model.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from awsmon.config_recorder.resource_types import Relationship
    from awsmon.core.clock import Timer

__all__ = ["DELETED", "DISCOVERED", "GLOBAL_TYPES", "Channel", "Item", "Key", "Recorder"]

DISCOVERED, CHANGED, DELETED = "ResourceDiscovered", "OK", "ResourceDeleted"
GLOBAL_TYPES = ("AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::Policy")
"""Recorded only where global types are asked for, or named."""


class Key(NamedTuple):
    """By what a resource is known."""

    type: str
    id: str


@dataclass(kw_only=True, slots=True, eq=False)
class Recorder(Resource):
    """A recorder as DescribeConfigurationRecorders shows it.

    Attributes:
        recording: whether it is on.
        started, stopped: when it last was.
    """

    aws_shape: ClassVar[str] = "config.ConfigurationRecorder"
    aws_lower_camel: ClassVar[bool] = True

    arn: str
    name: str
    role_arn: str | None = field(default=None, metadata=aws("roleARN"))
    recording_group: dict[str, Any]
    recording_mode: dict[str, Any]
    recording_scope: str = "PAID"
    service_principal: str | None = None
    connector_arn: str | None = None
    scope_configuration: dict[str, Any] | None = None
    recording: bool = field(default=False, metadata=aws(None))
    started: datetime | None = field(default=None, metadata=aws(None))
    stopped: datetime | None = field(default=None, metadata=aws(None))

    def wants(self, resource_type: str) -> bool:
        """Whether it records resources of a type."""
        group = self.recording_group
        if group.get("allSupported"):
            return group.get("includeGlobalResourceTypes", False) or (
                resource_type not in GLOBAL_TYPES)  # fmt: skip
        if group.get("recordingStrategy", {}).get("useOnly") == "EXCLUSION_BY_RESOURCE_TYPES":
            return resource_type not in group["exclusionByResourceTypes"]["resourceTypes"]
        return resource_type in group.get("resourceTypes", ())

    def frequency(self, resource_type: str) -> str:
        """``CONTINUOUS`` or ``DAILY``."""
        for each in self.recording_mode.get("recordingModeOverrides", ()):
            if resource_type in each["resourceTypes"]:
                return str(each["recordingFrequency"])
        return str(self.recording_mode["recordingFrequency"])


@dataclass(kw_only=True, slots=True, eq=False)
class Channel(Resource):
    """The delivery channel as DescribeDeliveryChannels shows it.

    Attributes:
        status: by kind of delivery, as DescribeDeliveryChannelStatus shows it.
        changed: resources with items since the last history file.
        snapshot_timer, history_timer: of the next files.
    """

    aws_shape: ClassVar[str] = "config.DeliveryChannel"
    aws_lower_camel: ClassVar[bool] = True

    name: str = "default"
    s3_bucket_name: str | None = None
    s3_key_prefix: str | None = None
    s3_kms_key_arn: str | None = None
    sns_topic_arn: str | None = field(default=None, metadata=aws("snsTopicARN"))
    config_snapshot_delivery_properties: dict[str, Any] | None = None
    status: dict[str, dict[str, Any]] = field(default_factory=dict, metadata=aws(None))
    changed: dict[str, list[Item]] = field(default_factory=dict, metadata=aws(None))
    snapshot_timer: Timer | None = field(default=None, metadata=aws(None))
    history_timer: Timer | None = field(default=None, metadata=aws(None))


@dataclass(kw_only=True, slots=True, eq=False)
class Item:
    """A configuration item: a resource as it was from one instant on.

    Attributes:
        service_key: what its service's calls name it.
        captured: when it was seen to be so.
        configuration: None where the resource is gone.
        state_id: milliseconds since the epoch, greater than that of the item before.
        created: when the resource was first seen.
        events: ids of the trail's events that brought it about.
        frequency: ``CONTINUOUS`` or ``DAILY``.
    """

    key: Key
    service_key: str
    status: str
    captured: datetime
    created: datetime | None
    state_id: int
    name: str | None = None
    arn: str | None = None
    zone: str = "Not Applicable"
    configuration: Mapping[str, Any] | None = None
    supplementary: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    relationships: Sequence[Relationship] = ()
    events: tuple[str, ...] = ()
    frequency: str = "CONTINUOUS"

    @property
    def deleted(self) -> bool:
        """Whether the resource is gone."""
        return self.configuration is None

    def same(self, other: Item) -> bool:
        """Whether nothing about the resource is different."""
        return (
            self.configuration == other.configuration
            and self.supplementary == other.supplementary
            and self.tags == other.tags
            and set(self.relationships) == set(other.relationships)
            and (self.name, self.arn, self.zone) == (other.name, other.arn, other.zone)
        )
