"""A log event's message as filter patterns read it: text, JSON document, fields between blanks.

Lives here: `Message`, which reads each of them at most once however many filters ask; `text_of` and
`number_of`, between values and text. Every reading takes time linear in the message.
"""

from __future__ import annotations

import json
import re

__all__ = ["MISSING", "Message", "number_of", "text_of"]

MISSING = object()  # where a selector finds nothing

_OPENS_OBJECT = re.compile(r"[ \t\r\n]*\{").match
_BLANK = re.compile(r"\s*")
_BARE = re.compile(r"\S+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


_decode = json.JSONDecoder(parse_constant=_refuse).decode
_decode_large = json.JSONDecoder(parse_constant=_refuse, parse_int=float).decode


class Message:
    """One message, to be handed to several matchers in place of its text."""

    __slots__ = ("_document", "_fields", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._document: object = None  # None: not read yet
        self._fields: list[str] | None = None

    @property
    def document(self) -> object:
        """The JSON object that the whole message is; `MISSING` if it is none."""
        if self._document is None:
            self._document = _document(self.text)
        return self._document

    @property
    def fields(self) -> list[str]:
        """What blanks separate; ``"..."`` and ``[...]`` are one field, without the delimiters."""
        if self._fields is None:
            simple = '"' not in self.text and "[" not in self.text
            self._fields = self.text.split() if simple else _split(self.text)[0]
        return self._fields

    def fields_for(self, slots: int, *, any_more: bool) -> list[str] | None:
        """The fields as so many slots of a pattern take them; None: there are too few.

        Where there are more, the last slot takes the rest, unless *any_more* fields may come.
        """
        fields = self.fields
        if len(fields) < slots:
            return None
        if any_more or len(fields) == slots:
            return fields
        return [*fields[: slots - 1], self.rest(slots - 1)]

    def rest(self, field: int) -> str:
        """From that field to the end, as it stands in the message; a last field is just a field."""
        fields = self.fields
        if field == len(fields) - 1:
            return fields[field]
        return self.text[_split(self.text)[1][field] :].rstrip()


def _document(text: str) -> object:
    if not _OPENS_OBJECT(text):  # cheaper than reading it
        return MISSING
    try:
        return _decode(text)
    except RecursionError:
        return MISSING
    except ValueError:
        pass
    try:
        return _decode_large(text)  # Python refuses to read integers of thousands of digits
    except (ValueError, RecursionError):
        return MISSING


def _split(text: str) -> tuple[list[str], list[int]]:
    fields, starts = [], []
    closing = {'"': '"', "[": "]"}
    at = _skip(text, 0)
    while at < len(text):
        starts.append(at)
        close = closing.get(text[at])
        if close:
            stop = text.find(close, at + 1)
            if stop >= 0:
                fields.append(text[at + 1 : stop])
                at = _skip(text, stop + 1)
                continue
            del closing[text[at]]  # none is closed any more: don't look again
        bare = _BARE.match(text, at)
        stop = bare.end() if bare else at + 1
        fields.append(text[at:stop])
        at = _skip(text, stop)
    return fields, starts


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def text_of(node: object) -> str | None:
    """A value node's text; None for arrays, objects, null and nothing."""
    if isinstance(node, str):
        return node
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, int | float):
        return repr(node)
    return None


def number_of(text: str) -> float | None:
    """The number that a field is; None if it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    if len(text) < 300 and text.lstrip("+-").isdigit():
        return int(text)
    return float(text)
