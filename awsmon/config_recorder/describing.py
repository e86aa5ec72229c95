"""What the modules in `types/` share.

Lives here: `Listed`, for types whose service lists them all with what there is to know; `told`,
which asks for what may not be there; `tags_of`, `wanted`, `relations`, `pick`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.resource_types import (
    Asking,
    Described,
    Relationship,
    ResourceType,
    lowered,
)
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = ["Listed", "pick", "relations", "tags_of", "told", "wanted"]


def told(ask: Asking, operation: str, **parameters: Any) -> dict[str, Any] | None:
    """An answer; None where it is refused: it isn't set, isn't there, or the mock lacks it."""
    try:
        answer = ask(operation, **parameters)
    except Refused:
        return None
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def tags_of(found: Iterable[Mapping[str, Any]] | Mapping[str, str] | None) -> dict[str, str]:
    """Lists of pairs, whichever way their members are written, as a dict."""
    tags: dict[str, str] = {}
    if isinstance(found, dict):
        return dict(found)
    for each in found or ():
        assert not isinstance(each, str)
        key = each.get("Key", each.get("key", each.get("TagKey")))
        if key is not None:
            tags[key] = each.get("Value", each.get("value", each.get("TagValue", "")))
    return tags


def wanted(found: Iterable[Described], keys: Sequence[str] | None) -> Iterator[Described]:
    """Those that a key names, by whatever it names them."""
    for each in found:
        if keys is None or not {each.id, each.key, each.name, each.arn}.isdisjoint(keys):
            yield each


def relations(name: str, resource_type: str, *ids: str | None) -> list[Relationship]:
    """A relationship to each resource, as ``Is contained in Vpc``; None is nobody."""
    return [Relationship(resource_type, each, name) for each in dict.fromkeys(ids) if each]


def pick(found: Any, path: str) -> Any:
    """A member within members, as ``VpcConfig.VpcId``; None where it isn't there."""
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _nothing(_: Asking, __: dict[str, Any]) -> dict[str, Any]:
    return {}


def _nobody(_: dict[str, Any]) -> list[Relationship]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A type whose service lists its resources.

    Attributes:
        type, client: as `ResourceType` has them; `members` too.
        each: what there is, as ``("DescribeDBInstances", "DBInstances")``: a call and the list in
            its answer; or a function that asks.
        id, key, name, arn: members of what is found, with dots; key and name are the id where
            nothing is said.
        tags: the member that has them, or a function that asks for them.
        extra: asks for what is in supplementaryConfiguration.
        more: asks for what else is in the configuration.
        related: relationships.
        zone: availability zone, or the member that tells it.
    """

    type: str
    client: str
    members: Sequence[str]
    each: tuple[str, str] | Callable[[Asking], Iterable[dict[str, Any]]]
    id: str
    key: str = ""
    name: str = ""
    arn: str = ""
    tags: str | Callable[[Asking, dict[str, Any]], Any] = "Tags"
    extra: Callable[[Asking, dict[str, Any]], dict[str, Any]] = _nothing
    more: Callable[[Asking, dict[str, Any]], dict[str, Any]] = _nothing
    related: Callable[[dict[str, Any]], list[Relationship]] = _nobody
    zone: str = "Regional"

    @property
    def resource_type(self) -> ResourceType:
        """For `TYPES`."""
        return ResourceType(name=self.type, client=self.client, members=self.members,
                            describe=self.describe)  # fmt: skip

    def describe(self, ask: Asking, keys: Sequence[str] | None) -> Iterator[Described]:
        """All, or those that keys name."""
        if callable(self.each):
            found: Iterable[dict[str, Any]] = self.each(ask)
        else:
            found = ask.all(*self.each)
        for each in found:
            names = {pick(each, path) for path in (self.id, self.key, self.name, self.arn) if path}
            if keys is None or not names.isdisjoint(keys):
                yield self._described(ask, each)

    def _described(self, ask: Asking, found: dict[str, Any]) -> Described:
        id_ = pick(found, self.id)
        tags = self.tags(ask, found) if callable(self.tags) else pick(found, self.tags)
        return Described(
            id=id_, key=pick(found, self.key) if self.key else id_,
            name=pick(found, self.name) if self.name else id_,
            arn=pick(found, self.arn) if self.arn else None,
            configuration=lowered({**found, **self.more(ask, found)}),
            supplementary={name: lowered(each) for name, each in self.extra(ask, found).items()
                           if each is not None}, tags=tags_of(tags),
            relationships=self.related(found),
            availability_zone=pick(found, self.zone) or self.zone,
        )  # fmt: skip
