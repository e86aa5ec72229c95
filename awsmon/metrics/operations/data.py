"""Datapoints: PutMetricData, GetMetricData, GetMetricStatistics, ListMetrics."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.neighbours import MetricKey
from awsmon.core.operation import Answer, operation
from awsmon.metrics import entities, query
from awsmon.metrics.direct_access import LISTED_FOR
from awsmon.metrics.errors import (
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
    ValidationError,
)
from awsmon.metrics.linked import readable
from awsmon.metrics.reading import SHORT_PERIODS, Range, rounded
from awsmon.metrics.service import LARGEST, Metrics, instant, seconds
from awsmon.metrics.storage import coarseness
from awsmon.metrics.store import StatisticSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_cloudwatch.type_defs import (
        GetMetricDataInputTypeDef,
        GetMetricStatisticsInputTypeDef,
        ListMetricsInputTypeDef,
        PutMetricDataInputTypeDef,
    )

    from awsmon.metrics.linked import Readable

LONG_AGO = 15 * 86_400  # seconds
MOST_METRICS = 1000
MOST_VALUES = 150
MOST_DATAPOINTS = 1440
RECENTLY_ACTIVE = 3 * 3600

Point = tuple[MetricKey, str, int, list[float], "list[float] | None", "StatisticSet | None"]


@operation("PutMetricData")
def put_metric_data(metrics: Metrics, request: PutMetricDataInputTypeDef) -> Answer | None:
    """One point that is refused refuses them all; a bad entity, if they are strictly checked."""
    data: list[tuple[str, Mapping[str, Any]]] = [
        (f"MetricData.member.{number}", datum)
        for number, datum in enumerate(request.get("MetricData", ()), 1)
    ]
    for outer, entity in enumerate(request.get("EntityMetricData", ()), 1):
        data += [
            (f"EntityMetricData.member.{outer}.MetricData.member.{number}", datum)
            for number, datum in enumerate(entity.get("MetricData", ()), 1)
        ]
    if len(data) > MOST_METRICS:
        raise InvalidParameterValue.too_many("MetricData", MOST_METRICS)
    if not data:
        raise MissingParameter.one_of("MetricData", "EntityMetricData")
    namespace = request["Namespace"]
    points = [_point(metrics, namespace, member, datum) for member, datum in data]
    answer = _entities(metrics, request) if "EntityMetricData" in request else None
    for point in points:
        metrics.store(*point)
    return answer


def _entities(metrics: Metrics, request: PutMetricDataInputTypeDef) -> Answer | None:
    """Keep what metrics belong to; a bad entity of a request that isn't strict is told instead."""
    told: Any = request["EntityMetricData"]
    if mistake := entities.wrong(told):
        if request.get("StrictEntityValidation"):
            raise InvalidParameterValue.entity(mistake)
        return Answer({"x-amzn-failure-message": mistake})
    for each in told:
        for datum in each.get("MetricData", ()):
            key = _key(request["Namespace"], datum["MetricName"], datum.get("Dimensions", ()))
            metrics.entities.tell(key, each["Entity"])
    return None


def _point(metrics: Metrics, namespace: str, member: str, datum: Mapping[str, Any]) -> Point:
    """One datum, checked."""
    _one_form(member, datum)
    resolution = datum.get("StorageResolution", 60)
    if resolution not in (1, 60):
        raise InvalidParameterValue.storage_resolution(f"{member}.StorageResolution")
    time = metrics.filed(datum.get("Timestamp"), f"{member}.Timestamp", resolution)
    key = _key(namespace, datum["MetricName"], datum.get("Dimensions", ()))
    unit = datum.get("Unit", "None")
    if found := datum.get("StatisticValues"):
        for name, value in found.items():
            metrics.check_value(value, f"{member}.StatisticValues.{name}")
        if found["SampleCount"] <= 0 or found["Minimum"] > found["Maximum"]:
            raise InvalidParameterValue.not_finite(
                found["SampleCount"], f"{member}.StatisticValues.SampleCount"
            )
        summed = StatisticSet(
            time, found["SampleCount"], found["Sum"], found["Minimum"], found["Maximum"]
        )
        return key, unit, time, [], None, summed
    values = datum["Values"] if "Values" in datum else [datum["Value"]]
    for value in values:
        metrics.check_value(value, f"{member}.Value")
    for count in datum.get("Counts", ()):
        if not 0 < count <= LARGEST:
            raise InvalidParameterValue.not_finite(count, f"{member}.Counts")
    return key, unit, time, values, datum.get("Counts"), None


def _one_form(member: str, datum: Mapping[str, Any]) -> None:
    """A value, or values with their counts, or a set."""
    forms = [n for n in ("Value", "Values", "StatisticValues") if datum.get(n) not in (None, [])]
    if not forms:
        raise MissingParameter.one_of(*(f"{member}.{n}" for n in ("Value", "StatisticValues")))
    if len(forms) > 1:
        one, other = forms[:2]
        raise InvalidParameterCombination.mutually_exclusive(f"{member}.{one}", f"{member}.{other}")
    if "Values" in datum and len(datum["Values"]) > MOST_VALUES:
        raise InvalidParameterValue.too_many(f"{member}.Values", MOST_VALUES)
    if "Counts" in datum and len(datum["Counts"]) != len(datum.get("Values", ())):
        raise InvalidParameterValue.sizes_differ(f"{member}.Values", f"{member}.Counts")


def _key(namespace: str, name: str, dimensions: Any) -> MetricKey:
    if not dimensions:
        return MetricKey(namespace, name)
    return MetricKey(namespace, name, tuple(sorted((d["Name"], d["Value"]) for d in dimensions)))


@operation("GetMetricStatistics")
def get_metric_statistics(
    metrics: Metrics, request: GetMetricStatisticsInputTypeDef
) -> dict[str, Any]:
    """Each unit gives datapoints of its own where none is asked for; oldest first."""
    plain, extended = request.get("Statistics", []), request.get("ExtendedStatistics", [])
    if plain and extended:
        raise InvalidParameterCombination.mutually_exclusive("Statistics", "ExtendedStatistics")
    if not plain and not extended:
        raise MissingParameter.one_of("Statistics", "ExtendedStatistics")
    start, end, period = _range(metrics, request)
    for name in extended:
        if not metrics.extended(name):
            raise InvalidParameterValue.extended(name)
    compiled = {name: metrics.statistic(name) for name in (*plain, *extended)}
    key = _key(request["Namespace"], request["MetricName"], request.get("Dimensions", ()))
    points: dict[tuple[int, str], dict[str, Any]] = {}
    for unit in [request["Unit"]] if "Unit" in request else metrics.stored.units(key):
        for name, wanted in compiled.items():
            for bucket in metrics.stored.buckets(key, start, end, period, wanted, unit):
                point = points.setdefault(
                    (bucket.start, unit), {"Timestamp": instant(bucket.start), "Unit": unit}
                )
                within = point.setdefault("ExtendedStatistics", {}) if extended else point
                within[name] = bucket.value
    return {"Label": request["MetricName"], "Datapoints": [points[at] for at in sorted(points)]}


def _range(metrics: Metrics, request: GetMetricStatisticsInputTypeDef) -> tuple[int, int, int]:
    """Start, end and period in seconds, checked."""
    start, end, period = request["StartTime"], request["EndTime"], request["Period"]
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    if start >= end:
        raise InvalidParameterValue.start_after_end()
    if period not in SHORT_PERIODS and period % 60:
        raise InvalidParameterValue.period(period)
    count = (seconds(end) - seconds(start)) // period
    if count > MOST_DATAPOINTS:
        raise InvalidParameterCombination.too_many_datapoints(count, MOST_DATAPOINTS)
    return rounded(_down(metrics, seconds(start)), period), seconds(end), period


def _down(metrics: Metrics, start: int) -> int:
    """A start time of long ago is rounded down. Source: API reference, GetMetricData, StartTime."""
    age = metrics.now - start
    return start - start % coarseness(age) if age >= LONG_AGO else start


@operation("GetMetricData")
def get_metric_data(metrics: Metrics, request: GetMetricDataInputTypeDef) -> dict[str, Any]:
    """Newest first unless asked otherwise; with metric math there is no second page."""
    from awsmon.metrics import labels  # metric math loads when somebody uses it
    from awsmon.metrics.evaluation import Evaluation
    from awsmon.metrics.plans import plan

    start, end = request["StartTime"], request["EndTime"]
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    if start == end:
        raise ValidationError("The parameter StartTime must not equal parameter EndTime.")
    if start > end:
        raise ValidationError("The parameter EndTime must be greater than StartTime.")
    zone = labels.zone(request.get("LabelOptions", {}).get("Timezone", "+0000"))
    planned = plan(request["MetricDataQueries"])
    evaluation = Evaluation(
        metrics, planned, Range(_down(metrics, seconds(start)), seconds(end)), zone
    )
    found = query.results(
        evaluation, descending=request.get("ScanBy", "TimestampDescending") != "TimestampAscending"
    )
    page, token = query.page(
        found, request.get("NextToken"), request.get("MaxDatapoints", query.MOST_DATAPOINTS)
    )
    return {
        "MetricDataResults": page,
        "Messages": evaluation.messages,
        "NextToken": None if planned.compiled else token,
    }


@operation("ListMetrics")
def list_metrics(metrics: Metrics, request: ListMetricsInputTypeDef) -> dict[str, Any]:
    """A metric is listed at once, and until two weeks after its newest datapoint."""
    page, token = paging.page_behind(
        lambda after: _listed(metrics, request, after), request.get("NextToken"), 500,
        of="ListMetrics", bad_token=InvalidParameterValue.next_token,
        key=lambda item: [item[0], item[1].namespace, item[1].name, dict(item[1].dimensions)],
    )  # fmt: skip
    return {
        "Metrics": [
            {"Namespace": key.namespace, "MetricName": key.name,
             "Dimensions": [{"Name": name, "Value": value} for name, value in key.dimensions]}
            for _, key in page
        ],
        "NextToken": token,
        "OwningAccounts": [account for account, _ in page]
        if request.get("IncludeLinkedAccounts")
        else None,
    }  # fmt: skip


def _places(metrics: Metrics, request: ListMetricsInputTypeDef) -> list[Readable]:
    """Whose metrics are asked for: without IncludeLinkedAccounts none but this account's."""
    found = readable(metrics)
    places = list(found) if request.get("IncludeLinkedAccounts") else [next(found)]
    account = request.get("OwningAccount")
    return [place for place in places if account in (None, place.account)]


def _listed(
    metrics: Metrics, request: ListMetricsInputTypeDef, after: list[Any] | None
) -> Iterator[tuple[str, MetricKey]]:
    """Accounts and their metrics, behind one that a token has."""
    since = metrics.now - (RECENTLY_ACTIVE if "RecentlyActive" in request else LISTED_FOR)
    wanted = [(each["Name"], each.get("Value")) for each in request.get("Dimensions", ())]
    places = _places(metrics, request)
    behind = None if after is None else MetricKey.of(*after[1:])
    if after is not None:
        accounts = [place.account for place in places]
        places = places[accounts.index(after[0]) :] if after[0] in accounts else []
    for place in places:
        found = place.metrics.catalogue.listed(
            request.get("Namespace"), request.get("MetricName"), wanted, behind
        )
        behind = None
        for key in found:
            newest = place.metrics.stored.newest(key)
            if newest is not None and newest >= since and place.passes(key.namespace):
                yield place.account, key
