"""Why an alarm is in the state it is in, in words and figures.

Lives here: `Explanation` and `explain`, which judges the stored datapoints anew, and
`CompositeExplanation` with `explain_composite`, and `explain_several` for an alarm on several
series. They read and change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from awsmon.alarms.evaluation import Verdict, evaluate
from awsmon.alarms.model import (
    BREACHES,
    COMPARISONS,
    AlarmState,
    LogAlarm,
    MetricAlarm,
    PromQLAlarm,
)
from awsmon.core.clock import EPOCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.alarms.evaluations import Look
    from awsmon.alarms.history import HistoryItem
    from awsmon.alarms.model import Alarm, CompositeAlarm, ThresholdAlarm
    from awsmon.core.deliveries import Delivery

__all__ = [
    "CompositeExplanation", "ExplainedPoint", "Explanation", "explain", "explain_composite",
    "explain_several",
]  # fmt: skip

_BANDS = {
    "LessThanLowerOrGreaterThanUpperThreshold": "outside of",
    "LessThanLowerThreshold": "below",
    "GreaterThanUpperThreshold": "above",
}
_SIGNS = {operator: sign for sign, operator in COMPARISONS.items()}


@dataclass(frozen=True, slots=True)
class ExplainedPoint:
    """One period that was looked at.

    Attributes:
        start: of the period.
        value: the statistic; None where there is no datapoint.
        role: ``breaching``, ``within``, ``missing``, or ``not needed`` for a datapoint that newer
            ones made superfluous.
    """

    start: datetime
    value: float | None
    role: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the last evaluation looked at and found; prints as readable text.

    Attributes:
        name: of the alarm.
        state: that it is in, and `reason` why, in AWS's words.
        condition: what it waits for, as ``Sum of App/Errors > 5.0 in 2 of 3 periods of 60 s``.
        evaluated_at: the boundary at which the window ends.
        points: every period of the window, oldest first.
        filled: how many missing datapoints were made up, by the treatment `missing`.
        verdict: the state that these datapoints ask for; None: they leave it as it is.
        why: what decided.
        next_evaluation: when it is evaluated next; None: nothing that is stored could change it.
        muted_by: the mute rules that hold its actions back.
        changes: each change of state, as when and what.
        actions: what was sent for it, with its outcome.
    """

    name: str
    state: AlarmState
    reason: str
    condition: str
    evaluated_at: datetime
    points: tuple[ExplainedPoint, ...]
    missing: str
    filled: int
    verdict: AlarmState | None
    why: str
    next_evaluation: datetime | None
    muted_by: tuple[str, ...]
    changes: tuple[tuple[datetime, str], ...]
    actions: tuple[Delivery, ...]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    __repr__ = __str__

    def _lines(self) -> list[str]:
        verdict = f"{self.verdict}" if self.verdict else f"no change from {self.state}"
        coming = f"{self.next_evaluation:%H:%M:%S}" if self.next_evaluation else (
            "not before another datapoint comes")  # fmt: skip
        lines = [
            f"{self.name} is {self.state}",
            f"  because    {self.reason}",
            f"  condition  {self.condition}",
            f"  window     up to {self.evaluated_at:%Y-%m-%d %H:%M:%S}, oldest first",
        ]
        lines += [
            f"    {point.start:%H:%M:%S}  {'-' if point.value is None else f'{point.value:g}':>10}"
            f"  {point.role}"
            for point in self.points
        ]
        if self.filled:
            lines.append(f"  missing    {self.filled} made up, treated as {self.missing}")
        lines += [f"  verdict    {verdict}: {self.why}", f"  next look  {coming}"]
        lines += _muted(self.muted_by)
        lines += [f"  {at:%Y-%m-%d %H:%M:%S}  {what}" for at, what in self.changes]
        lines += [f"  {each.at:%Y-%m-%d %H:%M:%S}  {each}" for each in self.actions]
        return lines


def _muted(rules: Sequence[str]) -> list[str]:
    return [f"  actions    muted by {', '.join(rules)}"] if rules else []


def explain(
    alarm: MetricAlarm, look: Look, muted_by: Sequence[str], history: Sequence[HistoryItem],
    sent: Sequence[Delivery],
) -> Explanation:  # fmt: skip
    """Judge the window that was looked at last, and say how."""
    verdict = evaluate(alarm, look.window, look.bands)
    return Explanation(
        name=alarm.name,
        state=alarm.state,
        reason=alarm.state_reason,
        condition=_condition(alarm),
        evaluated_at=EPOCH + timedelta(seconds=look.end),
        points=tuple(_points(alarm, look, verdict)),
        missing=alarm.missing,
        filled=verdict.filled,
        verdict=verdict.state,
        why=verdict.why,
        next_evaluation=alarm.timer.due if alarm.timer and alarm.timer.live else None,
        muted_by=tuple(muted_by),
        changes=_changes(history),
        actions=tuple(sent),
    )


def _condition(alarm: ThresholdAlarm | PromQLAlarm) -> str:
    if isinstance(alarm, PromQLAlarm):
        return (
            f"{alarm.query} for {alarm.pending_period} s, every {alarm.evaluation_interval} s; "
            f"over {alarm.recovery_period} s after"
        )
    needed = alarm.datapoints_to_alarm or alarm.evaluation_periods
    if isinstance(alarm, LogAlarm):
        configuration = alarm.scheduled_query_configuration
        return (
            f"{configuration['AggregationExpression']} {_SIGNS[alarm.comparison_operator]} "
            f"{alarm.threshold} in {needed} of {alarm.evaluation_periods} runs, "
            f"{configuration['ScheduleConfiguration']['ScheduleExpression']}"
        )
    assert isinstance(alarm, MetricAlarm)
    if alarm.comparison_operator in BREACHES:
        limit = f"{_SIGNS[alarm.comparison_operator]} {alarm.threshold}"
    else:
        band = _expression(alarm, alarm.threshold_metric_id)
        limit = f"{_BANDS[alarm.comparison_operator]} {band}"
    what = _expression(alarm, alarm.series) if alarm.queries else f"{alarm.stat} of {alarm.metric}"
    if alarm.unit is not None:
        what += f" (datapoints in {alarm.unit} alone)"
    return f"{what} {limit} in {needed} of {alarm.evaluation_periods} periods of {alarm.period} s"


def _expression(alarm: MetricAlarm, name: str | None) -> str:
    query = next(each for each in alarm.queries or () if each["Id"] == name)
    return f"{name} = {query['Expression']}" if "Expression" in query else f"{name}"


def _changes(history: Sequence[HistoryItem]) -> tuple[tuple[datetime, str], ...]:
    return tuple(
        (item.timestamp, item.summary) for item in history if item.item_type == "StateUpdate"
    )


def _points(alarm: MetricAlarm, look: Look, verdict: Verdict) -> list[ExplainedPoint]:
    first = look.end - len(look.window) * alarm.period
    points = []
    for place, bucket in enumerate(look.window):
        start = EPOCH + timedelta(seconds=first + place * alarm.period)
        if bucket is None:
            points.append(ExplainedPoint(start, None, "missing"))
            continue
        role = "breaching" if bucket in verdict.breaching else (
            "within" if bucket in verdict.considered else "not needed")  # fmt: skip
        points.append(ExplainedPoint(start, bucket.value, role))
    return points


@dataclass(frozen=True, slots=True)
class CompositeExplanation:
    """Why a composite alarm, or one on several series, is in its state; prints as readable text.

    Attributes:
        name: of the alarm.
        state: that it is in, and `reason` why, in AWS's words.
        rule: what it waits for.
        children: each alarm of the rule, or each series in ALARM, with its state and since when.
        suppressed_by: what holds its actions back; None: nothing.
        until: when the period ends that does.
        muted_by: the mute rules that hold its actions back.
        changes: each change of state, as when and what.
        actions: what was sent for it, with its outcome.
    """

    name: str
    state: AlarmState
    reason: str
    rule: str
    children: tuple[tuple[str, AlarmState, datetime], ...]
    suppressed_by: str | None
    until: datetime | None
    muted_by: tuple[str, ...]
    changes: tuple[tuple[datetime, str], ...]
    actions: tuple[Delivery, ...]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    __repr__ = __str__

    def _lines(self) -> list[str]:
        lines = [
            f"{self.name} is {self.state}",
            f"  because    {self.reason}",
            f"  rule       {self.rule}",
        ]
        lines += [
            f"    {state:<17}  since {since:%Y-%m-%d %H:%M:%S}  {name}"
            for name, state, since in self.children
        ]
        if self.suppressed_by:
            until = f", until {self.until:%H:%M:%S} at most" if self.until else ""
            lines.append(f"  actions    suppressed by {self.suppressed_by}{until}")
        lines += _muted(self.muted_by)
        lines += [f"  {at:%Y-%m-%d %H:%M:%S}  {what}" for at, what in self.changes]
        lines += [f"  {each.at:%Y-%m-%d %H:%M:%S}  {each}" for each in self.actions]
        return lines


def explain_composite(
    alarm: CompositeAlarm, children: Sequence[Alarm], muted_by: Sequence[str],
    history: Sequence[HistoryItem], sent: Sequence[Delivery],
) -> CompositeExplanation:  # fmt: skip
    """Tell what the rule's alarms are in, and what is held back."""
    return CompositeExplanation(
        name=alarm.name,
        state=alarm.state,
        reason=alarm.state_reason,
        rule=alarm.rule,
        children=tuple(
            (child.name, child.state, child.state_transitioned_timestamp) for child in children
        ),
        suppressed_by=alarm.suppressed_by,
        until=alarm.timer.due if alarm.timer and alarm.timer.live else None,
        muted_by=tuple(muted_by),
        changes=_changes(history),
        actions=tuple(sent),
    )


def explain_several(
    alarm: ThresholdAlarm | PromQLAlarm, muted_by: Sequence[str], history: Sequence[HistoryItem],
    sent: Sequence[Delivery],
) -> CompositeExplanation:  # fmt: skip
    """Tell which series are in ALARM; of a log alarm also where there is but one."""
    return CompositeExplanation(
        name=alarm.name,
        state=alarm.state,
        reason=alarm.state_reason,
        rule=_condition(alarm),
        children=tuple(
            (", ".join(f"{name}={value}" for name, value in each.attributes.items()),
             AlarmState.ALARM, each.state_transitioned_timestamp)
            for each in alarm.contributors.values()
        ),
        suppressed_by=None,
        until=None,
        muted_by=tuple(muted_by),
        changes=_changes(history),
        actions=tuple(sent),
    )  # fmt: skip
