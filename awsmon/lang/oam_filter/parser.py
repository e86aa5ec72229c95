"""From the text of a link's filter to its tree.

Lives here: `parse`. The grammar, keywords in any case::

    filter = all ("OR" all)*        all = one ("AND" one)*
    one = subject ("=" | "!=" | ["NOT"] "LIKE") name
        | subject ["NOT"] "IN" "(" name ("," name)* ")"

Source: OAM API reference, LogGroupConfiguration and MetricConfiguration. Decided here, where it is
silent: ``AND`` binds closer than ``OR``; parentheses group nothing; a name holds no quotation mark.
"""

from __future__ import annotations

from awsmon.lang.oam_filter.tree import Comparison, Filter
from awsmon.lang.text import Lexicon, Tokens

__all__ = ["MOST_OPERANDS", "parse"]

MOST_OPERANDS = 5
"""How often ``AND`` and ``OR`` may stand in a filter."""

_LEXICON = Lexicon(
    {"name": r"'[^']*'", "word": r"[A-Za-z]+"},
    symbols=("=", "!=", "(", ")", ","),
    keywords=("AND", "OR", "NOT", "LIKE", "IN"),
)


def parse(text: str, subject: str) -> Filter:
    """Read a filter.

    Args:
        text: its source.
        subject: what it is about: ``LogGroupName`` or ``Namespace``.

    Raises:
        LanguageError: it is not of the language.
    """
    tokens = Tokens(text, _LEXICON)
    either = [[_comparison(tokens, subject)]]
    operands = 0
    while operand := tokens.accept("AND", "OR"):
        operands += 1
        if operands > MOST_OPERANDS:
            raise tokens.fail(f"More than {MOST_OPERANDS} operands", operand.position)
        if operand.kind == "OR":
            either.append([])
        either[-1].append(_comparison(tokens, subject))
    tokens.finish()
    return Filter(subject, tuple(map(tuple, either)))


def _comparison(tokens: Tokens, subject: str) -> Comparison:
    if tokens.peek().text != subject:
        raise tokens.fail(f"Expected {subject}")
    tokens.take()
    if sign := tokens.accept("=", "!="):
        return Comparison("=", (_name(tokens),), negated=sign.kind == "!=")
    negated = tokens.accept("NOT") is not None
    sign = tokens.expect("LIKE", "IN", what="=, !=, LIKE or IN" if not negated else "LIKE or IN")
    values = (_prefix(tokens),) if sign.kind == "LIKE" else _names(tokens)
    return Comparison(sign.kind, values, negated)


def _name(tokens: Tokens) -> str:
    return tokens.expect("name", what="a name in single quotation marks").text[1:-1]


def _prefix(tokens: Tokens) -> str:
    position = tokens.peek().position
    prefix, percent, rest = _name(tokens).partition("%")
    if not percent or rest:
        raise tokens.fail("Expected one %, at the end of the name", position)
    return prefix


def _names(tokens: Tokens) -> tuple[str, ...]:
    tokens.expect("(")
    names = [_name(tokens)]
    while tokens.accept(","):
        names.append(_name(tokens))
    tokens.expect(")")
    return tuple(names)
