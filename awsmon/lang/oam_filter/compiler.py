"""What the filter of a link means: a function that says which names pass.

Lives here: `compile_filter`. Case counts.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from awsmon.lang.oam_filter.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.lang.oam_filter.tree import Comparison

    OfName = Callable[[str], bool]

__all__ = ["compile_filter"]


@functools.lru_cache(maxsize=256)
def compile_filter(text: str, subject: str) -> OfName:
    """Whether a name passes the filter; the arguments are `parse`'s.

    Raises:
        LanguageError: it is not of the language.
    """
    either = [[_test(each) for each in all_of] for all_of in parse(text, subject).either]
    return lambda name: any(all(test(name) for test in all_of) for all_of in either)


def _test(comparison: Comparison) -> OfName:
    wanted, negated = comparison.values, comparison.negated
    if comparison.sign == "LIKE":
        return lambda name: name.startswith(wanted) is not negated
    names = frozenset(wanted)
    return lambda name: (name in names) is not negated
