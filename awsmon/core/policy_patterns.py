"""Wildcards and variables in IAM policies: ``arn:aws:logs:*:${aws:PrincipalAccount}:*``.

Lives here: `expand`, from a text to symbols, and how symbols match. What of a policy may hold
wildcards or variables is `policies.py`'s and `policy_conditions.py`'s.

Sources: IAM User Guide, "IAM JSON policy elements: Resource", "... Condition operators" (ARNs) and
"... Variables and tags".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TypeAlias

__all__ = [
    "Context",
    "Symbol",
    "Wild",
    "expand",
    "literal",
    "matches",
    "matches_arn",
    "matches_resource",
    "whole_arn",
]

Context: TypeAlias = Mapping[str, Sequence[str]]
"""What is known of a request: the values of condition keys, whose names are in lower case."""


class Wild(Enum):
    """A wildcard, by how it is written; those "within" stop at a colon."""

    ANY = "*"
    ONE = "?"
    ANY_WITHIN = "*:"
    ONE_WITHIN = "?:"


Symbol: TypeAlias = "str | Wild"
"""A character, or a wildcard."""

_WILD = {"*": Wild.ANY, "?": Wild.ONE}
_WITHIN = {Wild.ANY: Wild.ANY_WITHIN, Wild.ONE: Wild.ONE_WITHIN}
_SEGMENTS = 6  # of an ARN
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"([^,]*),\s*'([^']*)'")


def expand(text: str, context: Context | None) -> list[Symbol] | None:
    """A text's symbols; None where a variable has no value, or several.

    Args:
        text: of the policy.
        context: gives the values of variables; None: ``${`` means nothing special.
    """
    if context is None:
        return _symbols(text)
    found: list[Symbol] = []
    position = 0
    for variable in _VARIABLE.finditer(text):
        found += _symbols(text[position : variable.start()])
        value = _value(variable[1], context)
        if value is None:
            return None
        found += value
        position = variable.end()
    return found + _symbols(text[position:])


def _symbols(text: str) -> list[Symbol]:
    return [_WILD.get(character, character) for character in text]


def _value(name: str, context: Context) -> str | None:
    if name in ("*", "?", "$"):
        return name
    default = _DEFAULT.fullmatch(name)
    values = context.get((default[1] if default else name).strip().lower(), ())
    if len(values) == 1:
        return values[0]
    return default[2] if default and not values else None


def literal(symbols: Sequence[Symbol]) -> str:
    """The text of symbols where wildcards have no meaning."""
    return "".join(each.value if isinstance(each, Wild) else each for each in symbols)


def matches(symbols: Sequence[Symbol], text: str) -> bool:
    """Whether a whole text is what the symbols say.

    All positions that may be reached are followed at once, so that no pattern takes longer than its
    length times the text's.
    """
    reached = {0}
    for symbol in symbols:
        if symbol is Wild.ANY:
            reached = set(range(min(reached), len(text) + 1))
        elif symbol is Wild.ANY_WITHIN:
            reached = _up_to_colons(reached, text)
        else:
            reached = {at + 1 for at in reached if at < len(text) and _takes(symbol, text[at])}
        if not reached:
            return False
    return len(text) in reached


def _takes(symbol: Symbol, character: str) -> bool:
    return symbol is Wild.ONE or (
        character != ":" if symbol is Wild.ONE_WITHIN else symbol == character
    )


def _up_to_colons(reached: set[int], text: str) -> set[int]:
    found: set[int] = set()
    for at in sorted(reached):
        if at not in found:
            end = text.find(":", at)
            found.update(range(at, (len(text) if end < 0 else end) + 1))
    return found


def whole_arn(pattern: str) -> str:
    """A pattern of ARNs that ends early, made whole: what it leaves out may be anything."""
    given = _VARIABLE.sub("", pattern).count(":") + 1
    return pattern + ":*" * (_SEGMENTS - given)


def matches_resource(symbols: Sequence[Symbol], resource: str) -> bool:
    """Whether a resource is what an element ``Resource`` says.

    Wildcards keep to their segment of the ARN; a ``*`` that ends its segment goes beyond.
    """
    kept: list[Symbol] = []
    colons = 0
    for symbol, following in zip(symbols, [*symbols[1:], ":"], strict=True):
        colons += symbol == ":"
        beyond = colons >= _SEGMENTS - 1 or (symbol is Wild.ANY and following == ":")
        kept.append(_WITHIN[symbol] if isinstance(symbol, Wild) and not beyond else symbol)
    return matches(kept, resource)


def matches_arn(symbols: Sequence[Symbol], arn: str) -> bool:
    """Whether each of an ARN's six segments is what the same segment of the pattern says."""
    parts, patterns = arn.split(":", _SEGMENTS - 1), _segments(symbols)
    if len(parts) != _SEGMENTS:
        return False
    if len(patterns) != _SEGMENTS:
        return list(symbols) == [Wild.ANY]
    return all(matches(pattern, part) for pattern, part in zip(patterns, parts, strict=True))


def _segments(symbols: Sequence[Symbol]) -> list[list[Symbol]]:
    found: list[list[Symbol]] = [[]]
    for symbol in symbols:
        if symbol == ":" and len(found) < _SEGMENTS:
            found.append([])
        else:
            found[-1].append(symbol)
    return found
