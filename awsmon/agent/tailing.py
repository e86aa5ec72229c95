"""The files of a plan, read and made into log events.

Lives here: `Logs`, and how far files were read, kept for the next run. Reading is `tail.py`'s, what
makes an event `events.py`'s, sending `shipping.py`'s.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from awsmon.agent.events import Events
from awsmon.agent.shipping import Shipper
from awsmon.agent.tail import Position, Tail, matching
from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from awsmon.agent.model import LogFile, LogsPlan

__all__ = ["Logs"]


class _Log:
    """One log: its files, its events, and where they go."""

    def __init__(self, file: LogFile, path: str, at: Position | None) -> None:
        self.file = file
        self.events = Events(file)
        self.tail = Tail(path, file.encoding, excluded=file.excluded, at=at,
                         from_start=file.from_start, removes=file.removes)  # fmt: skip
        self.group, self.stream = file.group, file.stream
        if file.every:
            name = re.sub(r"[^.\-_/#A-Za-z0-9]", "_", path)
            self.stream = f"{file.stream}_{name.replace('/', '_')}" if file.group else file.stream
            self.group = file.group or name

    def read(self, now: datetime, *, whole: bool) -> Iterator[tuple[datetime, str]]:
        """The events that came; *whole*: nothing more belongs to the last."""
        for line in self.tail.lines():
            if line is None:
                yield from self.events.end(now)
            else:
                yield from self.events.line(line, now)
        yield from self.events.end(now) if whole else self.events.quiet(now)


class Logs:
    """The logs of a plan.

    Args:
        plan: what to read.
        client: boto3's of CloudWatch Logs.
        state_file: where is kept how far files were read; None: nowhere.
        tell: takes what goes wrong, in words.
    """

    def __init__(
        self, plan: LogsPlan, client: Any, state_file: str | None, tell: Callable[[str], None]
    ) -> None:
        self._plan = plan
        self._tell = tell
        self._shipper = Shipper(client, tell)
        self._told: dict[str, Any] = {}
        self._state_file = state_file
        self._positions = _kept(state_file)
        self._logs: dict[tuple[int, str], _Log] = {}

    def read(self, now: datetime, *, whole: bool, interval: float | None = None) -> None:
        """Read what came, of files with that interval or of all, and send it."""
        self.begin()
        for (_, path), log in self._logs.items():
            if interval in (None, log.file.interval):
                try:
                    for event in log.read(now, whole=whole):
                        self._shipper.add(log.file, log.group, log.stream, event)
                except OSError as error:  # it went in between, or isn't ours to read
                    self._tell(f"{path}: {error.strerror}")
        self._shipper.send()
        self._keep()

    def begin(self) -> None:
        """Open the files that are there: what comes from now on is seen."""
        for number, file in enumerate(self._plan.files):
            paths = matching(file.path, file.excluded) if file.every else [file.path]
            for path in paths:
                if (number, path) not in self._logs:
                    at = self._positions.get(f"{number} {path}")
                    self._logs[number, path] = _Log(file, path, at)
        for (_, path), log in self._logs.items():
            try:
                log.tail.begin()
            except OSError as error:  # it went in between, or isn't ours to read
                self._tell(f"{path}: {error.strerror}")

    def close(self) -> None:
        """Let all files go."""
        for log in self._logs.values():
            log.tail.close()

    def _keep(self) -> None:
        if self._state_file is None:
            return
        told = {
            f"{number} {path}": {**asdict(each), "mark": each.mark.hex()}
            for (number, path), log in self._logs.items()
            if (each := log.tail.reached) is not None
        }
        if told == self._told:
            return
        self._told = told
        try:
            with open(f"{self._state_file}.new", "w") as file:
                json.dump(told, file)
            os.replace(f"{self._state_file}.new", self._state_file)
        except OSError as error:
            raise MisuseError(
                f"How far files were read cannot be kept in {self._state_file!r}: {error.strerror}."
            ) from error


def _kept(state_file: str | None) -> dict[str, Position]:
    """How far an earlier run came."""
    if state_file is None or not os.path.exists(state_file):
        return {}
    try:
        with open(state_file) as file:
            return {name: _position(**told) for name, told in json.load(file).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise MisuseError(f"{state_file!r} holds no state of the agent: {error}.") from error


def _position(*, mark: str, identity: list[int], **told: Any) -> Position:
    return Position(mark=bytes.fromhex(mark), identity=(identity[0], identity[1]), **told)
