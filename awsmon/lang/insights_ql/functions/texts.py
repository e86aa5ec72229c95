"""String and hashing functions. Source: User Guide, "String functions", "Hashing functions"."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, unquote_plus

from awsmon.lang.insights_ql.functions.registry import (
    ANY,
    CONDITION,
    NUMBER,
    PATTERN,
    TEXT,
    function,
    many,
    optional,
)
from awsmon.lang.insights_ql.values import text_of

if TYPE_CHECKING:
    from awsmon.lang.insights_ql.regex import Compiled

_HEX = re.compile(r"-?(?:0[xX])?([0-9a-fA-F]+)")
_LONGEST = 1 << 20  # characters that a function may make of a few


@function("isempty", ANY, nulls=True)
def isempty(value: object) -> int:
    return int(not (text_of(value) if not isinstance(value, list | dict) else ""))


@function("isblank", ANY, nulls=True)
def isblank(value: object) -> int:
    return int(not (text_of(value) or "").strip())


@function("concat", TEXT, many(TEXT))
def concat(*texts: str) -> str:
    return "".join(texts)


@function("ltrim", TEXT, optional(TEXT))
def ltrim(text: str, characters: str | None = None) -> str:
    return text.lstrip(characters)


@function("rtrim", TEXT, optional(TEXT))
def rtrim(text: str, characters: str | None = None) -> str:
    return text.rstrip(characters)


@function("trim", TEXT, optional(TEXT))
def trim(text: str, characters: str | None = None) -> str:
    return text.strip(characters)


@function("strlen", TEXT)
def strlen(text: str) -> int:
    return len(text)


@function("toupper", TEXT)
def toupper(text: str) -> str:
    return text.upper()


@function("tolower", TEXT)
def tolower(text: str) -> str:
    return text.lower()


@function("substr", TEXT, NUMBER, optional(NUMBER))
def substr(text: str, start: float, length: float | None = None) -> str:
    first = _index(start, text)
    return text[first:] if length is None else text[first : first + _index(length, text)]


def _index(number: float, text: str) -> int:
    if math.isnan(number):
        return 0
    return int(min(max(number, 0), len(text)))


@function("replace", TEXT, TEXT, TEXT)
def replace(text: str, search: str, replacement: str) -> str | None:
    if not search:
        return text
    found = text.count(search) * max(0, len(replacement) - len(search))
    return text.replace(search, replacement) if found < _LONGEST else None


@function("regexReplace", TEXT, PATTERN, TEXT, also="regex_replace")
def regex_replace(text: str, pattern: Compiled, replacement: str) -> str:
    return pattern.replace(text, replacement)


@function("strcontains", TEXT, TEXT, optional(CONDITION))
def strcontains(text: str, search: str, case_insensitive: bool = False) -> int:
    if case_insensitive:
        return int(search.lower() in text.lower())
    return int(search in text)


@function("startsWith", TEXT, TEXT)
def starts_with(text: str, search: str) -> int:
    return int(text.startswith(search))


@function("endsWith", TEXT, TEXT)
def ends_with(text: str, search: str) -> int:
    return int(text.endswith(search))


@function("urlencode", TEXT)
def urlencode(text: str) -> str:
    return quote_plus(text, safe="*", errors="replace")


@function("urldecode", TEXT)
def urldecode(text: str) -> str:
    return unquote_plus(text)


@function("base64encode", TEXT)
def base64_encode(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


@function("base64decode", TEXT)
def base64_decode(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return None


@function("split", TEXT, TEXT)
def split(text: str, delimiter: str) -> list[str]:
    return text.split(delimiter) if delimiter else [text]


@function("hexToAscii", TEXT)
def hex_to_ascii(text: str) -> str | None:
    digits = text[2:] if text[:2] in ("0x", "0X") else text
    try:
        return bytes.fromhex(digits).decode("ascii")
    except ValueError:
        return None


@function("hexToDec", TEXT)
def hex_to_dec(text: str) -> int | None:
    found = _HEX.fullmatch(text)
    if found is None or len(found[1]) > 16:
        return None
    return -int(found[1], 16) if text.startswith("-") else int(found[1], 16)


@function("decToHex", NUMBER)
def dec_to_hex(number: float) -> str | None:
    return hex(int(number)) if math.isfinite(number) else None


@function("md5", TEXT)
def md5(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


@function("sha256", TEXT)
def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
