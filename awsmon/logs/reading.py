"""Reading events back: from one stream, page by page, or from many by a filter pattern.

Lives here: `Found`, `LogLine`, `matching`, and the pages of GetLogEvents (`Window`) and of
FilterLogEvents (`Search`). A page holds at most so many events and at most 1 MB of messages.
"""

from __future__ import annotations

import base64
import binascii
import heapq
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.logs.errors import InvalidParameterException
from awsmon.logs.store import LATEST, event_id, instant, place, size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from awsmon.logs.model import LogGroup, LogStream
    from awsmon.logs.store import Events

__all__ = ["Found", "LogLine", "Search", "Window", "matching"]

PAGE_BYTES = 1_048_576
"""Source: API reference, GetLogEvents and FilterLogEvents."""


class LogLine(NamedTuple):
    """A log event, for people.

    Attributes:
        at: aware, UTC.
    """

    at: datetime
    message: str
    stream: str

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%S}.{self.at.microsecond // 1000:03}Z {self.message}"


class Found(NamedTuple):
    """An event and where it stands; in the order in which AWS lists events of several streams."""

    time: int
    number: int
    stream: LogStream
    at: int

    @property
    def id(self) -> str:
        """Its 56 digits."""
        return event_id(self.time, self.number)

    @property
    def line(self) -> LogLine:
        """As `Logs.tail` shows it."""
        return LogLine(instant(self.time), self.stream.events.message(self.at), self.stream.name)


def matching(
    streams: Iterable[LogStream],
    *,
    start: int | None = None,
    end: int | None = None,
    test: Callable[[str], bool] | None = None,
    after: tuple[int, int] | None = None,
    newest_first: bool = False,
    unmask: bool = False,
) -> Iterator[Found]:
    """The events of several streams that pass a test, in order of time.

    Args:
        streams: any; an event's number says which came in first.
        start: milliseconds, inclusive.
        end: milliseconds, exclusive.
        test: of messages; None: all pass.
        after: only those beyond that time and number, in the direction of reading.
        newest_first: read backwards.
        unmask: show the test what is masked.
    """
    found = [_matching(stream, start, end, test, after, newest_first, unmask) for stream in streams]
    if len(found) == 1:
        return found[0]
    return heapq.merge(*found, key=_order, reverse=newest_first)


def _order(found: Found) -> tuple[int, int]:
    return found.time, found.number


def _matching(
    stream: LogStream,
    start: int | None,
    end: int | None,
    test: Callable[[str], bool] | None,
    after: tuple[int, int] | None,
    newest_first: bool,
    unmask: bool,
) -> Iterator[Found]:
    events = stream.events
    first, last = events.between(start, end)
    if after is not None and not newest_first:
        first = max(first, events.behind(*after))
    elif after is not None:
        last = min(last, events.behind(after[0], after[1] - 1))
    places: Iterable[int] = range(first, last)
    if newest_first:
        places = reversed(range(first, last))
    times, numbers = events.times, events.numbers
    if test is None:
        for at in places:
            yield Found(times[at], numbers[at], stream, at)
    elif events.masked and not unmask:
        for at in places:
            if test(events.message(at)):
                yield Found(times[at], numbers[at], stream, at)
    else:
        messages = events.messages
        for at in places:
            if test(messages[at]):
                yield Found(times[at], numbers[at], stream, at)


class Window:
    """A page of one stream, and the tokens that lead on from it both ways.

    Args:
        events: of the stream.
        start: milliseconds, inclusive.
        end: milliseconds, exclusive.
        limit: how many events at most.
        token: as a page before gave it; None: from the head, or the tail.
        from_head: where to begin without a token.

    Raises:
        InvalidParameterException: the token is none.
    """

    def __init__(
        self, events: Events, start: int | None, end: int | None, limit: int, token: str | None,
        *, from_head: bool,
    ) -> None:  # fmt: skip
        self._events = events
        first, last = events.between(start, end)
        forward, key = from_head, None
        if token is not None:
            forward, key = _direction(token)
            bound = events.behind(*key)
            if forward:
                first = max(first, bound)
            else:
                last = min(last, bound)
        places = range(first, max(first, last))
        self.places = _fit(events, places, limit) if forward else _fit(
            events, places[::-1], limit)[::-1]  # fmt: skip
        if self.places:
            newest, oldest = self.places[-1], self.places[0]
            self.forward = f"f/{event_id(events.times[newest], events.numbers[newest])}/s"
            self.backward = f"b/{event_id(events.times[oldest], events.numbers[oldest])}/s"
        else:  # the same token again says that here is the end
            time, number = key or (min(start or 0, LATEST), 0)
            self.forward = token if token and forward else f"f/{event_id(time, number)}/s"
            self.backward = token if token and not forward else f"b/{event_id(time, number + 1)}/s"


def _direction(token: str) -> tuple[bool, tuple[int, int]]:
    """Whether a token leads forward, and behind which time and number its page ends or begins."""
    parts = token.split("/")
    key = place(parts[1]) if len(parts) == 3 and parts[0] in "fb" and parts[2] == "s" else None
    if key is None:
        raise InvalidParameterException.next_token()
    forward = parts[0] == "f"
    return forward, key if forward else (key[0], key[1] - 1)


def _fit(events: Events, places: range, limit: int) -> range:
    """As many of the places as a page holds."""
    room, fitting = PAGE_BYTES, 0
    for at in places[:limit]:
        room -= size(events.messages[at])
        if room < 0 and fitting:
            break
        fitting += 1
    return places[:fitting]


class Search:
    """A page of a group's events, and the token of the next.

    Args:
        group: whose.
        token: as the page before gave it.
        limit: how many events at most.
        newest_first: the direction without a token.
        how: the other arguments of `matching`.

    Attributes:
        found: the events of the page.
        token: of the next page; None: there is none.

    Raises:
        InvalidParameterException: the token is none of such a search.
    """

    def __init__(
        self, group: LogGroup, streams: Iterable[LogStream], token: str | None, limit: int,
        *, newest_first: bool, **how: Any,
    ) -> None:  # fmt: skip
        after = None
        if token is not None:
            newest_first, after = _resume(token, group.name)
        self.found: list[Found] = []
        self.token: str | None = None
        room = PAGE_BYTES
        for each in matching(streams, after=after, newest_first=newest_first, **how):
            room -= size(each.stream.events.messages[each.at])
            if len(self.found) == limit or (room < 0 and self.found):
                before = each.number + (1 if newest_first else -1)
                self.token = _token(group.name, newest_first, (each.time, before))
                break
            self.found.append(each)


def _token(group: str, newest_first: bool, after: tuple[int, int]) -> str:
    return base64.urlsafe_b64encode(
        json.dumps(["FilterLogEvents", group, newest_first, *after]).encode()
    ).decode()


def _resume(token: str, group: str) -> tuple[bool, tuple[int, int]]:
    try:
        of, where, newest_first, time, number = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError, binascii.Error):
        raise InvalidParameterException.next_token() from None
    if (of, where) != ("FilterLogEvents", group):
        raise InvalidParameterException.next_token()
    return newest_first, (time, number)
