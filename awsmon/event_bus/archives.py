"""Archives: events of a bus that are kept, to be replayed.

Lives here: `Archives`. A managed rule on the bus leads to each, and leaves replayed events out.
Counts are always up to date here, where AWS's lag behind.
Source: User Guide, "Archiving and replaying events"; the rule's form as recorded (LocalStack).
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.event_bus.errors import ResourceNotFoundException
from awsmon.event_bus.inputs import compact
from awsmon.event_bus.rules import check_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.event_bus.model import Archive, Bus
    from awsmon.event_bus.service import EventBus

__all__ = ["MANAGED_BY", "RULE", "Archives", "check_archive_pattern"]

RULE = "Events-Archive-"
MANAGED_BY = "prod.vhs.events.aws.internal"


def check_archive_pattern(pattern: str | None) -> None:
    """Whether it is an event pattern, where there is one.

    Raises:
        InvalidEventPatternException: it is none.
    """
    if pattern is not None:
        check_pattern(pattern)


class Archives:
    """The archives of one account and region: iterable, in order of name."""

    def __init__(self, events: EventBus) -> None:
        self._events = events
        self._archives: dict[str, Archive] = {}

    def __iter__(self) -> Iterator[Archive]:
        return iter([self[name] for name in sorted(self._archives)])

    def __contains__(self, name: str) -> bool:
        return name in self._archives

    def __getitem__(self, name: str) -> Archive:
        """The archive of that name, without what is too old for it.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in self._archives:
            raise ResourceNotFoundException.archive(name)
        archive = self._archives[name]
        self._expire(archive)
        return archive

    def create(self, archive: Archive, bus: Bus) -> None:
        """Keep events from now on."""
        self._archives[archive.archive_name] = archive
        self.lead(archive, bus)

    def lead(self, archive: Archive, bus: Bus) -> None:
        """Make, or make anew, the rule that leads to an archive."""
        pattern: dict[str, Any] = json.loads(archive.event_pattern or "{}")
        pattern["replay-name"] = [{"exists": False}]
        self._events.rules.manage(
            bus, f"{RULE}{archive.archive_name}", compact(pattern), MANAGED_BY
        )

    def delete(self, name: str) -> None:
        """Forget an archive, its events and its rule."""
        archive = self[name]
        bus = self._events.buses.get(archive.event_source_arn.rpartition("/")[2])
        if bus is not None:  # it may have gone, once somebody deleted the rule by force
            self._events.rules.unmanage(bus, f"{RULE}{name}")
        del self._archives[name]

    def keep(self, rule_name: str, event: Mapping[str, Any]) -> None:
        """An archive's rule took an event."""
        archive = self._archives[rule_name.removeprefix(RULE)]
        archive.events.append((self._events.clock.now(), dict(event)))
        archive.event_count += 1
        archive.size_bytes += _size(event)

    def _expire(self, archive: Archive) -> None:
        if not archive.retention_days:
            return
        before = self._events.clock.now() - timedelta(days=archive.retention_days)
        while archive.events and archive.events[0][0] <= before:
            _, event = archive.events.pop(0)
            archive.event_count -= 1
            archive.size_bytes -= _size(event)


def _size(event: Mapping[str, Any]) -> int:
    return len(compact(event).encode())
