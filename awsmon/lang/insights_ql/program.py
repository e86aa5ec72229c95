"""A query ready to be run: what is done to log events, which columns are shown, what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from awsmon.lang.insights_ql.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from awsmon.lang.insights_ql.context import LogEvent
    from awsmon.lang.insights_ql.rows import Row, Stage

__all__ = ["Column", "Program", "Result"]


class Column(NamedTuple):
    """A column of the result: its name, the value that a row has there, and its text."""

    name: str
    value: Callable[[Row], object]
    text: Callable[[Row], str | None]


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of a query, and what it read for them.

    Attributes:
        rows: AWS's form: fields and values in order of the columns; what is null is left out.
        matched: log events that passed the query's filters.
        scanned: log events read.
        bytes_scanned: bytes of their messages.
    """

    rows: list[list[tuple[str, str]]]
    matched: int = 0
    scanned: int = 0
    bytes_scanned: int = 0

    def dicts(self) -> list[dict[str, str]]:
        """The rows, each by field."""
        return [dict(row) for row in self.rows]


class Program:
    """A compiled query; it can be run any number of times.

    Attributes:
        columns: what is shown, in order.
        prepare: what is done before each run, such as running subqueries.
        term: a text that messages must hold; None: any do.
        test: what messages must pass; None: any do.
        stages: what is done to the rows, one after the other.
        counted: the number of the stage before which rows count as matched.
        limit: rows at most; None: all.
        features: what it is made of, by name: commands, and ``unmask``.
        indexed: fields on which log groups must have an index to be read.
    """

    def __init__(
        self,
        *,
        columns: list[Column],
        prepare: list[Callable[[], None]],
        term: str | None,
        test: Callable[[str], bool] | None,
        stages: list[Stage],
        counted: int,
        limit: int | None,
        features: frozenset[str],
        indexed: frozenset[str],
    ) -> None:
        self.columns, self.prepare, self.stages = columns, prepare, stages
        self.term, self.test, self.counted, self.limit = term, test, counted, limit
        self.features, self.indexed = features, indexed

    def run(self, events: Iterable[LogEvent]) -> Result:
        """The answer to these events, in whatever order they come."""
        run = Run()
        found = self.rows(events, run)
        columns = [(column.name, column.text) for column in self.columns]
        shown = [
            [(name, value) for name, text in columns if (value := text(row)) is not None]
            for row in found
        ]
        return Result(shown, run.matched, run.scanned, run.bytes_scanned)

    def rows(self, events: Iterable[LogEvent], run: Run) -> list[Row]:
        """The rows of the answer."""
        for prepare in self.prepare:
            prepare()
        rows: Iterable[Row] = run.scan(events, self.term, self.test)
        for number, stage in enumerate(self.stages):
            if number == self.counted:
                rows = run.count(rows)
            rows = stage(rows, run)
        if self.counted >= len(self.stages):
            rows = run.count(rows)
        return list(islice(rows, self.limit))
