"""A list of processors, checked and ready to transform messages.

Lives here: `compile_transformer` and `Transformer`. Source: CloudWatch Logs User Guide, "Create and
manage log transformers", whose limits are here.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.lang.text import LanguageError
from awsmon.lang.transformers import parsers, vended
from awsmon.lang.transformers.mutators import MUTATORS
from awsmon.lang.transformers.ocsf.processor import Unbuilt, parse_to_ocsf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from awsmon.lang.transformers.parsers import Process

__all__ = ["PROCESSORS", "Transformer", "compile_transformer"]

MOST, MOST_PARSERS = 20, 5
ONCE = ("addKeys", "copyValue", "grok")
LARGEST = 512 * 1024
"""Bytes of a message that is still transformed."""
DEEPEST = 3
"""Names in a path."""

_VENDED = {
    "parseCloudfront": vended.parse_cloudfront,
    "parsePostgres": vended.parse_postgres,
    "parseRoute53": vended.parse_route53,
    "parseVPC": vended.parse_vpc,
    "parseWAF": vended.parse_waf,
}
_PARSERS: dict[str, Callable[[Mapping[str, Any]], Process]] = {
    "csv": parsers.parse_csv,
    "grok": parsers.parse_grok,
    "parseJSON": parsers.parse_json,
    "parseKeyValue": parsers.parse_key_value,
    "parseToOCSF": parse_to_ocsf,
    **_VENDED,
}
_KEYS = (("withKeys",), ())
_REQUIRED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "addKeys": (("entries",), ("key", "value")),
    "copyValue": (("entries",), ("source", "target")),
    "dateTimeConverter": (("source", "target", "matchPatterns"), ()),
    "deleteKeys": _KEYS,
    "grok": (("match",), ()),
    "listToMap": (("source", "key"), ()),
    "lowerCaseString": _KEYS,
    "moveKeys": (("entries",), ("source", "target")),
    "parseToOCSF": (("eventSource", "ocsfVersion"), ()),
    "renameKeys": (("entries",), ("key", "renameTo")),
    "splitString": (("entries",), ("source", "delimiter")),
    "substituteString": (("entries",), ("source", "from", "to")),
    "trimString": _KEYS,
    "typeConverter": (("entries",), ("key", "type")),
    "upperCaseString": _KEYS,
}
"""Members that there must be, and those of each entry."""
PROCESSORS = {**_PARSERS, **MUTATORS}
"""By name, from a configuration to what it does with an event."""


class Transformer(NamedTuple):
    """Processors at work.

    Attributes:
        steps: what each does, one after the other.
    """

    steps: tuple[Process, ...]

    def transformed(self, message: str, metadata: Mapping[str, str] | None = None) -> str | None:
        """What becomes of a message, as JSON; None: the first parser could not read it.

        Args:
            message: of the event.
            metadata: ``@logGroupName``, ``@logGroupStream``, ``@accountId``, ``@regionName``.
        """
        if len(message) * 4 > LARGEST and len(message.encode()) >= LARGEST:
            return None
        event: dict[str, Any] = {**(metadata or {}), parsers.MESSAGE: message}
        first, *others = self.steps
        if not first(event):
            return None
        for step in others:
            step(event)
        shown = {name: value for name, value in event.items() if not name.startswith("@")}
        return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def compile_transformer(config: Sequence[Mapping[str, Any]]) -> Transformer:
    """Processors as PutTransformer takes them.

    Raises:
        LanguageError: they are none, too many, or in an order that may not be. Wordings unverified.
        Unbuilt: AWS has it.
    """
    if not 1 <= len(config) <= MOST:
        raise _mistake(f"A transformer must have between 1 and {MOST} processors")
    names = [_name(each) for each in config]
    _check_order(names)
    return Transformer(tuple(_made(each, name) for each, name in zip(config, names, strict=True)))


def _name(processor: Mapping[str, Any]) -> str:
    if not isinstance(processor, dict) or len(processor) != 1:
        raise _mistake("Each processor must be given by exactly one name")
    [name] = map(str, processor)
    if name not in PROCESSORS:
        raise _mistake(f"There is no processor {name}")
    return name


def _check_order(names: Sequence[str]) -> None:
    if names[0] not in _PARSERS:
        raise _mistake("The first processor must be a parser")
    if sum(name in _PARSERS for name in names) > MOST_PARSERS:
        raise _mistake(f"A transformer can have at most {MOST_PARSERS} parsers")
    for name in names[1:]:
        if name in _VENDED:
            raise _mistake(f"{name} must be the first processor")
    counts = Counter(names)
    for name in ONCE:
        if counts[name] > 1:
            raise _mistake(f"A transformer can have at most one {name} processor")


def _made(processor: Mapping[str, Any], name: str) -> Process:
    config = processor[name]
    _check_members(name, config)
    if name in _VENDED and config.get("source", parsers.MESSAGE) != parsers.MESSAGE:
        raise _mistake(f"{name} can only have {parsers.MESSAGE} as its source")
    for path in _paths(config):
        if path.count(".") >= DEEPEST:
            raise _mistake(f"{path} is nested more than {DEEPEST} levels deep")
    try:
        return PROCESSORS[name](config)
    except Unbuilt:
        raise
    except LanguageError as error:
        raise _mistake(f"Invalid {name}: {error.message}") from error


def _check_members(name: str, config: Any) -> None:
    """What the API's model requires, for configurations that come as documents."""
    needed, of_entries = _REQUIRED.get(name, ((), ()))
    if not isinstance(config, dict):
        raise _mistake(f"{name} must be an object")
    for member in needed:
        if not config.get(member):
            raise _mistake(f"Invalid {name}: {member} is required")
    entries = config.get("entries", []) if of_entries else []
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise _mistake(f"Invalid {name}: entries must be an array of objects")
    for entry in entries:
        for member in of_entries:
            if not isinstance(entry.get(member), str):
                raise _mistake(f"Invalid {name}: {member} is required in each entry")


def _paths(config: Mapping[str, Any]) -> list[str]:
    found = [config.get(name) for name in ("source", "destination", "target")]
    found += config.get("withKeys", [])
    for entry in config.get("entries", ()):
        found += [entry.get(name) for name in ("source", "target", "key", "renameTo")]
    return [path for path in found if isinstance(path, str)]


def _mistake(message: str) -> LanguageError:
    return LanguageError(message, "", 0)
