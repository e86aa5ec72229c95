"""Targets of rules."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.arns import Arn
from awsmon.core.operation import operation
from awsmon.event_bus import inputs
from awsmon.event_bus.errors import AccessDeniedException, ValidationException
from awsmon.event_bus.permissions import may

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        ListRuleNamesByTargetRequestTypeDef,
        ListTargetsByRuleRequestTypeDef,
        PutTargetsRequestTypeDef,
        RemoveTargetsRequestTypeDef,
    )

    from awsmon.event_bus.service import EventBus

_WITH_ROLE = ("batch", "codebuild", "codepipeline", "states")
"""Services whose targets need a role, as users report."""


@operation("PutTargets")
def put_targets(events: EventBus, request: PutTargetsRequestTypeDef) -> dict[str, Any]:
    """A target whose Id is there takes the place of that one."""
    bus = events.bus(request.get("EventBusName"))
    rule = events.rules.changeable(bus, request["Rule"])
    targets: dict[str, Any] = {each["Id"]: copy.deepcopy(each) for each in request["Targets"]}
    for target in targets.values():
        _check(events, target)
    events.rules.put_targets(rule, targets)
    return {"FailedEntryCount": 0, "FailedEntries": []}


def _check(events: EventBus, target: dict[str, Any]) -> None:
    arn = Arn.maybe(target["Arn"])
    if arn is None:
        raise ValidationException.target_arn(target["Arn"])
    if arn.service == "sqs" and arn.resource.endswith(".fifo") and "SqsParameters" not in target:
        raise ValidationException.fifo(target["Id"])
    if arn.service in _WITH_ROLE and "RoleArn" not in target:
        raise ValidationException.role(target["Arn"])
    inputs.check(target)
    if arn.service == "events" and arn.resource.startswith("event-bus/"):
        there = events.there(target["Arn"])
        bus = there.buses.get(arn.resource.removeprefix("event-bus/"))
        if bus is not None and not may(bus, there.scope.account, events.scope.account):
            caller = f"arn:{arn.partition}:iam::{events.scope.account}:root"
            raise AccessDeniedException.on(caller, "events:PutEvents", bus.arn)


@operation("RemoveTargets")
def remove_targets(events: EventBus, request: RemoveTargetsRequestTypeDef) -> dict[str, Any]:
    """Ids that aren't there are told, and change nothing."""
    bus = events.bus(request.get("EventBusName"))
    rule = events.rules.changeable(bus, request["Rule"], force=request.get("Force", False))
    missing = [id_ for id_ in request["Ids"] if id_ not in rule.targets]
    for id_ in request["Ids"]:
        rule.targets.pop(id_, None)
    failed = [
        {
            "TargetId": id_,
            "ErrorCode": "ResourceNotFoundException",
            "ErrorMessage": f"Rule {rule.name} does not have a target with the Id {id_}.",
        }
        for id_ in missing
    ]
    return {"FailedEntryCount": len(failed), "FailedEntries": failed}


@operation("ListTargetsByRule")
def list_targets_by_rule(
    events: EventBus, request: ListTargetsByRuleRequestTypeDef
) -> dict[str, Any]:
    """In order of Id."""
    rule = events.rules.of(events.bus(request.get("EventBusName")), request["Rule"])
    found, token = paging.page(
        sorted(rule.targets), request.get("NextToken"), request.get("Limit", 100),
        of=f"ListTargetsByRule {rule.arn}", key=str, bad_token=ValidationException.token,
    )  # fmt: skip
    return {"Targets": [rule.targets[id_] for id_ in found], "NextToken": token}


@operation("ListRuleNamesByTarget")
def list_rule_names_by_target(
    events: EventBus, request: ListRuleNamesByTargetRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    bus, arn = events.bus(request.get("EventBusName")), request["TargetArn"]
    names = sorted(
        name for name, rule in bus.rules.items()
        if any(target["Arn"] == arn for target in rule.targets.values())
    )  # fmt: skip
    found, token = paging.page(
        names, request.get("NextToken"), request.get("Limit", 100),
        of=f"ListRuleNamesByTarget {arn}", key=str, bad_token=ValidationException.token,
    )  # fmt: skip
    return {"RuleNames": list(found), "NextToken": token}
