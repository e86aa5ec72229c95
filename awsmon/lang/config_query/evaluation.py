"""The rows of an advanced query.

Lives here: `select`. A property is a path through structures and lists; a list has as many values
as it has elements, and a test holds where it holds of any: each test looks for its own element.
Source: Config Developer Guide, "Querying the current configuration state", "Limitations".
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from awsmon.lang.config_query import ranges
from awsmon.lang.config_query.tree import (
    Aggregate,
    And,
    Between,
    Column,
    Comparison,
    In,
    Like,
    Not,
    Or,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from awsmon.lang.config_query.tree import Query, Test

__all__ = ["STAR", "fields", "select"]

STAR = ("accountId", "awsRegion", "arn", "availabilityZone", "configurationItemCaptureTime",
        "resourceCreationTime", "resourceId", "resourceName", "resourceType",
        "version")  # fmt: skip


def fields(query: Query) -> list[str]:
    """Names of what is selected."""
    return list(STAR) if query.select is None else [each.name for each in query.select]


def select(query: Query, documents: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a query finds among configuration items in Config's form."""
    found = [each for each in documents if query.where is None or _holds(query.where, each)]
    grouped = bool(query.group_by) or any(
        isinstance(each, Aggregate) for each in query.select or ()
    )
    if grouped:
        return _groups(query, found)
    for order in reversed(query.order_by):
        by = order.by
        found.sort(key=lambda each, by=by: _sortable(_first(each, by)), reverse=order.descending)  # type: ignore[misc]
    columns = [Column((name,)) for name in STAR] if query.select is None else query.select
    return [_row(each, columns) for each in found]


def _row(document: Mapping[str, Any], columns: Sequence[Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in columns:
        _put(row, document, column.path)
    return row


def _put(row: dict[str, Any], document: Any, path: Sequence[str]) -> None:
    """One property, within the structures and lists in which it stands."""
    name, rest = path[0], path[1:]
    if not isinstance(document, dict) or name not in document:
        return
    value = document[name]
    if not rest:
        row[name] = value
    elif isinstance(value, list):
        inner = row.setdefault(name, [{} for _ in value])
        for place, each in enumerate(value):
            _put(inner[place], each, rest)
    else:
        _put(row.setdefault(name, {}), value, rest)


# -- groups ----------------------------------------------------------------------------------------


def _groups(query: Query, found: list[Any]) -> list[dict[str, Any]]:
    by = query.group_by
    groups: dict[tuple[Any, ...], list[Any]] = {} if by else {(): found}
    if by:
        for each in found:
            for values in product(*(_plain(each, column) for column in by)):
                groups.setdefault(values, []).append(each)
    ordered = list(groups.items())
    for order in reversed(query.order_by):
        ordered.sort(
            key=lambda each, item=order.by: _sortable(_of_group(item, by, *each)),  # type: ignore[misc]
            reverse=order.descending,
        )
    return [_group_row(query, values, members) for values, members in ordered]


def _plain(document: Any, column: Column) -> list[Any]:
    """What makes groups: structures don't."""
    return [each for each in _values(document, column.path) if not isinstance(each, dict)]


def _of_group(
    item: Column | Aggregate, by: Sequence[Column], values: Sequence[Any], members: Sequence[Any]
) -> Any:
    if isinstance(item, Aggregate):
        return _aggregate(item, members)
    return values[by.index(item)]


def _group_row(query: Query, values: Sequence[Any], members: Sequence[Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for item in query.select or ():
        path = (item.name,) if isinstance(item, Aggregate) else item.path
        _nest(row, path, _of_group(item, query.group_by, values, members))
    return row


def _nest(row: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for name in path[:-1]:
        row = row.setdefault(name, {})
    row[path[-1]] = value


def _aggregate(item: Aggregate, members: Sequence[Any]) -> Any:
    if item.column is None:
        return len(members)
    values = [value for each in members for value in _values(each, item.column.path)]
    if item.function == "COUNT":
        return len(values)
    numbers = [value for value in values if isinstance(value, (int, float))]
    if not numbers:
        return None
    functions: dict[str, Callable[[list[Any]], Any]] = {
        "MAX": max, "MIN": min, "SUM": sum, "AVG": lambda found: sum(found) / len(found)
    }  # fmt: skip
    return functions[item.function](numbers)


# -- tests -----------------------------------------------------------------------------------------


def _values(document: Any, path: Sequence[str]) -> Iterator[Any]:
    """The values at a path, through lists; what isn't there has none."""
    if isinstance(document, list):
        for each in document:
            yield from _values(each, path)
    elif not path:
        if document is not None:
            yield document
    elif isinstance(document, dict) and path[0] in document:
        yield from _values(document[path[0]], path[1:])


def _first(document: Any, by: Any) -> Any:
    return next(_values(document, by.path), None)


def _sortable(value: Any) -> tuple[int, Any]:
    if value is None:
        return 0, 0
    if isinstance(value, (int, float)):
        return 1, value
    return 2, str(value)


def _holds(test: Test, document: Mapping[str, Any]) -> bool:
    if isinstance(test, And):
        return all(_holds(each, document) for each in test.tests)
    if isinstance(test, Or):
        return any(_holds(each, document) for each in test.tests)
    if isinstance(test, Not):
        return not _holds(test.test, document)
    values = _values(document, test.column.path)
    if isinstance(test, Comparison):
        return any(_compare(test.operator, each, test.value) for each in values)
    if isinstance(test, In):
        return any(_compare("=", each, value) for each in values for value in test.values)
    if isinstance(test, Between):
        return any(_between(each, test.low, test.high) for each in values)
    assert isinstance(test, Like)
    return any(isinstance(each, str) and _like(each, test.pattern) for each in values)


def _like(value: str, pattern: str) -> bool:
    start = pattern.rstrip("%_")
    tail = pattern[len(start) :]
    more = len(value) - len(start)
    single = tail.count("_")
    return value.startswith(start) and (more >= single if "%" in tail else more == single)


def _range(value: Any) -> ranges.Range | None:
    return ranges.range_of(value) if isinstance(value, str) else None


def _between(value: Any, low: Any, high: Any) -> bool:
    first, last = _range(low), _range(high)
    found = _range(value) if first and last else None
    if first and last and found:
        return ranges.between(found, first, last)
    return _compare(">=", value, low) and _compare("<=", value, high)


def _compare(operator: str, left: Any, right: Any) -> bool:
    asked = _range(right)
    found = _range(left) if asked else None
    if asked and found:
        return ranges.compare(operator, found, asked)
    left, right = _alike(left, right)
    if isinstance(left, bool) != isinstance(right, bool):
        return operator == "!="
    if isinstance(left, str) != isinstance(right, str):
        return operator == "!="
    try:
        return bool(_OPERATORS[operator](left, right))
    except TypeError:
        return False


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: bool(left == right), "!=": lambda left, right: bool(left != right),
    "<": lambda left, right: bool(left < right), "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right), ">=": lambda left, right: bool(left >= right),
}  # fmt: skip


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Texts of ``true`` and numbers, as either side may be written."""
    if isinstance(right, str) and isinstance(left, bool) and right.lower() in ("true", "false"):
        return left, right.lower() == "true"
    if isinstance(left, str) and not isinstance(right, str):
        return left, str(right).lower() if isinstance(right, bool) else str(right)
    return left, right
