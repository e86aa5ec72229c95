"""Custom rules: what a function gets, and what a policy in Guard says.

Lives here: `function_event` and `judged`. Source: Config Developer Guide, "Example AWS Lambda
Events for AWS Config Rules", "Creating AWS Config Custom Policy Rules".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import NotImplementedByAwsmon

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.config_recorder.model import Recorder
    from awsmon.config_recorder.rules.model import Rule
    from awsmon.core.scope import Scope

__all__ = ["check", "function_event", "judged"]


def function_event(
    rule: Rule, invoking: Mapping[str, Any], token: str, left: bool, recorder: Recorder | None,
    scope: Scope,
) -> dict[str, Any]:  # fmt: skip
    """The event of a custom rule's function."""
    return {
        "invokingEvent": json.dumps(invoking),
        "ruleParameters": rule.input_parameters or "{}",
        "resultToken": token,
        "eventLeftScope": left,
        "executionRoleArn": recorder.role_arn if recorder else None,
        "configRuleArn": rule.config_rule_arn,
        "configRuleName": rule.name,
        "configRuleId": rule.config_rule_id,
        "accountId": scope.account,
        "version": "1.0",
    }


def judged(rule: Rule, item: Mapping[str, Any]) -> tuple[str, str | None]:
    """What a policy says of a resource, and why."""
    del item
    raise NotImplementedByAwsmon(f"The policy of {rule.name}: rules in Guard aren't built yet.")


def check(text: str) -> None:
    """Refuse a policy that isn't one."""
    del text
    raise NotImplementedByAwsmon("config.PutConfigRule: rules in Guard aren't built yet.")
