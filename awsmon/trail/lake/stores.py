"""Event data stores: which events they take, and for how long they keep them.

Lives here: `EventDataStore` and `EventDataStores`. An event is in its stores as soon as it happens.
A store that is deleted waits for seven days, and may be restored meanwhile.
Source: CloudTrail User Guide, "Event data stores"; API reference, CreateEventDataStore.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.clock import Call, stamp
from awsmon.core.resource import Resource, aws
from awsmon.trail.errors import InvalidParameterCombinationException
from awsmon.trail.lake.errors import (
    EventDataStoreARNInvalidException,
    EventDataStoreNotFoundException,
    InactiveEventDataStoreException,
)
from awsmon.trail.selectors import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from awsmon.core.clock import Timer
    from awsmon.trail.service import Trail

__all__ = ["MANAGEMENT", "EventDataStore", "EventDataStores"]

_ARN = re.compile(r"arn:[\w-]+:cloudtrail:[\w-]+:\d{12}:eventdatastore/")
WAIT = timedelta(days=7)
MANAGEMENT = [
    {
        "Name": "Default management events",
        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
    }
]
PENDING = "PENDING_DELETION"


@dataclass(kw_only=True, slots=True, eq=False)
class EventDataStore(Resource):
    """A store as GetEventDataStore shows it; its retention in days.

    Attributes:
        configuration: what PutEventConfiguration said.
        insights: its insight selectors; `insights_destination`: the ARN of the store that gets
            what they find.
        members: the accounts of its organization; None: every account of the session.
    """

    aws_shape: ClassVar[str] = "cloudtrail.GetEventDataStoreResponse"

    arn: str = field(metadata=aws("EventDataStoreArn"))
    name: str
    status: str = "ENABLED"
    advanced_event_selectors: list[Any]
    multi_region_enabled: bool = True
    organization_enabled: bool = False
    retention_period: int
    termination_protection_enabled: bool = True
    created_timestamp: datetime
    updated_timestamp: datetime
    kms_key_id: str | None = None
    billing_mode: str = "EXTENDABLE_RETENTION_PRICING"
    federation_status: str = "DISABLED"
    federation_role_arn: str | None = None
    configuration: dict[str, Any] = field(
        default_factory=lambda: {"MaxEventSize": "Standard", "ContextKeySelectors": []},
        repr=False, metadata=aws(None),
    )  # fmt: skip
    insights: list[Any] = field(default_factory=list, repr=False, metadata=aws(None))
    insights_destination: str | None = field(default=None, repr=False, metadata=aws(None))
    members: list[str] | None = field(default=None, repr=False, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def id(self) -> str:
        """By which queries name it."""
        return self.arn.rpartition("/")[2]

    @property
    def category(self) -> str:
        """Of its events; management, data and network events go together."""
        return kind_of(self.advanced_event_selectors)

    def covers(self, account: str) -> bool:
        """Whether it takes the events of another account, for its organization."""
        return self.organization_enabled and (self.members is None or account in self.members)

    @property
    def is_pending(self) -> bool:
        """It is to be deleted."""
        return self.status == PENDING


class EventDataStores:
    """The stores of one account and region: iterable, in order of name."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._stores: dict[str, EventDataStore] = {}

    def __iter__(self) -> Iterator[EventDataStore]:
        return iter(sorted(self._stores.values(), key=lambda each: each.name))

    def __getitem__(self, name: str) -> EventDataStore:
        """The store of that ARN or id.

        Raises:
            EventDataStoreARNInvalidException: it is the ARN of something else.
            EventDataStoreNotFoundException: there is none here.
        """
        if name.startswith("arn:") and not _ARN.match(name):
            raise EventDataStoreARNInvalidException.of(name)
        found = self._stores.get(name.rpartition("/")[2])
        if found is None or name not in (found.id, found.arn):
            raise EventDataStoreNotFoundException.of(name)
        return found

    def active(self, name: str) -> EventDataStore:
        """The same, unless it is to be deleted.

        Raises:
            EventDataStoreNotFoundException: there is none here.
            InactiveEventDataStoreException: it is.
        """
        found = self[name]
        if found.is_pending:
            raise InactiveEventDataStoreException.of(found.name)
        return found

    def meant(self, request: Mapping[str, Any]) -> EventDataStore | None:
        """The store that a request names; None: it names a trail.

        Raises:
            InvalidParameterCombinationException: it names none or both.
            EventDataStoreNotFoundException, InactiveEventDataStoreException: as `active`.
        """
        if not {"TrailName", "EventDataStore"} & set(request):
            raise InvalidParameterCombinationException.trail_or_store()
        if {"TrailName", "EventDataStore"} <= set(request):
            raise InvalidParameterCombinationException.trail_and_store()
        return self.active(request["EventDataStore"]) if "EventDataStore" in request else None

    def of_insights(self, store: EventDataStore) -> EventDataStore | None:
        """The store that gets the insights of another; None: it is gone, or takes nothing now."""
        arn = store.insights_destination or ""
        found = self._stores.get(arn.rpartition("/")[2])
        return found if found is not None and found.status == "ENABLED" else None

    def add(self, store: EventDataStore) -> None:
        """A new one."""
        self._stores[store.id] = store
        self.changed()

    def delete(self, store: EventDataStore) -> None:
        """It takes no more, and is gone in seven days."""
        store.status = PENDING
        clock = self._trail.clock
        call = Call("trail.stores", "gone", store.id)
        store.timer = clock.set(clock.now() + WAIT, call, scope=self._trail.scope)
        self.changed()

    def restore(self, store: EventDataStore) -> None:
        """It isn't to be deleted after all, and takes events again."""
        self._trail.clock.cancel(store.timer)
        store.timer, store.status = None, "ENABLED"
        self.changed()

    def gone(self, name: str) -> None:
        """A timer's verb: the seven days are over."""
        store = self._stores.pop(name)
        self._trail.tags.forget(store.arn)
        self._trail.policies.pop(store.arn, None)
        self._trail.kept.forget(store)

    def changed(self) -> None:
        """Stores have changed: all places find out anew which want what happens there."""
        for each in self._trail.every_place():
            each.takers.forget()

    @property
    def want_items(self) -> bool:
        """Some store takes the configuration items of this place."""
        return bool(self.here("ConfigurationItem"))

    def take_item(self, item: Mapping[str, Any], at: datetime) -> None:
        """AWS Config recorded an item here: the stores of configuration items have it.

        Args:
            item: as Config delivers it.
            at: when.
        """
        trail = self._trail
        for place, store in self.here("ConfigurationItem"):
            place.kept.add(store, {
                "eventVersion": "1.0", "eventCategory": "ConfigurationItem",
                "eventType": "AwsConfigurationItem", "eventID": trail.ids.uuid(),
                "eventTime": stamp(at), "awsRegion": trail.scope.region,
                "recipientAccountId": trail.scope.account,
                "eventData": {**item, "accountId": item["awsAccountId"]},
            })  # fmt: skip

    def here(self, *categories: str) -> list[tuple[Trail, EventDataStore]]:
        """The stores of these categories that take what happens here, with their places."""
        here = self._trail.scope
        return [
            (place, store)
            for place in self._trail.every_place()
            for store in place.stores
            if store.status == "ENABLED" and store.category in categories
            and (store.multi_region_enabled or place.scope.region == here.region)
            and (place.scope.account == here.account or store.covers(here.account))
        ]  # fmt: skip
