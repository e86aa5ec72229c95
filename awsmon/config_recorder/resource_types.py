"""What Config knows of a type of resource: how it is found, described, and tied to others.

Lives here: `ResourceType`, `Described`, `Relationship`, `Asking` and `lowered`. The types
themselves are in `types/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from awsmon.core.scope import Scope
    from awsmon.core.targets import OtherMock

__all__ = ["Asking", "Described", "Relationship", "ResourceType", "lowered"]

_TOKENS = {
    # member of the answer: member of the next request
    "NextToken": "NextToken", "nextToken": "nextToken", "NextMarker": "Marker", "Marker": "Marker",
    "LastEvaluatedTableName": "ExclusiveStartTableName",
}  # fmt: skip

_MAPS = {"Variables", "Tags", "tags", "options", "dockerLabels", "labels"}
"""Members whose own members are named by people."""


class Asking:
    """Asks the services themselves, as Config's role does, in one account and region.

    It runs outside the lock.
    """

    def __init__(
        self, mock: OtherMock, client: str, scope: Scope, *, invoked_by: str = "config_recorder"
    ) -> None:
        self.scope = scope
        self._invoked_by = invoked_by
        self._mock = mock
        self._client = client

    def __call__(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """The answer of one call, of the type's own client.

        Raises:
            Refused: the answer was an error; its `code` tells which (`core/deliveries.py`).
        """
        return self._mock.call(
            self._client, operation, parameters, scope=self.scope, invoked_by=self._invoked_by
        )

    def of(self, client: str) -> Asking:
        """The same of another boto3 client."""
        return Asking(self._mock, client, self.scope, invoked_by=self._invoked_by)

    def all(self, operation: str, member: str, **parameters: Any) -> Iterator[Any]:
        """What stands in a list of the answer, through all pages."""
        more: dict[str, Any] = {}
        while True:
            answer = self(operation, **parameters, **more)
            yield from answer.get(member) or ()
            more = {
                asked: answer[told] for told, asked in _TOKENS.items() if answer.get(told)
            } if answer.get("IsTruncated", True) else {}  # fmt: skip
            if not more:
                return


class Relationship(NamedTuple):
    """How a resource stands to another, as ``Is contained in Vpc``."""

    resource_type: str
    resource_id: str
    name: str
    resource_name: str | None = None


@dataclass(slots=True, kw_only=True)
class Described:
    """A resource as its own service describes it, in Config's form.

    Attributes:
        id: Config's resourceId.
        key: what its service's calls name it; mostly its id.
        configuration: as a configuration item has it: members in lower camel case, times as text.
        supplementary: the same, by name (of S3: ``BucketPolicy`` and so on).
        availability_zone: or ``Regional``, ``Multiple Availability Zones``, ``Not Applicable``.
    """

    id: str
    configuration: Mapping[str, Any]
    key: str = ""
    name: str | None = None
    arn: str | None = None
    supplementary: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    relationships: Sequence[Relationship] = ()
    availability_zone: str = "Not Applicable"

    def __post_init__(self) -> None:
        self.key = self.key or self.id


Describe = Callable[[Asking, Sequence[str] | None], Iterable[Described]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """One type.

    Attributes:
        name: as ``AWS::EC2::SecurityGroup``.
        client: the boto3 client that describes it.
        clients: those whose calls may change it; the same where nothing else is said.
        members: of the requests and answers of those, at any depth, whose values name resources of
            the type: keys, ids or ARNs.
        describe: all of them in one account and region, or (keys given) those that still are there,
            of these; a resource that is gone is left out and no error. It asks by `Asking`.
        is_global: its calls may come from any region; recorded where global types are.
        anywhere: its calls may come from any region; recorded in its own.
        prefix: of its ids, as ``sg-``, where one member names resources of several types.
        brings: types of which a new one brings others with it, that no call names.
    """

    name: str
    client: str
    members: Sequence[str]
    describe: Describe
    clients: Sequence[str] = ()
    is_global: bool = False
    anywhere: bool = False
    prefix: str = ""
    brings: Sequence[str] = ()

    def may_name(self, text: str) -> bool:
        """Whether a text may be the key, the id or the ARN of a resource of this type."""
        return bool(text) and (text.startswith((self.prefix, "arn:")) if self.prefix else True)

    def __post_init__(self) -> None:
        if not self.clients:
            object.__setattr__(self, "clients", (self.client,))


def lowered(value: Any) -> Any:
    """An answer of boto3's as Config writes it: small first letters, times as text.

    ``DBInstanceArn`` becomes ``dBInstanceArn``; members that Config spells otherwise are the
    describing module's to rename.
    """
    if isinstance(value, Mapping):
        return {
            name[:1].lower() + name[1:]: dict(each) if name in _MAPS and isinstance(each, Mapping)
            else lowered(each)
            for name, each in value.items()
        }  # fmt: skip
    if isinstance(value, (list, tuple)):
        return [lowered(each) for each in value]
    if isinstance(value, datetime):
        at = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return value
