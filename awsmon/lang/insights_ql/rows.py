"""A row on its way through a query, and the type of what is done to rows.

A row is a log event with what the query has added to it, or, behind `stats` and its like, only what
the query has made. What is discovered in the message is read when first asked for, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.log_fields.discovery import read_fields, read_source_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from awsmon.lang.insights_ql.context import LogEvent
    from awsmon.lang.insights_ql.run import Run

    Read = Callable[["Row"], object]
    Step = Callable[["Row"], bool]
    Stage = Callable[[Iterable["Row"], Run], Iterable["Row"]]

__all__ = ["Row", "made"]

_NO_FIELDS: dict[str, object] = {}
_NO_SIDES: dict[str, Row] = {}


class Row:
    """One row.

    Attributes:
        event: None: made by the query.
        values: what the query has added, by name.
        found: what was discovered in the message; None: not read yet.
        sides: the rows that a join has put together, by name.
    """

    __slots__ = ("_source", "event", "found", "sides", "values")

    def __init__(self, event: LogEvent | None) -> None:
        self.event = event
        self.values: dict[str, object] = _NO_FIELDS
        self.found: dict[str, object] | None = None
        self.sides: dict[str, Row] = _NO_SIDES

    def discover(self) -> dict[str, object]:
        """What is discovered in the message; kept."""
        event = self.event
        self.found = found = _NO_FIELDS if event is None else read_fields(event.message, event.log)
        return found

    @property
    def source(self) -> dict[str, object]:
        """What is discovered in the message, numbers as text of the source; kept."""
        try:
            return self._source
        except AttributeError:
            event = self.event
            read = _NO_FIELDS if event is None else read_source_fields(event.message, event.log)
            self._source: dict[str, object] = read
            return read

    def add(self, name: str, value: object) -> None:
        """Set what the query calls *name*."""
        if self.values is _NO_FIELDS:
            self.values = {name: value}
        else:
            self.values[name] = value

    def copy(self) -> Row:
        """A row like this, to be added to by itself."""
        row = Row(self.event)
        row.values, row.found, row.sides = {**self.values}, self.found, self.sides
        return row


def made(values: dict[str, object]) -> Row:
    """A row of the query's own making."""
    row = Row(None)
    row.values, row.found = values, _NO_FIELDS
    return row
