"""Evaluating metric alarms on time: `Evaluations`.

When an alarm looks, and at what; judging datapoints is `evaluation.py`'s, several series are
`contributors.py`'s.

An evaluation that cannot change anything is not run. After each evaluation the alarm sets a timer
for the next only if its window held a datapoint, or will: with an empty window the verdict is the
one just found. A datapoint that comes wakes it at the first boundary that sees it. Alarms whose
queries look at more than their metrics, as the time of day, are evaluated always.
Sources: User Guide, "Alarm evaluation", "Alarm evaluation windows", "Alarm warm-up periods".
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from awsmon.alarms import reasons
from awsmon.alarms.contributors import judge
from awsmon.alarms.evaluation import EXTRA_PERIODS, evaluate
from awsmon.alarms.windows import boundary_after, boundary_before
from awsmon.core.clock import EPOCH, Call

if TYPE_CHECKING:
    from awsmon.alarms.evaluation import Bands, Verdict
    from awsmon.alarms.model import AlarmState, MetricAlarm
    from awsmon.alarms.service import Alarms
    from awsmon.core.events import MetricDataPut
    from awsmon.core.insight_events import ContributorsChanged
    from awsmon.core.neighbours import Bucket, MetricKey, MetricReader, WatchedSeries

__all__ = ["Evaluations", "Look"]

PURE = frozenset({
    "ABS", "ANOMALY_DETECTION_BAND", "AVG", "CEIL", "DATAPOINT_COUNT", "DIFF", "DIFF_TIME", "FILL",
    "FIRST", "FLOOR", "IF", "INSIGHT_RULE_METRIC", "LAST", "LOG", "LOG10", "MAX", "METRICS",
    "METRIC_COUNT", "MIN", "PERIOD", "RATE", "REMOVE_EMPTY", "RUNNING_SUM", "SLICE", "SORT",
    "STDDEV", "SUM",
})  # fmt: skip
"""Functions of metric math whose results move along with their arguments."""


class Look(NamedTuple):
    """What an evaluation looks at.

    Attributes:
        end: of the window, in seconds since the epoch.
        window: its periods, oldest first.
        bands: of anomaly detection, where the alarm compares with one.
        partial: whether the query matched more metrics than were read.
    """

    end: int
    window: list[Bucket | None]
    bands: Bands | None = None
    partial: bool = False


class Evaluations:
    """The metric alarms of one account and region that are evaluated, and when."""

    def __init__(self, alarms: Alarms, metrics: MetricReader) -> None:
        self._alarms = alarms
        self._metrics = metrics
        self._by_metric: dict[MetricKey, dict[str, MetricAlarm]] = {}
        self._by_namespace: dict[str, dict[str, MetricAlarm]] = {}
        self._by_rule: dict[str, dict[str, MetricAlarm]] = {}

    # -- who watches what --------------------------------------------------------------------------

    def follow(self, alarm: MetricAlarm) -> None:
        """A new alarm, or a new configuration: it is evaluated at the next boundary."""
        for key in alarm.keys:
            self._by_metric.setdefault(key, {})[alarm.name] = alarm
        if alarm.about is not None and alarm.about.namespace is not None:
            self._by_namespace.setdefault(alarm.about.namespace, {})[alarm.name] = alarm
        for rule in alarm.about.rules if alarm.about is not None else ():
            self._by_rule.setdefault(rule, {})[alarm.name] = alarm
        self.wake(alarm, self._now())

    def forget(self, alarm: MetricAlarm) -> None:
        """It is evaluated no longer."""
        for key in alarm.keys:
            self._by_metric[key].pop(alarm.name)
            if not self._by_metric[key]:
                del self._by_metric[key]
        if alarm.about is not None and alarm.about.namespace is not None:
            self._by_namespace[alarm.about.namespace].pop(alarm.name)
        for rule in set(alarm.about.rules) if alarm.about is not None else ():
            self._by_rule[rule].pop(alarm.name)

    def metric_data_put(self, event: MetricDataPut) -> None:
        """Wake whoever watches the metric, for the first boundary that sees the new points."""
        for alarm in self._by_metric.get(event.metric, {}).values():
            self.wake(alarm, max(self._now(), event.oldest))
        for alarm in self._by_namespace.get(event.metric.namespace, {}).values():
            self.wake(alarm, max(self._now(), event.oldest))
        if event.metric.namespace.startswith("AWS/"):  # a minute is a sample when it is over
            over = (event.oldest // 60 + 1) * 60_000
            self._alarms.promql.samples_put(event.metric.name, over)

    def contributors_changed(self, event: ContributorsChanged) -> None:
        """Wake whoever watches a metric of the rules."""
        for rule in event.rules:
            for alarm in self._by_rule.get(rule, {}).values():
                self.wake(alarm, max(self._now(), event.oldest))

    # -- evaluating --------------------------------------------------------------------------------

    def evaluate(self, name: str) -> None:
        """A timer's verb: judge the window that ends now."""
        alarm = self._alarms.metric_alarm(name)
        end = boundary_before(alarm, self._now())
        if alarm.warm_since is not None and alarm.warming_up(
            self._alarms.clock.now(), full=self._full(alarm, end)
        ):
            self.wake(alarm, end)
        elif alarm.several:
            series = self._series(alarm, end)
            _note(alarm, partial=any(each.partial for each in series))
            judge(self._alarms, alarm, series)
            self._sleep(alarm, end, empty=not series)
        else:
            look = self.look(alarm, end)
            _note(alarm, partial=look.partial)
            verdict = evaluate(alarm, look.window, look.bands)
            if verdict.state is not None and verdict.state is not alarm.state:
                self._enter(alarm, verdict.state, verdict, look)
            self._sleep(alarm, end, empty=not verdict.considered)

    def look(self, alarm: MetricAlarm, end: int | None = None) -> Look:
        """The window that ended last, or at *end*, seconds."""
        if end is None:
            end = boundary_before(alarm, self._now())
        if alarm.queries is None:
            return Look(end, self._metrics.window(
                alarm.metric, end=end, period=alarm.period, statistic=alarm.stat, unit=alarm.unit,
                count=alarm.evaluation_periods + EXTRA_PERIODS,
            ))  # fmt: skip
        found = self._series(alarm, end)
        window, partial = next(each[3:] for each in found if each.id == alarm.series)
        if alarm.threshold_metric_id is None:
            return Look(end, window, partial=partial)
        bands = _bands([each.window for each in found if each.id == alarm.threshold_metric_id])
        known = [each if each is not None and each.start in bands else None for each in window]
        return Look(end, known, bands)

    def _series(self, alarm: MetricAlarm, end: int) -> list[WatchedSeries]:
        return self._metrics.windows(
            alarm.queries or [], end=end, period=alarm.period,
            count=alarm.evaluation_periods + EXTRA_PERIODS,
        )  # fmt: skip

    def _enter(self, alarm: MetricAlarm, state: AlarmState, verdict: Verdict, look: Look) -> None:
        reason = reasons.reason(alarm, verdict, alarm.state, look.bands)
        now = self._alarms.clock.now()
        data = reasons.reason_data(alarm, verdict, look.window, look.end, now, look.bands)
        self._alarms.enter(alarm, state, reason, data)

    def _full(self, alarm: MetricAlarm, end: int) -> bool:
        """Whether there is a datapoint for each of the periods that it needs."""
        wanted = alarm.evaluation_periods
        if alarm.several:
            windows = [each.window for each in self._series(alarm, end)]
        else:
            windows = [self.look(alarm, end).window]
        return any(None not in window[-wanted:] for window in windows)

    # -- when --------------------------------------------------------------------------------------

    def _now(self) -> int:
        """Whole seconds since the epoch."""
        return (self._alarms.clock.now() - EPOCH) // timedelta(seconds=1)

    def wake(self, alarm: MetricAlarm, after: int | None = None) -> None:
        """Have it evaluated at the first boundary after that second; None: after now."""
        boundary = boundary_after(alarm, self._now() if after is None else after)
        alarm.timer = self._alarms.clock.earlier(
            alarm.timer, EPOCH + timedelta(seconds=boundary),
            Call("alarms.evaluations", "evaluate", alarm.name), scope=self._alarms.scope,
            recurs=_restless(alarm),
        )  # fmt: skip

    def _sleep(self, alarm: MetricAlarm, end: int, *, empty: bool) -> None:
        """Set the next evaluation, if there is one that can change anything."""
        selects = alarm.about is not None and alarm.about.namespace is not None
        if _restless(alarm) or (not empty and (alarm.queries is None or selects)):
            self.wake(alarm, end)
            return
        since = end - (alarm.evaluation_periods + EXTRA_PERIODS) * alarm.period
        keys = [*alarm.keys]
        if alarm.about is not None and alarm.about.namespace is not None:
            keys += self._metrics.of_namespace(alarm.about.namespace)
        found = [self._metrics.first_point(key, since=since, unit=alarm.unit) for key in keys]
        rules = alarm.about.rules if alarm.about is not None else ()
        found += [self._metrics.first_contribution(rule, since=since) for rule in rules]
        coming = min((each for each in found if each is not None), default=None)
        if coming is not None:
            self.wake(alarm, max(end, coming))


def _note(alarm: MetricAlarm, *, partial: bool) -> None:
    """Show that not all of the data was seen."""
    alarm.evaluation_state = "PARTIAL_DATA" if partial else None


def _restless(alarm: MetricAlarm) -> bool:
    """Whether time alone may change what its queries return."""
    about = alarm.about
    return about is not None and (not about.here or not about.functions <= PURE)


def _bands(windows: list[list[Bucket | None]]) -> dict[int, tuple[float, float]]:
    """Of a band's two series, the lower one first."""
    lower, upper = windows or ([], [])
    return {
        low.start: (low.value, high.value)
        for low, high in zip(lower, upper, strict=True)
        if low is not None and high is not None
    }
