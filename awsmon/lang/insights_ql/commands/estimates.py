"""``estimate``: what a query would read, instead of reading it.

The column's name is unverified. Source: User Guide, "estimate".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.rows import made

if TYPE_CHECKING:
    from typing_extensions import Self

    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Estimate"]

_COLUMN = "estimatedBytesScanned"


@dataclass(frozen=True, slots=True)
class Estimate(Command):
    """``estimate``, the last command: bytes that the log groups hold in the time range."""

    words: ClassVar[tuple[str, ...]] = ("estimate",)

    def __str__(self) -> str:
        return "estimate"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        del tokens
        return cls()

    def compile(self, scope: Scope) -> None:
        held = scope.context.held
        scope.alone(lambda _, __: [made({_COLUMN: held})])
        scope.close((_COLUMN,))
