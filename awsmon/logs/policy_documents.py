"""What the documents of account policies must say, kind by kind.

Lives here: `check_document`. Documents that log groups may have too are read where these are
carried out. Source: API reference, PutAccountPolicy (policyDocument).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from awsmon.lang.text import LanguageError
from awsmon.logs.indexes import read_fields
from awsmon.logs.model import RETENTION_DAYS
from awsmon.logs.patterns import checked
from awsmon.logs.permissions import known_target
from awsmon.logs.policy_errors import InvalidPolicy
from awsmon.logs.policy_json import json_object
from awsmon.logs.protection_policies import check_destination, read_protection
from awsmon.logs.retention_policies import NEVER
from awsmon.logs.transformers import transformer_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.logs.service import Logs

__all__ = ["check_document"]

SHORTEST_RETENTION = 30  # days
DISTRIBUTIONS = ("ByLogStream", "Random")


def check_document(logs: Logs, kind: str, document: str) -> None:
    """See that a document is one of its kind.

    Raises:
        InvalidParameterException: it isn't.
        ResourceNotFoundException: it names a log group that isn't there.
    """
    _CHECKS[kind](logs, document)


def _protection(logs: Logs, document: str) -> None:
    check_destination(logs, read_protection(document))


def _fields(logs: Logs, document: str) -> None:
    del logs
    read_fields(document)


def _subscription(logs: Logs, document: str) -> None:
    found = json_object(document, {"DestinationArn", "RoleArn", "FilterPattern", "Distribution"})
    if not all(isinstance(value, str) for value in found.values()):
        raise InvalidPolicy.document("every member must be text.")
    if not found.get("DestinationArn", "").startswith("arn:"):
        raise InvalidPolicy.document("DestinationArn must be an ARN.")
    checked(found.get("FilterPattern", ""))
    if found.get("Distribution", DISTRIBUTIONS[0]) not in DISTRIBUTIONS:
        raise InvalidPolicy.document(f"Distribution must be one of {', '.join(DISTRIBUTIONS)}.")
    known_target(logs, found["DestinationArn"], found.get("RoleArn"))


def _extraction(logs: Logs, document: str) -> None:
    """Source: the integration tests of AWS CDK."""
    del logs
    found = json_object(document, {"EmbeddedMetricFormat"}).get("EmbeddedMetricFormat")
    if not isinstance(found, dict) or found.get("Status") not in ("Enabled", "Disabled"):
        raise InvalidPolicy.document("EmbeddedMetricFormat.Status must be Enabled or Disabled.")


def _retention(logs: Logs, document: str) -> None:
    del logs
    found = json_object(document, {"retentionInDays", "enforcementMode"})
    days = found.get("retentionInDays")
    allowed = [each for each in RETENTION_DAYS if each >= SHORTEST_RETENTION]
    if days != NEVER and (type(days) is not int or days not in allowed):
        listed = ", ".join(map(str, allowed))
        raise InvalidPolicy.document(f"retentionInDays must be one of {listed} or {NEVER}.")
    if found.get("enforcementMode") not in ("NEW_ONLY", "RETROACTIVE"):
        raise InvalidPolicy.document("enforcementMode must be NEW_ONLY or RETROACTIVE.")


def _transformer(logs: Logs, document: str) -> None:
    del logs
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not found:
        raise InvalidPolicy.document("it must be an array of processors.")
    try:
        transformer_of(found)
    except LanguageError as error:
        raise InvalidPolicy.document(f"{error.message}.") from error


_CHECKS: dict[str, Callable[[Logs, str], None]] = {
    "DATA_PROTECTION_POLICY": _protection,
    "SUBSCRIPTION_FILTER_POLICY": _subscription,
    "FIELD_INDEX_POLICY": _fields,
    "TRANSFORMER_POLICY": _transformer,
    "METRIC_EXTRACTION_POLICY": _extraction,
    "RETENTION_POLICY": _retention,
}
