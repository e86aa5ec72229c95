r"""From the text of a search expression to its tree.

Lives here: `parse`. The grammar; NOT binds closest, then AND, then OR::

    search = [schema [","]] [any]           schema = "{" name ("," name)* "}"
    any    = all ("OR" all)*                all    = one (["AND"] one)*
    one    = "NOT" one | "(" any ")" | [name "="] (term | "(" any ")")

A name or term is a word, or any text in double quotation marks, in which a backslash stands before
``" \ ( )``; a term in quotation marks is meant exactly. Behind ``:aws.AccountId =`` single ones do
as well. Operators are in capitals. Source: User Guide, "CloudWatch search expression syntax";
``name=(a OR b)`` as Grafana writes it.
"""

from __future__ import annotations

import functools
import re

from awsmon.lang.metric_search.tree import ACCOUNT, And, Not, Or, Rule, Schema, Search, Term
from awsmon.lang.text import Lexicon, Token, Tokens

__all__ = ["LONGEST", "parse"]

LONGEST = 1024

_LEXICON = Lexicon(
    {"quoted": r'"(?:[^"\\]|\\.)*"', "word": r'[^\s(){},="]+'},
    symbols=("(", ")", "{", "}", ",", "="),
    keywords=("AND", "OR", "NOT"),
    exact=True,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@functools.lru_cache(maxsize=1024)
def parse(text: str) -> Search:
    """What a search expression says.

    Raises:
        LanguageError: it is none.
    """
    tokens = Tokens(text, _LEXICON)
    if len(text) > LONGEST:
        raise tokens.fail(f"A search has at most {LONGEST} characters", LONGEST)
    schema = _schema(tokens)
    rule = None if schema and tokens.peek().kind == "end" else _any(tokens, None)
    tokens.finish()
    return Search(schema, rule)


def _schema(tokens: Tokens) -> Schema | None:
    if not tokens.accept("{"):
        return None
    names = [_name(tokens)]
    while tokens.accept(","):
        names.append(_name(tokens))
    tokens.expect("}")
    tokens.accept(",")
    return Schema(names[0], tuple(names[1:]))


def _name(tokens: Tokens) -> str:
    return _text(tokens.expect("word", "quoted", "AND", "OR", "NOT", what="a name"))


def _any(tokens: Tokens, of: str | None) -> Rule:
    """A rule, of a property if it stands in the parentheses behind one."""
    with tokens.nested():
        rules = [_all(tokens, of)]
        while tokens.accept("OR"):
            rules.append(_all(tokens, of))
    return rules[0] if len(rules) == 1 else Or(tuple(rules))


def _all(tokens: Tokens, of: str | None) -> Rule:
    rules = [_one(tokens, of)]
    while tokens.accept("AND") or tokens.peek().kind in ("word", "quoted", "NOT", "("):
        rules.append(_one(tokens, of))
    return rules[0] if len(rules) == 1 else And(tuple(rules))


def _one(tokens: Tokens, of: str | None) -> Rule:
    if tokens.accept("NOT"):
        with tokens.nested():
            return Not(_one(tokens, of))
    if tokens.accept("("):
        return _closed(tokens, of)
    token = tokens.expect("word", "quoted", what="a term")
    if of is not None or not tokens.accept("="):
        return _term(token, of)
    name = _text(token)
    if tokens.accept("("):
        return _closed(tokens, name)
    return _term(tokens.expect("word", "quoted", what="a value"), name)


def _closed(tokens: Tokens, of: str | None) -> Rule:
    rule = _any(tokens, of)
    tokens.expect(")")
    return rule


def _term(token: Token, of: str | None) -> Term:
    text = _text(token)
    if of == ACCOUNT:
        return Term(text.strip("'"), True, of)
    return Term(text, token.kind == "quoted", of)


def _text(token: Token) -> str:
    return _ESCAPED.sub(r"\1", token.text[1:-1]) if token.kind == "quoted" else token.text
