"""Java's regular expressions, as Python reads them.

Lives here: `fullmatch` and `python_pattern`. botocore's models state patterns in Java's syntax;
those that backtrack without bound are rewritten to equivalents that don't.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["fullmatch", "python_pattern"]

_REWRITTEN = (
    # Parts of the models' patterns that backtrack without end, and what matches the same at once:
    # in the first two, blanks are among what is repeated.
    (r"[ \t]*[^\x00-\x1F:\x7F]+([ \t]+[^\x00-\x1F:\x7F]+)*[ \t]*",
     r"\t*[^\x00-\x1F:\x7F][^\x00-\x08\x0A-\x1F:\x7F]*"),
    (r"[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*", r"\t*[\x20-\x7E][\t\x20-\x7E]*"),
    (r"([:/].+)*$", r"([:/].+)?$"),
    (r"^arn:(\w|-)+:oam:.+:.+:.+", r"^arn:[\w-]+:oam:.[^:\n\r]*:.[^:\n\r]*:.+"),
    # To Java, a pair of surrogates is one character.
    (r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"),
)  # fmt: skip
_ANY = r"[^\n\r\u0085\u2028\u2029]"
_ESCAPES = frozenset("dDwWsStnrfxuU")


@functools.cache
def fullmatch(pattern: str) -> Callable[[str], object]:
    """What Java's ``matches()`` says of a text: the whole of it or nothing; None for no."""
    return re.compile(python_pattern(pattern), re.ASCII).fullmatch


def python_pattern(pattern: str) -> str:
    """A pattern of a model, which is Java's, as Python's `re` reads it (with `re.ASCII`).

    Raises:
        ValueError: the pattern holds something that this doesn't translate.
    """
    for slow, fast in _REWRITTEN:
        pattern = pattern.replace(slow, fast)
    dot = _ANY
    if pattern.startswith("(?s)"):
        pattern, dot = pattern[4:], r"[\s\S]"
    found: list[str] = []
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            part, at = _escape(pattern, at, in_class=False)
        elif sign == "[":
            part, at = _class(pattern, at)
        elif sign == "+" and found and found[-1] in ("*", "+", "?", "}"):
            raise ValueError(f"possessive quantifier at {at} of {pattern}")
        else:
            part, at = {".": dot, "$": r"\Z"}.get(sign, sign), at + 1
        found.append(part)
    return "".join(found)


def _escape(pattern: str, at: int, *, in_class: bool) -> tuple[str, int]:
    """The escape that begins there, and where it ends."""
    sign = pattern[at + 1]
    if sign == "p":
        end = pattern.index("}", at)
        inside = _category(pattern[at + 3 : end])
        return inside if in_class else f"[{inside}]", end + 1
    if sign.isalnum() and sign not in _ESCAPES:
        raise ValueError(f"escape \\{sign} at {at} of {pattern}")
    length = {"x": 4, "u": 6, "U": 10}.get(sign, 2)
    escape = pattern[at : at + length]
    return escape if sign.isalnum() else re.escape(sign), at + length


def _class(pattern: str, at: int) -> tuple[str, int]:
    """The class that begins there, and where it ends; a dash that joins nothing is a sign."""
    found, at = ["["], at + 1
    if pattern[at] == "^":
        found.append("^")
        at += 1
    while pattern[at] != "]":
        if pattern[at] == "[" or pattern.startswith("&&", at):
            raise ValueError(f"class within a class at {at} of {pattern}")
        item, at, joins = _item(pattern, at)
        if joins and pattern[at] == "-" and pattern[at + 1] != "]":
            last, at, joins = _item(pattern, at + 1)
            if not joins:
                raise ValueError(f"range without end at {at} of {pattern}")
            item = f"{item}-{last}"
        found.append(item)
    return "".join([*found, "]"]), at + 1


def _item(pattern: str, at: int) -> tuple[str, int, bool]:
    """One sign of a class, where it ends, and whether a range may begin or end with it."""
    if pattern[at] != "\\":
        return re.escape(pattern[at]), at + 1, True
    item, end = _escape(pattern, at, in_class=True)
    return item, end, pattern[at + 1] not in "pdDwWsS"


@functools.cache
def _category(name: str) -> str:
    """The characters of a Unicode category (``L``, ``Zs``) as the inside of a class."""
    runs = [run.span() for run in re.finditer(f"(?:{name:.<2})+", _categories())]
    if not runs or name[0] == "C":
        raise ValueError(f"no such category, or one that reaches too far: {name}")
    return "".join(f"\\U{start // 2:08x}-\\U{end // 2 - 1:08x}" for start, end in runs)


@functools.cache
def _categories() -> str:
    """The category of each character, two signs each; what lies beyond matters to no pattern."""
    return "".join(map(category, map(chr, range(0x32400))))
