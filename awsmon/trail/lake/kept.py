"""The events that event data stores keep, by the store's id.

Lives here: `KeptEvents`. An event is kept as long as its own time is within the store's retention.
Source: API reference, CreateEventDataStore, RetentionPeriod.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import EPOCH, aware
from awsmon.core.neighbours import StoredEvents

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from awsmon.trail.lake.stores import EventDataStore

    Kept = tuple[datetime, Mapping[str, Any]]

__all__ = ["KeptEvents"]


class KeptEvents:
    """What the stores of one account and region hold."""

    def __init__(self) -> None:
        self._events: dict[str, list[Kept]] = {}

    def add(self, store: EventDataStore, event: Mapping[str, Any]) -> None:
        """Keep an event, as JSON has it."""
        self._events.setdefault(store.id, []).append((aware(event["eventTime"]), event))

    def forget(self, store: EventDataStore) -> None:
        """The store is gone."""
        self._events.pop(store.id, None)

    def of(self, store: EventDataStore, now: datetime) -> list[Mapping[str, Any]]:
        """The events that a store's retention leaves, as they came."""
        return [event for _, event in self._left(store, now)]

    def stored(self, store: EventDataStore, now: datetime) -> StoredEvents:
        """The same for Logs."""
        events = [(_milliseconds(at), event) for at, event in self._left(store, now)]
        oldest = _milliseconds(_oldest(store, now))
        return StoredEvents(active=not store.is_pending, oldest=oldest, events=events)

    def _left(self, store: EventDataStore, now: datetime) -> list[Kept]:
        oldest = _oldest(store, now)
        left = [each for each in self._events.get(store.id, ()) if each[0] > oldest]
        self._events[store.id] = left
        return left


def _oldest(store: EventDataStore, now: datetime) -> datetime:
    return now - timedelta(days=store.retention_period)


def _milliseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)
