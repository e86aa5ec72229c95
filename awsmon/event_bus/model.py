"""What buses, rules, archives, replays, connections and API destinations are.

Lives here: `Bus`, `Rule`, `Archive`, `Replay`, `Connection`, `ApiDestination`. Targets stay as AWS
writes them: mappings by Id.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.core.clock import Timer

__all__ = [
    "ARCHIVE_TARGET", "DEFAULT", "ApiDestination", "Archive", "Bus", "Connection", "Replay", "Rule",
    "Target",
]  # fmt: skip

DEFAULT = "default"
ARCHIVE_TARGET = "arn:aws:events:{region}:::"
"""Where the rule of an archive leads; nobody else's leads there. As recorded."""

Target = dict[str, Any]


@dataclass(kw_only=True, slots=True, eq=False)
class Rule(Resource):
    """A rule as DescribeRule shows it.

    Attributes:
        targets: by Id, as AWS writes them.
        timer: of the next time its schedule is due.
    """

    aws_shape: ClassVar[str] = "events.DescribeRuleResponse"

    name: str
    arn: str
    event_pattern: str | None = None
    schedule_expression: str | None = None
    state: str = "ENABLED"
    description: str | None = None
    role_arn: str | None = None
    managed_by: str | None = None
    event_bus_name: str
    created_by: str
    targets: dict[str, Target] = field(default_factory=dict, repr=False, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def enabled(self) -> bool:
        """Whether it takes events."""
        return self.state != "DISABLED"


@dataclass(kw_only=True, slots=True, eq=False)
class Bus(Resource):
    """An event bus as DescribeEventBus shows it.

    Attributes:
        rules: by name.
        document: its resource policy; None: nobody else's events are let in.
    """

    aws_shape: ClassVar[str] = "events.DescribeEventBusResponse"

    name: str
    arn: str
    description: str | None = None
    kms_key_identifier: str | None = None
    dead_letter_config: dict[str, str] | None = None
    log_config: dict[str, str] | None = None
    creation_time: datetime
    last_modified_time: datetime
    rules: dict[str, Rule] = field(default_factory=dict, repr=False, metadata=aws(None))
    document: dict[str, Any] | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def policy(self) -> str | None:
        """The resource policy as AWS shows it: compact JSON."""
        return None if self.document is None else json.dumps(self.document, separators=(",", ":"))

    def to_aws(self) -> dict[str, Any]:
        """With the policy."""
        return {**Resource.to_aws(self), "Policy": self.policy}


@dataclass(kw_only=True, slots=True, eq=False)
class Archive(Resource):
    """An archive as DescribeArchive shows it.

    Attributes:
        retention_days: 0: events are kept for ever.
        events: with the instant they came, oldest first.
    """

    aws_shape: ClassVar[str] = "events.DescribeArchiveResponse"

    archive_name: str
    archive_arn: str
    event_source_arn: str
    description: str | None = None
    event_pattern: str | None = None
    kms_key_identifier: str | None = None
    retention_days: int = 0
    state: str = "ENABLED"
    size_bytes: int = 0
    event_count: int = 0
    creation_time: datetime
    events: list[tuple[datetime, dict[str, Any]]] = field(
        default_factory=list, repr=False, metadata=aws(None)
    )


@dataclass(kw_only=True, slots=True, eq=False)
class Replay(Resource):
    """A replay as DescribeReplay shows it.

    Attributes:
        waiting: events that are still to come, in order of time.
    """

    aws_shape: ClassVar[str] = "events.DescribeReplayResponse"

    replay_name: str
    replay_arn: str
    description: str | None = None
    event_source_arn: str
    destination: dict[str, Any]
    event_start_time: datetime
    event_end_time: datetime
    event_last_replayed_time: datetime | None = None
    replay_start_time: datetime
    replay_end_time: datetime | None = None
    state: str = "STARTING"
    state_reason: str | None = None
    waiting: list[tuple[datetime, dict[str, Any]]] = field(
        default_factory=list, repr=False, metadata=aws(None)
    )


_SECRETS = ("Password", "ApiKeyValue", "ClientSecret")


@dataclass(kw_only=True, slots=True, eq=False)
class Connection(Resource):
    """A connection as DescribeConnection shows it.

    Attributes:
        parameters: by which it authorizes, secrets included.
        token: that OAuth gave; None: none yet.
        expires: when the token does; None: never.
    """

    aws_shape: ClassVar[str] = "events.DescribeConnectionResponse"

    connection_arn: str
    name: str
    description: str | None = None
    invocation_connectivity_parameters: dict[str, Any] | None = None
    connection_state: str
    state_reason: str | None = None
    authorization_type: str
    secret_arn: str
    kms_key_identifier: str | None = None
    creation_time: datetime
    last_modified_time: datetime
    last_authorized_time: datetime | None = None
    parameters: dict[str, Any] = field(repr=False, metadata=aws(None))
    token: str | None = field(default=None, repr=False, metadata=aws(None))
    expires: datetime | None = field(default=None, repr=False, metadata=aws(None))

    def to_aws(self) -> dict[str, Any]:
        """Without its secrets."""
        return {**Resource.to_aws(self), "AuthParameters": _without_secrets(self.parameters)}


def _without_secrets(found: Any) -> Any:
    if isinstance(found, list):
        return [_without_secrets(each) for each in found]
    if not isinstance(found, dict):
        return found
    secret = {*_SECRETS, *(("Value",) if found.get("IsValueSecret") else ())}
    return {name: _without_secrets(each) for name, each in found.items() if name not in secret}


@dataclass(kw_only=True, slots=True, eq=False)
class ApiDestination(Resource):
    """An API destination as DescribeApiDestination shows it, save for its state.

    Attributes:
        second: the last in which requests were sent, and how many.
    """

    aws_shape: ClassVar[str] = "events.DescribeApiDestinationResponse"

    api_destination_arn: str
    name: str
    description: str | None = None
    connection_arn: str
    invocation_endpoint: str
    http_method: str
    invocation_rate_limit_per_second: int = 300
    creation_time: datetime
    last_modified_time: datetime
    second: tuple[datetime, int] | None = field(default=None, repr=False, metadata=aws(None))
