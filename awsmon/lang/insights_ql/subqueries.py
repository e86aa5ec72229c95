"""Queries within queries: run before each run of the one around them.

They read the log groups that their SOURCE names, in the time range of the query around them.
Source: User Guide, "subqueries".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.errors import Unsupported
from awsmon.lang.insights_ql.run import Run
from awsmon.lang.insights_ql.values import text_of

if TYPE_CHECKING:
    from awsmon.lang.insights_ql.program import Program
    from awsmon.lang.insights_ql.rows import Read, Row, Step
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tree import Subquery

__all__ = ["Answer", "among"]


class Answer:
    """The rows of a query within another.

    Attributes:
        program: of the inner query.
        rows: of the run under way.
    """

    def __init__(self, query: Subquery, scope: Scope) -> None:
        self.program: Program = scope.nested(query)
        self.rows: list[Row] = []
        source = query.query.source
        if source is None:
            raise scope.fail("A query within another begins with SOURCE", query.at)
        if source.start or source.end:
            raise Unsupported("SOURCE START and END", scope.text, query.at.start, query.at.end)
        self._source, self._context = source, scope.context
        scope.beforehand(self._run)

    def _run(self) -> None:
        self.rows = self.program.rows(self._context.source(self._source), Run())


def among(read: Read, query: Subquery, wanted: bool, scope: Scope) -> Step:
    """Whether a value is one of another query's only column.

    Raises:
        QueryError: it has another number of columns.
    """
    answer = Answer(query, scope)
    columns = [column for column in answer.program.columns if column.name != "@ptr"]
    if len(columns) != 1:
        raise scope.fail("A query behind in must answer one field", query.at)
    value = columns[0].value
    members: set[str | None] = set()

    def prepare() -> None:
        members.clear()
        members.update(text_of(value(row)) for row in answer.rows)

    def test(row: Row) -> bool:
        text = text_of(read(row))
        return text is not None and (text in members) is wanted

    scope.beforehand(prepare)
    return test
