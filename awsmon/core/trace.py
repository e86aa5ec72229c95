"""The causal tree: what happened, and what each thing was brought about by.

Lives here: `Trace`, which keeps the newest so many entries, and the text of the tree. An entry is
anything with `number`, `cause`, `at` and a line of text: domain events and deliveries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

__all__ = ["Entry", "Trace", "TraceNode", "TraceTree"]


class Entry(Protocol):
    """Something that can stand in the trace; its `str` is its line."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def cause(self) -> int | None: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102


class UnderWay(NamedTuple):
    """Holds the place of an entry that isn't over."""

    number: int
    cause: int | None
    at: datetime

    def __str__(self) -> str:
        return "(under way)"


class Trace:
    """The newest entries, by number.

    Args:
        keep: how many to keep; `dropped` says how many went.
    """

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.dropped = 0
        self._entries: dict[int, Entry] = {}
        self._next = 1
        self._oldest = 1

    def number(self) -> int:
        """The next number; the oldest entry goes if there are too many."""
        number = self._next
        self._next += 1
        if number - self._oldest >= self.keep:
            self.dropped += self._entries.pop(self._oldest, None) is not None
            self._oldest += 1
        return number

    def begin(self, cause: int | None, at: datetime) -> int:
        """A place for something that is told when it is over, after its consequences."""
        number = self.number()
        self._entries[number] = UnderWay(number, cause, at)
        return number

    def add(self, entry: Entry) -> None:
        """Keep an entry under its number."""
        if entry.number >= self._oldest:
            self._entries[entry.number] = entry

    def get(self, number: int | None) -> Entry | None:
        """The entry of that number, unless it went."""
        return None if number is None else self._entries.get(number)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return (self._entries[number] for number in sorted(self._entries))

    def chain(self, number: int | None) -> list[Entry]:
        """The entry and all that led to it, the first cause first."""
        found = []
        entry = self.get(number)
        while entry is not None:
            found.append(entry)
            entry = self.get(entry.cause)
        return found[::-1]

    def deep(self, number: int, since: int) -> int:
        """How many entries led to one, those numbered before *since* left aside."""
        length, entry = 0, self.get(number)
        while entry is not None and entry.number >= since:
            length += 1
            entry = self.get(entry.cause)
        return length

    @property
    def newest(self) -> int:
        """The number that was given last."""
        return self._next - 1

    def tree(self) -> TraceTree:
        """Everything kept, as a tree; what lost its cause stands at the root."""
        nodes = {entry.number: TraceNode(entry) for entry in self}
        roots: list[TraceNode] = []
        for node in nodes.values():
            cause = node.entry.cause
            parent = nodes.get(cause) if cause is not None else None
            (parent.children if parent else roots).append(node)
        return TraceTree(roots, self.dropped)


class TraceNode:
    """An entry and what it brought about, in order."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.children: list[TraceNode] = []

    def lines(self, indent: str = "") -> Iterator[str]:
        """The node and all below it as text, two spaces deeper at each step."""
        pending = [(self, indent)]
        while pending:
            node, deep = pending.pop()
            yield f"{node.entry.at:%Y-%m-%d %H:%M:%S} {deep}{node.entry}"
            pending.extend((child, deep + "  ") for child in reversed(node.children))


class TraceTree:
    """The causal tree: `roots`, each with its `children`; prints as readable text.

    Attributes:
        dropped: how many older entries are no longer kept.
    """

    def __init__(self, roots: list[TraceNode], dropped: int) -> None:
        self.roots = roots
        self.dropped = dropped

    def __iter__(self) -> Iterator[TraceNode]:
        """Every node, depth first."""
        pending = self.roots[::-1]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children))

    def __str__(self) -> str:
        lines = [line for root in self.roots for line in root.lines()]
        if self.dropped:
            lines.insert(0, f"({self.dropped} older entries are no longer kept)")
        return "\n".join(lines)

    __repr__ = __str__
