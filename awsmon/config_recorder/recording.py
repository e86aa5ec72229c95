"""Noticing that resources changed, asking what they are now, and keeping what was said.

Lives here: `Recording`. A call that writes names resources; those, and whatever stands in a new or
another relation to them, are described by their own service, outside the lock, and each that is
different becomes a configuration item, at the instant of the call.
Source: Config Developer Guide, "How AWS Config works", "Recording AWS resources".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import types
from awsmon.config_recorder.items import change_of
from awsmon.config_recorder.model import CHANGED, DELETED, DISCOVERED, Item, Key
from awsmon.config_recorder.resource_types import Asking, Relationship
from awsmon.core.clock import EPOCH, Call
from awsmon.core.config_events import ResourceChanged
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from awsmon.config_recorder.resource_types import Described, ResourceType
    from awsmon.config_recorder.service import ConfigRecorder
    from awsmon.core.events import ApiCalled
    from awsmon.core.targets import OtherMock

__all__ = ["Errand", "Recording"]

DAY = timedelta(days=1)
_READS = (
    "Get", "List", "Describe", "Head", "Lookup", "Batch", "Query", "Scan", "Search", "Filter",
    "Receive", "Select", "Test", "Simulate", "Assume", "Decrypt", "Encrypt", "Generate",
)  # fmt: skip
_DATA = {
    # client -> operations that change what is in a resource, and not the resource
    "cloudwatch": {"PutMetricData", "SetAlarmState"},
    "dynamodb": {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "ExecuteStatement"},
    "kinesis": {"PutRecord", "PutRecords"},
    "lambda": {"Invoke", "InvokeAsync"},
    "logs": {"PutLogEvents", "CreateLogStream", "DeleteLogStream", "StartQuery", "StopQuery"},
    "s3": {"PutObject", "CopyObject", "DeleteObject", "DeleteObjects", "CreateMultipartUpload",
           "UploadPart", "CompleteMultipartUpload", "PutObjectTagging", "PutObjectAcl"},
    "sns": {"Publish", "PublishBatch"},
    "sqs": {"SendMessage", "SendMessageBatch", "DeleteMessage", "DeleteMessageBatch",
            "ChangeMessageVisibility"},
}  # fmt: skip
_DEEPEST = 8

Work = dict[str, "set[str] | None"]
"""Types, and the keys of their resources that are to be described; None: all."""
_Other = tuple[str, "str | None"]
"""A type, and the key of a resource of it that is to be described, too; None: all."""


@dataclass(slots=True)
class Errand:
    """What is to be looked at, and because of which call.

    Attributes:
        event: the id of the trail's event.
    """

    work: Work = field(default_factory=dict)
    event: str | None = None


class Recording:
    """What one account's recorder notices in one region."""

    def __init__(self, config: ConfigRecorder) -> None:
        self._config = config
        self._ids: dict[Key, str] = {}  # by name, ARN or key, too
        self.told: set[Key] = set()
        """Resources that somebody told of."""
        self._held: dict[Key, Item] = {}  # until the day is over
        self.callers: dict[str, str] = {}
        """Calls that changed something, and whose, by the trail's event."""
        self._inverse: dict[Key, dict[Key, Relationship]] = {}
        """How others said that they stand to a resource, from its own point of view."""

    # -- noticing ----------------------------------------------------------------------------------

    def called(self, call: ApiCalled) -> None:
        """A listener: a call was made that may have changed something here."""
        if call.error or call.operation.startswith(_READS):
            return
        if call.operation in _DATA.get(call.service, ()):
            return
        kinds = [each for each in types.of_client(call.service) if self._config.wants(each.name)]
        if not kinds:
            return
        told = (call.parameters, call.result)
        work: Work = {}
        for kind in kinds:
            elsewhere = call.scope.region != self._config.scope.region
            if elsewhere and not (kind.is_global or kind.anywhere):
                continue
            keys = {each for each in _values(told, kind.members) if kind.may_name(each)}
            if keys:
                work[kind.name] = keys
        if work:
            event = call.event_id
            self.callers[event] = f"{call.service}.{call.operation} of {call.identity.arn}" + (
                f", for {call.invoked_by}" if call.invoked_by else ""
            )
            self._config.send_errand(Errand(work, event))

    def begin(self, mock: OtherMock) -> None:
        """The recorder was turned on: everything there is."""
        held = {
            client: mock.ours(client) or mock.holds(client)
            for client in {each.client for each in types.known().values()}
        }
        self._config.send_errand(Errand({
            each.name: None for each in types.known().values()
            if held[each.client] and self._config.wants(each.name)
        }))  # fmt: skip

    # -- looking, outside the lock -----------------------------------------------------------------

    def look(self, errand: Errand, mock: OtherMock) -> None:
        """Describe what the errand names, and what stands in another relation to that."""
        seen: set[tuple[str, str]] = set()
        described: dict[Key, Described] = {}  # nobody is asked twice about one resource
        work = errand.work
        while work:
            batch, work = work, {}
            for name, keys in batch.items():
                seen |= {(name, key) for key in keys or ()}
                for kind, key in self._look_at(name, keys, errand.event, mock, described):
                    if not self._config.wants(kind):
                        continue
                    if key is None:
                        work[kind] = None
                    elif (kind, key) not in seen:
                        seen.add((kind, key))
                        more = work.setdefault(kind, set())
                        if more is not None:
                            more.add(key)

    def _look_at(
        self, name: str, keys: set[str] | None, event: str | None, mock: OtherMock,
        described: dict[Key, Described],
    ) -> list[_Other]:  # fmt: skip
        kind, config = types.find(name), self._config
        if kind is None or not (mock.ours(kind.client) or mock.serves(kind.client)):
            return []
        asking = Asking(mock, kind.client, config.scope)
        asked = {Key(name, key) for key in keys or ()}
        found = [described[key] for key in sorted(asked & described.keys())]
        unknown = None if keys is None else sorted(key.id for key in asked - described.keys())
        try:
            found += [] if unknown == [] else kind.describe(asking, unknown)
        except Refused as error:
            with config.door:
                config.failed(f"{name}: {error}")
            return []
        described.update((Key(name, each.id), each) for each in found)
        with config.door:
            return list(self._take(kind, keys, found, event))

    def _take(
        self, kind: ResourceType, keys: Iterable[str] | None, found: Sequence[Described],
        event: str | None,
    ) -> Iterator[_Other]:  # fmt: skip
        """Keep what was found, and what wasn't; yields who stands in another relation now."""
        there = {each.id for each in found}
        if keys is None:
            known = {key.id for key in self._config.alive(kind.name)}
            known |= {key.id for key in self._held if key.type == kind.name}
        else:
            known = {self._ids.get(Key(kind.name, key), "") for key in keys}
        for each in found:
            last = self._config.newest(Key(kind.name, each.id))
            yield from self.keep(kind.name, each, event)
            if keys is not None and (last is None or last.deleted):
                yield from ((brought, None) for brought in kind.brings
                            if self._config.wants(brought))  # fmt: skip
        for gone in sorted(known - there - {""}):
            yield from self.forget(Key(kind.name, gone), event)

    # -- keeping -----------------------------------------------------------------------------------

    def tell(self, resource_type: str, found: Described) -> None:
        """A resource as somebody tells of it, whatever recorders record."""
        self.told.add(Key(resource_type, found.id))
        self.keep(resource_type, found)

    def keep(
        self, resource_type: str, found: Described, event: str | None = None
    ) -> list[tuple[str, str]]:
        """A resource as it was found; an item where it is new or another.

        Returns:
            Types and keys of what stands in another relation to it now.
        """
        config, key = self._config, Key(resource_type, found.id)
        for alias in (found.id, found.key, found.name, found.arn):
            if alias:
                self._ids[Key(resource_type, alias)] = found.id
        last = config.newest(key)
        alive = last is not None and not last.deleted
        item = Item(
            key=key, service_key=found.key, status=CHANGED if alive else DISCOVERED,
            captured=config.clock.now(), created=last.created if alive and last else
            config.clock.now(), state_id=0, name=found.name, arn=found.arn,
            zone=found.availability_zone, configuration=found.configuration,
            supplementary=found.supplementary, tags=found.tags,
            relationships=self._related(key, found),
            events=(event,) if event else (), frequency=config.frequency(resource_type),
        )  # fmt: skip
        if alive and last is not None and item.same(last):
            self._held.pop(key, None)
            return []
        self._put(item)
        self._point_back(item, last if alive else None)
        return _others(last if alive else None, item)

    def _related(self, key: Key, found: Described) -> list[Relationship]:
        """As the resource's own service says, and as others say of it."""
        own = {(each.resource_type, each.resource_id) for each in found.relationships}
        back = self._inverse.get(key, {})
        return [*found.relationships, *(back[each] for each in sorted(back) if each not in own)]

    def _unpoint(self, item: Item) -> None:
        for each in item.relationships:
            self._inverse.get(Key(each.resource_type, each.resource_id), {}).pop(item.key, None)

    def _point_back(self, item: Item, before: Item | None) -> None:
        if before is not None:
            self._unpoint(before)
        for each in item.relationships:
            back = self._inverse.setdefault(Key(each.resource_type, each.resource_id), {})
            back[item.key] = Relationship(*item.key, inverse(each.name, item.key.type), item.name)

    def forget(self, key: Key, event: str | None = None) -> list[tuple[str, str]]:
        """A resource that is gone."""
        config, last = self._config, self._config.newest(key)
        held = self._held.pop(key, None)
        if last is None or last.deleted:
            if held is not None:  # new today, and gone: nobody heard of it
                self._unpoint(held)
            return []
        item = Item(
            key=key, service_key=last.service_key, status=DELETED, captured=config.clock.now(),
            created=last.created, state_id=0, name=last.name, arn=last.arn, zone=last.zone,
            events=(event,) if event else (), frequency=config.frequency(key.type),
        )  # fmt: skip
        self._put(item)
        self._unpoint(held or last)
        return _others(held or last, item)

    def _put(self, item: Item) -> None:
        if item.frequency == "DAILY":
            if not self._held:
                now = self._config.clock.now()
                due = EPOCH + ((now - EPOCH) // DAY + 1) * DAY
                call = Call("config_recorder.recording", "close_day", None)
                self._config.clock.set(due, call, scope=self._config.scope)
            self._held[item.key] = item
        else:
            self._held.pop(item.key, None)  # it was recorded daily until now
            self._append(item)

    def close_day(self, _: None) -> None:
        """A timer's verb: what changed in the day becomes items, where it is still recorded."""
        held, self._held = self._held, {}
        for item in held.values():
            if not self._config.wants(item.key.type):
                continue
            item.captured = self._config.clock.now()
            self._append(item)

    def _append(self, item: Item) -> None:
        config = self._config
        last = config.newest(item.key)
        item.state_id = max((item.captured - EPOCH) // timedelta(milliseconds=1),
                            last.state_id + 1 if last else 0)  # fmt: skip
        config.append(item)
        config.publish(
            ResourceChanged(
                at=config.clock.now(), scope=config.scope, resource_type=item.key.type,
                resource_id=item.key.id, change=change_of(item),
            )
        )  # fmt: skip


def _others(before: Item | None, after: Item) -> list[tuple[str, str]]:
    """Whoever stands in another relation to a resource than before."""
    was = {each[:2] for each in (before.relationships if before else ())}
    now = {each[:2] for each in after.relationships}
    return sorted(was ^ now)


_NOUNS = {"VPC": "Vpc", "EIP": "ElasticIp", "NetworkAcl": "NetworkACL"}


def inverse(name: str, resource_type: str) -> str:
    """The same relationship from its other end, as ``Contains Instance`` of ``Is contained in``."""
    noun = resource_type.rpartition("::")[2]
    noun = _NOUNS.get(noun, noun)
    if name.startswith("Is contained in"):
        return f"Contains {noun}"
    if name.startswith("Contains"):
        return f"Is contained in {noun}"
    return f"{name.rpartition(' ')[0]} {noun}"


def _values(value: Any, members: Sequence[str], depth: int = 0) -> Iterator[str]:
    """The texts that stand in members of these names, at any depth."""
    if depth > _DEEPEST:
        return
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _values(each, members, depth + 1)
    elif isinstance(value, dict):
        yield from _within(value, members, depth)


def _within(value: Mapping[str, Any], members: Sequence[str], depth: int) -> Iterator[str]:
    for name, inner in value.items():
        if name in members:
            if isinstance(inner, str):
                yield inner
                continue
            if isinstance(inner, (list, tuple)):
                yield from (each for each in inner if isinstance(each, str))
        yield from _values(inner, members, depth + 1)
