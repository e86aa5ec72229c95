"""The aggregation expression of a log alarm: `aggregation`. Source: API reference, PutLogAlarm."""

from __future__ import annotations

from typing import NamedTuple

from awsmon.lang.insights_ql.commands.stats import Stats
from awsmon.lang.insights_ql.parser import parse
from awsmon.lang.text import LanguageError

__all__ = ["Aggregation", "aggregation"]


class Aggregation(NamedTuple):
    """``avg(latency) by host | sort desc``, read.

    Attributes:
        text: without the order.
        value: the name of the column with the values.
        labels: those of the other columns.
    """

    text: str
    value: str
    labels: tuple[str, ...]


def aggregation(expression: str) -> Aggregation:
    """Read an aggregation expression.

    Raises:
        LanguageError: it is none.
    """
    text, _, order = expression.partition("|")
    if order and order.split() not in (["sort", "asc"], ["sort", "desc"]):
        raise LanguageError("sort asc or sort desc is expected", expression, len(text) + 1)
    [command, *others] = parse(f"stats {text}").commands
    if not isinstance(command, Stats) or others or len(command.items) != 1:
        raise LanguageError("one aggregation is expected", expression, 0)
    labels = tuple(item.name for item in command.by)
    return Aggregation(text.strip(), command.items[0].name, labels)
