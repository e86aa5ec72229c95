"""Search expressions as trees.

Lives here: the nodes. ``str(node)`` is source again. Reading is `parser.py`'s; when a text matches
is `tokens.py`'s, which metrics do is their keeper's. Source: User Guide, "CloudWatch search
expression syntax".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["ACCOUNT", "And", "Not", "Or", "Rule", "Schema", "Search", "Term"]

ACCOUNT = ":aws.AccountId"
"""The property of a metric that is the account it is in."""
_MARKS = re.compile(r'(["\\()])')


@dataclass(frozen=True, slots=True)
class Term:
    """``count``, ``"CustomCount1"`` or ``MetricName="CPUUtilization"``.

    Attributes:
        exact: the whole text is meant, else parts of it.
        property: ``MetricName``, ``Namespace``, `ACCOUNT` or the name of a dimension; None: any of
            them, and the names of the dimensions.
    """

    text: str
    exact: bool = False
    property: str | None = None

    def __str__(self) -> str:
        text = _quoted(self.text) if self.exact else self.text
        return text if self.property is None else f"{_quoted(self.property)}={text}"


@dataclass(frozen=True, slots=True)
class Not:
    """``NOT term``."""

    rule: Rule

    def __str__(self) -> str:
        return f"NOT {_enclosed(self.rule, And, Or)}"


@dataclass(frozen=True, slots=True)
class And:
    """``term AND term``, or ``term term``."""

    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        return " AND ".join(_enclosed(rule, And, Or) for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Or:
    """``term OR term``."""

    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        return " OR ".join(_enclosed(rule, Or) for rule in self.rules)


Rule: TypeAlias = Term | Not | And | Or


@dataclass(frozen=True, slots=True)
class Schema:
    """``{AWS/EC2,InstanceId}``: a namespace, and the names of all dimensions, in any order."""

    namespace: str
    dimensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{{{','.join(map(_quoted, (self.namespace, *self.dimensions)))}}}"


@dataclass(frozen=True, slots=True)
class Search:
    """A whole search; it has a schema or a rule, or both."""

    schema: Schema | None = None
    rule: Rule | None = None

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.schema, self.rule) if part is not None)


def _enclosed(rule: Rule, *kinds: type) -> str:
    return f"({rule})" if isinstance(rule, kinds) else str(rule)


def _quoted(text: str) -> str:
    return '"' + _MARKS.sub(r"\\\1", text) + '"'
