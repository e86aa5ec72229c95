"""What a handler prints and logs while it runs, and nothing of what others print meanwhile.

Lives here: `Capture`, `captured`. While any handler runs, ``sys.stdout`` and ``sys.stderr`` pass on
all that is written and give a copy to the capture of whoever writes, found by a context variable:
threads that don't belong to the handler are left alone. Source of the formats: the Python runtime
interface client that AWS publishes; Lambda Developer Guide, "Log and monitor Python Lambda
functions".
"""

from __future__ import annotations

import copy
import json
import logging
import sys
import threading
import time
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from awsmon.sources.source import in_milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

__all__ = ["LEVELS", "Capture", "captured"]

LEVELS = {"TRACE": 10, "DEBUG": 10, "INFO": 20, "WARN": 30, "ERROR": 40, "FATAL": 50}
"""Lambda's log levels, as Python's."""

_TEXT = logging.Formatter(
    "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n",
    "%Y-%m-%dT%H:%M:%S",
)
_TEXT.converter = time.gmtime
_PLAIN = {*vars(logging.makeLogRecord({})), "message", "asctime", "aws_request_id"}
_current: ContextVar[Capture | None] = ContextVar("awsmon_capture", default=None)


class Capture:
    """The lines of one invocation.

    Args:
        request_id: of the invocation, which log records carry.
        now: tells the virtual time.
        level: records below it are left out; None: log records are text, not JSON.
    """

    def __init__(self, request_id: str, now: Callable[[], datetime], level: str | None) -> None:
        self.level = None if level is None else LEVELS[level]
        self._request_id = request_id
        self._now = now
        self._lines: list[tuple[datetime, str]] = []
        self._begun: dict[str, str] = {}

    def lines(self) -> list[tuple[datetime, str]]:
        """All lines in their order, unfinished ones last."""
        rest = [(self._now(), text) for text in self._begun.values() if text]
        return self._lines + rest

    def write(self, stream: str, text: str) -> None:
        """Take what was written; each line is one message."""
        *whole, rest = (self._begun.get(stream, "") + text).split("\n")
        self._begun[stream] = rest
        now = self._now()
        self._lines += [(now, f"{line}\n") for line in whole]

    def log(self, record: logging.LogRecord) -> None:
        """Take a log record, which is one message however many lines it has."""
        if self.level is not None and record.levelno < self.level:
            return
        now = self._now()
        own = copy.copy(record)
        own.created, own.msecs = now.timestamp(), now.microsecond // 1000
        own.aws_request_id = self._request_id
        text = _TEXT.format(own) if self.level is None else self._as_json(own, now)
        self._lines.append((now, text))

    def _as_json(self, record: logging.LogRecord, now: datetime) -> str:
        kind, error, trace = record.exc_info or (None, None, None)
        told: dict[str, Any] = {
            "timestamp": in_milliseconds(now),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(trace) if trace else None,
            "errorType": kind.__name__ if kind else None,
            "errorMessage": str(error) if error else None,
            "requestId": self._request_id,
            "location": f"{record.pathname}:{record.funcName}:{record.lineno}" if kind else None,
        }
        known = _PLAIN | told.keys()
        extra = {name: value for name, value in vars(record).items() if name not in known}
        members = {name: value for name, value in (told | extra).items() if value is not None}
        return json.dumps(members, ensure_ascii=False, default=str) + "\n"


class _Tee:
    """A standard stream that lets the running handler's capture read along."""

    def __init__(self, name: str, real: Any) -> None:
        self._name = name
        self.real = real

    def write(self, text: str) -> Any:
        capture = _current.get()
        if capture is not None:
            capture.write(self._name, text)
        return self.real.write(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


class _Reader(logging.Handler):
    """The root logger's handler while handlers run, as Lambda's runtime has one."""

    def emit(self, record: logging.LogRecord) -> None:
        capture = _current.get()
        if capture is not None:
            capture.log(record)


class _Redirection:
    """The standard streams and the root logger, changed while any handler runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._reader = _Reader()
        self._level: tuple[int, int] | None = None

    def begin(self, level: int | None) -> None:
        with self._lock:
            self._running += 1
            for name in ("stdout", "stderr"):
                stream = getattr(sys, name)  # which pytest may have replaced meanwhile
                if stream is not None and not isinstance(stream, _Tee):
                    setattr(sys, name, _Tee(name, stream))
            root = logging.getLogger()
            root.addHandler(self._reader)
            if level is not None and root.level == logging.WARNING:  # nobody has set it
                self._level = root.level, level
                root.setLevel(level)

    def end(self) -> None:
        with self._lock:
            self._running -= 1
            if self._running:
                return
            for name in ("stdout", "stderr"):
                while isinstance(stream := getattr(sys, name), _Tee):
                    setattr(sys, name, stream.real)
            root = logging.getLogger()
            root.removeHandler(self._reader)
            if self._level is not None and root.level == self._level[1]:
                root.setLevel(self._level[0])
            self._level = None


_redirection = _Redirection()


@contextmanager
def captured(capture: Capture) -> Iterator[None]:
    """Let *capture* have what this context prints and logs inside."""
    token = _current.set(capture)
    _redirection.begin(capture.level)
    try:
        yield
    finally:
        _redirection.end()
        _current.reset(token)
