"""Metric alarms from requests and from plain Python types.

Lives here: `AlarmOptions` and `made`, which `Alarms.create` and `Alarms.simulate` share, and
`asked_for`, which PutMetricAlarm shares with them; `promql_asked_for`, its alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from awsmon.alarms.actions import check_actions
from awsmon.alarms.checks import check_metric_alarm, check_treatment
from awsmon.alarms.model import COMPARISONS, AlarmState, MetricAlarm, PromQLAlarm
from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.alarms.service import Alarms

__all__ = ["AlarmOptions", "asked_for", "made", "promql_asked_for"]


class AlarmOptions(TypedDict, total=False):
    """What a metric alarm may be given beyond its metric and threshold.

    Attributes:
        statistic: as ``Sum``, which is the default, or ``p99``.
        period: seconds; 60.
        periods: how many the alarm looks at, N; 1.
        datapoints: how many of these must breach, M; all.
        missing: ``missing``, ``breaching``, ``notBreaching`` or ``ignore``.
        actions: ARNs, for ALARM.
        tags: count when it is created.
    """

    statistic: str
    dimensions: Mapping[str, str]
    unit: str
    period: int
    periods: int
    datapoints: int
    missing: str
    description: str
    actions: list[str]
    ok_actions: list[str]
    insufficient_data_actions: list[str]
    tags: Mapping[str, str]


STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
MEMBERS = {
    "unit": "Unit",
    "period": "Period",
    "periods": "EvaluationPeriods",
    "datapoints": "DatapointsToAlarm",
    "missing": "TreatMissingData",
    "description": "AlarmDescription",
    "actions": "AlarmActions",
    "ok_actions": "OKActions",
    "insufficient_data_actions": "InsufficientDataActions",
}
"""Options that are PutMetricAlarm's members by another name."""


def made(
    alarms: Alarms, name: str, namespace: str, metric: str, comparison: str, threshold: float,
    options: AlarmOptions,
) -> MetricAlarm:  # fmt: skip
    """An alarm that nobody keeps yet.

    Raises:
        MisuseError: no such comparison or option.
        AwsError: AWS would refuse it.
    """
    if comparison not in COMPARISONS:
        raise MisuseError(f"{comparison!r} is no comparison: {' '.join(COMPARISONS)}")
    request = {
        "AlarmName": name,
        "Namespace": namespace,
        "MetricName": metric,
        "ComparisonOperator": COMPARISONS[comparison],
        "Threshold": float(threshold),
        **_members(options, alarms.metrics.extended),
    }
    return asked_for(alarms, request)


def asked_for(alarms: Alarms, request: Mapping[str, Any]) -> MetricAlarm:
    """The alarm of a PutMetricAlarm request; nobody keeps it yet.

    Raises:
        AwsError: AWS would refuse it.
    """
    about = check_metric_alarm(request, alarms.metrics)
    check_actions(alarms.scope, request, about.labels if about else ())
    now = alarms.clock.now()
    alarm = MetricAlarm.from_aws(
        request, arn=alarms.arn(request["AlarmName"]), configuration_updated=now, about=about,
        state_updated_timestamp=now, state_transitioned_timestamp=now,
    )  # fmt: skip
    for query in alarm.queries or ():
        query.setdefault("ReturnData", True)
    return alarm


def promql_asked_for(alarms: Alarms, request: Mapping[str, Any]) -> PromQLAlarm:
    """The same of an alarm upon a PromQL query; unless it warms up it begins in OK."""
    from awsmon.alarms.promql_checks import check_promql  # PromQL loads when somebody uses it

    check_promql(request)
    check_treatment(request)
    check_actions(alarms.scope, request)
    now = alarms.clock.now()
    warms_up = "WarmUpConfiguration" in request
    state = AlarmState.INSUFFICIENT_DATA if warms_up else AlarmState.OK
    return PromQLAlarm.from_aws(
        request, arn=alarms.arn(request["AlarmName"]), configuration_updated=now,
        state=state, state_updated_timestamp=now, state_transitioned_timestamp=now,
    )  # fmt: skip


def _members(options: AlarmOptions, extended: Callable[[str], bool]) -> dict[str, Any]:
    if unknown := options.keys() - AlarmOptions.__annotations__.keys():
        raise MisuseError(f"{', '.join(sorted(unknown))}: an alarm has no such option.")
    statistic = options.get("statistic", "Sum")
    if statistic not in STATISTICS and not extended(statistic):
        raise MisuseError(
            f"{statistic!r} is no statistic: {', '.join(STATISTICS)}, p99, TM(:90%)..."
        )
    dimensions = options.get("dimensions", {})
    return {
        "Period": 60,
        "EvaluationPeriods": 1,
        "ExtendedStatistic" if extended(statistic) else "Statistic": statistic,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        **{MEMBERS[option]: value for option, value in options.items() if option in MEMBERS},
    }
