"""Expressions, read.

Lives here: `read_expression`. Commands are `parser.py`'s.

    any        = all ("or" all)*              all     = one ("and" one)*
    one        = "not" one | comparison       comparison = sum [test]
    test       = ("=" | "!=" | "<" | "<=" | ">" | ">=") sum | ["not"] "like" (regex | sum)
               | "=~" regex
               | ["not"] "in" ("[" [any ("," any)*] "]" | "(" query ")")
    sum        = product (("+" | "-") product)*    product = power (("*" | "/" | "%") power)*
    power      = unary ["^" power]            unary   = ("-" | "!") unary | value step*
    step       = "[" n "]" | "." name
    value      = text | number | period | "(" any ")" | name "(" ["*" | any ("," any)*] ")" | name
               | "true" | "false"

Source: User Guide, "Boolean, comparison, numeric, datetime, and other functions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from awsmon.lang.insights_ql.tree import (
    Access,
    All,
    AnyOf,
    Boolean,
    Call,
    Chain,
    Comparison,
    Field,
    Listed,
    Negative,
    Not,
    Power,
    Regex,
    Span,
    Star,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.lang.insights_ql.tokens import QueryTokens
    from awsmon.lang.insights_ql.tree import Expression

__all__ = ["read_expression", "separated"]

_Read = TypeVar("_Read")

_COMPARED = ("=", "!=", "<", "<=", ">", ">=")
_RANKED = (("+", "-"), ("*", "/", "%"))


def separated(tokens: QueryTokens, read: Callable[[QueryTokens], _Read]) -> tuple[_Read, ...]:
    """One or more, with commas between them."""
    found = [read(tokens)]
    while tokens.accept(","):
        found.append(read(tokens))
    return tuple(found)


def read_expression(tokens: QueryTokens) -> Expression:
    """The expression that comes next.

    Raises:
        LanguageError: none does.
    """
    with tokens.nested():
        return _any(tokens)


def _any(tokens: QueryTokens) -> Expression:
    found = [_all(tokens)]
    while tokens.accept("OR"):
        found.append(_all(tokens))
    return found[0] if len(found) == 1 else AnyOf(tuple(found))


def _all(tokens: QueryTokens) -> Expression:
    found = [_one(tokens)]
    while tokens.accept("AND"):
        found.append(_one(tokens))
    return found[0] if len(found) == 1 else All(tuple(found))


def _one(tokens: QueryTokens) -> Expression:
    if tokens.accept("NOT"):
        with tokens.nested():
            return Not(_one(tokens))
    return _comparison(tokens)


def _comparison(tokens: QueryTokens) -> Expression:
    left = _chain(tokens, 0)
    if operator := tokens.accept(*_COMPARED):
        return Comparison(operator.text, left, _chain(tokens, 0))
    if tokens.accept("=~"):
        return Comparison("=~", left, _needed_regex(tokens))
    negated = "not " if tokens.peek().kind == "NOT" else ""
    if tokens.peek(1 if negated else 0).kind not in ("LIKE", "IN"):
        return left
    if negated:
        tokens.take()
    if tokens.accept("LIKE"):
        return Comparison(f"{negated}like", left, tokens.regex() or _chain(tokens, 0))
    tokens.take()
    members = tokens.subquery() if tokens.peek().kind == "(" else _listed(tokens)
    return Comparison(f"{negated}in", left, members)


def _needed_regex(tokens: QueryTokens) -> Regex:
    found = tokens.regex()
    if found is None:
        raise tokens.fail("Expected a regular expression between slashes")
    return found


def _listed(tokens: QueryTokens) -> Listed:
    tokens.expect("[", what="a list in [ ]")
    if tokens.accept("]"):
        return Listed(())
    items = separated(tokens, read_expression)
    tokens.expect("]")
    return Listed(items)


def _chain(tokens: QueryTokens, rank: int) -> Expression:
    if rank == len(_RANKED):
        return _power(tokens)
    first = _chain(tokens, rank + 1)
    rest = []
    while operator := tokens.accept(*_RANKED[rank]):
        rest.append((operator.text, _chain(tokens, rank + 1)))
    return Chain(first, tuple(rest)) if rest else first


def _power(tokens: QueryTokens) -> Expression:
    base = _unary(tokens)
    if not tokens.accept("^"):
        return base
    with tokens.nested():
        return Power(base, _power(tokens))


def _unary(tokens: QueryTokens) -> Expression:
    sign = tokens.accept("-", "!")
    if sign is None:
        return _steps(tokens)
    with tokens.nested():
        operand = _unary(tokens)
    return Negative(operand) if sign.text == "-" else Not(operand)


def _steps(tokens: QueryTokens) -> Expression:
    base, steps = _value(tokens)
    while True:
        if tokens.peek().kind == "[" and (steps or not isinstance(base, Listed)):
            tokens.take()
            steps.append(tokens.integer("an index"))
            tokens.expect("]")
        elif tokens.peek().kind == "." and tokens.touching:
            tokens.take()
            steps += _attributes(tokens)
        else:
            return Access(base, tuple(steps)) if steps else base


def _attributes(tokens: QueryTokens) -> list[str | int]:
    if tokens.peek().kind == "quoted name":
        return [tokens.name()]
    return [*tokens.name("an attribute").split(".")]


def _value(tokens: QueryTokens) -> tuple[Expression, list[str | int]]:
    """A value, and the steps that its name has already taken: ``m.`k` `` is one."""
    if tokens.accept("("):
        found = read_expression(tokens)
        tokens.expect(")")
        return found, []
    literal = tokens.literal()
    if literal is not None:
        return literal, []
    start = tokens.peek().position
    token = tokens.expect("word", "quoted name", what="a value")
    if token.kind == "word":
        if tokens.peek().kind == "(":
            return _call(tokens, token.text, start), []
        if token.text.lower() in ("true", "false"):
            return Boolean(token.text.lower() == "true"), []
        if token.text.endswith(".") and tokens.touching and tokens.peek().kind == "quoted name":
            base = Field(token.text[:-1], Span(start, token.end - 1))
            return base, [tokens.name()]
        if token.text.endswith("."):
            raise tokens.fail("Expected a name behind the dot", token.end)
        return Field(token.text, Span(start, token.end)), []
    return Field(token.text.replace("`", ""), Span(start, token.end)), []


def _call(tokens: QueryTokens, name: str, start: int) -> Call:
    span = tokens.span(start)
    tokens.take()
    if tokens.accept(")"):
        return Call(name, (), span)
    if tokens.peek().kind == "*" and tokens.peek(1).kind == ")":
        tokens.take()
        tokens.take()
        return Call(name, (Star(),), span)
    arguments = separated(tokens, read_expression)
    tokens.expect(")")
    return Call(name, arguments, span)
