"""The types of metric math, and how a wrong one is told.

Lives here: `Type`, `WORDS`, and the errors of names and types. Source: User Guide, "Data type
abbreviations".
"""

from __future__ import annotations

from enum import Flag, auto
from typing import TYPE_CHECKING

from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["WORDS", "Type", "function_not_found", "name_not_found", "unsupported"]


class Type(Flag):
    """What an expression yields; a parameter takes any of several."""

    SCALAR = auto()
    METRIC = auto()  # a series as it was stored
    COMPUTED = auto()
    SERIES = METRIC | COMPUTED
    ARRAY = auto()  # of series
    TEXT = auto()
    TEXTS = auto()  # an array of them
    FILLING = auto()  # words
    STATISTIC = auto()
    ORDER = auto()


WORDS = {
    "REPEAT": Type.FILLING, "LINEAR": Type.FILLING, "AVG": Type.STATISTIC, "MIN": Type.STATISTIC,
    "MAX": Type.STATISTIC, "SUM": Type.STATISTIC, "ASC": Type.ORDER, "DESC": Type.ORDER,
}  # fmt: skip

_NAMES = {
    Type.SCALAR: "Scalar", Type.METRIC: "TimeSeries", Type.COMPUTED: "TimeSeries",
    Type.ARRAY: "Array[TimeSeries]",
}  # fmt: skip


def unsupported(operation: str, types: Sequence[Type], text: str, at: int) -> LanguageError:
    """An operator or a function that takes nothing of the kind. Wording unverified."""
    names = ", ".join(_NAMES.get(each, "String") for each in types)
    message = f"Unsupported operand type(s) for {operation}: '[{names}]'"
    return LanguageError(message, text, at, message)


def function_not_found(function: str, text: str, at: int) -> LanguageError:
    """No such function. Wording: as users report it."""
    message = f"Function '{function}' not found"
    return LanguageError(message, text, at, message)


def name_not_found(name: str, text: str, at: int) -> LanguageError:
    """No query has that Id. Wording unverified."""
    message = f"ID '{name}' not found"
    return LanguageError(message, text, at, message)
