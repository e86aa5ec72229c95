"""The words of PromQL: its tokens, and what numbers, durations and strings stand for.

Lives here: `LEXICON`; `number`, `milliseconds` and `unquoted`; `BeyondAwsmon`. Source: Prometheus
documentation, "Querying basics".
"""

from __future__ import annotations

import re
from math import inf, nan
from typing import TYPE_CHECKING

from awsmon.lang.text import LanguageError, Lexicon

if TYPE_CHECKING:
    from awsmon.lang.text import Token, Tokens

__all__ = ["KEYWORDS", "LEXICON", "BeyondAwsmon", "beyond", "milliseconds", "number", "unquoted"]

_NUMBER = r"(?:0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_UNITS = {"y": 31_536_000_000, "w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000,
          "s": 1000, "ms": 1}  # fmt: skip
KEYWORDS = ("and", "or", "unless", "atan2", "by", "without", "on", "ignoring", "group_left",
             "group_right", "bool", "offset", "inf", "nan")  # fmt: skip
LEXICON = Lexicon(
    {
        "text": r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`]*`""",
        "duration": r"[0-9]+(?:ms|[smhdwy])",
        "number": _NUMBER,
        "word": r"[A-Za-z_:][A-Za-z0-9_:]*",
    },
    symbols=("(", ")", "{", "}", "[", "]", ",", "=~", "!~", "=", "==", "!=", "<=", "<", ">=", ">",
             "+", "-", "*", "/", "%", "^", ":", "@"),
    keywords=tuple(word.upper() for word in KEYWORDS),
    blank=r"(?:\s|#[^\n]*)+",
)  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:[abfnrtv\\'\"]|x[0-9a-fA-F]{2}|[0-7]{3}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\",
           "'": "'", '"': '"'}  # fmt: skip


class BeyondAwsmon(LanguageError):
    """PromQL, but more of it than awsmon knows."""


def beyond(tokens: Tokens, what: str, at: int) -> BeyondAwsmon:
    """The error for something of PromQL's, at a place."""
    return BeyondAwsmon(f"PromQL's {what}", tokens.text, at)


def number(token: Token) -> float:
    """A number as source has it."""
    if token.kind in ("INF", "NAN"):
        return inf if token.kind == "INF" else nan
    return float(int(token.text, 0)) if token.text[:2].lower() == "0x" else float(token.text)


def milliseconds(tokens: Tokens) -> int:
    """A duration, as ``1h30m``, or a number of seconds."""
    token = tokens.expect("duration", "number", what="a duration")
    if token.kind == "number":
        return round(number(token) * 1000)
    parts = [token]
    while tokens.peek().kind == "duration" and tokens.touching:
        parts.append(tokens.take())
    return sum(int(part.text.rstrip("smhdwy")) * _UNITS[part.text.lstrip("0123456789")]
               for part in parts)  # fmt: skip


def unquoted(tokens: Tokens, token: Token) -> str:
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
