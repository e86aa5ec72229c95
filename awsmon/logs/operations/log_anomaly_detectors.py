"""Log anomaly detectors: create, get, list, update, delete; what they found, what to ignore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.anomalies import AnomalyDetector
from awsmon.logs.errors import (
    InvalidOperationException,
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
)
from awsmon.logs.patterns import checked

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        CreateLogAnomalyDetectorRequestTypeDef,
        DeleteLogAnomalyDetectorRequestTypeDef,
        GetLogAnomalyDetectorRequestTypeDef,
        ListAnomaliesRequestTypeDef,
        ListLogAnomalyDetectorsRequestTypeDef,
        UpdateAnomalyRequestTypeDef,
        UpdateLogAnomalyDetectorRequestTypeDef,
    )

    from awsmon.logs.service import Logs

UNITS = {"SECONDS": 1000, "MINUTES": 60_000, "HOURS": 3_600_000}
"""Milliseconds."""


@operation("CreateLogAnomalyDetector")
def create_log_anomaly_detector(
    logs: Logs, request: CreateLogAnomalyDetectorRequestTypeDef
) -> dict[str, Any]:
    """One group a detector, and one detector a group."""
    groups = list(request["logGroupArnList"])
    if len(groups) != 1:
        raise InvalidParameterException.one_group()
    group = logs.identified(groups[0].removesuffix(":*"))
    if group.log_group_class != "STANDARD":
        raise InvalidOperationException.log_class("Anomaly detection", group.log_group_class)
    if any(group.log_group_arn in each.log_group_arn_list for each in logs.anomaly_detectors):
        raise LimitExceededException.resource()
    if request.get("filterPattern"):
        checked(request["filterPattern"])
    name = logs.ids.uuid()
    arn = logs.scope.arn("logs", f"anomaly-detector:{name}")
    detector = AnomalyDetector.from_aws(
        request, arn=arn, log_group_arn_list=[group.log_group_arn],
        detector_name=request.get("detectorName", name),
        creation_time_stamp=logs.now, last_modified_time_stamp=logs.now,
    )  # fmt: skip
    logs.anomaly_detectors.add(detector)
    logs.tags.create(arn, request.get("tags"))
    return {"anomalyDetectorArn": arn}


@operation("GetLogAnomalyDetector")
def get_log_anomaly_detector(
    logs: Logs, request: GetLogAnomalyDetectorRequestTypeDef
) -> dict[str, Any]:
    """As in the list, without its ARN."""
    shown = logs.anomaly_detectors[request["anomalyDetectorArn"]].to_aws()
    return {name: value for name, value in shown.items() if name != "anomalyDetectorArn"}


@operation("ListLogAnomalyDetectors")
def list_log_anomaly_detectors(
    logs: Logs, request: ListLogAnomalyDetectorsRequestTypeDef
) -> dict[str, Any]:
    """All, or those of a group."""
    group = request.get("filterLogGroupArn", "").removesuffix(":*")
    found = [
        each for each in logs.anomaly_detectors if not group or group in each.log_group_arn_list
    ]
    page, token = paging.page(
        found, request.get("nextToken"), request.get("limit", 50), of="ListLogAnomalyDetectors",
        bad_token=InvalidParameterException.next_token,
    )  # fmt: skip
    return {"anomalyDetectors": [each.to_aws() for each in page], "nextToken": token}


@operation("UpdateLogAnomalyDetector")
def update_log_anomaly_detector(
    logs: Logs, request: UpdateLogAnomalyDetectorRequestTypeDef
) -> None:
    """What isn't given stays; what it learnt stays too."""
    detector = logs.anomaly_detectors[request["anomalyDetectorArn"]]
    if request.get("filterPattern"):
        checked(request["filterPattern"])
    detector.filter_pattern = request.get("filterPattern", detector.filter_pattern)
    detector.evaluation_frequency = request.get(
        "evaluationFrequency", detector.evaluation_frequency
    )
    detector.anomaly_visibility_time = request.get(
        "anomalyVisibilityTime", detector.anomaly_visibility_time
    )
    detector.last_modified_time_stamp = logs.now
    logs.anomaly_detectors.enable(detector, enabled=request["enabled"])


@operation("DeleteLogAnomalyDetector")
def delete_log_anomaly_detector(
    logs: Logs, request: DeleteLogAnomalyDetectorRequestTypeDef
) -> None:
    """Its anomalies go too."""
    logs.anomaly_detectors.delete(logs.anomaly_detectors[request["anomalyDetectorArn"]])


@operation("ListAnomalies")
def list_anomalies(logs: Logs, request: ListAnomaliesRequestTypeDef) -> dict[str, Any]:
    """Of one detector or of all, the oldest first."""
    detectors = (
        [logs.anomaly_detectors[request["anomalyDetectorArn"]]]
        if "anomalyDetectorArn" in request else list(logs.anomaly_detectors)
    )  # fmt: skip
    state = request.get("suppressionState")
    found = [
        anomaly
        for detector in detectors
        for anomaly in logs.anomaly_detectors.anomalies(detector)
        if state is None or anomaly.suppressed == (state == "SUPPRESSED")
    ]
    page, token = paging.page(
        found, request.get("nextToken"), request.get("limit", 50), of="ListAnomalies",
        bad_token=InvalidParameterException.next_token,
    )  # fmt: skip
    return {"anomalies": [each.to_aws() for each in page], "nextToken": token}


@operation("UpdateAnomaly")
def update_anomaly(logs: Logs, request: UpdateAnomalyRequestTypeDef) -> None:
    """Suppress an anomaly or a pattern, for a time or for good; or not any more; or accept it."""
    detector = logs.anomaly_detectors[request["anomalyDetectorArn"]]
    name, pattern = request.get("anomalyId"), request.get("patternId")
    if name is not None and pattern is not None:
        raise InvalidParameterException.exclusive("anomalyId", "patternId")
    if name is None and pattern is None:
        raise InvalidParameterException.one_of("anomalyId", "patternId")
    found = [
        each for each in logs.anomaly_detectors.anomalies(detector)
        if name == each.anomaly_id or pattern == each.pattern_id
    ]  # fmt: skip
    if not found:
        raise ResourceNotFoundException.anomaly()
    if request.get("baseline"):
        for anomaly in found:
            logs.anomaly_detectors.accept(detector, anomaly)
        return
    logs.anomaly_detectors.suppress(detector, found, _until(logs, request), pattern=pattern)


def _until(logs: Logs, request: UpdateAnomalyRequestTypeDef) -> int | None:
    """When suppression ends, in milliseconds; 0: never; None: now."""
    kind, period = request.get("suppressionType"), request.get("suppressionPeriod", {})
    if kind != "LIMITED":
        return None if kind is None else 0
    if not period.get("value") or "suppressionUnit" not in period:
        raise InvalidParameterException.together("suppressionType LIMITED", "suppressionPeriod")
    return logs.now + period["value"] * UNITS[period["suppressionUnit"]]
