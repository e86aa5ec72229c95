"""Filter patterns, compiled once for all who use them.

Lives here: `matcher`, `checked`, and the quota of regular expressions, `check_quota`. The language
itself is `lang/filter_pattern`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from awsmon.lang.filter_pattern.compiler import Matcher, compile_pattern
from awsmon.lang.filter_pattern.parser import parse
from awsmon.lang.text import LanguageError
from awsmon.logs.errors import InvalidParameterException, LimitExceededException

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["check_quota", "checked", "matcher"]

MOST_REGEXES = 5  # in all filters of a group


@functools.lru_cache(maxsize=1024)
def matcher(pattern: str) -> Matcher:
    """The matcher of a pattern that was found good.

    Raises:
        LanguageError: it isn't.
    """
    return compile_pattern(parse(pattern))


def checked(pattern: str) -> Matcher:
    """The matcher of a pattern that came with a request.

    Raises:
        InvalidParameterException: the language refuses it.
    """
    try:
        return matcher(pattern)
    except LanguageError as error:
        raise InvalidParameterException.pattern(error) from error


def check_quota(pattern: Matcher, others: Iterable[str]) -> None:
    """See whether a group whose filters have these other patterns takes one more.

    Raises:
        LimitExceededException: together they have too many regular expressions.
    """
    found = sum(matcher(each).regexes for each in others)
    if pattern.regexes and found + pattern.regexes > MOST_REGEXES:
        raise LimitExceededException.resource()
