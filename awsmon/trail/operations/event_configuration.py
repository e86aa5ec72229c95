"""How large events may be, and what is added to them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import operation
from awsmon.trail.errors import InvalidParameterException
from awsmon.trail.lake.errors import InvalidEventDataStoreCategoryException
from awsmon.trail.selectors import CATEGORIES

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        GetEventConfigurationRequestTypeDef,
        PutEventConfigurationRequestTypeDef,
    )

    from awsmon.trail.lake.stores import EventDataStore
    from awsmon.trail.service import Trail


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
        raise NotImplementedByAwsmon("TrailName: aggregated events of trails aren't built.")
    if any(each["Type"] == "TagContext" for each in given.get("ContextKeySelectors", ())):
        raise NotImplementedByAwsmon(
            "ContextKeySelectors: tags of resources and principals in events aren't built."
        )
    members = ("MaxEventSize", "ContextKeySelectors")
    wanted = store.configuration | {
        name: copy.deepcopy(given[name]) for name in members if name in given
    }
    if wanted["ContextKeySelectors"] and wanted["MaxEventSize"] != "Large":
        raise InvalidParameterException.because(
            "MaxEventSize must be Large when ContextKeySelectors are specified."
        )
    store.configuration = wanted
    return {"EventDataStoreArn": store.arn, **wanted}


@operation("GetEventConfiguration")
def get_event_configuration(
    trail: Trail, request: GetEventConfigurationRequestTypeDef
) -> dict[str, Any]:
    """Of a store; a trail has none."""
    given: Any = request
    store = _store(trail, given)
    if store is None:
        return {"TrailARN": trail.find(given["TrailName"]).trail_arn,
                "AggregationConfigurations": []}  # fmt: skip
    return {"EventDataStoreArn": store.arn, **store.configuration}
