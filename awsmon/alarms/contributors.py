"""Alarms on several series, each judged for itself.

Lives here: `judge`, for those that compare with a threshold; `changed`, for all: one of the series
went into ALARM, or out of it.

A series, a contributor, is in ALARM or OK; the alarm is in ALARM as soon as one of them is. Only
those in ALARM are remembered. Sources: User Guide, "Create an alarm based on a Metrics Insights
query", "Acting on alarm changes", "How alarms treat missing data"; what is told of an empty query
as users report it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from awsmon.alarms.evaluation import Verdict, evaluate
from awsmon.alarms.model import AlarmState, Contributor
from awsmon.alarms.reasons import contributor_reason, series_reason, timestamp
from awsmon.core.events import AlarmContributorStateChanged, AlarmStateFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.alarms.model import PromQLAlarm, ThresholdAlarm
    from awsmon.alarms.service import Alarms
    from awsmon.core.neighbours import WatchedSeries

__all__ = ["changed", "identified", "judge"]

_EMPTY = {"breaching": ("ALARM", "Breaching"), "notBreaching": ("OK", "NotBreaching"),
          "missing": ("INSUFFICIENT_DATA", "Missing")}  # fmt: skip


def judge(alarms: Alarms, alarm: ThresholdAlarm, series: Sequence[WatchedSeries]) -> None:
    """Give each series its state, and the alarm its own."""
    gone = dict(alarm.contributors)
    breaching = 0
    for each in series:
        id_ = identified(each.attributes)
        gone.pop(id_, None)
        verdict = evaluate(alarm, each.window)
        known = id_ in alarm.contributors
        crossed = known if verdict.state is None else verdict.state is AlarmState.ALARM
        breaching += crossed
        if crossed is not known:
            reason = contributor_reason(alarm, verdict, crossed=crossed)
            changed(alarms, alarm, id_, dict(each.attributes), reason, crossed=crossed)
    for id_, contributor in gone.items():
        reason = contributor_reason(alarm, Verdict(None, (), (), 0, ""), crossed=False)
        changed(alarms, alarm, id_, contributor.attributes, reason, crossed=False)
    _whole(alarms, alarm, breaching, len(series))


def _whole(alarms: Alarms, alarm: ThresholdAlarm, breaching: int, count: int) -> None:
    if count:
        state = AlarmState.ALARM if breaching else AlarmState.OK
        reason = series_reason(breaching, count)
    else:
        value, treatment = _EMPTY.get(alarm.missing, (alarm.state.value, "Ignore"))
        state = AlarmState(value)
        reason = (
            "No time series were returned by the query. Treat missing data is configured as "
            f"[{treatment}]."
        )
    if state is not alarm.state or reason != alarm.state_reason:
        data = {"version": "1.0", "queryDate": timestamp(alarms.clock.now())}
        alarms.enter(alarm, state, reason, json.dumps(data, separators=(",", ":")))


def changed(
    alarms: Alarms, alarm: ThresholdAlarm | PromQLAlarm, id_: str, attributes: dict[str, str],
    reason: str, *, crossed: bool,
) -> None:  # fmt: skip
    """One of an alarm's series is in ALARM now, or no longer."""
    now = alarms.clock.now()
    was = alarm.contributors.pop(id_, None)
    if crossed:
        alarm.contributors[id_] = Contributor(
            id=id_, attributes=attributes, state_reason=reason, state_transitioned_timestamp=now
        )
    before = AlarmStateFacts(
        "OK" if crossed else "ALARM", was.state_reason if was else "", None,
        was.state_transitioned_timestamp if was else now,
    )  # fmt: skip
    after = AlarmStateFacts("ALARM" if crossed else "OK", reason, None, now)
    event = AlarmContributorStateChanged(
        at=now, scope=alarms.scope, alarm=alarm.arn, contributor=id_, attributes=attributes,
        before=before, after=after,
    )  # fmt: skip
    alarms.history.contributor_changed(alarm, event)
    alarms.publish(event)


def identified(attributes: Mapping[str, str]) -> str:
    """Sixteen characters, of the same attributes always the same."""
    text = json.dumps(sorted(attributes.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
