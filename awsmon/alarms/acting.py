"""Carrying out what a change of state sets off: `Actions`.

What each kind of target is sent is `actions.py`'s; sending and trying again `core/deliveries.py`'s.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.alarms.actions import due, payload, repeated
from awsmon.alarms.model import LogAlarm, MetricAlarm
from awsmon.core.clock import Call
from awsmon.core.deliveries import ASYNCHRONOUS, Delivery

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.alarms.model import Alarm
    from awsmon.alarms.service import Alarms
    from awsmon.core.events import (
        AlarmContributorStateChanged,
        AlarmStateChanged,
        AlarmStateFacts,
        DeliveryFinished,
    )

__all__ = ["Actions"]


class Actions:
    """The actions of the alarms of one account and region."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms

    def alarm_state_changed(self, event: AlarmStateChanged) -> None:
        """Send what the new state's actions ask for."""
        alarm = self._alarms[event.alarm]
        if not alarm.actions_enabled or event.after.suppressed_by:
            return
        if not self._alarms.mute_rules.hold(alarm, event.before):
            self.act(alarm, event.before)

    def alarm_contributor_state_changed(self, event: AlarmContributorStateChanged) -> None:
        """The same for one series of an alarm; what a rule mutes isn't made up for."""
        alarm = self._alarms[event.alarm]
        if alarm.actions_enabled and not self._alarms.mute_rules.muting(alarm.name):
            for arn in due(alarm, event):
                self._send(alarm, arn, event.before, series=event)

    def act(self, alarm: Alarm, before: AlarmStateFacts, *, after_mute: bool = False) -> None:
        """Carry out the present state's actions."""
        for arn in due(alarm):
            self._send(alarm, arn, before, after_mute=after_mute)
        if any(map(repeated, alarm.actions)):
            self._repeat_in_a_minute(alarm)

    def _send(
        self, alarm: Alarm, arn: str, before: AlarmStateFacts, *, after_mute: bool = False,
        series: AlarmContributorStateChanged | None = None, latest: float | None = None,
    ) -> None:  # fmt: skip
        alarms = self._alarms
        told = payload(
            alarm, arn, before, scope=alarms.scope, metric_id=alarms.ids.uuid(),
            tags=alarms.tags.of(alarm.arn), after_mute=after_mute, series=series, latest=latest,
            lines=alarms.log_alarms.lines(alarm) if isinstance(alarm, LogAlarm) else (),
        )  # fmt: skip
        alarms.deliveries.send(
            Delivery(
                at=alarms.clock.now(), scope=alarms.scope, sender="alarms", subject=alarm.arn,
                target_arn=arn, policy=ASYNCHRONOUS, payload=told))  # fmt: skip

    def _repeat_in_a_minute(self, alarm: Alarm) -> None:
        alarms = self._alarms
        alarms.clock.set(
            alarms.clock.now() + timedelta(minutes=1),
            Call("alarms.actions", "repeat", (alarm.name, alarm.state_transitioned_timestamp)),
            scope=alarms.scope,
            recurs=True,
        )

    def repeat(self, key: tuple[str, datetime]) -> None:
        """A timer's verb: some actions go on each minute, while the state lasts."""
        if key[0] not in self._alarms:
            return
        alarm = self._alarms[key[0]]
        again = [arn for arn in alarm.actions if repeated(arn)]
        if alarm.state_transitioned_timestamp != key[1] or not again:
            return
        if alarm.actions_enabled and not self._alarms.mute_rules.muting(alarm.name):
            for arn in again:
                self._send(alarm, arn, alarm.facts, latest=self._latest(alarm))
        self._repeat_in_a_minute(alarm)

    def _latest(self, alarm: Alarm) -> float | None:
        """The newest datapoint that it looks at now; None: there is none."""
        if not isinstance(alarm, MetricAlarm) or alarm.several:
            return None
        window = self._alarms.evaluations.look(alarm).window
        return next((each.value for each in reversed(window) if each is not None), None)

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """Remember what became of an action."""
        if event.sender == "alarms":
            name = self._alarms.name_of(event.subject)
            kind = self._alarms[name].kind if name in self._alarms else MetricAlarm.kind
            self._alarms.history.action(name, kind, event)
