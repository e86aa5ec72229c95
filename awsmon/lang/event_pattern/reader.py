"""JSON as an event pattern needs it: with positions, and with every key that was written.

Lives here: `Node`, `read` and `PatternError`. A key may stand twice, and a number keeps its digits,
so that neither can be left to a reader that makes dicts and floats. Where a text is no JSON, or no
pattern, the position is that behind what was read last, as AWS tells it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

__all__ = ["Node", "PatternError", "read"]

DEEPEST = 200
_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.])")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_WORD = re.compile(r"[A-Za-z0-9_$]+")
_WORDS = {"true": True, "false": False, "null": None}
_EXPECTED = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


class PatternError(Exception):
    """A text that is no event pattern; *message* is the reason as AWS words it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value.

    Attributes:
        value: a scalar; a list of nodes; or pairs of key and node, as a tuple.
        end: the position behind what opens it (of an array or object), or behind it.
        close: the position behind it.
    """

    value: Any
    end: int
    close: int

    @property
    def is_object(self) -> bool:
        """Whether it is an object."""
        return isinstance(self.value, tuple)

    @property
    def is_array(self) -> bool:
        """Whether it is an array."""
        return isinstance(self.value, list)

    @property
    def is_string(self) -> bool:
        """Whether it is a string."""
        return isinstance(self.value, str)

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return isinstance(self.value, (int, float)) and not isinstance(self.value, bool)


def read(text: str) -> Node:
    """A JSON text as nodes.

    Raises:
        PatternError: it is none.
    """
    return _Reader(text).whole()


def fail(text: str, at: int, message: str) -> NoReturn:
    """Raise an error with its place."""
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    raise PatternError(f'{message}\n at [Source: (String)"{text}"; line: {line}, column: {column}]')


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def whole(self) -> Node:
        node = self.value(0)
        self.blanks()
        if self.at < len(self.text):
            self.fail("Trailing tokens are not allowed")
        return node

    def fail(self, message: str) -> NoReturn:
        fail(self.text, self.at, message)

    def blanks(self) -> str:
        """Skip blanks; the character after them, empty at the end."""
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Node:
        if depth > DEEPEST:
            self.fail("Pattern is nested too deeply")
        first = self.blanks()
        if first == "{":
            return self.object(depth)
        if first == "[":
            return self.array(depth)
        if first == '"':
            text = self.string()
            return Node(text, self.at, self.at)
        if not first:
            self.fail("Unexpected end-of-input")
        return self.scalar(first)

    def scalar(self, first: str) -> Node:
        number = _NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
            whole = number[0].lstrip("-").isdigit() and len(number[0]) < 400
            return Node(int(number[0]) if whole else float(number[0]), self.at, self.at)
        word = _WORD.match(self.text, self.at)
        if word and word[0] in _WORDS:
            self.at = word.end()
            return Node(_WORDS[word[0]], self.at, self.at)
        if word and not first.isdigit():
            self.at = word.end()
            self.fail(f"Unrecognized token '{word[0]}': {_EXPECTED}")
        self.at += 1
        return self.fail(
            f"Unexpected character ('{first}' (code {ord(first)})): expected a valid value "
            "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        )

    def string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if found is None:
            self.at = len(self.text)
            self.fail("Unexpected end-of-input: was expecting closing quote for a string value")
        self.at = found.end()
        text: str = json.loads(found[0])
        return text

    def array(self, depth: int) -> Node:
        self.at += 1
        start = self.at
        found: list[Node] = []
        while self.blanks() != "]":
            if found:
                self.expect(",", "Array")
            found.append(self.value(depth + 1))
        self.at += 1
        return Node(found, start, self.at)

    def object(self, depth: int) -> Node:
        self.at += 1
        start = self.at
        found: list[tuple[str, Node, int]] = []
        while self.blanks() != "}":
            if found:
                self.expect(",", "Object")
                self.blanks()
            if self.text[self.at : self.at + 1] != '"':
                self.at = min(self.at + 1, len(self.text))
                self.fail("was expecting double-quote to start field name")
            name, named = self.string(), self.at
            if self.blanks() != ":":
                self.fail("was expecting a colon to separate field name and value")
            self.at += 1
            found.append((name, self.value(depth + 1), named))
        self.at += 1
        return Node(tuple(found), start, self.at)

    def expect(self, mark: str, where: str) -> None:
        if self.blanks() != mark:
            if self.at >= len(self.text):
                self.fail(f"Unexpected end-of-input: expected close marker for {where}")
            self.at += 1
            self.fail(f"was expecting comma to separate {where} entries")
        self.at += 1
