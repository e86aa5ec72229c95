"""Series over five minutes, written as lists, and surroundings that hold them."""

from __future__ import annotations

from awsmon.lang.metric_math.compiler import compile_expression
from awsmon.lang.metric_math.series import TimeSeries
from awsmon.lang.metric_math.types import Type

START = 1_772_452_800  # 2026-03-02T12:00:00Z, a Monday
GRID = range(START, START + 300, 60)


def series(values, grid=GRID, label=""):
    """One series; None: no point."""
    points = {at: float(value) for at, value in zip(grid, values, strict=True) if value is not None}
    return TimeSeries(grid, points, label, "stored")


def listed(found):
    """The other way round; of an array, a list of them."""
    if isinstance(found, tuple):
        return [listed(each) for each in found]
    return [found.points.get(at) for at in found.grid]


class World:
    """What an expression is evaluated in.

    Args:
        metrics: Id to values, or to series.
    """

    grid = GRID

    def __init__(self, **metrics):
        self.found = {
            name: values if isinstance(values, TimeSeries) else series(values, label=name)
            for name, values in metrics.items()
        }
        self.asked = []

    def value(self, name):
        return self.found[name]

    def metrics(self, part):
        return tuple(found for name, found in self.found.items() if part in name)

    def outside(self, name, arguments):
        self.asked.append((name, arguments))
        return tuple(self.found.values())

    def run(self, text):
        """The value of an expression, series as lists."""
        compiled = compile_expression(text, dict.fromkeys(self.found, Type.METRIC))
        found = compiled.run(self)
        return found if isinstance(found, float) else listed(found)
