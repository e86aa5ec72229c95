"""The events of one stream, kept small: four columns in order of time.

Lives here: `Events`, and the ids, tokens and pointers by which events are found again. An event is
known by its time (milliseconds since the epoch) and its number, which grows with ingestion within
an account and region; together they are its place among all events of a group. What is rare
(masked and transformed messages) is kept aside, by number.
"""

from __future__ import annotations

import base64
import binascii
import json
from array import array
from bisect import bisect_left, bisect_right
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from awsmon.core.clock import EPOCH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

__all__ = [
    "LATEST",
    "OVERHEAD",
    "Events",
    "Pointer",
    "event_id",
    "instant",
    "milliseconds",
    "place",
    "size",
]

LATEST = 4_000_000_000_000
"""Milliseconds: in 2096. Ids of later events would have over 56 digits."""

_CALENDAR_ENDS = 221_845_392_000_000  # 9000-01-01: schedules may still be read beyond it

OVERHEAD = 26
"""Bytes that an event counts beside its message. Source: API reference, PutLogEvents."""

_TIME_BITS = 144  # AWS's ids hold the time above so many bits, as the ids in its documentation show
_NUMBER_BITS = 80
_FEW = 32
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since the epoch."""
    return (at - EPOCH) // _MILLISECOND


def instant(time: int) -> datetime:
    """The other way round; what somebody takes for eternity is the year 9000."""
    return EPOCH + timedelta(milliseconds=min(time, _CALENDAR_ENDS))


def event_id(time: int, number: int) -> str:
    """The 56 digits that AWS gives an event; they grow with time, then number."""
    return f"{(time << _TIME_BITS) + (number << _NUMBER_BITS):056d}"


def place(event_id: str) -> tuple[int, int] | None:
    """Time and number from 56 digits; None where they are none."""
    if len(event_id) != 56 or not event_id.isascii() or not event_id.isdigit():
        return None
    found = int(event_id)
    return found >> _TIME_BITS, (found & ((1 << _TIME_BITS) - 1)) >> _NUMBER_BITS


def size(message: str) -> int:
    """The bytes of a message in UTF-8."""
    return len(message) if message.isascii() else len(message.encode("utf-8", "surrogatepass"))


class Pointer(NamedTuple):
    """What ``@ptr`` of Logs Insights leads to."""

    account: str
    group: str
    stream: str
    time: int
    number: int

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(self).encode()).decode()

    @classmethod
    def parse(cls, text: str) -> Pointer | None:
        """From its text; None where that is no pointer."""
        try:
            account, group, stream, time, number = json.loads(base64.urlsafe_b64decode(text))
        except (ValueError, TypeError, binascii.Error):
            return None
        return cls(str(account), str(group), str(stream), int(time), int(number))


class Events:
    """Events in order of time; those of one time in order of ingestion.

    Attributes:
        times: milliseconds since the epoch.
        ingested: the same, of their ingestion.
        numbers: of each event.
        messages: as they were put.
        masked: messages as readers without permission see them, by number, where that differs.
        transformed: messages as a transformer left them, by number.
        bytes: of all that is kept, `OVERHEAD` included.
    """

    __slots__ = ("bytes", "ingested", "masked", "messages", "numbers", "times", "transformed")

    def __init__(self) -> None:
        self.times = array("q")
        self.ingested = array("q")
        self.numbers = array("q")
        self.messages: list[str] = []
        self.masked: dict[int, str] = {}
        self.transformed: dict[int, str] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self.times)

    def extend(
        self, times: Sequence[int], messages: Sequence[str], ingested: int, first: int, bytes_: int
    ) -> None:
        """Keep events that are in order among themselves; late ones go to their places.

        Args:
            times: of each.
            messages: of each.
            ingested: of all.
            first: the number of the first; the others follow it.
            bytes_: of all messages.
        """
        self.bytes += bytes_ + OVERHEAD * len(times)
        late = bool(self.times) and times[0] < self.times[-1]
        if late and len(times) <= _FEW:
            for offset, (time, message) in enumerate(zip(times, messages, strict=True)):
                self._insert(time, message, ingested, first + offset)
            return
        self.times.extend(times)
        self.messages.extend(messages)
        self.ingested.extend([ingested] * len(times))
        self.numbers.extend(range(first, first + len(times)))
        if late:
            self._sort()

    def _insert(self, time: int, message: str, ingested: int, number: int) -> None:
        place = bisect_right(self.times, time)
        self.times.insert(place, time)
        self.messages.insert(place, message)
        self.ingested.insert(place, ingested)
        self.numbers.insert(place, number)

    def _sort(self) -> None:
        order = sorted(range(len(self.times)), key=self.times.__getitem__)
        self.times = array("q", map(self.times.__getitem__, order))
        self.ingested = array("q", map(self.ingested.__getitem__, order))
        self.numbers = array("q", map(self.numbers.__getitem__, order))
        self.messages = list(map(self.messages.__getitem__, order))

    def between(self, start: int | None, end: int | None) -> tuple[int, int]:
        """The places from *start* on and before *end*, in milliseconds; None: without bound."""
        first = 0 if start is None else bisect_left(self.times, start)
        last = len(self.times) if end is None else bisect_left(self.times, end)
        return first, max(first, last)

    def behind(self, time: int, number: int) -> int:
        """The place of the first event that comes after that time and number."""
        at = bisect_left(self.times, time)
        while at < len(self.times) and (self.times[at], self.numbers[at]) <= (time, number):
            at += 1
        return at

    def find(self, time: int, number: int) -> int | None:
        """The place of an event; None: it isn't there (any more)."""
        at = self.behind(time, number) - 1
        found = at >= 0 and (self.times[at], self.numbers[at]) == (time, number)
        return at if found else None

    def message(self, at: int, *, unmask: bool = False) -> str:
        """What a reader sees of the event at a place."""
        if self.masked and not unmask:
            return self.masked.get(self.numbers[at], self.messages[at])
        return self.messages[at]

    def keep_aside(self, masked: Mapping[int, str], transformed: Mapping[int, str]) -> None:
        """Masked and transformed messages of events that were just put, by number."""
        self.masked.update(masked)
        self.transformed.update(transformed)

    def expire(self, before: int) -> None:
        """Drop the events before an instant."""
        if not self.times or self.times[0] >= before:
            return
        until = bisect_left(self.times, before)
        for message, number in zip(self.messages[:until], self.numbers[:until], strict=True):
            self.bytes -= size(message) + OVERHEAD
            self.masked.pop(number, None)
            self.transformed.pop(number, None)
        del self.times[:until], self.messages[:until], self.ingested[:until], self.numbers[:until]
