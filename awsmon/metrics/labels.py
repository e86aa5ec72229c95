"""What a series is called.

Lives here: `defaults`, what metrics are called that nobody named; `expanded`, a label with dynamic
parts, as ``[max: ${MAX}] ${LABEL}``. Source: recordings of GetMetricData with several queries; User
Guide, "Using dynamic labels". How figures, times and spans are written isn't documented: here a
figure is the shortest that reads the same, a time is as ``2026-03-02 12:00:00``, a span is in
seconds, and of a series without points or without such a property there is ``--``.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from awsmon.metrics.errors import ValidationError
from awsmon.metrics.reading import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from awsmon.lang.metric_math.series import TimeSeries

__all__ = ["check", "defaults", "expanded", "zone"]

MOST_FIGURES = 5
_NOTHING = "--"
_PART = re.compile(r"\$\{([^}]*)\}")
_PROPERTY = re.compile(r"PROP\('([^']*)'\)")
_ZONE = re.compile(r"([+-])(\d\d)(\d\d)")


def defaults(sources: Sequence[Source]) -> list[str]:
    """Of each what tells it from the others: the name, and namespace and dimensions that differ.

    Statistics and periods tell apart what is the same metric.
    """
    several_namespaces = len({source.key.namespace for source in sources}) > 1
    several_names = len({source.key.name for source in sources}) > 1
    shared = _shared(sources)
    return [
        _default(source, sources_of, shared, several_namespaces, several_names)
        for source, sources_of in _alike(sources)
    ]


def _shared(sources: Sequence[Source]) -> set[tuple[str, str]]:
    """The dimensions that all have."""
    if not sources:
        return set()
    return set.intersection(*(set(source.key.dimensions) for source in sources))


def _alike(sources: Sequence[Source]) -> list[tuple[Source, list[Source]]]:
    """Each with those of the same metric."""
    by_key: dict[object, list[Source]] = {}
    for source in sources:
        by_key.setdefault((source.account, source.key), []).append(source)
    return [(source, by_key[source.account, source.key]) for source in sources]


def _default(
    source: Source, alike: list[Source], shared: set[tuple[str, str]], namespace: bool, name: bool
) -> str:
    parts = [source.key.namespace] if namespace else []
    parts += [pair[1] for pair in source.key.dimensions if pair not in shared]
    if name or not parts:
        parts.append(source.key.name)
    if len({each.statistic for each in alike}) > 1:
        parts.append(source.statistic)
    if len({each.period for each in alike}) > 1:
        parts.append(str(source.period))
    return " ".join(parts)


def zone(text: str) -> timezone:
    """A time zone as ``+0130``.

    Raises:
        ValidationError: it is none. The wording is unverified.
    """
    found = _ZONE.fullmatch(text)
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        raise ValidationError(f"The value {text} for parameter LabelOptions.Timezone is invalid.")
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)


def check(label: str) -> None:
    """Refuse a label with parts that there aren't, or too many. The wordings are unverified."""
    parts = _PART.findall(label)
    for part in parts:
        found = _PROPERTY.fullmatch(part)
        if part != "LABEL" and part not in _FIGURES and not (found and _known(found[1])):
            raise ValidationError(f"Invalid dynamic label: ${{{part}}} is not supported.")
    if parts.count("LABEL") > 1:
        raise ValidationError("Invalid dynamic label: ${LABEL} can be used only once.")
    if sum(part in _FIGURES for part in parts) > MOST_FIGURES:
        raise ValidationError(
            f"Invalid dynamic label: at most {MOST_FIGURES} dynamic values can be used."
        )


def expanded(
    label: str, series: TimeSeries, default: str, now: int, zone: timezone,
    account_label: Callable[[str], str | None],
) -> str:  # fmt: skip
    """A label whose dynamic parts are filled in; ``${LABEL}`` is *default*.

    ``${PROP('AccountLabel')}`` is what *account_label* calls the metric's account.
    """
    if "${" not in label:
        return label

    def filled(part: re.Match[str]) -> str:
        if part[1] == "LABEL":
            return default
        if found := _PROPERTY.fullmatch(part[1]):
            return _property(found[1], series, account_label)
        if not series.points:
            return "0" if part[1] == "DATAPOINT_COUNT" else _NOTHING
        return _FIGURES[part[1]](_Points(series, now, zone))

    return _PART.sub(filled, label)


_PROPERTIES: dict[str, Callable[[Source], str]] = {
    "AccountId": lambda source: source.account,
    "MetricName": lambda source: source.key.name,
    "Namespace": lambda source: source.key.namespace,
    "Region": lambda source: source.region,
    "Stat": lambda source: source.statistic,
}


def _known(name: str) -> bool:
    return name in _PROPERTIES or name in ("AccountLabel", "Period") or name.startswith("Dim.")


def _property(name: str, series: TimeSeries, account_label: Callable[[str], str | None]) -> str:
    if name == "Period":
        return str(series.grid.step)
    if not isinstance(series.source, Source):
        return _NOTHING
    if name == "AccountLabel":
        return account_label(series.source.account) or _NOTHING
    if name in _PROPERTIES:
        return _PROPERTIES[name](series.source)
    return dict(series.source.key.dimensions).get(name.removeprefix("Dim."), _NOTHING)


class _Points:
    """The points of a series, as labels tell of them."""

    def __init__(self, series: TimeSeries, now: int, zone: timezone) -> None:
        points = series.points
        self.values = list(points.values())
        self.now, self.zone, self._points = now, zone, points
        self.first, self.last = next(iter(points)), next(reversed(list(points)))
        self.lowest, self.highest = min(points, key=points.__getitem__), max(
            points, key=points.__getitem__)  # fmt: skip

    def value(self, at: int) -> str:
        return _figure(self._points[at])

    def difference(self, one: int, other: int) -> str:
        return _figure(self._points[other] - self._points[one])

    def time(self, at: int) -> str:
        return datetime.fromtimestamp(at, self.zone).strftime("%Y-%m-%d %H:%M:%S")


def _figure(value: float) -> str:
    return repr(value).removesuffix(".0")


def _span(one: int, other: int) -> str:
    return f"{abs(other - one)}s"


_FIGURES: dict[str, Callable[[_Points], str]] = {
    "AVG": lambda points: _figure(sum(points.values) / len(points.values)),
    "DATAPOINT_COUNT": lambda points: str(len(points.values)),
    "SUM": lambda points: _figure(sum(points.values)),
    "FIRST_LAST_RANGE": lambda points: points.difference(points.first, points.last),
    "FIRST_LAST_TIME_RANGE": lambda points: _span(points.first, points.last),
    "MIN_MAX_RANGE": lambda points: points.difference(points.lowest, points.highest),
    "MIN_MAX_TIME_RANGE": lambda points: _span(points.lowest, points.highest),
}
_POINTS: dict[str, Callable[[_Points], int]] = {
    "FIRST": lambda points: points.first,
    "LAST": lambda points: points.last,
    "MIN": lambda points: points.lowest,
    "MAX": lambda points: points.highest,
}


def _declare(name: str, of: Callable[[_Points], int]) -> None:
    _FIGURES[name] = lambda points: points.value(of(points))
    _FIGURES[f"{name}_TIME"] = lambda points: points.time(of(points))
    _FIGURES[f"{name}_TIME_RELATIVE"] = lambda points: _span(of(points), points.now)


for _name, _of in _POINTS.items():
    _declare(_name, _of)
