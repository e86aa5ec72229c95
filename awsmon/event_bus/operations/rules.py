"""Rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_map
from awsmon.event_bus.errors import ValidationException

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import (
        DeleteRuleRequestTypeDef,
        DescribeRuleRequestTypeDef,
        DisableRuleRequestTypeDef,
        EnableRuleRequestTypeDef,
        ListRulesRequestTypeDef,
        PutRuleRequestTypeDef,
    )

    from awsmon.event_bus.service import EventBus


@operation("PutRule")
def put_rule(events: EventBus, request: PutRuleRequestTypeDef) -> dict[str, Any]:
    """Tags count for a new rule only."""
    bus = events.bus(request.get("EventBusName"))
    rule = events.rules.put(bus, request["Name"], request)
    events.tags.create(rule.arn, tag_map(request.get("Tags")))
    return {"RuleArn": rule.arn}


@operation("DescribeRule")
def describe_rule(events: EventBus, request: DescribeRuleRequestTypeDef) -> dict[str, Any]:
    """Its targets are ListTargetsByRule's."""
    return events.rules.of(events.bus(request.get("EventBusName")), request["Name"]).to_aws()


@operation("ListRules")
def list_rules(events: EventBus, request: ListRulesRequestTypeDef) -> dict[str, Any]:
    """In order of name."""
    bus, prefix = events.bus(request.get("EventBusName")), request.get("NamePrefix", "")
    found, token = paging.page(
        sorted(name for name in bus.rules if name.startswith(prefix)), request.get("NextToken"),
        request.get("Limit", 100), of=f"ListRules {bus.name}", key=str,
        bad_token=ValidationException.token,
    )  # fmt: skip
    rules = [{**bus.rules[name].to_aws(), "CreatedBy": None} for name in found]
    return {"Rules": rules, "NextToken": token}


@operation("EnableRule")
def enable_rule(events: EventBus, request: EnableRuleRequestTypeDef) -> None:
    """It takes events from now on."""
    events.rules.set_state(events.bus(request.get("EventBusName")), request["Name"], "ENABLED")


@operation("DisableRule")
def disable_rule(events: EventBus, request: DisableRuleRequestTypeDef) -> None:
    """It takes no events."""
    events.rules.set_state(events.bus(request.get("EventBusName")), request["Name"], "DISABLED")


@operation("DeleteRule")
def delete_rule(events: EventBus, request: DeleteRuleRequestTypeDef) -> None:
    """One that isn't there is no mistake."""
    bus = events.bus(request.get("EventBusName"))
    events.rules.delete(bus, request["Name"], force=request.get("Force", False))
