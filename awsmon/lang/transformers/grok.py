"""Grok: ``%{IP:client} %{WORD:method}``, a pattern of named patterns.

Lives here: `compile_grok`. What isn't in ``%{...}`` stands for itself, and the whole text must
match, as the documented examples show. Source: CloudWatch Logs User Guide, "Processors that you can
use", grok.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from awsmon.lang.insights_ql.regex import Compiled, compiled
from awsmon.lang.text import LanguageError
from awsmon.lang.transformers.common_logs import COMMON, CommonLog
from awsmon.lang.transformers.grok_patterns import LIMITS, PATTERNS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Grok", "compile_grok"]

MOST = 20
_REFERENCE = re.compile(r"%\{([A-Z0-9_]+)(?::([^}]*))?\}")
_GROUP = re.compile(r"\(\?P<(\w+)>")
_INNER = re.compile(r"%\{([A-Z0-9_]+)\}")
_REST = ("DATA", "GREEDYDATA", "GREEDYDATA_MULTILINE")


class Grok(NamedTuple):
    """A pattern at work.

    Attributes:
        fields: what the groups are called.
        unquoted: those whose quotation marks are left out.
        common: the log format that it begins with.
    """

    regex: Compiled
    fields: tuple[str, ...]
    unquoted: frozenset[str]
    common: CommonLog | None

    def found(self, text: str) -> dict[str, object] | None:
        """The values by their fields; None: it doesn't match."""
        groups = self.regex.groups(text)
        if groups is None:
            return None
        found: dict[str, object] = {}
        for name, value in zip(self.fields, groups, strict=True):
            if value is not None:
                found[name] = value[1:-1] if name in self.unquoted else value
        return self.common.typed(found) if self.common else found


@lru_cache(maxsize=256)
def compile_grok(text: str) -> Grok:
    """A grok pattern, ready to match.

    Raises:
        LanguageError: an unknown pattern, too many of one, or one in the wrong place.
    """
    found = list(_REFERENCE.finditer(text))
    names = [each[1] for each in found]
    _check(text, names)
    fields: list[str] = []
    parts, unquoted, at = ["^"], set(), 0
    for each in found:
        parts.append(re.escape(text[at : each.start()]))
        at = each.end()
        name, field = each[1], each[2]
        parts.append(_part(name, field, fields))
        if name == "QUOTEDSTRING" and field:
            unquoted.add(field)
    parts += [re.escape(text[at:]), "$"]
    regex = compiled("".join(parts).replace("\\ ", " "))
    if isinstance(regex, str):
        raise LanguageError(f"the grok pattern is too complex: {regex}", text, 0)
    common = COMMON.get(names[0]) if names else None
    return Grok(regex, tuple(fields), frozenset(unquoted), common)


def _part(name: str, field: str | None, fields: list[str]) -> str:
    """The regular expression of one reference; its groups are named by their numbers."""
    written = f"(?P<{_OWN}>{_expanded(name)})" if field else f"(?:{_expanded(name)})"

    def numbered(group: re.Match[str]) -> str:
        fields.append(field if group[1] == _OWN and field else group[1])
        return f"(?P<g{len(fields)}>"

    return _GROUP.sub(numbered, written)


_OWN = "own"


def _expanded(name: str) -> str:
    """A pattern with those that it is made of."""
    written = COMMON[name].pattern if name in COMMON else PATTERNS[name]
    expand: Callable[[re.Match[str]], str] = lambda inner: f"(?:{_expanded(inner[1])})"  # noqa: E731
    return _INNER.sub(expand, written)


def _check(text: str, names: list[str]) -> None:
    if not names:
        raise LanguageError("a grok pattern refers to patterns as %{NAME:field}", text, 0)
    if len(names) > MOST:
        raise LanguageError(f"at most {MOST} grok patterns are allowed", text, 0)
    for name in names:
        if name not in PATTERNS and name not in COMMON:
            raise LanguageError(f"there is no grok pattern {name}", text, text.index(name))
    for name, count in Counter(names).items():
        if count > LIMITS.get(name, 1 if name in COMMON else MOST):
            raise LanguageError(f"the grok pattern {name} is used too often", text, 0)
    if any(name in COMMON for name in names) and (
        names[0] not in COMMON or len(names) > 2 or any(n not in _REST for n in names[1:])
    ):
        message = "a common log pattern comes first, with nothing but DATA or GREEDYDATA behind it"
        raise LanguageError(message, text, 0)
