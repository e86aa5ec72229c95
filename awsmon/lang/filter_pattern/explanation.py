"""Why a filter pattern doesn't match a message: the part of it that fails, and how.

Lives here: `explain` and `Mismatch`. It decides nothing: what a condition holds for is
`conditions.py`'s and `compiler.py`'s to say, and here it is put into words.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from awsmon.lang.filter_pattern.conditions import on_document, on_field, path, regex_test
from awsmon.lang.filter_pattern.message import MISSING, Message
from awsmon.lang.filter_pattern.tree import (
    AllOf,
    AnyOf,
    Comparison,
    Delimited,
    Each,
    Is,
    Json,
    Missing,
    Regex,
    Rest,
    Terms,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from awsmon.lang.filter_pattern.tree import Condition, Pattern, Selector, Slot

__all__ = ["Mismatch", "explain"]

_SHOWN = 60  # characters of a text that is quoted
_VALUES = 3  # of a selector with a wildcard


class Mismatch(NamedTuple):
    """Why a pattern doesn't match.

    Attributes:
        part: the part of the pattern that fails, as source in its canonical form.
        position: where in the pattern it begins, from 0.
        why: in words, as ``$.status is 404``.
    """

    part: str
    position: int
    why: str

    def __str__(self) -> str:
        return f"{self.part}: {self.why}"


def explain(pattern: Pattern, message: str | Message) -> Mismatch | None:
    """The first part of a pattern that doesn't match a message; None: the pattern matches.

    Of alternatives none of which holds, all together are the part.
    """
    message = Message(message) if isinstance(message, str) else message
    match pattern:
        case Terms():
            return _terms(pattern, message.text)
        case Regex():
            fits = regex_test(pattern)(message.text)
            return None if fits else Mismatch(str(pattern), pattern.position, "it occurs nowhere")
        case Json(condition):
            if message.document is MISSING:
                return Mismatch(str(pattern), 0, "the message is no JSON object")
            return _on_document(condition, message.document)
        case Delimited(slots):
            return _delimited(pattern, slots, message)


# -- text ------------------------------------------------------------------------------------------


def _terms(pattern: Terms, text: str) -> Mismatch | None:
    optional = [term for term in pattern.terms if term.sign == "?"]
    others = [term for term in pattern.terms if term.sign != "?"]
    if optional and not others:
        if any(not term.text.strip() or term.text in text for term in optional):
            return None
        return Mismatch(str(pattern), optional[0].position, "none of them occurs")
    for term in others:
        found = text.find(term.text) if term.text.strip() else 0
        if term.sign == "-" and found >= 0:
            return Mismatch(str(term), term.position, f"it occurs, at character {found}")
        if not term.sign and found < 0:
            other_case = term.text.lower() in text.lower()
            why = "it occurs only in other case" if other_case else "it doesn't occur"
            return Mismatch(str(term), term.position, why)
    return None


# -- JSON ------------------------------------------------------------------------------------------


def _on_document(condition: Condition, document: object) -> Mismatch | None:
    return _first(
        condition,
        lambda leaf: on_document(leaf)(document),
        lambda leaf: _of_document(leaf, document),
    )


def _first(
    condition: Condition, holds: Callable[[Condition], bool], why: Callable[[Condition], str]
) -> Mismatch | None:
    """The first condition that doesn't hold; of alternatives, all together."""
    if isinstance(condition, AllOf):
        failed = (_first(each, holds, why) for each in condition.conditions)
        return next((each for each in failed if each), None)
    if isinstance(condition, AnyOf):
        parts = []
        for each in condition.conditions:
            found = _first(each, holds, why)
            if found is None:
                return None
            parts.append(found)
        reasons = dict.fromkeys(part.why for part in parts)
        return Mismatch(str(condition), parts[0].position, "; ".join(reasons))
    if holds(condition):
        return None
    return Mismatch(str(condition), condition.position, why(condition))


def _of_document(leaf: Condition, document: object) -> str:
    assert isinstance(leaf, Comparison | Is | Missing)
    assert not isinstance(leaf.field, str)
    there = [node for node in _nodes(leaf.field, document) if node is not MISSING]
    if not there:
        return f"{leaf.field} isn't there"
    if leaf.field.is_wildcard and not isinstance(leaf, Missing):
        more = ", ..." if len(there) > _VALUES else ""
        return f"{leaf.field} is {' or '.join(map(_shown, there[:_VALUES]))}{more}"
    return f"{leaf.field} is {_shown(there[0])}{_compared(leaf, there[0])}"


def _nodes(selector: Selector, document: object) -> list[object]:
    """All that a selector finds."""
    steps = selector.steps
    split = next((at for at, step in enumerate(steps) if isinstance(step, Each)), None)
    if split is None:
        return [path(steps)(document)]
    above, below = path(steps[:split])(document), path(steps[split + 1 :])
    if steps[split] is Each.ELEMENT:
        return [below(each) for each in above] if isinstance(above, list) else []
    return [below(each) for each in above.values()] if isinstance(above, dict) else []


def _shown(node: object) -> str:
    if isinstance(node, dict | list):
        return "an object" if isinstance(node, dict) else "an array"
    text = json.dumps(node, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _compared(leaf: Comparison | Is | Missing, node: object) -> str:
    """What else is to be said where the kind of a node is the reason."""
    if not isinstance(leaf, Comparison):
        return ""
    if isinstance(node, dict | list | bool | None):
        return f", and {leaf.operator} compares strings and numbers"
    if leaf.operator not in ("=", "!=") and isinstance(node, str):
        return f", a string, and {leaf.operator} compares numbers"
    return ""


# -- space-delimited -------------------------------------------------------------------------------


def _delimited(
    pattern: Delimited, slots: tuple[Slot | Rest, ...], message: Message
) -> Mismatch | None:
    needed = [slot for slot in slots if not isinstance(slot, Rest)]
    fields = message.fields_for(len(needed), any_more=Rest() in slots or not slots)
    if fields is None:
        have = len(message.fields)
        why = f"it needs {len(needed)} fields, and the message has {have}"
        return Mismatch(str(pattern), 0, why)
    for at, slot in _places(slots, len(fields)):
        if slot.condition is not None:
            found = _on_field(slot.condition, fields[at], f"{slot.name}, field {at + 1},")
            if found is not None:
                return found
    return None


def _places(slots: tuple[Slot | Rest, ...], fields: int) -> Iterator[tuple[int, Slot]]:
    """Each slot with the place of its field; those behind ``...`` are counted from the end."""
    skipped = 0
    for at, slot in enumerate(slots):
        if isinstance(slot, Rest):
            skipped = fields - len(slots)
        else:
            yield at + skipped, slot


def _on_field(condition: Condition, field: str, what: str) -> Mismatch | None:
    return _first(
        condition, lambda leaf: on_field(leaf)(field), lambda _: f"{what} is {_shown(field)}"
    )
