"""What log groups, streams and metric filters are.

Lives here: `LogGroup`, `LogStream`, `MetricFilter`, `RETENTION_DAYS`. The events of a stream are
`store.py`'s; what else a group may have (subscriptions, policies, transformers) is with whoever
carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws
from awsmon.logs.errors import ResourceNotFoundException
from awsmon.logs.store import Events, event_id

if TYPE_CHECKING:
    from awsmon.logs.indexes import IndexedField, IndexPolicy
    from awsmon.logs.protection import DataProtection
    from awsmon.logs.resource_policies import ResourcePolicy
    from awsmon.logs.subscriptions import SubscriptionFilter
    from awsmon.logs.transformers import LogTransformer

__all__ = ["CLASSES_WITH_FILTERS", "RETENTION_DAYS", "LogGroup", "LogStream", "MetricFilter"]

RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)  # fmt: skip
"""Source: API reference, PutRetentionPolicy."""

CLASSES_WITH_FILTERS = ("STANDARD", "DELIVERY")
"""Log classes whose groups may have filters. Source: User Guide, "Log classes"."""


@dataclass(kw_only=True, slots=True, eq=False)
class LogStream(Resource):
    """A log stream as DescribeLogStreams shows it; times in milliseconds since the epoch."""

    aws_shape: ClassVar[str] = "logs.LogStream"
    aws_lower_camel: ClassVar[bool] = True

    name: str = field(metadata=aws("logStreamName"))
    arn: str
    creation_time: int
    stored_bytes: int = 0
    """Always 0, as AWS reports it since 2019."""
    last_ingestion_time: int | None = None
    events: Events = field(default_factory=Events, repr=False, metadata=aws(None))
    entity: dict[str, Any] | None = field(default=None, metadata=aws(None))

    def to_aws(self) -> dict[str, Any]:
        """With the times of its first and last event, once it had any."""
        found = Resource.to_aws(self)
        if self.events.times:
            found["firstEventTimestamp"] = self.events.times[0]
            found["lastEventTimestamp"] = self.events.times[-1]
        if self.last_ingestion_time is not None:
            found["uploadSequenceToken"] = self.token
        return found

    @property
    def token(self) -> str:
        """The sequence token, which nobody needs any more."""
        return event_id(self.last_ingestion_time or self.creation_time, 1)


@dataclass(kw_only=True, slots=True, eq=False)
class MetricFilter(Resource):
    """A metric filter as DescribeMetricFilters shows it."""

    aws_shape: ClassVar[str] = "logs.MetricFilter"
    aws_lower_camel: ClassVar[bool] = True

    name: str = field(metadata=aws("filterName"))
    filter_pattern: str
    metric_transformations: list[dict[str, Any]]
    creation_time: int
    log_group_name: str
    apply_on_transformed_logs: bool = False
    field_selection_criteria: str | None = None
    emit_system_field_dimensions: list[str] | None = None


@dataclass(kw_only=True, slots=True, eq=False)
class LogGroup(Resource):
    """A log group as DescribeLogGroups shows it; times in milliseconds since the epoch.

    Attributes:
        arn: with ``:*`` behind it; `log_group_arn` is without.
        streams: by name.
        metric_filters: by name.
        subscription_filters: by name.
        resource_policy: which services may write to it.
        transformer: its own.
        data_protection: its own policy, whose state AWS shows.
        index_policy: its own policy; what it and others index is in `indexed_fields`, by name.
    """

    aws_shape: ClassVar[str] = "logs.LogGroup"
    aws_lower_camel: ClassVar[bool] = True

    name: str = field(metadata=aws("logGroupName"))
    creation_time: int
    retention_in_days: int | None = None
    arn: str
    log_group_arn: str
    kms_key_id: str | None = None
    data_protection_status: str | None = None
    log_group_class: str = "STANDARD"
    deletion_protection_enabled: bool = False
    bearer_token_authentication_enabled: bool | None = None
    streams: dict[str, LogStream] = field(default_factory=dict, repr=False, metadata=aws(None))
    subscription_filters: dict[str, SubscriptionFilter] = field(
        default_factory=dict, repr=False, metadata=aws(None)
    )
    metric_filters: dict[str, MetricFilter] = field(
        default_factory=dict, repr=False, metadata=aws(None)
    )
    resource_policy: ResourcePolicy | None = field(default=None, metadata=aws(None))
    transformer: LogTransformer | None = field(default=None, repr=False, metadata=aws(None))
    data_protection: DataProtection | None = field(default=None, repr=False, metadata=aws(None))
    index_policy: IndexPolicy | None = field(default=None, repr=False, metadata=aws(None))
    indexed_fields: dict[str, IndexedField] = field(
        default_factory=dict, repr=False, metadata=aws(None)
    )

    def to_aws(self) -> dict[str, Any]:
        """With the number of its metric filters and the bytes of its events."""
        return {
            **Resource.to_aws(self),
            "metricFilterCount": len(self.metric_filters),
            "storedBytes": self.stored_bytes,
        }

    @property
    def stored_bytes(self) -> int:
        """The bytes of all events, 26 for each beside its message, as PutLogEvents counts them."""
        return sum(stream.events.bytes for stream in self.streams.values())

    def stream(self, name: str) -> LogStream:
        """The stream of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        found = self.streams.get(name)
        if found is None:
            raise ResourceNotFoundException.log_stream()
        return found
