r"""The regular expressions that filter patterns allow between percent signs, read.

Lives here: `read_regex` and what it answers. Running them is `automaton.py`'s.

    regex = branch ("|" branch)*      branch = (anchor | atom [times])*      anchor = "^" | "$"
    atom  = character | "." | "[" ["^"] (one ["-" one])+ "]" | "\" escaped
    times = ("*" | "+" | "?" | "{" [m] [","] [n] "}") ["?"]
    escaped = "d" | "D" | "s" | "S" | "w" | "W" | "x" hex hex | what is no letter or digit

There are no groups, so a branch is a flat row of atoms, and an anchor only says where the row must
lie. A set of characters is a number with a bit for each of ASCII and one, the highest, for others.
Source: User Guide, "Supported regular expressions (regex) syntax". The bounds on repeats are ours
(RE2 has the same thousand); a lazy ``?`` is read and means nothing to a search for yes or no.
"""

from __future__ import annotations

import string
from typing import NamedTuple

from awsmon.lang.text import LanguageError

__all__ = ["ALL", "Atom", "Branch", "character_set", "read_regex"]

ALL = (1 << 129) - 1
_ALPHANUMERIC = string.ascii_letters + string.digits
_ALLOWED = frozenset(_ALPHANUMERIC + ":_#=@/;,- " + "^$?[]{}|\\*+.")
_OPERATORS = frozenset("*+?{")
_MOST = 1000  # repeats of one atom
_LONGEST = 5000  # atoms, repeats written out


def character_set(characters: str) -> int:
    """The set of some ASCII characters."""
    found = 0
    for character in characters:
        found |= 1 << ord(character)
    return found


_CLASSES = {
    "d": character_set(string.digits),
    "s": character_set(" \t\n\r\f\v"),
    "w": character_set(_ALPHANUMERIC + "_"),
}
_CLASSES |= {name.upper(): ALL ^ members for name, members in _CLASSES.items()}


class Atom(NamedTuple):
    """One of a set of characters, *least* to *most* times; None: without end."""

    characters: int
    least: int = 1
    most: int | None = 1


class Branch(NamedTuple):
    """A row of atoms, and whether it must lie at the text's start or end."""

    atoms: tuple[Atom, ...]
    at_start: bool = False
    at_end: bool = False


def read_regex(text: str, start: int = 0, end: int | None = None) -> tuple[Branch, ...]:
    """The branches of the expression in ``text[start:end]``; one that can't match is left out.

    Raises:
        LanguageError: positions are those of *text*.
    """
    return _Reader(text, start, len(text) if end is None else end).regex()


class _Reader:
    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.at, self.start, self.end = text, start, start, end
        self.length = 0
        if start == end:
            raise self.fail("An empty regular expression", start)
        for position in range(start, end):
            if text[position] not in _ALLOWED:
                raise self.fail(
                    f"{text[position]!r} can't stand in a regular expression; write \\xHH", position
                )

    def fail(self, message: str, position: int) -> LanguageError:
        term = self.text[self.start : self.end]
        aws = f"Invalid character(s) in term '{term}'"
        return LanguageError(message, self.text, position, aws)

    def peek(self) -> str:
        return self.text[self.at] if self.at < self.end else ""

    def take(self, what: str) -> str:
        if self.at >= self.end:
            raise self.fail(f"Expected {what}, found the end of the regular expression", self.end)
        self.at += 1
        return self.text[self.at - 1]

    def regex(self) -> tuple[Branch, ...]:
        branches = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch())
        return tuple(branch for branch in branches if branch is not None)

    def branch(self) -> Branch | None:
        atoms: list[Atom] = []
        possible, at_start, ended_at = True, False, None
        while (character := self.peek()) and character != "|":
            if character == "^":  # what stands before it must be able to be nothing
                possible = possible and not any(atom.least for atom in atoms)
                at_start, atoms = True, []
                self.anchor()
            elif character == "$":  # and what stands behind it
                ended_at = len(atoms) if ended_at is None else ended_at
                self.anchor()
            else:
                atoms.append(self.atom())
        if ended_at is not None:
            possible = possible and not any(atom.least for atom in atoms[ended_at:])
            atoms = atoms[:ended_at]
        return Branch(tuple(atoms), at_start, ended_at is not None) if possible else None

    def anchor(self) -> None:
        self.at += 1
        if self.peek() in _OPERATORS and self.peek():
            raise self.fail("Nothing to repeat", self.at)

    def atom(self) -> Atom:
        begin = self.at
        character = self.take("a character")
        if character in "*+?{}":
            what = "An unescaped }" if character == "}" else "Nothing to repeat"
            raise self.fail(what, begin)
        if character == ".":
            members = ALL
        elif character == "[":
            members = self.bracket(begin)
        elif character == "\\":
            members = self.escaped()
        elif character == "]":
            raise self.fail("An unescaped ]", begin)
        else:
            members = character_set(character)
        least, most = self.times()
        self.length += max(least, 1) if most is None else most
        if self.length > _LONGEST:
            raise self.fail("Repeats too much", begin)
        return Atom(members, least, most)

    def escaped(self) -> int:
        begin = self.at - 1
        character = self.take("an escaped character")
        if character in _CLASSES:
            return _CLASSES[character]
        if character == "x":
            digits = self.text[self.at : min(self.at + 2, self.end)]
            if len(digits) < 2 or not all(each in string.hexdigits for each in digits):
                raise self.fail("Expected two hexadecimal digits", self.at)
            if int(digits, 16) > 127:
                raise self.fail("Not in the ASCII table", self.at)
            self.at += 2
            return 1 << int(digits, 16)
        if character in _ALPHANUMERIC:
            raise self.fail(f"\\{character} is not supported", begin)
        return character_set(character)

    def bracket(self, begin: int) -> int:
        negated = self.peek() == "^"
        self.at += negated
        members, first = 0, True
        while first or self.peek() != "]":
            if self.at >= self.end:
                raise self.fail("Expected ]", begin)
            first = False
            low = self.member()
            if self.peek() == "-" and self.text[self.at + 1 : self.end][:1] not in ("]", ""):
                self.at += 1
                low = self.span(low, self.member(), begin)
            members |= low
        self.at += 1
        return ALL ^ members if negated else members

    def member(self) -> int:
        character = self.take("]")
        return self.escaped() if character == "\\" else character_set(character)

    def span(self, low: int, high: int, begin: int) -> int:
        if low.bit_count() != 1 or high.bit_count() != 1 or low > high:
            raise self.fail("A range that is none", begin)
        return (high << 1) - low

    def times(self) -> tuple[int, int | None]:
        operator = self.peek()
        if not operator or operator not in _OPERATORS:
            return 1, 1
        begin = self.at
        self.at += 1
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        least, most = simple[operator] if operator in simple else self.counts(begin)
        if self.peek() == "?":
            self.at += 1
        if self.peek() and self.peek() in "*+?{":
            raise self.fail("Nothing to repeat", self.at)
        return least, most

    def counts(self, begin: int) -> tuple[int, int | None]:
        close = self.text.find("}", self.at, self.end)
        inside = self.text[self.at : close] if close >= 0 else "?"
        numbers = [each.strip(" ") for each in inside.split(",")]
        if len(numbers) > 2 or not any(numbers) or not all(map(_is_count, numbers)):
            raise self.fail("Expected {m,n}", begin)
        self.at = close + 1
        least = int(numbers[0] or 0)
        most = int(numbers[-1]) if numbers[-1] else None
        if max(least, most or 0) > _MOST:
            raise self.fail(f"Repeats more than {_MOST} times", begin)
        if most is not None and least > most:
            raise self.fail("Least is more than most", begin)
        return least, most


def _is_count(text: str) -> bool:
    return text == "" or (len(text) < 9 and text.isascii() and text.isdigit())
