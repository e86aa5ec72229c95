"""The functions of metric math that look at more than their arguments.

Lives here: `check`, before anything is read, and `ANSWERS`, from a function's name to what answers
it: a function of the evaluation, the Id of the expression, and the arguments. SEARCH is here; one
more is an entry in the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.lang.metric_math.tree import Number, Text
from awsmon.lang.metric_search.parser import parse
from awsmon.lang.text import LanguageError
from awsmon.metrics import labels
from awsmon.metrics.reading import Source, check_period, check_statistic, read_one
from awsmon.metrics.search import found

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.lang.metric_math.series import Array, Value
    from awsmon.lang.metric_math.tree import Call
    from awsmon.metrics.evaluation import Evaluation

__all__ = ["ANSWERS", "check"]

MOST_FOUND = 500
_TOO_MANY = {
    "Code": "MaxMetricsExceeded",
    "Value": "Maximum number of allowed metrics exceeded",
}


def check(call: Call, query: Mapping[str, Any]) -> None:
    """Refuse a call that can't be answered.

    Raises:
        LanguageError: a search is none, or has no period.
        NotImplementedByAwsmon: there is no answer to that function yet.
    """
    if call.function not in ANSWERS:
        raise NotImplementedByAwsmon(f"GetMetricData: {call.function}")
    if call.function == "SEARCH":
        _check_search(call, query)


def _check_search(call: Call, query: Mapping[str, Any]) -> None:
    """The wording of a missing period is unverified."""
    text, name, *period = call.arguments
    assert isinstance(text, Text)
    assert isinstance(name, Text)
    parse(text.value)
    check_statistic(name.value)
    if not period and "Period" not in query:
        message = "Period is a required field when using SEARCH function within an expression"
        raise LanguageError(message, query["Expression"], call.at, message)
    if period and isinstance(period[0], Number):
        check_period(period[0].value)


def _search(
    evaluation: Evaluation, name: str, text: str, statistic: str, given: float | None = None
) -> Array:
    """The series of the metrics that are found, at most 500."""
    metrics = evaluation.metrics
    period = evaluation.period(name) if given is None else given
    check_period(period)
    sources: list[Source] = []
    account = evaluation.plan.queries[name].get("AccountId")
    for place, key in found(metrics, parse(text), account):
        if len(sources) == MOST_FOUND:
            evaluation.messages.append(_TOO_MANY)
            break
        region = metrics.scope.region
        sources.append(Source(key, statistic, int(period), place.account, region))
    return tuple(
        read_one(metrics, source, evaluation.within, label)
        for source, label in zip(sources, labels.defaults(sources), strict=True)
    )


ANSWERS: dict[str, Callable[..., Value]] = {"SEARCH": _search}
