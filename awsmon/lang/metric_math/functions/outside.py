"""The functions that look at more than their arguments: the surroundings answer them.

Lives here: `OUTSIDE`. Source: User Guide, "Functions supported for metric math", and its pages on
search expressions, anomaly detection, Contributor Insights, usage metrics, Database Insights and
data sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.metric_math.functions.registry import Surroundings, function
from awsmon.lang.metric_math.types import Type

if TYPE_CHECKING:
    from awsmon.lang.metric_math.series import Value

__all__ = ["OUTSIDE"]

_ANY = Type.TEXT | Type.SCALAR | Type.SERIES
_DECLARED = [
    ("SEARCH", (Type.TEXT, Type.TEXT, Type.SCALAR), 1, Type.ARRAY),
    ("ANOMALY_DETECTION_BAND", (Type.SERIES, Type.SCALAR), 1, Type.ARRAY),
    ("INSIGHT_RULE_METRIC", (Type.TEXT, Type.TEXT), 0, Type.COMPUTED),
    ("SERVICE_QUOTA", (Type.SERIES,), 0, Type.COMPUTED),
    ("DB_PERF_INSIGHTS", (Type.TEXT, Type.TEXT, Type.TEXT), 0, Type.COMPUTED),
    ("DB_PERF_INSIGHTS", (Type.TEXT, Type.TEXT, Type.TEXTS), 0, Type.ARRAY),
    ("LAMBDA", (Type.TEXT, *[_ANY] * 20), 20, Type.ARRAY),
]
OUTSIDE = frozenset(name for name, *_ in _DECLARED)
"""Their names."""


def _declare(name: str, parameters: tuple[Type, ...], optional: int, gives: Type) -> None:
    @function(name, *parameters, optional=optional, gives=gives)
    def _(surroundings: Surroundings, *arguments: Value) -> Value:
        return surroundings.outside(name, arguments)


for _form in _DECLARED:
    _declare(*_form)
