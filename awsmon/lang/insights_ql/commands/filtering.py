"""Letting rows through: ``filter``, also called ``where``; ``filterIndex``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.evaluate import condition
from awsmon.lang.insights_ql.expressions import read_expression
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.regex import compile_regex
from awsmon.lang.insights_ql.tree import All, Comparison, Expression, Field, Listed, Regex, Text

if TYPE_CHECKING:
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Filter", "FilterIndex"]


@dataclass(frozen=True, slots=True)
class Filter(Command):
    """``filter status >= 500 and path like /api/``."""

    words: ClassVar[tuple[str, ...]] = ("filter", "where")
    test: Expression

    def __str__(self) -> str:
        return f"filter {self.test}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Filter:
        return cls(read_expression(tokens))

    def compile(self, scope: Scope) -> None:
        parts = self.test.operands if isinstance(self.test, All) else (self.test,)
        for part in parts:
            if not _scanned(part, scope):
                scope.each(condition(part, scope))


def _scanned(node: Expression, scope: Scope) -> bool:
    """Whether events can be told by their messages alone, before they become rows."""
    match node:
        case Comparison("like" | "=~", Field("@message"), right) if scope.untouched:
            pass
        case _:
            return False
    if not scope.is_event_field("@message"):
        return False
    if isinstance(right, Text) and scope.term is None:
        scope.term = right.value
        return True
    if isinstance(right, Regex) and scope.test is None:
        scope.test = compile_regex(right.source, scope.text, right.at).matches
        return True
    return False


@dataclass(frozen=True, slots=True)
class FilterIndex(Command):
    """``filterIndex field = value``, or ``in [...]``: a filter that an index may speed up.

    Which log groups have that index isn't known here: all are read.
    """

    words: ClassVar[tuple[str, ...]] = ("filterindex",)
    test: Comparison

    def __str__(self) -> str:
        return f"filterIndex {self.test}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> FilterIndex:
        start = tokens.peek().position
        found = read_expression(tokens)
        match found:
            case Comparison("=", Field(), right) if not isinstance(right, Listed):
                return cls(found)
            case Comparison("in", Field(), Listed()):
                return cls(found)
        raise tokens.fail("Expected field = value, or field in [...]", start)

    def compile(self, scope: Scope) -> None:
        scope.each(condition(self.test, scope))
