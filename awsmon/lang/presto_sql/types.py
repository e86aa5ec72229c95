"""What columns hold: from Python values to DuckDB's, and from DuckDB's to the text that AWS shows.

Lives here: `Column` and its kinds, `ddl`, `structure`, `shaped` and `shown`. Values come as JSON
does; names of a structure's members are found whatever their case, as CloudTrail writes
``userIdentity`` where its tables say ``useridentity``. Text is written as Trino casts to varchar.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    Column = str | list[Any] | dict[str, Any]

__all__ = [
    "BOOLEAN", "DOUBLE", "INTEGER", "MAP", "TEXT", "TIMESTAMP", "ddl", "shaped", "shown",
    "structure",
]  # fmt: skip

TEXT, BOOLEAN, INTEGER = "VARCHAR", "BOOLEAN", "BIGINT"
DOUBLE, TIMESTAMP = "DOUBLE", "TIMESTAMP"
MAP = "MAP(VARCHAR, VARCHAR)"
"""Of names to text; what isn't text is written as JSON."""


def ddl(column: Column) -> str:
    """A column's type as DuckDB declares it: a list is an array, a dict a structure."""
    if isinstance(column, list):
        return f"{ddl(column[0])}[]"
    if isinstance(column, dict):
        members = ", ".join(f'"{name}" {ddl(each)}' for name, each in column.items())
        return f"STRUCT({members})"
    return column


def structure(column: Column) -> Any:
    """The same as ``from_json`` wants it described."""
    if isinstance(column, list):
        return [structure(column[0])]
    if isinstance(column, dict):
        return {name: structure(each) for name, each in column.items()}
    return column


def shaped(value: Any, column: Column) -> Any:
    """A value with all members that its column declares, to be sent as JSON."""
    if value is None:
        return None
    if isinstance(column, list):
        return [shaped(each, column[0]) for each in value] if isinstance(value, list) else None
    if isinstance(column, dict):
        return _structure(value, column) if isinstance(value, dict) else None
    if column == MAP:
        found = value.items() if isinstance(value, dict) else ()
        return {str(name): _text(each) for name, each in found}
    return _text(value) if column == TEXT else value


def _structure(value: Mapping[str, Any], column: Mapping[str, Column]) -> dict[str, Any]:
    found = {name.lower(): each for name, each in value.items()}
    return {name: shaped(found.get(name), each) for name, each in column.items()}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), default=str)


def shown(value: Any) -> str | None:
    """A value as text; None: it is null."""
    match value:
        case None | str():
            return value
        case bool():
            return str(value).lower()
        case dt.datetime():
            text = f"{value:%Y-%m-%d %H:%M:%S}.{value.microsecond // 1000:03}"
            return text if value.tzinfo is None else f"{text} UTC"
        case dt.date():
            return value.isoformat()
        case dict():
            return _braces(value)
        case list() | tuple():
            return f"[{', '.join(shown(each) or 'null' for each in value)}]"
        case Decimal():
            return format(value, "f")
    return str(value)


def _braces(value: Mapping[str, Any]) -> str:
    parts = (f"{name}={shown(each) if each is not None else 'null'}" for name, each in
             value.items())  # fmt: skip
    return f"{{{', '.join(parts)}}}"
