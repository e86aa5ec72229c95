"""The metrics of one account and region.

Lives here: `Metrics`, the Python API and the rules that it shares with the operations. How points
are kept and read is `storage.py`'s, what a statistic is `statistics.py`'s, what GetMetricData's
queries mean and yield `plans.py`'s and `evaluation.py`'s.
"""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import EPOCH, aware
from awsmon.core.errors import MisuseError
from awsmon.core.events import MetricDataPut
from awsmon.core.neighbours import MetricKey
from awsmon.core.service import Service, direct
from awsmon.metrics import direct_access
from awsmon.metrics.checks import check_names
from awsmon.metrics.configurations import Configurations
from awsmon.metrics.dashboards import Dashboards
from awsmon.metrics.detectors import Detectors
from awsmon.metrics.entities import Entities
from awsmon.metrics.errors import InvalidParameterValue
from awsmon.metrics.insight_rules import InsightRules
from awsmon.metrics.reading import rounded
from awsmon.metrics.search import Catalogue
from awsmon.metrics.statistics import PLAIN, Statistic, statistic
from awsmon.metrics.storage import Storage
from awsmon.metrics.streams import MetricStreams

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from awsmon.core.backend import Backend
    from awsmon.core.events import MetricsExtracted
    from awsmon.core.neighbours import AlarmChart, ObservedAccounts
    from awsmon.core.scope import Scope
    from awsmon.metrics.otel import OTelMetrics
    from awsmon.metrics.store import StatisticSet

    Keys = list[MetricKey]

__all__ = ["Metrics", "instant", "seconds"]

LARGEST = 2.0**360
OLDEST = 14 * 86_400  # seconds back, and
NEWEST = 2 * 3_600  # ahead
_SECOND = timedelta(seconds=1)


def seconds(at: datetime) -> int:
    """Whole seconds since the epoch."""
    return (at - EPOCH) // _SECOND


def instant(time: int) -> datetime:
    """The other way round."""
    return EPOCH + timedelta(seconds=time)


class Metrics(Service):
    """The metrics of one account and region.

    Attributes:
        observed: tells which accounts are linked to this one.
        stored: the datapoints.
        dashboards: of the account, where these have no region.
        detectors: of anomalies.
        configurations: what is kept for others.
        streams: that send what comes in to Firehose.
        quotas: of usage metrics, for SERVICE_QUOTA; yours to set, by the metrics' keys.
        resource_tags: of resources that no mock has, by ARN; yours to set. They count like all tags
            of resources, while StartTelemetryEnrichment is in effect.
        entities: that metrics belong to, as ``entities.of("App", "Errors")``.
        insight_rules: of Contributor Insights.
    """

    def __init__(self, backend: Backend, scope: Scope, observed: ObservedAccounts) -> None:
        super().__init__(backend, scope)
        self.observed = observed
        self.dashboards = Dashboards(self)
        self.detectors = Detectors(self)
        self.configurations = Configurations()
        self.streams = MetricStreams(self)
        self.insight_rules = InsightRules(self)
        self.stored = Storage(self)
        self._catalogue = Catalogue()
        self.entities = Entities(self)
        self.quotas: dict[MetricKey, float] = {}
        self.resource_tags: dict[str, dict[str, str]] = {}
        self._otel: OTelMetrics | None = None

    # -- putting -----------------------------------------------------------------------------------

    @direct
    def put(
        self,
        namespace: str,
        name: str,
        value: float | Sequence[float],
        *,
        unit: str = "None",
        dimensions: Mapping[str, str] | None = None,
        at: datetime | str | None = None,
        resolution: int = 60,
    ) -> None:
        """Put one datapoint, or several of one instant.

        Args:
            namespace: as ``App``; AWS's own begin with ``AWS/``.
            name: of the metric.
            value: one number, or at most 150.
            unit: one of AWS's standard units, as ``Count`` or ``Milliseconds``.
            dimensions: name to value, at most 30; order plays no part. None is a metric of its own.
            at: aware; filed under its minute, or its second with *resolution* 1. None: now.
            resolution: 60 seconds, or 1 for a high-resolution metric.

        Raises:
            InvalidParameterValue: *at* lies over two weeks back or over two hours ahead; a value is
                not finite.

        Publishes `MetricDataPut`. Source: API reference, PutMetricData; User Guide, "Publish custom
        metrics".
        """
        time = self.filed(aware(at) if at is not None else None, "Timestamp", resolution)
        check_names(unit, dimensions, resolution)
        values = [value] if isinstance(value, (int, float)) else list(value)
        if not values:
            raise MisuseError("put(value=[]): expected a number, or at least one.")
        if len(values) > 150:
            raise InvalidParameterValue.too_many("Values", 150)
        for each in values:
            self.check_value(each, "Value")
        self.store(MetricKey.of(namespace, name, dimensions), unit, time, values)

    @direct
    def put_series(
        self,
        namespace: str,
        name: str,
        points: Iterable[tuple[datetime, float]],
        *,
        unit: str = "None",
        dimensions: Mapping[str, str] | None = None,
        resolution: int = 60,
    ) -> None:
        """Put many datapoints of one metric at once, each at its own instant, in any order.

        Args:
            namespace: as for `put`, like all the others.
            name: of the metric.
            points: pairs of an aware datetime and a number.
            unit: one of AWS's standard units.
            dimensions: name to value.
            resolution: 60 seconds, or 1.

        Raises:
            InvalidParameterValue: an instant lies over two weeks back or over two hours ahead, or a
                value is not finite; nothing is stored then.

        Publishes one `MetricDataPut`.
        """
        pairs = points if isinstance(points, list) else list(points)
        if not pairs:
            return
        times = [int(at.timestamp()) for at, _ in pairs]
        values = [float(value) for _, value in pairs]
        if any(at.tzinfo is None for at, _ in pairs):
            raise MisuseError("put_series: every instant needs a time zone (tzinfo=timezone.utc).")
        self._check_time(min(times), "Timestamp")
        self._check_time(max(times), "Timestamp")
        check_names(unit, dimensions, resolution)
        if not all(map(math.isfinite, values)):
            raise InvalidParameterValue.not_finite(math.nan, "Value")
        for each in (min(values), max(values)):
            self.check_value(each, "Value")
        if resolution != 1:
            times = [time - time % 60 for time in times]
        key = MetricKey.of(namespace, name, dimensions)
        self.stored.series(key, unit).extend(times, values)
        self._tell(key, min(times), max(times), len(times))

    def filed(self, at: datetime | None, member: str, resolution: int) -> int:
        """The second or minute that a point is filed under; refused if too old or too new."""
        if at is not None:
            self.clock.suspect(at)
        time = seconds(at if at is not None else self.clock.now())
        self._check_time(time, member)
        return time if resolution == 1 else time - time % 60

    def check_value(self, value: float, member: str) -> None:
        """Refuse what isn't a number between -2^360 and 2^360."""
        if not -LARGEST <= value <= LARGEST:  # NaN compares false
            raise InvalidParameterValue.not_finite(value, member)

    def store(
        self,
        key: MetricKey,
        unit: str,
        time: int,
        values: Sequence[float] = (),
        counts: Sequence[float] | None = None,
        found: StatisticSet | None = None,
    ) -> None:
        """Keep checked values, or a set, of one instant, and tell it."""
        series = self.stored.series(key, unit)
        samples = 0.0
        for value, count in zip(values, counts or (1.0,) * len(values), strict=True):
            series.add(time, value, count)
            samples += count
        if found is not None:
            series.add_set(found)
            samples = found.samples
        self._tell(key, time, time, samples)

    def metrics_extracted(self, event: MetricsExtracted) -> None:
        """Hear of datapoints that were found in log events."""
        for metric, unit, time, values in event.data:
            self.store(metric, unit, time, tuple(values), tuple(values.values()))

    def _check_time(self, time: int, member: str) -> None:
        ahead = time - seconds(self.clock.now())
        if ahead < -OLDEST:
            raise InvalidParameterValue.too_old(member)
        if ahead > NEWEST:
            raise InvalidParameterValue.too_new(member)

    def _tell(self, key: MetricKey, oldest: int, newest: int, count: float) -> None:
        self.detectors.data_put(oldest)
        if self.insight_rules.managed:
            self.insight_rules.metric_data_put(key, oldest)
        event = MetricDataPut(
            at=self.clock.now(), scope=self.scope, metric=key, oldest=oldest, newest=newest,
            count=count,
        )  # fmt: skip
        self.streams.metric_data_put(event)
        self.publish(event)

    # -- reading -----------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """Whole seconds since the epoch, by the virtual clock."""
        return seconds(self.clock.now())

    def __iter__(self) -> Iterator[MetricKey]:
        """Every metric that ever got a point, in order of namespace, name and dimensions."""
        return iter(sorted(self.stored, key=lambda k: (k.namespace, k.name, k.dimensions)))

    def __contains__(self, key: MetricKey) -> bool:
        return key in self.stored

    def elsewhere(self, scope: Scope) -> Metrics:
        """The metrics of another account or region."""
        found: Metrics = self._backend.at(scope).metrics
        return found

    @property
    def catalogue(self) -> Catalogue:
        """The metrics, to be searched."""
        self._catalogue.learn(self.stored)
        return self._catalogue

    @direct
    def get(
        self,
        namespace: str,
        name: str,
        statistic: str = "Sum",
        *,
        start: datetime | str,
        end: datetime | str | None = None,
        period: int = 60,
        dimensions: Mapping[str, str] | None = None,
        unit: str | None = None,
    ) -> list[tuple[datetime, float]]:
        """The values of a metric, oldest first.

        Args:
            namespace: of the metric.
            name: of the metric.
            statistic: as ``Average``, ``p99`` or ``TM(10%:90%)``.
            start: inclusive.
            end: exclusive; None: now.
            period: seconds.
            dimensions: name to value, all that the metric has.
            unit: only points in this unit; None: the alphabetically first that has any.

        Raises:
            InvalidParameterValue: no such statistic.
        """
        found = self.stored.buckets(
            MetricKey.of(namespace, name, dimensions),
            rounded(seconds(aware(start, "start")), period),
            seconds(aware(end, "end") if end is not None else self.clock.now()),
            period,
            self.statistic(statistic),
            unit,
        )
        return [(instant(bucket.start), bucket.value) for bucket in found]

    @direct
    def query(
        self, expression: str, *, start: datetime | str, end: datetime | str | None = None,
        period: int = 60, metrics: Mapping[str, Sequence[Any]] | None = None,
    ) -> dict[str, list[tuple[datetime, float]]]:  # fmt: skip
        """What metric math, SEARCH or Metrics Insights yields: labels to values, oldest first.

        Args:
            expression: as ``"errors / requests * 100"`` or ``"SELECT SUM(Errors) FROM App"``.
            start: inclusive.
            end: exclusive; None: now.
            period: seconds.
            metrics: what the expression's Ids stand for: namespace, name, statistic and, if there
                are any, dimensions, as ``{"errors": ("App", "Errors", "Sum", {"Host": "a"})}``.

        Raises:
            ValidationError: GetMetricData would refuse it.
        """
        return direct_access.queried(self, expression, start, end, period, metrics or {})

    def statistic(self, name: str) -> Statistic:
        """The statistic of that name, or AWS's error."""
        found = statistic(name)
        if found is None:
            raise InvalidParameterValue.statistic(name)
        return found

    @direct
    def widget_image(self, widget: str | Mapping[str, Any]) -> bytes:
        """The PNG of a metric widget, as GetMetricWidgetImage draws it.

        Args:
            widget: its properties, or their JSON.

        Raises:
            InvalidParameterValue: it is no widget.
            MisuseError: the extra ``charts`` isn't installed.
        """
        from awsmon.metrics.charts.reading import widget_image  # when somebody draws

        return widget_image(self, widget if isinstance(widget, str) else json.dumps(widget))

    def alarm(self, arn: str, start: datetime, end: datetime) -> AlarmChart:
        """What an alarm of this account looks at, and its states in a time."""
        found: AlarmChart = self._backend.at(self.scope).alarms.chart(arn, start, end)
        return found

    @property
    def enriching(self) -> bool:
        """Whether resource tags for telemetry are enabled here."""
        found: bool = self._backend.at(self.scope).observabilityadmin.enriching
        return found

    @property
    def otel(self) -> OTelMetrics:
        """The metrics that PromQL sees; its language loads with them."""
        from awsmon.metrics.otel import OTelMetrics

        if self._otel is None:
            self._otel = OTelMetrics(self)
        return self._otel

    def of_namespace(self, namespace: str) -> list[MetricKey]:
        """Its metrics."""
        return [key for key in self.stored if key.namespace == namespace]

    def extended(self, statistic_: str) -> bool:
        """Whether there is an extended statistic of that name."""
        found = statistic(statistic_)
        return found is not None and statistic_ not in PLAIN

    @direct
    def list(
        self, namespace: str | None = None, name: str | None = None,
        *, dimensions: Mapping[str, str | None] | None = None,
    ) -> Keys:  # fmt: skip
        """The metrics that ListMetrics lists: those with a datapoint in the latest two weeks.

        Args:
            namespace: None: of any, as for *name*.
            name: of the metric.
            dimensions: that a metric has at least, and their values; None: any.
        """
        return direct_access.listed(self, namespace, name, dimensions or {})
