"""From the tree of a query to a program.

Lives here: `compile_query`, and `compile_rows` for queries within queries. Events that no command
has given an order come newest first; ten thousand rows are shown where nobody says otherwise.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.commands.ordering import newest_first
from awsmon.lang.insights_ql.errors import QueryError
from awsmon.lang.insights_ql.program import Program
from awsmon.lang.insights_ql.run import Run
from awsmon.lang.insights_ql.scope import Column, Scope
from awsmon.lang.insights_ql.tree import Field
from awsmon.lang.insights_ql.values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsmon.lang.insights_ql.context import LogEvent, QueryContext
    from awsmon.lang.insights_ql.query import Query
    from awsmon.lang.insights_ql.rows import Row

__all__ = ["Inner", "compile_query", "compile_rows"]

DEFAULT_LIMIT = 10_000  # rows


def compile_query(query: Query, context: QueryContext) -> Program:
    """A program that answers a query.

    Raises:
        QueryError: it names or orders what can't be so.
    """
    scope = _compiled(query, context, query.text)
    newest_first(scope)
    if scope.limit is None:
        limit = DEFAULT_LIMIT if context.limit is None else context.limit
        scope.barrier()
        scope.whole(lambda rows, _run: islice(rows, limit))
    scope.flush()
    return Program(scope, _columns(scope))


class Inner:
    """A query within another, as rows.

    Attributes:
        scope: what is known behind it.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def rows(self, events: Iterable[LogEvent]) -> Iterable[Row]:
        """What it makes of events."""
        run = Run()
        rows: Iterable[Row] = run.scan(events, self.scope.term, self.scope.test)
        for stage in self.scope.stages:
            rows = stage(rows, run)
        return rows


def compile_rows(query: Query, context: QueryContext, text: str) -> Inner:
    """A query within another; *text* is that of the whole.

    Raises:
        QueryError: as `compile_query`.
    """
    scope = _compiled(query, context, text)
    scope.flush()
    return Inner(scope)


def _compiled(query: Query, context: QueryContext, text: str) -> Scope:
    scope = Scope(context, text)
    for command in query.commands:
        word = command.words[0]
        if scope.last == "dedup" and word != "limit":
            raise QueryError(
                f"Behind dedup only limit can stand, not {word}", text, 0,
                f"unexpected symbol found {word}",
            )  # fmt: skip
        command.compile(scope)
        scope.last = word
    return scope


def _columns(scope: Scope) -> list[Column]:
    """What the rows show; of events also where they are."""
    columns = list(scope.columns if scope.displayed is None else scope.displayed)
    if scope.aggregated:
        return columns
    if not columns:
        shown = ("@timestamp", "@message")
        columns = [scope.column(name, scope.field(Field(name)), None) for name in shown]
    if any(column.name == "@ptr" for column in columns):
        return columns
    pointer = scope.field(Field("@ptr"))
    return [*columns, Column("@ptr", lambda row: text_of(pointer(row)))]
