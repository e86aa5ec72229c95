"""``relevantfields``: by which fields the events that meet a condition differ from the others.

How AWS scores isn't public; here it is the largest distance between the two distributions (numbers:
Kolmogorov and Smirnov's; else half the sum of all shifts in frequency), so that 0 is no difference
and 1 is that no value is shared. A field that has numbers only is numerical. Contributors are the
`MOST_SHOWN` values whose share shifts most, as JSON; their form is unverified.
Source: User Guide, "relevantfields".
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.evaluate import condition
from awsmon.lang.insights_ql.expressions import read_expression, separated
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.rows import made
from awsmon.lang.insights_ql.tree import Expression, Field
from awsmon.lang.insights_ql.values import number_of, text_of
from awsmon.lang.log_fields.discovery import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from typing_extensions import Self

    from awsmon.lang.insights_ql.rows import Row, Step
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

    Values = Mapping[str, object]

__all__ = ["RelevantFields"]

MOST_SHOWN = 3
_SCORE = "@relevanceScore"
_COLUMNS = (
    "@fieldName", _SCORE, "@topRelevanceContributors", "@conditionalMedian", "@baselineMedian",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RelevantFields(Command):
    """``relevantfields path, service where ms > 400``; without fields it looks at all."""

    words: ClassVar[tuple[str, ...]] = ("relevantfields",)
    fields: tuple[Field, ...]
    expression: Expression

    def __str__(self) -> str:
        fields = f"{', '.join(map(str, self.fields))} " if self.fields else ""
        return f"relevantfields {fields}where {self.expression}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        fields = () if tokens.says("where") else separated(tokens, lambda them: them.field())
        tokens.expect_word("where")
        return cls(fields, read_expression(tokens))

    def compile(self, scope: Scope) -> None:
        test, values = condition(self.expression, scope), self._values(scope)
        scope.barrier()
        scope.whole(lambda rows, _: _relevant(rows, test, values))
        scope.close(_COLUMNS)

    def _values(self, scope: Scope) -> Callable[[Row], Values]:
        """What is looked at of a row, by name."""
        names = [*self.fields] or [*map(Field, scope.symbols)]
        reads = [(each.name, scope.field(each)) for each in names]
        everything = not self.fields and not scope.closed

        def of(row: Row) -> Values:
            found: dict[str, object] = {}
            if everything and row.event is not None:
                found.update(discover(row.event.message, row.event.log))
            found.update((name, read(row)) for name, read in reads)
            return found

        return of


def _relevant(rows: Iterable[Row], test: Step, values: Callable[[Row], Values]) -> Iterable[Row]:
    sides: tuple[dict[str, list[object]], dict[str, list[object]]] = ({}, {})
    for row in rows:
        side = sides[test(row)]
        for name, value in values(row).items():
            if value is not None:
                side.setdefault(name, []).append(value)
    others, chosen = sides
    names = [name for name in chosen if name in others]
    found = [_judged(name, chosen[name], others[name]) for name in names]
    return sorted(found, key=_by_score)


def _by_score(row: Row) -> tuple[float, str]:
    return -float(str(row.values[_SCORE])), str(row.values["@fieldName"])


def _judged(name: str, chosen: list[object], others: list[object]) -> Row:
    ours, theirs = _numbers(chosen), _numbers(others)
    if ours and theirs:
        return made({
            "@fieldName": name, _SCORE: round(_distance(ours, theirs), 4),
            "@conditionalMedian": median(ours), "@baselineMedian": median(theirs),
        })  # fmt: skip
    shifts = _shifts(chosen, others)
    most = sorted(shifts, key=lambda value: (-abs(shifts[value]), value))[:MOST_SHOWN]
    top = {value: round(shifts[value], 4) for value in most if shifts[value]}
    return made({
        "@fieldName": name, _SCORE: round(sum(map(abs, shifts.values())) / 2, 4),
        "@topRelevanceContributors": json.dumps(top, ensure_ascii=False),
    })  # fmt: skip


def _numbers(values: list[object]) -> list[float]:
    """The values as numbers, in order; none: not all are."""
    found = [number for value in values if (number := number_of(value)) is not None]
    return sorted(map(float, found)) if len(found) == len(values) else []


def _distance(ours: list[float], theirs: list[float]) -> float:
    """The most by which the shares of numbers up to some number differ."""
    return max(
        abs(bisect_right(ours, at) / len(ours) - bisect_right(theirs, at) / len(theirs))
        for at in {*ours, *theirs}
    )


def _shifts(chosen: list[object], others: list[object]) -> dict[str, float]:
    """By how much each value is more frequent where the condition is met."""
    ours, theirs = Counter(_texts(chosen)), Counter(_texts(others))
    return {
        value: ours[value] / len(chosen) - theirs[value] / len(others)
        for value in dict.fromkeys((*ours, *theirs))
    }


def _texts(values: list[object]) -> Iterator[str]:
    return (text_of(value) or "" for value in values)
