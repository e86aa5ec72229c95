"""Destinations: streams of one account that log groups of others may be subscribed to.

Lives here: `Destination`, `Destinations`, and `judged`, which reads an access policy.
Source: User Guide, "Cross-account subscriptions".
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.core.arns import Arn
from awsmon.core.policies import allows, parse
from awsmon.core.resource import Resource, aws
from awsmon.core.scope import Scope
from awsmon.logs.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.core.policies import Policy
    from awsmon.logs.service import Logs

__all__ = ["Destination", "Destinations", "judged"]


@dataclass(kw_only=True, slots=True, eq=False)
class Destination(Resource):
    """A destination as DescribeDestinations shows it; the time in milliseconds."""

    aws_shape: ClassVar[str] = "logs.Destination"
    aws_lower_camel: ClassVar[bool] = True

    name: str = field(metadata=aws("destinationName"))
    target_arn: str
    role_arn: str
    access_policy: str | None = None
    arn: str
    creation_time: int

    def admits(self, account: str) -> bool:
        """Whether another account may subscribe to it."""
        if account == Arn.parse(self.arn).account:
            return True
        return self.access_policy is not None and allows(
            judged(self.access_policy), principal=account, action="logs:PutSubscriptionFilter",
            resource=self.arn,
        )  # fmt: skip


class Destinations:
    """The destinations of one account and region: iterable, in order of name."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._destinations: dict[str, Destination] = {}

    def __iter__(self) -> Iterator[Destination]:
        return iter([self._destinations[name] for name in sorted(self._destinations)])

    def __getitem__(self, name: str) -> Destination:
        """The destination of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        found = self._destinations.get(name)
        if found is None:
            raise ResourceNotFoundException.destination()
        return found

    def put(self, name: str, target: str, role: str, tags: dict[str, str]) -> Destination:
        """Make a destination, or lead one elsewhere; its policy stays."""
        known = self._destinations.get(name)
        arn = self._logs.scope.arn("logs", f"destination:{name}")
        if known is None:
            known = self._destinations[name] = Destination(
                name=name, target_arn=target, role_arn=role, arn=arn, creation_time=self._logs.now
            )
            self._logs.tags.create(arn, tags)
        known.target_arn, known.role_arn = target, role
        return known

    def delete(self, name: str) -> None:
        """It goes; who is subscribed to it gets nothing any more."""
        self._logs.tags.forget(self[name].arn)
        del self._destinations[name]

    def found(self, arn: str) -> Destination | None:
        """The destination of an ARN, here or in another account; None: there is none."""
        parts = Arn.parse(arn)
        there = self._logs.elsewhere(Scope(parts.account, parts.region)).destinations
        name = parts.resource.partition(":")[2]
        return next((each for each in there if each.name == name), None)

    def target(self, arn: str) -> str | None:
        """What stands behind a filter's target; None: a destination that is closed to this one."""
        if Arn.parse(arn).service != "logs":
            return arn
        found = self.found(arn)
        admitted = found is not None and found.admits(self._logs.scope.account)
        return found.target_arn if found is not None and admitted else None


@functools.lru_cache(maxsize=64)
def judged(document: str) -> Policy:
    """An access policy to be asked whom it lets in.

    A service that stands among the accounts is no mistake (recorded), and lets nobody in.

    Raises:
        PolicyError: it is none.
    """
    try:
        found = json.loads(document)
        for statement in found["Statement"]:
            names = statement["Principal"]["AWS"]
            if isinstance(names, str) and names.endswith(".amazonaws.com"):
                statement["Principal"] = {"Service": names}
    except (ValueError, TypeError, KeyError, RecursionError):
        return parse(document)  # which says what is wrong, if anything is
    return parse(json.dumps(found))
