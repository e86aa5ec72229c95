"""AWS Config in one account and region.

Lives here: `ConfigRecorder`: recorders, the channel, what is known of resources, and what people
ask. How changes are noticed is `recording.py`'s, who is told of them `notifying.py`'s, files are
`delivering.py`'s, whether resources are as they should be is `rules/`'s.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.config_recorder.aggregators import Aggregators
from awsmon.config_recorder.delivering import Delivering
from awsmon.config_recorder.delivery_errors import NoSuchDeliveryChannelException
from awsmon.config_recorder.errors import (
    NoSuchConfigurationRecorderException,
    ResourceNotFoundException,
)
from awsmon.config_recorder.explaining import Moment, explained, timeline
from awsmon.config_recorder.items import difference
from awsmon.config_recorder.model import Channel, Item, Key, Recorder
from awsmon.config_recorder.notifying import Notifying
from awsmon.config_recorder.organization import Organization
from awsmon.config_recorder.packs import Packs
from awsmon.config_recorder.pictures import chart
from awsmon.config_recorder.proactive import Proactive
from awsmon.config_recorder.recording import Errand, Recording
from awsmon.config_recorder.remediation import Remediation
from awsmon.config_recorder.resource_types import Described
from awsmon.config_recorder.restoring import SdkCall, calls
from awsmon.config_recorder.rules.evaluating import Evaluating, Question
from awsmon.config_recorder.rules.rules import Rules
from awsmon.core.clock import aware
from awsmon.core.deliveries import Delivery
from awsmon.core.errors import MisuseError
from awsmon.core.scope import Scope
from awsmon.core.service import Service, direct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from awsmon.config_recorder.connectors import Connector
    from awsmon.config_recorder.operations.queries import StoredQuery
    from awsmon.core.backend import Backend
    from awsmon.core.neighbours import MetricReader
    from awsmon.core.targets import OtherMock

__all__ = ["ConfigRecorder", "Usage"]

RETENTION = 2557
"""Days that items are kept, where nothing else is set: seven years."""


class Usage(NamedTuple):
    """Configuration items that were recorded, and evaluations that were made."""

    configuration_items: int
    evaluations: int


class ConfigRecorder(Service):
    """Resources as they were and are, and what rules say of them.

    Attributes:
        metrics: draws pictures.
        recorders: by name.
        channel: where to deliver; None: there is none.
        connectors: to other clouds, by ARN.
        retention: days that items are kept; None: as long as AWS does unasked.
    """

    def __init__(self, backend: Backend, scope: Scope, metrics: MetricReader) -> None:
        super().__init__(backend, scope)
        self.metrics = metrics
        self.recorders: dict[str, Recorder] = {}
        self.channel: Channel | None = None
        self.retention: int | None = None
        self.connectors: dict[str, Connector] = {}
        self.stored_queries: dict[str, StoredQuery] = {}
        self._items: dict[str, dict[Key, list[Item]]] = {}
        self.recording = Recording(self)
        self.notifying = Notifying(self)
        self.delivering = Delivering(self)
        self.rules = Rules(self)
        self.evaluating = Evaluating(self)
        self.remediation = Remediation(self)
        self.aggregators = Aggregators(self, self._everywhere)
        self.packs = Packs(self)
        self.proactive = Proactive(self)
        self.organization = Organization(self._of_account)

    def _everywhere(self) -> Iterator[ConfigRecorder]:
        """Of all accounts and regions that use Config."""
        for scope in self._backend.scopes:
            place = self._backend.at(scope)
            if "config_recorder" in vars(place):
                yield place.config_recorder

    def _of_account(self, account: str) -> ConfigRecorder:
        """Of another account, in this region."""
        found: ConfigRecorder = self._backend.at(Scope(account, self.scope.region)).config_recorder
        return found

    # -- recorders and the channel -----------------------------------------------------------------

    @property
    def own(self) -> Recorder | None:
        """The customer's own recorder."""
        return next((each for each in self.recorders.values() if not each.service_principal), None)

    def find(self, name: str) -> Recorder:
        """The recorder of a name, an ARN or a service principal.

        Raises:
            NoSuchConfigurationRecorderException: there is none.
        """
        for each in self.recorders.values():
            if name in (each.name, each.arn, each.service_principal):
                return each
        raise NoSuchConfigurationRecorderException.named(name)

    def connector(self, arn: str) -> Connector:
        """The connector of an ARN.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if arn not in self.connectors:
            raise ResourceNotFoundException.connector(arn)
        return self.connectors[arn]

    def places(self) -> list[str]:
        """The S3 URL below which the channel delivers."""
        channel = self.channel
        if channel is None:
            return []
        prefix = f"{channel.s3_key_prefix}/" if channel.s3_key_prefix else ""
        return [f"s3://{channel.s3_bucket_name}/{prefix}AWSLogs/{self.scope.account}/Config/"]

    def find_channel(self, name: str) -> Channel:
        """The channel of that name.

        Raises:
            NoSuchDeliveryChannelException: there is none.
        """
        if self.channel is None or self.channel.name != name:
            raise NoSuchDeliveryChannelException.named(name)
        return self.channel

    @property
    def running(self) -> bool:
        """Whether any recorder is on."""
        return any(each.recording for each in self.recorders.values())

    def wants(self, resource_type: str) -> bool:
        """Whether a recorder that is on records resources of a type."""
        return any(each.recording and each.wants(resource_type) for each in self.recorders.values())

    def internal(self, resource_type: str) -> bool:
        """Whether recorders of services alone record a type: its items aren't delivered."""
        told = {each.recording_scope for each in self.recorders.values()
                if each.recording and each.wants(resource_type)}  # fmt: skip
        return told == {"INTERNAL"}

    def frequency(self, resource_type: str) -> str:
        """``CONTINUOUS`` where any recorder records it so, else ``DAILY``."""
        told = {each.frequency(resource_type) for each in self.recorders.values()
                if each.recording and each.wants(resource_type)}  # fmt: skip
        return "DAILY" if told == {"DAILY"} else "CONTINUOUS"

    def start(self, recorder: Recorder) -> None:
        """Turn a recorder on: everything there is becomes known."""
        recorder.recording, recorder.started = True, self.clock.now()
        self.recording.begin(self._backend.other_mock)

    def stop(self, recorder: Recorder) -> None:
        """Turn a recorder off; what is known stays."""
        recorder.recording, recorder.stopped = False, self.clock.now()

    def failed(self, why: str) -> None:
        """A resource could not be described; the channel's stream says so."""
        if self.channel is not None:
            self.channel.status["configStreamDeliveryInfo"] = {
                "lastStatus": "Failure", "lastErrorMessage": why,
                "lastStatusChangeTime": self.clock.now(),
            }  # fmt: skip

    # -- what can't be done under the lock ---------------------------------------------------------

    def send_errand(self, errand: Errand | Question) -> None:
        """Have resources looked at, or a rule run that asks services, once the lock is free."""
        arn = self.scope.arn("config", "errand")
        self.deliveries.send(
            Delivery(at=self.clock.now(), scope=self.scope, sender="config_recorder", subject=arn,
                     target_arn=arn, payload=errand),
            keep=False,
        )  # fmt: skip

    def run_errand(self, errand: Errand | Question, mock: OtherMock) -> None:
        """One that was sent, outside the lock."""
        if isinstance(errand, Errand):
            self.recording.look(errand, mock)
        else:
            self.evaluating.run(errand, mock)

    # -- what is known of resources ----------------------------------------------------------------

    def append(self, item: Item) -> None:
        """A new item of a resource."""
        self._items.setdefault(item.key.type, {}).setdefault(item.key, []).append(item)

    def newest(self, key: Key) -> Item | None:
        """The last item of a resource; None: it was never seen."""
        found = self._items.get(key.type, {}).get(key)
        return found[-1] if found else None

    def history(self, key: Key) -> list[Item]:
        """The items of a resource that are still kept, oldest first."""
        found = self._items.get(key.type, {}).get(key, [])
        oldest = self.clock.now() - timedelta(days=self.retention or RETENTION)
        return [each for each in found if each.captured >= oldest or each is found[-1]]

    def alive(self, resource_type: str | None = None) -> Iterator[Key]:
        """The resources that are there, of a type or of all, in the order they were seen."""
        kinds = self._items if resource_type is None else (resource_type,)
        for kind in kinds:
            for key, found in self._items.get(kind, {}).items():
                if not found[-1].deleted:
                    yield key

    def recorded(self, key: Key) -> bool:
        """Whether a recorder, on or off, is for a resource; told ones need none."""
        return (not self.recorders or key in self.recording.told
                or any(each.wants(key.type) for each in self.recorders.values()))  # fmt: skip

    def known(self, resource_type: str) -> Iterator[Key]:
        """The resources of a type that ever were there."""
        yield from self._items.get(resource_type, {})

    def seen(self) -> Iterator[Key]:
        """All resources that ever were there, by type, in the order they were seen."""
        for found in self._items.values():
            yield from found

    # -- for people --------------------------------------------------------------------------------

    @direct
    def record(
        self, resource_type: str, resource_id: str, configuration: Mapping[str, Any] | None, *,
        name: str | None = None, arn: str | None = None, tags: Mapping[str, str] | None = None,
        supplementary: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Tell of a resource, whatever its type, as if a recorder had seen it; it needs none.

        Args:
            resource_type: as ``AWS::EC2::Volume`` or ``Acme::Thing::Widget``.
            resource_id: by which it is known.
            configuration: as a configuration item has it; None: the resource is gone.
            name: for people, where it isn't the id.
            arn: where it has one.
            tags: by key.
            supplementary: further parts, by name.
        """
        if configuration is None:
            self.recording.forget(Key(resource_type, resource_id))
            return
        self.recording.tell(resource_type, Described(
            id=resource_id, name=name, arn=arn, configuration=dict(configuration),
            tags=dict(tags or {}), supplementary=dict(supplementary or {}),
        ))  # fmt: skip

    @direct
    def diff(
        self, resource_type: str, resource_id: str, since: datetime | str,
        until: datetime | str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """What is different about a resource between two instants.

        Args:
            resource_type: as ``AWS::EC2::Volume``.
            resource_id: by which it is known.
            since: an aware datetime or ISO 8601 text.
            until: the same; None: now.

        Returns:
            Changed properties by path, each with ``previousValue``, ``updatedValue`` and
            ``changeType``.

        Raises:
            MisuseError: it wasn't known at one of the two.
        """
        key = Key(resource_type, resource_id)
        before, after = (self._as_of(key, each) for each in (since, until))
        changes: dict[str, Any] = difference(before, after)["changedProperties"]
        return changes

    @direct
    def explain(self, rule: str, resource_type: str, resource_id: str) -> str:
        """Why a rule judges a resource as it does.

        Args:
            rule: its name.
            resource_type: as ``AWS::EC2::Volume``; ``AWS::::Account`` for the account.
            resource_id: by which it is known.

        Returns:
            Lines: the judgement, what the rule read, what had changed, and whose call that was.

        Raises:
            MisuseError: there is no such rule, or it says nothing of that resource.
        """
        found = self.rules.by_name.get(rule)
        result = self.rules.result(found, Key(resource_type, resource_id)) if found else None
        if result is None:
            raise MisuseError(f"explain({rule!r}, {resource_type!r}, {resource_id!r}): no rule of "
                              "that name judged such a resource.")  # fmt: skip
        return explained(self, result)

    @direct
    def timeline(self, resource_type: str, resource_id: str) -> list[Moment]:
        """What became of a resource, its configuration and its compliance together.

        Args:
            resource_type: as ``AWS::EC2::Volume``.
            resource_id: by which it is known.

        Returns:
            Moments with instant, kind, text and caller, the oldest first.
        """
        return timeline(self, Key(resource_type, resource_id))

    @direct
    def picture(
        self, resource_type: str, resource_id: str, *, start: datetime | str | None = None,
        end: datetime | str | None = None,
    ) -> bytes:  # fmt: skip
        """The PNG of a resource over time: its changes, and what rules said of it.

        Args:
            resource_type: as ``AWS::EC2::Volume``.
            resource_id: by which it is known.
            start: of the time that is shown; None: a little before it was first seen.
            end: None: now.

        Raises:
            MisuseError: it was never seen; the extra ``charts`` isn't installed.
        """
        since, until = (None if each is None else aware(each) for each in (start, end))
        found = chart(self, Key(resource_type, resource_id), since, until)
        if found is None or found.start >= found.end:
            raise MisuseError(f"picture({resource_type!r}, {resource_id!r}): nothing is known of "
                              "such a resource in that time.")  # fmt: skip
        return self.metrics.alarm_picture(found)

    def restore(
        self, resource_type: str, resource_id: str, at: datetime | str, *, apply: bool = False
    ) -> list[SdkCall]:
        """The calls that bring a resource back to what it was at an instant.

        Args:
            resource_type: as ``AWS::EC2::SecurityGroup``.
            resource_id: by which it is known.
            at: an aware datetime or ISO 8601 text.
            apply: make the calls, too, on whoever answers them.

        Returns:
            Calls with client, operation and parameters, in the order in which they are made.

        Raises:
            MisuseError: it wasn't known then, is gone, or is of a type that can't be brought back.
            Refused: a call that was made was answered by an error.
        """
        with self.door:
            key = Key(resource_type, resource_id)
            found = calls(self._as_of(key, None), self._as_of(key, at))
        mock = self._backend.other_mock
        for each in found if apply else ():
            mock.call(each.client, each.operation, each.parameters, scope=self.scope,
                      invoked_by="restore")  # fmt: skip
        return found

    @direct
    def usage(self) -> Usage:
        """What there would be to pay for: configuration items and evaluations, counted."""
        return Usage(
            sum(len(items) for found in self._items.values() for items in found.values()),
            self.rules.evaluations,
        )

    def _as_of(self, key: Key, at: datetime | str | None) -> Item:
        instant = self.clock.now() if at is None else aware(at)
        found = [each for each in self.history(key) if each.captured <= instant]
        if not found:
            raise MisuseError(f"{key.type} {key.id} wasn't known at {instant:%Y-%m-%d %H:%M:%S}.")
        return found[-1]
