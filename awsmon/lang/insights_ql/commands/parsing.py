"""``parse`` and ``json``: fields out of a text.

    parse    = "parse" [field] (text "as" names | regex ["as" names] ["multi"]
             | "logfmt" "as" name | "csv" "as" names)
    json     = "json" "field" "=" field text "as" name

A row whose text doesn't fit stays, without the fields. Source: User Guide, "parse".
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from awsmon.lang.insights_ql.expressions import separated
from awsmon.lang.insights_ql.functions.structures import read_json
from awsmon.lang.insights_ql.query import Command
from awsmon.lang.insights_ql.regex import compile_regex
from awsmon.lang.insights_ql.scope import access
from awsmon.lang.insights_ql.tree import (
    NOWHERE,
    Field,
    Regex,
    Span,
    name_source,
    text_source,
)
from awsmon.lang.insights_ql.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from typing_extensions import Self

    from awsmon.lang.insights_ql.rows import Read, Row, Step
    from awsmon.lang.insights_ql.scope import Scope
    from awsmon.lang.insights_ql.tokens import QueryTokens

    Extract = Callable[[str], Sequence[object] | None]

__all__ = ["Json", "Parse", "parsed_csv", "parsed_glob", "parsed_logfmt"]

_MESSAGE = Field("@message")


@dataclass(frozen=True, slots=True)
class Parse(Command):
    """``parse @message "user=*, id=*" as user, id``.

    Attributes:
        how: a glob, a regular expression, or ``logfmt`` or ``csv``.
        names: of the fields; a regular expression may have its own.
    """

    words: ClassVar[tuple[str, ...]] = ("parse",)
    source: Field
    how: str | Regex
    names: tuple[str, ...] = ()
    format: str = "glob"
    multi: bool = False
    at: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        how = {"glob": text_source(str(self.how)), "regex": str(self.how)}
        names = f" as {', '.join(map(name_source, self.names))}" if self.names else ""
        multi = " multi" if self.multi else ""
        return f"parse {self.source} {how.get(self.format, self.format)}{names}{multi}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        start = tokens.peek().position
        source = tokens.field() if _names_a_field(tokens) else _MESSAGE
        regex = tokens.regex()
        if regex is not None:
            multi = tokens.word("multi") is not None
            names = _names(tokens) if tokens.accept("AS") else ()
            multi = tokens.word("multi") is not None or multi
            return cls(source, regex, names, "regex", multi, tokens.span(start))
        form = tokens.word("logfmt", "csv")
        how = form.text.lower() if form else tokens.string("a pattern in quotes or slashes")
        if not tokens.accept("AS"):
            raise tokens.fail("Expected as, and names of fields")
        names = _names(tokens)
        return cls(source, how, names, how if form else "glob", False, tokens.span(start))

    def compile(self, scope: Scope) -> None:
        read = scope.field(self.source)
        names, extract = self._extract(scope)
        if self.multi:
            scope.barrier()
            found = compile_regex(str(self.how)[1:-1], scope.text, self.at).all_groups
            scope.whole(lambda rows, _: _each_match(rows, read, names, found))
        else:
            scope.each(_extracting(read, names, extract))
        for name in names:
            scope.define(name)

    def _extract(self, scope: Scope) -> tuple[tuple[str, ...], Extract]:
        names = self.names
        if isinstance(self.how, Regex):
            regex = compile_regex(self.how.source, scope.text, self.how.at)
            given = iter(() if names == regex.names else names)  # or each is named twice
            names = tuple(name or next(given, "") for name in regex.names)
            if not names or "" in names or next(given, None) is not None:
                raise scope.fail("parse needs a name for each group of the expression", self.how.at)
            return names, regex.groups
        if self.format == "logfmt":
            if len(names) != 1:
                raise scope.fail("logfmt makes one map: expected one name", self.at)
            return names, lambda text: (parsed_logfmt(text),)
        if self.format == "csv":
            return names, lambda text: parsed_csv(text, len(names))
        pieces = tuple(self.how.split("*"))
        if len(pieces) - 1 != len(names):
            wildcards = f"{len(pieces) - 1} wildcards and {len(names)} names"
            raise scope.fail(f"Expected a name for each *, found {wildcards}", self.at)
        return names, lambda text: parsed_glob(text, pieces)


def _names_a_field(tokens: QueryTokens) -> bool:
    if not tokens.at_name:
        return False
    return not (tokens.says("logfmt", "csv") and tokens.peek(1).kind == "AS")


def _names(tokens: QueryTokens) -> tuple[str, ...]:
    return separated(tokens, lambda them: them.name("a name"))


def _extracting(read: Read, names: tuple[str, ...], extract: Extract) -> Step:
    nothing = (None,) * len(names)

    def step(row: Row) -> bool:
        text = text_of(read(row))
        found = None if text is None else extract(text)
        for name, value in zip(names, found or nothing, strict=True):
            row.add(name, value)
        return True

    return step


def _each_match(
    rows: Iterable[Row],
    read: Read,
    names: tuple[str, ...],
    find: Callable[[str], Sequence[Sequence[object]]],
) -> Iterator[Row]:
    for row in rows:
        text = text_of(read(row))
        for found in (find(text) if text is not None else ()) or ((None,) * len(names),):
            each = row.copy()
            each.values.update(zip(names, found, strict=True))
            yield each


# -- formats ---------------------------------------------------------------------------------------


def parsed_glob(text: str, pieces: tuple[str, ...]) -> list[object] | None:
    """What stands between the pieces of a glob; the last, if it is empty, takes the rest."""
    begin = text.find(pieces[0])
    if begin < 0:
        return None
    found: list[object] = []
    begin += len(pieces[0])
    for piece in pieces[1:-1]:
        end = text.find(piece, begin)
        if end < 0:
            return None
        found.append(text[begin:end])
        begin = end + len(piece)
    if len(pieces) > 1:
        end = text.find(pieces[-1], begin) if pieces[-1] else len(text)
        if end < 0:
            return None
        found.append(text[begin:end])
    return found


def parsed_logfmt(text: str) -> dict[str, object]:
    """``a=1 b="x y" c``: values by key; a key alone has an empty value."""
    found: dict[str, object] = {}
    at, end = 0, len(text)
    while at < end:
        if text[at].isspace():
            at += 1
            continue
        stop = at
        while stop < end and text[stop] != "=" and not text[stop].isspace():
            stop += 1
        key, value, at = text[at:stop], "", stop + 1
        if stop < end and text[stop] == "=":
            value, at = _logfmt_value(text, stop + 1)
        if key:
            found[key] = value
    return found


def _logfmt_value(text: str, at: int) -> tuple[str, int]:
    if text[at : at + 1] != '"':
        stop = at
        while stop < len(text) and not text[stop].isspace():
            stop += 1
        return text[at:stop], stop
    parts, at = [], at + 1
    while at < len(text) and text[at] != '"':
        at += text[at] == "\\" and at + 1 < len(text)
        parts.append(text[at])
        at += 1
    return "".join(parts), at + 1


def parsed_csv(text: str, count: int) -> list[object] | None:
    """The values of a line, as many as are asked for; None where it has fewer."""
    try:
        values = next(csv.reader([text.replace("\r", " ").replace("\n", " ")]), [])
    except csv.Error:
        return None
    return [*values[:count], *([None] * (count - len(values)))]


@dataclass(frozen=True, slots=True)
class Json(Command):
    """``json field=payload "user.name" as name``."""

    words: ClassVar[tuple[str, ...]] = ("json",)
    source: Field
    path: str
    name: str

    def __str__(self) -> str:
        return f"json field={self.source} {text_source(self.path)} as {name_source(self.name)}"

    @classmethod
    def read(cls, tokens: QueryTokens) -> Self:
        tokens.expect_word("field")
        tokens.expect("=")
        source = tokens.field()
        path = tokens.string("a path in quotes")
        tokens.expect("AS")
        return cls(source, path, tokens.name("a name"))

    def compile(self, scope: Scope) -> None:
        read = scope.field(self.source)
        steps = tuple(int(each) if _is_index(each) else each for each in self.path.split("."))
        structure = access(lambda row: _structure(read(row)), steps)
        nested = None
        if scope.is_event_field(self.source.name):
            nested = scope.field(Field(f"{self.source.name}.{self.path}"))

        def step(row: Row) -> bool:
            value = nested(row) if nested else None
            row.add(self.name, structure(row) if value is None else value)
            return True

        scope.each(step)
        scope.define(self.name)


def _is_index(step: str) -> bool:
    return step.isascii() and step.isdigit() and len(step) < 10


def _structure(value: object) -> object:
    return read_json(value) if isinstance(value, str) else value
