"""Input templates: from an event to what a target gets.

Lives here: `compile_template`, for rules, and `compile_inline`, for pipes. A template is JSON with
``<name>`` in it, or quoted lines of text. A name on its own becomes JSON; within quotes it becomes
text, a string as it is, anything else as JSON without its quotes. What isn't JSON in the end is not
delivered by rules, and text to pipes.
Source: User Guide, "Amazon EventBridge input transformation"; quoting as recorded (LocalStack).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from awsmon.lang.json_path import MISSING, compile_path
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

__all__ = ["TemplateError", "compile_inline", "compile_template"]

_NAME = re.compile(r"<([A-Za-z0-9_.\-]+)>")
_INLINE = re.compile(r"<(\$[^<>]*|aws\.pipes\.[A-Za-z0-9.\-]+)>")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class TemplateError(Exception):
    """A placeholder that nothing stands for.

    Attributes:
        name: of the placeholder.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"nothing stands for <{name}>")
        self.name = name


def compile_template(
    template: str, paths: Mapping[str, str], *, reserved: Collection[str]
) -> Callable[[Mapping[str, Any], Mapping[str, Any]], str | None]:
    """From an event, and the values of reserved names, to the input; None: it isn't JSON.

    Args:
        template: as InputTemplate.
        paths: what each name stands for, as InputPathsMap.
        reserved: names that stand for what the caller gives.

    Raises:
        TemplateError: a placeholder has no path.
        LanguageError: a path is none.
    """
    for name in _NAME.findall(template):
        if name not in paths and name not in reserved:
            raise TemplateError(name)
    found = {name: compile_path(path) for name, path in paths.items()}
    pieces = _pieces(template)
    lines = _quoted_lines(template)

    def render(event: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        values = {name: given.get(name, MISSING) for name in reserved}
        values |= {name: path(event) for name, path in found.items()}
        text = "".join(_filled(piece, values, quoted, _NAME) for piece, quoted in pieces)
        return text if lines or _is_json(text) else None

    return render


def compile_inline(
    template: str, reserved: Collection[str]
) -> Callable[[Any, Mapping[str, Any]], Any]:
    """From a record, and the values of reserved names, to the input: a JSON value, or text.

    Args:
        template: with paths in it: ``{"id": <$.body.id>}``; text that isn't JSON stays text.
        reserved: names that stand for what the caller gives.

    Raises:
        LanguageError: a path is none, or a name isn't reserved.
    """
    found = {}
    for place in _INLINE.finditer(template):
        name = place[1]
        if name.startswith("$"):
            found[name] = compile_path(name)
        elif name not in reserved:
            raise LanguageError(f"nothing stands for <{name}>", template, place.start())
    pieces = _pieces(template)

    def render(record: Any, given: Mapping[str, Any]) -> Any:
        values = {**given, **{name: path(record) for name, path in found.items()}}
        text = "".join(_filled(piece, values, quoted, _INLINE) for piece, quoted in pieces)
        if _is_json(text):
            return json.loads(text)
        return _filled(template, values, True, _INLINE)

    return render


def _pieces(template: str) -> list[tuple[str, bool]]:
    """The template in pieces, each with whether it is a string in quotes."""
    pieces, at = [], 0
    for string in _STRING.finditer(template):
        pieces += [(template[at : string.start()], False), (string[0], True)]
        at = string.end()
    return [*pieces, (template[at:], False)]


def _quoted_lines(template: str) -> bool:
    """Whether it is text in quotes, line by line."""
    lines = [line.strip() for line in template.strip().splitlines()]
    return len(lines) > 1 and all(_STRING.fullmatch(line) for line in lines)


def _filled(piece: str, values: Mapping[str, Any], quoted: bool, names: re.Pattern[str]) -> str:
    write = _text if quoted else _value
    return names.sub(lambda name: write(values[name[1]]) if name[1] in values else name[0], piece)


def _value(value: Any) -> str:
    return (
        '""' if value is MISSING else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    )


def _text(value: Any) -> str:
    if value is MISSING:
        return ""
    return value if isinstance(value, str) else _value(value).replace('"', "")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
