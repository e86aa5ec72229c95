"""Filter patterns at work: from a tree to a matcher of messages.

Lives here: `compile_pattern` and `Matcher`. All that depends on the pattern is decided while
compiling; what runs for each message are closures (`conditions.py`, `automaton.py`), in time linear
in the message. How a message is read, at most once for all matchers, is `message.py`'s.

Two things that AWS's documentation leaves open are decided here: JSON patterns give the values of
their selectors as extracted values; and in a space-delimited pattern without ``...`` the last slot
takes what is left of the event (so that the documented ``[w1=ERROR, w2]`` matches a line of words).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from awsmon.lang.filter_pattern.conditions import (
    comparisons,
    on_document,
    on_field,
    path,
    regex_test,
)
from awsmon.lang.filter_pattern.message import MISSING, Message, text_of
from awsmon.lang.filter_pattern.parser import parse_selector
from awsmon.lang.filter_pattern.tree import (
    Comparison,
    Delimited,
    Json,
    Regex,
    Rest,
    Selector,
    Terms,
)
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from awsmon.lang.filter_pattern.tree import Condition, Pattern, Slot

    OfText = Callable[[str], bool]

__all__ = ["Matcher", "compile_pattern"]


class Matcher(ABC):
    """A compiled filter pattern; messages come as text, or as a `Message` that matchers share.

    Attributes:
        selectors: what a dimension of a metric may name: the pattern's ``$.field`` and ``$name``.
        regexes: how many regular expressions it has; AWS limits filters with any in a log group.
    """

    selectors: tuple[str, ...] = ()
    regexes: int = 0

    @abstractmethod
    def matches(self, message: str | Message) -> bool:
        """Whether the pattern matches."""

    @abstractmethod
    def extract(self, message: str | Message) -> dict[str, str] | None:
        """What TestMetricFilter shows as ``extractedValues``; None: no match."""

    def value(self, selector: str, message: str | Message) -> str | None:
        """What a metric's value or dimension reads by ``$.latency``, ``$latency`` or ``$3``.

        None: nothing is there. The message need not match. A selector is parsed at its first use.
        """
        del selector, message
        return None


def compile_pattern(pattern: Pattern) -> Matcher:
    """A pattern's matcher.

    Raises:
        LanguageError: a regular expression of a tree that was not parsed is none.
    """
    match pattern:
        case Terms():
            return _TextMatcher(_terms(pattern), 0)
        case Regex():
            return _TextMatcher(regex_test(pattern), 1)
        case Json(condition):
            return _JsonMatcher(condition)
        case Delimited(slots):
            return _DelimitedMatcher(slots)


# -- text ------------------------------------------------------------------------------------------


class _TextMatcher(Matcher):
    def __init__(self, test: OfText, regexes: int) -> None:
        self._test, self.regexes = test, regexes

    def matches(self, message: str | Message) -> bool:
        return self._test(message if isinstance(message, str) else message.text)

    def extract(self, message: str | Message) -> dict[str, str] | None:
        return {} if self.matches(message) else None


def _terms(pattern: Terms) -> OfText:
    signed: dict[str, list[str]] = {"": [], "-": [], "?": []}
    for term in pattern.terms:  # a phrase of blanks matches every event (documented)
        signed[term.sign].append(term.text if term.text.strip() else "")
    needed, barred, optional = map(tuple, signed.values())
    if optional and not needed and not barred:  # beside others they count for nothing (documented)
        return lambda text: any(each in text for each in optional)
    if len(needed) == 1 and not barred:
        only = needed[0]
        return lambda text: only in text
    return lambda text: (
        all(each in text for each in needed) and not any(each in text for each in barred)
    )


# -- JSON ------------------------------------------------------------------------------------------


class _JsonMatcher(Matcher):
    def __init__(self, condition: Condition) -> None:
        self._test = on_document(condition)
        used = [each.field for each in comparisons(condition)]
        one = [each for each in used if isinstance(each, Selector) and not each.is_wildcard]
        self.selectors = tuple(str(each) for each in dict.fromkeys(one))
        self.regexes = _count_regexes([condition])
        self._readers: dict[str, Callable[[object], str | None]] = {}
        self._extracted = [(name, self._reader(name)) for name in self.selectors]

    def matches(self, message: str | Message) -> bool:
        return self._matched(_message(message)) is not MISSING

    def extract(self, message: str | Message) -> dict[str, str] | None:
        document = self._matched(_message(message))
        if document is MISSING:
            return None
        found = ((name, read(document)) for name, read in self._extracted)
        return {name: text for name, text in found if text is not None}

    def value(self, selector: str, message: str | Message) -> str | None:
        document = _message(message).document
        return None if document is MISSING else self._reader(selector)(document)

    def _matched(self, message: Message) -> object:
        document = message.document
        return document if document is not MISSING and self._test(document) else MISSING

    def _reader(self, selector: str) -> Callable[[object], str | None]:
        found = self._readers.get(selector)
        if found is None:
            found = self._readers[selector] = _text_reader(selector)
        return found


def _count_regexes(conditions: Iterable[Condition]) -> int:
    return sum(
        isinstance(each, Comparison) and isinstance(each.value, Regex)
        for condition in conditions
        for each in comparisons(condition)
    )


def _message(message: str | Message) -> Message:
    return Message(message) if isinstance(message, str) else message


def _text_reader(selector: str) -> Callable[[object], str | None]:
    try:
        parsed = parse_selector(selector)
    except LanguageError:
        return lambda _: None
    if parsed.is_wildcard:
        return lambda _: None
    read = path(parsed.steps)
    return lambda document: text_of(read(document))


# -- space-delimited -------------------------------------------------------------------------------


class _DelimitedMatcher(Matcher):
    def __init__(self, slots: tuple[Slot | Rest, ...]) -> None:
        rest = next((i for i, slot in enumerate(slots) if isinstance(slot, Rest)), None)
        self._open = not slots or rest is not None  # any number of fields
        self._head = _slots(slots[:rest])
        self._tail = _slots(slots[rest + 1 :]) if rest is not None else []
        self._size = len(self._head) + len(self._tail)
        named = [slot for slot in slots if not isinstance(slot, Rest) and slot.name]
        self.selectors = tuple(dict.fromkeys(f"${slot.name}" for slot in named))
        self.regexes = _count_regexes(slot.condition for slot in named if slot.condition)

    def matches(self, message: str | Message) -> bool:
        return self._fields(_message(message)) is not None

    def extract(self, message: str | Message) -> dict[str, str] | None:
        fields = self._fields(_message(message))
        return None if fields is None else self._named(fields)

    def value(self, selector: str, message: str | Message) -> str | None:
        fields = self._aligned(_message(message))
        if fields is None or not selector.startswith("$"):
            return None
        found = self._named(fields).get(selector)
        if found is None and selector[1:].isascii() and selector[1:].isdigit():
            position = int(selector[1:6])
            found = fields[position - 1] if 0 < position <= len(fields) else None
        return found

    def _aligned(self, message: Message) -> list[str] | None:
        return message.fields_for(self._size, any_more=self._open)

    def _fields(self, message: Message) -> list[str] | None:
        fields = self._aligned(message)
        if fields is None:
            return None
        if not all(test(fields[at]) for at, (_, test) in enumerate(self._head) if test):
            return None
        first = len(fields) - len(self._tail)
        if not all(test(fields[at]) for at, (_, test) in enumerate(self._tail, first) if test):
            return None
        return fields

    def _named(self, fields: list[str]) -> dict[str, str]:
        names = [f"${number}" for number in range(1, len(fields) + 1)]
        for at, (name, _) in enumerate(self._head):
            names[at] = name or names[at]
        for at, (name, _) in enumerate(self._tail, len(fields) - len(self._tail)):
            names[at] = name or names[at]
        return dict(zip(names, fields, strict=True))


def _slots(slots: tuple[Slot | Rest, ...]) -> list[tuple[str | None, OfText | None]]:
    return [
        (
            f"${slot.name}" if slot.name else None,
            on_field(slot.condition) if slot.condition else None,
        )
        for slot in slots
        if not isinstance(slot, Rest)
    ]
