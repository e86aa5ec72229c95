"""Random expressions, each of the type it is asked for, as trees."""

from __future__ import annotations

import functools

from hypothesis import strategies as st

from awsmon.lang.metric_math.tree import (
    LEVELS,
    Array,
    Call,
    Name,
    Negation,
    Number,
    Operation,
    Power,
    Step,
    Text,
)

METRICS = ("m1", "m2", "m3")
AGGREGATES = ["SUM", "MIN", "MAX", "AVG", "STDDEV", "DATAPOINT_COUNT"]
EACH = ["ABS", "CEIL", "FLOOR", "LOG", "LOG10", "DIFF", "DIFF_TIME", "RATE", "RUNNING_SUM"]
TIMES = ["MINUTE", "HOUR", "DAY", "DATE", "MONTH", "YEAR", "EPOCH"]

points = st.none() | st.integers(-5, 5).map(float) | st.sampled_from([0.5, 1e200])
values = st.lists(points, min_size=5, max_size=5)
numbers = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, 1e10, 1e-36]).map(Number)
names = st.sampled_from(METRICS).map(Name)


def calls(name, *arguments):
    chosen = st.just(name) if isinstance(name, str) else st.sampled_from(name)
    return st.builds(lambda f, a: Call(f, a), chosen, st.tuples(*arguments))


def words(*found):
    return st.sampled_from([Name(word) for word in found])


def operation(left, *right):
    """Operators of one level, from left to right."""

    def steps(level):
        operators = [each for each in level if each != "*"] if len(right) > 1 else list(level)
        return st.tuples(*(st.builds(Step, st.sampled_from(operators), one) for one in right))

    return st.builds(Operation, left, st.sampled_from(LEVELS).flatmap(steps))


@functools.cache
def scalars(deep):
    if not deep:
        return numbers
    inner, lines, arrays = scalars(deep - 1), series(deep - 1), several(deep - 1)
    return st.one_of(
        numbers, calls(AGGREGATES, lines), calls("METRIC_COUNT", arrays), calls("PERIOD", names),
        st.builds(Negation, inner), st.builds(Power, inner, inner),
        operation(inner, inner), operation(inner, inner, inner),
    )  # fmt: skip


@functools.cache
def series(deep):
    if not deep:
        return names
    numbers_, lines, arrays = scalars(deep - 1), series(deep - 1), several(deep - 1)
    either = lines | numbers_
    return st.one_of(
        names, calls(AGGREGATES, arrays), calls(EACH, lines), calls(TIMES, lines),
        calls(["FIRST", "LAST"], arrays), calls("TIME_SERIES", numbers_),
        calls("FILL", lines, either | words("REPEAT", "LINEAR")),
        calls("IF", lines, either), calls("IF", lines, either, either),
        calls("IF", numbers_, lines), calls("IF", numbers_, lines, either),
        st.builds(Negation, lines), st.builds(Power, lines, numbers_),
        operation(lines, either), operation(numbers_, lines, either),
    )  # fmt: skip


@functools.cache
def several(deep):
    texts = st.sampled_from(["'m'", '"1"', "'none'"]).map(Text)
    base = st.just(Call("METRICS", ())) | st.builds(lambda text: Call("METRICS", (text,)), texts)
    if not deep:
        return base
    numbers_, lines, arrays = scalars(deep - 1), series(deep - 1), several(deep - 1)
    statistics, orders = words("AVG", "SUM", "MIN", "MAX"), words("ASC", "DESC")
    return st.one_of(
        base, st.builds(Array, st.tuples(lines) | st.tuples(lines, arrays)),
        calls(EACH, arrays), calls("REMOVE_EMPTY", arrays),
        calls("FILL", arrays, lines | numbers_ | words("REPEAT", "LINEAR")),
        calls("SORT", arrays, statistics, orders),
        calls("SORT", arrays, statistics, orders, numbers_),
        calls("SLICE", arrays, numbers_), calls("SLICE", arrays, numbers_, numbers_),
        st.builds(Negation, arrays), operation(arrays, lines | numbers_),
        operation(lines | numbers_, arrays),
    )  # fmt: skip


expressions = scalars(3) | series(3) | several(3)
