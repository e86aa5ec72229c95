"""What applications are made of.

Lives here: `Application`, `Component`, `Workload`, `LogPattern`, `ConfigurationEvent` and `Found`,
what is known of a resource. Problems are `problem_model.py`'s. Configurations stay as AWS writes
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.core.clock import Timer

__all__ = ["Application", "Component", "ConfigurationEvent", "Found", "LogPattern", "Workload"]

Configuration = dict[str, Any]
"""A component configuration, read."""


@dataclass(slots=True, kw_only=True)
class Found:
    """A resource of an application.

    Attributes:
        os: ``WINDOWS`` or ``LINUX``, of an instance or of what instances it has.
        engine: of a database, as ``mysql``.
        members: ARNs of the instances in a group, or behind a load balancer.
        volumes: ARNs of what is attached to an instance.
    """

    arn: str
    os: str | None = None
    engine: str | None = None
    members: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()


@dataclass(kw_only=True, slots=True, eq=False)
class LogPattern(Resource):
    """A pattern that log lines are held against; the lowest rank first."""

    aws_shape: ClassVar[str] = "application-insights.LogPattern"

    pattern_set_name: str
    pattern_name: str
    pattern: str
    rank: int


@dataclass(kw_only=True, slots=True, eq=False)
class Workload(Resource):
    """A workload on a component, as ListWorkloads shows it."""

    aws_shape: ClassVar[str] = "application-insights.Workload"

    workload_id: str
    component_name: str
    workload_name: str
    tier: str
    missing_workload_config: bool | None = None
    configuration: Configuration = field(default_factory=dict, repr=False, metadata=aws(None))


@dataclass(kw_only=True, slots=True, eq=False)
class Component(Resource):
    """A resource, or resources of one kind, that are configured together.

    Attributes:
        arns: of its resources: the one it is, or those that were grouped.
        members: instances within: of an Auto Scaling group, or behind a load balancer.
        id: by which the configuration history knows it.
        custom: a person grouped it.
        configuration: None: none was ever given.
    """

    aws_shape: ClassVar[str] = "application-insights.ApplicationComponent"

    component_name: str
    resource_type: str
    os_type: str | None = None
    tier: str | None = None
    monitor: bool = False
    detected_workload: dict[str, dict[str, str]] | None = None
    id: str = field(metadata=aws(None))
    arns: list[str] = field(metadata=aws(None))
    members: list[str] = field(default_factory=list, metadata=aws(None))
    custom: bool = field(default=False, metadata=aws(None))
    configuration: Configuration | None = field(default=None, repr=False, metadata=aws(None))
    workloads: dict[str, Workload] = field(default_factory=dict, repr=False, metadata=aws(None))

    @property
    def configurations(self) -> list[Configuration]:
        """All that is to be watched of it: its own, and those of its workloads."""
        own = [] if self.configuration is None else [self.configuration]
        return [*own, *(each.configuration for each in self.workloads.values())]

    @property
    def resources(self) -> list[str]:
        """Its own and those within."""
        return list(dict.fromkeys([*self.arns, *self.members]))


@dataclass(kw_only=True, slots=True, eq=False)
class ConfigurationEvent(Resource):
    """Something that was set up for monitoring, or couldn't be."""

    aws_shape: ClassVar[str] = "application-insights.ConfigurationEvent"

    resource_group_name: str
    account_id: str
    monitored_resource_arn: str = field(metadata=aws("MonitoredResourceARN"))
    event_status: str
    event_resource_type: str
    event_time: datetime
    event_detail: str
    event_resource_name: str


@dataclass(kw_only=True, slots=True, eq=False)
class Application(Resource):
    """An application as DescribeApplication shows it.

    Attributes:
        auto_create: all there is is configured once, when it is found first.
        resources: what was found, by ARN.
        components: by name.
        patterns: by set and name.
        timer: of the next change of its life cycle, or look at its resources.
    """

    aws_shape: ClassVar[str] = "application-insights.ApplicationInfo"

    account_id: str
    resource_group_name: str
    life_cycle: str = "CREATING"
    ops_item_sns_topic_arn: str | None = field(default=None, metadata=aws("OpsItemSNSTopicArn"))
    sns_notification_arn: str | None = field(default=None, metadata=aws("SNSNotificationArn"))
    ops_center_enabled: bool = False
    cwe_monitor_enabled: bool = field(default=False, metadata=aws("CWEMonitorEnabled"))
    remarks: str = ""
    auto_config_enabled: bool = False
    discovery_type: str = "RESOURCE_GROUP_BASED"
    attach_missing_permission: bool = False
    arn: str = field(metadata=aws(None))
    auto_create: bool = field(default=False, metadata=aws(None))
    resources: dict[str, Found] = field(default_factory=dict, repr=False, metadata=aws(None))
    components: dict[str, Component] = field(
        default_factory=dict, repr=False, metadata=aws(None)
    )  # fmt: skip
    patterns: dict[tuple[str, str], LogPattern] = field(
        default_factory=dict, repr=False, metadata=aws(None)
    )
    history: list[ConfigurationEvent] = field(
        default_factory=list, repr=False, metadata=aws(None)
    )  # fmt: skip
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))
