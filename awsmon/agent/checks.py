"""Checks of JSON, and what they find: where, and what is wrong.

Lives here: small checks that combine to larger ones, each a function of a value, its path and the
list to which it adds what it finds. What the agent's configuration may hold is `schema.py`'s.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

__all__ = [
    "Check", "Problems", "any_of", "listed", "mapping", "not_built", "one_of", "pattern", "section",
    "text", "whole", "yes_no",
]  # fmt: skip

Problems = list[tuple[str, str]]
Check = Callable[[Any, str, Problems], None]


def text(most: int = 4096, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, path: str, found: Problems) -> None:
        if not isinstance(value, str):
            found.append((path, f"expected a string, got {_kind(value)}"))
        elif not least <= len(value) <= most:
            found.append((path, f"expected {least} to {most} characters, got {len(value)}"))

    return check


def whole(least: int, most: int) -> Check:
    """An integer in a range."""

    def check(value: Any, path: str, found: Problems) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            found.append((path, f"expected an integer, got {_kind(value)}"))
        elif not least <= value <= most:
            found.append((path, f"expected {least} to {most}, got {value}"))

    return check


def yes_no(value: Any, path: str, found: Problems) -> None:
    """True or false."""
    if not isinstance(value, bool):
        found.append((path, f"expected true or false, got {_kind(value)}"))


def one_of(values: Collection[Any]) -> Check:
    """One of these."""

    def check(value: Any, path: str, found: Problems) -> None:
        if not any(value == each and type(value) is type(each) for each in values):
            known = ", ".join(map(str, values))
            found.append((path, f"{value!r} is none of {known}{_meant(value, values)}"))

    return check


def pattern(value: Any, path: str, found: Problems) -> None:
    """A regular expression."""
    before = len(found)
    text()(value, path, found)
    if len(found) == before:
        try:
            re.compile(value)
        except re.error as error:
            found.append((path, f"{value!r} is no regular expression: {error}"))


def listed(each: Check, *, least: int = 0, most: int = 16384, unique: bool = False) -> Check:
    """A list of what passes another check."""

    def check(value: Any, path: str, found: Problems) -> None:
        if not isinstance(value, list):
            found.append((path, f"expected a list, got {_kind(value)}"))
            return
        if not least <= len(value) <= most:
            found.append((path, f"expected {least} to {most} entries, got {len(value)}"))
        if unique and any(one in value[:at] for at, one in enumerate(value)):
            found.append((path, "an entry is there twice"))
        for at, one in enumerate(value):
            each(one, f"{path}/{at}", found)

    return check


def mapping(each: Check, *, most: int = 30) -> Check:
    """An object of any names whose values pass another check."""

    def check(value: Any, path: str, found: Problems) -> None:
        if not isinstance(value, dict):
            found.append((path, f"expected an object, got {_kind(value)}"))
            return
        if len(value) > most:
            found.append((path, f"expected at most {most} members, got {len(value)}"))
        for name, one in value.items():
            each(one, f"{path}/{name}", found)

    return check


def section(
    members: Mapping[str, Check], *, needs: Sequence[str] = (), one: Sequence[str] = ()
) -> Check:
    """An object with these members: those it needs, and at least one of some."""

    def check(value: Any, path: str, found: Problems) -> None:
        if not isinstance(value, dict):
            found.append((path or "/", f"expected an object, got {_kind(value)}"))
            return
        found.extend((path or "/", f"{name} is missing") for name in needs if name not in value)
        if one and not any(name in value for name in one):
            found.append((path or "/", f"one of {', '.join(one)} is needed"))
        for name, inner in value.items():
            if name in members:
                members[name](inner, f"{path}/{name}", found)
            else:
                found.append((f"{path}/{name}", f"there is no such member{_meant(name, members)}"))

    return check


def any_of(first: Check, second: Check) -> Check:
    """What is an object passes the second check, all else the first."""

    def check(value: Any, path: str, found: Problems) -> None:
        (second if isinstance(value, dict) else first)(value, path, found)

    return check


def not_built(what: str) -> Check:
    """Something that the real agent has and this one hasn't."""

    def check(value: Any, path: str, found: Problems) -> None:
        del value
        found.append((path, f"awsmon's agent doesn't do this yet: {what}"))

    return check


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    return names.get(type(value), "null" if value is None else f"the number {value}")


def _meant(name: Any, known: Collection[Any]) -> str:
    close = difflib.get_close_matches(str(name), [str(each) for each in known], 1)
    return f"; {close[0]}?" if close else ""
