"""Patterns in log messages: texts that recur, with tokens in place of what varies.

Lives here: `find_patterns`, `Patterns`, `Token` and `severity`. How AWS finds patterns isn't
public. Here a message is cut into words; words that look like data (numbers, ids, addresses, times)
are tokens from the start, and patterns of the same shape that share most of their words become one,
with tokens where they differ. A token is named after what it looks like or what stands before it,
and numbered by its place: ``<IPAddress-1>``, ``<Duration-2>``, ``<Token-3>``. Source: User Guide,
"pattern", "Pattern analysis".
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Patterns", "Token", "find_patterns", "severity"]

LONGEST = 4096
"""Characters of a message that are looked at."""
SIMILAR = 0.6
"""Share of words that patterns have in common to become one."""
MOST_COMPARED = 200
"""Patterns of one shape that a new one is compared with."""

_KINDS = {
    "UUID": r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
    "Timestamp": r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?",
    "Time": r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?",
    "IPAddress": r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}",
    "Token": r"[0-9]+(?:\.[0-9]+)?|0x[0-9a-fA-F]+",
    "word": r"[A-Za-z]*[0-9][0-9A-Za-z]*",  # is an id if it is long
}
_VARIABLE = re.compile(
    "(?<![0-9A-Za-z])(?:"
    + "|".join(f"(?P<{kind}>(?:{form})(?![0-9A-Za-z]))" for kind, form in _KINDS.items())
    + ")"
)
_ID = 6  # characters
_MARKS = {kind: f"\0{letter}" for kind, letter in zip(_KINDS, "UTCIN", strict=False)}
_MARKED = {mark: kind for kind, mark in _MARKS.items()}
_PIECE = re.compile(r"\0[A-Z]|[^\W_]+|[\W_]")
_UNITS = frozenset(("ms", "s", "sec", "seconds", "milliseconds"))
_SEVERITIES = {
    "Fatal": ("fatal", "critical", "panic", "emergency"),
    "Error": ("error", "errors", "exception", "failed", "failure"),
    "Warning": ("warn", "warning"),
    "Info": ("info",),
    "Debug": ("debug",),
    "Trace": ("trace",),
}
_LABELS = {word: label for label, words in _SEVERITIES.items() for word in words}

_Piece = tuple[str, str]  # its kind, empty for fixed text; and its text


class Token(NamedTuple):
    """A part of a pattern.

    Attributes:
        text: of a fixed part; empty where the part varies.
        name: of a part that varies, as ``Duration``; empty where it is fixed.
        place: of a part that varies among those that do, from 1; 0 where it is fixed.
    """

    text: str
    name: str = ""
    place: int = 0


class Patterns:
    """Patterns as they are learnt, message by message.

    A pattern keeps its number while it grows more general.
    """

    def __init__(self) -> None:
        self._found: list[tuple[_Piece, ...]] = []
        self._shapes: dict[tuple[str, ...], list[int]] = {}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, message: str) -> int:
        """The number of a message's pattern, which is new or grows more general."""
        return self.add_masked(_masked(message))

    def add_masked(self, masked: str) -> int:
        """The same for a message in which what looks like data is marked already."""
        pieces = tuple(_pieces(masked))
        numbers = self._shapes.setdefault(tuple(map(_shape, pieces)), [])
        for number in numbers[:MOST_COMPARED]:
            if _alike(self._found[number], pieces):
                self._found[number] = _common(self._found[number], pieces)
                return number
        numbers.append(len(self._found))
        self._found.append(pieces)
        return numbers[-1]

    def tokens(self, number: int) -> list[Token]:
        """The parts of a pattern, in order."""
        return list(_tokens(self._found[number]))

    def text(self, number: int) -> str:
        """A pattern as it is written."""
        return "".join(
            each.text or f"<{each.name}-{each.place}>" for each in _tokens(self._found[number])
        )

    def values(self, number: int, message: str) -> list[str]:
        """What stands in a message of that pattern where the pattern varies."""
        pieces = self._found[number]
        return [
            text for (kind, _), text in zip(pieces, _texts(message), strict=True) if kind
        ]  # fmt: skip


def find_patterns(messages: Iterable[str]) -> list[tuple[str, int]]:
    """The patterns of messages, and how many messages each has; most first."""
    patterns = Patterns()
    counts: Counter[int] = Counter()
    for masked, count in Counter(map(_masked, messages)).items():
        counts[patterns.add_masked(masked)] += count
    found: Counter[str] = Counter()
    for number, count in counts.items():
        found[patterns.text(number)] += count
    return found.most_common()


def severity(text: str) -> str | None:
    """``Error``, ``Warning`` and so on, by the gravest word in a text; None: it has none."""
    words = {word.lower() for word in re.findall(r"[A-Za-z]+", text)}
    labels = {_LABELS[word] for word in words if word in _LABELS}
    labels |= {"Error" for word in words if word.endswith(("exception", "error"))}
    return next((label for label in _SEVERITIES if label in labels), None)


def _masked(message: str) -> str:
    return _VARIABLE.sub(_mark, message[:LONGEST].replace("\0", " "))


def _mark(found: re.Match[str]) -> str:
    kind, text = found.lastgroup or "", found[0]
    if kind == "word":
        return _MARKS["Token"] if len(text) >= _ID else text
    return _MARKS[kind]


def _texts(message: str) -> Iterator[str]:
    """What stands in a message where its pattern has a piece each."""
    shown = message[:LONGEST].replace("\0", " ")
    marked = [found[0] for found in _VARIABLE.finditer(shown) if _mark(found) != found[0]]
    values = iter(marked)
    for piece in _PIECE.findall(_masked(message)):
        yield next(values) if piece in _MARKED else piece


def _pieces(masked: str) -> list[_Piece]:
    return [
        (_MARKED[each], "") if each in _MARKED else ("", each) for each in _PIECE.findall(masked)
    ]


def _shape(piece: _Piece) -> str:
    kind, text = piece
    return "w" if kind or text[0].isalnum() else text


def _alike(one: Iterable[_Piece], other: Iterable[_Piece]) -> bool:
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if _shape(a) == "w"]
    return sum(a == b for a, b in pairs) >= SIMILAR * len(pairs)


def _common(one: Iterable[_Piece], other: Iterable[_Piece]) -> tuple[_Piece, ...]:
    return tuple(a if a == b else ("Token", "") for a, b in zip(one, other, strict=True))


def _tokens(pieces: tuple[_Piece, ...]) -> Iterator[Token]:
    fixed, number = "", 0
    for at, (kind, text) in enumerate(pieces):
        if not kind:
            fixed += text
            continue
        if fixed:
            yield Token(fixed)
        fixed, number = "", number + 1
        yield Token("", _named(pieces, at) if kind == "Token" else kind, number)
    if fixed:
        yield Token(fixed)


def _named(pieces: tuple[_Piece, ...], at: int) -> str:
    """After the unit behind a number, or the word before ``=`` or ``:``."""
    behind = [text for _, text in pieces[at + 1 : at + 3]]
    if behind and (behind[0] in _UNITS or (behind[0] == " " and behind[-1] in _UNITS)):
        return "Time"
    before = [text for _, text in pieces[max(0, at - 5) : at] if text not in (" ", '"', "'")]
    if len(before) >= 2 and before[-1] in ("=", ":") and before[-2].isalpha():
        return before[-2][0].upper() + before[-2][1:]
    return "Token"
