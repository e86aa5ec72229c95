"""When an alarm that Application Insights makes goes off.

Lives here: `Threshold`, `obvious`, `learnt`, `reasoned`; and `request_of`, the alarm itself.
Metrics with an obvious threshold have theirs in a table; for the others it is learnt from a
fortnight of datapoints: three standard deviations, and a tenth at least, from the mean of the
hours. How AWS predicts thresholds isn't public, so figures and rule are ours; which metrics need
datapoints, and how many, is AWS's.
Source: User Guide, "Metrics with data points requirements".
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.core.neighbours import Bucket, MetricKey, MetricReader

__all__ = ["Threshold", "learnt", "obvious", "reasoned", "request_of"]

PERIOD = 300
ENOUGH = 100
"""Datapoints from 15 to 2 days ago, and as many from the last day."""
_DAY = 86_400
_HOUR = 3_600


class Threshold(NamedTuple):
    """What an alarm compares with.

    Attributes:
        comparison: PutMetricAlarm's.
        statistic: of periods of five minutes.
        periods: how many must breach, one after the other.
    """

    comparison: str
    value: float
    statistic: str = "Average"
    periods: int = 1


_ABOVE, _AT, _BELOW = (
    "GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold")  # fmt: skip
_ANY = Threshold(_ABOVE, 0, "Sum")
_FULL = Threshold(_AT, 90)

_OBVIOUS: dict[str, Threshold] = {
    # metric, or namespace and metric where they differ between services
    **dict.fromkeys(
        ("StatusCheckFailed", "StatusCheckFailed_Instance", "StatusCheckFailed_System"),
        Threshold(_ABOVE, 0, "Maximum"),
    ),
    **dict.fromkeys(
        ("AWS/RDS CPUUtilization", "AWS/ECS CPUUtilization", "AWS/ECS MemoryUtilization",
         "mem_used_percent", "disk_used_percent", "swap_used_percent", "cpu_usage_active",
         "node_cpu_utilization", "node_memory_utilization", "node_filesystem_utilization",
         "pod_cpu_utilization", "pod_memory_utilization", "hanadb_cpu_usage_percent",
         "hanadb_table_allocation_limit_used_percent", "asedb_db_space_usage_percent",
         "asedb_db_log_space_usage_percent"),
        _FULL,
    ),
    "AWS/RDS BurstBalance": Threshold(_BELOW, 10),
    **dict.fromkeys(("AWS/RDS ReadLatency", "AWS/RDS WriteLatency"), Threshold(_ABOVE, 0.1)),
    **dict.fromkeys(
        ("AWS/ApplicationELB HTTPCode_ELB_5XX_Count", "RejectedConnectionCount",
         "TargetConnectionErrorCount", "BackendConnectionErrors", "SpilloverCount", "SystemErrors",
         "UserErrors", "ThrottledRequests", "ExecutionThrottled", "ExecutionsAborted",
         "ExecutionsFailed", "ExecutionsTimedOut", "ActivitiesFailed", "LambdaFunctionsFailed",
         "ServiceIntegrationsFailed", "5XXError", "cluster_failed_node_count",
         "hanadb_level_5_alerts_count", "hanadb_level_4_alerts_count",
         "hanadb_out_of_memory_events_count"),
        _ANY,
    ),
}  # fmt: skip

_LOW = (
    # words in names of metrics of which little is bad
    "Free", "BurstBalance", "CreditBalance", "Balance%", "HealthyHostCount", "Available Mbytes",
    "Idle", "life Expectancy", "cache hit", "Cache % Hit", "GroupInService", "RunningTaskCount",
    "freephysical", "freeswap", "availability",
)  # fmt: skip
_COUNTS = (
    # and of those that are counted
    "Count", "Errors", "Error", "XX", "Throttles", "ThrottleEvents", "NumberOf", "Spillover",
    "Requests", "Conflict", "Deadlocks",
)  # fmt: skip


def obvious(key: MetricKey) -> Threshold | None:
    """The threshold of a metric that needs no datapoints for it."""
    return _OBVIOUS.get(f"{key.namespace} {key.name}") or _OBVIOUS.get(key.name)


def reasoned(key: MetricKey, value: float) -> Threshold:
    """What to compare with where only the figure is known."""
    found = obvious(key)
    if found is not None:
        return found._replace(value=value)
    return Threshold(_BELOW if _is_low(key.name) else _ABOVE, value, _statistic(key.name), 3)


def learnt(key: MetricKey, metrics: MetricReader, now: int) -> Threshold | None:
    """The threshold of a metric by what it was up to now; None: too few datapoints."""
    hour = now // _HOUR * _HOUR
    if metrics.first_point(key, since=hour - 15 * _DAY, unit=None) is None:
        return None
    before = _hours(key, metrics, hour - 2 * _DAY, 13 * 24)
    lately = _hours(key, metrics, hour, 24)
    if min(_samples(before), _samples(lately)) < ENOUGH:
        return None
    values = [each.value for each in before]
    mean, spread = statistics.fmean(values), statistics.pstdev(values)
    distance = max(3 * spread, abs(mean) / 10)
    low = _is_low(key.name)
    return reasoned(key, mean - distance if low else mean + distance)


def _hours(key: MetricKey, metrics: MetricReader, end: int, count: int) -> list[Bucket]:
    """Hours in which there is something, as five minutes of them are on average."""
    statistic = _statistic(key.name)
    found = metrics.window(key, end=end, period=_HOUR, count=count, statistic=statistic, unit=None)
    share = PERIOD / _HOUR if statistic == "Sum" else 1
    return [each._replace(value=each.value * share) for each in found if each is not None]


def _samples(buckets: Sequence[Bucket]) -> float:
    return sum(each.samples for each in buckets)


def _is_low(name: str) -> bool:
    return any(word in name for word in _LOW) and "UnHealthy" not in name


def _statistic(name: str) -> str:
    return "Sum" if any(word in name for word in _COUNTS) and not _is_low(name) else "Average"


def request_of(name: str, group: str, key: MetricKey, threshold: Threshold) -> dict[str, Any]:
    """PutMetricAlarm's members for an alarm of an application."""
    return {
        "AlarmName": name,
        "AlarmDescription": f"Made by Application Insights for {group}.",
        "Namespace": key.namespace,
        "MetricName": key.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in key.dimensions],
        "Statistic": threshold.statistic,
        "Period": PERIOD,
        "EvaluationPeriods": threshold.periods,
        "Threshold": float(threshold.value),
        "ComparisonOperator": threshold.comparison,
        "TreatMissingData": "notBreaching",
    }
