"""Channels: through which events from outside of AWS come into event data stores.

Lives here: `Channel` and `Channels`. What a channel takes is `audit_events.py`'s to say.
Source: API reference, CreateChannel, GetChannel; CloudTrail User Guide, "Create an integration with
an event source outside of AWS".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws
from awsmon.trail.lake.feeding_errors import ChannelARNInvalidException, ChannelNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.core.scope import Scope

__all__ = ["Channel", "Channels"]


@dataclass(kw_only=True, slots=True, eq=False)
class Channel(Resource):
    """A channel as GetChannel shows it."""

    aws_shape: ClassVar[str] = "cloudtrail.GetChannelResponse"

    arn: str = field(metadata=aws("ChannelArn"))
    name: str
    source: str
    destinations: list[Any]
    ingestion_status: dict[str, Any] = field(default_factory=dict)

    @property
    def stores(self) -> list[str]:
        """The ARNs of its stores."""
        return [each["Location"] for each in self.destinations]


class Channels:
    """The channels of one account and region: iterable, in order of name."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._channels: dict[str, Channel] = {}

    def __iter__(self) -> Iterator[Channel]:
        return iter(sorted(self._channels.values(), key=lambda each: each.name))

    def __getitem__(self, name: str) -> Channel:
        """The channel of that ARN or id.

        Raises:
            ChannelARNInvalidException: it is an ARN of something else.
            ChannelNotFoundException: there is none here.
        """
        if name.startswith("arn:") and ":channel/" not in name:
            raise ChannelARNInvalidException.of(name)
        arn = name if name.startswith("arn:") else self._scope.arn("cloudtrail", f"channel/{name}")
        if arn not in self._channels:
            raise ChannelNotFoundException.of(name)
        return self._channels[arn]

    def __contains__(self, arn: str) -> bool:
        return arn in self._channels

    def add(self, channel: Channel) -> None:
        """A new one."""
        self._channels[channel.arn] = channel

    def delete(self, channel: Channel) -> None:
        """It takes no more; what it took stays in its stores."""
        del self._channels[channel.arn]
