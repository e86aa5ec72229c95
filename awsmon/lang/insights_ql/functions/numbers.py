"""Numeric and general functions. Source: User Guide, "Numeric operators", "General functions"."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from awsmon.lang.insights_ql.functions.registry import (
    ANY,
    CONDITION,
    NUMBER,
    TEXT,
    constant,
    function,
    many,
    optional,
)
from awsmon.lang.insights_ql.values import number_of

if TYPE_CHECKING:
    from awsmon.lang.insights_ql.context import QueryContext

_EARTH = 6371.0088  # kilometres, the mean radius


@function("abs", NUMBER)
def absolute(number: float) -> float:
    return abs(number)


@function("ceil", NUMBER)
def ceil(number: float) -> float | None:
    return math.ceil(number) if math.isfinite(number) else None


@function("floor", NUMBER)
def floor(number: float) -> float | None:
    return math.floor(number) if math.isfinite(number) else None


@function("greatest", NUMBER, many(NUMBER))
def greatest(*numbers: float) -> float:
    return max(numbers)


@function("least", NUMBER, many(NUMBER))
def least(*numbers: float) -> float:
    return min(numbers)


@function("log", NUMBER)
def log(number: float) -> float | None:
    return math.log(number) if number > 0 else None


@function("sqrt", NUMBER)
def sqrt(number: float) -> float | None:
    return _double(number) ** 0.5 if number >= 0 else None


@function("round", NUMBER, optional(NUMBER))
def rounded(number: float, places: float = 0) -> float | None:
    """Halves away from zero, as Java's Math.round does above it."""
    if not math.isfinite(number) or not -300 <= places <= 300:
        return None
    if places > 15:
        return number
    scale = 10.0 ** int(places)
    scaled = math.floor(abs(number) * scale + 0.5) / scale if abs(number) < 1e15 else abs(number)
    found = math.copysign(scaled, number)
    return int(found) if places <= 0 else found


@function("haversine", NUMBER, NUMBER, NUMBER, NUMBER)
def haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float | None:
    if not all(map(math.isfinite, (lat1, lon1, lat2, lon2))):
        return None
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))


@function("histogram", NUMBER, NUMBER)
def histogram(number: float, width: float) -> float | None:
    """The beginning of the bucket; that the second number is a width is seen in a live account."""
    if not math.isfinite(number) or not math.isfinite(width) or width <= 0:
        return None
    return number // width * width


@function("toNumber", NUMBER)
def to_number(number: float) -> float:
    return number


@function("toDouble", NUMBER)
def to_double(number: float) -> float:
    return _double(number)


@function("toInt", NUMBER)
def to_int(number: float) -> int | None:
    return _within(number, 31)


@function("toLong", NUMBER)
def to_long(number: float) -> int | None:
    return _within(number, 63)


def _within(number: float, bits: int) -> int | None:
    if not math.isfinite(number):
        return None
    whole = int(number)
    return whole if -(1 << bits) <= whole < 1 << bits else None


def _double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


# -- general ---------------------------------------------------------------------------------------


@function("ispresent", ANY, nulls=True)
def ispresent(value: object) -> bool:
    return value is not None


@function("coalesce", ANY, many(ANY), nulls=True)
def coalesce(*values: object) -> object:
    return next((value for value in values if value is not None), None)


@function("if", CONDITION, ANY, ANY, nulls=True)
def choose(condition: bool, then: object, otherwise: object) -> object:
    return then if condition else otherwise


@function("isNumeric", ANY, nulls=True)
def is_numeric(value: object) -> bool:
    return number_of(value) is not None


@function("messageSize", TEXT)
def message_size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


@constant("now")
def now(context: QueryContext) -> int:
    """In seconds."""
    return (context.end if context.now is None else context.now) // 1000


@constant("queryStartTime")
def query_start_time(context: QueryContext) -> int:
    return context.start


@constant("queryEndTime")
def query_end_time(context: QueryContext) -> int:
    return context.end


@constant("queryTimeRange")
def query_time_range(context: QueryContext) -> int:
    return context.end - context.start
