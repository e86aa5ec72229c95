"""From a Guard text to its tree.

Lives here: `parse`. The grammar; what stands on lines of its own must all hold:

    policy = (let | rule | line)*
    rule   = "rule" name ["when" line+] "{" block "}"
    block  = (let | line)*                      let = "let" name "=" (query | literal)
    line   = part ("or" part)*
    part   = "when" line+ "{" block "}" | ["not"] name [message]
           | query "{" block "}" | query unary [message] | query binary (literal | query) [message]
    query  = ["some"] ("%" name | "this" | name) (step)*
    step   = "." name | ".*" | ".%" name | "[*]" | "[" number "]" | "[" line+ "]"
           | "[" "keys" binary literal "]"

Source: AWS CloudFormation Guard User Guide, "Writing Guard rules"; functions and rules with
parameters came after the runtime guard-2.x.x, and are refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from awsmon.lang.guard.tree import (
    All,
    Block,
    Clause,
    Filter,
    Index,
    Key,
    KeysFilter,
    Let,
    Policy,
    Query,
    QueryBlock,
    Range,
    Reference,
    Rule,
    VariableKey,
    WhenBlock,
)
from awsmon.lang.text import Lexicon, Tokens

if TYPE_CHECKING:
    from awsmon.lang.guard.tree import Conjunction

__all__ = ["UNARY", "parse"]

UNARY = ("exists", "empty", "is_string", "is_list", "is_struct", "is_bool", "is_int", "is_float",
         "is_null")  # fmt: skip
_BINARY = ("==", "!=", "<", "<=", ">", ">=", "in", "=")
_NOT, _OR, _SOME = ("not", "!"), ("or", "|OR|"), ("some",)
_WORDS = {"NOT": "not", "OR": "or", "SOME": "some", "IN": "in", "EXISTS": "exists",
          "EMPTY": "empty", "LET": "let", "WHEN": "when", "RULE": "rule"}  # fmt: skip
_LEXICON = Lexicon(
    {
        "message": r"@[0-9]+",
        "text": r'"(?:[^"\\]|\\.)*"' r"|'(?:[^'\\]|\\.)*'",
        "regex": r"/(?:[^/\\\n]|\\.)+/",
        "range": r"r[\[(] *-?[0-9.]+ *, *-?[0-9.]+ *[\])]",
        "number": r"-?[0-9]+(?:\.[0-9]+)?",
        "variable": r"%[A-Za-z_][A-Za-z0-9_]*",
        "word": r"[A-Za-z_][A-Za-z0-9_:\-]*",
    },
    symbols=("==", "!=", "<=", ">=", ":=", "<", ">", "=", "!", "{", "}", "[", "]", "(", ")", ".",
             "*", ",", ":", "|OR|"),
    keywords=("let", "rule", "when", "some", "this", "or", "not", "in", *UNARY, *_WORDS),
    exact=True,
)  # fmt: skip
_ASIDE = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|/(?:[^/\\\n]|\\.)+/)|<<((?:[^>]|>(?!>))*)>>|\#[^\n]*"""
)
_LITERALS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False,
             "FALSE": False, "null": None, "NULL": None}  # fmt: skip
_BARE = ("{", "}", "[", "]", "(", ")", ",", "end", "message")


def parse(text: str) -> Policy:
    """What a policy says.

    Raises:
        LanguageError: it is none.
    """
    return _Parser(text).policy()


class _Parser:
    """Reads one text; messages and comments are set aside first, at their length."""

    def __init__(self, text: str) -> None:
        self._messages: list[str] = []
        self._tokens = Tokens(_ASIDE.sub(self._set_aside, text), _LEXICON)

    def _set_aside(self, found: re.Match[str]) -> str:
        if found[1]:
            return found[0]
        if found[2] is None:
            return " " * len(found[0])
        self._messages.append(" ".join(found[2].split()))
        return f"@{len(self._messages) - 1}".ljust(len(found[0]))

    def _accept(self, *words: str) -> bool:
        """Take one of some keywords, whichever way it is written."""
        kind = self._tokens.peek().kind
        if _WORDS.get(kind, kind) in words:
            self._tokens.take()
            return True
        return False

    def _at(self, *words: str) -> bool:
        kind = self._tokens.peek().kind
        return _WORDS.get(kind, kind) in words

    # -- policies, rules and blocks ----------------------------------------------------------------

    def policy(self) -> Policy:
        """The whole text."""
        lets: list[Let] = []
        rules: list[Rule] = []
        loose: list[Any] = []
        while not self._at("end"):
            if self._accept("let"):
                lets.append(self._let())
            elif self._accept("rule"):
                rules.append(self._rule())
            else:
                loose.append(self._line())
        if loose:
            rules.insert(0, Rule("default", (), Block((), tuple(loose))))
        if not rules:
            raise self._tokens.fail("Expected a rule")
        return Policy(tuple(lets), tuple(rules))

    def _rule(self) -> Rule:
        name = self._tokens.expect("word", what="a name").text
        if self._at("("):
            raise self._tokens.fail("Rules with parameters aren't part of guard-2.x.x")
        conditions = self._lines("{", blocks=False) if self._accept("when") else ()
        return Rule(name, conditions, self._block())

    def _let(self) -> Let:
        name = self._tokens.expect("word", what="a name").text
        self._tokens.expect("=", ":=")
        return Let(name, self._value())

    def _block(self) -> Block:
        self._tokens.expect("{")
        lets, lines = [], []
        with self._tokens.nested():
            while not self._accept("}"):
                if self._accept("let"):
                    lets.append(self._let())
                else:
                    lines.append(self._line())
        return Block(tuple(lets), tuple(lines))

    def _lines(self, end: str, *, blocks: bool = True) -> Conjunction:
        lines = [self._line(blocks=blocks)]
        while not self._at(end):
            lines.append(self._line(blocks=blocks))
        return tuple(lines)

    def _line(self, *, blocks: bool = True) -> tuple[Any, ...]:
        parts = [self._part(blocks=blocks)]
        while self._accept(*_OR):
            parts.append(self._part(blocks=blocks))
        return tuple(parts)

    # -- clauses -----------------------------------------------------------------------------------

    def _part(self, *, blocks: bool) -> Clause | Reference | WhenBlock | QueryBlock:
        tokens = self._tokens
        if self._accept("when"):
            conditions = self._lines("{", blocks=False)
            return WhenBlock(conditions, self._block())
        start = tokens.peek().position
        negated = self._accept(*_NOT)
        if "::" in tokens.peek().text and tokens.peek().kind == "word":
            return self._of_type()
        query = self._query()
        if blocks and not negated and self._at("{"):
            return QueryBlock(query, self._block())
        flipped = self._accept(*_NOT)
        kind = _WORDS.get(tokens.peek().kind, tokens.peek().kind)
        if kind not in (*UNARY, *_BINARY):
            return self._reference(query, negated, flipped)
        tokens.take()
        value = None if kind in UNARY else self._value()
        text = " ".join(tokens.text[start : tokens.consumed].split())
        return Clause(query, "==" if kind == "=" else kind, negated != flipped, value,
                      self._message(), text)  # fmt: skip

    def _of_type(self) -> QueryBlock:
        """``AWS::S3::Bucket { ... }``: resources of a template."""
        name = self._tokens.take().text
        conditions = self._lines("{", blocks=False) if self._accept("when") else ()
        type_ = Clause(Query((Key("Type"),), text="Type"), "==", False, name, None, "")
        query = Query((Key("Resources"), All(), Filter(((type_,),))), text=f"Resources.*[{name}]")
        block = self._block()
        return QueryBlock(query, Block((), ((WhenBlock(conditions, block),),)) if conditions
                          else block)  # fmt: skip

    def _reference(self, query: Query, negated: bool, flipped: bool) -> Reference:
        part = query.parts[0] if query.parts else None
        if flipped or query.variable or len(query.parts) != 1 or not isinstance(part, Key):
            raise self._tokens.fail("Expected an operator")
        return Reference(part.name, negated, self._message())

    def _message(self) -> str | None:
        token = self._tokens.accept("message")
        return self._messages[int(token.text[1:])] if token else None

    # -- queries -----------------------------------------------------------------------------------

    def _query(self) -> Query:
        tokens, start = self._tokens, self._tokens.peek().position
        some = self._accept(*_SOME)
        variable, parts = None, []
        if found := tokens.accept("variable"):
            variable = found.text[1:]
        elif not self._accept("this"):
            parts.append(Key(self._name()))
        while True:
            if tokens.accept("."):
                parts.append(self._after_dot())
            elif self._at("["):
                tokens.take()
                parts.append(self._in_brackets())
            else:
                break
        text = " ".join(tokens.text[start : tokens.consumed].split())
        return Query(tuple(parts), variable, some, text)

    def _name(self) -> str:
        """A member's name: any word, or a text."""
        token = self._tokens.peek()
        if token.kind == "text":
            return _unquoted(self._tokens.take().text)
        if token.kind in _BARE or (not token.text[:1].isalpha() and token.text[:1] != "_"):
            raise self._tokens.fail("Expected a name")
        return self._tokens.take().text

    def _after_dot(self) -> Any:
        if self._tokens.accept("*"):
            return All()
        if found := self._tokens.accept("variable"):
            return VariableKey(found.text[1:])
        if found := self._tokens.accept("number"):
            return Index(int(found.text))
        return Key(self._name())

    def _in_brackets(self) -> Any:
        tokens = self._tokens
        if tokens.accept("*"):
            step: Any = All()
        elif tokens.peek().kind == "number" and tokens.peek(1).kind == "]":
            step = Index(int(tokens.take().text))
        elif tokens.peek().kind == "text" and tokens.peek(1).kind == "]":
            step = Key(_unquoted(tokens.take().text))
        elif tokens.peek().text == "keys":
            tokens.take()
            negated = self._accept(*_NOT)
            operator = tokens.expect("==", "!=", "in", "IN").kind
            step = KeysFilter(_WORDS.get(operator, operator), negated, self._value())
        else:
            with tokens.nested():
                step = Filter(self._lines("]"))
        tokens.expect("]")
        return step

    # -- values ------------------------------------------------------------------------------------

    def _value(self) -> Any:
        tokens, token = self._tokens, self._tokens.peek()
        if token.kind in ("text", "regex", "range", "number"):
            return self._literal()
        if token.text in _LITERALS:
            tokens.take()
            return _LITERALS[token.text]
        if tokens.accept("["):
            return self._list()
        if tokens.accept("{"):
            return self._map()
        if token.kind == "word" and tokens.peek(1).kind == "(":
            raise tokens.fail("Functions aren't part of guard-2.x.x")
        return self._query()

    def _literal(self) -> Any:
        token = self._tokens.take()
        if token.kind == "text":
            return _unquoted(token.text)
        if token.kind == "regex":
            try:
                return re.compile(token.text[1:-1].replace("\\/", "/"))
            except re.error as error:
                raise self._tokens.fail(f"Not a regular expression: {error}",
                                        token.position) from None  # fmt: skip
        if token.kind == "range":
            low, _, high = token.text[2:-1].partition(",")
            return Range(float(low), float(high), token.text[1] == "[", token.text[-1] == "]")
        return float(token.text) if "." in token.text else int(token.text)

    def _list(self) -> list[Any]:
        found: list[Any] = []
        with self._tokens.nested():
            while not self._accept("]"):
                found.append(self._value())
                if not self._at("]"):
                    self._tokens.expect(",")
        return found

    def _map(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        with self._tokens.nested():
            while not self._accept("}"):
                key = self._name()
                if not key.endswith(":"):
                    self._colon()
                found[key.rstrip(":")] = self._value()
                if not self._at("}"):
                    self._tokens.expect(",")
        return found

    def _colon(self) -> None:
        self._tokens.expect(":", what="a colon")


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if "\\" in text else text[1:-1]
