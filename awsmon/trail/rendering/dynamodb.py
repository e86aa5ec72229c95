"""DynamoDB's parameters: keys, but no other values.

Lives here: `asked`, and `table`, which finds the table in a statement.
Source: DynamoDB Developer Guide, "Understanding DynamoDB log file entries".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from awsmon.trail.rendering.plain import lower

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["asked", "table"]

_VALUES = ("ExpressionAttributeValues", "AttributeUpdates", "Expected", "RequestItems",
           "Parameters")  # fmt: skip
_REDACTED = "***(Redacted)"
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?([\w.-]+)", re.IGNORECASE)
_LITERAL = re.compile(
    r"""(?P<key>(?:"(?P<name>[^"]+)"|(?P<bare>[A-Za-z_]\w*))\s*=\s*)?"""
    r"""(?P<literal>'(?:[^']|'')*'|(?<![\w.])-?\d+(?:\.\d+)?(?!\w))(?P<named>\s*:)?"""
)


def asked(value: Mapping[str, Any], keys: Callable[[str], Sequence[str]]) -> dict[str, Any]:
    """The parameters: of an item its names are shown, of a key the plain values.

    Args:
        value: as the SDK took them.
        keys: the names of a table's key attributes, none where they aren't known.
    """
    if "TransactItems" in value:
        rest = {name: inner for name, inner in value.items() if name != "TransactItems"}
        return {"RequestItems": list(_transacted(value["TransactItems"], keys)), **rest}
    if "Statements" in value:
        found = [{"statement": _redacted(each["Statement"], keys)} for each in value["Statements"]]
        rest = {name: inner for name, inner in value.items() if name != "Statements"}
        return {"RequestItems": found, **rest}
    return _shown(value, keys, "Item")


def _transacted(
    items: Sequence[Mapping[str, Any]], keys: Callable[[str], Sequence[str]]
) -> Iterator[dict[str, Any]]:
    for each in items:
        for operation, parameters in each.items():
            shown = _shown(parameters, keys, "Items")
            yield {"operation": operation, **{lower(name): shown[name] for name in shown}}


def _shown(
    value: Mapping[str, Any], keys: Callable[[str], Sequence[str]], items: str
) -> dict[str, Any]:
    found = {name: inner for name, inner in value.items() if name not in _VALUES}
    item = found.pop("Item", None)
    if item is not None:
        names = keys(str(value.get("TableName", "")))
        key = {name: item[name] for name in names if name in item}
        found |= {"Key": key} if key else {}
        found[items] = list(item)
    if "Key" in found:
        found["Key"] = {name: next(iter(each.values())) for name, each in found["Key"].items()}
    if "Statement" in found:
        found["Statement"] = _redacted(found["Statement"], keys)
    return found


def table(statement: str) -> str:
    """The name of the table that a statement of PartiQL is about; empty: none is found."""
    found = _TABLE.search(statement)
    return found.group(1) if found else ""


def _redacted(statement: str, keys: Callable[[str], Sequence[str]]) -> str:
    """A statement of PartiQL without values, but those that a key is compared with."""
    names = keys(table(statement))

    def plain(found: re.Match[str]) -> str:
        compared = found["name"] or found["bare"]
        if found["named"] or (compared is not None and compared in names):
            return found.group()
        return f"{found['key'] or ''}{_REDACTED}"

    return _LITERAL.sub(plain, statement)
