"""Live Tail: sessions that are shown events as they come in.

Lives here: `LiveTails`, `Session`, and `LiveTail`, the end of a session that a client holds. A
session sees what is put after it was started; it is told what came within a second, or at the
latest a second later that nothing did, in virtual time. Source: API reference, StartLiveTail.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsmon.logs.errors import LimitExceededException
from awsmon.logs.patterns import matcher

if TYPE_CHECKING:
    from awsmon.core.events import LogEventsPut
    from awsmon.logs.service import Logs

__all__ = ["LiveTail", "LiveTails", "Session"]

SECOND = 1000
LONGEST = 3 * 3600 * SECOND
MOST = 500  # events of an update
MOST_SESSIONS = 15
"""At a time. Source: User Guide, "CloudWatch Logs quotas"."""
MOST_WAITING = 5000  # events of a session that nobody reads


@dataclass(kw_only=True, slots=True, eq=False)
class Session:
    """What one client sees; times in milliseconds.

    Attributes:
        account: whose it is.
        start: the event ``sessionStart`` as it is sent; None once it was.
        groups: ARNs of log groups.
        told: when the last update was sent.
    """

    id: str
    account: str
    start: dict[str, Any] | None
    groups: frozenset[str]
    pattern: str = ""
    streams: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    started: int
    told: int
    open: bool = True
    waiting: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))

    def lasts(self, now: int) -> bool:
        """Whether it is neither closed nor timed out."""
        return self.open and now - self.started < LONGEST

    def shows(self, group: str, stream: str) -> bool:
        """Whether it is about events of that stream."""
        return group in self.groups and (
            stream in self.streams
            or stream.startswith(self.prefixes)
            or not (self.streams or self.prefixes)
        )


class LiveTails:
    """The sessions that look at log groups of one account and region."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._sessions: dict[str, Session] = {}

    def check_room(self) -> None:
        """See whether this account may begin another session.

        Raises:
            LimitExceededException: too many are open.
        """
        account, now = self._logs.scope.account, self._logs.now
        own = (each for each in self._sessions.values() if each.account == account)
        if sum(each.lasts(now) for each in own) >= MOST_SESSIONS:
            raise LimitExceededException.resource()

    def watch(self, session: Session) -> None:
        """Show a session events from now on; it may be another account's."""
        self._sessions[session.id] = session

    def reader(self, session: Session) -> LiveTail:
        """The client's end of a session."""
        return LiveTail(self._logs, session)

    def log_events_put(self, event: LogEventsPut) -> None:
        """A listener: events came in."""
        if not self._sessions:
            return
        self._sessions = {key: each for key, each in self._sessions.items() if each.open}
        arn = self._logs.arn(event.group)
        for session in self._sessions.values():
            if session.shows(arn, event.stream):
                self._show(session, event)

    def _show(self, session: Session, event: LogEventsPut) -> None:
        matches = matcher(session.pattern).matches if session.pattern.strip() else None
        session.waiting.extend(
            {
                "logStreamName": event.stream,
                "logGroupIdentifier": f"{event.scope.account}:{event.group}",
                "message": message,
                "timestamp": time,
                "ingestionTime": self._logs.now,
            }
            for time, message in zip(event.batch.times, event.batch.messages, strict=True)
            if matches is None or matches(message)
        )


class LiveTail:
    """A client's end of a session."""

    def __init__(self, logs: Logs, session: Session) -> None:
        self._logs, self._session = logs, session

    @property
    def open(self) -> bool:
        """Until it is closed, or timed out."""
        return self._session.open

    def poll(self) -> dict[str, Any] | None:
        """The next event of the stream; None: the second isn't over and nothing came."""
        session = self._session
        with self._logs.door:
            now = self._logs.now
            if session.start is not None:
                start, session.start = session.start, None
                return {"sessionStart": start}
            if now - session.started >= LONGEST:
                session.open = False
                message = "The Live Tail session has timed out after three hours."
                return {"SessionTimeoutException": {"message": message}}
            if not session.waiting and now - session.told < SECOND:
                return None
            session.told = now
            return {"sessionUpdate": _update(session)}

    def close(self) -> None:
        """Nobody looks any more."""
        self._session.open = False


def _update(session: Session) -> dict[str, Any]:
    found = list(session.waiting)
    session.waiting.clear()
    sampled = len(found) > MOST
    if sampled:
        found = [found[number * len(found) // MOST] for number in range(MOST)]
    return {"sessionMetadata": {"sampled": sampled}, "sessionResults": found}
