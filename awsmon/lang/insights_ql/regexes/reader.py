r"""From the text of a regular expression to its tree.

    either = row ("|" row)*                  row   = part*
    part   = atom [("*" | "+" | "?" | "{" m ["," [n]] "}") ["?"]]
           | "^" | "$" | "\A" | "\z" | "\b" | "\B"
    atom   = character | "." | "[" ["^"] members "]" | escape | "(" [kind] either ")"
    kind   = "?:" | "?<" name ">" | "?P<" name ">" | "?" flags ":"          flags of i, m, s

``(?flags)`` counts for the rest of its group. What RE2 lacks (references back, looking around,
atomic groups) is refused, and so are Unicode classes (``\p``), which are not built.
Source: RE2's wiki, "Syntax".
"""

from __future__ import annotations

import re

from awsmon.lang.insights_ql.regexes.tree import (
    Boundary,
    Character,
    Either,
    Group,
    Node,
    Repeat,
    Row,
)

__all__ = ["RegexError", "read"]

MOST_REPEATS = 1000
DEEPEST = 40
_NAME = re.compile(r"\?P?<([A-Za-z_@][A-Za-z0-9_@.]*)>")
_FLAGS = re.compile(r"\?([ims]*)(?:-([ims]+))?([:)])")
_COUNTS = re.compile(r"\{([0-9]+)(,?)([0-9]*)\}")
_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "digit": "0-9", "lower": "a-z", "upper": "A-Z",
    "space": r"\t\n\v\f\r ", "punct": r"!-/:-@\[-`{-~", "xdigit": "0-9A-Fa-f", "word": "0-9A-Za-z_",
    "blank": r"\t ", "cntrl": r"\x00-\x1f\x7f", "print": " -~", "graph": "!-~",
    "ascii": r"\x00-\x7f",
}  # fmt: skip
_PLACES = {"A": r"\A", "z": r"\Z", "b": r"\b", "B": r"\B"}
_CONTROLS = {"n": r"\n", "t": r"\t", "r": r"\r", "f": r"\f", "v": r"\v", "a": r"\a"}
_CLASSES = frozenset("dDwWsS")


class RegexError(ValueError):
    """An expression that is none, and where: a position in its text."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message, self.position = message, position


def read(text: str) -> tuple[Node, list[str]]:
    """The tree of an expression, and the names of its groups, empty for those without.

    Raises:
        RegexError: it is none, or not one of RE2's.
    """
    reader = _Reader(text)
    found = reader.either("")
    if reader.at < len(text):
        raise RegexError("unbalanced )", reader.at)
    return found, reader.names


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.names: list[str] = []
        self.depth = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def accept(self, text: str) -> bool:
        found = self.text.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def take(self) -> str:
        if self.at >= len(self.text):
            raise RegexError("unexpected end", self.at)
        self.at += 1
        return self.text[self.at - 1]

    def either(self, flags: str) -> Node:
        if self.depth >= DEEPEST:
            raise RegexError("nested too deeply", self.at)
        self.depth += 1
        options = [self.row(flags)]
        while self.accept("|"):
            options.append(self.row(flags))
        self.depth -= 1
        return options[0] if len(options) == 1 else Either(tuple(options))

    def row(self, flags: str) -> Node:
        items: list[Node] = []
        while (following := self.peek()) and following not in "|)":
            if self.text.startswith("(?", self.at) and (changed := self.flags(flags)) is not None:
                items.append(self.either(changed))  # the rest of the group, alternatives included
                break
            items.append(self.part(flags))
        return items[0] if len(items) == 1 else Row(tuple(items))

    def flags(self, flags: str) -> str | None:
        """The flags behind ``(?i)``, which is taken; None: there is none."""
        found = _FLAGS.match(self.text, self.at + 1)
        if found is None or found[3] != ")":
            return None
        self.at = found.end()
        return "".join(sorted(set(flags + found[1]) - set(found[2] or "")))

    def part(self, flags: str) -> Node:
        begin = self.at
        atom = self.atom(flags)
        times = self.times()
        if times is None:
            return atom
        least, most = times
        if max(least, most or 0) > MOST_REPEATS:
            raise RegexError(f"repeats more than {MOST_REPEATS} times", begin)
        if most is not None and least > most:
            raise RegexError("least is more than most", begin)
        lazy = self.accept("?")
        if self.peek() and self.peek() in "*+?":
            raise RegexError("multiple repeat", self.at)
        return Repeat(atom, least, most, lazy)

    def times(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if self.peek() in simple:
            return simple[self.take()]
        found = _COUNTS.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        if max(len(found[1]), len(found[3])) > 9:
            return MOST_REPEATS + 1, None
        least = int(found[1])
        return least, int(found[3]) if found[3] else (None if found[2] else least)

    def atom(self, flags: str) -> Node:
        begin, fold = self.at, "i" in flags
        character = self.take()
        if character == "(":
            return self.group(flags, begin)
        if character == "[":
            return Character(self.bracket(begin), fold)
        if character == ".":
            return Character(r"[\s\S]" if "s" in flags else r"[^\n]", fold)
        if character in "^$":
            many = f"(?m:{character})"
            return Boundary(many if "m" in flags else (r"\A" if character == "^" else r"\Z"))
        if character == "\\":
            escaped = self.escape(begin)
            return escaped if isinstance(escaped, Boundary) else Character(escaped, fold)
        if character in "*+?":
            raise RegexError("nothing to repeat", begin)
        return Character(re.escape(character), fold)

    def group(self, flags: str, begin: int) -> Node:
        name = _NAME.match(self.text, self.at)
        scoped = _FLAGS.match(self.text, self.at)
        changed, number = flags, 0
        if name is not None:
            self.at = name.end()
        elif scoped is not None and scoped[3] == ":":
            self.at = scoped.end()
            changed = "".join(sorted(set(flags + scoped[1]) - set(scoped[2] or "")))
        elif self.peek() == "?":
            raise RegexError("groups of this kind are not supported", begin)
        if name is not None or scoped is None:
            self.names.append(name[1] if name else "")
            number = len(self.names)
        body = self.either(changed)
        if not self.accept(")"):
            raise RegexError("missing )", begin)
        return Group(body, number) if number else body

    def escape(self, begin: int) -> str | Boundary:
        character = self.take()
        if character in _PLACES:
            return Boundary(_PLACES[character])
        if character in _CLASSES:
            return f"\\{character}"
        return self.single(character, begin)

    def single(self, character: str, begin: int) -> str:
        """The source of one escaped character."""
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character == "x":
            return re.escape(self.hexadecimal(begin))
        if character.isascii() and character.isalnum():
            raise RegexError(f"\\{character} is not supported", begin)
        return re.escape(character)

    def hexadecimal(self, begin: int) -> str:
        found = re.compile(r"\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2})").match(self.text, self.at)
        code = int(found[1] or found[2], 16) if found else 0x110000
        if found is None or code > 0x10FFFF:
            raise RegexError("expected the hexadecimal code of a character", begin)
        self.at = found.end()
        return chr(code)

    def bracket(self, begin: int) -> str:
        negated = "^" if self.accept("^") else ""
        members: list[str] = []
        while not members or self.peek() != "]":
            if self.at >= len(self.text):
                raise RegexError("missing ]", begin)
            members.append(self.member())
        self.at += 1
        return f"[{negated}{''.join(members)}]"

    def member(self) -> str:
        posix = re.compile(r"\[:(\^?)([a-z]+):\]").match(self.text, self.at)
        if posix is not None:
            if posix[2] not in _POSIX or posix[1]:
                raise RegexError("an unknown class of characters", self.at)
            self.at = posix.end()
            return _POSIX[posix[2]]
        begin = self.at
        low = self.bound()
        if self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return low
        self.at += 1
        high = self.bound()
        if low[1:] in _CLASSES or high[1:] in _CLASSES:
            raise RegexError("a range of no characters", begin)
        return f"{low}-{high}"

    def bound(self) -> str:
        begin = self.at
        character = self.take()
        if character != "\\":
            return re.escape(character)
        character = self.take()
        return f"\\{character}" if character in _CLASSES else self.single(character, begin)
