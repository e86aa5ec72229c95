"""Tree to program: `compile_query`. What each command does is in its class, in ``commands/``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.scope import Scope

if TYPE_CHECKING:
    from awsmon.lang.insights_ql.context import QueryContext
    from awsmon.lang.insights_ql.program import Program
    from awsmon.lang.insights_ql.query import Query
    from awsmon.lang.insights_ql.tree import Subquery

__all__ = ["compile_query"]


def compile_query(query: Query, context: QueryContext) -> Program:
    """The program of a query, to be run over log events any number of times.

    Raises:
        QueryError: it names what is not there, or uses it as it can't be used.
    """

    def nested(inner: Subquery) -> Program:
        scope = Scope(context, query.text, None)
        return _compiled(inner.query, scope)

    return _compiled(query, Scope(context, query.text, nested))


def _compiled(query: Query, scope: Scope) -> Program:
    for command in query.commands:
        command.compile(scope)
        scope.last = command.words[0]
        scope.features.add(scope.last)
    return scope.program()
