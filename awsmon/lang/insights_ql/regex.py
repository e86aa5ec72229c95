"""Regular expressions of queries, at work.

Lives here: `compile_regex`, `compiled` and `Compiled`. They are read in RE2's syntax
(``regexes/``), and run by Python's `re` as long as it can't take more than `MOST_STEPS` steps
through a text; else by a machine whose time is linear in the text, but which is slower for most. To
find all matches that machine begins anew behind each. As AWS's engine does, ``.`` leaves out line
feeds.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.errors import QueryError
from awsmon.lang.insights_ql.regexes.cost import cost
from awsmon.lang.insights_ql.regexes.machine import Machine, TooLong
from awsmon.lang.insights_ql.regexes.reader import RegexError, read
from awsmon.lang.insights_ql.regexes.tree import Node, folds, source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from awsmon.lang.insights_ql.tree import Span

__all__ = ["Compiled", "compile_regex", "compiled"]

MOST_STEPS = 4_000_000


class Compiled:
    """A regular expression.

    Attributes:
        names: of its groups, in order; empty where one has none.
    """

    def __init__(self, node: Node, names: tuple[str, ...]) -> None:
        self.names = names
        folded = folds(node)
        flags = re.ASCII | (re.IGNORECASE if folded else 0)
        self._pattern = re.compile(source(node, folded=folded), flags)
        self._cost = cost(node)
        behind = self._cost.behind
        self._short = -1 if behind is None else int((MOST_STEPS / self._cost.ways) ** (
            1 / (1 + len(behind))
        ))  # fmt: skip
        self._machine = None if behind == () else Machine(node, len(names))

    def _slow(self, text: str) -> Machine | None:
        """The machine, where `re` could take too many steps."""
        if self._machine is None or len(text) < self._short:
            return None
        return self._machine if self._cost.steps(text) > MOST_STEPS else None

    def matches(self, text: str) -> bool:
        """Whether it is found in a text."""
        machine = self._slow(text)
        if machine is None:
            return self._pattern.search(text) is not None
        return machine.search(text) is not None

    def groups(self, text: str) -> Sequence[str | None] | None:
        """What its groups hold where it is found first."""
        machine = self._slow(text)
        if machine is None:
            found = self._pattern.search(text)
            return found.groups() if found else None
        spans = machine.search(text)
        return None if spans is None else _held(text, spans)

    def all_groups(self, text: str) -> list[Sequence[str | None]]:
        """The same for each place where it is found."""
        machine = self._slow(text)
        if machine is None:
            return [found.groups() for found in self._pattern.finditer(text)]
        return [_held(text, spans) for spans in _every(machine, text)]

    def replace(self, text: str, replacement: str) -> str:
        """Put a text in each of these places."""
        return self.substitute(text, lambda _: replacement)

    def substitute(self, text: str, of: Callable[[Sequence[str | None]], str]) -> str:
        """Put in each of these places what is made of its groups."""
        machine = self._slow(text)
        if machine is None:
            return self._pattern.sub(lambda found: of(found.groups()), text)
        parts, at = [], 0
        for spans in _every(machine, text):
            parts += [text[at : spans[0]], of(_held(text, spans))]
            at = spans[1]
        return "".join([*parts, text[at:]])


def _held(text: str, spans: list[int]) -> tuple[str | None, ...]:
    pairs = zip(spans[2::2], spans[3::2], strict=True)
    return tuple([text[begin:end] if min(begin, end) >= 0 else None for begin, end in pairs])


def _every(machine: Machine, text: str) -> Iterator[list[int]]:
    at = 0
    while at <= len(text) and (spans := machine.search(text, at)) is not None:
        yield spans
        at = spans[1] + (spans[0] == spans[1])


def compile_regex(written: str, text: str, at: Span) -> Compiled:
    """An expression that stands there in a query.

    Raises:
        QueryError: it is none.
    """
    found = compiled(written)
    if isinstance(found, str):
        message = f"Invalid regular expression: {found}"
        raise QueryError(message, text, at.start, None, at.end)
    return found


@lru_cache(maxsize=1024)
def compiled(written: str) -> Compiled | str:
    """The expression, or what is wrong with it."""
    try:
        node, names = read(written)
        return Compiled(node, tuple(names))
    except RegexError as error:
        return f"{error.message}, at its position {error.position}"
    except TooLong:
        return "it repeats too much"
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
