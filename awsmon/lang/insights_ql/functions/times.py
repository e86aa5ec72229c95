"""Datetime functions. Source: User Guide, "Datetime functions".

`parseDate` reads the letters of Java's DateTimeFormatter that stand for digits, names of months and
days, offsets and quoted text; `formatDate` writes those of strftime.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from awsmon.lang.insights_ql.functions.registry import (
    NUMBER,
    PERIOD,
    TEXT,
    TIME,
    function,
    optional,
)
from awsmon.lang.insights_ql.values import Timestamp

if TYPE_CHECKING:
    from awsmon.lang.insights_ql.periods import Length

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])([0-9]{1,2}):?([0-9]{2})?")
_RUN = re.compile(r"'(?:[^']|'')*'|([A-Za-z])\1*|[\s\S]")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


@function("datefloor", TIME, PERIOD)
def datefloor(time: int, period: Length) -> Timestamp:
    return Timestamp(period.floor(time))


@function("dateceil", TIME, PERIOD)
def dateceil(time: int, period: Length) -> Timestamp:
    return Timestamp(period.ceil(time))


@function("fromMillis", NUMBER)
def from_millis(number: float) -> Timestamp | None:
    return Timestamp(int(number)) if abs(number) < 1e17 else None


@function("toMillis", TIME)
def to_millis(time: int) -> int:
    return int(time)


@lru_cache(256)
def _zone(name: str) -> tzinfo | None:
    if name.upper() in ("Z", "UTC", "GMT"):
        return timezone.utc
    offset = _OFFSET.fullmatch(name)
    if offset:
        minutes = int(f"{offset[1]}{int(offset[2]) * 60 + int(offset[3] or 0)}")
        return timezone(timedelta(minutes=minutes)) if abs(minutes) < 24 * 60 else None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


# -- writing ---------------------------------------------------------------------------------------


_WRITTEN = {
    "Y": "{0:%Y}", "m": "{0:%m}", "d": "{0:%d}", "H": "{0:%H}", "M": "{0:%M}", "S": "{0:%S}",
    "y": "{0:%y}", "I": "{0:%I}", "p": "{0:%p}", "j": "{0:%j}", "a": "{0:%a}", "A": "{0:%A}",
    "b": "{0:%b}", "B": "{0:%B}", "h": "{0:%b}", "Z": "{0:%Z}", "z": "{0:%z}", "f": "{0:%f}",
    "e": "{0.day:2d}", "F": "{0:%Y-%m-%d}", "T": "{0:%H:%M:%S}", "R": "{0:%H:%M}",
    "D": "{0:%m/%d/%y}", "u": "{0:%u}", "w": "{0:%w}", "U": "{0:%U}", "W": "{0:%W}", "V": "{0:%V}",
    "G": "{0:%G}", "L": "{1:03d}", "n": "\n", "t": "\t", "%": "%",
}  # fmt: skip
_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)


@function("formatDate", TIME, TEXT, optional(TEXT), also="strftime")
def format_date(time: int, form: str, zone: str = "UTC") -> str | None:
    where = _zone(zone)
    if where is None:
        return None
    try:
        moment = (_EPOCH + timedelta(milliseconds=int(time))).astimezone(where)
    except (OverflowError, ValueError):
        return None
    if form.count("%") > 1000:
        return None

    def written(found: re.Match[str]) -> str:
        template = _WRITTEN.get(found[1])
        return template.format(moment, moment.microsecond // 1000) if template else found[0]

    return _DIRECTIVE.sub(written, form)


# -- reading ---------------------------------------------------------------------------------------


_FIELDS = {
    "y": "year", "u": "year", "M": "month", "L": "month", "d": "day", "H": "hour", "k": "hour",
    "h": "half", "K": "half", "m": "minute", "s": "second", "S": "fraction", "a": "noon",
    "X": "zone", "x": "zone", "Z": "zone", "V": "zone", "z": "zone", "E": "name",
}  # fmt: skip
_NAMED = {
    "noon": "[AaPp][Mm]",
    "zone": "[A-Za-z_/]+[0-9+:-]{0,6}|[+-][0-9]{2}:?[0-9]{0,2}",
    "name": "[A-Za-z]{3,9}",
    "letters": "[A-Za-z]{3,9}",
}


@lru_cache(256)
def _reader(form: str) -> re.Pattern[str] | None:
    """The expression that a Java pattern makes; None: it has letters not known here, or twice."""
    parts: list[str] = []
    seen: set[str] = set()
    for run in _RUN.finditer(form):
        letter, text = run[1], run[0]
        if not letter:
            literal = text[1:-1].replace("''", "'") or "'" if text[0] == "'" and text[1:] else text
            parts.append(re.escape(literal))
            continue
        name = _FIELDS.get(letter)
        if name is None or name in seen:
            return None
        seen.add(name)
        parts.append(f"(?P<{name}>{_digits(name, len(text))})")
    return re.compile("".join(parts))


def _digits(name: str, length: int) -> str:
    if name in _NAMED:
        return _NAMED[name]
    if name == "month" and length > 2:
        return _NAMED["letters"]
    if name == "year":
        return "[0-9]{2}" if length == 2 else "[0-9]{4}"
    return f"[0-9]{{{length}}}" if length > 1 else "[0-9]{1,2}" if name != "fraction" else "[0-9]"


@function("parseDate", TEXT, TEXT, optional(TEXT))
def parse_date(text: str, form: str, zone: str = "UTC") -> int | None:
    reader = _reader(form) if len(form) <= 200 else None
    found = reader.fullmatch(text) if reader else None
    if found is None:
        return None
    parts = found.groupdict()
    where = _zone(parts.get("zone") or zone)
    month = _month(parts.get("month") or "1")
    if where is None or month is None:
        return None
    try:
        moment = datetime(
            _year(parts.get("year") or "1970"), month, int(parts.get("day") or 1), _hour(parts),
            int(parts.get("minute") or 0), int(parts.get("second") or 0),
            int((parts.get("fraction") or "0")[:6].ljust(6, "0")), tzinfo=where,
        )  # fmt: skip
        return (moment - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return None


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _hour(parts: dict[str, str | None]) -> int:
    if parts.get("half") is None:
        return int(parts.get("hour") or 0)
    afternoon = (parts.get("noon") or "am").lower() == "pm"
    return int(parts["half"] or 0) % 12 + (12 if afternoon else 0)


def _month(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    found = [at for at, name in enumerate(_MONTHS, 1) if text.lower() in (name, name[:3])]
    return found[0] if found else None
