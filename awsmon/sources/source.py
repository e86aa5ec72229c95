"""What every source stands on.

Lives here: `Source`, the Protocol of the logs that it writes to, and how instants are written.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from awsmon.core.clock import EPOCH, aware
from awsmon.core.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope

__all__ = ["LogWriter", "Source", "epoch_seconds", "in_milliseconds", "in_seconds"]


class LogWriter(Protocol):
    """What a source asks of CloudWatch Logs."""

    def put(self, group: str, stream: str, messages: Iterable[Any]) -> None:
        """Put messages, each with its instant; group and stream are created if need be."""

    def set_retention(self, name: str, days: int | None) -> None:
        """Let the events of a group expire after so many days; None: never."""

    def elsewhere(self, scope: Scope) -> LogWriter:
        """The logs of another account or region."""

    def __contains__(self, name: str) -> bool: ...


class Source(Service):
    """Something of AWS's, in one account and region, that writes log events."""

    def __init__(self, backend: Backend, scope: Scope, logs: LogWriter) -> None:
        super().__init__(backend, scope)
        self.logs = logs

    def instant(self, at: datetime | str | None) -> datetime:
        """A user's instant; None is now."""
        return self.clock.now() if at is None else aware(at)

    def timed(self, lines: Iterable[Any], default: datetime) -> list[tuple[datetime, str]]:
        """Lines, of which each may say its own instant, as pairs in order of time."""
        pairs = (line if isinstance(line, tuple) else (default, line) for line in lines)
        return sorted(((aware(at), text) for at, text in pairs), key=lambda pair: pair[0])


def epoch_seconds(at: datetime) -> int:
    """Whole seconds since the epoch."""
    return (at - EPOCH) // timedelta(seconds=1)


def in_seconds(at: datetime) -> str:
    """``2026-03-02T12:00:00Z``."""
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def in_milliseconds(at: datetime) -> str:
    """``2026-03-02T12:00:00.000Z``."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
