"""Cross-account observability, as one account and region has part in it.

Lives here: `Oam`: the sink and the links that are here, who may attach links to which sink, and
which source accounts share what. An account may be both, a monitoring account for some and a source
account for others.

A source account is allowed what the sink's policy allows to the account; which of its users or
roles calls plays no part. Policies and filters load when there is one, for Logs and Metrics ask
about links on every use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.arns import Arn
from awsmon.core.organization import membership
from awsmon.core.scope import Scope
from awsmon.core.service import Service
from awsmon.oam.errors import (
    AccessDeniedException,
    ConflictException,
    InvalidParameterException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
)
from awsmon.oam.model import Sink

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.core.backend import Backend
    from awsmon.core.neighbours import Linked
    from awsmon.oam.model import Link

__all__ = ["MOST_LINKS", "MOST_SOURCES", "Oam"]

MOST_LINKS = 5
"""Of a source account. Source: API reference, CreateLink; so is the next."""
MOST_SOURCES = 100_000
"""Of a monitoring account."""


class Oam(Service):
    """The sink and the links of one account and region."""

    def __init__(self, backend: Backend, scope: Scope) -> None:
        super().__init__(backend, scope)
        self._sink: Sink | None = None
        self._links: dict[str, Link] = {}

    # -- as a monitoring account -------------------------------------------------------------------

    @property
    def sinks(self) -> Sequence[Sink]:
        """The sink, if there is one."""
        return [] if self._sink is None else [self._sink]

    def sink(self, identifier: str) -> Sink:
        """The sink of that ARN.

        Raises:
            ResourceNotFoundException: it isn't here.
        """
        if self._sink is None or self._sink.arn != identifier:
            raise ResourceNotFoundException.resource("Sink", identifier)
        return self._sink

    def create_sink(self, name: str, tags: Mapping[str, str]) -> Sink:
        """Make a sink.

        Raises:
            ServiceQuotaExceededException: there is one.
        """
        if self._sink is not None:
            raise ServiceQuotaExceededException.sinks()
        number = self.ids.uuid()
        self._sink = Sink(arn=self.scope.arn("oam", f"sink/{number}"), id=number, name=name)
        self.tags.create(self._sink.arn, tags)
        return self._sink

    def remove_sink(self, identifier: str) -> None:
        """Forget the sink.

        Raises:
            ResourceNotFoundException: it isn't here.
            ConflictException: links are attached to it.
        """
        sink = self.sink(identifier)
        if sink.links:
            raise ConflictException.attached(sink.arn)
        self._sink = None
        self.tags.forget(sink.arn)

    def sources(self, resource_type: str) -> list[Linked]:
        """What Logs and Metrics ask (`core.neighbours.ObservedAccounts`)."""
        links = [] if self._sink is None else self._sink.links.values()
        shared = (link.shared(resource_type) for link in links)
        return sorted(filter(None, shared), key=lambda linked: linked.scope)

    # -- as a source account -----------------------------------------------------------------------

    @property
    def links(self) -> Sequence[Link]:
        """All of them, in order of ARN."""
        return [self._links[arn] for arn in sorted(self._links)]

    def link(self, identifier: str) -> Link:
        """The link of that ARN.

        Raises:
            ResourceNotFoundException: it isn't here.
        """
        if identifier not in self._links:
            raise ResourceNotFoundException.resource("Link", identifier)
        return self._links[identifier]

    def reach(self, identifier: str) -> Sink:
        """The sink of a monitoring account to which a link may lead from here.

        Raises:
            InvalidParameterException: it is no sink, not in this region, or in this account.
        """
        arn = Arn.maybe(identifier)
        if arn is None or arn.service != "oam" or not arn.resource.startswith("sink/"):
            raise InvalidParameterException.sink(identifier)
        if arn.region != self.scope.region:
            raise InvalidParameterException.region(identifier, self.scope.region)
        if arn.account == self.scope.account:
            raise InvalidParameterException.same_account()
        scope = Scope(arn.account, arn.region)
        if scope in self._backend.scopes:
            there: Oam = self._backend.at(scope).oam
            for sink in there.sinks:
                if sink.arn == identifier:
                    return sink
        raise InvalidParameterException.unknown_sink(identifier)

    def authorize(self, action: str, sink: Sink, resource_types: Sequence[str]) -> None:
        """Ask the sink's policy whether this account may share these.

        Raises:
            AccessDeniedException: it may not.
        """
        from awsmon.core.policies import decide, parse

        effect = None if sink.policy is None else decide(
            parse(sink.policy),
            principal=self.scope.account,
            action=action,
            resource=sink.arn,
            conditions={"oam:ResourceTypes": resource_types, **membership()},
        )  # fmt: skip
        if effect != "Allow":
            caller = f"arn:{self.scope.partition}:iam::{self.scope.account}:root"
            raise AccessDeniedException.by_policy(caller, action, sink.arn, denied=effect == "Deny")

    def check_room(self, sink: Sink) -> None:
        """Whether a link from here to a sink may be added to those that there are.

        Raises:
            ConflictException: there is one to this sink.
            ServiceQuotaExceededException: there are as many here, or at the sink, as there may be.
        """
        if any(link.sink_arn == sink.arn for link in self._links.values()):
            raise ConflictException.linked(sink.arn)
        if len(self._links) >= MOST_LINKS:
            raise ServiceQuotaExceededException.links(MOST_LINKS)
        if len(sink.links) >= MOST_SOURCES:
            raise ServiceQuotaExceededException.sources(MOST_SOURCES)

    def attach(self, link: Link, sink: Sink, tags: Mapping[str, str]) -> None:
        """Keep a new link, here and at its sink."""
        self._links[link.arn] = sink.links[link.arn] = link
        self.tags.create(link.arn, tags)

    def detach(self, identifier: str) -> None:
        """Forget a link, here and at its sink.

        Raises:
            ResourceNotFoundException: it isn't here.
        """
        link = self.link(identifier)
        del self.reach(link.sink_arn).links[link.arn]
        del self._links[link.arn]
        self.tags.forget(link.arn)
