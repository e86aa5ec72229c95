"""Many patterns, one event.

Lives here: `PatternIndex`. Each alternative of a pattern is anchored where few events pass: at the
exact values of up to four fields together, else at a prefix, a suffix, a range of numbers, or a
field that must be there. An event looks its own values up, and only patterns found so are asked.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from awsmon.lang.event_pattern.addresses import address
from awsmon.lang.event_pattern.compiler import compile_alternative, wildcard_parts
from awsmon.lang.event_pattern.tree import (
    Exact,
    Exists,
    Fields,
    Numeric,
    Pattern,
    Prefix,
    Suffix,
    Tests,
    Wildcard,
)
from awsmon.lang.event_pattern.values import values

__all__ = ["PatternIndex"]

Path = tuple[str, ...]
Entry = tuple[int, Callable[[Mapping[str, Any]], bool]]  # which pattern, and whether it matches
MOST_FIELDS, MOST_VALUES = 4, 64


class _Seen(dict[Path, Sequence[Any]]):
    """What an event holds at the paths that were asked for."""

    __slots__ = ("event",)
    event: Mapping[str, Any]

    def __missing__(self, path: Path) -> Sequence[Any]:
        found = self[path] = values(self.event, path)
        return found


class PatternIndex:
    """Patterns by their keys."""

    def __init__(self) -> None:
        self._keys: dict[int, Hashable] = {}
        self._numbers: dict[Hashable, int] = {}
        self._places: dict[int, list[tuple[_Anchors, Any, Entry]]] = {}
        self._count = 0
        self._exact = _ExactAnchors()
        self._kinds: tuple[_Anchors, ...] = (
            self._exact, _AffixAnchors(start=True), _AffixAnchors(start=False),
            _RangeAnchors(), _PresenceAnchors(), _Always(),
        )  # fmt: skip
        self._others = self._kinds[1:]

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Hashable, pattern: Pattern) -> None:
        """Take a pattern; one that is there by that key goes."""
        self.remove(key)
        self._count += 1
        number = self._count
        self._keys[number], self._numbers[key] = key, number
        self._places[number] = []
        for each in pattern.alternatives:
            entry = number, compile_alternative(each)
            for anchors in self._kinds:
                place = anchors.place(each)
                if place is not None:
                    anchors.any = True
                    anchors.add(place, entry)
                    self._places[number].append((anchors, place, entry))
                    break

    def remove(self, key: Hashable) -> None:
        """Forget a pattern; one that isn't there is no mistake."""
        number = self._numbers.pop(key, None)
        if number is not None:
            del self._keys[number]
            for anchors, place, entry in self._places.pop(number):
                anchors.remove(place, entry)

    def match(self, event: Mapping[str, Any]) -> list[Any]:
        """The keys of the patterns that an event matches, in the order in which they came."""
        seen = _Seen()
        seen.event = event
        numbers, entries = self._exact.found(seen)
        for anchors in self._others:
            if anchors.any:
                entries += anchors.candidates(seen)
        for number, matches in entries:
            if number not in numbers and matches(event):
                numbers.add(number)
        keys = self._keys
        return [keys[number] for number in sorted(numbers)]


class _Anchors:
    """One way to find patterns by what an event holds.

    Attributes:
        any: whether there may be any.
    """

    any = False

    def place(self, fields: Fields) -> Any:
        """Where an alternative belongs; None: it can't be found this way."""
        raise NotImplementedError

    def add(self, place: Any, entry: Entry) -> None:
        raise NotImplementedError

    def remove(self, place: Any, entry: Entry) -> None:
        raise NotImplementedError

    def candidates(self, seen: _Seen) -> Iterable[Entry]:
        """The patterns that an event may match."""
        raise NotImplementedError


class _ExactAnchors(_Anchors):
    """By the exact values of some fields together.

    What asks for nothing else than these fields needs no confirming, where the event has no arrays
    on the way.
    """

    def __init__(self) -> None:
        self._tables: dict[tuple[Path, ...], dict[tuple[Any, ...], list[Entry]]] = {}
        self._whole: set[int] = set()
        self._ones = [[1] * count for count in range(MOST_FIELDS + 1)]

    def place(self, fields: Fields) -> Any:
        exact = [(path, _exact(tests)) for path, tests in fields.leaves()]
        chosen: list[tuple[Path, list[Any]]] = []
        room = MOST_VALUES
        for path, wanted in sorted(exact, key=lambda each: (len(each[1]), len(each[0]), each[0])):
            if wanted and len(wanted) <= room and len(chosen) < MOST_FIELDS:
                chosen.append((path, wanted))
                room //= len(wanted)
        if not chosen:
            return None
        paths = tuple(path for path, _ in chosen)
        keys = list(itertools.product(*(wanted for _, wanted in chosen)))
        return paths, keys, len(chosen) == len(exact)

    def add(self, place: Any, entry: Entry) -> None:
        paths, keys, whole = place
        if whole:
            self._whole.add(entry[0])
        table = self._tables.setdefault(paths, {})
        for key in keys:
            table.setdefault(key, []).append(entry)

    def remove(self, place: Any, entry: Entry) -> None:
        paths, keys, _ = place
        self._whole.discard(entry[0])
        table = self._tables[paths]
        for key in keys:
            table[key].remove(entry)
            if not table[key]:
                del table[key]
        if not table:
            del self._tables[paths]

    def found(self, seen: _Seen) -> tuple[set[int], list[Entry]]:
        """The numbers of those that match for certain, and those that may match."""
        numbers: set[int] = set()
        entries: list[Entry] = []
        for paths, table in self._tables.items():
            found = [seen[path] for path in paths]
            if [type(each) is tuple and len(each) for each in found] != self._ones[len(paths)]:
                for combination in itertools.product(*found):
                    entries += table.get(tuple(map(_key, combination)), ())
                continue
            here = table.get(tuple([
                ("bool", value) if value is True or value is False else value
                for value, in found
            ]))  # fmt: skip
            if here:
                for entry in here:
                    if entry[0] in self._whole:
                        numbers.add(entry[0])
                    else:
                        entries.append(entry)
        return numbers, entries

    def candidates(self, seen: _Seen) -> list[Entry]:
        return self.found(seen)[1]


def _exact(tests: Tests) -> list[Any]:
    """The values of a field that is asked for nothing else; none where an address is among them."""
    found = [test.value for test in tests if isinstance(test, Exact)]
    if len(found) < len(tests) or any(isinstance(each, str) and address(each) for each in found):
        return []
    return list(dict.fromkeys(map(_key, found)))


def _key(value: Any) -> Any:
    """Equal for equal values; True is not 1."""
    return ("bool", value) if isinstance(value, bool) else value


class _AffixAnchors(_Anchors):
    """By how a string begins, or ends."""

    def __init__(self, *, start: bool) -> None:
        self._start = start
        self._tables: dict[Path, dict[int, dict[str, list[Entry]]]] = {}

    def place(self, fields: Fields) -> Any:
        for path, tests in fields.leaves():
            affixes = [self._affix(test) for test in tests]
            if all(affixes):
                return path, affixes
        return None

    def _affix(self, test: Any) -> str:
        """What the string must begin (or end) with; empty: nothing that could be looked up."""
        match test:
            case Prefix(text, False) if self._start:
                return text
            case Suffix(text, False) if not self._start:
                return text
            case Wildcard(text):
                return wildcard_parts(text)[0 if self._start else -1]
        return ""

    def add(self, place: Any, entry: Entry) -> None:
        path, affixes = place
        lengths = self._tables.setdefault(path, {})
        for affix in affixes:
            lengths.setdefault(len(affix), {}).setdefault(affix, []).append(entry)

    def remove(self, place: Any, entry: Entry) -> None:
        path, affixes = place
        lengths = self._tables[path]
        for affix in affixes:
            table = lengths[len(affix)]
            table[affix].remove(entry)
            if not table[affix]:
                del table[affix]
            if not table:
                del lengths[len(affix)]
        if not lengths:
            del self._tables[path]

    def candidates(self, seen: _Seen) -> list[Entry]:
        entries: list[Entry] = []
        for path, lengths in self._tables.items():
            for value in seen[path]:
                if isinstance(value, str):
                    for length, table in lengths.items():
                        affix = value[:length] if self._start else value[-length:]
                        entries += table.get(affix, ())
        return entries


class _RangeAnchors(_Anchors):
    """By ranges of numbers: their bounds cut the line into pieces, each with its own patterns."""

    def __init__(self) -> None:
        self._ranges: defaultdict[Path, list[tuple[float, float, Entry]]] = defaultdict(list)
        self._bounds: dict[Path, list[float]] = {}
        self._pieces: dict[tuple[Path, int, bool], list[Entry]] = {}

    def place(self, fields: Fields) -> Any:
        for path, tests in fields.leaves():
            ranges = [_range(test.bounds) for test in tests if isinstance(test, Numeric)]
            if len(ranges) == len(tests):
                return path, ranges
        return None

    def add(self, place: Any, entry: Entry) -> None:
        path, ranges = place
        self._ranges[path] += [(low, high, entry) for low, high in ranges]
        self._forget(path)

    def remove(self, place: Any, entry: Entry) -> None:
        path, _ = place
        self._ranges[path] = [each for each in self._ranges[path] if each[2] is not entry]
        if not self._ranges[path]:
            del self._ranges[path]
        self._forget(path)

    def _forget(self, path: Path) -> None:
        self._bounds.pop(path, None)
        self._pieces.clear()

    def candidates(self, seen: _Seen) -> list[Entry]:
        entries: list[Entry] = []
        for path, ranges in self._ranges.items():
            bounds = self._bounds.get(path)
            if bounds is None:
                bounds = self._bounds[path] = sorted({each for low, high, _ in ranges
                                                      for each in (low, high)})  # fmt: skip
            for value in seen[path]:
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    at = bisect_left(bounds, value)
                    on = at < len(bounds) and bounds[at] == value
                    piece = path, at, on
                    if piece not in self._pieces:
                        self._pieces[piece] = [entry for low, high, entry in ranges
                                               if low <= value <= high]  # fmt: skip
                    entries += self._pieces[piece]
        return entries


def _range(bounds: tuple[tuple[str, float], ...]) -> tuple[float, float]:
    low, high = float("-inf"), float("inf")
    for operator, bound in bounds:
        if operator[0] in ">=":
            low = bound
        if operator[0] in "<=":
            high = bound
    return low, high


class _PresenceAnchors(_Anchors):
    """By a field that must be there."""

    def __init__(self) -> None:
        self._tables: dict[Path, list[Entry]] = {}

    def place(self, fields: Fields) -> Any:
        for path, tests in sorted(fields.leaves(), key=lambda each: -len(each[0])):
            if not any(isinstance(test, Exists) and not test.wanted for test in tests):
                return path
        return None

    def add(self, place: Any, entry: Entry) -> None:
        self._tables.setdefault(place, []).append(entry)

    def remove(self, place: Any, entry: Entry) -> None:
        self._tables[place].remove(entry)
        if not self._tables[place]:
            del self._tables[place]

    def candidates(self, seen: _Seen) -> list[Entry]:
        found: list[Entry] = []
        for path, entries in self._tables.items():
            if seen[path]:
                found += entries
        return found


class _Always(_Anchors):
    """What only says what must not be there."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def place(self, fields: Fields) -> Any:
        del fields
        return ()

    def add(self, place: Any, entry: Entry) -> None:
        del place
        self._entries.append(entry)

    def remove(self, place: Any, entry: Entry) -> None:
        del place
        self._entries.remove(entry)

    def candidates(self, seen: _Seen) -> Iterable[Entry]:
        del seen
        return self._entries
