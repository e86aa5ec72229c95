"""``pattern``, ``diff``, ``logcompare``: texts that recur in messages, and how often before.

The names of `diff`'s columns are unverified, and that `logcompare` answers the same. Source: User
Guide, "pattern", "Compare (diff) with previous time ranges", "logcompare"; the message for a `diff`
that follows no `pattern` is seen in a live account.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.evaluate import reader
from awsmon.lang.insights_ql.expressions import read_expression
from awsmon.lang.insights_ql.periods import length
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.rows import made
from awsmon.lang.insights_ql.tree import NOWHERE, Expression, Field, Period, Span
from awsmon.lang.insights_ql.values import text_of
from awsmon.lang.log_patterns import find_patterns, severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Self

    from awsmon.lang.insights_ql.rows import Read, Row
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["COLUMNS", "Diff", "LogCompare", "Pattern"]

COLUMNS = ("@pattern", "@ratio", "@sampleCount", "@severityLabel")
_DIFFERENCES = (
    "@pattern", "@sampleCount", "@diffEventCount", "@differenceDescription", "@severityLabel"
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Pattern(Command):
    """``pattern @message``."""

    words: ClassVar[tuple[str, ...]] = ("pattern",)
    expression: Expression

    def __str__(self) -> str:
        return f"pattern {self.expression}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        return cls(read_expression(tokens))

    def compile(self, scope: Scope) -> None:
        read = reader(self.expression, scope)
        scope.barrier()
        scope.whole(lambda rows, _: _patterns(rows, read))
        scope.close(COLUMNS)
        scope.patterned = read


def _patterns(rows: Iterable[Row], read: Read) -> Iterator[Row]:
    texts = [text for row in rows if (text := text_of(read(row))) is not None]
    for pattern, members in find_patterns(texts):
        values: dict[str, object] = {
            "@pattern": pattern,
            "@ratio": f"{members / len(texts):.2f}",
            "@sampleCount": members,
            "@severityLabel": severity(pattern),
        }
        yield made(values)


@dataclass(frozen=True, slots=True)
class Diff(Command):
    """``diff previousDay``: the patterns, and those of an earlier window of the same length."""

    words: ClassVar[tuple[str, ...]] = ("diff",)
    modifier: str = ""
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"diff {self.modifier}".strip()

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        start = tokens.consumed
        modifiers = {
            each.lower(): each for each in ("previousDay", "previousWeek", "previousMonth")
        }
        token = tokens.word(*modifiers)
        return cls(modifiers[token.text.lower()] if token else "", Span(start, tokens.consumed))

    def compile(self, scope: Scope) -> None:
        if scope.last != "pattern":
            text = "Diff operation has to be used after Pattern"
            raise scope.fail(text, self.at, f"Diff compilation Failed : {text}")
        start, end = self._window(scope.context.start, scope.context.end)
        _compare(scope, start, end)

    def _window(self, start: int, end: int) -> tuple[int, int]:
        if self.modifier == "previousMonth":
            back = start - _a_month_before(start)
        else:
            back = {"previousDay": _DAY, "previousWeek": 7 * _DAY}.get(
                self.modifier, end - start + 1
            )
        return start - back, end - back


@dataclass(frozen=True, slots=True)
class LogCompare(Command):
    """``logcompare timeshift 7d``: the same for messages, and the window so long before."""

    words: ClassVar[tuple[str, ...]] = ("logcompare",)
    shift: str
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"logcompare timeshift {self.shift}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        tokens.expect_word("timeshift")
        start = tokens.peek().position
        period = tokens.literal()
        if not isinstance(period, Period):
            raise tokens.fail("Expected a period such as 7d", start)
        return cls(period.source, tokens.span(start))

    def compile(self, scope: Scope) -> None:
        shift = length(self.shift, capped=False)
        if shift is None or shift.months:
            raise scope.fail("timeshift takes a period of up to weeks, such as 7d", self.at)
        start, end = scope.context.start, scope.context.end
        Pattern(Field("@message", self.at)).compile(scope)
        _compare(scope, start - shift.milliseconds, end - shift.milliseconds)


def _compare(scope: Scope, start: int, end: int) -> None:
    """Pattern's rows become differences from those of another window."""
    before = scope.rerun(start, end)
    scope.whole(lambda rows, _: _differences(rows, before()))
    scope.close(_DIFFERENCES)


def _a_month_before(time: int) -> int:
    """The same time of the same day a month before, or of that month's last day."""
    try:
        moment = _EPOCH + timedelta(milliseconds=time)
        year, month = (moment.year, moment.month - 1) if moment.month > 1 else (moment.year - 1, 12)
        earlier = moment.replace(
            year=year, month=month, day=min(moment.day, monthrange(year, month)[1])
        )
    except (OverflowError, ValueError):
        return time - 30 * _DAY
    return (earlier - _EPOCH) // timedelta(milliseconds=1)


def _differences(rows: Iterable[Row], before: Iterable[Row]) -> Iterator[Row]:
    now, then = _counts(rows), _counts(before)
    for pattern in dict.fromkeys((*now, *then)):
        count, earlier = now.get(pattern, 0), then.get(pattern, 0)
        values: dict[str, object] = {
            "@pattern": pattern,
            "@sampleCount": count,
            "@diffEventCount": count - earlier,
            "@differenceDescription": _description(count, earlier),
            "@severityLabel": severity(pattern),
        }
        yield made(values)


def _counts(rows: Iterable[Row]) -> dict[str, int]:
    return {str(row.values["@pattern"]): int(str(row.values["@sampleCount"])) for row in rows}


def _description(count: int, earlier: int) -> str:
    if not earlier:
        return "New pattern"
    if not count:
        return "Pattern no longer present"
    percent = round(abs(count - earlier) * 100 / earlier)
    if count == earlier:
        return "No change"
    return f"{percent}% {'increase' if count > earlier else 'decrease'}"
