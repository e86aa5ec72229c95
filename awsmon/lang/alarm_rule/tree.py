"""The tree of an alarm rule.

Lives here: the nodes, each of which prints as a rule that reads the same, and `alarms_in`. Names
are what the rule says: names or ARNs of alarms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["And", "AtLeast", "Constant", "InState", "Not", "Or", "Rule", "alarms_in"]


@dataclass(frozen=True, slots=True)
class Constant:
    """``TRUE`` or ``FALSE``."""

    value: bool

    def __str__(self) -> str:
        return str(self.value).upper()


@dataclass(frozen=True, slots=True)
class InState:
    """``ALARM("name")``, and the same for the other states."""

    state: str
    alarm: str

    def __str__(self) -> str:
        return f"{self.state}({_quoted(self.alarm)})"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``AT_LEAST(2, NOT OK, (a, b, c))``.

    Attributes:
        least: how many, or how many of a hundred if `percent`.
        negated: those that are *not* in the state count.
    """

    least: int
    percent: bool
    negated: bool
    state: str
    alarms: tuple[str, ...]

    def __str__(self) -> str:
        names = ", ".join(map(_quoted, self.alarms))
        least = f"{self.least}{'%' if self.percent else ''}"
        return f"AT_LEAST({least}, {'NOT ' if self.negated else ''}{self.state}, ({names}))"


@dataclass(frozen=True, slots=True)
class Not:
    """``NOT rule``."""

    rule: Rule

    def __str__(self) -> str:
        return f"NOT {_enclosed(self.rule, And, Or)}"


@dataclass(frozen=True, slots=True)
class And:
    """``rule AND rule AND ...``."""

    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        return " AND ".join(_enclosed(rule, And, Or) for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Or:
    """``rule OR rule OR ...``."""

    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        return " OR ".join(_enclosed(rule, Or) for rule in self.rules)


Rule: TypeAlias = Constant | InState | AtLeast | Not | And | Or


def alarms_in(rule: Rule) -> tuple[str, ...]:
    """The alarms that a rule names, each once, in its order."""
    match rule:
        case InState():
            found: tuple[str, ...] = (rule.alarm,)
        case AtLeast():
            found = rule.alarms
        case Not():
            found = alarms_in(rule.rule)
        case And() | Or():
            found = tuple(name for each in rule.rules for name in alarms_in(each))
        case _:
            found = ()
    return tuple(dict.fromkeys(found))


def _enclosed(rule: Rule, *kinds: type) -> str:
    return f"({rule})" if isinstance(rule, kinds) else str(rule)


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
