"""Tags: kept by ARN, once for every kind of resource.

Lives here: `Tags`, and the two forms in which AWS writes them. Which ARNs exist, and the errors,
are each service's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Tags", "tag_list", "tag_map"]


class Tags:
    """The taggable resources of one account and region, by ARN, with their tags."""

    def __init__(self) -> None:
        self._by_arn: dict[str, dict[str, str]] = {}

    def __contains__(self, arn: str) -> bool:
        """Whether there is such a resource."""
        return arn in self._by_arn

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._by_arn))

    def create(self, arn: str, tags: Mapping[str, str] | None = None) -> None:
        """There is a new resource; one that is there already keeps the tags it has."""
        self._by_arn.setdefault(arn, dict(tags or {}))

    def forget(self, arn: str) -> None:
        """The resource is gone."""
        self._by_arn.pop(arn, None)

    def of(self, arn: str) -> dict[str, str]:
        """A copy of the tags of one resource."""
        return dict(self._by_arn[arn])

    def put(self, arn: str, tags: Mapping[str, str]) -> None:
        """Add tags, or give them other values."""
        self._by_arn[arn].update(tags)

    def remove(self, arn: str, keys: Iterable[str]) -> None:
        """Take tags away; a key that isn't there is no mistake."""
        for key in keys:
            self._by_arn[arn].pop(key, None)


def tag_map(tags: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """``[{"Key": k, "Value": v}]`` as a dict."""
    return {tag["Key"]: tag["Value"] for tag in tags or ()}


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """A dict as ``[{"Key": k, "Value": v}]``, in order of key."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]
