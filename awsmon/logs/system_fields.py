"""System fields: what is known of every log event beside its message.

Lives here: `system_fields` and `selects`, which judges a filter's criteria by them.
Source: API reference, PutSubscriptionFilter and PutMetricFilter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.selection_criteria import compile_criteria

if TYPE_CHECKING:
    from awsmon.core.scope import Scope

__all__ = ["selects", "system_fields"]


def system_fields(scope: Scope) -> dict[str, str]:
    """Those of the events of a place."""
    return {"@aws.account": scope.account, "@aws.region": scope.region}


def selects(criteria: str | None, scope: Scope) -> bool:
    """Whether criteria that were found good let the events of a place through."""
    return not criteria or compile_criteria(criteria)(system_fields(scope))
