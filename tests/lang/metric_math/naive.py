"""Metric math as one would write it first: lists with holes, no types, no sharing."""

from __future__ import annotations

import math
from datetime import datetime, timezone

from awsmon.lang.metric_math import tree

NAN = math.nan


def evaluate(node, metrics, grid):
    """A number, a list of numbers and None, or a tuple of such lists."""

    def of(inner):
        return evaluate(inner, metrics, grid)

    match node:
        case tree.Number(value):
            return value
        case tree.Name(name):
            return metrics.get(name, name)
        case tree.Text():
            return node.value
        case tree.Array(items):
            found = []
            for item in map(of, items):
                found += item if isinstance(item, tuple) else [item]
            return tuple(found)
        case tree.Negation(operand):
            return operate("-", 0.0, of(operand))
        case tree.Power(base, exponent):
            return operate("^", of(base), of(exponent))
        case tree.Operation(first, steps):
            value = of(first)
            for step in steps:
                value = operate(step.operator, value, of(step.operand))
            return value
        case tree.Call(name, arguments):
            return call(name, [of(each) for each in arguments], metrics, grid)
    raise AssertionError(node)


def number(x):
    """NaN for what isn't finite."""
    return x if math.isfinite(x) else NAN


def calculate(operator, x, y):
    if math.isnan(x) or math.isnan(y):
        return NAN
    try:
        match operator:
            case "+":
                return number(x + y)
            case "-":
                return number(x - y)
            case "*":
                return number(x * y)
            case "/":
                return number(x / y)
            case "^":
                return number(math.pow(x, y))
            case "==":
                return float(x == y)
            case "!=":
                return float(x != y)
            case "<=":
                return float(x <= y)
            case ">=":
                return float(x >= y)
            case "<":
                return float(x < y)
            case ">":
                return float(x > y)
            case "AND" | "&&":
                return float(bool(x) and bool(y))
            case "OR" | "||":
                return float(bool(x) or bool(y))
    except (ZeroDivisionError, ValueError, OverflowError):
        return NAN
    raise AssertionError(operator)  # fmt: skip


def operate(operator, x, y):
    if isinstance(x, tuple):
        return tuple(operate(operator, each, y) for each in x)
    if isinstance(y, tuple):
        return tuple(operate(operator, x, each) for each in y)
    if isinstance(x, float) and isinstance(y, float):
        return calculate(operator, x, y)
    size = len(x if isinstance(x, list) else y)
    found = []
    for place in range(size):
        both = [side[place] if isinstance(side, list) else side for side in (x, y)]
        absent = [one is None for one, side in zip(both, (x, y), strict=True)
                  if isinstance(side, list)]  # fmt: skip
        if all(absent):
            found.append(None)
        else:
            found.append(hole(calculate(operator, *[0.0 if one is None else one for one in both])))
    return found


def hole(x):
    return None if x is None or math.isnan(x) else x


def reduce_(name, values, periods):
    values = [value for value in values if value is not None]
    if name == "DATAPOINT_COUNT":
        return float(len(values))
    if not values:
        return NAN
    padded = values + [0.0] * (periods - len(values))
    match name:
        case "SUM":
            return number(sum(values))
        case "MIN":
            return min(values)
        case "MAX":
            return max(values)
        case "AVG":
            return number(sum(padded) / len(padded))
        case "STDDEV":
            return number(deviation(padded))
    raise AssertionError(name)  # fmt: skip


def deviation(values):
    mean = sum(values) / len(values)
    return math.hypot(*(value - mean for value in values)) / math.sqrt(len(values))


def call(name, given, metrics, grid):
    first = given[0] if given else None
    if name in ("SUM", "MIN", "MAX", "AVG", "STDDEV", "DATAPOINT_COUNT"):
        if isinstance(first, list):
            return reduce_(name, first, len(grid))
        if not first:
            return [None] * len(grid)
        columns = zip(*first, strict=True)
        return [None if all(v is None for v in column)
                else hole(reduce_(name, column, len(first))) for column in columns]  # fmt: skip
    if isinstance(first, tuple) and name in EACH:
        return tuple(EACH[name](each, grid, *given[1:]) for each in first)
    if name in EACH:
        return EACH[name](first, grid, *given[1:])
    return OTHERS[name](given, metrics, grid)


def each_value(function):
    def run(values, _grid):
        found = []
        for value in values:
            try:
                found.append(None if value is None else float(function(value)))
            except ValueError:
                found.append(None)
        return found

    return run


def each_time(function):
    return lambda _, grid: [float(function(datetime.fromtimestamp(t, timezone.utc))) for t in grid]


def between(function):
    def run(values, grid):
        found, last = [None] * len(values), None
        for place, value in enumerate(values):
            if value is None:
                continue
            if last is not None:
                found[place] = function(value - values[last], grid[place] - grid[last])
            last = place
        return found

    return run


def running_sum(values, _grid):
    return [None if v is None else sum(x for x in values[: n + 1] if x is not None)
            for n, v in enumerate(values)]  # fmt: skip


def fill(values, _grid, filling):
    found = list(values)
    for place, value in enumerate(values):
        if value is not None:
            continue
        before = [n for n in range(place) if values[n] is not None]
        after = [n for n in range(place, len(values)) if values[n] is not None]
        if isinstance(filling, float):
            found[place] = hole(filling)
        elif isinstance(filling, list):
            found[place] = filling[place]
        elif filling == "REPEAT" and before:
            found[place] = values[before[-1]]
        elif filling == "LINEAR" and before and after:
            one, other = before[-1], after[0]
            share = (place - one) / (other - one)
            found[place] = values[one] * (1 - share) + values[other] * share
    return found


EACH = {
    "ABS": each_value(abs), "CEIL": each_value(math.ceil), "FLOOR": each_value(math.floor),
    "LOG": each_value(math.log), "LOG10": each_value(math.log10),
    "DIFF": between(lambda rise, _: rise), "RATE": between(lambda rise, time: rise / time),
    "DIFF_TIME": between(lambda _, time: float(time)),
    "RUNNING_SUM": running_sum, "FILL": fill,
    "MINUTE": each_time(lambda t: t.minute), "HOUR": each_time(lambda t: t.hour),
    "DAY": each_time(lambda t: t.weekday() + 1), "DATE": each_time(lambda t: t.day),
    "MONTH": each_time(lambda t: t.month), "YEAR": each_time(lambda t: t.year),
    "EPOCH": each_time(lambda t: t.timestamp()),
}  # fmt: skip


def if_(given, _metrics, grid):
    condition, then, *otherwise = given
    otherwise = otherwise[0] if otherwise else [None] * len(grid)
    if isinstance(condition, float):
        if math.isnan(condition):
            return [None] * len(grid)
        chosen = otherwise if condition == 0 else then
        return chosen if isinstance(chosen, list) else [hole(chosen)] * len(grid)
    found = []
    for place, test in enumerate(condition):
        if test is None:
            found.append(None)
        elif test != 0:
            missing = 0.0 if isinstance(then, list) else None
            value = then[place] if isinstance(then, list) else hole(then)
            found.append(missing if value is None else value)
        else:
            found.append(otherwise[place] if isinstance(otherwise, list) else hole(otherwise))
    return found


def sort(given, _metrics, grid):
    array, name, order, *most = given
    figures = [reduce_(name, each, len(grid)) for each in array]
    known = [n for n, figure in enumerate(figures) if not math.isnan(figure)]
    known.sort(key=lambda n: (figures[n] if order == "ASC" else -figures[n], n))
    known += [n for n, figure in enumerate(figures) if math.isnan(figure)]
    limit = len(array) if not most else place(most[0])
    return tuple(array[n] for n in known)[:limit]


def place(x):
    return 0 if math.isnan(x) else max(int(x), 0)


OTHERS = {
    "IF": if_,
    "SORT": sort,
    "TIME_SERIES": lambda given, _, grid: [hole(given[0])] * len(grid),
    "METRICS": lambda given, metrics, _: tuple(
        v for k, v in metrics.items() if (given[0] if given else "") in k),
    "METRIC_COUNT": lambda given, *_: float(len(given[0])),
    "FIRST": lambda given, _, grid: given[0][0] if given[0] else [None] * len(grid),
    "LAST": lambda given, _, grid: given[0][-1] if given[0] else [None] * len(grid),
    "REMOVE_EMPTY": lambda given, *_: tuple(
        v for v in given[0] if any(x is not None for x in v)),
    "SLICE": lambda given, *_: given[0][place(given[1]):][
        : None if len(given) < 3 else max(place(given[2]) - place(given[1]), 0)],
    "PERIOD": lambda _given, _metrics, grid: float(grid.step),
}  # fmt: skip
