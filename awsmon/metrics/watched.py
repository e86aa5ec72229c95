"""What alarms ask of queries: what they are about, and what they yield.

Lives here: `facts` and `window`. What the queries mean is `plans.py`'s, evaluating them
`evaluation.py`'s.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from awsmon.core.neighbours import Bucket, QueryFacts, WatchedSeries
from awsmon.lang.metric_math.parser import parse
from awsmon.lang.metric_math.tree import Call, Text, walk
from awsmon.lang.metric_math.types import Type
from awsmon.lang.metrics_sql.parser import is_query
from awsmon.lang.metrics_sql.parser import parse as parse_sql
from awsmon.lang.metrics_sql.tree import AccountId, Dimension
from awsmon.metrics.evaluation import Evaluation
from awsmon.metrics.plans import Plan, plan
from awsmon.metrics.reading import Range, Source
from awsmon.metrics.sql import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from awsmon.lang.metric_math.series import TimeSeries
    from awsmon.lang.metrics_sql.tree import Label
    from awsmon.lang.metrics_sql.tree import Query as Select
    from awsmon.metrics.service import Metrics

    Queries = Sequence[Mapping[str, Any]]

__all__ = ["facts", "window"]


def _planned(queries: Queries) -> Plan:
    return _plan(json.dumps(queries))


@lru_cache(maxsize=512)
def _plan(queries: str) -> Plan:
    """Alarms ask for the same again and again."""
    return plan(json.loads(queries))


def facts(metrics: Metrics, queries: Queries) -> QueryFacts:
    """What queries are about.

    Raises:
        AwsError: GetMetricData would refuse them.
    """
    planned = _planned(queries)
    select = _select(planned)
    sources = [Source.of(metrics, each) for each in queries if "MetricStat" in each]
    accounts = {each.get("AccountId", metrics.scope.account) for each in queries}
    return QueryFacts(
        returned=tuple(planned.returned),
        arrays=frozenset(name for name, type_ in planned.types.items() if type_ is Type.ARRAY),
        functions=frozenset(call.function for call in _calls(planned)),
        metrics=tuple(dict.fromkeys(source.key for source in sources)),
        periods=tuple(source.period for source in sources),
        namespace=select.source.namespace if select else None,
        labels=tuple(map(_label, select.group_by)) if select else (),
        ordered=bool(select and select.order_by),
        here=accounts == {metrics.scope.account},
        rules=tuple(_rules(planned)),
    )


def _select(planned: Plan) -> Select | None:
    """The Metrics Insights query among them."""
    texts = [query.get("Expression", "") for query in planned.queries.values()]
    return next((parse_sql(text) for text in texts if is_query(text)), None)


def _calls(planned: Plan) -> list[Call]:
    trees = [parse(planned.queries[name]["Expression"]) for name in planned.compiled]
    return [each for tree in trees for each in walk(tree) if isinstance(each, Call)]


def _rules(planned: Plan) -> Iterator[str]:
    """Of Contributor Insights, by name."""
    for call in _calls(planned):
        if call.function == "INSIGHT_RULE_METRIC" and isinstance(call.arguments[0], Text):
            yield call.arguments[0].value


def window(
    metrics: Metrics, queries: Queries, *, end: int, period: int, count: int
) -> list[WatchedSeries]:
    """The *count* periods that end at *end* of each series that the queries return, in seconds."""
    planned = _planned(queries)
    grid = range(end - count * period, end, period)
    evaluation = Evaluation(metrics, planned, Range(grid.start, grid.stop))
    select = _select(planned)
    lines = [(name, *line) for name in planned.returned for line in evaluation.lines(name)]
    partial = any(each["Code"] == "MaxMatchingResultsExceeded" for each in evaluation.messages)
    return [
        WatchedSeries(
            name, label, _attributes(series, select),
            [_bucket(at, series.points.get(at)) for at in grid], partial,
        )
        for name, label, series in lines
    ]  # fmt: skip


def _bucket(at: int, value: float | None) -> Bucket | None:
    """How many samples went into a value isn't known: it counts as one."""
    return None if value is None else Bucket(at, 1.0, value)


def _attributes(series: TimeSeries, select: Select | None) -> dict[str, str]:
    """What tells a series of Metrics Insights from the others."""
    if select is None or not isinstance(series.source, Line):
        return {}
    return dict(zip(map(_label, select.group_by), series.source.values, strict=True))


def _label(label: Label) -> str:
    if isinstance(label, Dimension):
        return label.name
    return "AWS.AccountId" if isinstance(label, AccountId) else label.key
