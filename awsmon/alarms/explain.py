"""Why an alarm is in the state it is in, in words and figures.

Lives here: `Explanation` and `explain`, which judges the stored datapoints anew, and
`CompositeExplanation` with `explain_composite`. They read and change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from awsmon.alarms.evaluation import Verdict, evaluate
from awsmon.alarms.model import COMPARISONS
from awsmon.core.clock import EPOCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.alarms.history import HistoryItem
    from awsmon.alarms.model import Alarm, AlarmState, CompositeAlarm, MetricAlarm
    from awsmon.core.deliveries import Delivery
    from awsmon.core.neighbours import Bucket

__all__ = [
    "CompositeExplanation", "ExplainedPoint", "Explanation", "explain", "explain_composite",
]  # fmt: skip

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
        lines += [f"  {at:%Y-%m-%d %H:%M:%S}  {what}" for at, what in self.changes]
        lines += [f"  {each.at:%Y-%m-%d %H:%M:%S}  {each}" for each in self.actions]
        return lines


def explain(
    alarm: MetricAlarm,
    window: Sequence[Bucket | None],
    end: int,
    history: Sequence[HistoryItem],
    sent: Sequence[Delivery],
) -> Explanation:
    """Judge the window that ended at *end*, seconds, and say how."""
    verdict = evaluate(alarm, window)
    needed = alarm.datapoints_to_alarm or alarm.evaluation_periods
    return Explanation(
        name=alarm.name,
        state=alarm.state,
        reason=alarm.state_reason,
        condition=f"{alarm.stat} of {alarm.metric} {_SIGNS[alarm.comparison_operator]} "
        f"{alarm.threshold} in {needed} of {alarm.evaluation_periods} periods of {alarm.period} s",
        evaluated_at=EPOCH + timedelta(seconds=end),
        points=tuple(_points(alarm, window, end, verdict)),
        missing=alarm.missing,
        filled=verdict.filled,
        verdict=verdict.state,
        why=verdict.why,
        next_evaluation=alarm.timer.due if alarm.timer and alarm.timer.live else None,
        changes=_changes(history),
        actions=tuple(sent),
    )


def _changes(history: Sequence[HistoryItem]) -> tuple[tuple[datetime, str], ...]:
    return tuple(
        (item.timestamp, item.summary) for item in history if item.item_type == "StateUpdate"
    )


def _points(
    alarm: MetricAlarm, window: Sequence[Bucket | None], end: int, verdict: Verdict
) -> list[ExplainedPoint]:
    first = end - len(window) * alarm.period
    points = []
    for place, bucket in enumerate(window):
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
    """Why a composite alarm is in its state; prints as readable text.

    Attributes:
        name: of the alarm.
        state: that it is in, and `reason` why, in AWS's words.
        rule: what it waits for.
        children: each alarm of the rule, with its state and since when.
        suppressed_by: what holds its actions back; None: nothing.
        until: when the period ends that does.
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
        lines += [f"  {at:%Y-%m-%d %H:%M:%S}  {what}" for at, what in self.changes]
        lines += [f"  {each.at:%Y-%m-%d %H:%M:%S}  {each}" for each in self.actions]
        return lines


def explain_composite(
    alarm: CompositeAlarm,
    children: Sequence[Alarm],
    history: Sequence[HistoryItem],
    sent: Sequence[Delivery],
) -> CompositeExplanation:
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
        changes=_changes(history),
        actions=tuple(sent),
    )
