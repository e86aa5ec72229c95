"""Regular expressions of queries, at work.

Lives here: `compile_regex` and `Compiled`. Python's `re` carries them out. It may try many ways
through an expression, so that what could make it try without end is refused: a repeat within a
repeat, references back. AWS's engine reads (?<name>...) for a group with a name.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from awsmon.lang.insights_ql.errors import QueryError

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_constants
    import sre_parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.lang.insights_ql.tree import Span

__all__ = ["Compiled", "compile_regex"]

_NAMED = re.compile(r"\(\?P?<([A-Za-z_@][A-Za-z0-9_@.]*)>")
_FLAGS = re.compile(r"\(\?([imsx]+)\)")
_MANY = 64  # times: as good as without bound
_REPEATS = (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT)


class Compiled:
    """A regular expression.

    Attributes:
        names: of its groups, in order; empty where one has none.
    """

    def __init__(self, pattern: re.Pattern[str], names: tuple[str, ...]) -> None:
        self.pattern, self.names = pattern, names

    def matches(self, text: str) -> bool:
        """Whether it is found in a text."""
        return self.pattern.search(text) is not None

    def groups(self, text: str) -> Sequence[str | None] | None:
        """What its groups hold where it is found first."""
        found = self.pattern.search(text)
        return found.groups() if found else None

    def all_groups(self, text: str) -> list[Sequence[str | None]]:
        """The same for each place where it is found."""
        return [found.groups() for found in self.pattern.finditer(text)]

    def replace(self, text: str, replacement: str) -> str:
        """Put a text in each of these places."""
        return self.pattern.sub(lambda _: replacement, text)


def compile_regex(source: str, text: str, at: Span) -> Compiled:
    """An expression that stands there in a query.

    Raises:
        QueryError: it is none, or could take without end.
    """
    found = _compiled(source)
    if isinstance(found, str):
        message = f"Invalid regular expression: {found}"
        raise QueryError(message, text, at.start, None, at.end)
    return found


@lru_cache(maxsize=1024)
def _compiled(source: str) -> Compiled | str:
    """The expression, or what is wrong with it."""
    names: list[str] = []

    def group(found: re.Match[str]) -> str:
        names.append(found[1])
        return f"(?P<g{len(names) - 1}>"

    flags = {flag for found in _FLAGS.finditer(source) for flag in found[1]}
    written = _NAMED.sub(group, _FLAGS.sub("", source))
    if flags:
        written = f"(?{''.join(sorted(flags))})" + written
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = sre_parse.parse(written)
            pattern = re.compile(written)
    except (re.error, RecursionError, OverflowError, ValueError) as error:
        return str(error)
    if wrong := _endless(tree, within=False):
        return wrong
    found = [""] * pattern.groups
    for name, index in pattern.groupindex.items():
        found[index - 1] = names[int(name[1:])]
    return Compiled(pattern, tuple(found))


def _endless(tree: Any, *, within: bool) -> str | None:
    """What in a parsed expression could make the engine try without end; None: nothing."""
    for operator, argument in tree:
        if operator is sre_constants.GROUPREF:
            return "references back are not supported"
        inner = within
        if operator in _REPEATS:
            _, most, _ = argument
            if within and most > 1:
                return "a repeat within a repeat is not supported"
            inner = within or most > _MANY
        for part in _parts(argument):
            if wrong := _endless(part, within=inner):
                return wrong
    return None


def _parts(argument: Any) -> list[Any]:
    """The expressions within a part of one."""
    if isinstance(argument, sre_parse.SubPattern):
        return [argument]
    if isinstance(argument, (tuple, list)):
        return [part for each in argument for part in _parts(each)]
    return []
