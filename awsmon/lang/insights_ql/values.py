"""The values of queries, and how they are read as numbers and text, shown and sorted.

A value is text, a number, a truth, a `Timestamp`, a list or a map (of `jsonParse`), or None: there
is none. What was discovered or parsed is read as a number where a number is wanted. Sources: User
Guide, "sort", "Structure types"; how computed numbers print is seen in public results
(``122.0703``, ``1.28E8``): whole ones as integers, others with four decimals, large and tiny ones
as Java does.
"""

from __future__ import annotations

import json
import math
import re
from datetime import datetime, timedelta, timezone

__all__ = [
    "Timestamp",
    "Value",
    "format_time",
    "is_true",
    "number_of",
    "show",
    "sort_key",
    "text_of",
]

Value = str | int | float | bool | list[object] | dict[str, object] | None

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DIGITS = re.compile(r"([0-9]+)")
_LARGE, _SMALL = 1e7, 1e-3


class Timestamp(int):
    """Milliseconds since the epoch that show as a time."""

    __slots__ = ()


def number_of(value: object) -> int | float | None:
    """The number that a value is or that a text says; None: none."""
    kind = value.__class__
    if kind is int or kind is float:
        return value  # type: ignore[return-value]
    if kind is str:
        return _number_in(value)  # type: ignore[arg-type]
    if kind is bool or kind is Timestamp:
        return int(value)  # type: ignore[call-overload, no-any-return]
    return None


def _number_in(text: str) -> int | float | None:
    if text.isdigit() and text.isascii() and len(text) < 300:
        return int(text)
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def text_of(value: object) -> str | None:
    """A value as text, to be compared, cut or grouped by; None for lists, maps and nothing."""
    kind = value.__class__
    if kind is str:
        return value  # type: ignore[return-value]
    if kind is int:
        return str(value)
    if kind is float:
        return repr(value) if abs(value) < _LARGE else _as_java(value)  # type: ignore[arg-type]
    if kind is bool:
        return "1" if value else "0"
    return format_time(value) if kind is Timestamp else None  # type: ignore[arg-type]


def show(value: object) -> str | None:
    """A computed value as a result shows it; None: the field is left out."""
    if value.__class__ is float:
        return _shown(value)
    if isinstance(value, list | dict):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text_of(value)


def _shown(number: float) -> str:
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "-Infinity" if number < 0 else "Infinity"
    size = abs(number)
    if size >= _LARGE or 0 < size < _SMALL:
        return _as_java(number)
    text = f"{number:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _as_java(number: float) -> str:
    """``1.28E8``, as Java's Double prints what is large or tiny."""
    if not math.isfinite(number):
        return _shown(number)
    digits, exponent = f"{number:.16e}".split("e")
    short = repr(number)  # the fewest digits that tell the number
    significant = short.split("e")[0].replace("-", "").replace(".", "").strip("0")
    if significant:
        digits = f"{number:.{max(len(significant) - 1, 1)}e}".split("e")[0]
    return f"{digits}E{int(exponent)}"


def format_time(milliseconds: int) -> str:
    """``2026-03-02 12:00:00.000``, in UTC."""
    try:
        moment = _EPOCH + timedelta(milliseconds=int(milliseconds))
    except OverflowError:
        return str(int(milliseconds))
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}".rjust(23, "0")


def is_true(value: object) -> bool:
    """Whether a value holds as a condition."""
    return value is True or (value.__class__ in (int, float) and value != 0)


def sort_key(value: object) -> tuple[object, ...]:
    """Orders values as ``sort`` does: nothing, then what is no number, then numbers."""
    text = text_of(value)
    if text is None:
        return (0,)
    number = number_of(value)
    if number is not None:
        return (2, number, text)
    return (1, _natural(text))


def _natural(text: str) -> list[object]:
    """Runs of digits by length and value, all else by code point, also against digits."""
    pieces: list[object] = list(_DIGITS.split(text))
    for at in range(1, len(pieces), 2):
        digits = str(pieces[at])
        pieces[at - 1] = f"{pieces[at - 1]}0"
        pieces[at] = (len(digits), digits)
    return pieces
