"""The processors that read a text: JSON, grok, CSV, pairs of keys and values.

Lives here: a function for each, from its configuration to what it does with an event. Source:
CloudWatch Logs User Guide, "Processors that you can use".
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from awsmon.lang.text import LanguageError
from awsmon.lang.transformers.grok import compile_grok
from awsmon.lang.transformers.paths import get, put

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.lang.transformers.paths import Event

    Process = Callable[[Event], bool]
    """Changes an event; False: it could not read it."""

__all__ = ["MESSAGE", "parse_csv", "parse_grok", "parse_json", "parse_key_value", "text_of"]

MESSAGE = "@message"


def text_of(event: Event, path: str) -> str | None:
    """The text at a path; None: there is none."""
    value = event.get(MESSAGE) if path == MESSAGE else get(event, path)
    return value if isinstance(value, str) else None


def _put_all(
    event: Event, found: Mapping[str, Any], destination: str | None, *, overwrite: bool = True
) -> None:
    for name, value in found.items():
        path = f"{destination}.{name}" if destination else name
        put(event, path, value, overwrite=overwrite)


def parse_json(config: Mapping[str, Any]) -> Process:
    """``parseJSON``: an object's members, under a destination or the root."""
    source, destination = config.get("source", MESSAGE), config.get("destination")

    def process(event: Event) -> bool:
        text = text_of(event, source)
        try:
            found = json.loads(text) if text is not None else None
        except (ValueError, RecursionError):
            return False
        if not isinstance(found, dict):
            return False
        if destination:
            put(event, destination, found)
        else:
            event.update((name, value) for name, value in found.items() if name != MESSAGE)
        return True

    return process


def parse_grok(config: Mapping[str, Any]) -> Process:
    """``grok``: fields by patterns; dots in their names are paths."""
    source, grok = config.get("source", MESSAGE), compile_grok(config["match"])

    def process(event: Event) -> bool:
        text = text_of(event, source)
        found = grok.found(text) if text is not None else None
        if found is None:
            return False
        _put_all(event, found, None)
        return True

    return process


_DELIMITERS = {"\\t": "\t", "\\s": " "}


def parse_csv(config: Mapping[str, Any]) -> Process:
    """``csv``: columns by their names, or ``column_1`` and so on."""
    delimiter = _DELIMITERS.get(config.get("delimiter", ","), config.get("delimiter", ","))
    if len(delimiter) != 1:
        raise LanguageError("the delimiter must be one character, \\t or \\s", delimiter, 0)
    quote, columns = config.get("quoteCharacter", '"'), config.get("columns", [])
    source, destination = config.get("source", MESSAGE), config.get("destination")

    def process(event: Event) -> bool:
        text = text_of(event, source)
        if text is None:
            return False
        try:
            row = next(csv.reader([text], delimiter=delimiter, quotechar=quote), [])
        except csv.Error:
            return False
        names = [*columns, *(f"column_{number + 1}" for number in range(len(columns), len(row)))]
        _put_all(event, dict(zip(names, row, strict=False)), destination)
        return True

    return process


def parse_key_value(config: Mapping[str, Any]) -> Process:
    """``parseKeyValue``: ``key=value&key=value``."""
    source, destination = config.get("source", MESSAGE), config.get("destination")
    between, equals = config.get("fieldDelimiter", "&"), config.get("keyValueDelimiter", "=")
    prefix, otherwise = config.get("keyPrefix", ""), config.get("nonMatchValue")
    overwrite = config.get("overwriteIfExists", False)

    def process(event: Event) -> bool:
        text = text_of(event, source)
        if text is None:
            return False
        found: dict[str, Any] = {}
        for pair in filter(None, text.split(between)):
            key, sign, value = pair.partition(equals)
            if sign or otherwise is not None:
                found.setdefault(prefix + key, value if sign else otherwise)
        _put_all(event, found, destination, overwrite=overwrite)
        return bool(found)

    return process
