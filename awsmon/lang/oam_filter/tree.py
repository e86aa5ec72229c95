"""Filters of OAM links as trees: which log groups, or which namespaces, a link shares.

Lives here: the nodes. ``str(node)`` is source again. Reading is `parser.py`'s, meaning is
`compiler.py`'s. Source: OAM API reference, LogGroupConfiguration and MetricConfiguration.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Comparison", "Filter"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test of the name.

    Attributes:
        sign: ``=``, ``LIKE`` or ``IN``.
        values: of the first two one; of ``LIKE`` without its percent sign.
    """

    sign: str
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        not_ = "NOT " if self.negated else ""
        if self.sign == "=":
            return f"{'!' if self.negated else ''}= '{self.values[0]}'"
        if self.sign == "LIKE":
            return f"{not_}LIKE '{self.values[0]}%'"
        names = ", ".join(f"'{value}'" for value in self.values)
        return f"{not_}IN ({names})"


@dataclass(frozen=True, slots=True)
class Filter:
    """Comparisons joined by ``AND``, and these joined by ``OR``.

    Attributes:
        subject: what is compared: ``LogGroupName`` or ``Namespace``.
    """

    subject: str
    either: tuple[tuple[Comparison, ...], ...]

    def __str__(self) -> str:
        return " OR ".join(
            " AND ".join(f"{self.subject} {each}" for each in all_of) for all_of in self.either
        )
