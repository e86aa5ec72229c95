"""The processors that change fields: their names, places, texts and types.

Lives here: a function for each. A field that isn't there, or isn't what is asked for, stays as it
is. Source: CloudWatch Logs User Guide, "Processors that you can use".
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from awsmon.lang.insights_ql.regex import compiled
from awsmon.lang.text import LanguageError
from awsmon.lang.transformers.java_time import reading, writing, zone_of
from awsmon.lang.transformers.paths import MISSING, delete, get, put

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from awsmon.lang.transformers.parsers import Process
    from awsmon.lang.transformers.paths import Event

__all__ = ["MUTATORS"]

MOST_REFERENCES = 10
_REFERENCE = re.compile(r"\$(?:(\d)|\{(\w+)\})")
_DEFAULT_FORMAT = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"


def _strings(change: Callable[[str], str]) -> Callable[[Mapping[str, Any]], Process]:
    """A processor that changes texts ``withKeys``."""

    def made(config: Mapping[str, Any]) -> Process:
        def process(event: Event) -> bool:
            for path in config["withKeys"]:
                value = get(event, path)
                if isinstance(value, str):
                    put(event, path, change(value))
            return True

        return process

    return made


def _entries(
    change: Callable[[Event, Mapping[str, Any]], None],
) -> Callable[[Mapping[str, Any]], Process]:
    """A processor that does something for each of its ``entries``."""

    def made(config: Mapping[str, Any]) -> Process:
        def process(event: Event) -> bool:
            for entry in config["entries"]:
                change(event, entry)
            return True

        return process

    return made


# -- keys ------------------------------------------------------------------------------------------


def _add(event: Event, entry: Mapping[str, Any]) -> None:
    put(event, entry["key"], entry["value"], overwrite=entry.get("overwriteIfExists", False))


def _copy(event: Event, entry: Mapping[str, Any]) -> None:
    source = entry["source"]
    value = event.get(source, MISSING) if source.startswith("@") else get(event, source)
    if value is not MISSING:
        overwrite = entry.get("overwriteIfExists", False)
        put(event, entry["target"], copy.deepcopy(value), overwrite=overwrite)


def _move(event: Event, entry: Mapping[str, Any]) -> None:
    """To an object the field goes with its own name."""
    source, target = entry["source"], entry["target"]
    value = get(event, source)
    if value is MISSING:
        return
    if isinstance(get(event, target), dict):
        target = f"{target}.{source.rpartition('.')[2]}"
    if get(event, target) is MISSING or entry.get("overwriteIfExists", False):
        delete(event, source)
        put(event, target, value)


def _rename(event: Event, entry: Mapping[str, Any]) -> None:
    key, name = entry["key"], entry["renameTo"]
    value = get(event, key)
    taken = get(event, name) is not MISSING
    if value is not MISSING and (not taken or entry.get("overwriteIfExists", False)):
        delete(event, key)
        put(event, name, value)


def _delete(config: Mapping[str, Any]) -> Process:
    def process(event: Event) -> bool:
        for path in config["withKeys"]:
            delete(event, path)
        return True

    return process


def _list_to_map(config: Mapping[str, Any]) -> Process:
    if config.get("flatten") and "flattenedElement" not in config:
        raise LanguageError("flattenedElement is required where flatten is true", "", 0)

    def process(event: Event) -> bool:
        items = get(event, config["source"])
        if isinstance(items, list):
            for name, values in _grouped(items, config).items():
                target = f"{config['target']}.{name}" if "target" in config else name
                put(event, target, values)
        return True

    return process


def _grouped(items: list[Any], config: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for item in items:
        if isinstance(item, dict) and config["key"] in item:
            value = item.get(config["valueKey"]) if "valueKey" in config else item
            found.setdefault(str(item[config["key"]]), []).append(value)
    if not config.get("flatten"):
        return dict(found)
    last = -1 if config["flattenedElement"] == "last" else 0
    return {name: values[last] for name, values in found.items()}


# -- texts -----------------------------------------------------------------------------------------


def _split(event: Event, entry: Mapping[str, Any]) -> None:
    value = get(event, entry["source"])
    if isinstance(value, str):
        put(event, entry["source"], value.split(entry["delimiter"]))


def _substitute(config: Mapping[str, Any]) -> Process:
    changes = [_substitution(entry) for entry in config["entries"]]

    def process(event: Event) -> bool:
        for path, change in changes:
            value = get(event, path)
            if isinstance(value, str):
                put(event, path, change(value))
        return True

    return process


def _substitution(entry: Mapping[str, Any]) -> tuple[str, Callable[[str], str]]:
    regex, to = compiled(entry["from"]), entry["to"]
    if isinstance(regex, str):
        raise LanguageError(f"no regular expression: {regex}", entry["from"], 0)
    names, references = regex.names, _REFERENCE.findall(to)
    if len(references) > MOST_REFERENCES:
        raise LanguageError(f"at most {MOST_REFERENCES} backreferences are allowed", to, 0)
    for number, name in references:
        if (number and int(number) > len(names)) or (name and name not in names):
            raise LanguageError(f"there is no group {number or name}", to, 0)

    def made(groups: Sequence[str | None]) -> str:
        def value(reference: re.Match[str]) -> str:
            if reference[1] == "0":
                return ""
            place = int(reference[1]) - 1 if reference[1] else names.index(reference[2])
            return groups[place] or ""

        return _REFERENCE.sub(value, to)

    return entry["source"], lambda text: regex.substitute(text, made)


# -- types -----------------------------------------------------------------------------------------


def _boolean(value: Any) -> bool:
    text = str(value).lower()
    if text not in ("true", "false"):
        raise ValueError(value)
    return text == "true"


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_TYPES: dict[str, Callable[[Any], Any]] = {
    "boolean": _boolean, "double": float, "integer": lambda value: int(float(value)),
    "string": _text,
}  # fmt: skip


def _convert(event: Event, entry: Mapping[str, Any]) -> None:
    value = get(event, entry["key"])
    if value is MISSING or isinstance(value, (dict, list)) or value is None:
        return
    try:
        put(event, entry["key"], _TYPES[entry["type"]](value))
    except (ValueError, OverflowError):
        return


def _date_time(config: Mapping[str, Any]) -> Process:
    locale = config.get("locale", "en")
    patterns = [reading(pattern, locale) for pattern in config["matchPatterns"]]
    write = writing(config.get("targetFormat", _DEFAULT_FORMAT), locale)
    source, target = (zone_of(config.get(f"{end}Timezone", "UTC")) for end in ("source", "target"))

    def process(event: Event) -> bool:
        value = get(event, config["source"])
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            for read in patterns:
                at = read(str(value), source)
                if at is not None:
                    put(event, config["target"], write(at.astimezone(target)))
                    break
        return True

    return process


MUTATORS: dict[str, Callable[[Mapping[str, Any]], Process]] = {
    "addKeys": _entries(_add),
    "copyValue": _entries(_copy),
    "dateTimeConverter": _date_time,
    "deleteKeys": _delete,
    "listToMap": _list_to_map,
    "lowerCaseString": _strings(str.lower),
    "moveKeys": _entries(_move),
    "renameKeys": _entries(_rename),
    "splitString": _entries(_split),
    "substituteString": _substitute,
    "trimString": _strings(str.strip),
    "typeConverter": _entries(_convert),
    "upperCaseString": _strings(str.upper),
}
"""By name, from a configuration to what it does with an event."""
