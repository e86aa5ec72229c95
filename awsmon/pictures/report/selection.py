"""Which entries of the trace a page shows: what matters, what led to it, the newest of the rest.

Lives here: `Selection`, and `matters`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.bus_events import RuleMatched
from awsmon.core.config_events import ComplianceChanged, ResourceChanged
from awsmon.core.deliveries import Delivery
from awsmon.core.events import AlarmContributorStateChanged, AlarmStateChanged, ApiCalled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.core.trace import Entry, Trace

__all__ = ["MOST", "Selection", "matters"]

MOST = 3000
"""Entries in a page."""
_CHANGES = (
    AlarmContributorStateChanged, AlarmStateChanged, ComplianceChanged, Delivery, ResourceChanged,
    RuleMatched,
)  # fmt: skip


def matters(entry: Entry) -> bool:
    """Whether something is different after it, or somebody was told, or a user was refused."""
    return isinstance(entry, _CHANGES) or (
        isinstance(entry, ApiCalled) and entry.error is not None and entry.invoked_by is None
    )


class Selection:
    """The numbers of the entries that are shown: ``in``.

    Attributes:
        left_out: how many of those kept are not shown.
    """

    def __init__(self, trace: Trace, entries: Sequence[Entry], most: int = MOST) -> None:
        self._numbers: set[int] = set()
        newest = [*entries[::-1]]
        for entry in [*filter(matters, newest), *newest]:
            if entry.number in self._numbers:
                continue
            chain = [each.number for each in trace.chain(entry.number)]
            if len(self._numbers.union(chain)) > most:
                break
            self._numbers.update(chain)
        self.left_out = len(entries) - len(self._numbers)

    def __contains__(self, number: object) -> bool:
        return number in self._numbers
