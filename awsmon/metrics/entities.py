"""Entities: the services and resources that metrics are told to belong to.

Lives here: `Entity`, and `Entities`, what PutMetricData told of them. No public operation of AWS
reads them; its console does, for three hours from the latest datapoint on. Source: API reference,
PutMetricData; User Guide, "How to add related information to telemetry".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.entities import wrong_entity
from awsmon.core.neighbours import MetricKey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.metrics.service import Metrics

__all__ = ["Entities", "Entity", "wrong"]

MOST = 2
"""Entities of one request."""
KEPT = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Entity:
    """A service or resource.

    Attributes:
        key_attributes: by which it is known: ``Type``, and ``Name`` and ``Environment`` or
            ``ResourceType`` and ``Identifier``.
        attributes: what else is told of it.
        seen: when a datapoint came with it last.
    """

    key_attributes: Mapping[str, str]
    attributes: Mapping[str, str]
    seen: datetime


class Entities:
    """Those of one account and region."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._by_metric: dict[MetricKey, dict[tuple[tuple[str, str], ...], Entity]] = {}

    def tell(self, metric: MetricKey, told: Mapping[str, Any]) -> None:
        """A datapoint of a metric came with an entity, as PutMetricData has it."""
        keys = dict(told["KeyAttributes"])
        entity = Entity(keys, dict(told.get("Attributes", {})), self._metrics.clock.now())
        self._by_metric.setdefault(metric, {})[tuple(sorted(keys.items()))] = entity

    def of(
        self, namespace: str, name: str, *, dimensions: Mapping[str, str] | None = None
    ) -> list[Entity]:
        """The entities that a metric was told to belong to in the latest three hours."""
        found = self._by_metric.get(MetricKey.of(namespace, name, dimensions), {}).values()
        now = self._metrics.clock.now()
        return [each for each in found if now - each.seen < KEPT]


def wrong(told: Sequence[Mapping[str, Any]]) -> str | None:
    """What is wrong with the entities of a request, in AWS's word; None: nothing."""
    if len(told) > MOST:
        return "EntitySizeTooLarge"
    for each in told:
        if "Entity" not in each or "KeyAttributes" not in each["Entity"]:
            return "InvalidEntity"
        if found := wrong_entity(each["Entity"]["KeyAttributes"]):
            return found
    return None
