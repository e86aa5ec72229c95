"""Who may put events on a bus.

Lives here: `grant`, `revoke` and `may`. A bus's own account always may; others need its policy.
Source: API reference, PutPermission; User Guide, "Permissions for Amazon EventBridge event buses".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.organization import membership
from awsmon.core.policies import PolicyError, decide, parse
from awsmon.event_bus.errors import (
    PolicyLengthExceededException,
    ResourceNotFoundException,
    ValidationException,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.scope import Scope
    from awsmon.event_bus.model import Bus

__all__ = ["MOST_BYTES", "granted", "may", "revoked"]

MOST_BYTES = 10_240
_EMPTY: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}


def granted(bus: Bus, scope: Scope, request: Mapping[str, Any]) -> dict[str, Any]:
    """The policy of a bus after a PutPermission.

    Raises:
        ValidationException: the request says too little, or the policy is none.
        PolicyLengthExceededException: it grew too long.
    """
    if "Policy" in request:
        document = _whole(request["Policy"])
    else:
        statement = _statement(bus, scope, request)
        kept = [
            each
            for each in (bus.document or _EMPTY)["Statement"]
            if each["Sid"] != statement["Sid"]
        ]
        document = {"Version": "2012-10-17", "Statement": [*kept, statement]}
    if len(json.dumps(document, separators=(",", ":"))) > MOST_BYTES:
        raise PolicyLengthExceededException.of(MOST_BYTES)
    return document


def _whole(text: str) -> dict[str, Any]:
    try:
        parse(text)
    except PolicyError as error:
        raise ValidationException.parameter("Policy", str(error)) from None
    document: dict[str, Any] = json.loads(text)
    if isinstance(document["Statement"], dict):
        document["Statement"] = [document["Statement"]]
    return document


def _statement(bus: Bus, scope: Scope, request: Mapping[str, Any]) -> dict[str, Any]:
    for name in ("Action", "Principal", "StatementId"):
        if name not in request:
            raise ValidationException.parameter(name, f"{name} is a required argument.")
    if request["Action"] != "events:PutEvents":
        raise ValidationException.parameter(
            "Action", "The only supported action is events:PutEvents."
        )
    principal = request["Principal"]
    statement = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": "*"
        if principal == "*"
        else {"AWS": f"arn:{scope.partition}:iam::{principal}:root"},
        "Action": request["Action"],
        "Resource": bus.arn,
    }
    condition = request.get("Condition")
    if condition is not None:
        if condition["Type"] != "StringEquals" or condition["Key"] != "aws:PrincipalOrgID":
            raise ValidationException.parameter(
                "Condition", "Only StringEquals on aws:PrincipalOrgID is supported."
            )
        statement["Condition"] = {condition["Type"]: {condition["Key"]: condition["Value"]}}
    return statement


def revoked(bus: Bus, statement: str | None, *, everything: bool) -> dict[str, Any] | None:
    """The policy of a bus after a RemovePermission; None: it has none any more.

    Raises:
        ResourceNotFoundException: there is no such statement.
    """
    if everything:
        return None
    before = (bus.document or _EMPTY)["Statement"]
    after = [each for each in before if statement is None or each.get("Sid") != statement]
    if len(after) == len(before):
        raise ResourceNotFoundException.statement()
    return {**(bus.document or _EMPTY), "Statement": after} if after else None


def may(bus: Bus, owner: str, caller: str, action: str = "events:PutEvents") -> bool:
    """Whether an account may do something with a bus that belongs to *owner*."""
    if caller == owner:
        return True
    if bus.policy is None:
        return False
    effect = decide(
        parse(bus.policy), principal=caller, action=action, resource=bus.arn,
        conditions=membership(),
    )  # fmt: skip
    return effect == "Allow"
