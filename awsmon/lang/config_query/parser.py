"""From the text of an advanced query to its tree.

Lives here: `parse`. The grammar, keywords in any case::

    query = "SELECT" ("*" | item ("," item)*) ["WHERE" test] ["GROUP" "BY" property ("," property)*]
            ["ORDER" "BY" item ["ASC" | "DESC"] ("," item ["ASC" | "DESC"])*]
    item  = property | ("AVG" | "COUNT" | "MAX" | "MIN" | "SUM") "(" (property | "*") ")"
    test  = all ("OR" all)*        all = one ("AND" one)*
    one   = "NOT" one | "(" test ")" | property comparison value
          | property ["NOT"] "IN" "(" value ("," value)* ")"
          | property ["NOT"] "LIKE" text | property ["NOT"] "BETWEEN" value "AND" value
    value = text in '...' | number | "true" | "false"

Source: Config Developer Guide, "Querying the current configuration state": what SQL has beside
that (``FROM``, ``AS``, ``DISTINCT``, ``HAVING``, ``JOIN``, ``UNION``, ``NULL``) is refused. Three
properties make groups at most, and one alone where an aggregate orders them ("Limitations").
"""

from __future__ import annotations

import re
from typing import Any

from awsmon.lang.config_query.tree import (
    Aggregate,
    And,
    Between,
    Column,
    Comparison,
    In,
    Like,
    Not,
    Or,
    Order,
    Query,
    Test,
)
from awsmon.lang.text import Lexicon, Tokens

__all__ = ["parse"]

_AGGREGATES = ("AVG", "COUNT", "MAX", "MIN", "SUM")
_COMPARISONS = ("=", "!=", "<>", "<", "<=", ">", ">=")
_REFUSED = ("FROM", "AS", "DISTINCT", "HAVING", "JOIN", "UNION", "NULL", "ALL")
_LEXICON = Lexicon(
    {
        "text": r"'(?:[^'\\]|\\.|'')*'" r'|"(?:[^"\\]|\\.)*"',
        "number": r"-?[0-9]+(?:\.[0-9]+)?",
        "word": r"[A-Za-z_][A-Za-z0-9_\-]*",
    },
    symbols=("(", ")", ",", ".", "*", *_COMPARISONS, ";"),
    keywords=("SELECT", "WHERE", "GROUP", "ORDER", "BY", "ASC", "DESC", "AND", "OR", "NOT", "IN",
              "LIKE", "BETWEEN", "TRUE", "FALSE", *_AGGREGATES, *_REFUSED),
)  # fmt: skip
_SUFFIX = re.compile(r"([^%_]*)([%_]*)")
_FEWEST = 3
_MOST_GROUPED = 3


def parse(text: str) -> Query:
    """What a query says.

    Raises:
        LanguageError: it is none.
    """
    tokens = Tokens(text, _LEXICON)
    tokens.expect("SELECT")
    select = None if tokens.accept("*") else tuple(_listed(tokens, _item))
    where = _test(tokens) if tokens.accept("WHERE") else None
    group_by = tuple(_listed(tokens, _column)) if _by(tokens, "GROUP") else ()
    order_by = tuple(_listed(tokens, _order)) if _by(tokens, "ORDER") else ()
    tokens.accept(";")
    tokens.finish()
    query = Query(select, where, group_by, order_by)
    _check(tokens, query)
    return query


def _check(tokens: Tokens, query: Query) -> None:
    """Beside aggregates, only what is grouped by may be selected, and order."""
    ordered = [each.by for each in query.order_by]
    aggregates = [each for each in query.select or () if isinstance(each, Aggregate)]
    if not query.group_by and not aggregates:
        return
    if query.select is None:
        raise tokens.fail("SELECT * has no groups", 0)
    for each in (*query.select, *ordered):
        if isinstance(each, Column) and each not in query.group_by:
            raise tokens.fail(f"{each.name} is neither aggregated nor grouped by", 0)
    most = 1 if any(isinstance(each, Aggregate) for each in ordered) else _MOST_GROUPED
    if len(query.group_by) > most:
        raise tokens.fail(f"At most {most} properties may make groups here", 0)


def _by(tokens: Tokens, word: str) -> bool:
    if not tokens.accept(word):
        return False
    tokens.expect("BY")
    return True


def _listed(tokens: Tokens, one: Any) -> list[Any]:
    found = [one(tokens)]
    while tokens.accept(","):
        found.append(one(tokens))
    return found


def _item(tokens: Tokens) -> Column | Aggregate:
    if tokens.peek(1).kind == "(" and (function := tokens.accept(*_AGGREGATES)):
        tokens.expect("(")
        column = None if tokens.accept("*") else _column(tokens)
        tokens.expect(")")
        return Aggregate(function.kind, column)
    return _column(tokens)


def _order(tokens: Tokens) -> Order:
    item = _item(tokens)
    word = tokens.accept("ASC", "DESC")
    return Order(item, word is not None and word.kind == "DESC")


def _column(tokens: Tokens) -> Column:
    first = tokens.peek()
    if first.kind != "word":
        raise tokens.fail("Expected a property")
    path = [tokens.take().text]
    while tokens.accept("."):
        token = tokens.peek()
        if not re.match(r"[A-Za-z0-9_'\"]", token.text):
            raise tokens.fail("Expected a property")
        path.append(_unquoted(tokens.take().text))
    return Column(tuple(path))


def _test(tokens: Tokens) -> Test:
    with tokens.nested():
        tests = [_all(tokens)]
        while tokens.accept("OR"):
            tests.append(_all(tokens))
    return tests[0] if len(tests) == 1 else Or(tuple(tests))


def _all(tokens: Tokens) -> Test:
    tests = [_one(tokens)]
    while tokens.accept("AND"):
        tests.append(_one(tokens))
    return tests[0] if len(tests) == 1 else And(tuple(tests))


def _one(tokens: Tokens) -> Test:
    if tokens.accept("NOT"):
        with tokens.nested():
            return Not(_one(tokens))
    if tokens.accept("("):
        test = _test(tokens)
        tokens.expect(")")
        return test
    column = _column(tokens)
    if tokens.accept("NOT"):
        return Not(_wordy(tokens, column))
    if operator := tokens.accept(*_COMPARISONS):
        return Comparison(column, "!=" if operator.kind == "<>" else operator.kind, _value(tokens))
    return _wordy(tokens, column)


def _wordy(tokens: Tokens, column: Column) -> Test:
    if tokens.accept("IN"):
        tokens.expect("(")
        values = _listed(tokens, _value)
        tokens.expect(")")
        return In(column, tuple(values))
    if tokens.accept("BETWEEN"):
        low = _value(tokens)
        tokens.expect("AND")
        return Between(column, low, _value(tokens))
    tokens.expect("LIKE", what="a comparison, IN, BETWEEN or LIKE")
    return Like(column, _pattern(tokens))


def _pattern(tokens: Tokens) -> str:
    token = tokens.expect("text", what="a text")
    pattern = _unquoted(token.text)
    found = _SUFFIX.fullmatch(pattern)
    if found is None or (found[2] and len(found[1]) < _FEWEST):
        raise tokens.fail("% and _ may only stand behind three characters or more", token.position)
    return pattern


def _value(tokens: Tokens) -> Any:
    token = tokens.expect("text", "number", "TRUE", "FALSE", what="a value")
    if token.kind == "text":
        return _unquoted(token.text)
    if token.kind == "number":
        return float(token.text) if "." in token.text else int(token.text)
    return token.kind == "TRUE"


def _unquoted(text: str) -> str:
    if text[:1] not in "'\"":
        return text
    return re.sub(r"\\(.)", r"\1", text[1:-1]).replace("''", "'")
