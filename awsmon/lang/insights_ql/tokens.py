"""The tokens of Insights queries, and how a parser reads names, strings and numbers.

Lives here: `QueryTokens`. Only the words between operands are keywords; names of commands and
functions are words that their place tells apart, so that fields may bear them. A ``#`` and what
follows it on its line is a comment. Between slashes a regular expression is read where the grammar
expects one (`regex`), else a slash divides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.errors import QueryError
from awsmon.lang.insights_ql.tree import Field, Number, Period, Regex, Span, Subquery, Text
from awsmon.lang.text import LanguageError, Lexicon, Token, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.lang.insights_ql.query import Query

__all__ = ["QueryTokens"]

_TABLE = {
    "period": r"[0-9]+[A-DF-Za-df-z][A-Za-z]*",
    "number": r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?",
    "word": r"[@A-Za-z_][@A-Za-z0-9_.]*",
    "quoted name": r"@?`[^`]+`",
    "text": r""""(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'""",
}
_SYMBOLS = (
    "|", ",", "(", ")", "[", "]", "=", "!=", "<", "<=", ">", ">=", "=~", "+", "-", "*", "/", "%",
    "^", "!", ".", ":",
)  # fmt: skip
_KEYWORDS = ("AND", "OR", "NOT", "LIKE", "IN", "AS", "BY")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_BLANK = re.compile(r"\s*")
_LINE = re.compile(r"[^\n]*")


class _WithComments(Lexicon):
    def token(self, text: str, position: int) -> Token:
        position = _end(_BLANK, text, position)
        while text.startswith("#", position):
            position = _end(_BLANK, text, _end(_LINE, text, position))
        return super().token(text, position)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


LEXICON = _WithComments(_TABLE, symbols=_SYMBOLS, keywords=_KEYWORDS)
_WITH_REGEX = _WithComments(
    {"regex": r"/(?:[^/\\]|\\[\s\S])+/", **_TABLE},
    symbols=set(_SYMBOLS) - {"/"},
    keywords=_KEYWORDS,
)


class QueryTokens(Tokens):
    """The tokens of a query; errors are `QueryError`, with both ends.

    Args:
        read_query: reads a query within this one.
    """

    def __init__(self, text: str, read_query: Callable[[QueryTokens], Query]) -> None:
        super().__init__(text, LEXICON)
        self._read_query = read_query

    def fail(self, message: str, at: int | None = None, *, aws: str | None = None) -> QueryError:
        """The error of a place: of the next token, or of the token that stands *at* it."""
        position = self.peek().position if at is None else at
        error = super().fail(message, at, aws=aws)
        return QueryError(error.message, self.text, position, aws, self._end_of_token(position))

    def _end_of_token(self, position: int) -> int:
        try:
            return max(position, LEXICON.token(self.text, position).end)
        except LanguageError:
            return min(position + 1, len(self.text))

    def span(self, start: int) -> Span:
        """From *start* to behind the last token taken."""
        return Span(start, self.consumed)

    def says(self, *words: str, ahead: int = 0) -> bool:
        """Whether the next token is one of these words, whatever the case."""
        token = self.peek(ahead)
        return token.kind in ("word", *_KEYWORDS) and token.text.lower() in words

    def word(self, *words: str) -> Token | None:
        """The next token if it is one of these words, else None and nothing is taken."""
        return self.take() if self.says(*words) else None

    def expect_word(self, *words: str) -> Token:
        """The next token, which must be one of these words."""
        found = self.word(*words)
        if found is None:
            raise self.fail(f"Expected {' or '.join(words)}")
        return found

    @property
    def at_name(self) -> bool:
        """Whether a name comes next."""
        return self.peek().kind in ("word", "quoted name")

    def name(self, what: str = "a field") -> str:
        """A name, bare or in backticks."""
        token = self.expect("word", "quoted name", what=what)
        return self._name(token)

    def _name(self, token: Token) -> str:
        if token.kind == "quoted name":
            return token.text.replace("`", "")
        if token.text.endswith("."):
            raise self.fail("Expected a name behind the dot", token.end)
        return token.text

    def field(self) -> Field:
        """A field by its name; a part of it may be in backticks."""
        start = self.peek().position
        token = self.expect("word", "quoted name", what="a field")
        if token.text.endswith(".") and self.touching and self.peek().kind == "quoted name":
            name = token.text + self.name()
        else:
            name = self._name(token)
        return Field(name, self.span(start))

    def dashed_name(self, what: str) -> str:
        """A name that may have dashes in it."""
        parts = [self.name(what)]
        while self.touching and self.peek().kind == "-":
            parts.append(self.take().text)
            if self.touching and (following := self.accept("word", "number", "period", *_KEYWORDS)):
                parts.append(following.text)
        return "".join(parts)

    def options(self, *names: str) -> dict[str, str]:
        """``name=value name=value ...``, each once, as texts by the names in small letters."""
        found: dict[str, str] = {}
        while self.says(*names) and self.peek(1).kind == "=":
            name = self.take().text.lower()
            self.take()
            if name in found:
                raise self.fail(f"{name} is given twice")
            number = self.accept("number")
            found[name] = number.text if number else self.name("a value")
        return found

    def truth(self, options: Mapping[str, str], name: str, otherwise: bool) -> bool:
        """The option of that name, which must be ``true`` or ``false``."""
        value = options.get(name, str(otherwise)).lower()
        if value not in ("true", "false"):
            raise self.fail(f"Expected {name}=true or {name}=false", self.consumed)
        return value == "true"

    def subquery(self) -> Subquery:
        """A query in parentheses."""
        start = self.expect("(", what="a query in parentheses").position
        with self.nested():
            query = self._read_query(self)
        self.expect(")")
        return Subquery(query, self.span(start))

    def string(self, what: str = "a string") -> str:
        """A string in quotes, its escapes read."""
        return unescaped(self.expect("text", what=what).text)

    def integer(self, what: str = "a whole number") -> int:
        """A whole number without a sign."""
        token = self.expect("number", what=what)
        if not token.text.isdigit() or len(token.text) > 18:
            raise self.fail(f"Expected {what}", token.position)
        return int(token.text)

    def regex(self) -> Regex | None:
        """The regular expression that comes next, if one does."""
        before = self.switch(_WITH_REGEX)
        try:
            found = self.accept("regex")
        finally:
            self.switch(before)
        return Regex(found.text[1:-1], Span(found.position, found.end)) if found else None

    def literal(self) -> Text | Number | Period | None:
        """The string, number or period that comes next, if one does."""
        token = self.accept("text", "number", "period")
        if token is None:
            return None
        if token.kind == "text":
            return Text(unescaped(token.text))
        if token.kind == "number":
            return Number(token.text)
        return Period(token.text, Span(token.position, token.end))


def unescaped(source: str) -> str:
    r"""What a string in quotes says.

    ``\n``, ``\r``, ``\t``, quotes and backslashes are read; a backslash before anything else stands
    for itself, so that it may reach a regular expression.
    """
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[0]), source[1:-1])
