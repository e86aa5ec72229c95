"""The shared backend: everything of one session, and the one lock around it.

Lives here: `Backend` and `Door`. The lock is taken at the doors (an SDK call, the direct API, an
advance of the clock). Users' code and neighbours' calls run outside it: what is to be delivered is
put in an outbox while the lock is held and attempted when the door closes, one after the other.
"""

from __future__ import annotations

import copy
import hashlib
import json
import threading
import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import Call, Clock, Timer
from awsmon.core.deliveries import Deliveries, OwnTarget, Refused
from awsmon.core.dispatcher import LONGEST_CHAIN, Dispatcher
from awsmon.core.ids import Ids
from awsmon.core.outlines import Teller, unknown
from awsmon.core.scope import Identity, Scope
from awsmon.core.snapshot import Fixture
from awsmon.core.tagging import Tags
from awsmon.core.targets import Bindings, OtherMock
from awsmon.core.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from types import TracebackType

__all__ = ["Backend", "Door", "NoOtherMock"]

_cause: ContextVar[int | None] = ContextVar("awsmon_cause", default=None)


class NoOtherMock:
    """The port to a neighbouring mock while there is none."""

    def ours(self, service: str) -> bool:
        """No: nobody hears the call."""
        del service
        return False

    def serves(self, service: str) -> bool:
        """No."""
        del service
        return False

    def holds(self, service: str) -> bool:
        """No."""
        del service
        return False

    def call(self, service: str, operation: str, *_: Any, **__: Any) -> dict[str, Any]:
        """Never made: nothing is served."""
        raise NotImplementedError(f"no other mock answers {service}.{operation}")


class Door(Fixture):
    """The lock with its manners: timers first, then the call, then what is to be delivered.

    Reentrant: a service's public method may call another's. Deliveries are attempted by whoever
    holds the outermost door; one that a delivery's own handler opens leaves them to it, so that a
    chain of deliveries doesn't nest.
    """

    fixture = "door"

    def __init__(self, backend: Backend, *, catch_up: bool) -> None:
        self._backend = backend
        self._catch_up = catch_up

    def __enter__(self) -> None:
        backend = self._backend
        if backend.owner != threading.get_ident():
            backend.lock.acquire()
            while self._catch_up and backend.clock.overdue():
                backend.lock.release()
                backend.clock.run_until(backend.clock.now())
                backend.lock.acquire()
            backend.owner = threading.get_ident()
            backend.dispatcher.cause = _cause.get()
            backend.clock.pin()
        backend.depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        backend = self._backend
        backend.depth -= 1
        if backend.depth == 0:
            backend.clock.unpin()
            backend.owner = None
            backend.lock.release()
            if backend.deliveries.waiting:
                backend.drain()


class Backend(Fixture):
    """All accounts and regions of one session.

    Args:
        now: where time stands still; None: it flows with the wall clock.
        home: the account and region of calls that name none.
        services: makes the services of a scope.
        seed: of every id and random choice.
        keep: how many entries of the trace, and how many deliveries, are kept.
    """

    fixture = "backend"

    def __init__(
        self,
        *,
        now: datetime | None,
        home: Scope,
        services: Callable[[Backend, Scope], Any],
        seed: int = 0,
        keep: int = 100_000,
    ) -> None:
        self.home = home
        self.ids = Ids(seed)
        self.bindings = Bindings()
        self.other_mock: OtherMock = NoOtherMock()
        self.outlines: Teller = unknown
        self.own_targets: dict[str, OwnTarget] = {}
        self.identities: dict[str, Identity] = {}
        self.lock = threading.Lock()
        self.owner: int | None = None
        self.depth = 0
        self.door = Door(self, catch_up=True)
        self._inner_door = Door(self, catch_up=False)
        self.trace = Trace(keep)
        self.clock = Clock(now, run=self._run, door=lambda: self._inner_door)
        self.dispatcher = Dispatcher(self.clock, self.trace)
        self.clock.cause = lambda: self.dispatcher.cause
        self.deliveries = Deliveries(self, keep)
        self._make_services = services
        self._services: dict[Scope, Any] = {}
        self._tags: dict[Scope, Tags] = {}
        self._callers: dict[tuple[str | None, str | None], tuple[Identity, Scope]] = {}
        self._draining: set[int] = set()

    def at(self, scope: Scope) -> Any:
        """The services of one account and region."""
        found = self._services.get(scope)
        if found is None:
            found = self._services[scope] = self._make_services(self, scope)
        return found

    def tags(self, scope: Scope) -> Tags:
        """The taggable resources of one account and region."""
        return self._tags.setdefault(scope, Tags())

    @property
    def scopes(self) -> list[Scope]:
        """The accounts and regions in which there may be something."""
        return list(self._services)

    def identity(self, access_key: str | None) -> Identity:
        """Who stands behind an access key; a key that nobody gave out belongs to the home account.

        Its name is that of a plain IAM user, since a test that cares gives itself another.
        """
        known = self.identities.get(access_key or "")
        if known is None:
            account = self.home.account
            arn = f"arn:{self.home.partition}:iam::{account}:user/awsmon"
            known = Identity(account, arn, "AIDAAWSMONAWSMONUSER", access_key)
            self.identities[access_key or ""] = known
        return known

    def access_key(self, account: str) -> str:
        """A key of a plain user of an account, made when first asked for."""
        name = f"arn:{self.home.partition}:iam::{account}:user/awsmon"
        for known in self.identities.values():
            if known.arn == name and known.access_key:
                return known.access_key
        key, user = self.ids.key("AKIA"), self.ids.key("AIDA", 21)
        self.identities[key] = Identity(account, name, user, key)
        return key

    def caller(self, access_key: str | None, region: str | None) -> tuple[Identity, Scope]:
        """Who calls, and where: the account of the key, the region of the client."""
        found = self._callers.get((access_key, region))
        if found is None or found[0] is not self.identity(access_key):
            identity = self.identity(access_key)
            found = identity, Scope(identity.account, region or self.home.region)
            self._callers[access_key, region] = found
        return found

    # -- the other mock ----------------------------------------------------------------------------

    def ask(
        self, target_arn: str, service: str, operation: str, parameters: Mapping[str, Any], *,
        scope: Scope, invoked_by: str,
    ) -> dict[str, Any] | None:  # fmt: skip
        """What the other mock answers about something that stands behind an ARN.

        The lock is let go for it, and others may come in between: ask first, then look and change.

        Returns:
            None where nobody can be asked: a callable stands behind the ARN, or no other mock
            serves it.

        Raises:
            Refused: the answer was an error.
        """
        if self.bindings.handler(target_arn) or not self.other_mock.serves(service):
            return None
        with self._outside():
            return self.other_mock.call(
                service, operation, parameters, scope=scope, invoked_by=invoked_by
            )

    def invoke(self, function_arn: str, event: Mapping[str, Any], *, scope: Scope,
               invoked_by: str) -> Any:  # fmt: skip
        """What a function, or a callable, answers then and there; the lock is let go as in `ask`.

        Returns:
            None where nobody stands behind the ARN.

        Raises:
            Refused: the function failed.
        """
        handler = self.bindings.handler(function_arn)
        with self._outside():
            if handler is not None:
                try:
                    return handler(copy.deepcopy(dict(event)), _request_id(function_arn, event))
                except Exception as error:  # whatever a user's code raises
                    raise Refused(f"{type(error).__name__}: {error}") from error
            if ":lambda:" not in function_arn or not self.other_mock.serves("lambda"):
                return None
            answer = self.other_mock.call(
                "lambda", "Invoke",
                {"FunctionName": function_arn, "Payload": json.dumps(event).encode()},
                scope=scope, invoked_by=invoked_by,
            )  # fmt: skip
        return _parsed(answer)

    @contextmanager
    def _outside(self) -> Iterator[None]:
        """Let the lock go, and take it again."""
        depth, cause = self.depth, self.dispatcher.cause
        self.clock.unpin()
        self.depth, self.owner = 0, None
        self.lock.release()
        token = _cause.set(cause)
        try:
            yield
        finally:
            _cause.reset(token)
            self.lock.acquire()
            self.depth, self.owner = depth, threading.get_ident()
            self.dispatcher.cause = cause
            self.clock.pin()

    # -- snapshots ---------------------------------------------------------------------------------

    def fixtures(self) -> dict[str, Any]:
        """What belongs to this session's process and not to its state, by name."""
        return {
            "backend": self,
            "ids": self.ids,
            "clock": self.clock,
            "dispatcher": self.dispatcher,
            "deliveries": self.deliveries,
            "door": self.door,
        }

    def state(self) -> dict[str, Any]:
        """All that a snapshot keeps."""
        return {
            "home": self.home,
            "ids": self.ids.state(),
            "identities": self.identities,
            "trace": self.trace,
            "tags": self._tags,
            "services": self._services,
            "clock": self.clock.state(),
            "deliveries": self.deliveries.state(),
        }

    def adopt(self, state: dict[str, Any]) -> None:
        """Take the state of a snapshot in place of one's own."""
        self.home = state["home"]
        self._callers.clear()
        self.ids.adopt(state["ids"])
        self.identities, self._tags = state["identities"], state["tags"]
        self.trace = self.dispatcher.trace = state["trace"]
        self._services = state["services"]
        self.clock.adopt(state["clock"])
        self.deliveries.adopt(state["deliveries"])

    # -- time and deliveries ---------------------------------------------------------------------

    def verb(self, call: Call, scope: Scope) -> Callable[..., Any]:
        """The method that a call names: ``services(scope).<service>.<verb>``."""
        owner = self if call.service == "deliveries" else self.at(scope)
        found: Callable[..., Any] = getattr(_part(call.service)(owner), call.verb)
        return found

    def _run(self, timer: Timer) -> None:
        with self.dispatcher.because(timer.cause):
            self.verb(timer.call, timer.scope)(timer.call.key)

    def drain(self) -> None:
        """Attempt what is to be delivered, unless this thread is already about it."""
        thread = threading.get_ident()
        if thread in self._draining:
            return
        self._draining.add(thread)
        since, attempted = self.trace.newest, 0
        try:
            while (delivery := self.deliveries.take()) is not None:
                attempted += 1
                if attempted > LONGEST_CHAIN and (
                    self.trace.deep(delivery.number, since) > LONGEST_CHAIN
                ):
                    loop = self.dispatcher.loop(delivery.number)
                    self.deliveries.give_up(delivery, "it is part of a loop without end")
                    raise loop
                self.deliveries.attempt(delivery)
        finally:
            self._draining.discard(thread)

    @contextmanager
    def caused_by(self, number: int | None) -> Iterator[None]:
        """SDK calls that this thread makes inside are caused by that entry of the trace."""
        token = _cause.set(number)
        try:
            yield
        finally:
            _cause.reset(token)


@lru_cache(maxsize=64)
def _part(path: str) -> attrgetter[Any]:
    """From the services of a place to a part of one, as ``alarms.evaluations``."""
    return attrgetter(path)


def _request_id(function_arn: str, event: Mapping[str, Any]) -> str:
    """Of a call that only reads: it takes nothing from the ids, which are state."""
    text = json.dumps([function_arn, event], sort_keys=True)
    return str(uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16]))


def _parsed(answer: Mapping[str, Any]) -> Any:
    """What a function answered through the other mock; None: nothing that is JSON."""
    text = answer["Payload"].read()
    if answer.get("FunctionError"):
        raise Refused(text.decode(errors="replace"), code=str(answer["FunctionError"]))
    try:
        return json.loads(text)
    except ValueError:
        return None
