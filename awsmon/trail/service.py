"""CloudTrail in one account and region.

Lives here: `Trail`: trails, and what calls were made, for people. Records are `records.py`'s, event
history `history.py`'s, what leaves `delivering.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jmespath

from awsmon.core.activity_events import ActivityReported
from awsmon.core.errors import MisuseError
from awsmon.core.scope import Scope
from awsmon.core.service import Service, direct
from awsmon.trail import kinds
from awsmon.trail.activity import INTERNAL, Activity
from awsmon.trail.delivering import Delivering
from awsmon.trail.digests import Digests
from awsmon.trail.errors import InvalidHomeRegionException, TrailNotFoundException
from awsmon.trail.history import History
from awsmon.trail.identities import foreign_role, identity_of
from awsmon.trail.insights import Insights
from awsmon.trail.lake.channels import Channels
from awsmon.trail.lake.dashboards import LakeDashboards
from awsmon.trail.lake.imports import Imports
from awsmon.trail.lake.kept import KeptEvents
from awsmon.trail.lake.queries import LakeQueries
from awsmon.trail.lake.stores import EventDataStores
from awsmon.trail.names import check_arn
from awsmon.trail.organization import OrganizationTrails
from awsmon.trail.organization_errors import NotOrganizationMasterAccountException
from awsmon.trail.questions import VERBS, concerns, did, explained
from awsmon.trail.records import Record, Recorder, username
from awsmon.trail.takers import Takers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.backend import Backend
    from awsmon.core.events import ApiCalled
    from awsmon.core.neighbours import StoredEvents
    from awsmon.core.scope import Identity
    from awsmon.trail.model import TrailSettings

__all__ = ["Trail"]


class Trail(Service):
    """Every API call of one account and region.

    Attributes:
        trails: those that were made here, by name.
        history: all calls, oldest first.
        stores: event data stores; `kept`: what they hold.
        queries: over them.
        channels: through which events from elsewhere come into stores.
        imports: of events that trails delivered.
        dashboards: over stores.
        policies: of stores, channels and dashboards, by ARN.
    """

    def __init__(self, backend: Backend, scope: Scope) -> None:
        super().__init__(backend, scope)
        self.trails: dict[str, TrailSettings] = {}
        self.history = History(backend.trace.keep)
        self.recorder = Recorder(backend, self.history)
        self.takers = Takers(self)
        self.delivering = Delivering(self)
        self.digests = Digests(self)
        self.insights = Insights(self)
        self.stores = EventDataStores(self)
        self.kept = KeptEvents()
        self.queries = LakeQueries(self)
        self.channels = Channels(scope)
        self.imports = Imports(self)
        self.dashboards = LakeDashboards(self)
        self.policies: dict[str, str] = {}
        self.activity = Activity(self)
        self.organization = OrganizationTrails(self)

    def api_called(self, call: ApiCalled) -> None:
        """A listener: a call is recorded, save CloudTrail's own to deliver."""
        if call.invoked_by == "trail":
            return
        if call.service in kinds.GLOBAL:
            region = kinds.region_of(call.service, self.scope.region)
            if region != self.scope.region:
                self.place(self.scope.account, region).api_called(call)
                return
        takers = self.takers.all
        self.history.append(call)
        if takers:
            self.takers.api_called(call)
        if call.service == "sts":
            self._tell_owner(call)
        elif call.service == "organizations":
            self.organization.changed(call)

    def _tell_owner(self, call: ApiCalled) -> None:
        """The account of a role records who of another account assumed it."""
        owner, caller = foreign_role(call), call.identity
        if owner in ("", self.scope.account):
            return
        element = {
            "type": "AWSAccount", "principalId": caller.user_id, "accountId": caller.account,
        }  # fmt: skip
        self.place(owner).api_called(
            ActivityReported(
                at=call.at, scope=Scope(owner, self.scope.region), service=call.service,
                operation=call.operation, identity=caller, request_id=call.request_id,
                packed=call.packed, user_agent=call.user_agent, told={"userIdentity": element},
            )
        )  # fmt: skip

    def identity(self, who: str) -> Identity:
        """Who stands behind an ARN, or a user's name."""
        return identity_of(self._backend, self.scope, who)

    def stored_events(self, arn: str) -> StoredEvents | None:
        """What an event data store holds; None: there is none of that ARN."""
        found = next((each for each in self.stores if each.arn == arn), None)
        return None if found is None else self.kept.stored(found, self.clock.now())

    # -- trails ------------------------------------------------------------------------------------

    def everywhere(self) -> list[TrailSettings]:
        """The trails of this account and its organization, in all regions, in order of ARN."""
        found = [
            each for place in self.every_place() for each in place.trails.values()
            if each.covers(self.scope.account)
        ]  # fmt: skip
        return sorted(found, key=lambda each: each.trail_arn)

    def every_place(self) -> list[Trail]:
        """CloudTrail in all accounts and regions where somebody used it."""
        places = [self._backend.at(scope) for scope in self._backend.scopes]
        return [services.trail for services in places if "trail" in vars(services)]

    def in_account(self, account: str) -> Trail | None:
        """CloudTrail of an account in this region; None: nobody used it there."""
        found = Scope(account, self.scope.region)
        return next((each for each in self.every_place() if each.scope == found), None)

    def changed(self) -> None:
        """A trail is new, another, or gone: all places find out anew which want what."""
        for settings in self.trails.values():
            self.digests.begin(settings)
        for place in self.every_place():
            place.takers.forget()

    def administrators(self, management: str) -> list[str]:
        """Who manages the organization's trails in place of its management account."""
        region = kinds.region_of("organizations", self.scope.region)
        return self.place(management, region).organization.delegated

    def places(self) -> list[str]:
        """The S3 URLs below which trails deliver what happens in this account, or organization."""
        return list(dict.fromkeys(
            f"s3://{each.s3_bucket_name}/{each.folder(self.scope.account)}/"
            if each.account != self.scope.account or not each.organization
            else f"s3://{each.s3_bucket_name}/{each.root}/"
            for each in self.everywhere()
        ))  # fmt: skip

    def place(self, account: str, region: str | None = None) -> Trail:
        """CloudTrail of another account, or in another region."""
        found: Trail = self._backend.at(Scope(account, region or self.scope.region)).trail
        return found

    @property
    def number(self) -> int:
        """Of the call that is being answered, in the trace."""
        return self._dispatcher.cause or 0

    def start(self, settings: TrailSettings) -> None:
        """A trail logs from the call on that starts it."""
        if not settings.logging:
            settings.spans.append((self.number, None))
        settings.logging, settings.started = True, self.clock.now()
        self.changed()

    def stop(self, settings: TrailSettings) -> None:
        """A trail ends its logging with the record of the call that ends it."""
        last = self.takers.all
        if settings.logging:
            settings.spans[-1] = (settings.spans[-1][0], self.number)
        settings.logging, settings.stopped = False, self.clock.now()
        self.changed()
        self.takers.once_more(last)

    def is_own(self, settings: TrailSettings) -> bool:
        """Whether a trail was made in this account and region; others' are its shadows here."""
        home = (settings.account, settings.home_region)
        return home == (self.scope.account, self.scope.region)

    def find(self, name: str, *, shadows: bool = True) -> TrailSettings:
        """The trail of that name or ARN; with *shadows*, another's that logs here by name too.

        Raises:
            CloudTrailARNInvalidException: it is the ARN of something else.
            TrailNotFoundException: there is none.
        """
        check_arn(name)
        for each in self.everywhere():
            here = self.is_own(each) or (shadows and each.reaches(self.scope.region))
            if name == each.trail_arn or (name == each.name and here):
                return each
        raise TrailNotFoundException.named(name, self.scope.account)

    def own(self, name: str) -> TrailSettings:
        """The same, of this region.

        Raises:
            TrailNotFoundException: there is none.
            InvalidHomeRegionException: it is another region's.
            NotOrganizationMasterAccountException: it is the organization's, not this account's.
        """
        found = self.find(name)
        if self.scope.account not in (found.account, *self.administrators(found.account)):
            raise NotOrganizationMasterAccountException.may_change(found.name)
        if found.home_region != self.scope.region:
            raise InvalidHomeRegionException.of(found.name, found.home_region)
        return found

    # -- for people --------------------------------------------------------------------------------

    @direct
    def calls(
        self,
        service: str | None = None,
        *,
        name: str | None = None,
        user: str | None = None,
        errors: bool | None = None,
        where: str | None = None,
    ) -> list[Record]:
        """The calls that were made, oldest first, data events too.

        Args:
            service: the boto3 client, as ``dynamodb``.
            name: of the event, as ``DeleteTable``.
            user: the caller's ARN, user or session name.
            errors: only those that failed, or only those that didn't.
            where: a JMESPath expression over the record, as ``requestParameters.tableName == 't'``.

        Raises:
            MisuseError: the expression is none.
        """
        try:
            holds = None if where is None else jmespath.compile(where)
        except jmespath.exceptions.ParseError as error:
            raise MisuseError(f"calls(where={where!r}): {error}") from None
        found = []
        for call in self.history.calls:
            if service is not None and call.service != service:
                continue
            if name is not None and kinds.event_name(call.service, call.operation) != name:
                continue
            if user is not None and user not in (call.identity.arn, username(call.identity)):
                continue
            if errors is not None and (call.error is not None) != errors:
                continue
            record = Record(call.at, self.recorder.record(call))
            if holds is None or holds.search(record.record):
                found.append(record)
        return found

    @direct
    def who(self, verb: str, resource: str) -> list[Record]:
        """Who did something to a resource: the calls that did it, oldest first.

        Args:
            verb: ``created``, ``deleted``, ``changed`` (whatever else wrote) or ``read``.
            resource: its ARN or name.

        Raises:
            MisuseError: the verb is none of these.
        """
        if verb not in VERBS:
            raise MisuseError(f"who({verb!r}, ...): expected one of {', '.join(VERBS)}.")
        return [
            Record(call.at, self.recorder.record(call))
            for call in self.history.calls
            if call.error is None and did(call) == verb and concerns(call, resource)
        ]

    @direct
    def sign_in(
        self, user: str | None = None, *, mfa: bool = False, succeeds: bool = True,
        unknown: bool = False,
    ) -> Record:  # fmt: skip
        """Somebody signs in to the console, or tries to.

        Args:
            user: a user's name, or the ARN of a user or a role session; None: the root user, whose
                sign-ins are recorded in the first region of the partition.
            mfa: with the code of a device.
            succeeds: the password is right.
            unknown: there is no such user; the record hides the name then.
        """
        event = self.activity.sign_in(
            user, mfa=mfa, succeeds=succeeds and not unknown, unknown=unknown
        )
        return Record(event.at, self.recorder.record(event))

    @direct
    def service_event(
        self, service: str, name: str, *, details: Mapping[str, Any] | None = None,
        resources: Mapping[str, str] | None = None, by: str = INTERNAL,
    ) -> Record:  # fmt: skip
        """A service did something by itself, as KMS that rotates a key.

        Args:
            service: the boto3 client, as ``kms``.
            name: of the event, as ``RotateKey``.
            details: what ``serviceEventDetails`` says.
            resources: ARNs, with their types.
            by: who, as ``autoscaling.amazonaws.com``.
        """
        event = self.activity.service_event(service, name, details or {}, resources or {}, by)
        return Record(event.at, self.recorder.record(event))

    @direct
    def add_call(
        self, service: str, operation: str, parameters: Mapping[str, Any] | None = None, *,
        user: str | Mapping[str, Any] | None = None, by: str | None = None,
        result: Mapping[str, Any] | None = None, error: tuple[str, str] | None = None,
    ) -> Record:  # fmt: skip
        """A call that no SDK makes here is recorded; nothing else happens.

        Args:
            service: the boto3 client.
            operation: as ``RunInstances``.
            parameters: as the SDK takes them.
            user: whose call: a user's name, an ARN, another account's number, or a whole
                ``userIdentity``; None: the service's own.
            by: the service that made it, as ``autoscaling.amazonaws.com``; None: the user did.
            result: what was answered.
            error: code and message, where it failed.

        Raises:
            MisuseError: neither *user* nor *by* is given.
        """
        event = self.activity.call(
            service, operation, parameters or {}, result=result, error=error, user=user, by=by
        )
        return Record(event.at, self.recorder.record(event))

    @direct
    def explain(self, id_: str) -> str:
        """Which trails delivered a call, and why the others didn't.

        Args:
            id_: the record's ``eventID``, or the request's id.

        Raises:
            MisuseError: no such call is kept.
        """
        for call in reversed(self.history.calls):
            if id_ in (call.event_id, call.request_id):
                return explained(self, call)
        raise MisuseError(f"explain({id_!r}): no call of that id is kept.")
