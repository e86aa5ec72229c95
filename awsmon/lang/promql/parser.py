"""From the text of a PromQL query to its tree.

Lives here: `parse` and `BeyondAwsmon`. The grammar, what binds loosest first; ``^`` groups from the
right::

    or = and ("or" and)*        and = test (("and" | "unless") test)*
    test = sum (("==" | "!=" | "<=" | "<" | ">=" | ">") ["bool"] sum)*
    sum = product (("+" | "-") product)*    product = signed (("*" | "/" | "%" | "atan2") signed)*
    signed = ("+" | "-") signed | power     power = one ["^" signed]
    one = number | text | "(" or ")" | selector [range] [offset] | function "(" [or ("," or)*] ")"
        | operator [grouping] "(" [or ","] or ")" [grouping]
    selector = name ["{" matchers "}"] | "{" matchers "}"       range = "[" duration "]"
    grouping = ("by" | "without") labels    offset = "offset" ["-"] duration
    behind an operator: [("on" | "ignoring") labels [("group_left" | "group_right") [labels]]]

Source: Prometheus documentation, "Querying basics", "Operators"; CloudWatch User Guide, "PromQL
querying" and "QueryMetrics" (a metric must be selected by its name). What Prometheus has beyond is
refused by name: subqueries, ``@``, and the functions in `functions.MISSING`.
"""

from __future__ import annotations

import re
from math import inf, nan
from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.regex import compiled
from awsmon.lang.promql.functions import MISSING, SIGNATURES
from awsmon.lang.promql.tree import (
    Aggregate,
    Binary,
    Call,
    Match,
    Matcher,
    Negation,
    Node,
    Number,
    Selector,
    Text,
    kind,
)
from awsmon.lang.text import LanguageError, Lexicon, Tokens

if TYPE_CHECKING:
    from awsmon.lang.text import Token

__all__ = ["AGGREGATIONS", "COMPARISONS", "LEVELS", "SETS", "BeyondAwsmon", "parse"]

AGGREGATIONS = {
    "sum": None, "avg": None, "min": None, "max": None, "count": None, "group": None,
    "stddev": None, "stdvar": None, "topk": "scalar", "bottomk": "scalar", "quantile": "scalar",
    "count_values": "string",
}  # fmt: skip
"""By operator, the kind of its parameter."""
LEVELS = (
    ("or",),
    ("and", "unless"),
    ("==", "!=", "<=", "<", ">=", ">"),
    ("+", "-"),
    ("*", "/", "%", "atan2"),
)
SETS = frozenset({"and", "or", "unless"})
COMPARISONS = frozenset(LEVELS[2])
_ABSENT = ("limitk", "limit_ratio")

_NUMBER = r"(?:0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_UNITS = {"y": 31_536_000_000, "w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000,
          "s": 1000, "ms": 1}  # fmt: skip
_KEYWORDS = ("and", "or", "unless", "atan2", "by", "without", "on", "ignoring", "group_left",
             "group_right", "bool", "offset", "inf", "nan")  # fmt: skip
_LEXICON = Lexicon(
    {
        "text": r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`]*`""",
        "duration": r"[0-9]+(?:ms|[smhdwy])",
        "number": _NUMBER,
        "word": r"[A-Za-z_:][A-Za-z0-9_:]*",
    },
    symbols=("(", ")", "{", "}", "[", "]", ",", "=~", "!~", "=", "==", "!=", "<=", "<", ">=", ">",
             "+", "-", "*", "/", "%", "^", ":", "@"),
    keywords=tuple(word.upper() for word in _KEYWORDS),
    blank=r"(?:\s|#[^\n]*)+",
)  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:[abfnrtv\\'\"]|x[0-9a-fA-F]{2}|[0-7]{3}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\",
           "'": "'", '"': '"'}  # fmt: skip


class BeyondAwsmon(LanguageError):
    """PromQL, but more of it than awsmon knows."""


def _beyond(tokens: Tokens, what: str, at: int) -> BeyondAwsmon:
    return BeyondAwsmon(f"PromQL's {what}", tokens.text, at)


def parse(text: str) -> Node:
    """What a query says.

    Raises:
        LanguageError: it is none; `BeyondAwsmon`: it is more than awsmon knows of the language.
    """
    tokens = Tokens(text, _LEXICON)
    node = _any(tokens)
    tokens.finish()
    return node


# -- operators -------------------------------------------------------------------------------------


def _any(tokens: Tokens) -> Node:
    with tokens.nested():
        return _level(tokens, 0)


def _level(tokens: Tokens, level: int) -> Node:
    if level == len(LEVELS):
        return _signed(tokens)
    left = _level(tokens, level + 1)
    kinds = [each.upper() if each.isalnum() else each for each in LEVELS[level]]
    while operator := tokens.accept(*kinds):
        truth, match = _modifiers(tokens, operator)
        left = _binary(tokens, operator, left, _level(tokens, level + 1), match, truth=truth)
    return left


def _signed(tokens: Tokens) -> Node:
    if sign := tokens.accept("+", "-"):
        with tokens.nested():
            of = _signed(tokens)
        if kind(of) not in ("scalar", "instant vector"):
            raise tokens.fail(f"{_a(kind(of)).capitalize()} has no sign", sign.position)
        if sign.kind == "+":
            return of
        return Negation(of)
    left = _one(tokens)
    operator = tokens.accept("^")
    if operator is None:
        return left
    with tokens.nested():
        truth, match = _modifiers(tokens, operator)
        return _binary(tokens, operator, left, _signed(tokens), match, truth=truth)


def _modifiers(tokens: Tokens, operator: Token) -> tuple[bool, Match]:
    truth = tokens.accept("BOOL")
    if truth and operator.kind not in COMPARISONS:
        raise tokens.fail("bool stands behind comparisons alone", truth.position)
    which = tokens.accept("ON", "IGNORING")
    if which is None:
        return truth is not None, Match()
    labels = _labels(tokens)
    group = tokens.accept("GROUP_LEFT", "GROUP_RIGHT")
    if group and operator.text.lower() in SETS:
        raise tokens.fail("Set operators match many to many, without a group", group.position)
    include = _labels(tokens) if group and tokens.peek().kind == "(" else ()
    side = group.kind[6:].lower() if group else ""
    return truth is not None, Match(labels, which.kind == "ON", side, include)


def _binary(
    tokens: Tokens, operator: Token, left: Node, right: Node, match: Match, *, truth: bool
) -> Node:
    name = operator.text.lower()
    for side in (left, right):
        if kind(side) not in ("scalar", "instant vector"):
            raise tokens.fail(f"{name} beside {_a(kind(side))}", operator.position)
    vectors = kind(left) == kind(right) == "instant vector"
    if name in SETS and not vectors:
        raise tokens.fail(f"{name} stands between instant vectors", operator.position)
    if match != Match() and not vectors:
        raise tokens.fail("Labels match between instant vectors alone", operator.position)
    if name in COMPARISONS and not truth and kind(left) == kind(right) == "scalar":
        raise tokens.fail("Comparisons between scalars need bool", operator.position)
    return Binary(name, left, right, match, truth)


# -- operands --------------------------------------------------------------------------------------


def _one(tokens: Tokens) -> Node:
    token = tokens.peek()
    if token.kind in ("number", "duration", "INF", "NAN"):
        if token.kind == "duration":
            return Number(_milliseconds(tokens) / 1000)
        return Number(_number(tokens.take()))
    if token.kind == "text":
        tokens.take()
        return Text(_unquoted(tokens, token))
    if token.kind == "(":
        tokens.take()
        node = _any(tokens)
        tokens.expect(")")
        _no_subquery(tokens)
        return node
    if token.kind == "{":
        return _ranged(tokens, _selector(tokens, ""))
    if token.kind not in ("word", *(word.upper() for word in _KEYWORDS)):
        raise tokens.fail("Expected a value")
    tokens.take()
    behind = tokens.peek().kind
    if token.text.lower() in AGGREGATIONS and behind in ("(", "BY", "WITHOUT"):
        return _aggregate(tokens, token)
    if token.text in _ABSENT and behind in ("(", "BY", "WITHOUT"):
        raise _beyond(tokens, f"aggregation {token.text}", token.position)
    if behind == "(":
        return _call(tokens, token)
    if behind in ("BY", "WITHOUT"):
        raise tokens.fail(f"{token.text} is no aggregation that awsmon knows", token.position)
    return _ranged(tokens, _selector(tokens, token.text))


def _number(token: Token) -> float:
    if token.kind in ("INF", "NAN"):
        return inf if token.kind == "INF" else nan
    return float(int(token.text, 0)) if token.text[:2].lower() == "0x" else float(token.text)


def _milliseconds(tokens: Tokens) -> int:
    """A duration, as ``1h30m``, or a number of seconds."""
    token = tokens.expect("duration", "number", what="a duration")
    if token.kind == "number":
        return round(_number(token) * 1000)
    parts = [token]
    while tokens.peek().kind == "duration" and tokens.touching:
        parts.append(tokens.take())
    return sum(int(part.text.rstrip("smhdwy")) * _UNITS[part.text.lstrip("0123456789")]
               for part in parts)  # fmt: skip


def _unquoted(tokens: Tokens, token: Token) -> str:
    """A text, its escapes read as Go reads them."""
    body = token.text[1:-1]
    if token.text[0] == "`" or "\\" not in body:
        return body
    if _ESCAPE.sub("", body).count("\\"):
        raise tokens.fail("No such escape in a string", token.position)
    return _ESCAPE.sub(lambda found: _escaped(found[0]), body)


def _escaped(text: str) -> str:
    if text[1] in _SIMPLE:
        return _SIMPLE[text[1]]
    digits, base = (text[2:], 16) if text[1] in "xuU" else (text[1:], 8)
    code = int(digits, base)
    return chr(code) if code < 0x110000 else "\ufffd"


def _selector(tokens: Tokens, name: str) -> Selector:
    at = tokens.peek().position
    matchers: list[Matcher] = []
    if tokens.accept("{"):
        while not tokens.accept("}"):
            matcher, quoted = _matcher(tokens)
            if matcher:
                matchers.append(matcher)
            else:
                name = _one_name(tokens, name, quoted, at)
            if tokens.peek().kind != "}":
                tokens.expect(",")
    for each in [each for each in matchers if each.label == "__name__" and each.operator == "="]:
        name = _one_name(tokens, name, each.value, at)
        matchers.remove(each)
    if not name:
        raise tokens.fail("A metric is selected by its name", at)
    return Selector(name, tuple(matchers))


def _one_name(tokens: Tokens, known: str, name: str, at: int) -> str:
    if known:
        raise tokens.fail("The metric has two names", at)
    return name


def _matcher(tokens: Tokens) -> tuple[Matcher | None, str]:
    """One, or the metric's name in quotation marks."""
    token = tokens.take()
    if token.kind != "text" and not token.text[:1].isidentifier():
        raise tokens.fail("Expected a label or the metric's name", token.position)
    name = _bare(_unquoted(tokens, token) if token.kind == "text" else token.text)
    operator = tokens.accept("=", "!=", "=~", "!~")
    if operator is None:
        return None, name
    value = tokens.expect("text", what="a value in quotation marks")
    wanted = _unquoted(tokens, value)
    if operator.kind in ("=~", "!~") and isinstance(wrong := compiled(wanted), str):
        raise tokens.fail(f"Invalid regular expression: {wrong}", value.position)
    return Matcher(name, operator.kind, wanted), ""


def _bare(label: str) -> str:
    """CloudWatch knows a datapoint's attributes with and without their prefix."""
    if label == "@datapoint.@name":
        return "__name__"
    return label.removeprefix("@datapoint.") or label


def _ranged(tokens: Tokens, selector: Selector) -> Selector:
    window, offset = None, 0
    if tokens.accept("["):
        window = _milliseconds(tokens)
        if tokens.peek().kind == ":":
            raise _beyond(tokens, "subqueries", tokens.peek().position)
        tokens.expect("]")
        if window <= 0:
            raise tokens.fail("A range is longer than nothing", tokens.consumed - 1)
    _no_subquery(tokens)
    if tokens.accept("OFFSET"):
        sign = tokens.accept("-", "+")
        offset = _milliseconds(tokens) * (-1 if sign and sign.kind == "-" else 1)
    if tokens.peek().kind == "@":
        raise _beyond(tokens, "modifier @", tokens.peek().position)
    return Selector(selector.name, selector.matchers, window, offset)


def _no_subquery(tokens: Tokens) -> None:
    if tokens.peek().kind == "[":
        raise _beyond(tokens, "subqueries", tokens.peek().position)


def _aggregate(tokens: Tokens, operator: Token) -> Node:
    grouping = _grouping(tokens)
    tokens.expect("(")
    inside = [_any(tokens)]
    if tokens.accept(","):
        inside.append(_any(tokens))
    tokens.expect(")")
    grouping = grouping or _grouping(tokens) or ((), False)
    name = operator.text.lower()
    wanted = AGGREGATIONS[name]
    if len(inside) != (2 if wanted else 1):
        raise tokens.fail(f"{name} takes {'two' if wanted else 'one'}", operator.position)
    if wanted and kind(inside[0]) != wanted:
        raise tokens.fail(f"{name} takes {_a(wanted)} first", operator.position)
    if kind(inside[-1]) != "instant vector":
        raise tokens.fail(f"{name} takes an instant vector", operator.position)
    _no_subquery(tokens)
    labels, without = grouping
    return Aggregate(name, inside[-1], inside[0] if wanted else None, labels, without)


def _grouping(tokens: Tokens) -> tuple[tuple[str, ...], bool] | None:
    word = tokens.accept("BY", "WITHOUT")
    return (_labels(tokens), word.kind == "WITHOUT") if word else None


def _a(what: str) -> str:
    return f"an {what}" if what[0] == "i" else f"a {what}"


def _labels(tokens: Tokens) -> tuple[str, ...]:
    tokens.expect("(")
    found = []
    while not tokens.accept(")"):
        token = tokens.take()
        if token.kind != "text" and not token.text[:1].isidentifier():
            raise tokens.fail("Expected a label", token.position)
        found.append(_bare(_unquoted(tokens, token) if token.kind == "text" else token.text))
        if tokens.peek().kind != ")":
            tokens.expect(",")
    return tuple(found)


def _call(tokens: Tokens, name: Token) -> Node:
    if name.text in MISSING:
        raise _beyond(tokens, f"function {name.text}", name.position)
    if name.text not in SIGNATURES:
        raise tokens.fail(f"There is no function {name.text}", name.position)
    tokens.expect("(")
    arguments: list[Node] = []
    while not tokens.accept(")"):
        arguments.append(_any(tokens))
        if tokens.peek().kind != ")":
            tokens.expect(",")
    _no_subquery(tokens)
    kinds, least = SIGNATURES[name.text]
    if not least <= len(arguments) <= len(kinds):
        raise tokens.fail(f"{name.text} takes {least} arguments", name.position)
    for argument, wanted in zip(arguments, kinds, strict=False):
        if kind(argument) != wanted:
            raise tokens.fail(
                f"{name.text} takes {_a(wanted)}, not {_a(kind(argument))}", name.position
            )
    return Call(name.text, tuple(arguments))
