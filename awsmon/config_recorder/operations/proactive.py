"""Evaluations of resources that aren't there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.errors import (
    InvalidTimeRangeException,
    ResourceNotFoundException,
)
from awsmon.config_recorder.rules.errors import InvalidParameterValueException
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        GetResourceEvaluationSummaryRequestTypeDef,
        ListResourceEvaluationsRequestTypeDef,
        StartResourceEvaluationRequestTypeDef,
    )

    from awsmon.config_recorder.proactive import Evaluation
    from awsmon.config_recorder.service import ConfigRecorder

_MODE = "PROACTIVE"
_TIMEOUT = 900  # seconds, where none is given


@operation("StartResourceEvaluation")
def start_resource_evaluation(
    config: ConfigRecorder, request: StartResourceEvaluationRequestTypeDef
) -> dict[str, Any]:
    """By all rules of the proactive mode; it is over at once."""
    given: Any = dict(request)
    if given["EvaluationMode"] != _MODE:
        raise InvalidParameterValueException.not_proactive(given["EvaluationMode"])
    found = config.proactive.start(
        given["ResourceDetails"], given.get("EvaluationContext"),
        given.get("EvaluationTimeout") or _TIMEOUT, given.get("ClientToken"),
    )  # fmt: skip
    return {"ResourceEvaluationId": found.id}


@operation("GetResourceEvaluationSummary")
def get_resource_evaluation_summary(
    config: ConfigRecorder, request: GetResourceEvaluationSummaryRequestTypeDef
) -> dict[str, Any]:
    """What it came to; each rule's word is GetComplianceDetailsByResource's."""
    found = config.proactive.by_id.get(request["ResourceEvaluationId"])
    if found is None:
        raise ResourceNotFoundException.evaluation(request["ResourceEvaluationId"])
    return {
        "ResourceEvaluationId": found.id, "EvaluationMode": _MODE,
        "EvaluationStatus": {"Status": "SUCCEEDED"}, "EvaluationStartTimestamp": found.at,
        "Compliance": found.compliance, "EvaluationContext": found.context,
        "ResourceDetails": found.details,
    }  # fmt: skip


@operation("ListResourceEvaluations")
def list_resource_evaluations(
    config: ConfigRecorder, request: ListResourceEvaluationsRequestTypeDef
) -> dict[str, Any]:
    """The newest first."""
    wanted: Any = request.get("Filters", {})
    window = wanted.get("TimeWindow", {})
    start, end = window.get("StartTime"), window.get("EndTime")
    if start and end and end < start:
        raise InvalidTimeRangeException.backwards()
    found = [
        {"ResourceEvaluationId": each.id, "EvaluationMode": _MODE,
         "EvaluationStartTimestamp": each.at}
        for each in reversed(config.proactive.by_id.values())
        if (start is None or each.at >= start) and (end is None or each.at <= end)
        and wanted.get("EvaluationMode", _MODE) == _MODE and _of(each, wanted)
    ]  # fmt: skip
    page, token = pages.page(found, request, 10, "ListResourceEvaluations")
    return {"ResourceEvaluations": page, "NextToken": token}


def _of(evaluation: Evaluation, wanted: Any) -> bool:
    identifier = wanted.get("EvaluationContextIdentifier")
    context = evaluation.context or {}
    return identifier in (None, context.get("EvaluationContextIdentifier"))
