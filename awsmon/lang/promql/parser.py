"""From the text of a PromQL query to its tree.

Lives here: `parse`. What words are is `tokens.py`'s. The grammar, what binds loosest first; ``^``
groups from the right::

    or = and ("or" and)*        and = test (("and" | "unless") test)*
    test = sum (("==" | "!=" | "<=" | "<" | ">=" | ">") ["bool"] sum)*
    sum = product (("+" | "-") product)*    product = signed (("*" | "/" | "%" | "atan2") signed)*
    signed = ("+" | "-") signed | power     power = one ["^" signed]
    one = number | text | what (subquery placed*)*
    what = "(" or ")" | selector [range] placed* | function "(" [or ("," or)*] ")"
        | operator [grouping] "(" [or ","] or ")" [grouping]
    selector = name ["{" matchers "}"] | "{" matchers "}"       range = "[" duration "]"
    subquery = "[" duration ":" [duration] "]"                  grouping = ("by" | "without") labels
    placed = "offset" ["-"] duration | "@" (["-"] number | ("start" | "end") "(" ")")
    behind an operator: [("on" | "ignoring") labels [("group_left" | "group_right") [labels]]]

Source: Prometheus documentation, "Querying basics", "Operators"; CloudWatch User Guide, "PromQL
querying" and "QueryMetrics" (a metric must be selected by its name). What Prometheus has beyond is
refused by name: the functions in `functions.MISSING`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from awsmon.lang.insights_ql.regex import compiled
from awsmon.lang.promql.functions import MISSING, SIGNATURES
from awsmon.lang.promql.selectors import STEP
from awsmon.lang.promql.tokens import (
    KEYWORDS,
    LEXICON,
    BeyondAwsmon,
    beyond,
    milliseconds,
    number,
    unquoted,
)
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
    Subquery,
    Text,
    kind,
)
from awsmon.lang.text import Tokens

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
MOST_STEPS = 11_000
"""Of a subquery. Source: how many points Prometheus gives of a series."""

Placed = TypeVar("Placed", Selector, Subquery)


def parse(text: str) -> Node:
    """What a query says.

    Raises:
        LanguageError: it is none; `BeyondAwsmon`: it is more than awsmon knows of the language.
    """
    tokens = Tokens(text, LEXICON)
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
            return Number(milliseconds(tokens) / 1000)
        return Number(number(tokens.take()))
    if token.kind == "text":
        tokens.take()
        return Text(unquoted(tokens, token))
    if token.kind == "(":
        tokens.take()
        node = _any(tokens)
        tokens.expect(")")
        return _repeated(tokens, node)
    if token.kind == "{":
        return _repeated(tokens, _ranged(tokens, _selector(tokens, "")))
    if token.kind not in ("word", *(word.upper() for word in KEYWORDS)):
        raise tokens.fail("Expected a value")
    tokens.take()
    behind = tokens.peek().kind
    if token.text.lower() in AGGREGATIONS and behind in ("(", "BY", "WITHOUT"):
        return _repeated(tokens, _aggregate(tokens, token))
    if token.text in _ABSENT and behind in ("(", "BY", "WITHOUT"):
        raise beyond(tokens, f"aggregation {token.text}", token.position)
    if behind == "(":
        return _repeated(tokens, _call(tokens, token))
    if behind in ("BY", "WITHOUT"):
        raise tokens.fail(f"{token.text} is no aggregation that awsmon knows", token.position)
    return _repeated(tokens, _ranged(tokens, _selector(tokens, token.text)))


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
    name = _bare(unquoted(tokens, token) if token.kind == "text" else token.text)
    operator = tokens.accept("=", "!=", "=~", "!~")
    if operator is None:
        return None, name
    value = tokens.expect("text", what="a value in quotation marks")
    wanted = unquoted(tokens, value)
    if operator.kind in ("=~", "!~") and isinstance(wrong := compiled(wanted), str):
        raise tokens.fail(f"Invalid regular expression: {wrong}", value.position)
    return Matcher(name, operator.kind, wanted), ""


def _bare(label: str) -> str:
    """CloudWatch knows a datapoint's attributes with and without their prefix."""
    if label == "@datapoint.@name":
        return "__name__"
    return label.removeprefix("@datapoint.") or label


def _ranged(tokens: Tokens, selector: Selector) -> Node:
    """A selector with its range, or a subquery of it, and where in time they are."""
    if tokens.accept("["):
        window = _window(tokens)
        if tokens.peek().kind == ":":
            return _placed(tokens, _subquery(tokens, selector, window))
        tokens.expect("]")
        selector = replace(selector, window=window)
    return _placed(tokens, selector)


def _repeated(tokens: Tokens, node: Node) -> Node:
    """What may have subqueries behind it, one after the other."""
    while bracket := tokens.accept("["):
        window = _window(tokens)
        if tokens.peek().kind != ":":
            raise tokens.fail("A range stands behind a selector alone", bracket.position)
        if kind(node) != "instant vector":
            what = _a(kind(node))
            raise tokens.fail(f"A subquery is of an instant vector, not {what}", bracket.position)
        node = _placed(tokens, _subquery(tokens, node, window))
    return node


def _window(tokens: Tokens) -> int:
    at = tokens.peek().position
    window = milliseconds(tokens)
    if window <= 0:
        raise tokens.fail("A range is longer than nothing", at)
    return window


def _subquery(tokens: Tokens, of: Node, window: int) -> Subquery:
    """From the colon on."""
    colon = tokens.expect(":")
    step = None
    if tokens.peek().kind != "]":
        step = milliseconds(tokens)
        if step <= 0:
            raise tokens.fail("A step is longer than nothing", colon.position)
    tokens.expect("]")
    if window // (step or STEP) > MOST_STEPS:
        raise beyond(tokens, f"subqueries of more than {MOST_STEPS} steps", colon.position)
    return Subquery(of, window, step)


def _placed(tokens: Tokens, node: Placed) -> Placed:
    """Its offset and its ``@``, each at most once, in any order."""
    known: set[str] = set()
    while word := tokens.accept("OFFSET", "@"):
        if word.kind in known:
            raise tokens.fail(f"{word.text} stands there twice", word.position)
        known.add(word.kind)
        if word.kind == "OFFSET":
            sign = tokens.accept("-", "+")
            offset = milliseconds(tokens) * (-1 if sign and sign.kind == "-" else 1)
            node = replace(node, offset=offset)
        else:
            node = replace(node, at=_instant(tokens))
    return node


def _instant(tokens: Tokens) -> int | str:
    """Seconds since the epoch, or an end of the whole query."""
    if word := tokens.accept("word"):
        if word.text not in ("start", "end"):
            raise tokens.fail("Expected an instant, start() or end()", word.position)
        tokens.expect("(")
        tokens.expect(")")
        return word.text
    sign = tokens.accept("-", "+")
    at = tokens.expect("number", what="an instant, start() or end()")
    return round(number(at) * 1000) * (-1 if sign and sign.kind == "-" else 1)


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
        found.append(_bare(unquoted(tokens, token) if token.kind == "text" else token.text))
        if tokens.peek().kind != ")":
            tokens.expect(",")
    return tuple(found)


def _call(tokens: Tokens, name: Token) -> Node:
    if name.text in MISSING:
        raise beyond(tokens, f"function {name.text}", name.position)
    if name.text not in SIGNATURES:
        raise tokens.fail(f"There is no function {name.text}", name.position)
    tokens.expect("(")
    arguments: list[Node] = []
    while not tokens.accept(")"):
        arguments.append(_any(tokens))
        if tokens.peek().kind != ")":
            tokens.expect(",")
    kinds, least = SIGNATURES[name.text]
    if not least <= len(arguments) <= len(kinds):
        raise tokens.fail(f"{name.text} takes {least} arguments", name.position)
    for argument, wanted in zip(arguments, kinds, strict=False):
        if kind(argument) != wanted:
            raise tokens.fail(
                f"{name.text} takes {_a(wanted)}, not {_a(kind(argument))}", name.position
            )
    return Call(name.text, tuple(arguments))
