"""From the text of an alarm rule to its tree.

Lives here: `parse`. The grammar; NOT binds closest, then AND, then OR:

    rule  = all ("OR" all)*           all = one ("AND" one)*
    one   = "NOT" one | "(" rule ")" | "TRUE" | "FALSE" | state "(" alarm ")"
          | "AT_LEAST" "(" number ["%"] "," ["NOT"] state "," "(" alarm ("," alarm)* ")" ")"
    state = "ALARM" | "OK" | "INSUFFICIENT_DATA"

An alarm is a name or an ARN, in quotes or, if it has no blanks, commas, parentheses and quotes,
without. Source: User Guide, "Create a composite alarm"; API reference, PutCompositeAlarm.
"""

from __future__ import annotations

import re

from awsmon.lang.alarm_rule.tree import And, AtLeast, Constant, InState, Not, Or, Rule
from awsmon.lang.text import Lexicon, Tokens

__all__ = ["parse"]

STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")

_LEXICON = Lexicon(
    {"text": r'"(?:[^"\\]|\\.)*"', "word": r'[^\s(),"]+'},
    symbols=("(", ")", ","),
    keywords=("AND", "OR", "NOT", "TRUE", "FALSE", "AT_LEAST", *STATES),
)
_LEAST = re.compile(r"([0-9]{1,3})(%?)")


def parse(text: str) -> Rule:
    """What a rule says.

    Raises:
        LanguageError: it is none.
    """
    tokens = Tokens(text, _LEXICON)
    rule = _rule(tokens)
    tokens.finish()
    return rule


def _rule(tokens: Tokens) -> Rule:
    with tokens.nested():
        rules = [_all(tokens)]
        while tokens.accept("OR"):
            rules.append(_all(tokens))
    return rules[0] if len(rules) == 1 else Or(tuple(rules))


def _all(tokens: Tokens) -> Rule:
    rules = [_one(tokens)]
    while tokens.accept("AND"):
        rules.append(_one(tokens))
    return rules[0] if len(rules) == 1 else And(tuple(rules))


def _one(tokens: Tokens) -> Rule:
    with tokens.nested():
        if tokens.accept("NOT"):
            return Not(_one(tokens))
        if tokens.accept("("):
            rule = _rule(tokens)
            tokens.expect(")")
            return rule
        if tokens.accept("AT_LEAST"):
            return _at_least(tokens)
        kind = tokens.expect("TRUE", "FALSE", *STATES, what="a condition").kind
        if kind in ("TRUE", "FALSE"):
            return Constant(kind == "TRUE")
        tokens.expect("(")
        rule = InState(kind, _alarm(tokens))
        tokens.expect(")")
        return rule


def _at_least(tokens: Tokens) -> AtLeast:
    tokens.expect("(")
    position = tokens.peek().position
    least = _LEAST.fullmatch(tokens.take().text.strip('"'))
    if least is None:
        raise tokens.fail("Expected a number or a percentage", position)
    tokens.expect(",")
    negated = tokens.accept("NOT") is not None
    state = tokens.expect(*STATES, what="a state").kind
    tokens.expect(",")
    tokens.expect("(")
    alarms = [_alarm(tokens)]
    while tokens.accept(","):
        alarms.append(_alarm(tokens))
    tokens.expect(")")
    tokens.expect(")")
    number, percent = int(least[1]), bool(least[2])
    if not 1 <= number <= (100 if percent else len(alarms)):
        raise tokens.fail("Expected at least one, and no more than there are alarms", position)
    return AtLeast(number, percent, negated, state, tuple(alarms))


def _alarm(tokens: Tokens) -> str:
    """A name; a word that the language knows elsewhere is one here."""
    token = tokens.peek()
    if token.kind in ("end", "(", ")", ","):
        raise tokens.fail("Expected an alarm")
    tokens.take()
    if token.kind != "text":
        return token.text
    return re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)
