"""A Contributor Insights rule as data; ``str`` of it is JSON again.

Lives here: `RuleDefinition` and `Filter`. Source: User Guide, "Contributor Insights rule syntax".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["Filter", "Operand", "RuleDefinition"]

Operand: TypeAlias = "tuple[str, ...] | float | bool"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a field of a log event must be like.

    Attributes:
        match: the field.
        operator: as ``In`` or ``GreaterThan``.
        operand: texts, a number, or for ``IsPresent`` a truth.
    """

    match: str
    operator: str
    operand: Operand

    def to_json(self) -> dict[str, Any]:
        """As it stands in a rule."""
        plain = list(self.operand) if isinstance(self.operand, tuple) else self.operand
        return {"Match": self.match, self.operator: plain}


@dataclass(frozen=True, slots=True)
class RuleDefinition:
    """What a rule looks at, and whom it counts.

    Attributes:
        groups: names of log groups, or prefixes that end in ``*``.
        arns: in their place, of log groups of this and linked accounts.
        log_format: ``JSON`` or ``CLF``.
        fields: of CLF: places, from 1, and what the field there is called.
        keys: the fields whose values tell contributors apart.
        value_of: the field that is summed; None: each event counts as one.
        aggregate_on: ``Sum`` or ``Count``.
    """

    groups: tuple[str, ...]
    arns: tuple[str, ...]
    log_format: str
    keys: tuple[str, ...]
    aggregate_on: str
    value_of: str | None = None
    filters: tuple[Filter, ...] = ()
    fields: tuple[tuple[int, str], ...] = ()

    def __str__(self) -> str:
        contribution: dict[str, Any] = {"Keys": list(self.keys)}
        if self.value_of is not None:
            contribution["ValueOf"] = self.value_of
        contribution["Filters"] = [each.to_json() for each in self.filters]
        found: dict[str, Any] = {"Schema": {"Name": "CloudWatchLogRule", "Version": 1}}
        found |= {"LogGroupARNs": list(self.arns)} if self.arns else {
            "LogGroupNames": list(self.groups)}  # fmt: skip
        found["LogFormat"] = self.log_format
        if self.fields:
            found["Fields"] = {str(place): name for place, name in self.fields}
        return json.dumps(found | {"Contribution": contribution, "AggregateOn": self.aggregate_on})
