"""Regular expressions run in time linear in the text, whatever they are.

The machine tries the same ways in the same order as `re`, and remembers for each of its places and
each position of the text that it has been there: what has failed once isn't tried again. It takes
at most one step for each pair of them, and a byte of memory.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from awsmon.lang.insights_ql.regexes.tree import (
    Boundary,
    Character,
    Either,
    Group,
    Node,
    Repeat,
    Row,
)

__all__ = ["LONGEST", "Machine", "TooLong"]

LONGEST = 3000
"""Places of a machine."""

Spans = list[int]


class TooLong(ValueError):
    """An expression whose repeats, written out, make it longer than `LONGEST`."""


class _Place(NamedTuple):
    """One place: what it wants, and where it leads."""

    kind: str
    to: int = 0
    other: int = 0
    fits: re.Pattern[str] | None = None


class Machine:
    """An expression, compiled.

    Args:
        groups: how many groups it has.
    """

    def __init__(self, node: Node, groups: int) -> None:
        self._places: list[_Place] = []
        self._size = 2 * (groups + 1)
        self._add(_Place("match"))
        self._start = self._written(node, 0)
        self._known: list[dict[str, bool]] = [{} for _ in self._places]

    # -- compiling, from the end to the start ------------------------------------------------------

    def _add(self, place: _Place) -> int:
        if len(self._places) >= LONGEST:
            raise TooLong
        self._places.append(place)
        return len(self._places) - 1

    def _written(self, node: Node, to: int) -> int:
        """The place where a part begins that leads on *to* another."""
        match node:
            case Character(characters, fold):
                flags = re.ASCII | (re.IGNORECASE if fold else 0)
                return self._add(_Place("one", to, fits=re.compile(characters, flags)))
            case Boundary(written):
                return self._add(_Place("between", to, fits=re.compile(written, re.ASCII)))
            case Group(body, number):
                end = self._add(_Place("save", to, 2 * number + 1))
                begin = self._written(body, end)
                return self._add(_Place("save", begin, 2 * number))
            case Row(items):
                for item in reversed(items):
                    to = self._written(item, to)
                return to
            case Either(options):
                starts = [self._written(option, to) for option in options]
                found = starts.pop()
                while starts:
                    found = self._add(_Place("split", starts.pop(), found))
                return found
            case Repeat():
                return self._repeat(node, to)

    def _repeat(self, node: Repeat, to: int) -> int:
        def choice(more: int, enough: int) -> _Place:
            return _Place("split", enough, more) if node.lazy else _Place("split", more, enough)

        found = to
        if node.most is None:
            found = self._add(_Place("split"))
            body = self._written(node.body, found)
            self._places[found] = choice(body, to)
        else:
            for _ in range(node.most - node.least):
                found = self._add(choice(self._written(node.body, found), to))
        for _ in range(node.least):
            found = self._written(node.body, found)
        return found

    # -- running -----------------------------------------------------------------------------------

    def search(self, text: str, begin: int = 0) -> Spans | None:
        """Where the expression, found first, and its groups begin and end; -1: nowhere."""
        width = len(self._places)
        been = bytearray((len(text) - begin + 1) * width)
        for start in range(begin, len(text) + 1):
            found = self._match(text, start, begin, been, width)
            if found is not None:
                return found
        return None

    def _match(
        self, text: str, start: int, begin: int, been: bytearray, width: int
    ) -> Spans | None:
        places, known, end = self._places, self._known, len(text)
        spans = [-1] * self._size
        waiting: list[tuple[int, int]] = [(self._start, start)]
        while waiting:
            number, at = waiting.pop()
            if number < 0:  # what a group held before it was tried
                spans[-number - 1] = at
                continue
            while True:
                key = (at - begin) * width + number
                if been[key]:
                    break
                been[key] = 1
                kind, to, other, fits = places[number]
                if kind == "one":
                    if at >= end:
                        break
                    character = text[at]
                    good = known[number].get(character)
                    if good is None:
                        good = bool(fits and fits.match(character))
                        known[number][character] = good
                    if not good:
                        break
                    at += 1
                elif kind == "split":
                    waiting.append((other, at))
                elif kind == "save":
                    waiting.append((-other - 1, spans[other]))
                    spans[other] = at
                elif kind == "between":
                    if not (fits and fits.match(text, at)):
                        break
                else:
                    spans[0], spans[1] = start, at
                    return spans
                number = to
        return None
