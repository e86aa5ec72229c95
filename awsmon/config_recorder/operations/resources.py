"""Resources: what is there, what it looks like and looked like, and those told by hand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import judgements, pages
from awsmon.config_recorder.errors import (
    InvalidTimeRangeException,
    NoAvailableConfigurationRecorderException,
    NoRunningConfigurationRecorderException,
    ResourceNotDiscoveredException,
    ValidationException,
)
from awsmon.config_recorder.items import basic, json_object, shown
from awsmon.config_recorder.judgements import JUDGED
from awsmon.config_recorder.model import Key
from awsmon.config_recorder.resource_types import Described
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_config.type_defs import (
        BatchGetResourceConfigRequestTypeDef,
        DeleteResourceConfigRequestTypeDef,
        GetDiscoveredResourceCountsRequestTypeDef,
        GetResourceConfigHistoryRequestTypeDef,
        ListDiscoveredResourcesRequestTypeDef,
        PutResourceConfigRequestTypeDef,
    )

    from awsmon.config_recorder.model import Item
    from awsmon.config_recorder.service import ConfigRecorder

_MOST_IDS = 20
_LONGEST = 64 * 1024
_RESERVED = ("amzn", "amazon", "alexa", "custom")


@operation("GetResourceConfigHistory")
def get_resource_config_history(
    config: ConfigRecorder, request: GetResourceConfigHistoryRequestTypeDef
) -> dict[str, Any]:
    """Newest first, unless asked for otherwise."""
    _need_recorder(config)
    key = Key(request["resourceType"], request["resourceId"])
    earlier: Any = request.get("earlierTime")
    later: Any = request.get("laterTime")
    if earlier and later and earlier >= later:
        raise InvalidTimeRangeException.backwards()
    items = _history(config, key)
    if not items:
        raise ResourceNotDiscoveredException.of(*key)
    found = [each for each in items if (earlier is None or each.captured >= earlier)
             and (later is None or each.captured <= later)]  # fmt: skip
    if request.get("chronologicalOrder", "Reverse") == "Reverse":
        found.reverse()
    page, token = pages.page(found, request, 10, f"GetResourceConfigHistory {key}")
    return {
        "configurationItems": [shown(each, config.scope) for each in page],
        "nextToken": token,
    }


@operation("BatchGetResourceConfig")
def batch_get_resource_config(
    config: ConfigRecorder, request: BatchGetResourceConfigRequestTypeDef
) -> dict[str, Any]:
    """As they are; those that aren't there are unprocessed."""
    _need_recorder(config)
    found, missing = [], []
    for each in request["resourceKeys"]:
        item = _newest(config, Key(each["resourceType"], each["resourceId"]))
        if item is None or item.deleted:
            missing.append(each)
        else:
            found.append(basic(item, config.scope))
    return {"baseConfigurationItems": found, "unprocessedResourceKeys": missing}


@operation("ListDiscoveredResources")
def list_discovered_resources(
    config: ConfigRecorder, request: ListDiscoveredResourcesRequestTypeDef
) -> dict[str, Any]:
    """Of one type; those that are gone only if they are asked for."""
    _need_recorder(config)
    ids, name = request.get("resourceIds"), request.get("resourceName")
    if ids and name:
        raise ValidationException.both_ids_and_name()
    if ids and len(ids) > _MOST_IDS:
        raise ValidationException.too_many_ids()
    found = []
    for key in sorted(_known(config, request["resourceType"])):
        item = _newest(config, key)
        if item is None or (item.deleted and not request.get("includeDeletedResources")):
            continue
        if (ids and key.id not in ids) or (name and item.name != name):
            continue
        found.append({
            "resourceType": key.type, "resourceId": key.id, "resourceName": item.name,
            "resourceDeletionTime": item.captured if item.deleted else None,
        })  # fmt: skip
    page, token = pages.page(found, request, 100, "ListDiscoveredResources")
    return {"resourceIdentifiers": page, "nextToken": token}


@operation("GetDiscoveredResourceCounts")
def get_discovered_resource_counts(
    config: ConfigRecorder, request: GetDiscoveredResourceCountsRequestTypeDef
) -> dict[str, Any]:
    """The most frequent types first; none while the recorder is off."""
    kinds, off = request.get("resourceTypes"), config.recorders and not config.running
    counted = Counter(
        key.type for key in (() if off else config.alive())
        if (not kinds or key.type in kinds) and config.recorded(key)
    )  # fmt: skip
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    page, token = pages.page(ordered, request, 100, "GetDiscoveredResourceCounts")
    return {
        "totalDiscoveredResources": sum(counted.values()),
        "resourceCounts": [{"resourceType": kind, "count": count} for kind, count in page],
        "nextToken": token,
    }


def _history(config: ConfigRecorder, key: Key) -> list[Item]:
    """The items of a resource; what rules say is one too, where that type is recorded."""
    if key.type != JUDGED:
        return config.history(key)
    return judgements.history(config, key.id) if config.recorded(key) else []


def _newest(config: ConfigRecorder, key: Key) -> Item | None:
    if key.type != JUDGED:
        return config.newest(key)
    return next(iter(_history(config, key)[::-1]), None)


def _known(config: ConfigRecorder, resource_type: str) -> Iterable[Key]:
    if resource_type != JUDGED:
        return config.known(resource_type)
    return [Key(JUDGED, judgements.id_of(key)) for key in config.rules.changes]


def _need_recorder(config: ConfigRecorder) -> None:
    if not config.recorders and not any(config.alive()):
        raise NoAvailableConfigurationRecorderException.for_reading()


# -- told by hand ----------------------------------------------------------------------------------


@operation("PutResourceConfig")
def put_resource_config(config: ConfigRecorder, request: PutResourceConfigRequestTypeDef) -> None:
    """A resource of a type that AWS doesn't know; schemas of types aren't checked."""
    if not config.running:
        raise NoRunningConfigurationRecorderException.stopped()
    organization = request["ResourceType"].partition("::")[0]
    if organization.lower() in _RESERVED:
        raise ValidationException.reserved(organization)
    config.recording.tell(request["ResourceType"], Described(
        id=request["ResourceId"], name=request.get("ResourceName"),
        configuration=_configuration(request["Configuration"]),
        tags=dict(request.get("Tags", {})),
    ))  # fmt: skip


def _configuration(text: str) -> dict[str, Any]:
    if len(text.encode()) > _LONGEST:
        raise ValidationException.too_long()
    found = json_object(text)
    if found is None:
        raise ValidationException.no_json()
    return found


@operation("DeleteResourceConfig")
def delete_resource_config(
    config: ConfigRecorder, request: DeleteResourceConfigRequestTypeDef
) -> None:
    """It is gone; its history stays."""
    if not config.running:
        raise NoRunningConfigurationRecorderException.stopped()
    config.recording.forget(Key(request["ResourceType"], request["ResourceId"]))
