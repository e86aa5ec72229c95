"""Anomaly detectors and the bands that they give.

Lives here: `AnomalyDetector`, `Detectors`, and what they are told apart by. What is learned from
points is `anomaly.py`'s.

A band at an instant is learned from the points before its day, by the metric's time zone, or, where
these are too few, before its hour. Without a detector for a metric, its band is learned with the
default configuration. Source: User Guide, "Using CloudWatch anomaly detection".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from awsmon.core.clock import EPOCH
from awsmon.core.neighbours import MetricKey
from awsmon.core.resource import Resource, aws
from awsmon.lang.metric_math.parser import parse
from awsmon.lang.metric_math.tree import Name, names_in
from awsmon.metrics.anomaly import DAY, Model, Settings, train
from awsmon.metrics.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from awsmon.core.events import AlarmConfigurationChanged
    from awsmon.metrics.service import Metrics

    Points = Callable[[int, int], Mapping[int, float]]

__all__ = ["AnomalyDetector", "Detectors", "expression_key"]

HOUR = 3600
TRAINED_ON = {"FAST": 7 * DAY, "NORMAL": 14 * DAY, "SLOW": 28 * DAY}
"""How many seconds back points count, by the speed at which the model adapts: ours."""

Key = tuple[Any, ...]


@dataclass(kw_only=True, slots=True, eq=False)
class AnomalyDetector(Resource):
    """A detector as DescribeAnomalyDetectors shows it.

    Attributes:
        key: what it is of: a metric and statistic, or queries.
    """

    aws_shape: ClassVar[str] = "cloudwatch.AnomalyDetector"

    id: str = field(metadata=aws("AnomalyDetectorId"))
    namespace: str | None = None
    metric_name: str | None = None
    dimensions: list[dict[str, str]] | None = None
    stat: str | None = None
    configuration: dict[str, Any] = field(default_factory=dict)
    metric_characteristics: dict[str, Any] | None = None
    single_metric_anomaly_detector: dict[str, Any] | None = None
    metric_math_anomaly_detector: dict[str, Any] | None = None
    key: Key = field(metadata=aws(None))

    @property
    def zone(self) -> ZoneInfo:
        """In which its days begin."""
        return ZoneInfo(self.configuration.get("MetricTimezone", "UTC"))

    @property
    def queries(self) -> list[dict[str, Any]]:
        """What it learns from, as GetMetricData takes it."""
        if self.metric_math_anomaly_detector is not None:
            found: list[dict[str, Any]] = self.metric_math_anomaly_detector["MetricDataQueries"]
            return found
        shown = self.single_metric_anomaly_detector or {}
        metric = {name: shown[name] for name in ("Namespace", "MetricName", "Dimensions")}
        stat = {"Metric": metric, "Period": 60, "Stat": shown["Stat"]}
        return [{"Id": "m", "MetricStat": stat, "AccountId": shown["AccountId"]}]

    @property
    def settings(self) -> Settings:
        """How it learns."""
        return Settings(
            self.zone,
            self.configuration.get("OutlierFilteringStrength", "MODERATE"),
            bool((self.metric_characteristics or {}).get("PeriodicSpikes")),
        )

    @property
    def reach(self) -> int:
        """How many seconds back it learns from."""
        return TRAINED_ON[self.configuration.get("AdaptationSpeed", "NORMAL")]

    def lessons(self, points: Mapping[int, float]) -> dict[int, float]:
        """Without those in the ranges that are excluded."""
        excluded = [
            (_seconds(each["StartTime"]), _seconds(each["EndTime"]))
            for each in self.configuration.get("ExcludedTimeRanges", ())
        ]
        return {
            at: value for at, value in points.items()
            if not any(start <= at < end for start, end in excluded)
        }  # fmt: skip


_DEFAULT = AnomalyDetector(id="", key=())


def expression_key(queries: Mapping[str, Mapping[str, Any]], text: str) -> Key:
    """What an expression is of: itself, and all that it refers to."""
    tree = parse(text)
    if isinstance(tree, Name) and "Expression" in queries.get(tree.name, {}):
        return expression_key(queries, queries[tree.name]["Expression"])
    needed: dict[str, Any] = {}
    waiting = [text]
    while waiting:
        for name in names_in(parse(waiting.pop())) & queries.keys() - needed.keys():
            needed[name] = queries[name].get("MetricStat") or queries[name]["Expression"]
            waiting += [queries[name]["Expression"]] if "Expression" in queries[name] else []
    return str(tree), json.dumps(needed, sort_keys=True)


class Detectors:
    """The anomaly detectors of one account and region: iterable, in the order of their making."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._detectors: dict[Key, AnomalyDetector] = {}
        self._models: dict[tuple[Key, int, int], Model | None] = {}
        self._newest = 0  # of the instants up to which models have learned

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_models": {}, "_newest": 0}

    def __iter__(self) -> Iterator[AnomalyDetector]:
        return iter(list(self._detectors.values()))

    def __contains__(self, key: Key) -> bool:
        return key in self._detectors

    def __getitem__(self, key: Key) -> AnomalyDetector:
        """The detector of a key.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if key not in self._detectors:
            raise ResourceNotFoundException.detector()
        return self._detectors[key]

    def put(self, detector: AnomalyDetector) -> None:
        """A new one, or a new configuration."""
        self._detectors[detector.key] = detector
        self._models.clear()

    def delete(self, key: Key) -> None:
        """It goes."""
        del self._detectors[key]
        self._models.clear()

    def data_put(self, oldest: int) -> None:
        """Forget what was learned without points that came late."""
        if oldest < self._newest:
            kept = {key: each for key, each in self._models.items() if key[2] <= oldest}
            self._models, self._newest = kept, max((key[2] for key in kept), default=0)

    def alarm_configuration_changed(self, event: AlarmConfigurationChanged) -> None:
        """An alarm that compares with a band has a detector made, if there is none."""
        queries = {each["Id"]: each for each in event.configuration.get("Metrics", ())}
        band = queries.get(event.configuration.get("ThresholdMetricId", ""))
        if band is None or event.operation == "delete":
            return
        mentioned = names_in(parse(band["Expression"])) & queries.keys()
        for name in sorted(mentioned):
            stat = queries[name].get("MetricStat")
            if stat is not None:
                metric = {**stat["Metric"], "Stat": stat["Stat"]}
                account = queries[name].get("AccountId", self._metrics.scope.account)
                detector = self.single(metric, account)
                if detector.key not in self:
                    self.put(detector)

    def single(self, metric: Mapping[str, Any], account: str) -> AnomalyDetector:
        """A new one, of one metric."""
        dimensions = [dict(each) for each in metric.get("Dimensions", ())]
        named = {each["Name"]: each["Value"] for each in dimensions}
        shown = {
            "AccountId": account, "Namespace": metric["Namespace"],
            "MetricName": metric["MetricName"], "Dimensions": dimensions, "Stat": metric["Stat"],
        }  # fmt: skip
        return AnomalyDetector(
            id=self._metrics.ids.uuid(), namespace=metric["Namespace"],
            metric_name=metric["MetricName"], dimensions=dimensions, stat=metric["Stat"],
            single_metric_anomaly_detector=shown,
            key=(MetricKey.of(metric["Namespace"], metric["MetricName"], named),
                 metric["Stat"], account),
        )  # fmt: skip

    def bands(
        self, key: Key, grid: range, width: float, points: Points
    ) -> dict[int, tuple[float, float]]:
        """The lower and upper bound of each period for which something was learned.

        Args:
            key: what is looked at, as a detector of it has it.
            grid: the starts of the periods, in seconds since the epoch.
            width: in standard deviations.
            points: asks for the points of a range of seconds.
        """
        found = {}
        for at in grid:
            model = self._model(key, grid.step, at, points)
            if model is not None:
                found[at] = model.band(at, width)
        return found

    def state(self, detector: AnomalyDetector, points: Points) -> str:
        """``PENDING_TRAINING`` without points, ``TRAINED_INSUFFICIENT_DATA`` with too few."""
        now = _seconds(self._metrics.clock.now())
        if self._model(detector.key, 60, now, points) is not None:
            return "TRAINED"
        some = points(now - detector.reach, now)
        return "TRAINED_INSUFFICIENT_DATA" if some else "PENDING_TRAINING"

    def _model(self, key: Key, period: int, at: int, points: Points) -> Model | None:
        """What was learned from all that is older than the day, or else than the hour."""
        detector = self._detectors.get(key, _DEFAULT)
        day = datetime.fromtimestamp(at, detector.zone).replace(hour=0, minute=0, second=0)
        for until in (_seconds(day), at // HOUR * HOUR):
            known = key, period, until
            if known not in self._models:
                lessons = detector.lessons(points(until - detector.reach, until))
                self._models[known] = train(lessons, detector.settings)
                self._newest = max(self._newest, until)
            if self._models[known] is not None:
                return self._models[known]
        return None


def _seconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(seconds=1)
