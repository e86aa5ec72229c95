"""How large events may be, what is added to them, and what is counted."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.trail.errors import InvalidParameterCombinationException, InvalidParameterException
from awsmon.trail.lake.errors import InvalidEventDataStoreCategoryException
from awsmon.trail.selectors import CATEGORIES, logs

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        GetEventConfigurationRequestTypeDef,
        PutEventConfigurationRequestTypeDef,
    )

    from awsmon.trail.lake.stores import EventDataStore
    from awsmon.trail.model import TrailSettings
    from awsmon.trail.service import Trail

_OF_STORES = ("MaxEventSize", "ContextKeySelectors")


def _store(trail: Trail, request: Any) -> EventDataStore | None:
    """The store that is meant; None: a trail is."""
    store = trail.stores.meant(request)
    if store is not None and store.category not in CATEGORIES:
        raise InvalidEventDataStoreCategoryException.of(store.name, store.category)
    return store


@operation("PutEventConfiguration")
def put_event_configuration(
    trail: Trail, request: PutEventConfigurationRequestTypeDef
) -> dict[str, Any]:
    """What isn't said stays; keys of a request's context need large events."""
    given: Any = request
    store = _store(trail, given)
    if store is None:
        return _aggregate(trail, given)
    if "AggregationConfigurations" in given:
        raise InvalidParameterCombinationException.configuration(
            "an event data store", "AggregationConfigurations"
        )
    wanted = store.configuration | {
        name: copy.deepcopy(given[name]) for name in _OF_STORES if name in given
    }
    if wanted["ContextKeySelectors"] and wanted["MaxEventSize"] != "Large":
        raise InvalidParameterException.because(
            "MaxEventSize must be Large when ContextKeySelectors are specified."
        )
    store.configuration = wanted
    return {"EventDataStoreArn": store.arn, **wanted}


def _aggregate(trail: Trail, given: Any) -> dict[str, Any]:
    """Data events that a trail logs are counted too."""
    settings = trail.own(given["TrailName"])
    for member in _OF_STORES:
        if member in given:
            raise InvalidParameterCombinationException.configuration("a trail", member)
    wanted = given.get("AggregationConfigurations", settings.aggregations)
    for each in wanted:
        if not logs(settings.basic, settings.advanced, each["EventCategory"], writes=False):
            raise InvalidParameterException.because(
                f"Trail {settings.name} does not log {each['EventCategory']} events."
            )
    settings.aggregations = copy.deepcopy(wanted)
    return _shown(settings)


def _shown(settings: TrailSettings) -> dict[str, Any]:
    return {"TrailARN": settings.trail_arn, "AggregationConfigurations": settings.aggregations}


@operation("GetEventConfiguration")
def get_event_configuration(
    trail: Trail, request: GetEventConfigurationRequestTypeDef
) -> dict[str, Any]:
    """Of a store or a trail."""
    given: Any = request
    store = _store(trail, given)
    if store is None:
        return _shown(trail.find(given["TrailName"]))
    return {"EventDataStoreArn": store.arn, **store.configuration}
