"""What AWS Config tells the other services.

Lives here: `ResourceChanged` and `ComplianceChanged`; other events are `events.py`'s.
"""

from __future__ import annotations

from typing import Any

from awsmon.core.domain_event import DomainEvent, event

__all__ = ["ComplianceChanged", "ResourceChanged"]


@event
class ResourceChanged(DomainEvent):
    """AWS Config recorded a configuration item: a resource is new, another, or gone.

    Attributes:
        change: ``CREATE``, ``UPDATE`` or ``DELETE``.
    """

    resource_type: str
    resource_id: str
    change: str

    def __str__(self) -> str:
        return f"resource {self.resource_type} {self.resource_id}: {self.change}"


@event
class ComplianceChanged(DomainEvent):
    """A rule of AWS Config judges a resource otherwise than before, or for the first time.

    Attributes:
        before: what it said before; None: nothing.
        rule_arn: where the rule is still there.
        after: ``COMPLIANT``, ``NON_COMPLIANT``, ``NOT_APPLICABLE`` or ``INSUFFICIENT_DATA``.
        old, new: the two results, as Config keeps them.
    """

    rule: str
    resource_type: str
    resource_id: str
    before: str | None
    after: str
    annotation: str | None = None
    rule_arn: str | None = None
    old: Any = None
    new: Any = None

    def __str__(self) -> str:
        why = f": {self.annotation}" if self.annotation else ""
        return f"{self.resource_type} {self.resource_id} is {self.after} by {self.rule}{why}"
