"""PromQL queries as trees.

Lives here: the nodes; `kind`, what one yields; `walk`, all nodes of a tree. ``str(node)`` is source
again, with every operation in parentheses. Reading is `parser.py`'s, meaning `compiler.py`'s.
Source: Prometheus documentation, "Querying basics", "Operators".
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Aggregate", "Binary", "Call", "Match", "Matcher", "Negation", "Node", "Number", "Selector",
    "Subquery", "Text", "children", "kind", "walk",
]  # fmt: skip

At: TypeAlias = "int | str | None"

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")


def quoted(text: str) -> str:
    """A text as source."""
    return json.dumps(text, ensure_ascii=False)


def label(name: str) -> str:
    """The name of a label as source; what is no identifier in quotation marks."""
    return name if _WORD.fullmatch(name) else quoted(name)


def _listed(names: tuple[str, ...]) -> str:
    return f"({', '.join(map(label, names))})"


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or a duration in seconds."""

    value: float

    def __str__(self) -> str:
        if math.isinf(self.value) or math.isnan(self.value):
            return "NaN" if math.isnan(self.value) else "Inf"
        return repr(self.value)


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    value: str

    def __str__(self) -> str:
        return quoted(self.value)


@dataclass(frozen=True, slots=True)
class Matcher:
    """What a label must be: ``=``, ``!=``, ``=~`` or ``!~`` a value."""

    label: str
    operator: str
    value: str

    def __str__(self) -> str:
        return f"{label(self.label)}{self.operator}{quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class Selector:
    """The series of a metric.

    Attributes:
        window: milliseconds of a range; None: the latest sample alone.
        offset: milliseconds back.
        at: as of when, in milliseconds since the epoch; ``start`` or ``end`` of the whole query.
    """

    name: str
    matchers: tuple[Matcher, ...] = ()
    window: int | None = None
    offset: int = 0
    at: At = None

    def __str__(self) -> str:
        inside = list(map(str, self.matchers))
        if not (plain := _NAME.fullmatch(self.name)):
            inside.insert(0, quoted(self.name))
        text = self.name if plain else ""
        if inside:
            text += "{" + ", ".join(inside) + "}"
        if self.window is not None:
            text += f"[{self.window}ms]"
        return text + _placed(self.offset, self.at)


@dataclass(frozen=True, slots=True)
class Subquery:
    """What a query yields again and again over a time, as a range.

    Attributes:
        window: milliseconds.
        step: milliseconds between two runs; None: the default.
        offset: milliseconds back.
        at: as of when, as for a selector.
    """

    of: Node
    window: int
    step: int | None = None
    offset: int = 0
    at: At = None

    def __str__(self) -> str:
        step = "" if self.step is None else f"{self.step}ms"
        return f"{self.of}[{self.window}ms:{step}]{_placed(self.offset, self.at)}"


def _placed(offset: int, at: At) -> str:
    text = ""
    if at is not None:
        text += f" @ {at}()" if isinstance(at, str) else f" @ {at / 1000!r}"
    if offset:
        text += f" offset {'-' * (offset < 0)}{abs(offset)}ms"
    return text


@dataclass(frozen=True, slots=True)
class Call:
    """A function of arguments."""

    function: str
    arguments: tuple[Node, ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Many series to fewer: those alike in *labels*, or in all others, to one.

    Attributes:
        parameter: of ``topk``, ``bottomk``, ``quantile`` and ``count_values``.
    """

    operator: str
    of: Node
    parameter: Node | None = None
    labels: tuple[str, ...] = ()
    without: bool = False

    def __str__(self) -> str:
        grouping = f" {'without' if self.without else 'by'} {_listed(self.labels)} "
        inside = f"{self.parameter}, {self.of}" if self.parameter else f"{self.of}"
        return f"{self.operator}{grouping}({inside})"


@dataclass(frozen=True, slots=True)
class Match:
    """Which series of two sides belong together.

    Attributes:
        on: whether the labels are those that count, or those that don't.
        group: ``left`` or ``right``: on that side there may be several to one.
        include: labels that are taken from the other side then.
    """

    labels: tuple[str, ...] = ()
    on: bool = False
    group: str = ""
    include: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = f" {'on' if self.on else 'ignoring'} {_listed(self.labels)}"
        return text + (f" group_{self.group} {_listed(self.include)}" if self.group else "")


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides and what stands between them; *truth*: ``bool``, 0 or 1 rather than a filter."""

    operator: str
    left: Node
    right: Node
    match: Match = Match()
    truth: bool = False

    def __str__(self) -> str:
        words = self.operator + (" bool" if self.truth else "")
        words += str(self.match) if self.match != Match() else ""
        return f"({self.left} {words} {self.right})"


@dataclass(frozen=True, slots=True)
class Negation:
    """The other sign."""

    of: Node

    def __str__(self) -> str:
        return f"(-{self.of})"


Node: TypeAlias = Number | Text | Selector | Subquery | Call | Aggregate | Binary | Negation


def kind(node: Node) -> str:
    """What it yields: ``scalar``, ``string``, ``instant vector`` or ``range vector``."""
    match node:
        case Number():
            return "scalar"
        case Text():
            return "string"
        case Selector(window=window) if window is not None:
            return "range vector"
        case Subquery():
            return "range vector"
        case Call(function) if function in ("pi", "scalar", "time"):
            return "scalar"
        case Binary(left=left, right=right) if kind(left) == kind(right) == "scalar":
            return "scalar"
        case Negation(of):
            return kind(of)
        case _:
            return "instant vector"


def children(node: Node) -> list[Node]:
    """What it is made of."""
    inner: tuple[Node | None, ...] = ()
    match node:
        case Call(_, arguments):
            inner = arguments
        case Aggregate(_, of, parameter):
            inner = (parameter, of)
        case Binary(_, left, right):
            inner = (left, right)
        case Negation(of) | Subquery(of):
            inner = (of,)
    return [each for each in inner if each is not None]


def walk(node: Node) -> Iterator[Node]:
    """It and all that it is made of, and so on."""
    yield node
    for each in children(node):
        yield from walk(each)
