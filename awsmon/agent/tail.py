"""Reading files as they grow, and as they are rotated: no line is left behind.

Lives here: `Tail`, which gives the lines that came since it was last asked. A file that was renamed
is read to its end through the open handle before the next is begun; of a file that was copied and
truncated, the copy is found by what stands before the place that was reached, and read on from
there; files that came and went between two looks are read in the order in which they were written
last. What isn't ended by a newline waits for the rest. Source: CloudWatch User Guide, "Manually
create or edit the CloudWatch agent configuration file", file_path.
"""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Position", "Tail", "matching"]

_COMPRESSED = (".gz", ".bz2", ".xz", ".zip", ".zst", ".tar", ".rar")
_MARK = 256
"""So many bytes before the place that was reached tell a file from others."""

Identity = tuple[int, int]


@dataclass
class Position:
    """How far a file was read.

    Attributes:
        path: under which it was opened.
        offset: in bytes, of the first that wasn't read.
        mark: the bytes before that.
        identity: device and inode.
        written: when it had been written last, in nanoseconds since the epoch.
    """

    path: str
    offset: int = 0
    mark: bytes = b""
    identity: Identity = (0, 0)
    written: int = 0


def matching(path: str, excluded: re.Pattern[str] | None = None) -> list[str]:
    """The files that a path means, the one that was written first before the others.

    Compressed ones aren't text, and those whose names are excluded not wanted.
    """
    found = [
        each
        for each in glob.iglob(path, recursive=True)
        if not each.endswith(_COMPRESSED)
        and os.path.isfile(each)
        and not (excluded and excluded.search(os.path.basename(each)))
    ]
    return sorted(found, key=_written)


def _written(path: str) -> tuple[int, int, str]:
    """By which files are put in order: of those written at one instant ``.2`` is before ``.1``."""
    number = re.search(r"\.(\d+)$", path)
    rotated = -int(number.group(1)) if number else 0
    try:
        return os.stat(path).st_mtime_ns, rotated, path
    except FileNotFoundError:  # it went in between
        return 0, rotated, path


class Tail:
    """One log, in one file or in several that follow one another.

    Args:
        path: of the file; with a wildcard, the newest that it means.
        encoding: of the file.
        excluded: names that the path doesn't mean after all.
        from_start: whether what is in the first file is read, or only what will be.
        at: where an earlier run stopped.
        removes: whether a file that was read is deleted when another has come.
    """

    def __init__(
        self,
        path: str,
        encoding: str = "utf-8",
        *,
        excluded: re.Pattern[str] | None = None,
        from_start: bool = True,
        at: Position | None = None,
        removes: bool = False,
    ) -> None:
        self._path = path
        self._encoding = encoding
        self._excluded = excluded
        self._from_start = from_start
        self._removes = removes
        self._file: BinaryIO | None = None
        self._started = False
        self._since = 0  # when the open file had been written last, at the look before this
        self._done: dict[Identity, tuple[int, Position]] = {}
        self._left_off = at
        self.position = at

    @property
    def reached(self) -> Position | None:
        """The last place at which something was read; another run can go on from there."""
        return self.position if self.position and self.position.mark else self._left_off

    def lines(self) -> Iterator[str | None]:
        """What came since the last time; None where one file ends and another begins."""
        self.begin()
        self._since = self.position.written if self.position else 0
        if self._file is not None:
            yield from self._current()
        yield from self._next()

    def close(self) -> None:
        """Let the file go; it can be opened again where it was left."""
        if self._file is not None:
            self._file.close()
        self._file, self._started = None, False

    # -- which file --------------------------------------------------------------------------------

    def begin(self) -> None:
        """Open the newest file, or that where an earlier run stopped: what comes now is seen."""
        if self._started:
            return
        known, around = self.reached, self._around()
        left = self._left(known, around) if known else None
        self._started = True
        if known is not None and left is not None:
            earlier = around[: around.index(left)]
            self._known(each for each in earlier if known.mark or _written(each)[0] < known.written)
            self._open(left, known.offset, known.mark)
            assert self.position is not None
            self.position.written = known.written
        else:
            self._begin_anew(around, seen=known is not None)

    def _begin_anew(self, around: list[str], *, seen: bool) -> None:
        """With the newest file, and what comes; *seen*: an earlier run has read another."""
        here = matching(self._path, self._excluded)
        self._known(each for each in around if each not in here[-1:])
        if here:
            begins = self._from_start or seen
            self._open(here[-1], 0 if begins else os.stat(here[-1]).st_size)
        self._from_start = True  # what comes later is all new

    def _left(self, known: Position, around: list[str]) -> str | None:
        """The file in which an earlier run stopped, whatever it is called by now."""
        if not known.mark:
            return next((each for each in around if _stamp(each)[0] == known.identity), None)
        first = sorted(around, key=lambda each: each != known.path)
        return next((each for each in first if _has(each, known)), None)

    def _known(self, paths: Iterable[str]) -> None:
        """These were there before: they aren't what comes."""
        for each in paths:
            identity, written = _stamp(each)
            self._done[identity] = written, Position(each)

    def _around(self) -> list[str]:
        """The files that the path means, and those that may have been rotated out of it."""
        return sorted({*matching(self._path, self._excluded), *matching(f"{self._path}?*")},
                      key=_written)  # fmt: skip

    def _current(self) -> Iterator[str | None]:
        """The rest of the open file; where it was truncated, first that of its copies."""
        assert self._file is not None
        assert self.position is not None
        unread = not self.position.mark and (here := self._here()) and self._missed(here)
        if unread or not _reaches(self._file, self.position):
            here = self._here()
            yield from self._copies(here)
            if here is None:
                return
            self._open(here, 0)
            yield None
        yield from self._rest()

    def _here(self) -> str | None:
        """What the open file is called by now."""
        assert self._file is not None
        return next((each for each in self._around() if _same(each, self._file)), None)

    def _copies(self, here: str | None) -> Iterator[str | None]:
        """What stood in the open file, which is now *here*, before it was truncated."""
        assert self._file is not None
        assert self.position is not None
        offset, mark = self.position.offset, self.position.mark
        others = [each for each in self._around() if each != here]
        copy = next((each for each in reversed(others) if _has(each, self.position)), None)
        self._file.close()
        self._file = None
        if copy is not None:
            self._open(copy, offset, mark)
            yield from self._rest()
            yield from self._ended()
        for missed in self._missed(here):
            self._open(missed, 0)
            yield from self._rest()
            yield from self._ended()

    def _next(self) -> Iterator[str | None]:
        """The files that took the place of the open one, each to its end."""
        here = matching(self._path, self._excluded)
        if not here or (self._file is not None and _same(here[-1], self._file)):
            return
        newest = here[-1]
        if self._file is not None:
            yield from self._ended()
        for missed in [*self._missed(newest), newest]:
            if self._file is not None:
                yield from self._ended()
            before = self._done.get(_stamp(missed)[0], (0, Position(missed)))[1]
            known = _has(missed, before)
            self._open(missed, before.offset if known else 0)
            yield from self._rest()

    def _missed(self, before: str | None) -> list[str]:
        """Files that came and were rotated away since the last look, and before a file came."""
        around = self._around()
        return [
            each
            for each in around[: around.index(before) if before in around else None]
            if self._done.get(_stamp(each)[0], (0,))[0] != _stamp(each)[1]
            and _written(each)[0] >= self._since
        ]

    def _open(self, path: str, offset: int, mark: bytes = b"") -> None:
        self._file = open(path, "rb")  # noqa: SIM115 it stays open
        stamp = _stamp(self._file.fileno())
        self.position = Position(path, offset, mark or self._before(offset), *stamp)
        self._left_off = self._left_off or self.position

    def _before(self, offset: int) -> bytes:
        """The bytes of the open file before a place."""
        assert self._file is not None
        self._file.seek(max(0, offset - _MARK))
        return self._file.read(offset - self._file.tell())

    def _ended(self) -> Iterator[str | None]:
        """Nothing more will come in the open file: what it ends with is a line, ended or not."""
        assert self._file is not None
        assert self.position is not None
        self._file.seek(self.position.offset)
        rest = self._file.read()
        if rest:
            yield from self._decoded(rest).removesuffix("\n").split("\n")
        end = self.position.offset + len(rest)
        identity, written = _stamp(self._file.fileno())
        mark = self._before(end)
        here = Position(self.position.path, end, mark, identity, written)
        self._done[identity] = written, here
        self._left_off = here if mark else self._left_off
        self._file.close()
        self._file = None
        if self._removes and os.path.exists(self.position.path):
            os.remove(self.position.path)
        yield None

    # -- its lines ---------------------------------------------------------------------------------

    def _rest(self) -> Iterator[str]:
        """The whole lines after the place that was reached."""
        assert self._file is not None
        assert self.position is not None
        self.position.identity, self.position.written = _stamp(self._file.fileno())
        self._file.seek(self.position.offset)
        data = self._file.read()
        end = self._last_newline(data)
        if not end:
            return
        whole = data[:end]
        self.position.offset += end
        self.position.mark = (self.position.mark + whole)[-_MARK:]
        for line in self._decoded(whole).split("\n")[:-1]:
            yield line.removesuffix("\r")

    def _last_newline(self, data: bytes) -> int:
        """Where the last whole line ends."""
        newline = "\n".encode(self._plain(data))
        at = data.rfind(newline)
        while at > 0 and at % len(newline):
            at = data.rfind(newline, 0, at + len(newline) - 1)
        return at + len(newline) if at >= 0 else 0

    def _plain(self, data: bytes) -> str:
        """The encoding without its mark of byte order, which only stands at the beginning."""
        name = self._encoding.lower().replace("_", "-")
        if name in ("utf-16", "utf16"):
            return "utf-16-be" if data.startswith(b"\xfe\xff") else "utf-16-le"
        return "utf-8" if name == "utf-8-sig" else self._encoding

    def _decoded(self, data: bytes) -> str:
        return data.decode(self._plain(data), "replace").removeprefix("\ufeff")


def _stamp(file: str | int) -> tuple[Identity, int]:
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return (0, 0), 0
    return (found.st_dev, found.st_ino), found.st_mtime_ns


def _same(path: str, file: BinaryIO) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _reaches(file: BinaryIO, position: Position) -> bool:
    """Whether before a position stands what was read there."""
    file.seek(position.offset - len(position.mark))
    return file.read(len(position.mark)) == position.mark


def _has(path: str, position: Position) -> bool:
    try:
        with open(path, "rb") as file:
            return bool(position.mark) and _reaches(file, position)
    except FileNotFoundError:
        return False
