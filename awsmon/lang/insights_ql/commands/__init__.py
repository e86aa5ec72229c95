"""The commands of queries, each a class that is read, printed and compiled.

Lives here: `COMMANDS`, from the words by which they are called, and `UNBUILT`, those that AWS has
and that say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.commands.choosing import Display, Fields, Unnest
from awsmon.lang.insights_ql.commands.filtering import Filter, FilterIndex
from awsmon.lang.insights_ql.commands.joining import Join, Lookup
from awsmon.lang.insights_ql.commands.ordering import Dedup, Limit, Sort
from awsmon.lang.insights_ql.commands.parsing import Parse
from awsmon.lang.insights_ql.commands.patterns import Pattern
from awsmon.lang.insights_ql.commands.stats import Stats

if TYPE_CHECKING:
    from awsmon.lang.insights_ql.query import Command

__all__ = ["COMMANDS", "UNBUILT"]

_ALL: tuple[type[Command], ...] = (
    Fields, Display, Filter, FilterIndex, Stats, Sort, Limit, Dedup, Parse, Unnest, Lookup, Join,
    Pattern,
)  # fmt: skip
COMMANDS: dict[str, type[Command]] = {word: each for each in _ALL for word in each.words}

UNBUILT = frozenset(
    [
        "anomaly",
        "diff",
        "accum",
        "addtotals",
        "autoregress",
        "filldown",
        "fillmissing",
        "countfrequent",
        "outlier",
        "sessionize",
        "appendcols",
        "logcompare",
        "cidrlookup",
        "relevantfields",
        "estimate",
        "expand",
        "search",
        "tail",
    ]
)
"""Source: User Guide, "Supported commands" (2026)."""
