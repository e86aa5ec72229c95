"""A query ready to be run, and what comes of it.

Lives here: `Program` and `Result`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsmon.lang.insights_ql.context import LogEvent
    from awsmon.lang.insights_ql.rows import Row
    from awsmon.lang.insights_ql.scope import Column, Scope

__all__ = ["Program", "Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """What a query answers.

    Attributes:
        rows: fields and values, as text; what is missing is left out.
        matched: events that passed the filters.
        scanned: events that were read.
        bytes_scanned: of their messages.
    """

    rows: list[list[tuple[str, str]]]
    matched: int
    scanned: int
    bytes_scanned: int

    def dicts(self) -> list[dict[str, str]]:
        """The rows by field."""
        return [dict(row) for row in self.rows]


class Program:
    """A compiled query; it may be run again."""

    def __init__(self, scope: Scope, columns: list[Column]) -> None:
        self._term, self._test = scope.term, scope.test
        self._stages = tuple(scope.stages)
        self._counted = len(self._stages) if scope.counted is None else scope.counted
        self._columns = columns

    def run(self, events: Iterable[LogEvent]) -> Result:
        """Read events, in any order, once."""
        run = Run()
        rows: Iterable[Row] = run.scan(events, self._term, self._test)
        for place, stage in enumerate(self._stages):
            if place == self._counted:
                rows = run.count(rows)
            rows = stage(rows, run)
        if self._counted >= len(self._stages):
            rows = run.count(rows)
        shown = [self._shown(row) for row in rows]
        return Result(shown, run.matched, run.scanned, run.bytes_scanned)

    def _shown(self, row: Row) -> list[tuple[str, str]]:
        values = ((column.name, column.read(row)) for column in self._columns)
        return [(name, value) for name, value in values if value is not None]
