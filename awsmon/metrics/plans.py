"""A set of queries, checked before anything is read.

Lives here: `Plan` and `plan`: Ids, forms and periods, expressions compiled in the order in which
they need one another. Evaluating is `evaluation.py`'s. Wordings: as users and moto's tests report
them (repeated Ids, a missing MetricStat, ``Invalid syntax``, a function that isn't found); the
others are unverified.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.lang.metric_math.compiler import compile_expression
from awsmon.lang.metric_math.parser import parse
from awsmon.lang.metric_math.tree import names_in
from awsmon.lang.metric_math.types import Type
from awsmon.lang.metrics_sql.parser import is_query
from awsmon.lang.metrics_sql.parser import parse as parse_sql
from awsmon.lang.text import LanguageError
from awsmon.metrics import labels, outside
from awsmon.metrics.errors import ValidationError
from awsmon.metrics.reading import check_period, check_statistic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.lang.metric_math.compiler import Compiled

__all__ = ["Plan", "plan"]

MOST_QUERIES = 500
MOST_SEARCHES = 100

_ID = re.compile("[a-z][a-zA-Z0-9_]*")


class Plan(NamedTuple):
    """Queries that can be evaluated.

    Attributes:
        queries: by Id, in their order.
        compiled: the metric math among them; the others are MetricStats and Metrics Insights.
        types: of each.
    """

    queries: Mapping[str, Mapping[str, Any]]
    compiled: Mapping[str, Compiled]
    types: Mapping[str, Type]

    @property
    def returned(self) -> list[str]:
        """The Ids of those whose data is asked for."""
        return [name for name, query in self.queries.items() if query.get("ReturnData", True)]


def plan(queries: Sequence[Mapping[str, Any]]) -> Plan:
    """Check queries as they stand in a request.

    Raises:
        ValidationError: they repeat an Id, an expression is wrong or yields no series, or else.
        InvalidParameterValue: a period or statistic is none.
    """
    by_id = _by_id(queries)
    compiled: dict[str, Compiled] = {}
    types = {name: Type.METRIC for name, query in by_id.items() if "MetricStat" in query}
    for name, query in by_id.items():
        if "Expression" in query and is_query(query["Expression"]):
            types[name] = _sql_type(name, query)
    if sum(is_query(query.get("Expression", "")) for query in queries) > 1:
        raise ValidationError("Only one Metrics Insights query is allowed in MetricDataQueries.")
    for name in _in_order(by_id):
        compiled[name] = _compiled(name, by_id[name], types)
        types[name] = Type.ARRAY if compiled[name].type is Type.ARRAY else Type.COMPUTED
    calls = [call.function for each in compiled.values() for call in each.outside]
    if calls.count("SEARCH") > MOST_SEARCHES:
        raise ValidationError(f"At most {MOST_SEARCHES} SEARCH expressions are allowed.")
    return Plan(by_id, compiled, types)


# -- one by one ------------------------------------------------------------------------------------


def _by_id(queries: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    if len(queries) > MOST_QUERIES:
        raise ValidationError(
            f"The collection MetricDataQueries must not have a size greater than {MOST_QUERIES}."
        )
    found: dict[str, Mapping[str, Any]] = {}
    for number, query in enumerate(queries, 1):
        if query["Id"] in found:
            raise ValidationError(
                "The values for parameter id in MetricDataQueries are not unique."
            )
        _check(f"MetricDataQueries.member.{number}", query)
        found[query["Id"]] = query
    return found


def _check(member: str, query: Mapping[str, Any]) -> None:
    if not _ID.fullmatch(query["Id"]):
        raise ValidationError(
            f"The value for parameter {member}.Id is not matching the expected pattern "
            "^[a-z][a-zA-Z0-9_]*$."
        )
    if "Expression" in query and "MetricStat" in query:
        raise ValidationError(
            f"The parameters {member}.Expression and {member}.MetricStat are mutually exclusive "
            "and you have specified both."
        )
    if "Expression" not in query and "MetricStat" not in query:
        raise ValidationError(f"The parameter {member}.MetricStat is required.\n")
    if "MetricStat" in query:
        check_period(query["MetricStat"]["Period"])
        check_statistic(query["MetricStat"]["Stat"])
    if "Period" in query:
        check_period(query["Period"])
    labels.check(query.get("Label", ""))


def _sql_type(name: str, query: Mapping[str, Any]) -> Type:
    if "Period" not in query:
        raise ValidationError(f"Period must be given in MetricDataQuery with id {name}.")
    try:
        return Type.ARRAY if parse_sql(query["Expression"]).group_by else Type.COMPUTED
    except LanguageError as error:
        raise ValidationError(f"Error in expression '{name}': {error.message}") from error


# -- metric math -----------------------------------------------------------------------------------


def _in_order(queries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The expressions, each behind those that it refers to."""
    needs = {
        name: sorted(_names(name, query["Expression"]) & queries.keys())
        for name, query in queries.items()
        if "Expression" in query and not is_query(query["Expression"])
    }
    found: dict[str, None] = {}
    for name in needs:
        _visit(name, needs, found)
    return list(found)


def _visit(name: str, needs: Mapping[str, Sequence[str]], found: dict[str, None]) -> None:
    """In a loop: a chain of expressions may be as long as there may be queries."""
    path = {name: iter(needs[name])}
    while path:
        current = next(reversed(path))
        for other in path[current]:
            if other in path:
                raise ValidationError(
                    f"Error in expression '{current}': Circular dependency on '{other}'"
                )
            if other in needs and other not in found:
                path[other] = iter(needs[other])
                break
        else:
            del path[current]
            found[current] = None


def _compiled(name: str, query: Mapping[str, Any], types: Mapping[str, Type]) -> Compiled:
    try:
        compiled = compile_expression(query["Expression"], types)
        for call in compiled.outside:
            outside.check(call, query)
    except LanguageError as error:
        raise _mistake(name, error) from error
    if compiled.type not in Type.SERIES | Type.ARRAY:
        raise ValidationError(
            f"Error in expression '{name}': The result must be a time series or an array of time "
            "series"
        )
    return compiled


def _names(name: str, text: str) -> frozenset[str]:
    try:
        return names_in(parse(text))
    except LanguageError as error:
        raise _mistake(name, error) from error


def _mistake(name: str, error: LanguageError) -> ValidationError:
    return ValidationError(f"Error in expression '{name}': {error.aws or 'Invalid syntax'}")
