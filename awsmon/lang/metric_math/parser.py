"""From the text of a metric math expression to its tree.

Lives here: `parse`. The grammar, what binds loosest first::

    any     = all (("OR" | "||") all)*          all   = test (("AND" | "&&") test)*
    test    = sum (("==" | "!=" | "<=" | ">=" | "<" | ">") sum)*
    sum     = product (("+" | "-") product)*    product = signed (("*" | "/") signed)*
    signed  = "-" signed | power                power = one ["^" signed]
    one     = number | text | name | name "(" [any ("," any)*] ")" | "[" any ("," any)* "]"
            | "(" any ")"

Names of functions, words and operators are written in capitals. Source: User Guide, "Metric math
syntax and functions". Which operator binds closer isn't documented; it is as everywhere.
"""

from __future__ import annotations

import functools
from math import isinf

from awsmon.lang.metric_math.tree import (
    LEVELS,
    Array,
    Call,
    Name,
    Negation,
    Node,
    Number,
    Operation,
    Power,
    Step,
    Text,
)
from awsmon.lang.text import Lexicon, Tokens

__all__ = ["parse"]

_LEXICON = Lexicon(
    {
        "number": r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
        "text": r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""",
        "name": r"[A-Za-z_][A-Za-z0-9_]*",
    },
    symbols=("(", ")", "[", "]", ",", "^", "-", *(each for level in LEVELS for each in level
                                                 if not each.isalpha())),
    keywords=("AND", "OR"),
    exact=True,
    word="name",
)  # fmt: skip


@functools.lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """What an expression says.

    Raises:
        LanguageError: it is none.
    """
    tokens = Tokens(text, _LEXICON)
    node = _any(tokens)
    tokens.finish()
    return node


def _any(tokens: Tokens) -> Node:
    with tokens.nested():
        return _level(tokens, 0)


def _level(tokens: Tokens, level: int) -> Node:
    """The operators of one level, with those that bind closer between them."""
    if level == len(LEVELS):
        return _signed(tokens)
    first = _level(tokens, level + 1)
    steps = []
    while operator := tokens.accept(*LEVELS[level]):
        steps.append(Step(operator.kind, _level(tokens, level + 1), operator.position))
    return Operation(first, tuple(steps)) if steps else first


def _signed(tokens: Tokens) -> Node:
    if tokens.peek().kind == "-":
        with tokens.nested():
            tokens.take()
            return Negation(_signed(tokens))
    base = _one(tokens)
    operator = tokens.accept("^")
    if operator is None:
        return base
    with tokens.nested():
        return Power(base, _signed(tokens), operator.position)


def _one(tokens: Tokens) -> Node:
    token = tokens.expect("number", "text", "name", "[", "(", what="a value")
    if token.kind == "number":
        if isinf(number := float(token.text)):
            raise tokens.fail("The number is too large", token.position)
        return Number(number)
    if token.kind == "text":
        return Text(token.text)
    if token.kind == "[":
        return Array(_list(tokens, "]"), token.position)
    if token.kind == "(":
        node = _any(tokens)
        tokens.expect(")")
        return node
    if not tokens.accept("("):
        return Name(token.text, token.position)
    arguments = () if tokens.accept(")") else _list(tokens, ")")
    return Call(token.text, arguments, token.position)


def _list(tokens: Tokens, end: str) -> tuple[Node, ...]:
    items = [_any(tokens)]
    while tokens.accept(","):
        items.append(_any(tokens))
    tokens.expect(end)
    return tuple(items)
