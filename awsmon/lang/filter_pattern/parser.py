r"""Filter patterns, read.

Lives here: `parse` and `parse_selector`. The first character that is no blank tells the form:

    pattern   = terms | regex | "{" any "}" | "[" [slot ("," slot)*] "]"

    terms     = [term (blank term)*]           term   = ["?" | "-" [blank]] (word | phrase)
    word      = [A-Za-z0-9_]+                  phrase = '"' characters, \" and \\ for " and \, '"'
    regex     = "%" what `regex.py` reads "%"

    any       = all ("||" all)*                all    = one ("&&" one)*
    one       = "(" any ")" | selector test
    test      = ("=" | "!=") value | ("<" | "<=" | ">" | ">=") number
              | "IS" ("NULL" | "TRUE" | "FALSE") | "NOT" "EXISTS"
    selector  = "$" step+      step = "." key | ".*" | ["."] "[" quoted "]" | "[" n "]" | "[*]"
    value     = number | phrase | bare | regex         bare = [A-Za-z0-9_.*+-]+

    slot      = "..." | [name [op value] (("&&" | "||") name op value)*]

In a slot, names are the slot's own, and ``&&`` binds more tightly than ``||``, as in JSON patterns.
Where AWS's own wording of an error is known the error has it; otherwise AWS says "Invalid filter
pattern", or "Invalid metric filter pattern" where a metric filter is put or tested.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from awsmon.lang.filter_pattern.regex import read_regex
from awsmon.lang.filter_pattern.tree import (
    AllOf,
    AnyOf,
    Comparison,
    Delimited,
    Each,
    Is,
    Json,
    Missing,
    Number,
    Regex,
    Rest,
    Selector,
    Slot,
    Term,
    Terms,
    Text,
)
from awsmon.lang.text import LanguageError, Lexicon, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.lang.filter_pattern.tree import Condition, Pattern, Value

__all__ = ["parse", "parse_selector"]

_PHRASE = r'"(?:[^"\\]|\\[\s\S])*"'
_STRANGE = r"[\s\S]"  # what is left: refused where it comes up, in AWS's words

_TERMS = Lexicon({"word": r"[A-Za-z0-9_]+", "phrase": _PHRASE, "strange": _STRANGE},
                 symbols=("?", "-"))  # fmt: skip
_VALUES = Lexicon(
    {
        "phrase": _PHRASE,
        "regex": "%[^%]*%",
        "word": r"[A-Za-z0-9_.*+-]+",
        "strange": _STRANGE,
    },
    symbols=("&&", "||", "(", ")", "{", "}", "[", "]", ",", "$", "=", "!=", "<", "<=", ">", ">="),
    keywords=("IS", "NOT", "NULL", "TRUE", "FALSE", "EXISTS"),
    exact=True,
)
_STEPS = Lexicon(
    {
        "key": r"\.[A-Za-z0-9_-]+",
        "quoted key": r"""\.?\[(?:'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")\]""",
        "index": r"\[[0-9]+\]",
        "else": _STRANGE,
    },
    symbols=(".*", "[*]"),
    blank=None,
)

_KEYWORDS = ("IS", "NOT", "NULL", "TRUE", "FALSE", "EXISTS")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_ORDERS = ("<", "<=", ">", ">=")
_LITERALS = {"NULL": None, "TRUE": True, "FALSE": False}
_MOST_REGEXES = 2
_MOST_WILDCARDS = 3


def parse(text: str) -> Pattern:
    """A filter pattern's tree.

    Raises:
        LanguageError: it is none; see `LanguageError.aws` for AWS's words.
    """
    stripped = text.strip()
    if stripped.startswith("%"):
        return _whole_regex(text)
    for opening, closing in ("{}", "[]"):
        if stripped.startswith(opening):
            if len(stripped) < 2 or not stripped.endswith(closing):
                aws = f"If a filter pattern starts with '{opening}' it must end with '{closing}'"
                raise LanguageError(f"Expected {closing!r} at the end", text, len(text), aws)
            reader = _Reader(text)
            return reader.json() if opening == "{" else reader.delimited()
    return _terms(text)


def parse_selector(text: str) -> Selector:
    """A selector by itself, as a metric value or a dimension gives it: ``$.latency``.

    Raises:
        LanguageError: it is none.
    """
    tokens = Tokens(text, _VALUES)
    tokens.expect("$", what="a selector")
    found = _selector(tokens)
    tokens.finish()
    return found


# -- text ------------------------------------------------------------------------------------------


def _terms(text: str) -> Terms:
    tokens = Tokens(text, _TERMS)
    terms: list[Term] = []
    while tokens.peek().kind != "end":
        if terms and tokens.touching:
            raise _strange(tokens, "Expected a blank between terms")
        begin = tokens.peek().position
        sign = tokens.accept("?", "-")
        if sign and sign.kind == "?" and not tokens.touching:
            raise _strange(tokens, "Expected a term right behind ?")
        terms.append(Term(_term(tokens), sign.kind if sign else "", position=begin))
    return Terms(tuple(terms))


def _term(tokens: Tokens) -> str:
    if word := tokens.accept("word"):
        return word.text
    if phrase := tokens.accept("phrase"):
        return _unquoted(phrase.text)
    raise _strange(tokens, "Expected a word or a phrase in double quotes")


def _strange(tokens: Tokens, message: str) -> LanguageError:
    token = tokens.peek()
    if token.kind in ("end", ")", "]", "}"):
        return tokens.fail(message)
    return tokens.fail(message, aws=_invalid(token.text))


def _invalid(term: str) -> str:
    return f"Invalid character(s) in term '{term}'"


def _unquoted(quoted: str) -> str:
    """The text between quotes; a backslash is itself unless before a quote or a backslash."""
    quote = quoted[0]
    return re.sub(rf"\\([{quote}\\])", r"\1", quoted[1:-1])


def _whole_regex(text: str) -> Regex:
    start = text.index("%") + 1
    end = text.find("%", start)
    if end < 0:
        raise LanguageError("Expected % behind a regular expression", text, len(text))
    behind = end + 1 + len(text[end + 1 :]) - len(text[end + 1 :].lstrip())
    if behind < len(text):
        message = "A regular expression is a pattern by itself: nothing may follow"
        raise LanguageError(message, text, behind, _invalid(text[behind]))
    read_regex(text, start, end)
    return Regex(text[start:end], position=start - 1)


# -- JSON and space-delimited ----------------------------------------------------------------------


class _Reader:
    """One pattern of conditions: its tokens, and what it has used up of AWS's limits."""

    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text, _VALUES)
        self.regexes = self.wildcards = 0

    def json(self) -> Json:
        self.tokens.expect("{")
        condition = self.any_of(self.one)
        self.close("}")
        return Json(condition)

    def delimited(self) -> Delimited:
        self.tokens.expect("[")
        slots: list[Slot | Rest] = []
        if self.tokens.peek().kind != "]":
            slots.append(self.slot(slots))
            while self.tokens.accept(","):
                slots.append(self.slot(slots))
        self.close("]")
        return Delimited(tuple(slots))

    def close(self, kind: str) -> None:
        if self.tokens.peek().kind != kind:
            raise _strange(self.tokens, f"Expected {kind!r}")
        self.tokens.take()
        if self.tokens.peek().kind != "end":
            raise _strange(self.tokens, "Expected the end")

    def any_of(self, one: Callable[[], Condition]) -> Condition:
        conditions = [self.all_of(one)]
        while self.tokens.accept("||"):
            conditions.append(self.all_of(one))
        return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))

    def all_of(self, one: Callable[[], Condition]) -> Condition:
        conditions = [one()]
        while self.tokens.accept("&&"):
            conditions.append(one())
        return conditions[0] if len(conditions) == 1 else AllOf(tuple(conditions))

    # a condition on JSON

    def one(self) -> Condition:
        tokens = self.tokens
        if tokens.peek().kind == "(":
            with tokens.nested():
                tokens.take()
                condition = self.any_of(self.one)
                if not tokens.accept(")"):
                    raise _strange(tokens, "Expected ')'")
                return condition
        begin = tokens.peek().position
        if not tokens.accept("$"):
            raise _strange(tokens, "Expected a selector, as $.field")
        return self.test(self.selector(), begin)

    def selector(self) -> Selector:
        begin = self.tokens.consumed - 1
        found = _selector(self.tokens)
        self.wildcards += found.is_wildcard
        if self.wildcards > _MOST_WILDCARDS:
            message = f"More than {_MOST_WILDCARDS} wildcard selectors in a pattern"
            raise self.tokens.fail(message, begin)
        return found

    def test(self, field: Selector, begin: int) -> Condition:
        tokens = self.tokens
        if tokens.accept("IS"):
            literal = tokens.expect(*_LITERALS, what="NULL, TRUE or FALSE")
            return Is(field, _LITERALS[literal.kind], position=begin)
        if tokens.accept("NOT"):
            tokens.expect("EXISTS")
            return Missing(field, position=begin)
        if tokens.peek().kind == "EXISTS":
            raise tokens.fail("EXISTS is not supported, = * is")
        return self.comparison(field, begin)

    # a slot

    def slot(self, before: list[Slot | Rest]) -> Slot | Rest:
        tokens = self.tokens
        if tokens.peek().kind in (",", "]"):
            return Slot()
        if tokens.peek().text == "...":
            if Rest() in before:
                raise tokens.fail("A second ellipsis")
            tokens.take()
            return Rest()
        first = tokens.peek(1).kind
        if first in (",", "]"):
            return Slot(self.name())
        name = tokens.peek().text
        return Slot(name, self.any_of(lambda: self.named(name)))

    def name(self) -> str:
        token = self.tokens.peek()
        if token.kind not in ("word", *_KEYWORDS) or not _NAME.fullmatch(token.text):
            raise _strange(self.tokens, "Expected a field's name")
        return self.tokens.take().text

    def named(self, name: str) -> Comparison:
        begin = self.tokens.peek().position
        if (found := self.name()) != name:
            raise self.tokens.fail(f"{found} in the slot of {name}", begin)
        return self.comparison(found, begin)

    # what they share

    def comparison(self, field: Selector | str, begin: int) -> Comparison:
        tokens = self.tokens
        if tokens.peek().kind not in ("=", "!=", *_ORDERS):
            raise _strange(tokens, "Expected an operator")
        operator = tokens.take().kind
        at = tokens.peek().position
        value = self.value()
        if operator in _ORDERS and not isinstance(value, Number):
            # AWS shows the term in quotes even where it was written without.
            raise tokens.fail(f"{operator} takes a number", at, aws=_invalid(str(value)))
        return Comparison(field, operator, value, position=begin)

    def value(self) -> Value:
        tokens = self.tokens
        if phrase := tokens.accept("phrase"):
            return Text(_unquoted(phrase.text))
        if word := tokens.accept("word", *_KEYWORDS):
            return Number(word.text) if _NUMBER.fullmatch(word.text) else Text(word.text)
        if regex := tokens.accept("regex"):
            self.regexes += 1
            if self.regexes > _MOST_REGEXES:
                message = f"More than {_MOST_REGEXES} regular expressions in a pattern"
                raise tokens.fail(message, regex.position)
            read_regex(tokens.text, regex.position + 1, regex.end - 1)
            return Regex(regex.text[1:-1], position=regex.position)
        raise _strange(tokens, "Expected a value; quote what isn't letters and digits")


def _selector(tokens: Tokens) -> Selector:
    """What follows the ``$``."""
    begin = tokens.consumed - 1
    steps: list[str | int | Each] = []
    outside = tokens.switch(_STEPS)
    while token := tokens.accept("key", "quoted key", "index", ".*", "[*]"):
        steps.append(_step(token.kind, token.text))
        if not isinstance(steps[0], str) and steps[0] is not Each.FIELD:
            raise tokens.fail("An element must follow a property", token.position)
        if sum(isinstance(step, Each) for step in steps) > 1:
            raise tokens.fail("More than one wildcard in a selector", token.position)
    unread = tokens.peek()
    tokens.switch(outside)
    if not steps or unread.text in (".", "["):
        aws = _invalid(tokens.text[begin : unread.end + (unread.text == ".")].strip())
        raise tokens.fail("Expected .field, .* , [0], [*] or ['field']", unread.position, aws=aws)
    return Selector(tuple(steps))


def _step(kind: str, text: str) -> str | int | Each:
    if kind in (".*", "[*]"):
        return Each(kind)
    if kind == "key":
        return text[1:]
    if kind == "quoted key":
        return _unquoted(text[text.index("[") + 1 : -1])
    # No array of an event is longer than a message can be.
    return int(text[1:-1]) if len(text) < 20 else 10**17
