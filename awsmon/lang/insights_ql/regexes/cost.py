"""How many steps Python's `re` may take at worst, told from the expression.

`re` goes back and tries again. A repeat is *open* if what may follow it can begin like another
round of it: then `re` may leave it wherever the text that must follow stands. Such repeats
multiply with one another, and with the places where a search may begin; all else adds up. A repeat
whose rounds can themselves be read in several ways has no bound.
"""

from __future__ import annotations

import math
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

__all__ = ["Cost", "cost"]

_LITERAL = re.compile(r"[^\\.\[]|\\[^0-9A-Za-z]", re.DOTALL)
_WAYS = 1000
"""Ways through what repeats a bounded number of times, beyond which none is tried."""
_OPEN = 6
"""Open repeats, beyond which none is tried."""


class Cost(NamedTuple):
    """At most ``ways`` steps for each character, times the places where each of ``behind`` stands.

    Attributes:
        behind: the text that must come behind an open repeat, or at a start; empty: any may.
            None: the steps have no bound.
    """

    ways: int
    behind: tuple[str, ...] | None

    def steps(self, text: str) -> float:
        """Steps that `re` may take through a text."""
        if self.behind is None:
            return math.inf
        found = self.ways * (len(text) + 1)
        for each in self.behind:
            found *= 1 + (text.count(each) if each else len(text))
        return found


class _Unbounded(Exception):
    """The expression has no bound."""


class _Follow(NamedTuple):
    """What may come behind a part.

    Attributes:
        mask: the characters that may come next.
        literal: the text that must come next; empty: there is none such.
        free: nothing that comes can fail.
        empty: nothing need come.
    """

    mask: int
    literal: str
    free: bool
    empty: bool


def cost(node: Node) -> Cost:
    """What an expression may cost."""
    weigher = _Weigher(node)
    start = _Follow(0, "", True, True)
    try:
        weigher.weigh(node, start, within=False)
    except _Unbounded:
        return Cost(0, None)
    if weigher.ways > _WAYS or len(weigher.behind) > _OPEN:
        return Cost(0, None)
    if weigher.runs and not weigher.starts_once(node):
        weigher.behind.append(weigher.behind_of(node, start).literal)
    return Cost(weigher.ways, tuple(weigher.behind))


class _Weigher:
    def __init__(self, node: Node) -> None:
        extra = sorted({c for each in _sets(node) for c in each.set if not c.isascii()})
        self.alphabet = [*map(chr, range(128)), *extra, "\U0010fffe"]
        self.masks: dict[Character, int] = {}
        self.ways = 1
        self.behind: list[str] = []  # open repeats
        self.runs = 0  # the characters of repeats without end that can fail

    # -- sets --------------------------------------------------------------------------------------

    def mask(self, node: Character) -> int:
        """The characters that a set holds, of either case; a bit for each of the alphabet."""
        known = self.masks.get(node)
        if known is None:
            fits = re.compile(node.set, re.ASCII | re.IGNORECASE).fullmatch
            known = sum(1 << at for at, each in enumerate(self.alphabet) if fits(each))
            self.masks[node] = known
        return known

    def first(self, node: Node) -> int:
        """The characters that a part may begin with."""
        match node:
            case Character():
                return self.mask(node)
            case Boundary():
                return 0
            case Group(body) | Repeat(body):
                return self.first(body)
            case Either(options):
                found = 0
                for option in options:
                    found |= self.first(option)
                return found
            case Row(items):
                found = 0
                for item in items:
                    found |= self.first(item)
                    if not _is_empty(item):
                        break
                return found

    def every(self, node: Node) -> int:
        """The characters that a part may hold anywhere."""
        found = 0
        for each in _sets(node):
            found |= self.mask(each)
        return found

    # -- weighing ----------------------------------------------------------------------------------

    def weigh(self, node: Node, follow: _Follow, *, within: bool) -> None:
        """Count what a part costs; *within* a repeat without end nothing may be ambiguous."""
        match node:
            case Group(body):
                self.weigh(body, follow, within=within)
            case Row(items):
                for item in reversed(items):
                    self.weigh(item, follow, within=within)
                    follow = self.behind_of(item, follow)
            case Either(options):
                self._weigh_either(options, follow, within=within)
            case Repeat():
                self._weigh_repeat(node, follow, within=within)

    def behind_of(self, item: Node, follow: _Follow) -> _Follow:
        """What may come where a part stands before what follows it."""
        if isinstance(item, Row):
            for each in reversed(item.items):
                follow = self.behind_of(each, follow)
            return follow
        empty = _is_empty(item)
        free = follow.free and empty and not _has_boundary(item)
        mask = self.first(item) | (follow.mask if empty else 0)
        literal = ""
        if isinstance(item, Character) and not item.fold and _LITERAL.fullmatch(item.set):
            literal = item.set[-1] + follow.literal
        elif isinstance(item, Group):
            literal = self.behind_of(item.body, follow).literal
        return _Follow(mask, literal, free, empty and follow.empty)

    def _weigh_either(self, options: tuple[Node, ...], follow: _Follow, *, within: bool) -> None:
        seen, ambiguous = 0, False
        for option in options:
            self.weigh(option, follow, within=within)
            first = self.first(option) | (follow.mask if _is_empty(option) else 0)
            ambiguous = ambiguous or bool(first & seen) or _is_empty(option)
            seen |= first
        if ambiguous and within:
            raise _Unbounded
        self.ways *= len(options) if ambiguous else 1

    def _weigh_repeat(self, node: Repeat, follow: _Follow, *, within: bool) -> None:
        body, least, most = node.body, node.least, node.most
        first = self.first(body)
        rounds = _Follow(first | follow.mask, "", False, False)
        ambiguous = not follow.free and (follow.empty or bool(first & follow.mask))
        if most is not None:
            self.weigh(body, rounds if most > 1 else follow, within=within or most > 1)
            if ambiguous and most > least:
                if within:
                    raise _Unbounded
                self.ways *= most - least + 1
            return
        if _is_empty(body) or (within and ambiguous):
            raise _Unbounded
        self.weigh(body, rounds, within=True)
        if not follow.free:
            self.runs |= self.every(body)
        if ambiguous:
            self.behind.append(follow.literal)

    # -- where a search begins ---------------------------------------------------------------------

    def starts_once(self, node: Node) -> bool:
        """Whether no two starts of a search can run through the same characters."""
        items = node.items if isinstance(node, Row) else (node,)
        for item in items:
            inner = item
            while isinstance(inner, Group):
                inner = inner.body
            if inner == Boundary(r"\A"):
                return True
            if isinstance(inner, Character) and not self.mask(inner) & self.runs:
                return True
            if isinstance(inner, Row):
                return self.starts_once(inner)
            if not isinstance(inner, Character | Boundary):
                return False
        return False


def _sets(node: Node) -> list[Character]:
    match node:
        case Character():
            return [node]
        case Group(body) | Repeat(body):
            return _sets(body)
        case Row(parts) | Either(parts):
            return [each for part in parts for each in _sets(part)]
    return []


def _is_empty(node: Node) -> bool:
    """Whether a part may be no character at all."""
    match node:
        case Character():
            return False
        case Group(body):
            return _is_empty(body)
        case Row(items):
            return all(map(_is_empty, items))
        case Either(options):
            return any(map(_is_empty, options))
        case Repeat(body, least):
            return least == 0 or _is_empty(body)
    return True


def _has_boundary(node: Node) -> bool:
    match node:
        case Boundary():
            return True
        case Group(body) | Repeat(body):
            return _has_boundary(body)
        case Row(parts) | Either(parts):
            return any(map(_has_boundary, parts))
    return False
