"""From lines to log events: what belongs together, when it happened, whether it is wanted.

Lives here: `Events`. Source: CloudWatch User Guide, "Manually create or edit the CloudWatch agent
configuration file", multi_line_start_pattern, timestamp_format and filters.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from awsmon.agent.model import LogFile

__all__ = ["LARGEST", "Events"]

LARGEST = 256 * 1024
_CUT = "[Truncated...]"
_QUIET = timedelta(seconds=5)
"""After which nothing more belongs to an event, where lines come in real time."""


class Events:
    """The log events of one log."""

    def __init__(self, file: LogFile) -> None:
        self._file = file
        self._lines: list[str] = []
        self._since: datetime | None = None
        self._last: datetime | None = None

    def line(self, text: str, now: datetime) -> Iterator[tuple[datetime, str]]:
        """Take a line; gives the event before it, where it begins another."""
        if self._lines and self._file.starts.search(text):
            yield from self.end(now)
        self._lines.append(text)
        self._since = now

    def quiet(self, now: datetime) -> Iterator[tuple[datetime, str]]:
        """Give the event that waits for more lines, if none came for a while."""
        if self._since is not None and now - self._since >= _QUIET:
            yield from self.end(now)

    def end(self, now: datetime) -> Iterator[tuple[datetime, str]]:
        """Give the event that waits for more lines: there are none."""
        message = "\n".join(self._lines)
        self._lines, self._since = [], None
        if message and self._wanted(message):
            yield self._at(message, now), _cut(self._trimmed(message))

    def _wanted(self, message: str) -> bool:
        """All that is to be included is there, and nothing that is to be excluded."""
        return all(bool(found.search(message)) is kept for kept, found in self._file.filters)

    def _at(self, message: str, now: datetime) -> datetime:
        """What the message tells; else what the last that told it did; else now."""
        if self._file.timestamps is None:
            return now
        told = self._file.timestamps.read(message, now)
        self._last = told or self._last
        return self._last or now

    def _trimmed(self, message: str) -> str:
        if self._file.trims and self._file.timestamps is not None:
            return self._file.timestamps.trimmed(message)
        return message


def _cut(message: str) -> str:
    data = message.encode("utf-8", "surrogatepass")
    if len(data) <= LARGEST:
        return message
    return data[: LARGEST - len(_CUT)].decode("utf-8", "ignore") + _CUT
