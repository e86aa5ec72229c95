"""What Contributor Insights tells: `ContributorsChanged`."""

from __future__ import annotations

from awsmon.core.domain_event import DomainEvent, event

__all__ = ["ContributorsChanged"]


@event
class ContributorsChanged(DomainEvent):
    """What rules of Contributor Insights found is otherwise than before.

    Attributes:
        rules: their names.
        oldest: seconds since the epoch; nothing changed before.
    """

    rules: tuple[str, ...]
    oldest: int

    def __str__(self) -> str:
        return f"contributors of {', '.join(self.rules)}"
