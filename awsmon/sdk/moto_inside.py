"""What moto's own services write to, or look up in, moto's CloudWatch, while awsmon is active.

Lives here: `patches`, for moto's `CloudWatchBackend`, `show`, and `replacing`, which the patches of
moto's other backends share. moto's Kinesis puts metrics
there, its Application Auto Scaling puts and deletes alarms, its tagging API reads and writes tags
of alarms. Which of moto's services do so is known from its source (5.1 to 5.2).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.core.arns import Arn
from awsmon.core.errors import AwsError
from awsmon.core.scope import Scope
from awsmon.core.tagging import tag_list
from awsmon.sdk import routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from awsmon.core.backend import Backend

__all__ = ["patches", "replacing", "show"]

_ALARM = {
    "name": "AlarmName",
    "description": "AlarmDescription",
    "namespace": "Namespace",
    "metric_name": "MetricName",
    "comparison_operator": "ComparisonOperator",
    "evaluation_periods": "EvaluationPeriods",
    "datapoints_to_alarm": "DatapointsToAlarm",
    "period": "Period",
    "threshold": "Threshold",
    "statistic": "Statistic",
    "extended_statistic": "ExtendedStatistic",
    "dimensions": "Dimensions",
    "alarm_actions": "AlarmActions",
    "ok_actions": "OKActions",
    "insufficient_data_actions": "InsufficientDataActions",
    "unit": "Unit",
    "actions_enabled": "ActionsEnabled",
    "treat_missing_data": "TreatMissingData",
    "evaluate_low_sample_count_percentile": "EvaluateLowSampleCountPercentile",
}
"""The names of moto's `put_metric_alarm`, and AWS's."""


class _Alarm(NamedTuple):
    """What moto's callers look at in an alarm that they put."""

    name: str
    alarm_arn: str


def show(backend: Backend) -> None:
    """Have moto look for tagged resources where awsmon has some: it passes over unused places."""
    from moto.cloudwatch.models import cloudwatch_backends

    for account, region in backend.scopes:
        _ = cloudwatch_backends[account][region]


def replacing(
    active: Callable[[], Backend | None],
    ours: Callable[..., Any],
    error: Callable[[str, str], Exception] | None = None,
) -> Callable[[Callable[..., Any]], Any]:
    """A method of one of moto's backends that is *ours* while awsmon is active.

    Args:
        active: gives the backend that is on, or None.
        ours: takes the backend, account and region, and what moto's method takes.
        error: makes moto's exception of a code and a message; None: AWS's errors go through.
    """

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            backend = active()
            if backend is None:
                return original(self, *args, **kwargs)
            scope = Scope(self.account_id, self.region_name)
            try:
                with backend.door:
                    return ours(backend, scope, *args, **kwargs)
            except AwsError as refused:
                if error is None:
                    raise
                raise error(refused.code, refused.message or "") from refused

        return method

    return wrap


def patches(
    active: Callable[[], Backend | None],
) -> Mapping[tuple[Any, str], Callable[[Callable[..., Any]], Any]]:
    """What to replace in ``moto.cloudwatch.models``."""
    models = sys.modules["moto.cloudwatch.models"]
    owner = models.CloudWatchBackend

    def when_active(ours: Callable[..., Any]) -> Callable[[Callable[..., Any]], Any]:
        return replacing(active, ours)

    tagged = getattr(models, "TaggedResource", None)  # since moto 5.2
    found = {
        (owner, "put_metric_data"): when_active(_put_metric_data),
        (owner, "put_metric_alarm"): when_active(_put_metric_alarm),
        (owner, "delete_alarms"): when_active(_delete_alarms),
    }
    if tagged is not None:
        found |= {
            (owner, "iter_tagged_resources"): when_active(
                lambda backend, scope: list(_tagged(backend, scope, tagged))
            ),
            (owner, "tag_resource"): when_active(_tag_resource),
            (owner, "untag_resource"): when_active(_untag_resource),
        }
    return found


def _run(backend: Backend, scope: Scope, name: str, request: Mapping[str, Any]) -> Any:
    package, function = routes.find("cloudwatch", name)
    return function(getattr(backend.at(scope), package), request)


def _put_metric_data(
    backend: Backend, scope: Scope, namespace: str, metric_data: list[dict[str, Any]]
) -> None:
    _run(backend, scope, "PutMetricData", {"Namespace": namespace, "MetricData": metric_data})


def _put_metric_alarm(backend: Backend, scope: Scope, **given: Any) -> _Alarm:
    request = {_ALARM[name]: value for name, value in given.items() if name in _ALARM and value}
    _run(backend, scope, "PutMetricAlarm", request)
    name = request["AlarmName"]
    return _Alarm(name, backend.at(scope).alarms.arn(name))


def _delete_alarms(backend: Backend, scope: Scope, alarm_names: list[str]) -> None:
    backend.at(scope).alarms.delete(*alarm_names)


def _tagged(backend: Backend, scope: Scope, resource: Any) -> Iterator[Any]:
    tags = backend.tags(scope)
    for arn in tags:
        parts = Arn.parse(arn)
        kind = parts.resource.replace("/", ":").partition(":")[0]
        yield resource(arn=arn, tags=tags.of(arn), resource_type=f"{parts.service}:{kind}")


def _tag_resource(backend: Backend, scope: Scope, arn: str, tags: Mapping[str, str]) -> None:
    _run(backend, scope, "TagResource", {"ResourceARN": arn, "Tags": tag_list(tags)})


def _untag_resource(backend: Backend, scope: Scope, arn: str, tag_keys: list[str]) -> None:
    _run(backend, scope, "UntagResource", {"ResourceARN": arn, "TagKeys": tag_keys})
