"""Access logs: from a file's bytes to numbered entries.

Lives here: `parse`, from one line to an `Entry` or a `Broken` one, and `LogFile`, which reads plain
and gzip alike. What of a log's order is believed is `order.py`'s.
Source: Apache HTTP Server, "Log Files", combined log format; nginx, ngx_http_log_module.
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["LONGEST", "Broken", "Entry", "LogFile", "LogUnreadable", "parse"]

LONGEST = 64 * 1024
"""Bytes of a line; servers themselves allow far fewer."""

_GZIP = b"\x1f\x8b"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_YEARS = range(1990, 2200)

_QUOTED = r'[^"\\]*(?:\\.[^"\\]*)*'
_TIME = r"[0-9]{2}/[A-Za-z]{3}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}"
_PARTS = (
    (
        rf"\S+ .*?\[(?P<time>{_TIME})\] ",
        "no host and time, as in: 192.0.2.1 - - [10/Oct/2000:13:55:36 -0700]",
    ),
    (rf'"(?P<request>{_QUOTED})" ', "no whole request in quotes after the time"),
    (r"(?P<status>[0-9]{3}) (?:[0-9]+|-)(?= |$)", "no status and size after the request"),
    (rf'(?: "{_QUOTED}" "{_QUOTED}"(?: .*)?)?$', "no whole referer and agent after the size"),
)
_PREFIXES = [
    (re.compile("".join(part for part, _ in _PARTS[:count])), _PARTS[count - 1][1])
    for count in range(1, len(_PARTS) + 1)
]
_LINE = _PREFIXES[-1][0]


class LogUnreadable(Exception):
    """A log cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of the server.

    Attributes:
        number: of its line, from 1.
        at: when the request came, UTC, whole seconds.
        request: as ``GET /x HTTP/1.1``, or whatever the client sent instead.
        text: the line.
    """

    number: int
    at: datetime
    request: str
    status: int
    text: str

    @property
    def failed(self) -> bool:
        """Whether the server says that it failed: 5xx."""
        return 500 <= self.status <= 599


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that isn't one of an access log, and the reason."""

    number: int
    text: str
    reason: str


def parse(number: int, text: str) -> Entry | Broken:
    """Read one line, without its end: combined format, or common; more fields may follow."""
    match = _LINE.match(text)
    if match is None:
        return Broken(number, text, _reason(text))
    try:
        at = _instant(match["time"])
    except (ValueError, OverflowError):
        return Broken(number, text, f"no such time: {match['time']}")
    return Entry(number, at, match["request"], int(match["status"]), text)


def _reason(text: str) -> str:
    if not text.strip():
        return "empty"
    return next(reason for prefix, reason in _PREFIXES if prefix.match(text) is None)


@lru_cache(4096)  # neighbouring lines share their second
def _instant(text: str) -> datetime:
    """``10/Oct/2000:13:55:36 -0700`` in UTC; ValueError where there is no such time."""
    day, month, year = int(text[:2]), _MONTHS.index(text[3:6].title()) + 1, int(text[7:11])
    hour, minute, second = int(text[12:14]), int(text[15:17]), int(text[18:20])
    offset = timedelta(hours=int(text[22:24]), minutes=int(text[24:26]))
    if year not in _YEARS:
        raise ValueError(year)
    zone = timezone(-offset if text[21] == "-" else offset)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(timezone.utc)


class LogFile:
    """A log on disk, to be read once: plain, or gzip where its first bytes say so.

    Raises:
        LogUnreadable: it cannot be opened; while reading also: it breaks off, or is empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise LogUnreadable(f"{path} cannot be read: {error.strerror}") from None
        self._size = os.fstat(self._file.fileno()).st_size

    def __enter__(self) -> LogFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def fraction(self) -> float:
        """How much of it has been read, 0 to 1; always 0 for a pipe."""
        return self._file.tell() / self._size if self._size else 0.0

    def __iter__(self) -> Iterator[Entry | Broken]:
        number = 0
        try:
            for number, line in enumerate(self._lines(), 1):
                if len(line) > LONGEST:
                    yield Broken(number, _decoded(line[:200]), f"longer than {LONGEST} bytes")
                else:
                    yield parse(number, _decoded(line))
        except (OSError, EOFError, zlib.error) as error:
            why = getattr(error, "strerror", None) or error
            raise LogUnreadable(f"{self.path} cannot be read beyond line {number}: {why}") from None
        if not number:
            raise LogUnreadable(f"{self.path} is empty")

    def _lines(self) -> Iterator[bytes]:
        """The lines with their ends; of one that is too long, a little more than is allowed."""
        stream = self._stream()
        while line := stream.readline(LONGEST + 1):
            yield line
            while len(line) > LONGEST and not line.endswith(b"\n"):
                line = stream.readline(LONGEST + 1) or b"\n"

    def _stream(self) -> BinaryIO:
        if self._file.peek(2)[:2] == _GZIP:
            return cast("BinaryIO", gzip.GzipFile(fileobj=self._file))
        return self._file


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r\n")
