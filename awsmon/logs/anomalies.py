"""Log anomaly detectors, and what they find.

Lives here: `AnomalyDetector`, `Anomaly` and `AnomalyDetectors`. A detector trains for fifteen
minutes on the two weeks before; one whose group has no events by then trains on the first window
that has some. Then it looks at each window that got events, once the window is over. What counts
as unusual is `awsmon.lang.log_anomalies`'s.

Source: API reference, CreateLogAnomalyDetector, UpdateAnomaly; User Guide, "Log anomaly detection".
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.clock import Call
from awsmon.core.events import ExtractedDatum, MetricsExtracted
from awsmon.core.neighbours import MetricKey
from awsmon.core.resource import Resource, aws
from awsmon.lang.log_anomalies import LONGEST, RANKS, Model
from awsmon.logs.errors import ResourceNotFoundException
from awsmon.logs.patterns import matcher
from awsmon.logs.reading import matching
from awsmon.logs.store import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsmon.core.clock import Timer
    from awsmon.core.events import LogEventsPut
    from awsmon.lang.log_anomalies import Finding
    from awsmon.lang.log_patterns import Token
    from awsmon.logs.model import LogGroup
    from awsmon.logs.service import Logs

__all__ = ["Anomaly", "AnomalyDetector", "AnomalyDetectors"]

DAY = 24 * 3_600_000
TRAINING = timedelta(minutes=15)
TRAINED_ON = 14 * DAY
VISIBLE = 21  # days
WATCHING = ("TRAINING", "ANALYZING")
MOST_SAMPLES = 10
MOST_VALUES = 10  # of a token
FREQUENCIES = {
    "ONE_MIN": 1, "FIVE_MIN": 5, "TEN_MIN": 10, "FIFTEEN_MIN": 15, "THIRTY_MIN": 30, "ONE_HOUR": 60,
}  # fmt: skip
"""Minutes."""


@dataclass(kw_only=True, slots=True, eq=False)
class Anomaly(Resource):
    """An anomaly as ListAnomalies shows it; times in milliseconds.

    Attributes:
        known: the pattern's number, and what else makes it the same one in the next window.
        accepted: it counts as usual now.
    """

    aws_shape: ClassVar[str] = "logs.Anomaly"
    aws_lower_camel: ClassVar[bool] = True

    anomaly_id: str
    pattern_id: str
    anomaly_detector_arn: str
    pattern_string: str = ""
    pattern_regex: str = ""
    priority: str
    first_seen: int
    last_seen: int
    description: str
    active: bool = True
    state: str = "Active"
    histogram: dict[str, int] = field(default_factory=dict)
    log_samples: list[dict[str, Any]] = field(default_factory=list)
    pattern_tokens: list[dict[str, Any]] = field(default_factory=list)
    log_group_arn_list: list[str]
    suppressed: bool = False
    suppressed_date: int = 0
    suppressed_until: int = 0
    is_pattern_level_suppression: bool = False
    known: tuple[int, str, int] = field(metadata=aws(None))
    accepted: bool = field(default=False, metadata=aws(None))


@dataclass(kw_only=True, slots=True, eq=False)
class AnomalyDetector(Resource):
    """A detector as ListLogAnomalyDetectors shows it; times in milliseconds.

    Attributes:
        anomalies: oldest first.
        muted: patterns that nothing is reported of, and until when; 0: for good.
        looked: the number of the newest event that was looked at.
        since: the time of the oldest event that wasn't looked at; None: there is none.
    """

    aws_shape: ClassVar[str] = "logs.AnomalyDetector"
    aws_lower_camel: ClassVar[bool] = True

    arn: str = field(metadata=aws("anomalyDetectorArn"))
    detector_name: str
    log_group_arn_list: list[str]
    evaluation_frequency: str = "FIVE_MIN"
    filter_pattern: str | None = None
    status: str = field(default="INITIALIZING", metadata=aws("anomalyDetectorStatus"))
    kms_key_id: str | None = None
    creation_time_stamp: int
    last_modified_time_stamp: int
    anomaly_visibility_time: int = VISIBLE
    model: Model = field(default_factory=Model, repr=False, metadata=aws(None))
    anomalies: list[Anomaly] = field(default_factory=list, repr=False, metadata=aws(None))
    muted: dict[str, int] = field(default_factory=dict, repr=False, metadata=aws(None))
    looked: int = field(default=0, repr=False, metadata=aws(None))
    since: int | None = field(default=None, repr=False, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def window(self) -> int:
        """How long its windows are, in milliseconds."""
        return FREQUENCIES[self.evaluation_frequency] * 60_000


class AnomalyDetectors:
    """The log anomaly detectors of one account and region: iterable, the oldest first."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._detectors: dict[str, AnomalyDetector] = {}

    def __iter__(self) -> Iterator[AnomalyDetector]:
        return iter(list(self._detectors.values()))

    def __getitem__(self, arn: str) -> AnomalyDetector:
        """The detector of that ARN.

        Raises:
            ResourceNotFoundException: there is none.
        """
        found = self._detectors.get(arn)
        if found is None:
            raise ResourceNotFoundException.anomaly_detector()
        return found

    def add(self, detector: AnomalyDetector) -> None:
        """A new one begins to train."""
        self._detectors[detector.arn] = detector
        detector.status = "TRAINING"
        self._then(detector, "trained", self._logs.clock.now() + TRAINING)

    def delete(self, detector: AnomalyDetector) -> None:
        """It goes, with its anomalies."""
        self._logs.clock.cancel(detector.timer)
        self._logs.tags.forget(detector.arn)
        del self._detectors[detector.arn]

    def enable(self, detector: AnomalyDetector, *, enabled: bool) -> None:
        """Pause a detector, or let it go on; what comes in meanwhile isn't looked at."""
        if not enabled:
            self._logs.clock.cancel(detector.timer)
            detector.timer, detector.status, detector.since = None, "PAUSED", None
        elif detector.status == "PAUSED":
            detector.looked = self._logs.newest
            detector.status = "ANALYZING" if detector.model.windows else "TRAINING"
            if detector.status == "TRAINING":
                self._then(detector, "trained", self._logs.clock.now() + TRAINING)

    def log_events_put(self, event: LogEventsPut) -> None:
        """A listener: events came in; they are looked at when their window is over."""
        if not self._detectors:
            return
        group = self._logs.arn(event.group)
        for detector in self._detectors.values():
            if group in detector.log_group_arn_list and detector.status in WATCHING:
                oldest = min(event.batch.times)
                detector.since = min(oldest, oldest if detector.since is None else detector.since)
                if detector.timer is None:
                    end = (self._logs.now // detector.window + 1) * detector.window
                    self._then(detector, "look", instant(end))

    # -- timers' verbs -----------------------------------------------------------------------------

    def trained(self, arn: str) -> None:
        """A timer's verb: the time of training is over."""
        detector = self._detectors[arn]
        detector.timer = detector.since = None
        events = self._events(detector, self._logs.now - TRAINED_ON)
        if not events:  # the first window that has some will be learnt
            return
        first, last = events[0][0] // detector.window, (self._logs.now - 1) // detector.window
        windows = max(last - first + 1, 1)
        detector.model.learn(events, windows, detector.window)
        detector.status = "ANALYZING"

    def look(self, arn: str) -> None:
        """A timer's verb: a window is over."""
        detector = self._detectors[arn]
        detector.timer = None
        since, detector.since = detector.since, None
        events = self._events(detector, since or 0)
        if not events:
            return
        if detector.status == "TRAINING":
            detector.model.learn(events, 1, detector.window)
            detector.status = "ANALYZING"
            return
        self._lapse(detector)
        counts: Counter[str] = Counter()
        for finding in detector.model.judge(events):
            self._found(detector, finding, counts)
        self._count(detector, counts)

    # -- what was found ----------------------------------------------------------------------------

    def anomalies(self, detector: AnomalyDetector) -> list[Anomaly]:
        """As they stand now, the oldest first."""
        self._lapse(detector)
        for anomaly in detector.anomalies:
            over = self._logs.now >= anomaly.last_seen + 2 * detector.window
            anomaly.active = not over and anomaly.state == "Active"
        return detector.anomalies

    def suppress(
        self, detector: AnomalyDetector, anomalies: Iterable[Anomaly], until: int | None,
        *, pattern: str | None,
    ) -> None:  # fmt: skip
        """Report nothing more of anomalies, or of all that a pattern has.

        Args:
            detector: whose they are.
            anomalies: of it.
            until: milliseconds; 0: for good; None: no longer suppress them.
            pattern: the id of their pattern, where all of it is meant.
        """
        if pattern is not None and until is None:
            detector.muted.pop(pattern, None)
        elif pattern is not None and until is not None:
            detector.muted[pattern] = until
        for each in anomalies:
            each.suppressed = until is not None
            each.state = "Suppressed" if each.suppressed else "Active"
            each.suppressed_date = self._logs.now if each.suppressed else 0
            each.suppressed_until = until or 0
            each.is_pattern_level_suppression = each.suppressed and pattern is not None

    def accept(self, detector: AnomalyDetector, anomaly: Anomaly) -> None:
        """An anomaly counts as usual from now on."""
        anomaly.state, anomaly.accepted = "Baseline", True
        anomaly.suppressed = False
        if anomaly.known[1] == "new pattern":
            samples = [(each["timestamp"], each["message"]) for each in anomaly.log_samples]
            detector.model.accept(anomaly.known[0], samples)

    def _lapse(self, detector: AnomalyDetector) -> None:
        """What was visible long enough is usual; what was suppressed long enough is so no more."""
        now = self._logs.now
        detector.muted = {each: end for each, end in detector.muted.items() if not 0 < end <= now}
        for each in detector.anomalies:
            if each.suppressed and 0 < each.suppressed_until <= now:
                self.suppress(detector, [each], None, pattern=None)
            visible = each.first_seen + detector.anomaly_visibility_time * DAY
            if each.state == "Active" and now >= visible:
                self.accept(detector, each)

    def _found(self, detector: AnomalyDetector, finding: Finding, counts: Counter[str]) -> None:
        known = finding.pattern, finding.kind, finding.place
        anomaly = next((each for each in detector.anomalies if each.known == known), None)
        pattern = _pattern_id(detector, finding.pattern)
        if pattern in detector.muted or (anomaly and (anomaly.suppressed or anomaly.accepted)):
            return
        end = self._logs.now // detector.window * detector.window
        if anomaly is None:
            anomaly = Anomaly(
                anomaly_id=self._logs.ids.uuid(), pattern_id=pattern, known=known,
                anomaly_detector_arn=detector.arn, first_seen=end - detector.window,
                last_seen=end, priority=finding.priority, description=finding.description,
                log_group_arn_list=detector.log_group_arn_list,
            )  # fmt: skip
            detector.anomalies.append(anomaly)
        anomaly.last_seen, anomaly.priority = end, finding.priority
        anomaly.description = finding.description
        anomaly.histogram[str(end - detector.window)] = len(finding.events)
        samples = [{"timestamp": time, "message": text} for time, text in finding.events]
        anomaly.log_samples = (samples + anomaly.log_samples)[:MOST_SAMPLES]
        _describe(anomaly, detector.model, finding)
        counts[finding.priority] += 1

    def _count(self, detector: AnomalyDetector, counts: Counter[str]) -> None:
        """The metric AnomalyCount: of a priority, with those above it, and of all together."""
        named = ("LogAnomalyDetector", detector.detector_name)
        totals: dict[tuple[tuple[str, str], ...], int] = {(named,): counts.total()}
        for at, rank in enumerate(RANKS):
            totals[named, ("LogAnomalyPriority", rank)] = sum(counts[each] for each in RANKS[at:])
        told = tuple(
            ExtractedDatum(
                MetricKey("AWS/Logs", "AnomalyCount", dimensions), "None",
                self._logs.now // 60_000 * 60 - 60, {float(total): 1.0},
            )
            for dimensions, total in totals.items() if total
        )  # fmt: skip
        if told:
            self._logs.publish(
                MetricsExtracted(
                    at=self._logs.clock.now(), scope=self._logs.scope, data=told,
                    source=f"log anomaly detector {detector.detector_name}"))  # fmt: skip

    # -- how ---------------------------------------------------------------------------------------

    def _events(self, detector: AnomalyDetector, start: int) -> list[tuple[int, str]] | None:
        """Events from a time on that weren't looked at; None: the group is gone."""
        name = detector.log_group_arn_list[0].partition(":log-group:")[2]
        if name not in self._logs:
            detector.status = "FAILED"
            return None
        group: LogGroup = self._logs[name]
        self._logs.retention.expire(group)
        test = matcher(detector.filter_pattern).matches if detector.filter_pattern else None
        found = matching(group.streams.values(), start=start, test=test)
        looked, detector.looked = detector.looked, self._logs.newest
        return [(each.time, each.stream.events.message(each.at)) for each in found
                if each.number > looked]  # fmt: skip

    def _then(self, detector: AnomalyDetector, verb: str, due: Any) -> None:
        call = Call("logs.anomaly_detectors", verb, detector.arn)
        detector.timer = self._logs.clock.set(due, call, scope=self._logs.scope)


def _pattern_id(detector: AnomalyDetector, pattern: int) -> str:
    text = f"{detector.arn} {pattern}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _describe(anomaly: Anomaly, model: Model, finding: Finding) -> None:
    """Write down the pattern as it is known by now, with what the events have in its places."""
    tokens = model.patterns.tokens(finding.pattern)
    values = [model.patterns.values(finding.pattern, text[:LONGEST]) for _, text in finding.events]
    anomaly.pattern_string = "".join(token.text or "<*>" for token in tokens) or "<*>"
    anomaly.pattern_regex = "".join(
        f"\\Q{token.text}\\E" if token.text else ".*" for token in tokens) or ".*"  # fmt: skip
    anomaly.pattern_tokens = [
        _shown(token, Counter(each[token.place - 1] for each in values) if token.place else None)
        for token in tokens
    ]


def _shown(token: Token, values: Counter[str] | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "dynamicTokenPosition": token.place, "isDynamic": values is not None,
        "tokenString": token.text or "<*>",
        "enumerations": dict(values.most_common(MOST_VALUES)) if values else {},
    }  # fmt: skip
    if values is not None:
        shown["inferredTokenName"] = f"{token.name}-{token.place}"
    return shown
