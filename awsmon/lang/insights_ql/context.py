"""What a query reads and where it runs: `LogEvent`, `QueryContext`.

The language is pure: events come from whoever runs it, and what it can't know by itself (another
time window, another log group, a lookup table, the time) the context's callables answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from awsmon.lang.insights_ql.query import Source

__all__ = ["LogEvent", "QueryContext"]


class LogEvent(NamedTuple):
    """One log event. Times are milliseconds since the epoch.

    Attributes:
        message: what readers see, findings of data protection masked.
        ingestion_time: None: never shown.
        stream: the name of its log stream.
        log: its log group, as ``account:name``.
        pointer: what ``@ptr`` shows; a callable makes it of the event, for the rows of the result
            only.
        clear: the message unmasked, where it differs.
        number: whatever `pointer` tells it by.
    """

    timestamp: int
    message: str
    ingestion_time: int | None = None
    stream: str = ""
    log: str = ""
    pointer: str | Callable[[LogEvent], str] = ""
    clear: str | None = None
    number: int = 0


def _no_window(start: int, end: int) -> Iterable[LogEvent]:
    raise LookupError(f"no events from {start} to {end} were provided")


def _no_source(source: Source) -> Iterable[LogEvent]:
    raise LookupError(f"no events of {source} were provided")


def _no_table(name: str) -> Iterable[Mapping[str, str]]:
    raise LookupError(f"no lookup table {name} was provided")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryContext:
    """Where a query runs. Times are milliseconds since the epoch.

    Attributes:
        start: the first millisecond of the window.
        end: the last millisecond of the window.
        limit: rows at most where the query itself sets no limit.
        now: when the query was started; None: `end`.
        region: what ``@aws.region`` shows.
        held: about how many bytes the log groups hold in the window.
        window: the same log groups' events from one time to another, both inclusive.
        source: the events of other log groups, in this window.
        table: the rows of a lookup table, columns by name; LookupError: there is none.
    """

    start: int = 0
    end: int = 0
    limit: int | None = None
    now: int | None = None
    region: str | None = None
    held: int = 0
    window: Callable[[int, int], Iterable[LogEvent]] = _no_window
    source: Callable[[Source], Iterable[LogEvent]] = _no_source
    table: Callable[[str], Iterable[Mapping[str, str]]] = _no_table
