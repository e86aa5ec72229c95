"""The resource policies of event data stores, channels and dashboards.

Lives here: `may`. Within an account the owner needs no policy.
Source: CloudTrail User Guide, "AWS CloudTrail resource-based policy examples".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.organization import membership
from awsmon.core.policies import allows, parse

if TYPE_CHECKING:
    from awsmon.trail.service import Trail

__all__ = ["may"]


def may(
    owner: Trail, caller: str, action: str, resource: str, *, external_id: str | None = None
) -> bool:
    """Whether an account may do something with a resource of *owner*'s.

    Args:
        owner: whose policies count.
        caller: the account that asks.
        action: as ``cloudtrail-data:PutAuditEvents``.
        resource: its ARN.
        external_id: what the caller says to be known by; a policy may want it in the owner's own
            account too.
    """
    text = owner.policies.get(resource)
    if text is None:
        return caller == owner.scope.account
    conditions = membership() if external_id is None else {
        **membership(), "cloudtrail:ExternalId": external_id}  # fmt: skip
    return allows(parse(text), principal=caller, action=action, resource=resource,
                  conditions=conditions)  # fmt: skip
