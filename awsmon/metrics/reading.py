"""From a metric and a statistic to a series over a range.

Lives here: the range and its periods, which periods there are, and `read`, for one MetricStat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.core.neighbours import MetricKey
from awsmon.lang.metric_math.series import TimeSeries
from awsmon.metrics.errors import InvalidParameterValue
from awsmon.metrics.linked import readable
from awsmon.metrics.statistics import statistic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.metrics.service import Metrics

__all__ = ["SHORT_PERIODS", "Found", "Range", "Source", "check_period", "check_statistic",
           "read", "read_one", "rounded"]  # fmt: skip

SHORT_PERIODS = (1, 5, 10, 20, 30)


def rounded(start: int, period: int) -> int:
    """The start of the first period: down to the minute, or to the period within it.

    Source: API reference, GetMetricData, StartTime.
    """
    return start - start % (min(60, period))


def check_period(period: float) -> None:
    """Refuse what is no period, in seconds."""
    if period not in SHORT_PERIODS and (period < 60 or period % 60):
        raise InvalidParameterValue.period(period)


def check_statistic(name: str) -> None:
    """Refuse what is no statistic."""
    if statistic(name) is None:
        raise InvalidParameterValue.statistic(name)


class Range(NamedTuple):
    """From when to when, in seconds since the epoch; the end is exclusive."""

    start: int
    end: int

    def grid(self, period: int) -> range:
        """The starts of its periods."""
        return range(rounded(self.start, period), self.end, period)


class Source(NamedTuple):
    """What a series was read from."""

    key: MetricKey
    statistic: str
    period: int
    account: str
    region: str

    @classmethod
    def of(cls, metrics: Metrics, query: Mapping[str, Any]) -> Source:
        """What a query with a MetricStat asks for."""
        stat = query["MetricStat"]
        metric = stat["Metric"]
        dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}
        return cls(
            MetricKey.of(metric["Namespace"], metric["MetricName"], dimensions),
            stat["Stat"], stat["Period"],
            query.get("AccountId", metrics.scope.account), metrics.scope.region,
        )  # fmt: skip


class Found(NamedTuple):
    """What a query yields: one series, or an array."""

    series: TimeSeries | tuple[TimeSeries, ...]
    status: str = "Complete"
    messages: Sequence[dict[str, str]] = ()


def read(
    metrics: Metrics, source: Source, within: Range, label: str, unit: str | None = None
) -> Found:
    """The series of one metric, of this account or one that is linked to it.

    Without *unit* in the alphabetically first that has a point in the range.
    """
    grid = within.grid(source.period)
    empty = TimeSeries(grid, {}, label, source)
    place = next((each for each in readable(metrics) if each.account == source.account), None)
    if place is None:
        return Found(empty, "Forbidden", [_forbidden(source.account)])
    if not place.passes(source.key.namespace):
        return Found(empty)
    points = place.metrics.stored.points(
        source.key, grid, metrics.statistic(source.statistic), unit
    )
    units = (
        place.metrics.stored.units_between(source.key, grid.start, grid.stop)
        if unit is None
        else []
    )
    messages = [_several(units)] if len(units) > 1 else []
    return Found(TimeSeries(grid, points, label, source), messages=messages)


def read_one(metrics: Metrics, source: Source, within: Range, label: str) -> TimeSeries:
    """The same of a metric that may be read."""
    series = read(metrics, source, within, label).series
    assert isinstance(series, TimeSeries)
    return series


def _forbidden(account: str) -> dict[str, str]:
    """Of an account that isn't linked to this one. The wording is unverified."""
    return {"Code": "Forbidden", "Value": f"Metrics of account {account} are not shared."}


def _several(units: Sequence[str]) -> dict[str, str]:
    return {
        "Code": "MultipleUnits",
        "Value": f"Multiple units returned: '[{', '.join(units)}]'",
    }
