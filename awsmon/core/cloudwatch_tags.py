"""Tags of what CloudWatch keeps, as its metrics and its alarms check them alike.

Lives here: `checked_tags`. Source: User Guide, "Tagging your Amazon CloudWatch resources"; API
reference, TagResource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.query_errors import InvalidParameterValue
from awsmon.core.tagging import tag_map

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = ["checked_tags"]

MOST_TAGS = 50


def checked_tags(
    tags: Sequence[Mapping[str, Any]] | None, *, had: Collection[str] = ()
) -> dict[str, str]:
    """The tags of a request.

    Args:
        tags: as they were given.
        had: the keys that the resource has already.

    Raises:
        InvalidParameterValue: a key is there twice or is AWS's own, or there are too many.
    """
    found = tag_map(tags)
    if len(found) < len(tags or ()):
        raise InvalidParameterValue.tag_twice()
    if own := next((key for key in found if key.lower().startswith("aws:")), None):
        raise InvalidParameterValue.tag_key(own)
    if len({*found, *had}) > MOST_TAGS:
        raise InvalidParameterValue.tags(MOST_TAGS)
    return found
