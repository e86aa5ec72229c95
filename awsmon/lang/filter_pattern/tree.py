"""CloudWatch Logs filter patterns as trees: what a pattern says, not what it does.

Lives here: the nodes. ``str(node)`` is source again, in a canonical form: strings in quotes,
parentheses only where they are needed. What may fail by itself knows its `position` in the pattern
it was read from; nodes are equal wherever they stood. Reading is `parser.py`'s, meaning is
`compiler.py`'s.
Source: CloudWatch Logs User Guide, "Filter pattern syntax for metric filters, subscription filters,
filter log events, and Live Tail".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as member
from enum import Enum

__all__ = [
    "AllOf",
    "AnyOf",
    "Comparison",
    "Condition",
    "Delimited",
    "Each",
    "Is",
    "Json",
    "Missing",
    "Number",
    "Pattern",
    "Regex",
    "Rest",
    "Selector",
    "Slot",
    "Term",
    "Terms",
    "Text",
    "Value",
]

_WORD = re.compile(r"[A-Za-z0-9_]+")
_KEY = re.compile(r"[A-Za-z0-9_-]+")


def _quoted(text: str, quote: str = '"') -> str:
    inner = text.replace("\\", "\\\\").replace(quote, "\\" + quote)
    return f"{quote}{inner}{quote}"


# -- values ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A string to compare with; each ``*`` in it stands for any text."""

    text: str

    def __str__(self) -> str:
        return _quoted(self.text)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written: ``400``, ``+1e-3``."""

    source: str

    def __str__(self) -> str:
        return self.source

    @property
    def value(self) -> int | float:
        """The number itself."""
        if len(self.source) < 300 and self.source.lstrip("+-").isdigit():
            return int(self.source)
        return float(self.source)


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression, without its percent signs: as a value, or as a whole pattern."""

    source: str
    position: int = member(default=0, kw_only=True, compare=False, repr=False)

    def __str__(self) -> str:
        return f"%{self.source}%"


Value = Text | Number | Regex


# -- conditions ------------------------------------------------------------------------------------


class Each(Enum):
    """A step to every child: every element of an array, every field of an object."""

    ELEMENT = "[*]"
    FIELD = ".*"


@dataclass(frozen=True, slots=True)
class Selector:
    """A path into a JSON event, from its root: keys, indexes, at most one `Each`."""

    steps: tuple[str | int | Each, ...]

    def __str__(self) -> str:
        return "$" + "".join(map(_step, self.steps))

    @property
    def is_wildcard(self) -> bool:
        """Whether it may select several nodes."""
        return any(isinstance(step, Each) for step in self.steps)


def _step(step: str | int | Each) -> str:
    if isinstance(step, Each):
        return step.value
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _KEY.fullmatch(step) else f".[{_quoted(step, chr(39))}]"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field (of a slot: its name), ``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``, and a value."""

    field: Selector | str
    operator: str
    value: Value
    position: int = member(default=0, kw_only=True, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {self.value}"


@dataclass(frozen=True, slots=True)
class Is:
    """``IS NULL``, ``IS TRUE``, ``IS FALSE``: the literal is None, True or False."""

    field: Selector
    literal: bool | None
    position: int = member(default=0, kw_only=True, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.field} IS {'NULL' if self.literal is None else str(self.literal).upper()}"


@dataclass(frozen=True, slots=True)
class Missing:
    """``NOT EXISTS``."""

    field: Selector
    position: int = member(default=0, kw_only=True, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.field} NOT EXISTS"


@dataclass(frozen=True, slots=True)
class AllOf:
    """``a && b && ...``, two conditions or more."""

    conditions: tuple[Condition, ...]

    def __str__(self) -> str:
        return " && ".join(
            f"({each})" if isinstance(each, AllOf | AnyOf) else str(each)
            for each in self.conditions
        )


@dataclass(frozen=True, slots=True)
class AnyOf:
    """``a || b || ...``, two conditions or more."""

    conditions: tuple[Condition, ...]

    def __str__(self) -> str:
        return " || ".join(
            f"({each})" if isinstance(each, AnyOf) else str(each) for each in self.conditions
        )


Condition = Comparison | Is | Missing | AllOf | AnyOf


# -- patterns --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that must occur; signed ``-``, must not; signed ``?``, is one of several."""

    text: str
    sign: str = ""
    position: int = member(default=0, kw_only=True, compare=False, repr=False)

    def __str__(self) -> str:
        return self.sign + (self.text if _WORD.fullmatch(self.text) else _quoted(self.text))


@dataclass(frozen=True, slots=True)
class Terms:
    """The pattern of unstructured text; without terms it matches every event."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))


@dataclass(frozen=True, slots=True)
class Json:
    """``{ condition }``."""

    condition: Condition

    def __str__(self) -> str:
        return f"{{ {self.condition} }}"


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a space-delimited event: its name, if it has one, and what it must be."""

    name: str | None = None
    condition: Condition | None = None

    def __str__(self) -> str:
        return str(self.condition) if self.condition else self.name or ""


@dataclass(frozen=True, slots=True)
class Rest:
    """``...``: any number of fields."""

    def __str__(self) -> str:
        return "..."


@dataclass(frozen=True, slots=True)
class Delimited:
    """``[a, b = x, ..., c > 5]``; without slots it matches every event."""

    slots: tuple[Slot | Rest, ...] = ()

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.slots))}]"


Pattern = Terms | Regex | Json | Delimited
