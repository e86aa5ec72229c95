"""How long events are kept: `Retention`.

Events expire whenever somebody looks, so that idle groups cost nothing; `Logs.store` does it as
well, now and then, so that busy ones stay small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from awsmon.logs.model import LogGroup, LogStream
    from awsmon.logs.service import Logs

__all__ = ["Retention"]

_HOUR, _DAY = 3_600_000, 86_400_000


class Retention:
    """What has expired of the groups that one account and region can read."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def days(self, group: LogGroup) -> int | None:
        """The days that events of a group are kept; None: for ever."""
        if group.log_group_class == "DELIVERY":
            return 1
        return self._logs.owner(group).policies.retention(group)

    def oldest(self, group: LogGroup) -> int:
        """Events before this instant, in milliseconds, have expired."""
        days = self.days(group)
        return 0 if days is None else self._logs.now - days * _DAY

    def tidy(self, group: LogGroup, stream: LogStream, now: int) -> None:
        """Drop what has expired of a stream, once that is an hour's worth."""
        times = stream.events.times
        if times and times[0] < now - _DAY:  # no retention is shorter
            before = self.oldest(group)
            if times[0] < before - _HOUR:
                stream.events.expire(before)

    def expire(self, group: LogGroup) -> None:
        """Drop what has expired."""
        before = self.oldest(group)
        if before:
            for stream in group.streams.values():
                stream.events.expire(before)
