"""Deliveries: everything that leaves for a target, tried until it arrives or is given up.

Lives here: `Delivery`, `Deliveries`, `RetryPolicy`. A target is a callable bound to its ARN, one of
awsmon's own resources, a service of the other active mock, or nobody: then it is recorded only.
Attempts are made outside the lock, for behind them stands users' code. What an ARN leads to is
`targets.py`'s.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.clock import Call
from awsmon.core.dead_letters import reason
from awsmon.core.errors import CausalLoop
from awsmon.core.events import DeliveryFinished
from awsmon.core.scope import Scope
from awsmon.core.snapshot import Fixture
from awsmon.core.targets import ServiceCall, sent_message, service_call

if TYPE_CHECKING:
    from awsmon.core.backend import Backend

__all__ = ["ASYNCHRONOUS", "ONCE", "Attempt", "Deliveries", "Delivery", "Refused", "RetryPolicy"]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a service tries again.

    Attributes:
        waits: the time before each further attempt.
        exhausted: what ends them, as a dead-letter queue is told; empty where it isn't told.
        function_waits: the same where a function was reached and failed itself: Lambda tries again
            then, and the sender's dead-letter queue gets nothing. None: no difference.
    """

    waits: tuple[timedelta, ...] = ()
    exhausted: str = ""
    function_waits: tuple[timedelta, ...] | None = None


ONCE = RetryPolicy()
FUNCTION_ERROR = "FunctionError"
_FUNCTIONS = "arn:aws:lambda:"
ASYNCHRONOUS = RetryPolicy((timedelta(minutes=1), timedelta(minutes=2)))
"""Twice more, after one minute and after two.

Source: Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous
invocation".
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try.

    Attributes:
        error: what went wrong; None where nothing did.
        code: of the error, as ``NoSuchBucket``, where it has one.
        permanent: whether trying again is of no use.
    """

    at: datetime
    error: str | None = None
    code: str = ""
    permanent: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Delivery:
    """Something on its way to a target, or arrived, or given up.

    Attributes:
        number: its number in the trace; `cause` is the number of what it was sent for.
        sender: the service that sends it, as ``alarms``.
        subject: what it is sent for, as an alarm's ARN.
        target_arn: where to.
        payload: what the target gets: for a topic the parameters of Publish, for a function its
            event, for a queue the body of the message.
        request: the API call that carries it, where the sender made it; else it follows from the
            target's ARN and the payload.
        dead_letter_arn: the queue that gets it once it was given up.
        dead_letter_attributes: of the message there, before those that say what went wrong; None
            for a message without any.
        plain_error_codes: the message gives the target's own code of what went wrong, and not
            EventBridge's word for it.
        form: what makes of the payload what is really sent, anew for each attempt:
            ``services(scope).<service>.<verb>(key, delivery)``. None: the payload is sent.
        sent: what the last attempt sent.
        reads: makes the `answer` of what a target answered; it raises `Refused` where that says
            that it failed. None: any answer will do, and none is kept.
        answer: of the target, as `reads` gave it.
        status: ``pending``; ``delivered``; ``recorded`` where nobody stands behind the target;
            ``failed`` when it was given up; ``dead-lettered`` when it then went to a queue.
        via: what stood behind the target: ``callable``, ``awsmon``, ``mock`` or ``nobody``.
        attempts: every try, with its error.
    """

    at: datetime
    scope: Scope
    sender: str
    subject: str
    target_arn: str
    payload: Any
    policy: RetryPolicy = ONCE
    request: ServiceCall | None = None
    dead_letter_arn: str | None = None
    dead_letter_attributes: Mapping[str, str] | None = None
    plain_error_codes: bool = False
    form: Call | None = None
    sent: Any = field(default=None, repr=False)
    reads: Callable[[Any], Any] | None = None
    answer: Any = None
    number: int = 0
    cause: int | None = None
    status: str = "pending"
    via: str = ""
    attempts: list[Attempt] = field(default_factory=list)

    def __str__(self) -> str:
        tries = f", {len(self.attempts)} attempts" if len(self.attempts) > 1 else ""
        failed = f": {self.attempts[-1].error}" if self.attempts and self.attempts[-1].error else ""
        return f"delivery to {self.target_arn}: {self.status}{tries}{failed}"


class Refused(Exception):
    """A neighbour's own answer that it failed.

    Attributes:
        permanent: trying again is of no use.
        code: of the error, as ``NoSuchBucket``; empty where it has none.
    """

    def __init__(self, message: str, *, permanent: bool = False, code: str = "") -> None:
        super().__init__(message)
        self.permanent = permanent
        self.code = code


class Deliveries(Fixture, Sequence[Delivery]):
    """All that left for a target, oldest first; the newest so many are kept.

    Attributes:
        dropped: how many older ones are no longer kept.
    """

    fixture = "deliveries"

    def __init__(self, backend: Backend, keep: int) -> None:
        self._backend = backend
        self._kept: deque[Delivery] = deque(maxlen=keep)
        self._pending: dict[int, Delivery] = {}
        self._outbox: deque[Delivery] = deque()
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, index: Any) -> Any:
        return list(self._kept)[index] if isinstance(index, slice) else self._kept[index]

    def __iter__(self) -> Iterator[Delivery]:
        return iter(list(self._kept))

    def __repr__(self) -> str:
        return "\n".join(map(str, self)) or "no deliveries"

    def to(self, target_arn: str) -> list[Delivery]:
        """Those for one target."""
        return [delivery for delivery in self if delivery.target_arn == target_arn]

    def state(self) -> dict[str, Any]:
        """All that a snapshot keeps."""
        return {
            "kept": self._kept,
            "pending": self._pending,
            "dropped": self.dropped,
        }

    def adopt(self, state: dict[str, Any]) -> None:
        """Go on with the deliveries of a snapshot; those under way are attempted anew."""
        self._kept, self._pending = state["kept"], state["pending"]
        self.dropped = state["dropped"]
        timed = {timer.call.key for timer in self._backend.clock.timers
                 if timer.call.service == "deliveries"}  # fmt: skip
        self._outbox = deque(
            self._pending[number] for number in sorted(self._pending) if number not in timed
        )

    # -- sending, under the lock -------------------------------------------------------------------

    def send(self, delivery: Delivery, *, keep: bool = True) -> Delivery:
        """Take a delivery; it is attempted as soon as the lock is free, at this same instant.

        Args:
            delivery: what, and where to.
            keep: False: it is awsmon's own errand, and nothing that anybody gets; only one that
                fails is kept, for all to see.
        """
        if not keep:
            delivery.number = min(0, *self._pending) - 1 if self._pending else -1
            delivery.cause = self._backend.dispatcher.cause
            self._pending[delivery.number] = delivery
            self._outbox.append(delivery)
            return delivery
        self._keep(delivery)
        self._pending[delivery.number] = delivery
        self._outbox.append(delivery)
        return delivery

    def _keep(self, delivery: Delivery) -> None:
        self._backend.dispatcher.keep(delivery)
        if len(self._kept) == self._kept.maxlen:
            self.dropped += 1
        self._kept.append(delivery)

    def retry(self, number: int) -> None:
        """A timer's verb: the next attempt is due."""
        self._outbox.append(self._pending[number])

    def errand(self, arn: str) -> None:
        """A timer's verb: call what is bound to an ARN, outside the lock; nobody's delivery."""
        found = Arn.parse(arn)
        self.send(
            Delivery(at=self._backend.clock.now(), scope=Scope(found.account, found.region),
                     sender="errand", subject=arn, target_arn=arn, payload=None),
            keep=False,
        )  # fmt: skip

    @property
    def waiting(self) -> bool:
        """Whether there is anything to attempt."""
        return bool(self._outbox)

    def take(self) -> Delivery | None:
        """The next delivery to attempt; another thread may have taken it."""
        try:
            return self._outbox.popleft()
        except IndexError:
            return None

    # -- attempting, outside the lock --------------------------------------------------------------

    def attempt(self, delivery: Delivery) -> None:
        """Try once; the outcome is recorded under the lock."""
        now = self._backend.clock.now
        attempt = Attempt(now())
        try:
            self._try(delivery)
        except Refused as failure:
            attempt = Attempt(now(), str(failure), failure.code, failure.permanent)
        except Exception as failure:  # users' code and other mocks may raise anything
            if isinstance(failure, CausalLoop):
                self.give_up(delivery, "it is part of a loop without end")
                raise
            name = type(failure).__name__
            code = FUNCTION_ERROR if delivery.target_arn.startswith(_FUNCTIONS) else name
            attempt = Attempt(now(), f"{name}: {failure}", code)
        except BaseException as failure:  # a test that ends, or a person who ends it
            self.give_up(delivery, f"{type(failure).__name__}: {failure}")
            raise
        with self._backend.door:
            self._record(delivery, attempt)

    def drop(self, delivery: Delivery, why: str) -> None:
        """Record a delivery that cannot be made at all; under the lock."""
        self._keep(delivery)
        self._pending[delivery.number] = delivery
        self._record(delivery, Attempt(self._backend.clock.now(), why, permanent=True))

    def give_up(self, delivery: Delivery, error: str) -> None:
        """Record that it failed for good."""
        with self._backend.door:
            attempt = Attempt(self._backend.clock.now(), error, permanent=True)
            self._record(delivery, attempt)

    def _try(self, delivery: Delivery) -> None:
        form = delivery.form
        if form is None:
            delivery.sent = delivery.payload
        else:
            with self._backend.door:
                delivery.sent = self._backend.verb(form, delivery.scope)(form.key, delivery)
        answer = self._reach(delivery)
        if delivery.reads is not None and delivery.via != "nobody":
            delivery.answer = delivery.reads(answer)

    def _reach(self, delivery: Delivery) -> Any:
        """Whatever stands behind the target gets a copy of what is sent; `via` says what it was.

        Returns:
            What it answered.
        """
        backend = self._backend
        arn = Arn.maybe(delivery.target_arn)
        handler = backend.bindings.handler(delivery.target_arn)
        if handler is not None:
            delivery.via = "callable"
            with backend.caused_by(delivery.number):
                return handler(copy.deepcopy(delivery.sent), backend.ids.uuid())
        own = backend.own_targets.get(arn.service) if arn else None
        delivery.via = "awsmon"  # unless that one says itself that nobody was there
        if own is not None and own(delivery):
            return delivery.answer
        call = delivery.request or (service_call(arn, delivery.sent) if arn else None)
        mock = backend.other_mock
        if (
            arn is None
            or call is None
            or not (mock.ours(call.service) or mock.serves(call.service))
        ):
            delivery.via = "nobody"
            return None
        delivery.via = "awsmon" if mock.ours(call.service) else "mock"
        with backend.caused_by(delivery.number):
            answer = mock.call(
                call.service,
                call.operation,
                call.parameters,
                scope=Scope(arn.account if arn.account.isdigit() else delivery.scope.account,
                            arn.region or delivery.scope.region),
                invoked_by=delivery.sender,
            )  # fmt: skip
        if why := call.failed(answer):
            raise Refused(why, code=FUNCTION_ERROR)
        return answer

    def _record(self, delivery: Delivery, attempt: Attempt) -> None:
        if self._pending.get(delivery.number) is not delivery:
            return  # a snapshot was restored meanwhile: it belongs to what was before
        backend = self._backend
        now, error = backend.clock.now(), attempt.error
        delivery.attempts.append(attempt)
        waits, letter = delivery.policy.waits, delivery.dead_letter_arn
        if attempt.code == FUNCTION_ERROR and delivery.policy.function_waits is not None:
            waits, letter = delivery.policy.function_waits, None
        if error and not attempt.permanent and len(delivery.attempts) <= len(waits):
            due = now + waits[len(delivery.attempts) - 1]
            call = Call("deliveries", "retry", delivery.number)
            backend.clock.set(due, call, scope=delivery.scope)
            return
        self._pending.pop(delivery.number, None)
        if delivery.number < 0:
            if error:
                with backend.dispatcher.because(delivery.cause):
                    self._keep(delivery)
                delivery.status = "failed"
            return
        delivery.status = "failed" if error else (
            "recorded" if delivery.via == "nobody" else "delivered")  # fmt: skip
        with backend.dispatcher.because(delivery.number):
            if error and letter:
                delivery.status = "dead-lettered"
                self.send(_dead_letter(delivery, attempt, now))
            errors = tuple(each.error for each in delivery.attempts if each.error)
            backend.dispatcher.publish(
                DeliveryFinished(at=now, scope=delivery.scope, delivery=delivery.number,
                                 sender=delivery.sender, subject=delivery.subject,
                                 target_arn=delivery.target_arn, payload=delivery.payload,
                                 error=error, code=attempt.code, errors=errors,
                                 answer=delivery.answer))  # fmt: skip


def _dead_letter(delivery: Delivery, last: Attempt, now: datetime) -> Delivery:
    """The message in the queue; its attributes are EventBridge's and Scheduler's.

    Source: EventBridge User Guide, "Using dead-letter queues to process undelivered events".
    """
    assert delivery.dead_letter_arn
    request, attributes = None, delivery.dead_letter_attributes
    if attributes is not None:
        told = {
            **attributes,
            "ERROR_CODE": last.code if delivery.plain_error_codes else reason(last.code),
            "ERROR_MESSAGE": last.error or "",
            "EXHAUSTED_RETRY_CONDITION": "" if last.permanent else delivery.policy.exhausted,
            "RETRY_ATTEMPTS": str(len(delivery.attempts) - 1),
        }
        request = sent_message(Arn.parse(delivery.dead_letter_arn), delivery.payload, told)
    return Delivery(
        at=now,
        scope=delivery.scope,
        sender=delivery.sender,
        subject=delivery.subject,
        target_arn=delivery.dead_letter_arn,
        payload=delivery.payload,
        request=request,
    )


OwnTarget = Callable[[Delivery], bool]
