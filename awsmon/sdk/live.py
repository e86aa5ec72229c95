"""Answers that go on: streams of events for ``for`` and ``async for``.

Lives here: `LiveStream`, which stands where botocore puts its ``EventStream``. Whoever reads it
waits by sleeping: in the thread in which virtual time is kept that lets time pass, in others it
waits for what the first one does.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import EventStreamError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["LiveSource", "LiveStream"]

_STEP = 0.1  # seconds between two looks


class LiveSource(Protocol):
    """What an operation answers with where its model has a stream of events."""

    @property
    def open(self) -> bool:
        """False: nothing will come any more."""

    def poll(self) -> Mapping[str, Any] | None:
        """The next event by its name, or None: not yet."""

    def close(self) -> None:
        """Nobody reads any more."""


class LiveStream:
    """The events of a source, as they come.

    Args:
        source: of the events.
        operation: whose answer it is, as ``StartLiveTail``.
        exceptions: names of events that are errors and end the stream.

    Raises:
        EventStreamError: while it is read, where the service would send one.
    """

    def __init__(self, source: LiveSource, operation: str, exceptions: frozenset[str]) -> None:
        self._source, self._operation, self._exceptions = source, operation, exceptions

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while self._source.open:
            event = self._source.poll()
            if event is None:
                time.sleep(_STEP)
            else:
                yield self._checked(event)

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        while self._source.open:
            event = self._source.poll()
            if event is None:
                await asyncio.sleep(_STEP)
            else:
                yield self._checked(event)

    def _checked(self, event: Mapping[str, Any]) -> dict[str, Any]:
        for name in self._exceptions & event.keys():
            raise EventStreamError(
                {"Error": {"Code": name, "Message": event[name]["message"]}}, self._operation
            )
        return dict(event)

    def raw(self) -> Iterator[dict[str, Any]]:
        """The events, with errors as events: for who sends them on."""
        while self._source.open:
            event = self._source.poll()
            if event is None:
                time.sleep(_STEP)
            else:
                yield dict(event)

    def close(self) -> None:
        """End the session; readers in other threads stop."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()
