"""Evaluations that somebody else makes: a custom rule's function, or an external service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.model import Key
from awsmon.config_recorder.rules.errors import (
    InvalidParameterValueException,
    InvalidResultTokenException,
    NoSuchConfigRuleException,
)
from awsmon.config_recorder.rules.judging import ACCOUNT
from awsmon.config_recorder.rules.managed.processes import PROCESS_CHECK
from awsmon.config_recorder.rules.model import INSUFFICIENT_DATA
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        PutEvaluationsRequestTypeDef,
        PutExternalEvaluationRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder

_ACCOUNT_ID = re.compile("[0-9]{12}")
_Said = tuple[Key, str, "str | None", Any]


@operation("PutEvaluations")
def put_evaluations(
    config: ConfigRecorder, request: PutEvaluationsRequestTypeDef
) -> dict[str, Any]:
    """By the token of the event that asked; a test may bring any token, and changes nothing."""
    if "Evaluations" not in request:
        raise InvalidParameterValueException.no_evaluations()
    said = [_said(each) for each in request["Evaluations"]]
    if request.get("TestMode"):
        return {"FailedEvaluations": []}
    name = config.evaluating.functions.tokens.get(request["ResultToken"])
    if name is None or name not in config.rules.by_name:
        raise InvalidResultTokenException.token()
    config.evaluating.put(config.rules.find(name), said)
    return {"FailedEvaluations": []}


@operation("PutExternalEvaluation")
def put_external_evaluation(
    config: ConfigRecorder, request: PutExternalEvaluationRequestTypeDef
) -> dict[str, Any]:
    """Of a process check, about an account."""
    rule = config.rules.find(request["ConfigRuleName"])
    if rule.source.get("SourceIdentifier") != PROCESS_CHECK:
        raise NoSuchConfigRuleException.named(rule.name)
    each = request["ExternalEvaluation"]
    if each["ComplianceResourceType"] != ACCOUNT or not _ACCOUNT_ID.fullmatch(
        each["ComplianceResourceId"]
    ):
        raise InvalidParameterValueException.account_only()
    config.evaluating.put(rule, [_said(each)])
    return {}


def _said(each: Any) -> _Said:
    if each["ComplianceType"] == INSUFFICIENT_DATA:
        raise InvalidParameterValueException.insufficient()
    key = Key(each["ComplianceResourceType"], each["ComplianceResourceId"])
    return key, each["ComplianceType"], each.get("Annotation"), each["OrderingTimestamp"]
