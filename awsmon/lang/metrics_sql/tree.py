"""Queries of CloudWatch Metrics Insights as trees.

Lives here: the nodes. ``str(node)`` is source again, with every name in double quotation marks.
Reading is `parser.py`'s, meaning is `compiler.py`'s. Source: User Guide, "Query components and
syntax in CloudWatch Metrics Insights".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["AccountId", "Comparison", "CurrentAccount", "Dimension", "Label", "Order", "Query",
           "Source", "Tag"]  # fmt: skip

_MARKS = re.compile(r"""(["'\\])""")


@dataclass(frozen=True, slots=True)
class Dimension:
    """The value of a dimension."""

    name: str

    def __str__(self) -> str:
        return _name(self.name)


@dataclass(frozen=True, slots=True)
class Tag:
    """The value of a tag of the resource that a metric is about."""

    key: str

    def __str__(self) -> str:
        return f"tag.{_name(self.key)}"


@dataclass(frozen=True, slots=True)
class AccountId:
    """The account that a metric is in."""

    def __str__(self) -> str:
        return "AWS.AccountId"


@dataclass(frozen=True, slots=True)
class CurrentAccount:
    """The account that asks."""

    def __str__(self) -> str:
        return "CURRENT_ACCOUNT_ID()"


Label = Dimension | Tag | AccountId


@dataclass(frozen=True, slots=True)
class Source:
    """Where the metrics are.

    Attributes:
        dimensions: the names of all that a metric has, in any order; None: whichever it has.
    """

    namespace: str
    dimensions: tuple[str, ...] | None = None

    def __str__(self) -> str:
        if self.dimensions is None:
            return _name(self.namespace)
        return f"SCHEMA({', '.join(map(_name, (self.namespace, *self.dimensions)))})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test of a label; `CurrentAccount` goes with `AccountId` alone."""

    label: Label
    value: str | CurrentAccount
    negated: bool = False

    def __str__(self) -> str:
        value = f"'{_escaped(self.value)}'" if isinstance(self.value, str) else str(self.value)
        return f"{self.label} {'!=' if self.negated else '='} {value}"


@dataclass(frozen=True, slots=True)
class Order:
    """In which order the series come: that of one figure of each."""

    function: str
    descending: bool = False

    def __str__(self) -> str:
        return f"{self.function}() {'DESC' if self.descending else 'ASC'}"


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query.

    Attributes:
        function: ``AVG``, ``COUNT``, ``MAX``, ``MIN`` or ``SUM``.
        where: all must hold.
        group_by: without any there is one series.
        order_by: None: that of the groups' names.
        limit: how many series there are at most.
    """

    function: str
    metric: str
    source: Source
    where: tuple[Comparison, ...] = ()
    group_by: tuple[Label, ...] = ()
    order_by: Order | None = None
    limit: int | None = None

    def __str__(self) -> str:
        parts = [f"SELECT {self.function}({_name(self.metric)}) FROM {self.source}"]
        if self.where:
            parts.append(f"WHERE {' AND '.join(map(str, self.where))}")
        if self.group_by:
            parts.append(f"GROUP BY {', '.join(map(str, self.group_by))}")
        if self.order_by:
            parts.append(f"ORDER BY {self.order_by}")
        if self.limit is not None:
            parts.append(f"LIMIT {self.limit}")
        return " ".join(parts)


def _name(name: str) -> str:
    return f'"{_escaped(name)}"'


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
