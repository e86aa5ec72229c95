"""When a term of a search matches part of a text.

Lives here: `Phrase`, a term's pieces, and `squeezed`. Source: User Guide, "CloudWatch search
expressions: Tokenization", "Partial matches", "Non-alphanumeric characters".

A text falls into pieces where the case changes, where digits begin or end, and at characters that
are neither letters nor digits. A term matches where its pieces follow one another in the text. A
word of the term that is a single piece matches whatever the case; one of several pieces, as
``CustomCount``, in its own. A term that is a text's whole but for case and separators matches, too.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

__all__ = ["Phrase", "phrase", "squeezed"]

_WORDS = re.compile("[A-Za-z0-9]+")
_BETWEEN = re.compile("[^a-z0-9]+")
_PIECES = re.compile("[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|[0-9]+")


def squeezed(text: str) -> str:
    """A text in lower case without separators; that of a term is part of it if the term matches."""
    return _BETWEEN.sub("", text.lower())


@functools.lru_cache(maxsize=65_536)
def _pieces(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The pieces of a text, and they in lower case."""
    pieces = tuple(_PIECES.findall(text))
    return pieces, tuple(map(str.lower, pieces))


class Phrase(NamedTuple):
    """The pieces of a term.

    Attributes:
        pieces: in their own case.
        lowered: in lower case.
        cased: where the case counts.
        squeezed: as `squeezed`.
    """

    pieces: tuple[str, ...]
    lowered: tuple[str, ...]
    cased: tuple[int, ...]
    squeezed: str

    def matches(self, text: str) -> bool:
        """Whether the term is found in a text; one without letters and digits is in none."""
        if not self.pieces:
            return False
        pieces, lowered = _pieces(text)
        size = len(self.pieces)
        for start in range(len(pieces) - size + 1):
            if lowered[start : start + size] == self.lowered and all(
                pieces[start + n] == self.pieces[n] for n in self.cased
            ):
                return True
        return squeezed(text) == self.squeezed


def phrase(term: str) -> Phrase:
    """A term, ready to be looked for."""
    pieces: list[str] = []
    cased: list[int] = []
    for word in _WORDS.findall(term):
        parts = _PIECES.findall(word)
        if len(parts) > 1:
            cased += range(len(pieces), len(pieces) + len(parts))
        pieces += parts
    lowered = tuple(map(str.lower, pieces))
    return Phrase(tuple(pieces), lowered, tuple(cased), "".join(lowered))
