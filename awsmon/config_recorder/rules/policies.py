"""Custom rules: what a function gets, and what a policy in Guard says.

Lives here: `function_event` and `judged`. Source: Config Developer Guide, "Example AWS Lambda
Events for AWS Config Rules", "Creating AWS Config Custom Policy Rules".
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.rules.errors import InvalidParameterValueException
from awsmon.config_recorder.rules.model import COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE
from awsmon.lang.guard.evaluation import FAIL, PASS, SKIP, evaluate
from awsmon.lang.guard.parser import parse
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.config_recorder.model import Recorder
    from awsmon.config_recorder.rules.model import Rule
    from awsmon.core.scope import Scope
    from awsmon.lang.guard.tree import Policy

__all__ = ["check", "function_event", "judged"]

_COMPLIANCE = {PASS: COMPLIANT, FAIL: NON_COMPLIANT, SKIP: NOT_APPLICABLE}


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


@lru_cache(maxsize=256)
def _policy(text: str) -> Policy:
    return parse(text)


def judged(
    rule: Rule, item: Mapping[str, Any]
) -> tuple[str, str | None, tuple[str, ...]]:  # fmt: skip
    """What a policy says of a resource, why, and what it read."""
    text = rule.source["CustomPolicyDetails"]["PolicyText"]
    document = {**item, "CONFIG_RULE_PARAMETERS": rule.parameters}
    outcome = evaluate(_policy(text), document)
    why = "; ".join(outcome.failures) if outcome.status == FAIL else None
    return _COMPLIANCE[outcome.status], why, tuple(outcome.reads)


def check(text: str) -> None:
    """Refuse a policy that isn't one.

    Raises:
        InvalidParameterValueException: it is none; the message says where.
    """
    try:
        _policy(text)
    except LanguageError as error:
        raise InvalidParameterValueException.policy(str(error)) from None
