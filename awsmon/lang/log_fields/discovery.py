"""Field discovery: from a message to its fields.

Lives here: `discover` and `discover_source` for all fields of a message, `read_fields` and
`field_reader` for a few fields of many. Formats of single services are `formats.py`'s.

A JSON message's fields are its leaves, named by their path with dots, elements of arrays by index:
``requestParameters.items.0.id``. At most `MOST` are discovered, in the order of the message. A
key at the root that begins with ``@`` gets another. In a Lambda log the first object within a line
counts as well. Nulls, empty objects and empty arrays are no fields.
Source: User Guide, "Supported logs and discovered fields", "Fields in JSON logs".
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from awsmon.lang.log_fields.formats import flow_log, lambda_line, query_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Fields = dict[str, object]

__all__ = [
    "MOST",
    "discover",
    "discover_source",
    "field_reader",
    "read_fields",
    "read_source_fields",
]

MOST = 200  # fields of one event
_DEEPEST = 200  # levels of one event
_OPENS = re.compile(r"[ \t\r\n]*(?=\{)").match
_BLANK = re.compile(r"[ \t\r\n]*").match
_FRAGMENTS = 5  # braces of a Lambda line that are tried


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _scanner(decoder: json.JSONDecoder) -> Callable[[str, int], tuple[object, int]]:
    """From a text and a position to the value that begins there, and the position behind it."""
    scan: Callable[[str, int], tuple[object, int]] = decoder.scan_once  # type: ignore[attr-defined]
    return scan


_scan = _scanner(json.JSONDecoder(parse_constant=_refuse))
_scan_large = _scanner(json.JSONDecoder(parse_constant=_refuse, parse_int=float))
_scan_source = _scanner(json.JSONDecoder(parse_constant=_refuse, parse_int=str, parse_float=str))


def discover(message: str, log: str = "") -> Fields:
    """Every field of a message, by name.

    Args:
        message: of a log event.
        log: the log group's name, or ``account:name``.
    """
    return dict(_flattened(read_fields(message, log)))


def discover_source(message: str, log: str = "") -> dict[str, str]:
    """Every field of a message as text, as the message has it; true and false are 1 and 0."""
    found = {}
    for name, value in _flattened(read_source_fields(message, log)):
        found[name] = ("1" if value else "0") if isinstance(value, bool) else str(value)
    return found


def read_fields(message: str, log: str = "") -> Fields:
    """What is discovered in a message, not flattened where that saves time: for `field_reader`."""
    return _read(message, log, _scan)


def read_source_fields(message: str, log: str = "") -> Fields:
    """As `read_fields`, with numbers as text, as the message has them."""
    return _read(message, log, _scan_source)


def _read(message: str, log: str, scan: Callable[[str, int], tuple[object, int]]) -> Fields:
    opening = _OPENS(message)
    if opening is not None:
        found = _document(message, opening.end(), scan)
        if found is not None:
            return found
    if "/aws/lambda/" in log:
        return _lambda(message, scan)
    return flow_log(message) or query_log(message) or {}


def _document(
    message: str, at: int, scan: Callable[[str, int], tuple[object, int]]
) -> Fields | None:
    """The object that begins there and is all of the rest."""
    found, end = _object(message, at, scan)
    blank = _BLANK(message, end)
    if found is None or (blank and blank.end() < len(message)):
        return None
    return _limited(found, message)


def _object(
    message: str, at: int, scan: Callable[[str, int], tuple[object, int]]
) -> tuple[Fields | None, int]:
    try:
        found, end = scan(message, at)
    except (StopIteration, RecursionError):
        return None, at
    except ValueError:
        if scan is not _scan:
            return None, at
        return _object(message, at, _scan_large)  # integers of thousands of digits
    return (found, end) if isinstance(found, dict) else (None, at)


def _limited(found: Fields, message: str) -> Fields:
    """Escapes names and cuts what is too much; most messages need neither."""
    if '"@' in message and any(key.startswith("@") for key in found):
        found = {f"@{key}" if key.startswith("@") else key: value for key, value in found.items()}
    if message.count(",") >= MOST or message.count("[") + message.count("{") > _DEEPEST:
        return dict(_flattened(found))
    return found


def _lambda(message: str, scan: Callable[[str, int], tuple[object, int]]) -> Fields:
    found = lambda_line(message) or {}
    if "@type" in found:
        return found
    at = -1
    for _ in range(_FRAGMENTS):
        at = message.find("{", at + 1)
        if at < 0:
            break
        fragment, _ = _object(message, at, scan)
        if fragment is not None:
            return {**_limited(fragment, message), **found}
    return found


def _flattened(fields: Fields) -> Iterator[tuple[str, object]]:
    """The leaves by their names, in order; the first `MOST`."""
    waiting: list[Iterator[tuple[str, object]]] = [iter(fields.items())]
    left = MOST
    while waiting and left:
        following = next(waiting[-1], None)
        if following is None:
            waiting.pop()
            continue
        name, value = following
        if isinstance(value, dict):
            waiting.append(_children(name, value.items()))
        elif isinstance(value, list):
            waiting.append(_children(name, enumerate(value)))
        elif value is not None:
            left -= 1
            yield name, value


def _children(name: str, nodes: Iterable[tuple[object, object]]) -> Iterator[tuple[str, object]]:
    for key, node in nodes:
        yield f"{name}.{key}", node


# -- one field -------------------------------------------------------------------------------------


def field_reader(name: str) -> Callable[[Fields], object]:
    """Reads one field from what `read_fields` answers; None where it is not."""
    if "." not in name:
        return _at_the_root(name)

    def read(found: Fields) -> object:
        value = found.get(name)
        if value is None:
            value = _along(found, name)
        return None if value.__class__ is dict or value.__class__ is list else value

    return read


def _at_the_root(name: str) -> Callable[[Fields], object]:
    def read(found: Fields) -> object:
        value = found.get(name)
        return None if value.__class__ is dict or value.__class__ is list else value

    return read


def node_at(found: Fields, name: str) -> object:
    """What is at a path, lists and objects included; None where nothing is."""
    return _along(found, name)


def _along(node: object, path: str) -> object:
    """The node at a path; a key may itself hold dots."""
    end = path.find(".")
    while end >= 0:
        child = _child(node, path[:end])
        if child.__class__ is dict or child.__class__ is list:
            found = _along(child, path[end + 1 :])
            if found is not None:
                return found
        end = path.find(".", end + 1)
    return _child(node, path)


def _child(node: object, key: str) -> object:
    if isinstance(node, dict):
        return node.get(key)
    if isinstance(node, list) and key.isascii() and key.isdigit() and len(key) < 10:
        return node[int(key)] if int(key) < len(node) else None
    return None
