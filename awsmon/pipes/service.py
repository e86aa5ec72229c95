"""The pipes of one account and region.

Lives here: `Pipes`: pipes and their states. What a running pipe does is `running.py`'s.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import Call
from awsmon.core.service import Service, direct
from awsmon.pipes.errors import ConflictException, NotFoundException
from awsmon.pipes.records import record_of
from awsmon.pipes.running import Running

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsmon.core.backend import Backend
    from awsmon.core.neighbours import EndpointCaller
    from awsmon.core.scope import Scope
    from awsmon.pipes.model import Pipe

__all__ = ["Pipes"]

CHANGE_TAKES = timedelta(seconds=5)
"""From one state to the next; AWS names no time."""


class Pipes(Service):
    """EventBridge Pipes in one account and region: iterable, in order of name.

    Args:
        callers: calls API destinations.
    """

    def __init__(self, backend: Backend, scope: Scope, *, callers: EndpointCaller) -> None:
        super().__init__(backend, scope)
        self.callers = callers
        self.running = Running(self)
        self._pipes: dict[str, Pipe] = {}

    def __iter__(self) -> Iterator[Pipe]:
        return iter([self._pipes[name] for name in sorted(self._pipes)])

    def __contains__(self, name: str) -> bool:
        return name in self._pipes

    def __getitem__(self, name: str) -> Pipe:
        """The pipe of that name.

        Raises:
            NotFoundException: there is none.
        """
        if name not in self._pipes:
            raise NotFoundException.pipe(name)
        return self._pipes[name]

    def get(self, name: str) -> Pipe | None:
        """The pipe of that name, if there is one."""
        return self._pipes.get(name)

    def steady(self, name: str) -> Pipe:
        """The pipe of that name, which may be changed.

        Raises:
            NotFoundException: there is none.
            ConflictException: it is just being changed.
        """
        pipe = self[name]
        if pipe.current_state not in ("RUNNING", "STOPPED"):
            raise ConflictException.busy(name, pipe.current_state)
        return pipe

    def create(self, pipe: Pipe) -> None:
        """A new one."""
        self._pipes[pipe.name] = pipe
        self.become(pipe, "CREATING", pipe.desired_state)

    def become(self, pipe: Pipe, now: str, then: str) -> None:
        """Be in one state for a little while, and then in another; ``DELETED`` is to be gone."""
        pipe.current_state = now
        pipe.desired_state = then
        self.clock.cancel(pipe.timer)
        call = Call("pipes", "changed", pipe.name)
        pipe.timer = self.clock.set(self.clock.now() + CHANGE_TAKES, call, scope=self.scope)

    def changed(self, name: str) -> None:
        """A timer's verb: a pipe is in the state that was desired."""
        pipe = self._pipes[name]
        pipe.timer = None
        if pipe.desired_state == "DELETED":
            self.clock.cancel(pipe.wake)
            self.tags.forget(pipe.arn)
            del self._pipes[name]
            return
        pipe.current_state = pipe.desired_state
        if pipe.current_state == "RUNNING":
            self.running.look(name)

    @direct
    def feed(self, name: str, bodies: Iterable[Any]) -> None:
        """Give a pipe records as if its source had them: without another mock, or with.

        Args:
            name: of the pipe.
            bodies: of messages or stream records: text, or what becomes JSON.

        Raises:
            NotFoundException: there is no such pipe.
            ConflictException: it isn't running.
        """
        pipe = self[name]
        if pipe.current_state != "RUNNING":
            raise ConflictException.busy(name, pipe.current_state)
        now = self.clock.now()
        records = [record_of(pipe, body, self.ids.uuid(), now) for body in bodies]
        self.running.take(pipe, records)
