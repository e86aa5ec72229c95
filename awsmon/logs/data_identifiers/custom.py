"""Custom data identifiers: the regular expressions of a data protection policy, at work.

Lives here: `CustomPattern`. The expressions are those of filter patterns without the colon; of what
could begin at one place the longest is taken. Source: User Guide, "Custom data identifiers".
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from awsmon.lang.filter_pattern.automaton import Automaton, compile_regex
from awsmon.lang.filter_pattern.regex import read_regex
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CustomPattern"]

ALLOWED = frozenset(string.ascii_letters + string.digits + "_#=@/;,- " + "^$?[]{}|\\*+.")


class CustomPattern(Automaton):
    """A regular expression that tells where it matches.

    Raises:
        LanguageError: it is none, or has characters that it can't have.
    """

    def __init__(self, regex: str) -> None:
        for position, character in enumerate(regex):
            if character not in ALLOWED:
                raise LanguageError(f"{character!r} is not supported", regex, position)
        branches = read_regex(regex)
        super().__init__(branches)
        self._occurs = compile_regex(branches)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """From left to right, none within another, none empty."""
        at = 0
        while at < len(text) and (at or self._occurs(text)):
            end = self._longest(text, at)
            if end > at:
                yield at, end
            at = max(end, at + 1)

    def _longest(self, text: str, start: int) -> int:
        """The end of the longest match that begins there; *start* where none does."""
        bits = self._starts | (self._closed(self._first_starts) if start == 0 else 0)
        found = at = start
        while bits and at < len(text):
            moved = bits & self._fits[min(ord(text[at]), 128)]
            bits = self._closed((moved << 1) | (moved & self._loops)) if moved else 0
            at += 1
            if bits & self._accepted or (at == len(text) and bits & self._accepted_at_end):
                found = at
        return found
