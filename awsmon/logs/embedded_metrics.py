"""The embedded metric format: metrics that log events carry in themselves.

Lives here: `EmbeddedMetrics`, `Directive` and the checks. An event whose ``_aws`` object is of
another form counts in ``EMFParsingErrors``; one whose metrics break a rule of PutMetricData in
``EMFValidationErrors``; both are stored as logs and yield no metric. A metric whose target is
missing is passed over, and the others stand. Version 0 of the format, which Container Insights
writes, has all of ``_aws`` at the root. Sources: User Guide, "Specification: Embedded metric
format", "Container Insights performance log reference".
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.core.events import ExtractedDatum, MetricsExtracted
from awsmon.core.neighbours import MetricKey
from awsmon.core.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.core.events import LogEventsPut
    from awsmon.logs.service import Logs

__all__ = ["EmbeddedMetrics", "Unparsable", "Unsound", "extract"]

_DAY = 86_400_000
_LARGEST = 2.0**360
_DIGITS = re.compile("[0-9]{1,15}")


class Unparsable(ValueError):
    """Meant as embedded metric format, and not of its form."""


class Unsound(ValueError):
    """Of its form, and against a rule of metrics."""


class Directive(NamedTuple):
    """One entry of ``CloudWatchMetrics``."""

    namespace: str
    dimension_sets: list[list[str]]
    metrics: list[dict[str, Any]]


class EmbeddedMetrics:
    """Log events in embedded metric format, in one account and region."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def log_events_put(self, event: LogEventsPut) -> None:
        """Hear of log events: those that carry metrics yield them."""
        found: dict[tuple[MetricKey, str, int], Counter[float]] = {}
        for message in event.batch.messages:
            if '"CloudWatchMetrics"' in message and ('"_aws"' in message or '"Version"' in message):
                self._read(event.group, message, found)
        if found:
            self._logs.publish(
                MetricsExtracted(
                    at=self._logs.clock.now(), scope=self._logs.scope,
                    source="embedded metric format",
                    data=tuple(ExtractedDatum(*key, dict(counts)) for key, counts in found.items()),
                )
            )  # fmt: skip

    def _read(
        self, group: str, message: str, found: dict[tuple[MetricKey, str, int], Counter[float]]
    ) -> None:
        of = self._logs[group]
        if of.log_group_class != "STANDARD" or not self._logs.policies.extracts_metrics(of):
            return
        try:
            data = list(extract(message, self._logs.now))
        except Unparsable:
            if '"_aws"' in message:
                self._logs.usage.count("EMFParsingErrors", group, 1)
        except Unsound:
            self._logs.usage.count("EMFValidationErrors", group, 1)
        else:
            for metric, unit, time, values in data:
                found.setdefault((metric, unit, time), Counter()).update(values)


def extract(message: str, now: int) -> Iterator[ExtractedDatum]:
    """The metrics that a message carries.

    Args:
        message: a JSON object with a member ``_aws``, or of version 0; others carry none.
        now: milliseconds since the epoch; a datum lies at most two weeks back, two hours ahead.

    Raises:
        Unparsable: it isn't of the form.
        Unsound: it breaks a rule of metrics.
    """
    try:
        root = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise Unparsable(str(error)) from None
    if '"_aws"' in message:
        yield from _data_of(root, root.get("_aws") if isinstance(root, dict) else None, now)
    elif isinstance(root, dict) and root.get("Version") == "0" and "CloudWatchMetrics" in root:
        text = root.get("Timestamp")
        time = int(text) if isinstance(text, str) and _DIGITS.fullmatch(text) else text
        yield from _data_of(root, {**root, "Timestamp": time}, now)


def _data_of(root: Any, meta: Any, now: int) -> Iterator[ExtractedDatum]:
    """Of a root and its metadata."""
    if not isinstance(meta, dict):
        raise Unparsable("_aws is no object at the root")
    time = meta.get("Timestamp")
    if type(time) is not int:
        raise Unparsable("_aws.Timestamp is no integer")
    if not now - 14 * _DAY <= time <= now + 2 * 3_600_000:
        raise Unsound("_aws.Timestamp is over two weeks back or over two hours ahead")
    directives = meta.get("CloudWatchMetrics")
    if not isinstance(directives, list):
        raise Unparsable("_aws.CloudWatchMetrics is no array")
    for each in directives:
        yield from _data(root, _directive(each), time)


def _directive(found: Any) -> Directive:
    """One directive, checked."""
    if not isinstance(found, dict):
        raise Unparsable("a directive is no object")
    namespace, sets, metrics = (found.get(name) for name in ("Namespace", "Dimensions", "Metrics"))
    if not isinstance(namespace, str) or not isinstance(sets, list | None):
        raise Unparsable("a directive lacks a namespace, or its dimensions are no array")
    if not isinstance(metrics, list) or not all(isinstance(each, dict) for each in metrics):
        raise Unparsable("a directive's metrics are no array of objects")
    sets = sets or [[]]
    if not all(isinstance(each, list) and all(isinstance(key, str) for key in each)
               for each in sets):  # fmt: skip
        raise Unparsable("a directive's dimensions are no arrays of texts")
    if not 1 <= len(namespace) <= 1024 or len(metrics) > 100:
        raise Unsound("a namespace of 1 to 1024 characters, and at most 100 metrics")
    if any(len(keys) > 30 or not all(1 <= len(key) <= 250 for key in keys) for keys in sets):
        raise Unsound("at most 30 dimensions, of 1 to 250 characters")
    return Directive(namespace, sets, metrics)


def _data(root: Mapping[str, Any], directive: Directive, time: int) -> Iterator[ExtractedDatum]:
    sets = [_dimensions(root, keys) for keys in directive.dimension_sets]
    for metric in directive.metrics:
        name, unit, resolution = _metric(metric)
        values = _values(root, name)
        if values is None:
            continue
        second = time // 1000
        filed = second if resolution == 1 else second - second % 60
        for dimensions in sets:
            if dimensions is not None:
                key = MetricKey.of(directive.namespace, name, dimensions)
                yield ExtractedDatum(key, unit, filed, Counter(values))


def _metric(found: Mapping[str, Any]) -> tuple[str, str, int]:
    name, unit = found.get("Name"), found.get("Unit", "None")
    resolution = found.get("StorageResolution", 60)
    if not isinstance(name, str):
        raise Unparsable("a metric lacks a name")
    if not 1 <= len(name) <= 1024 or unit not in UNITS or resolution not in (1, 60):
        raise Unsound(f"metric {name!r}: its name, unit or resolution is none")
    return name, unit, resolution


def _values(root: Mapping[str, Any], name: str) -> list[float] | None:
    """The numbers of a metric's target; None: there is no target."""
    found = root.get(name)
    if found is None:
        return None
    values = found if isinstance(found, list) else [found]
    if len(values) > 100:
        raise Unsound(f"{name!r} has more than 100 values")
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Unsound(f"{name!r} is no number")
        if not math.isfinite(value) or abs(value) > _LARGEST:
            raise Unsound(f"{name!r} is out of range")
    return [float(value) for value in values]


def _dimensions(root: Mapping[str, Any], keys: list[str]) -> dict[str, str] | None:
    """The values of a dimension set; None: a target is missing."""
    found = {key: root.get(key) for key in keys}
    if any(value is None for value in found.values()):
        return None
    for key, value in found.items():
        if not isinstance(value, str) or not 1 <= len(value) <= 1024:
            raise Unsound(f"dimension {key!r} is no text of 1 to 1024 characters")
    return {key: str(value) for key, value in found.items()}
