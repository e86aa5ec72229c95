"""What messages have in common: ``pattern``. The patterns themselves are `log_patterns`'."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.rows import made
from awsmon.lang.insights_ql.values import text_of
from awsmon.lang.log_patterns import pattern_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsmon.lang.insights_ql.rows import Row
    from awsmon.lang.insights_ql.run import Run
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens
    from awsmon.lang.insights_ql.tree import Field
    from awsmon.lang.log_patterns import LogPattern

__all__ = ["Pattern"]

COLUMNS = ("@pattern", "@ratio", "@sampleCount", "@severityLabel")


@dataclass(frozen=True, slots=True)
class Pattern(Command):
    """``pattern @message``: a row for each pattern, the commonest first."""

    words: ClassVar[tuple[str, ...]] = ("pattern",)
    field: Field

    def __str__(self) -> str:
        return f"pattern {self.field}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Pattern:
        return cls(tokens.field())

    def compile(self, scope: Scope) -> None:
        read = scope.field(self.field)

        def stage(rows: Iterable[Row], run: Run) -> Iterator[Row]:
            del run
            texts = (text_of(read(row)) for row in rows)
            counts: Counter[LogPattern] = Counter(pattern_of(text) for text in texts if text)
            total = counts.total()
            for pattern, count in counts.most_common():
                yield made(
                    {
                        "@pattern": pattern.text,
                        "@ratio": f"{count / total:.2f}",
                        "@sampleCount": count,
                        "@severityLabel": pattern.severity or None,
                    }
                )

        scope.barrier()
        scope.whole(stage)
        scope.close(COLUMNS)
