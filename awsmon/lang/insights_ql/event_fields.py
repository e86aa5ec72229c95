"""The log event's own fields: those of the system, and what is discovered in the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.values import Timestamp
from awsmon.lang.log_fields.discovery import field_reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.lang.insights_ql.context import LogEvent, QueryContext
    from awsmon.lang.insights_ql.rows import Read, Row

__all__ = ["NAMES", "event_field", "row_field"]


def _pointer(event: LogEvent) -> object:
    return event.pointer(event) if callable(event.pointer) else event.pointer


def _ingestion_time(event: LogEvent) -> object:
    return None if event.ingestion_time is None else Timestamp(event.ingestion_time)


SYSTEM: dict[str, Callable[[LogEvent], object]] = {
    "@timestamp": lambda event: Timestamp(event.timestamp),
    "@message": lambda event: event.message,
    "@ingestionTime": _ingestion_time,
    "@logStream": lambda event: event.stream,
    "@log": lambda event: event.log,
    "@ptr": _pointer,
    "@aws.account": lambda event: event.log.partition(":")[0] or None,
}

NAMES = frozenset((*SYSTEM, "@aws.region"))
"""Names of fields that are not discovered in messages."""


def event_field(name: str, context: QueryContext) -> Read:
    """Reads a field of the log event: of the system, or discovered; None where there is none."""
    if name == "@message":
        return _message
    if name in SYSTEM:
        return _of_system(SYSTEM[name])
    if name == "@aws.region":
        region = context.region
        return lambda _: region
    return _nested(name) if "." in name else _flat(name)


def _message(row: Row) -> object:
    event = row.event
    return None if event is None else event.message


def _of_system(read: Callable[[LogEvent], object]) -> Read:
    def read_system(row: Row) -> object:
        event = row.event
        return None if event is None else read(event)

    return read_system


def _nested(name: str) -> Read:
    read = field_reader(name)

    def discovered(row: Row) -> object:
        found = row.found
        return read(row.discover() if found is None else found)

    return discovered


def _flat(name: str) -> Read:
    def discovered(row: Row) -> object:  # what `field_reader` does, a call less for each event
        found = row.found
        value = (row.discover() if found is None else found).get(name)
        return None if value.__class__ is dict or value.__class__ is list else value

    return discovered


def row_field(name: str, context: QueryContext) -> Read:
    """Reads what a row has by a name: what its query has added, else the log event's own."""
    own = event_field(name, context)

    def read(row: Row) -> object:
        return row.values[name] if name in row.values else own(row)

    return read
