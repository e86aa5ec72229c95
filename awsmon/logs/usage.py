"""What the service reports of itself: metrics in the namespace ``AWS/Logs``.

Lives here: `Usage`. Counts are kept while a minute lasts and told as datapoints when it is over.
Source: User Guide, "Monitoring usage with CloudWatch metrics".
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from awsmon.core.clock import Call
from awsmon.core.events import ExtractedDatum, MetricsExtracted
from awsmon.core.neighbours import MetricKey
from awsmon.logs.store import instant

if TYPE_CHECKING:
    from awsmon.core.clock import Timer
    from awsmon.logs.service import Logs

__all__ = ["Usage"]

NAMESPACE = "AWS/Logs"
Dimensions: TypeAlias = "tuple[tuple[str, str], ...]"
_MINUTE = 60_000


class Usage:
    """Counts of one account and region, minute by minute."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._counts: dict[tuple[str, str, Dimensions], float] = {}
        self._timer: Timer | None = None

    def count(self, metric: str, group: str, value: float, **dimensions: str) -> None:
        """Add to a metric of a group."""
        key = metric, group, tuple(sorted(dimensions.items())) if dimensions else ()
        self._counts[key] = self._counts.get(key, 0) + value
        if self._timer is None:
            self.wait()

    def wait(self) -> None:
        """Have `Logs.minute_ended` called when this minute is over."""
        if self._timer is None:
            minute = self._logs.now // _MINUTE * _MINUTE
            self._timer = self._logs.clock.set(
                instant(minute + _MINUTE), Call("logs", "minute_ended", minute),
                scope=self._logs.scope,
            )  # fmt: skip

    def minute_ended(self, minute: int) -> None:
        """Tell the counts of a minute that is over, for each group and for all together."""
        self._timer = None
        counts, self._counts = self._counts, {}
        every: defaultdict[tuple[str, Dimensions], float] = defaultdict(float)
        for (metric, group, dimensions), value in counts.items():
            every[metric, tuple(sorted((*dimensions, ("LogGroupName", group))))] += value
            every[metric, dimensions] += value
        if every:
            self._logs.publish(
                MetricsExtracted(
                    at=self._logs.clock.now(), scope=self._logs.scope, source="usage of Logs",
                    data=tuple(
                        ExtractedDatum(
                            MetricKey(NAMESPACE, metric, dimensions),
                            "Bytes" if metric.endswith("Bytes") else "None",
                            minute // 1000, {value: 1.0},
                        )
                        for (metric, dimensions), value in every.items()
                    ),
                )
            )  # fmt: skip
