"""Discoverers: schemas of the events on a bus.

Lives here: `Discoverers`. EventBridge keeps a rule for each and tells what the rule takes; an event
that a schema doesn't cover yet makes a version of it that does. AWS takes some minutes for that,
awsmon no time.
Source: EventBridge User Guide, "Inferring schemas".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.bus_events import DiscovererChanged
from awsmon.core.errors import AwsError
from awsmon.schemas import documents
from awsmon.schemas.errors import BadRequestException, NotFoundException
from awsmon.schemas.inference import merged, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.core.bus_events import EventSampled
    from awsmon.schemas.model import Discoverer
    from awsmon.schemas.service import Schemas

__all__ = ["DISCOVERED", "Discoverers"]

DISCOVERED = "discovered-schemas"
MOST_DISCOVERED = 200


class Discoverers:
    """The discoverers of one account and region: iterable, in order of id."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._discoverers: dict[str, Discoverer] = {}

    def __iter__(self) -> Iterator[Discoverer]:
        return iter([self._discoverers[id_] for id_ in sorted(self._discoverers)])

    def __contains__(self, id_: str) -> bool:
        return id_ in self._discoverers

    def __len__(self) -> int:
        return len(self._discoverers)

    def __getitem__(self, id_: str) -> Discoverer:
        """The discoverer of that id.

        Raises:
            NotFoundException: there is none.
        """
        if id_ not in self._discoverers:
            raise NotFoundException.discoverer(id_)
        return self._discoverers[id_]

    def create(self, discoverer: Discoverer) -> None:
        """A new one, which is at work at once.

        Raises:
            BadRequestException: EventBridge knows no such bus.
        """
        try:
            self.tell(discoverer)
        except AwsError:
            raise BadRequestException.bus(discoverer.source_arn) from None
        self._discoverers[discoverer.discoverer_id] = discoverer

    def delete(self, discoverer: Discoverer) -> None:
        """One is gone; what it found stays."""
        del self._discoverers[discoverer.discoverer_id]
        discoverer.state = "STOPPED"
        self.tell(discoverer)

    def tell(self, discoverer: Discoverer) -> None:
        """EventBridge hears whether, and of which accounts, events are wanted."""
        schemas = self._schemas
        schemas.publish(
            DiscovererChanged(
                at=schemas.clock.now(), scope=schemas.scope, bus=discoverer.source_arn,
                started=discoverer.state == "STARTED", cross_account=discoverer.cross_account,
            )
        )  # fmt: skip

    def event_sampled(self, sampled: EventSampled) -> None:
        """A listener: a version of the event's schema, unless there is one that covers it."""
        schemas, event = self._schemas, sampled.event
        source, detail_type = event["source"], event["detail-type"]
        name, shape = documents.schema_name(source, detail_type), shape_of(event["detail"])
        registry = schemas.registries[DISCOVERED]
        schema = registry.schemas.get(name)
        if schema is None:
            if len(registry.schemas) >= MOST_DISCOVERED:
                return
            schema = schemas.add(registry, name, None)
        elif schema.shape is not None:
            shape = merged(schema.shape, shape)
            if shape == schema.shape:
                return
        schema.shape = shape
        content = documents.open_api(source, detail_type, shape)
        schemas.put_version(schema, documents.written(content), documents.OPEN_API)
