"""From the text of a Metrics Insights query to its tree.

Lives here: `parse` and `is_query`. The grammar, keywords in any case::

    query  = "SELECT" function "(" name ")" "FROM" (name | "SCHEMA" "(" name ("," name)* ")")
             ["WHERE" test ("AND" test)*]  ["GROUP" "BY" label ("," label)*]
             ["ORDER" "BY" function "(" ")" ["ASC" | "DESC"]]  ["LIMIT" number]  [";"]
    test   = label ("=" | "!=") value
    label  = name | "tag" "." name | "AWS" "." "AccountId"
    value  = text in '...' | of AWS.AccountId also: number | "CURRENT_ACCOUNT_ID" "(" ")"

A name is a word of letters, digits and underscores that is no keyword, or any text in "...". A
backslash stands before a quotation mark in a text or name. Source: User Guide, "Query components
and syntax in CloudWatch Metrics Insights" and the pages beside it.

The guide reserves some 900 words more, but its own queries leave several bare (as ``Class``), and
AWS answered one with ``Path`` (moto's tests against AWS): only the grammar's own are refused.
Decided here, where the guide is silent: letters are ASCII's; a backslash escapes a backslash too,
and is itself before anything else; ``LIMIT`` is 1 at the least; ``;`` may end the query, as where
the guide shows its structure.
"""

from __future__ import annotations

import re

from awsmon.lang.metrics_sql.tree import (
    AccountId,
    Comparison,
    CurrentAccount,
    Dimension,
    Label,
    Order,
    Query,
    Source,
    Tag,
)
from awsmon.lang.text import Lexicon, Tokens

__all__ = ["FUNCTIONS", "MOST_SERIES", "is_query", "parse"]

FUNCTIONS = ("AVG", "COUNT", "MAX", "MIN", "SUM")
MOST_SERIES = 500

_KEYWORDS = ("SELECT", "FROM", "SCHEMA", "WHERE", "AND", "GROUP", "BY", "ORDER", "ASC", "DESC",
             "LIMIT", *FUNCTIONS)  # fmt: skip
_LEXICON = Lexicon(
    {"name": r'"(?:[^"\\]|\\.)*"', "value": r"'(?:[^'\\]|\\.)*'", "word": r"[A-Za-z0-9_]+"},
    symbols=("(", ")", ",", ".", "=", "!=", ";"),
    keywords=_KEYWORDS,
)
_QUERY = re.compile(r"\s*SELECT\s+\w", re.IGNORECASE)
_ESCAPED = re.compile(r"""\\(["'\\])""")
_ACCOUNT = re.compile("[0-9]{12}")


def is_query(text: str) -> bool:
    """Whether an expression is meant as a query, right or wrong, rather than as metric math."""
    return _QUERY.match(text) is not None


def parse(text: str) -> Query:
    """What a query says.

    Raises:
        LanguageError: it is none.
    """
    tokens = Tokens(text, _LEXICON)
    tokens.expect("SELECT")
    function = _function(tokens)
    tokens.expect("(")
    metric = _name(tokens, "the name of a metric")
    tokens.expect(")")
    tokens.expect("FROM")
    query = Query(
        function,
        metric,
        _source(tokens),
        _where(tokens),
        _group_by(tokens),
        _order_by(tokens),
        _limit(tokens),
    )
    tokens.accept(";")
    tokens.finish()
    return query


def _function(tokens: Tokens) -> str:
    return tokens.expect(*FUNCTIONS, what="AVG, COUNT, MAX, MIN or SUM").kind


def _source(tokens: Tokens) -> Source:
    if not tokens.accept("SCHEMA"):
        return Source(_name(tokens, "a namespace or SCHEMA"))
    tokens.expect("(")
    namespace = _name(tokens, "a namespace")
    dimensions = []
    while tokens.accept(","):
        dimensions.append(_name(tokens, "the name of a dimension"))
    tokens.expect(")")
    return Source(namespace, tuple(dimensions))


def _where(tokens: Tokens) -> tuple[Comparison, ...]:
    if not tokens.accept("WHERE"):
        return ()
    tests = [_comparison(tokens)]
    while tokens.accept("AND"):
        tests.append(_comparison(tokens))
    return tuple(tests)


def _comparison(tokens: Tokens) -> Comparison:
    label = _label(tokens)
    negated = tokens.expect("=", "!=").kind == "!="
    if isinstance(label, AccountId) and tokens.peek().kind == "word":
        return Comparison(label, _account(tokens), negated)
    value = tokens.expect("value", what="a value in single quotation marks")
    return Comparison(label, _unquoted(value.text), negated)


def _account(tokens: Tokens) -> str | CurrentAccount:
    """What may follow without quotation marks."""
    word = tokens.take()
    if word.text.upper() == "CURRENT_ACCOUNT_ID":
        tokens.expect("(")
        tokens.expect(")")
        return CurrentAccount()
    if not _ACCOUNT.fullmatch(word.text):
        raise tokens.fail("Expected an account or CURRENT_ACCOUNT_ID()", word.position)
    return word.text


def _group_by(tokens: Tokens) -> tuple[Label, ...]:
    if not tokens.accept("GROUP"):
        return ()
    tokens.expect("BY")
    labels = [_label(tokens)]
    while tokens.accept(","):
        labels.append(_label(tokens))
    return tuple(labels)


def _label(tokens: Tokens) -> Label:
    first = tokens.peek()
    name = _name(tokens, "a label")
    if not tokens.accept("."):
        return Dimension(name)
    if first.text == "tag":
        return Tag(_name(tokens, "the key of a tag"))
    if first.text == "AWS" and tokens.peek().text == "AccountId":
        tokens.take()
        return AccountId()
    raise tokens.fail("Expected tag.key or AWS.AccountId", first.position)


def _order_by(tokens: Tokens) -> Order | None:
    if not tokens.accept("ORDER"):
        return None
    tokens.expect("BY")
    function = _function(tokens)
    tokens.expect("(")
    tokens.expect(")")
    direction = tokens.accept("ASC", "DESC")
    return Order(function, descending=direction is not None and direction.kind == "DESC")


def _limit(tokens: Tokens) -> int | None:
    if not tokens.accept("LIMIT"):
        return None
    number = tokens.expect("word", what="a number")
    digits = number.text.lstrip("0")
    if not number.text.isdecimal() or len(digits) > 3 or not 1 <= int(digits or "0") <= MOST_SERIES:
        raise tokens.fail(f"Expected a number from 1 to {MOST_SERIES}", number.position)
    return int(digits)


def _name(tokens: Tokens, what: str) -> str:
    token = tokens.peek()
    if token.kind in _KEYWORDS:
        raise tokens.fail(f'Expected {what}; as a name, {token.text} is written "{token.text}"',
                          token.position)  # fmt: skip
    tokens.expect("name", "word", what=what)
    name = _unquoted(token.text) if token.kind == "name" else token.text
    if not name:
        raise tokens.fail(f"Expected {what}, found no name", token.position)
    return name


def _unquoted(text: str) -> str:
    return _ESCAPED.sub(r"\1", text[1:-1])
