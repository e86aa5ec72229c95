"""Configuration items in the forms in which AWS shows them, and what is different between two.

Lives here: `shown` and `basic` (answers of the API), `told` (files, notices, rules), `difference`,
and `json_object` for what is given. Source: Config Developer Guide, "Components of a configuration
item", "Example configuration item change notifications", "Viewing configuration details".
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from awsmon.config_recorder.model import Item
    from awsmon.core.scope import Scope

__all__ = ["VERSION", "basic", "difference", "json_object", "shown", "stamp", "summary", "told",
           "too_long"]  # fmt: skip

VERSION = "1.3"
_LONGEST = 256 * 1024
_CHANGES = {"ResourceDiscovered": "CREATE", "OK": "UPDATE", "ResourceDeleted": "DELETE"}


@lru_cache(maxsize=256)
def stamp(at: datetime | None) -> str | None:
    """An instant as Config's texts have it, to the millisecond."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def json_object(text: str) -> dict[str, Any] | None:
    """What a text says; None: it isn't JSON, or no object."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def basic(item: Item, scope: Scope) -> dict[str, Any]:
    """As BatchGetResourceConfig answers: without tags and relationships."""
    return {
        "version": VERSION,
        "accountId": scope.account,
        "configurationItemCaptureTime": item.captured,
        "configurationItemStatus": item.status,
        "configurationStateId": str(item.state_id),
        "arn": item.arn,
        "resourceType": item.key.type,
        "resourceId": item.key.id,
        "resourceName": item.name,
        "awsRegion": scope.region,
        "availabilityZone": item.zone,
        "resourceCreationTime": item.created,
        "configuration": None if item.configuration is None else _text(item.configuration),
        "supplementaryConfiguration": {
            name: _text(value) for name, value in item.supplementary.items()
        },
        **_daily(item),
    }


def _daily(item: Item) -> dict[str, Any]:
    """What is said of items of daily recording only."""
    if item.frequency != "DAILY":
        return {}
    return {"recordingFrequency": "DAILY", "configurationItemDeliveryTime": item.captured}


def shown(item: Item, scope: Scope) -> dict[str, Any]:
    """As GetResourceConfigHistory answers."""
    return {
        **basic(item, scope),
        "configurationItemMD5Hash": "",
        "tags": dict(item.tags),
        "relatedEvents": list(item.events),
        "relationships": [
            {"resourceType": each.resource_type, "resourceId": each.resource_id,
             "resourceName": each.resource_name, "relationshipName": each.name}
            for each in item.relationships
        ],
    }  # fmt: skip


def told(item: Item, scope: Scope) -> dict[str, Any]:
    """As files, notices and custom rules have it: values are objects, not texts."""
    return {
        "relatedEvents": list(item.events),
        "relationships": [
            {"resourceId": each.resource_id, "resourceName": each.resource_name,
             "resourceType": each.resource_type, "name": each.name}
            for each in item.relationships
        ],
        "configuration": item.configuration,
        "supplementaryConfiguration": dict(item.supplementary),
        "tags": dict(item.tags),
        "configurationItemVersion": VERSION,
        "configurationItemCaptureTime": stamp(item.captured),
        "configurationStateId": item.state_id,
        "awsAccountId": scope.account,
        "configurationItemStatus": item.status,
        "resourceType": item.key.type,
        "resourceId": item.key.id,
        "resourceName": item.name,
        "ARN": item.arn,
        "awsRegion": scope.region,
        "availabilityZone": item.zone,
        "configurationStateMd5Hash": "",
        "resourceCreationTime": stamp(item.created),
    }  # fmt: skip


def summary(item: Item, scope: Scope) -> dict[str, Any]:
    """What notices say of an item that is too long for them."""
    left_out = ("relatedEvents", "relationships", "configuration", "supplementaryConfiguration",
                "tags")  # fmt: skip
    whole = told(item, scope)
    return {"changeType": change_of(item),
            **{name: value for name, value in whole.items() if name not in left_out}}  # fmt: skip


def too_long(message: Mapping[str, Any]) -> bool:
    """Whether a message is longer than 256 KiB, which is as much as a topic and a function take."""
    return len(json.dumps(message, default=str)) > _LONGEST


def change_of(item: Item) -> str:
    """``CREATE``, ``UPDATE`` or ``DELETE``."""
    return _CHANGES[item.status]


def difference(before: Item | None, after: Item) -> dict[str, Any]:
    """A configurationItemDiff; nothing is listed of a resource that is new.

    Properties are named from the top, as ``Configuration.ipPermissions.0``; elements of lists are
    matched as values, so that one more in the middle is one change.
    """
    changes = {} if before is None else {
        path: {"previousValue": old, "updatedValue": new,
               "changeType": "CREATE" if old is None else "DELETE" if new is None else "UPDATE"}
        for path, old, new in _changes(_parts(before), _parts(after))
    }  # fmt: skip
    return {"changedProperties": changes, "changeType": change_of(after)}


def _parts(item: Item) -> dict[str, Any]:
    """The parts of an item that a difference is made of, by their names in it."""
    return {
        "Configuration": item.configuration,
        "Relationships": [
            {"resourceId": each.resource_id, "resourceName": each.resource_name,
             "resourceType": each.resource_type, "name": each.name}
            for each in item.relationships
        ],
        "Tags": dict(item.tags),
        **{f"SupplementaryConfiguration.{name}": each for name, each in item.supplementary.items()},
    }  # fmt: skip


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, Any, Any]]:
    """Paths whose values differ, with both."""
    for name in {**before, **after}:
        old, new, here = before.get(name), after.get(name), f"{path}{name}"
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _changes(old, new, f"{here}.")
        elif isinstance(old, list) and isinstance(new, list):
            yield from _of_lists(old, new, here)
        else:
            yield here, old, new


def _of_lists(old: list[Any], new: list[Any], path: str) -> Iterator[tuple[str, Any, Any]]:
    gone, come = (
        [each for each in old if each not in new],
        [each for each in new if each not in old],
    )
    for place, each in enumerate(gone):
        yield f"{path}.{place}", each, None
    for place, each in enumerate(come, start=len(gone)):
        yield f"{path}.{place}", None, each
