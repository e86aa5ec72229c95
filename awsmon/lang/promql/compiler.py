"""What a PromQL query means: from samples to a vector at an instant.

Lives here: `compile_query` and the samples it gives. It knows no store: its caller hands over the
series of a metric, which `selectors.py` reads. How two vectors meet is `vectors.py`'s. Source:
Prometheus documentation, "Querying basics", "Operators", "Query functions".
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from awsmon.lang.insights_ql.regex import compiled
from awsmon.lang.promql.aggregations import aggregation
from awsmon.lang.promql.functions import (
    OF_HISTOGRAMS,
    OVER_TIME,
    Histogram,
    Window,
    bucket_quantile,
    merged,
    predicted,
    quantile,
)
from awsmon.lang.promql.pointwise import CALENDAR, POINTWISE
from awsmon.lang.promql.selectors import LOOKBACK, Moment, anchored, latest, ranged, repeated
from awsmon.lang.promql.tree import (
    Aggregate,
    Binary,
    Call,
    Negation,
    Node,
    Number,
    Selector,
    Subquery,
    Text,
    kind,
)
from awsmon.lang.promql.vectors import (
    Labels,
    QueryError,
    Sample,
    key_of,
    nameless,
    operation,
    unique,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from awsmon.lang.promql.functions import Value

    Run = Callable[["Moment"], Any]

__all__ = ["LOOKBACK", "Labels", "Moment", "QueryError", "Sample", "compile_query"]

_BOUND = re.compile(r"[+-]?(?:Inf|inf|[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+)")


def compile_query(node: Node) -> Callable[[Moment], list[Sample]]:
    """A query that yields an instant vector, ready to run.

    What it makes raises `QueryError` where samples can't be matched one to one.
    """
    run = _compiled(node)
    return lambda moment: [each._replace(labels=dict(each.labels)) for each in run(moment)]


def _compiled(node: Node) -> Run:
    match node:
        case Number(value) | Text(value):
            return lambda _: value
        case Selector(window=None):
            return latest(node)
        case Selector():
            return ranged(node)
        case Subquery(of):
            return repeated(node, _compiled(of))
        case Negation(of):
            return _negated(of)
        case Call():
            return _call(node)
        case Aggregate(_, of, parameter):
            inner, run = aggregation(node), _compiled(of)
            given: Run = _compiled(parameter) if parameter else lambda _: None
            return lambda moment: inner(run(moment), given(moment))
        case Binary():
            meet = operation(node)
            left, right = _compiled(node.left), _compiled(node.right)
            return lambda moment: meet(left(moment), right(moment))


def _negated(of: Node) -> Run:
    run = _compiled(of)
    if kind(of) == "scalar":
        return lambda moment: -run(moment)
    return lambda moment: _each(run(moment), lambda value: -value)


def _each(samples: Sequence[Sample], of: Callable[[float], float]) -> list[Sample]:
    """Another number for each, under the labels without the name."""
    return unique(
        Sample(nameless(each.labels), of(each.value), each.at)
        for each in samples if not isinstance(each.value, Histogram)
    )  # fmt: skip


# -- functions -------------------------------------------------------------------------------------


def _call(node: Call) -> Run:
    name, runs = node.function, [_compiled(each) for each in node.arguments]
    if name in CALENDAR and not runs:
        runs = [_now]
    if name in OVER_TIME:
        return _over_time(name, runs[0])
    if name in POINTWISE:
        of = POINTWISE[name]
        return lambda moment: _each(runs[0](moment), _given(of, [run(moment) for run in runs[1:]]))
    if name in OF_HISTOGRAMS:
        return _of_histograms(name, runs)
    if name in ("absent", "absent_over_time"):
        labels = _wanted(node.arguments[0])
        return lambda moment: [] if runs[0](moment) else [Sample(labels, 1.0, moment.at)]
    return lambda moment: _OTHERS[name](moment, *(run(moment) for run in runs))


def _now(moment: Moment) -> list[Sample]:
    return [Sample({}, moment.at / 1000, moment.at)]


def _given(of: Callable[..., float], more: Sequence[float]) -> Callable[[float], float]:
    return lambda value: of(value, *more)


def _over_time(name: str, run: Run) -> Run:
    of = OVER_TIME[name]

    def over(moment: Moment) -> list[Sample]:
        found = []
        for labels, window in run(moment):
            value = _of_window(name, of, window)
            if value is not None:
                kept = labels if name == "last_over_time" else nameless(labels)
                found.append(Sample(kept, value, moment.at))
        return unique(found)

    return over


def _of_window(name: str, of: Callable[[Window], float | None], window: Window) -> Value | None:
    histograms = [each for each in window.values if isinstance(each, Histogram)]
    if not histograms or name in ("count_over_time", "present_over_time", "last_over_time"):
        return of(window)
    if len(histograms) < len(window.values) or name not in ("avg_over_time", "sum_over_time"):
        return None
    found = merged(histograms)
    return found if name == "sum_over_time" else found.scaled(1 / len(histograms))


def _of_histograms(name: str, runs: Sequence[Run]) -> Run:
    of = OF_HISTOGRAMS[name]

    def run(moment: Moment) -> list[Sample]:
        *more, samples = [each(moment) for each in runs]
        found = [
            Sample(nameless(each.labels), of(each.value, *more), each.at)
            for each in samples if isinstance(each.value, Histogram)
        ]  # fmt: skip
        if name == "histogram_quantile":
            found += _of_buckets(more[0], samples)
        return unique(found)

    return run


def _of_buckets(share: float, samples: Sequence[Sample]) -> list[Sample]:
    """Of counters by upper bound, the label ``le``."""
    groups: dict[Any, list[tuple[float, float]]] = {}
    for each in samples:
        bound = each.labels.get("le", "")
        if isinstance(each.value, Histogram) or not _BOUND.fullmatch(bound):
            continue
        labels = {key: text for key, text in nameless(each.labels).items() if key != "le"}
        groups.setdefault(key_of(labels), []).append((float(bound), each.value))
    return [Sample(dict(key), bucket_quantile(share, buckets), samples[0].at)
            for key, buckets in groups.items()]  # fmt: skip


def _wanted(of: Node) -> Labels:
    """The labels that a selector asks for by their value."""
    matchers = of.matchers if isinstance(of, Selector) else ()
    names = [each.label for each in matchers]
    return {each.label: each.value for each in matchers
            if each.operator == "=" and names.count(each.label) == 1}  # fmt: skip


def _scalar(_: Moment, samples: Sequence[Sample]) -> float:
    """Of the only sample."""
    numbers = [each.value for each in samples if not isinstance(each.value, Histogram)]
    return numbers[0] if len(numbers) == 1 else math.nan


def _quantile(
    moment: Moment, share: float, ranges: Sequence[tuple[Labels, Window]]
) -> list[Sample]:
    return unique(
        Sample(nameless(labels), quantile(share, window.values), moment.at)
        for labels, window in ranges
        if not any(isinstance(each, Histogram) for each in window.values)
    )


def _predict(
    moment: Moment, ranges: Sequence[tuple[Labels, Window]], seconds: float
) -> list[Sample]:
    found = (
        (labels, predicted(window, moment.at, seconds)) for labels, window in ranges
        if not any(isinstance(each, Histogram) for each in window.values)
    )  # fmt: skip
    return unique(
        Sample(nameless(labels), value, moment.at) for labels, value in found if value is not None
    )


def _label_join(
    _: Moment, samples: Sequence[Sample], to: str, separator: str, *sources: str
) -> list[Sample]:
    found = []
    for each in samples:
        value = separator.join(each.labels.get(source, "") for source in sources)
        labels = {name: text for name, text in each.labels.items() if name != to}
        found.append(each._replace(labels={**labels, to: value} if value else labels))
    return unique(found)


def _label_replace(
    _: Moment, samples: Sequence[Sample], to: str, replacement: str, source: str, expression: str
) -> list[Sample]:
    if isinstance(compiled(expression), str):
        raise QueryError(f"invalid regular expression in label_replace(): {expression}")
    regex = anchored(expression)
    found = []
    for each in samples:
        groups = regex.groups(each.labels.get(source, ""))
        if groups is not None:
            value = _filled(replacement, groups)
            labels = {**each.labels, to: value}
            each = each._replace(labels={name: text for name, text in labels.items() if text})
        found.append(each)
    return unique(found)


def _filled(replacement: str, groups: Sequence[str | None]) -> str:
    """``$1`` and ``${1}`` are what the expression's groups hold."""

    def group(match: re.Match[str]) -> str:
        place = int(match[1] or match[2]) - 1
        return (groups[place] or "") if 0 <= place < len(groups) else ""

    return re.sub(r"\$(?:([0-9]{1,9})|\{([0-9]{1,9})\})", group, replacement)


_OTHERS: dict[str, Callable[..., Any]] = {
    "label_join": _label_join,
    "label_replace": _label_replace,
    "pi": lambda _: math.pi,
    "predict_linear": _predict,
    "quantile_over_time": _quantile,
    "scalar": _scalar,
    "sort": lambda _, samples: sorted(samples, key=lambda each: each.value),
    "sort_desc": lambda _, samples: sorted(samples, key=lambda each: each.value, reverse=True),
    "time": lambda moment: moment.at / 1000,
    "timestamp": lambda _, samples: [
        Sample(nameless(each.labels), each.at / 1000, each.at) for each in samples
    ],
    "vector": lambda moment, value: [Sample({}, value, moment.at)],
}
