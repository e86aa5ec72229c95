"""Sensitive data found: where in a text data of which kind stands.

Lives here: `Detector`. A keyword that is asked for stands at most 30 characters before or behind
the data; where it has a blank it may have an underscore, a hyphen or nothing.
Source: User Guide, "CloudWatch Logs managed data identifiers for sensitive data types".
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, TypeAlias

from awsmon.logs.data_identifiers.custom import CustomPattern
from awsmon.logs.data_identifiers.table import IDENTIFIERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from awsmon.logs.data_identifiers.table import Identifier

__all__ = ["Detector", "detector"]

NEAR = 30  # characters
Span: TypeAlias = "tuple[int, int]"


class Detector:
    """Finds data of some kinds.

    Args:
        managed: names of managed data identifiers.
        custom: pairs of a name and a regular expression.
    """

    def __init__(self, managed: Sequence[str], custom: Sequence[tuple[str, str]]) -> None:
        self._finders: dict[str, Callable[[str], Iterator[Span]]] = {
            **{name: _Managed(IDENTIFIERS[name]).spans for name in managed},
            **{name: CustomPattern(regex).spans for name, regex in custom},
        }

    def find(self, text: str) -> dict[str, list[Span]]:
        """Where data stands, by kind, from its first character to the one behind its last."""
        found = ((name, list(spans(text))) for name, spans in self._finders.items())
        return {name: spans for name, spans in found if spans}


@functools.lru_cache(maxsize=64)
def detector(managed: tuple[str, ...], custom: tuple[tuple[str, str], ...]) -> Detector:
    """Made once for all who look for the same."""
    return Detector(managed, custom)


class _Managed:
    """One managed data identifier at work."""

    def __init__(self, identifier: Identifier) -> None:
        self._matches = re.compile(identifier.pattern).finditer
        self._check = identifier.check
        self._near = _keywords(identifier.keywords).finditer if identifier.keywords else None
        self._anywhere = re.compile(identifier.anywhere).match if identifier.anywhere else None

    def spans(self, text: str) -> Iterator[Span]:
        """From left to right."""
        words: list[Span] | None = None
        for each in self._matches(text):
            start, end = each.span()
            if self._check is not None and not self._check(text[start:end]):
                continue
            if self._near and not (self._anywhere and self._anywhere(text, start)):
                if words is None:
                    words = [word.span() for word in self._near(text)]
                if not _near(start, end, words):
                    continue
            yield start, end


def _near(start: int, end: int, words: Sequence[Span]) -> bool:
    return any(start - NEAR <= last <= start or end <= first <= end + NEAR for first, last in words)


@functools.cache
def _keywords(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the keywords, the longest first, not within a word."""
    listed = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_keyword, listed)), re.IGNORECASE)


def _keyword(word: str) -> str:
    source = "[ _-]?".join(map(re.escape, word.split(" ")))
    behind = r"(?![^\W_])" if word[-1].isalnum() else ""
    return rf"(?<![^\W_]){source}{behind}"
