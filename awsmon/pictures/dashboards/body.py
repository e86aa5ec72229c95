"""A dashboard's body, read: its time, its variables, and what stands where.

Lives here: `read_body`, `Body` and `Placed`. Source: API reference, "Dashboard Body Structure and
Syntax".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["COLUMNS", "Body", "Placed", "read_body"]

COLUMNS = 24
_WIDTH = _HEIGHT = 6
_FIRST = "__FIRST"


@dataclass(frozen=True, slots=True)
class Placed:
    """A widget on the grid; rows count from the top."""

    kind: str
    properties: Mapping[str, Any]
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Body:
    """What a dashboard is made of.

    Attributes:
        start, end: as it gives them; None where it doesn't.
        chosen: the values of its variables, by their labels.
    """

    widgets: Sequence[Placed]
    start: str | None
    end: str | None
    chosen: Mapping[str, str]


def read_body(text: str, variables: Mapping[str, str]) -> Body:
    """Read a body that PutDashboard took.

    Args:
        text: its JSON.
        variables: values by their Ids; others have their default.

    Raises:
        MisuseError: it has no such variable.
    """
    body: dict[str, Any] = json.loads(text)
    known = {each["id"]: each for each in body.get("variables", ())}
    if unknown := sorted(set(variables) - set(known)):
        raise MisuseError(f"variables: the dashboard has no {', '.join(unknown)}.")
    widgets, chosen = body["widgets"], {}
    for name, variable in known.items():
        value = variables.get(name, _default(variable))
        if value is not None:
            chosen[str(variable.get("label") or name)] = value
            widgets = [_varied(each, variable, value) for each in widgets]
    if body.get("periodOverride") == "auto":
        widgets = _without_periods(widgets)
    return Body(list(_placed(widgets)), body.get("start"), body.get("end"), chosen)


def _placed(widgets: Iterable[Mapping[str, Any]]) -> Iterable[Placed]:
    """Whoever has no place comes next to the one before it, or below, where there is no room."""
    x = y = row = 0
    for each in widgets:
        width, height = each.get("width", _WIDTH), each.get("height", _HEIGHT)
        if "x" in each and "y" in each:
            x, y = each["x"], each["y"]
            row = max(row, y) if x else y
        elif x + width > COLUMNS:
            x, y = 0, row
        width = min(width, COLUMNS - x)
        yield Placed(each["type"], each["properties"], x, y, width, height)
        x, row = x + width, max(row, y + height)


# -- variables -------------------------------------------------------------------------------------


def _default(variable: Mapping[str, Any]) -> str | None:
    """Its default; the first of its values, where it says so or says nothing."""
    values = [each["value"] for each in variable.get("values", ())]
    given = variable.get("defaultValue", _FIRST)
    if given == _FIRST:
        return str(values[0]) if values else None
    return str(given)


def _varied(found: Any, variable: Mapping[str, Any], value: str) -> Any:
    """A widget with a variable's value: in place of a property's, or of a pattern in any text."""
    if variable["type"] == "pattern":
        return _replaced(found, variable.get("pattern", ""), value)
    return _set(found, variable.get("property", ""), value)


def _replaced(found: Any, pattern: str, value: str) -> Any:
    if isinstance(found, str):
        return found.replace(pattern, value) if pattern else found
    if isinstance(found, dict):
        return {key: _replaced(each, pattern, value) for key, each in found.items()}
    if isinstance(found, list):
        return [_replaced(each, pattern, value) for each in found]
    return found


def _set(found: Any, name: str, value: str) -> Any:
    """Also of a dimension in a row of metrics, whose value stands behind its name."""
    if isinstance(found, dict):
        return {key: value if key == name else _set(each, name, value)
                for key, each in found.items()}  # fmt: skip
    if isinstance(found, list):
        pairs = zip([None, *found], found)  # noqa: B905 the one is longer
        return [value if before == name and isinstance(each, str) else _set(each, name, value)
                for before, each in pairs]  # fmt: skip
    return found


def _without_periods(found: Any) -> Any:
    """``periodOverride`` is ``auto``: periods follow the time range."""
    if isinstance(found, dict):
        return {key: _without_periods(each) for key, each in found.items() if key != "period"}
    return [_without_periods(each) for each in found] if isinstance(found, list) else found
