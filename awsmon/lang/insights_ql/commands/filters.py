"""``filter``, its other name ``where``, and ``filterIndex``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.evaluate import condition, constant
from awsmon.lang.insights_ql.expressions import read_expression
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.regex import compile_regex
from awsmon.lang.insights_ql.rewriting import fields_of
from awsmon.lang.insights_ql.tree import (
    NOWHERE,
    All,
    Comparison,
    Expression,
    Field,
    Listed,
    Regex,
    Span,
    Text,
)

if TYPE_CHECKING:
    from typing_extensions import Self

    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Filter", "FilterIndex"]


@dataclass(frozen=True, slots=True)
class _Filter(Command):
    expression: Expression
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.words[0]} {self.expression}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        start = tokens.peek().position
        return cls(read_expression(tokens), tokens.span(start))

    def compile(self, scope: Scope) -> None:
        parts = self.expression.operands if isinstance(self.expression, All) else (self.expression,)
        for part in parts:
            if not _scans(part, scope):
                scope.each(condition(part, scope))


def _scans(part: Expression, scope: Scope) -> bool:
    """Whether a condition on the message alone is left to the scan, before rows are made."""
    match part:
        case Comparison("like" | "=~", Field("@message"), right):
            pass
        case _:
            return False
    if not scope.untouched or not scope.is_event_field("@message"):
        return False
    if isinstance(right, Text) and scope.term is None:
        scope.term = right.value
    elif isinstance(right, Regex) and scope.test is None:
        scope.test = compile_regex(right.source, scope.text, right.at).matches
    else:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Filter(_Filter):
    """``filter status >= 500 and @message like /x/``."""

    words: ClassVar[tuple[str, ...]] = ("filter", "where")


@dataclass(frozen=True, slots=True)
class FilterIndex(_Filter):
    """``filterIndex requestId = "x"``: a filter by ``=`` or ``in``.

    Which log groups have an index on the field isn't known here: the scope notes the field.
    """

    words: ClassVar[tuple[str, ...]] = ("filterIndex",)

    def compile(self, scope: Scope) -> None:
        if not _is_indexed(self.expression):
            raise scope.fail("filterIndex takes a field, = or in, and constants", self.at)
        scope.indexed.update(each.name for each in fields_of(self.expression))
        _Filter.compile(self, scope)


def _is_indexed(expression: Expression) -> bool:
    match expression:
        case All(operands):
            return all(map(_is_indexed, operands))
        case Comparison("=", Field(), right):
            return constant(right) is not None
        case Comparison("in", Field(), Listed(items)):
            return all(constant(item) is not None for item in items)
    return False
