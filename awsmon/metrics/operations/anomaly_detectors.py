"""Anomaly detectors: put, delete, describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.lang.metric_math.types import Type
from awsmon.metrics.detectors import AnomalyDetector, expression_key
from awsmon.metrics.errors import (
    InvalidNextToken,
    InvalidParameterCombination,
    InvalidParameterValue,
    MissingParameter,
)
from awsmon.metrics.evaluation import Evaluation
from awsmon.metrics.plans import plan
from awsmon.metrics.reading import Range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudwatch.type_defs import (
        DeleteAnomalyDetectorInputTypeDef,
        DescribeAnomalyDetectorsInputTypeDef,
        PutAnomalyDetectorInputTypeDef,
    )

    from awsmon.metrics.service import Metrics

FLAT = ("Namespace", "MetricName", "Dimensions", "Stat")
NESTED = ("SingleMetricAnomalyDetector", "MetricMathAnomalyDetector")
MOST_RANGES = 10
PAGE = 100


@operation("PutAnomalyDetector")
def put_anomaly_detector(
    metrics: Metrics, request: PutAnomalyDetectorInputTypeDef
) -> dict[str, Any]:
    """One that is there gets the new configuration and keeps its Id."""
    detector = _meant(metrics, request)
    detector.configuration = _configuration(request.get("Configuration", {}))
    detector.metric_characteristics = request.get("MetricCharacteristics")  # type: ignore[assignment]
    if detector.key in metrics.detectors:
        detector.id = metrics.detectors[detector.key].id
    metrics.detectors.put(detector)
    return {"AnomalyDetectorId": detector.id}


def _configuration(asked: Mapping[str, Any]) -> dict[str, Any]:
    ranges = asked.get("ExcludedTimeRanges", ())
    if len(ranges) > MOST_RANGES:
        raise InvalidParameterValue.too_many("Configuration.ExcludedTimeRanges", MOST_RANGES)
    if any(each["StartTime"] >= each["EndTime"] for each in ranges):
        raise InvalidParameterValue.start_after_end()
    zone = asked.get("MetricTimezone")
    try:
        ZoneInfo(zone or "UTC")
    except (KeyError, ValueError, OSError):
        raise InvalidParameterValue.timezone(str(zone)) from None
    return {"ExcludedTimeRanges": [dict(each) for each in ranges]} | {
        name: value for name, value in asked.items() if name != "ExcludedTimeRanges"
    }


def _meant(metrics: Metrics, request: Mapping[str, Any]) -> AnomalyDetector:
    """The detector that a request describes in one of three ways."""
    ways = [name for name in NESTED if name in request]
    ways += [name for name in FLAT if name in request][:1]
    if not ways:
        raise MissingParameter.one_of(*NESTED)
    if len(ways) > 1:
        raise InvalidParameterCombination.mutually_exclusive(*ways[:2])
    if ways == ["MetricMathAnomalyDetector"]:
        return _of_queries(metrics, request["MetricMathAnomalyDetector"])
    metric = request.get("SingleMetricAnomalyDetector", request)
    for name in ("Namespace", "MetricName", "Stat"):
        if name not in metric:
            raise MissingParameter.one_of(name)
    metrics.statistic(metric["Stat"])
    return metrics.detectors.single(metric, metric.get("AccountId", metrics.scope.account))


def _of_queries(metrics: Metrics, math: Mapping[str, Any]) -> AnomalyDetector:
    queries = math.get("MetricDataQueries", [])
    planned = plan(queries)
    if len(planned.returned) != 1 or planned.returned[0] not in planned.compiled:
        raise InvalidParameterValue.one_expression()
    if planned.types[planned.returned[0]] is Type.ARRAY:
        raise InvalidParameterValue.one_series()
    returned = planned.queries[planned.returned[0]]
    return AnomalyDetector(
        id=metrics.ids.uuid(), metric_math_anomaly_detector={"MetricDataQueries": queries},
        key=expression_key(planned.queries, returned["Expression"]),
    )  # fmt: skip


@operation("DeleteAnomalyDetector")
def delete_anomaly_detector(metrics: Metrics, request: DeleteAnomalyDetectorInputTypeDef) -> None:
    """By its Id, or by what it is of."""
    if "AnomalyDetectorId" in request:
        wanted = request["AnomalyDetectorId"]
        key = next((each.key for each in metrics.detectors if each.id == wanted), ())
    else:
        key = _meant(metrics, request).key
    metrics.detectors.delete(metrics.detectors[key].key)


@operation("DescribeAnomalyDetectors")
def describe_anomaly_detectors(
    metrics: Metrics, request: DescribeAnomalyDetectorsInputTypeDef
) -> dict[str, Any]:
    """Those of single metrics, unless others are asked for."""
    if "AnomalyDetectorIds" in request:
        filters = [name for name in (*FLAT, "AnomalyDetectorTypes") if name in request]
        if filters:
            raise InvalidParameterCombination.mutually_exclusive("AnomalyDetectorIds", filters[0])
    size = request.get("MaxResults", PAGE)
    if size > PAGE:
        raise InvalidParameterValue.one_of("MaxResults", size, f"at most {PAGE}")
    found = [each for each in metrics.detectors if _matches(each, request)]
    page, token = paging.page(
        found, request.get("NextToken"), size,
        of="DescribeAnomalyDetectors", bad_token=InvalidNextToken,
    )  # fmt: skip
    return {
        "AnomalyDetectors": [
            each.to_aws() | {"StateValue": _state(metrics, each)} for each in page
        ],
        "NextToken": token,
    }


def _matches(detector: AnomalyDetector, request: DescribeAnomalyDetectorsInputTypeDef) -> bool:
    if "AnomalyDetectorIds" in request:
        return detector.id in request["AnomalyDetectorIds"]
    kind = "METRIC_MATH" if detector.metric_math_anomaly_detector else "SINGLE_METRIC"
    if kind not in request.get("AnomalyDetectorTypes", ["SINGLE_METRIC"]):
        return False
    wanted = {(each["Name"], each["Value"]) for each in request.get("Dimensions", ())}
    has = {(each["Name"], each["Value"]) for each in detector.dimensions or ()}
    return (
        request.get("Namespace", detector.namespace) == detector.namespace
        and request.get("MetricName", detector.metric_name) == detector.metric_name
        and wanted <= has
    )


def _state(metrics: Metrics, detector: AnomalyDetector) -> str:
    planned = plan(detector.queries)

    def points(start: int, end: int) -> Mapping[int, float]:
        evaluation = Evaluation(metrics, planned, Range(start, end))
        return next(evaluation.lines(planned.returned[0]))[1].points

    return metrics.detectors.state(detector, points)
