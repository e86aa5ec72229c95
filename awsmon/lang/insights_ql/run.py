"""One run of a program: what it counts while it reads events."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from awsmon.lang.insights_ql.context import LogEvent

__all__ = ["Run"]

_AT_ONCE = 4096  # events


class Run:
    """One run.

    Attributes:
        scanned: how many events were read.
        matched: how many passed the query's filters.
        bytes_scanned: of their messages, in UTF-8.
    """

    __slots__ = ("bytes_scanned", "matched", "scanned")

    def __init__(self) -> None:
        self.scanned = self.matched = self.bytes_scanned = 0

    def scan(
        self, events: Iterable[LogEvent], term: str | None, test: Callable[[str], bool] | None
    ) -> Iterator[Row]:
        """The events as rows: those whose message has the term, and passes the test."""
        source = iter(events)
        while chunk := list(islice(source, _AT_ONCE)):
            text = "".join([event.message for event in chunk])
            self.scanned += len(chunk)
            size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
            self.bytes_scanned += size
            if term is not None:
                chunk = [event for event in chunk if term in event.message]
            if test is not None:
                chunk = [event for event in chunk if test(event.message)]
            yield from map(Row, chunk)

    def count(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, counted as matched."""
        for row in rows:
            self.matched += 1
            yield row
