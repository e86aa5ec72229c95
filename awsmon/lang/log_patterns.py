"""Patterns of log messages: what many have in common.

Lives here: `pattern_of`. A token that looks as if it varied (a number, an id, an address, a time)
stands as ``<Number-1>``, ``<ID-2>`` and so on, numbered from the left; all else stands as it is.
AWS learns its patterns from the messages and doesn't say how: this is a model of it, which gives
one message always the same pattern. Source: User Guide, "Pattern analysis".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["LogPattern", "pattern_of", "severity"]

_KINDS = {
    "Time": r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
            r"|\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
            r"|\d{4}-\d\d-\d\d",
    "UUID": r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
    "IP": r"\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?",
    "ID": r"(?:0x)?(?=[0-9a-fA-F]*[0-9])[0-9a-fA-F]{8,}|(?=[\w-]*\d)[A-Za-z]+[-_]?\w*\d[\w-]*",
    "Number": r"[+-]?\d+(?:\.\d+)?",
}  # fmt: skip
_VARIABLE = re.compile(
    "|".join(rf"(?P<{kind}>(?<![\w.]){source}(?![\w]))" for kind, source in _KINDS.items())
)
_SEVERITY = re.compile(
    r"\b(?:(FATAL|CRITICAL|CRIT|EMERG)|(ERROR|ERR|EXCEPTION)|(WARN|WARNING)|(INFO|NOTICE)|"
    r"(DEBUG|TRACE))\b",
    re.IGNORECASE,
)
_LABELS = ("FATAL", "ERROR", "WARN", "INFO", "DEBUG")
LONGEST = 1500  # characters that tell one pattern from another


class LogPattern(NamedTuple):
    """A pattern.

    Attributes:
        text: with its variable tokens named.
        tokens: the names, in order.
        severity: ``ERROR`` and the like, or empty.
    """

    text: str
    tokens: tuple[str, ...]
    severity: str


@lru_cache(maxsize=4096)
def pattern_of(message: str) -> LogPattern:
    """The pattern of a message."""
    names: list[str] = []

    def named(found: re.Match[str]) -> str:
        names.append(f"<{found.lastgroup}-{len(names) + 1}>")
        return names[-1]

    text = _VARIABLE.sub(named, message[:LONGEST])
    return LogPattern(text, tuple(names), severity(message))


def severity(message: str) -> str:
    """The first word of a message that says how bad it is, in AWS's spelling; empty: none does."""
    found = _SEVERITY.search(message[:LONGEST])
    if found is None or found.lastindex is None:
        return ""
    return _LABELS[found.lastindex - 1]
