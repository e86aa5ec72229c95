"""Metrics as PromQL sees them: those of the OTLP endpoint, and AWS's own that are enriched.

Lives here: `OTelMetrics`. What the OTLP endpoint takes, `put` takes: numbers under a name and
labels. Of AWS's own metrics, once StartOTelEnrichment was called, each minute is a histogram with
the labels that the User Guide lists. Metrics of PutMetricData are not to be seen by PromQL.
Sources: User Guide, "PromQL querying", "AWS vended metrics in OpenTelemetry format".

Decided here, where the guide is silent: a minute counts when it is over; the resources that are
told from their dimensions are those of `resources.py`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import EPOCH, aware
from awsmon.core.errors import MisuseError
from awsmon.core.events import SamplesPut
from awsmon.lang.promql.functions import Histogram
from awsmon.lang.promql.vectors import NAME
from awsmon.metrics.resources import Tagged, resource_arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from awsmon.core.neighbours import MetricKey
    from awsmon.metrics.service import Metrics
    from awsmon.metrics.store import Series

    Found = tuple[dict[str, str], Sequence[int], Sequence[Any]]

__all__ = ["OTelMetrics"]

MINUTE = 60


class OTelMetrics:
    """The metrics of one account and region that PromQL can select."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._series: dict[str, dict[tuple[tuple[str, str], ...], tuple[array[int], array[float]]]]
        self._series = {}

    def put(
        self, name: str, value: float, *, attributes: Mapping[str, str] | None = None,
        resource: Mapping[str, str] | None = None, scope: Mapping[str, str] | None = None,
        at: datetime | str | None = None,
    ) -> None:  # fmt: skip
        """Put a number as the OTLP endpoint takes it: of a gauge, or the present sum of a counter.

        Args:
            name: of the metric, as ``http.server.active_requests``.
            value: the number.
            attributes: of the datapoint, labels as they are.
            resource: its attributes, labels behind ``@resource.``.
            scope: of the instrumentation: attributes behind ``@instrumentation.``, its own fields
                with another ``@``, as ``@name``.
            at: aware; None: now.

        Publishes `SamplesPut`.
        """
        if not name:
            raise MisuseError("otel.put: a metric needs a name.")
        metrics = self._metrics
        with metrics.door:
            instant = metrics.clock.now() if at is None else aware(at)
            labels = dict(attributes or {})
            labels |= {f"@resource.{key}": text for key, text in (resource or {}).items()}
            labels |= {f"@instrumentation.{key}": text for key, text in (scope or {}).items()}
            time = int((instant - EPOCH).total_seconds() * 1000)
            times, values = self._series.setdefault(name, {}).setdefault(
                tuple(sorted(labels.items())), (array("q"), array("d"))
            )
            place = bisect_right(times, time)
            if place and times[place - 1] == time:
                values[place - 1] = float(value)
            else:
                times.insert(place, time)
                values.insert(place, float(value))
            metrics.publish(
                SamplesPut(at=metrics.clock.now(), scope=metrics.scope, name=name, time=time)
            )

    def samples(self, name: str, *, since: int, until: int) -> Iterator[Found]:
        """The series of a metric: labels, times behind *since* up to *until*, values."""
        place = {"@aws.account": self._metrics.scope.account,
                 "@aws.region": self._metrics.scope.region}  # fmt: skip
        for labels, (times, values) in self._series.get(name, {}).items():
            first, last = bisect_right(times, since), bisect_right(times, until)
            if first < last:
                yield {NAME: name, **dict(labels), **place}, times[first:last], values[first:last]
        tagged = Tagged(self._metrics)
        for key, arn in self._enriched(name):
            for unit in self._metrics.stored.units(key):
                series = self._metrics.stored.series(key, unit)
                minutes = _minutes(series, since, until)
                if minutes:
                    enriched = self._labels(key, arn, tagged.of(key))
                    yield {**enriched, **place}, [*minutes], [*minutes.values()]

    def next_sample(self, name: str, after: int) -> int | None:
        """When the first sample behind an instant is, in milliseconds."""
        found = [
            times[place] for times, _ in self._series.get(name, {}).values()
            if (place := bisect_right(times, after)) < len(times)
        ]  # fmt: skip
        since = (after // 1000 // MINUTE) * MINUTE
        for key, _ in self._enriched(name):
            first = self._metrics.stored.first_point(key, since=since, unit=None)
            if first is not None:
                found.append((first // MINUTE + 1) * MINUTE * 1000)
        return min(found, default=None)

    def _enriched(self, name: str) -> list[tuple[MetricKey, str]]:
        """AWS's own metrics of that name, as far as they are enriched, with their resources."""
        enrichment = self._metrics.configurations.enrichment
        if enrichment.status != "Running":
            return []
        wanted, unwanted = enrichment.include_filters, enrichment.exclude_filters or []
        return [
            (key, arn) for key in self._metrics.stored
            if key.name == name
            and (arn := resource_arn(key, self._metrics.scope)) is not None
            and (wanted is None or _among(key, wanted)) and not _among(key, unwanted)
        ]  # fmt: skip

    def _labels(self, key: MetricKey, arn: str, tags: Mapping[str, str]) -> dict[str, str]:
        scope = self._metrics.scope
        return {
            NAME: key.name,
            **dict(key.dimensions),
            "@resource.cloud.resource_id": arn,
            "@resource.cloud.provider": "aws",
            "@resource.cloud.region": scope.region,
            "@resource.cloud.account.id": scope.account,
            "@instrumentation.@name": f"cloudwatch.{key.namespace.lower()}",
            "@instrumentation.cloudwatch.source": key.namespace.lower().replace("/", "."),
            "@instrumentation.cloudwatch.solution": "CloudWatchOTelEnrichment",
            **{f"@aws.tag.{name}": value for name, value in tags.items()},
        }


def _among(key: MetricKey, selectors: Sequence[Mapping[str, Any]]) -> bool:
    return any(
        each["Namespace"] == key.namespace and key.name in each.get("MetricNames", [key.name])
        for each in selectors
    )


def _minutes(series: Series, since: int, until: int) -> dict[int, Histogram]:
    """Whole minutes as histograms, by when they ended."""
    first = since // 1000 // MINUTE * MINUTE
    end = until // 1000 // MINUTE * MINUTE
    found = {}
    for minute in series.aggregate(first, end, MINUTE, raw=True):
        values = tuple(minute.values) if minute.raw else ()
        found[(minute.start + MINUTE) * 1000] = Histogram(minute.samples, minute.sum, values)
    return {time: value for time, value in found.items() if since < time <= until}
