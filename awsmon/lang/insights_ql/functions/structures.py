"""JSON functions. Source: User Guide, "JSON functions", "Structure types"."""

from __future__ import annotations

import json

from awsmon.lang.insights_ql.functions.registry import ANY, TEXT, function
from awsmon.lang.insights_ql.values import text_of

__all__ = ["read_json"]


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def read_json(text: str) -> object:
    """What a JSON text says; None: it is none."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


@function("jsonParse", TEXT)
def json_parse(text: str) -> object:
    found = read_json(text)
    return found if isinstance(found, dict | list) else None


@function("jsonStringify", ANY)
def json_stringify(value: object) -> str | None:
    if not isinstance(value, dict | list):
        return None
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@function("jsonArraySize", ANY)
def json_array_size(value: object) -> int | None:
    found = _array(value)
    return None if found is None else len(found)


@function("jsonArrayContains", ANY, TEXT)
def json_array_contains(value: object, wanted: str) -> bool:
    return any(text_of(each) == wanted for each in _array(value) or ())


def _array(value: object) -> list[object] | None:
    found = read_json(value) if isinstance(value, str) else value
    return found if isinstance(found, list) else None
