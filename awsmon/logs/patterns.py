"""Filter patterns, compiled once for all who use them.

Lives here: `matcher` and `checked`. The language itself is `lang/filter_pattern`.
"""

from __future__ import annotations

import functools

from awsmon.lang.filter_pattern.compiler import Matcher, compile_pattern
from awsmon.lang.filter_pattern.parser import parse
from awsmon.lang.text import LanguageError
from awsmon.logs.errors import InvalidParameterException

__all__ = ["checked", "matcher"]


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
