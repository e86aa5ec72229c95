"""Patterns in log messages: texts that recur, with tokens in place of what varies.

Lives here: `find_patterns` and `severity`. How AWS finds patterns isn't public. Here a message is
cut into words; words that look like data (numbers, ids, addresses, times) are tokens from the
start, and patterns of the same shape that share most of their words become one, with tokens where
they differ. A token is named after what it looks like or what stands before it, and numbered by
its place: ``<IPAddress-1>``, ``<Duration-2>``, ``<Token-3>``. Source: User Guide, "pattern",
"Pattern analysis".
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["find_patterns", "severity"]

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


def find_patterns(messages: Iterable[str]) -> list[tuple[str, int]]:
    """The patterns of messages, and how many messages each has; most first."""
    masked = Counter(map(_masked, messages))
    found: Counter[str] = Counter()
    for pieces, count in _merged({tuple(_pieces(each)): n for each, n in masked.items()}):
        found[_written(pieces)] += count
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


def _pieces(masked: str) -> list[_Piece]:
    return [
        (_MARKED[each], "") if each in _MARKED else ("", each) for each in _PIECE.findall(masked)
    ]


def _merged(masked: Mapping[tuple[_Piece, ...], int]) -> list[tuple[tuple[_Piece, ...], int]]:
    """Patterns of one shape that have most words in common, as one."""
    shapes: dict[tuple[str, ...], list[tuple[list[_Piece], int]]] = {}
    for pieces, count in masked.items():
        groups = shapes.setdefault(tuple(map(_shape, pieces)), [])
        for at, (known, number) in enumerate(groups[:MOST_COMPARED]):
            if _alike(known, pieces):
                groups[at] = (_common(known, pieces), number + count)
                break
        else:
            groups.append((list(pieces), count))
    return [(tuple(pieces), count) for groups in shapes.values() for pieces, count in groups]


def _shape(piece: _Piece) -> str:
    kind, text = piece
    return "w" if kind or text[0].isalnum() else text


def _alike(one: Iterable[_Piece], other: Iterable[_Piece]) -> bool:
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if _shape(a) == "w"]
    return sum(a == b for a, b in pairs) >= SIMILAR * len(pairs)


def _common(one: Iterable[_Piece], other: Iterable[_Piece]) -> list[_Piece]:
    return [a if a == b else ("Token", "") for a, b in zip(one, other, strict=True)]


def _written(pieces: tuple[_Piece, ...]) -> str:
    parts: list[str] = []
    number = 0
    for at, (kind, text) in enumerate(pieces):
        if not kind:
            parts.append(text)
            continue
        number += 1
        name = _named(pieces, at) if kind == "Token" else kind
        parts.append(f"<{name}-{number}>")
    return "".join(parts)


def _named(pieces: tuple[_Piece, ...], at: int) -> str:
    """After the unit behind a number, or the word before ``=`` or ``:``."""
    behind = [text for _, text in pieces[at + 1 : at + 3]]
    if behind and (behind[0] in _UNITS or (behind[0] == " " and behind[-1] in _UNITS)):
        return "Time"
    before = [text for _, text in pieces[max(0, at - 5) : at] if text not in (" ", '"', "'")]
    if len(before) >= 2 and before[-1] in ("=", ":") and before[-2].isalpha():
        return before[-2][0].upper() + before[-2][1:]
    return "Token"
