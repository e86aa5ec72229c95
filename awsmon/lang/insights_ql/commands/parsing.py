"""Reading fields out of text: ``parse``, with ``*`` or a regular expression.

Source: User Guide, "parse".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.errors import Unsupported
from awsmon.lang.insights_ql.expressions import separated
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.regex import compile_regex
from awsmon.lang.insights_ql.tree import NOWHERE, Field, Regex, Span, name_source, text_source
from awsmon.lang.insights_ql.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from awsmon.lang.insights_ql.rows import Row
    from awsmon.lang.insights_ql.run import Run
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

__all__ = ["Parse"]

MESSAGE = Field("@message")
_FORMATS = ("logfmt", "csv", "json", "xml")


@dataclass(frozen=True, slots=True)
class Parse(Command):
    """``parse field "a * b *" as x, y``, or with a regular expression of named groups.

    Attributes:
        names: what the stars, or groups that have no name, are called.
        multi: a row for each match of the expression.
    """

    words: ClassVar[tuple[str, ...]] = ("parse",)
    field: Field
    pattern: str | Regex
    names: tuple[str, ...] = ()
    multi: bool = False
    at: Span = NOWHERE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parse) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        pattern = text_source(self.pattern) if isinstance(self.pattern, str) else self.pattern
        names = f" as {', '.join(map(name_source, self.names))}" if self.names else ""
        return f"parse {self.field} {pattern}{' multi' if self.multi else ''}{names}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Parse:
        start = tokens.peek().position
        pattern: str | Regex | None = tokens.regex()
        field = MESSAGE
        if pattern is None and tokens.peek().kind != "text":
            field = tokens.field()
            pattern = tokens.regex()
        if tokens.says(*_FORMATS):
            token = tokens.peek()
            raise Unsupported(f"parse {token.text}", tokens.text, token.position, token.end)
        if pattern is None:
            pattern = tokens.string("a pattern in quotes or slashes")
        multi = tokens.word("multi") is not None
        names: tuple[str, ...] = ()
        if tokens.accept("AS"):
            names = separated(tokens, lambda each: each.name("a name"))
        return cls(field, pattern, names, multi, tokens.span(start))

    def compile(self, scope: Scope) -> None:
        read = scope.field(self.field)
        names, parse = self._parser(scope)

        def stage(rows: Iterable[Row], run: Run) -> Iterator[Row]:
            del run
            for row in rows:
                text = text_of(read(row))
                matches = parse(text) if text is not None else ()
                for match in matches or ((None,) * len(names),):
                    one = row.copy() if len(matches) > 1 else row
                    for name, value in zip(names, match, strict=True):
                        one.add(name, value)
                    yield one

        scope.whole(stage)
        for name in names:
            scope.define(name)

    def _parser(
        self, scope: Scope
    ) -> tuple[tuple[str, ...], Callable[[str], Sequence[Sequence[str | None]]]]:
        """What is read is called so, and how it is read: no, one or several matches."""
        if isinstance(self.pattern, str):
            pieces = self.pattern.split("*")
            if len(pieces) - 1 != len(self.names) or not self.names:
                raise scope.fail("parse needs a name for each *", self.at)
            return self.names, lambda text: _between(pieces, text)
        regex = compile_regex(self.pattern.source, scope.text, self.pattern.at)
        unnamed = iter(self.names)
        names = tuple(name or next(unnamed, "") for name in regex.names)
        if not names or "" in names or next(unnamed, None) is not None:
            raise scope.fail("parse needs a name for each group of the expression", self.at)
        if self.multi:
            return names, regex.all_groups
        return names, lambda text: [found] if (found := regex.groups(text)) else []


def _between(pieces: Sequence[str], text: str) -> list[list[str]]:
    """What stands for the stars between some pieces of text; the last reaches to the end.

    Each star takes as little as it can. If a piece isn't found behind those before it, it isn't
    behind any later place of these either: no place is looked at twice.
    """
    at = text.find(pieces[0])
    if at < 0:
        return []
    at += len(pieces[0])
    found = []
    for place, piece in enumerate(pieces[1:], 1):
        last = place == len(pieces) - 1
        end = len(text) if last and not piece else text.find(piece, at)
        if end < 0:
            return []
        found.append(text[at:end])
        at = end + len(piece)
    return [found]
