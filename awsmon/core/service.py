"""What every service class stands on.

Lives here: `Service` (its place in the backend) and `@direct` for methods that users call from
Python.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from awsmon.core.tagging import tag_map

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.core.backend import Backend
    from awsmon.core.events import DomainEvent
    from awsmon.core.scope import Scope

__all__ = ["Service", "direct"]

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound="Service")


class Service:
    """One AWS service in one account and region."""

    def __init__(self, backend: Backend, scope: Scope) -> None:
        self.scope = scope
        self.clock = backend.clock
        self.ids = backend.ids
        self.deliveries = backend.deliveries
        self.tags = backend.tags(scope)
        self.door = backend.door
        self._backend = backend
        self._dispatcher = backend.dispatcher

    def publish(self, event: DomainEvent) -> None:
        """Tell a domain event; its listeners have heard it when this returns."""
        self._dispatcher.publish(event)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """What a function of this account and region answers, by its name or ARN, or a callable.

        Returns:
            None where nobody stands behind it.

        Raises:
            Refused: it failed.
        """
        arn = function if function.startswith("arn:") else self.scope.arn(
            "lambda", f"function:{function}")  # fmt: skip
        name = type(self).__module__.split(".")[1]
        return self._backend.invoke(arn, event, scope=self.scope, invoked_by=name)

    def ask(
        self,
        target_arn: str,
        service: str,
        operation: str,
        parameters: Mapping[str, Any],
        *,
        scope: Scope | None = None,
    ) -> dict[str, Any] | None:
        """Ask the other mock about what stands behind an ARN, in this account and region.

        Another *scope* is asked where one is given. The lock is let go for it: an operation asks
        before it looks at anything of its own.

        Returns:
            None where nobody can be asked: a callable stands there, or no other mock serves it.

        Raises:
            Refused: the answer was an error (`core/deliveries.py`).
        """
        name = type(self).__module__.split(".")[1]
        return self._backend.ask(
            target_arn, service, operation, parameters, scope=scope or self.scope, invoked_by=name
        )

    def tagged(self) -> dict[str, dict[str, str]]:
        """The tags of the resources here, by ARN: awsmon's own, and the other mock's, as `ask`."""
        found = {arn: self.tags.of(arn) for arn in self.tags}
        asked, request = self.scope.arn("tagging", "resources"), dict[str, str]()
        while True:
            answer = self.ask(asked, "resourcegroupstaggingapi", "GetResources", request) or {}
            for each in answer.get("ResourceTagMappingList", ()):
                found[each["ResourceARN"]] = tag_map(each["Tags"])
            if not answer.get("PaginationToken"):
                return found
            request = {"PaginationToken": answer["PaginationToken"]}


def direct(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """A method that users call from Python: it takes the lock, as an SDK call does.

    What falls due is run before it, what is to be delivered leaves after it. Called by an operation
    or a timer, which hold the lock already, it just runs.
    """

    @functools.wraps(method)
    def entered(service: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with service.door:
            return method(service, *args, **kwargs)

    return entered
