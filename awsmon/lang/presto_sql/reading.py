"""From text to a statement, as sqlglot reads Trino's SQL.

Lives here: `Statement` and `read`. A table may have a name that is no name in SQL: CloudTrail
Lake's are UUIDs. What a statement means is `translating.py`'s.
Source: Trino's documentation, "SELECT"; CloudTrail User Guide, "CloudTrail Lake SQL constraints".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from awsmon.lang.text import LanguageError

__all__ = ["Statement", "read"]

_UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_TOKEN = re.compile(rf"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|(?<![\w-])({_UUID})(?![\w-])""")
_PLACE = re.compile(r"Line (\d+), Col: (\d+)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A SELECT that was read.

    Attributes:
        text: as it was given.
        tree: sqlglot's.
        tables: the names of the tables that it reads, in order.
        words: all names in it, in lower case; None: it asks for all columns of a table.
    """

    text: str
    tree: Any
    tables: tuple[str, ...]
    words: frozenset[str] | None


def read(text: str) -> Statement:
    """Read a statement.

    Raises:
        LanguageError: it is none, or no SELECT.
        ImportError: sqlglot isn't installed.
    """
    import sqlglot
    from sqlglot import errors, exp

    quoted = _TOKEN.sub(lambda found: f'"{found[1]}"' if found[1] else found[0], text)
    try:
        trees = [each for each in sqlglot.parse(quoted, read="trino") if each is not None]
    except errors.SqlglotError as error:
        raise _refused(error, text) from error
    except Exception as error:  # what it stumbles over is no statement either
        raise LanguageError("it can't be read", text, 0) from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query) or trees[0].find(exp.Into):
        raise LanguageError("expected one SELECT statement", text, 0)
    return Statement(text, trees[0], _tables(trees[0]), _words(trees[0]))


def _tables(tree: Any) -> tuple[str, ...]:
    from sqlglot import exp

    known = {each.alias_or_name for each in tree.find_all(exp.CTE)}
    names = (each.name for each in tree.find_all(exp.Table))
    return tuple(dict.fromkeys(name for name in names if name and name not in known))


def _words(tree: Any) -> frozenset[str] | None:
    from sqlglot import exp

    if any(not isinstance(each.parent, exp.Count) for each in tree.find_all(exp.Star)):
        return None
    return frozenset(each.name.lower() for each in tree.find_all(exp.Identifier))


def _refused(error: Exception, text: str) -> LanguageError:
    message = str(error)
    found, position = _PLACE.search(message), 0
    if found:  # the end of what is wrong
        lines = text.splitlines(keepends=True)
        wrong = next((each["highlight"] for each in getattr(error, "errors", ())), None) or ""
        position = sum(map(len, lines[: int(found[1]) - 1])) + int(found[2]) - len(wrong)
    words = re.sub(r"\x1b\[\d+m", "", message).splitlines()[0] if message else "no statement"
    return LanguageError(words, text, min(max(position, 0), len(text)))
