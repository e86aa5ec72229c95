"""Who takes the records of what happens in one account and region: trails and event data stores.

Lives here: `Takers`, the one list of them. What a trail does with a record is `delivering.py`'s,
what a store has `lake/kept.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.bus_events import EventEmitted
from awsmon.trail import kinds
from awsmon.trail.delivering import AGGREGATED
from awsmon.trail.insight_records import stored_insight
from awsmon.trail.insights import FOLDER
from awsmon.trail.lake.enrichment import configured
from awsmon.trail.selectors import CATEGORIES, compile_selectors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.core.events import ApiCalled
    from awsmon.trail.lake.stores import EventDataStore
    from awsmon.trail.model import TrailSettings
    from awsmon.trail.service import Trail

    Reason = Callable[[Mapping[str, Any]], "str | None"]

__all__ = ["LoggingTrail", "Taker", "Takers", "TakingStore"]

_TYPES = {
    # of events -> how EventBridge is told of them
    "AwsApiCall": "AWS API Call via CloudTrail",
    "AwsConsoleSignIn": "AWS Console Sign In via CloudTrail",
    "AwsServiceEvent": "AWS Service Event via CloudTrail",
}


@dataclass(slots=True)
class LoggingTrail:
    """A trail that logs what happens here.

    Attributes:
        here: CloudTrail of the place.
        settings: the trail.
        reason: why it leaves a record out; None: it doesn't.
    """

    tells: ClassVar[bool] = True
    """Event history and EventBridge have what it takes."""

    here: Trail
    settings: TrailSettings
    reason: Reason

    @property
    def arn(self) -> str:
        """Of the trail."""
        return self.settings.trail_arn

    @property
    def left_out(self) -> frozenset[str]:
        """The boto3 clients whose events it doesn't have."""
        return self.settings.left_out

    @property
    def insights(self) -> list[Any]:
        """The insight selectors of the trail."""
        return self.settings.insights

    def take(self, record: dict[str, Any]) -> None:
        """It is delivered with the next file; one of a data event may be counted too."""
        self.here.delivering.keep(self.settings, record)
        if self.settings.aggregations and record["eventCategory"] == "Data":
            self.here.delivering.keep(self.settings, record, AGGREGATED)

    def take_insight(self, record: dict[str, Any]) -> None:
        """The same, in the folder of insights."""
        self.here.delivering.keep(self.settings, record, FOLDER)


@dataclass(slots=True)
class TakingStore:
    """An event data store that takes what happens here.

    Attributes:
        here: CloudTrail of the place; `home`: of that where the store was made.
        store: itself.
        reason: why it leaves a record out; None: it doesn't.
    """

    tells: ClassVar[bool] = False
    left_out: ClassVar[frozenset[str]] = frozenset()

    here: Trail
    home: Trail
    store: EventDataStore
    reason: Reason

    @property
    def arn(self) -> str:
        """Of the store."""
        return self.store.arn

    @property
    def insights(self) -> list[Any]:
        """The insight selectors of the store."""
        return self.store.insights

    def take(self, record: dict[str, Any]) -> None:
        """It is there at once."""
        event = configured(self.store.configuration, record, self.here)
        self.home.kept.add(self.store, event)

    def take_insight(self, record: dict[str, Any]) -> None:
        """The store of its insights has it, unless that takes none now."""
        destination = self.home.stores.of_insights(self.store)
        if destination is not None:
            self.home.kept.add(destination, stored_insight(record, self.arn))


Taker = LoggingTrail | TakingStore


class Takers:
    """Who takes what happens here, trails first."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._all: list[Taker] | None = None
        self._stale = False

    def __getstate__(self) -> dict[str, Any]:
        return {"_trail": self._trail, "_all": None, "_stale": False}

    def forget(self) -> None:
        """Trails or stores have changed: find out anew."""
        self._all = None

    def once_more(self, takers: list[Taker]) -> None:
        """These get the next record, and then those that want it."""
        self._all, self._stale = takers, True

    @property
    def all(self) -> list[Taker]:
        """All of them."""
        if self._all is None:
            trail = self._trail
            self._all = [
                *(LoggingTrail(trail, each, compile_selectors(each.basic, each.advanced))
                  for each in trail.everywhere()
                  if each.logging and each.reaches(trail.scope.region)),
                *(TakingStore(
                      trail, place, store, compile_selectors(None, store.advanced_event_selectors))
                  for place, store in trail.stores.here(*CATEGORIES)),
            ]  # fmt: skip
            trail.insights.reconsider(self._all)
        return self._all

    def wanting(self, call: ApiCalled) -> tuple[dict[str, Any], list[Taker]]:
        """The record of a call, and who wants it."""
        record = self._trail.recorder.record(call)
        return record, [
            each for each in self.all
            if call.service not in each.left_out and each.reason(record) is None
        ]  # fmt: skip

    def api_called(self, call: ApiCalled) -> None:
        """A call was made here, where somebody takes records."""
        record, wanted = self.wanting(call)
        for each in wanted:
            each.take(record)
        if any(each.tells for each in wanted):
            self._tell(record)
        if self._trail.insights.watching:
            self._trail.insights.count(call, record, wanted)
        if self._stale:
            self._stale = False
            self.forget()

    def _tell(self, record: Mapping[str, Any]) -> None:
        """EventBridge hears at once of what a trail logs."""
        trail = self._trail
        trail.publish(
            EventEmitted(
                at=trail.clock.now(), scope=trail.scope, detail=record,
                detail_type=_TYPES[record["eventType"]],
                source=kinds.bus_source(record["eventSource"]),
            )
        )  # fmt: skip
