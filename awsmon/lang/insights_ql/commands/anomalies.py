"""``anomaly``: what is unusual among messages, judged by the window before.

A row is an anomaly, with `pattern`'s columns and two more, whose names are unverified; a pattern
has a row for each kind that it shows, and none where it is usual. AWS's model is its own secret;
ours is `awsmon.lang.log_anomalies`, which learns from the window of equal length just before the
query's. Source: User Guide, "anomaly".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.commands.patterns import COLUMNS
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.rows import made
from awsmon.lang.insights_ql.tree import NOWHERE, Field, Span
from awsmon.lang.insights_ql.values import text_of
from awsmon.lang.log_anomalies import LONGEST, Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Self

    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens
    from awsmon.lang.log_anomalies import Finding

    Timed = list[tuple[int, str]]

__all__ = ["Anomaly"]


@dataclass(frozen=True, slots=True)
class Anomaly(Command):
    """``anomaly``, behind `pattern`; without one it looks at messages."""

    words: ClassVar[tuple[str, ...]] = ("anomaly",)
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return "anomaly"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        return cls(Span(tokens.consumed, tokens.consumed))

    def compile(self, scope: Scope) -> None:
        if scope.last == "pattern" and scope.patterned is not None:
            read = scope.patterned
            scope.stages.pop()  # its patterns are learnt anew, from both windows
        else:
            read = scope.field(Field("@message", self.at))
            scope.barrier()
        start, end = scope.context.start, scope.context.end
        before = scope.rerun(2 * start - end - 1, start - 1)
        window = max(end - start + 1, 1)
        scope.whole(lambda rows, _: _anomalies(_timed(before(), read), _timed(rows, read), window))
        scope.close((*COLUMNS, "@description", "@priority"))


def _timed(rows: Iterable[Row], read: Read) -> Timed:
    """When each row's event happened, and its text; rows that are no events happened at no time."""
    return [
        (row.event.timestamp if row.event else 0, text)
        for row in rows
        if (text := text_of(read(row))) is not None
    ]


def _anomalies(before: Timed, now: Timed, window: int) -> Iterator[Row]:
    model = Model()
    model.learn(before, 1, window)
    findings = list(model.judge(now))
    counts = Counter(model.patterns.add(text[:LONGEST]) for _, text in now)
    for found in findings:
        yield _row(model, found, counts[found.pattern], len(now))


def _row(model: Model, found: Finding, count: int, of: int) -> Row:
    values: dict[str, object] = {
        "@pattern": model.patterns.text(found.pattern),
        "@ratio": f"{count / of:.2f}",
        "@sampleCount": count,
        "@severityLabel": model.severity(found.pattern),
        "@description": found.description,
        "@priority": found.priority,
    }
    return made(values)
