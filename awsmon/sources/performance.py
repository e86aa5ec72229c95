"""Performance log events of Container Insights: facts about one thing, and its metrics.

Lives here: `performance_event` and `Metrics`. An event is in version 0 of the embedded metric
format, so CloudWatch Logs makes metrics of it. Source: User Guide, "Container Insights performance
log reference".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Metrics", "percent", "performance_event"]


class Metrics(NamedTuple):
    """Metrics and where they count.

    Attributes:
        units: of each metric, by name.
        sets: names of dimensions; a set counts where the event has all of them.
    """

    units: Mapping[str, str]
    sets: Sequence[Sequence[str]]


def performance_event(
    kind: str, namespace: str, fields: Mapping[str, Any], *metrics: Metrics
) -> dict[str, Any]:
    """An event of that ``Type``; fields that are None, and their metrics, are left out."""
    known = {name: value for name, value in fields.items() if value is not None}
    directives = [
        {
            "Namespace": namespace,
            "Dimensions": [list(each) for each in group.sets if known.keys() >= set(each)],
            "Metrics": [
                {"Name": name, "Unit": unit} for name, unit in group.units.items() if name in known
            ],
        }
        for group in metrics
    ]
    found = {"Version": "0", "Type": kind, **known}
    return found | {"CloudWatchMetrics": directives} if directives else found


def percent(part: float | None, whole: float | None) -> float | None:
    """A share; None where there is no whole."""
    return None if part is None or not whole else part / whole * 100
