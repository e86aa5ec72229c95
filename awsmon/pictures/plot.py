"""Charts over time, as inline SVG with HTML around it.

Lives here: `Plot` and what can be drawn on it. The drawing is stretched to whatever room there is
and its strokes are not; what is written stands beside it as HTML, so that it stays as large on a
telephone as on a wall.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from awsmon.pictures import scales
from awsmon.pictures.markup import Markup, joined, tag
from awsmon.pictures.scales import Span, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo
    from typing import TypeAlias

    Points: TypeAlias = Sequence[tuple[float, float]]

__all__ = ["Area", "Line", "Plot", "Rule", "Upright", "Zone", "colour", "percent", "times"]

_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|var\(--[a-z-]+\)|[a-zA-Z]{3,20}")


def colour(given: str | None, otherwise: str) -> str:
    """A colour that may stand in a style; whatever else was given is not taken."""
    return given if given and _COLOUR.fullmatch(given) else otherwise


def percent(share: float) -> str:
    """``12.5%``."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True, slots=True)
class Line:
    """A series; what is further apart than *gap* isn't joined, and a point alone is a dot.

    Attributes:
        marked: points with a dot of their own, as those that breach.
    """

    points: Points
    colour: str
    label: str = ""
    gap: float = float("inf")
    right: bool = False
    marked: Points = ()


@dataclass(frozen=True, slots=True)
class Area:
    """What lies between two courses with the same instants."""

    times: Sequence[float]
    lower: Sequence[float]
    upper: Sequence[float]
    colour: str
    opacity: float = 0.25
    right: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of time; *kind* is a class that colours it."""

    start: float
    end: float
    kind: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A value, across.

    Attributes:
        fill: the other end of what is filled from it; None: nothing is.
    """

    value: float
    label: str = ""
    colour: str = "var(--alarm)"
    right: bool = False
    fill: float | None = None


@dataclass(frozen=True, slots=True)
class Upright:
    """An instant."""

    at: float
    label: str = ""
    colour: str = "var(--soft)"


@dataclass(slots=True)
class Plot:
    """A chart.

    Attributes:
        says: what it shows, for those who don't see it.
        left, right: least and greatest value of an axis, where they are given.
        units: what is written at the axes.
    """

    span: Span
    says: str
    lines: list[Line] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    uprights: list[Upright] = field(default_factory=list)
    left: tuple[float | None, float | None] = (None, None)
    right: tuple[float | None, float | None] = (None, None)
    units: tuple[str, str] = ("", "")
    zone: tzinfo | None = None
    ticks: int = 5

    def draw(self) -> Markup:
        """The chart."""
        two = any(each.right for each in self.lines)
        left = self._range(right=False)
        right = self._range(right=True) if two else left
        return tag(
            "div",
            _axis(left, "left"),
            tag(
                "div",
                tag("svg", *self._shapes(left, right), viewBox="0 0 1000 1000",
                    preserveAspectRatio="none", aria_hidden="true"),
                *self._labels(left, right),
                class_="canvas", **self._scales(left, right),
            ),
            _axis(right, "right") if two else None,
            self._time(),
            class_="plot two" if two else "plot", role="img", aria_label=self.says,
        )  # fmt: skip

    def _scales(self, left: tuple[float, float], right: tuple[float, float]) -> dict[str, str]:
        """By which a reader's pointer tells time and values; times as they are written."""
        at = datetime.fromtimestamp(self.span.start, self.zone or timezone.utc)
        ahead = at.utcoffset() or timedelta()
        told = (self.span.start, self.span.end, ahead.total_seconds())
        return {"data_span": " ".join(f"{each:.3f}" for each in told),
                "data_left": f"{left[0]!r} {left[1]!r}",
                "data_right": f"{right[0]!r} {right[1]!r}"}  # fmt: skip

    def _range(self, *, right: bool) -> tuple[float, float]:
        """Zero is in it unless the values are all far from it."""
        found = [value for each in self.lines if each.right is right for _, value in each.points]
        for area in self.areas:
            if area.right is right:
                found += [*area.lower, *area.upper]
        found += [each.value for each in self.rules if each.right is right]
        low, high = (min(found), max(found)) if found else (0.0, 1.0)
        if low > 0 and high - low > low / 10:
            low = 0.0
        if low == high:
            low, high = (0.0, high * 2) if high > 0 else (low - 1, high + 1)
        room = (high - low) * 0.08
        given = self.right if right else self.left
        least = given[0] if given[0] is not None else (low if low == 0 else low - room)
        most = given[1] if given[1] is not None else high + room
        return (least, most) if least < most else (most - 1, most)

    # -- shapes ------------------------------------------------------------------------------------

    def _shapes(
        self, left: tuple[float, float], right: tuple[float, float]
    ) -> Iterable[Markup | None]:
        for zone in self.zones:
            x = self._x(zone.start)
            style = f"fill:{zone.colour}" if zone.colour else None
            yield tag("rect", x=_text(x), y="0", width=_text(self._x(zone.end) - x), height="1000",
                      class_=f"zone {zone.kind}", style=style)  # fmt: skip
        for value in scales.values(*left):
            yield tag("path", d=f"M0 {_y(value, left)}H1000", class_="grid")
        for area in self.areas:
            yield self._area(area, right if area.right else left)
        for rule in self.rules:
            yield from _ruled(rule, right if rule.right else left)
        for upright in self.uprights:
            yield tag("path", d=f"M{_text(self._x(upright.at))} 0V1000", class_="rule",
                      style=f"stroke:{upright.colour}")  # fmt: skip
        for line in self.lines:
            yield from self._line(line, right if line.right else left)

    def _x(self, at: float) -> float:
        return 1000 * self.span.share(at)

    def _area(self, area: Area, axis: tuple[float, float]) -> Markup | None:
        if not area.times:
            return None
        there = [f"{_text(self._x(at))} {_y(value, axis)}"
                 for at, value in zip(area.times, area.upper, strict=True)]  # fmt: skip
        back = [f"{_text(self._x(at))} {_y(value, axis)}"
                for at, value in zip(area.times, area.lower, strict=True)][::-1]  # fmt: skip
        return tag("path", d=f"M{'L'.join(there + back)}Z",
                   style=f"fill:{area.colour};fill-opacity:{area.opacity}")  # fmt: skip

    def _line(self, line: Line, axis: tuple[float, float]) -> Iterable[Markup]:
        runs: list[list[tuple[float, float]]] = []
        for point in line.points:
            if runs and point[0] - runs[-1][-1][0] <= line.gap:
                runs[-1].append(point)
            else:
                runs.append([point])
        style, side = f"stroke:{line.colour}", "right" if line.right else "left"
        joined_up = [run for run in runs if len(run) > 1]
        if joined_up:
            d = "".join("M" + "L".join(self._at(*point, axis) for point in run)
                        for run in joined_up)  # fmt: skip
            yield tag("path", d=d, class_="line", style=style, data_axis=side,
                      data_label=line.label)  # fmt: skip
        alone = [run[0] for run in runs if len(run) == 1]
        if alone:
            yield tag("path", d=self._dots(alone, axis), class_="dots", style=style,
                      data_axis=side, data_label=line.label)  # fmt: skip
        if line.marked:
            yield tag("path", d=self._dots(line.marked, axis), class_="dots breaching")

    def _dots(self, points: Points, axis: tuple[float, float]) -> str:
        """Lines without length, whose ends are round."""
        return "".join(f"M{self._at(at, value, axis)}h0" for at, value in points)

    def _at(self, at: float, value: float, axis: tuple[float, float]) -> str:
        return f"{_text(self._x(at))} {_y(value, axis)}"

    # -- what is written ---------------------------------------------------------------------------

    def _labels(self, left: tuple[float, float], right: tuple[float, float]) -> Iterable[Markup]:
        for unit, side in zip(self.units, ("unit", "unit right"), strict=True):
            if unit:
                yield tag("span", unit, class_=side)
        for rule in self.rules:
            if rule.label:
                top = _share(rule.value, right if rule.right else left)
                yield tag("span", rule.label, class_="ruled" if top > 0.15 else "ruled below",
                          style=f"top:{percent(top)}")  # fmt: skip
        for upright in self.uprights:
            if upright.label:
                yield tag("span", upright.label, class_="upright",
                          style=f"left:{percent(self.span.share(upright.at))}")  # fmt: skip

    def _time(self) -> Markup:
        zone = {} if self.zone is None else {"zone": self.zone}
        found = scales.instants(self.span, self.ticks, **zone)
        return times(self.span, found)


def times(span: Span, ticks: Iterable[tuple[float, str]]) -> Markup:
    """What is written below a time axis."""
    return tag("div", *(
        tag("span", written, style=f"left:{percent(span.share(at))}") for at, written in ticks
    ), class_="times", aria_hidden="true")  # fmt: skip


def _axis(axis: tuple[float, float], side: str) -> Markup:
    marks = joined(
        tag("span", short(value), style=f"top:{percent(_share(value, axis))}")
        for value in scales.values(*axis)
    )
    return tag("div", marks, class_=f"values {side}", aria_hidden="true")


def _ruled(rule: Rule, axis: tuple[float, float]) -> Iterable[Markup]:
    y = _y(rule.value, axis)
    if rule.fill is not None:
        other = _y(min(max(rule.fill, axis[0]), axis[1]), axis)
        yield tag("path", d=f"M0 {y}H1000V{other}H0Z",
                  style=f"fill:{rule.colour};fill-opacity:.12")  # fmt: skip
    yield tag("path", d=f"M0 {y}H1000", class_="rule", style=f"stroke:{rule.colour}")


def _share(value: float, axis: tuple[float, float]) -> float:
    return (axis[1] - value) / (axis[1] - axis[0])


def _y(value: float, axis: tuple[float, float]) -> str:
    return _text(1000 * min(max(_share(value, axis), -10.0), 10.0))


def _text(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
