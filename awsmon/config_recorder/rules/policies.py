"""Custom rules that are policies in Guard: what one says of a resource.

Lives here: `judged` and `check`. Source: Config Developer Guide, "Creating AWS Config Custom Policy
Rules".
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.rules.errors import InvalidParameterValueException
from awsmon.config_recorder.rules.model import COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE
from awsmon.lang.guard.evaluation import FAIL, PASS, SKIP, evaluate
from awsmon.lang.guard.parser import parse
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.config_recorder.rules.model import Rule
    from awsmon.lang.guard.tree import Policy

__all__ = ["check", "judged"]

_COMPLIANCE = {PASS: COMPLIANT, FAIL: NON_COMPLIANT, SKIP: NOT_APPLICABLE}


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
