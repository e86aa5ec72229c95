"""Text to tokens, and the one error: what every small language of awsmon stands on.

Lives here: `LanguageError`; `Lexicon`, the table of a language's tokens; `Tokens`, which a parser
reads. A language's grammar, tree and meaning are in its own package.

A parser is a few functions that take `Tokens`: ``peek`` looks, ``accept`` takes what may come,
``expect`` takes what must come, ``fail`` makes the error of a place, and ``with tokens.nested():``
stands around each rule that calls itself, so that no text can exhaust Python's stack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from types import TracebackType

__all__ = ["LanguageError", "Lexicon", "Token", "Tokens"]

END = "end"  # the kind of the token behind the last
_SHOWN = 72  # characters of a long line that a caret stands under


class LanguageError(ValueError):
    """A text that its language refuses.

    Attributes:
        message: what is wrong, in our words.
        text: the whole text.
        position: where in it: 0 to ``len(text)``.
        aws: what AWS says instead, where a wording of its own is known.
    """

    def __init__(self, message: str, text: str, position: int, aws: str | None = None) -> None:
        super().__init__(message, text, position, aws)
        self.message, self.text, self.position, self.aws = message, text, position, aws

    def __str__(self) -> str:
        return f"{self.message} (position {self.position})\n{self.caret}"

    @property
    def caret(self) -> str:
        """The line in question, clipped, and below it a caret under the position."""
        start = self.text.rfind("\n", 0, self.position) + 1
        stop = self.text.find("\n", self.position)
        line = self.text[start:] if stop < 0 else self.text[start:stop]
        column = self.position - start
        first = max(0, min(column - _SHOWN // 2, len(line) - _SHOWN))
        left = "..." if first else ""
        right = "..." if len(line) > first + _SHOWN else ""
        shown = line[first : first + _SHOWN].replace("\t", " ")
        return f"{left}{shown}{right}\n{' ' * (len(left) + column - first)}^"


class Token(NamedTuple):
    """One token: its kind as the lexicon names it (for symbols and keywords: themselves)."""

    kind: str
    text: str
    position: int

    @property
    def end(self) -> int:
        """The position behind it."""
        return self.position + len(self.text)


class Lexicon:
    """A language's tokens: named regular expressions, tried in order at each position.

    Args:
        table: name to expression. An expression has no groups that capture, and must not be able to
            backtrack without bound: no unbounded repeat within another, and alternatives within a
            repeat begin differently (`tests/lang/test_text.py` checks every lexicon of awsmon).
        symbols: texts that are tokens of their own kind, longest first, tried before the table.
        keywords: words of the kind *word* that are their own kind instead: in capitals, whatever
            the case in the text, unless *exact*.
        blank: what is skipped between tokens; ``None``: nothing.
        word: the kind among which keywords are looked for.
    """

    def __init__(
        self,
        table: Mapping[str, str],
        *,
        symbols: Iterable[str] = (),
        keywords: Collection[str] = (),
        exact: bool = False,
        blank: str | None = r"\s+",
        word: str = "word",
    ) -> None:
        self.table = dict(table)
        self._names = list(self.table)
        self._keywords = frozenset(keywords)
        self._exact, self._word = exact, word
        self._blank = re.compile(blank) if blank else None
        literal = "|".join(re.escape(each) for each in sorted(symbols, key=len, reverse=True))
        parts = [f"({literal or '(?!)'})", *(f"({each})" for each in self.table.values())]
        self._tokens = re.compile("|".join(parts))
        if self._tokens.groups != len(parts):
            raise ValueError("an expression of a lexicon captures a group")

    def token(self, text: str, position: int) -> Token:
        """The token at or behind *position*; one of kind ``end`` behind the last.

        Raises:
            LanguageError: no expression fits there.
        """
        if self._blank and (blank := self._blank.match(text, position)):
            position = blank.end()
        if position >= len(text):
            return Token(END, "", len(text))
        found = self._tokens.match(text, position)
        if found is None or found.lastindex is None or not found[0]:
            raise LanguageError(f"Unexpected character {text[position]!r}", text, position)
        return Token(self._kind(found.lastindex, found[0]), found[0], position)

    def _kind(self, group: int, text: str) -> str:
        if group == 1:
            return text
        kind = self._names[group - 2]
        if kind == self._word:
            keyword = text if self._exact else text.upper()
            if keyword in self._keywords:
                return keyword
        return kind


class Tokens:
    """The tokens of a text as a parser reads them, one after the other.

    Args:
        start: where to begin.
        deepest: how many rules may be nested in one another; each costs a few frames of Python's
            stack, in the parser, in the compiler and in what it makes.
    """

    def __init__(self, text: str, lexicon: Lexicon, *, start: int = 0, deepest: int = 50) -> None:
        self.text = text
        self.consumed = start  # position behind the last token taken
        self._lexicon = lexicon
        self._ahead: list[Token] = []
        self._room = deepest

    def peek(self, ahead: int = 0) -> Token:
        """The next token, or one further *ahead*; nothing is taken."""
        while len(self._ahead) <= ahead:
            behind = self._ahead[-1].end if self._ahead else self.consumed
            self._ahead.append(self._lexicon.token(self.text, behind))
        return self._ahead[ahead]

    def take(self) -> Token:
        """The next token, whatever it is."""
        token = self.peek()
        del self._ahead[0]
        self.consumed = token.end
        return token

    def accept(self, *kinds: str) -> Token | None:
        """The next token if it is of one of these *kinds*, else None and nothing is taken."""
        return self.take() if self.peek().kind in kinds else None

    def expect(self, *kinds: str, what: str | None = None) -> Token:
        """The next token, which must be of one of these *kinds*; *what* names them to the user."""
        if self.peek().kind not in kinds:
            raise self.fail(f"Expected {what or ' or '.join(map(repr, kinds))}")
        return self.take()

    def finish(self) -> None:
        """Nothing may follow."""
        if self.peek().kind != END:
            raise self.fail("Expected the end")

    @property
    def touching(self) -> bool:
        """Whether the next token follows the last without a blank."""
        return self.peek().position == self.consumed

    def switch(self, lexicon: Lexicon) -> Lexicon:
        """Read on with another lexicon; answers the one in use until now."""
        before, self._lexicon = self._lexicon, lexicon
        self._ahead.clear()
        return before

    def fail(self, message: str, at: int | None = None, *, aws: str | None = None) -> LanguageError:
        """The error of a place, to be raised; ``None``: that of the next token, which it names."""
        if at is None:
            token = self.peek()
            found = "the end" if token.kind == END else repr(_short(token.text))
            return LanguageError(f"{message}, found {found}", self.text, token.position, aws)
        return LanguageError(message, self.text, at, aws)

    def nested(self) -> Tokens:
        """``with tokens.nested():`` around a rule that calls itself.

        Raises:
            LanguageError: nested too deeply.
        """
        if not self._room:
            raise self.fail("Nested too deeply", self.peek().position)
        return self

    def __enter__(self) -> None:
        self._room -= 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._room += 1


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
