"""Composite alarms: evaluated when an alarm of their rule changes, and held back by a suppressor.

Lives here: `Composites`. The rule's language is `awsmon.lang.alarm_rule`'s.
Source: User Guide, "Create a composite alarm" and "Alarm suppression", whose examples are tests.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.alarms.model import Alarm, AlarmState, CompositeAlarm
from awsmon.alarms.reasons import timestamp
from awsmon.core.clock import Call
from awsmon.core.events import AlarmStateChanged
from awsmon.lang.alarm_rule.compiler import compile_rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from awsmon.alarms.service import Alarms
    from awsmon.core.events import AlarmStateFacts

__all__ = ["Composites"]


class Composites:
    """The composite alarms of one account and region."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms
        self._parents: dict[str, dict[str, None]] = {}
        self._suppressed: dict[str, dict[str, None]] = {}
        self._path: list[str] = []  # those that are being evaluated, outermost first

    # -- what belongs together ---------------------------------------------------------------------

    def children(self, alarm: CompositeAlarm) -> list[Alarm]:
        """The alarms that its rule names, in the order of the rule."""
        return [self._alarms[name] for name in self._names(alarm) if name in self._alarms]

    def parents(self, name: str) -> list[Alarm]:
        """The composite alarms whose rules name an alarm, in order of name."""
        return [self._alarms[parent] for parent in sorted(self._parents.get(name, ()))]

    def needed(self, name: str, going: Collection[str] = ()) -> bool:
        """Whether a rule or a suppression depends on an alarm; of those that stay."""
        dependent = {*self._parents.get(name, ()), *self._suppressed.get(name, ())}
        return bool(dependent.difference(going))

    def _names(self, alarm: CompositeAlarm) -> Iterable[str]:
        """Each once, though a rule may call an alarm by its name and by its ARN."""
        return dict.fromkeys(map(self._alarms.name_of, compile_rule(alarm.rule).alarms))

    def saved(self, alarm: CompositeAlarm, known: Alarm | None) -> None:
        """A new composite alarm, or a new rule of one: it is evaluated at once."""
        for name in self._names(alarm):
            self._parents.setdefault(name, {})[alarm.name] = None
        if alarm.suppressor is not None:
            suppressor = self._alarms.name_of(alarm.suppressor)
            self._suppressed.setdefault(suppressor, {})[alarm.name] = None
        if isinstance(known, CompositeAlarm) and known.suppressor == alarm.suppressor:
            self._go_on(alarm, known)
        state = self._verdict(alarm)
        if state is not alarm.state:
            what = "updated" if known else "created"
            self._alarms.enter(
                alarm, state, f"{alarm.arn} was {what} and its alarm rule evaluates to {state}",
                _data((child.arn, child.facts) for child in self.children(alarm)),
            )  # fmt: skip

    def forget(self, alarm: CompositeAlarm) -> None:
        """It goes, or its rule does."""
        for table in (self._parents, self._suppressed):
            for name in [name for name, composites in table.items() if alarm.name in composites]:
                del table[name][alarm.name]
                if not table[name]:
                    del table[name]

    # -- evaluation --------------------------------------------------------------------------------

    def alarm_state_changed(self, event: AlarmStateChanged) -> None:
        """A listener: evaluate whose rules name the alarm, and mind whom it suppresses."""
        if event.before.value == event.after.value:
            return
        name = self._alarms.name_of(event.alarm)
        for composite in list(self._suppressed.get(name, ())):
            self._suppressor_changed(self._composite(composite), event.after.value)
        if name in self._path:  # a cycle: evaluation stops here
            return
        self._path.append(name)
        try:
            for parent in list(self._parents.get(name, ())):
                self._evaluate(self._composite(parent), event)
        finally:
            self._path.pop()

    def _composite(self, name: str) -> CompositeAlarm:
        alarm = self._alarms[name]
        assert isinstance(alarm, CompositeAlarm)
        return alarm

    def _verdict(self, alarm: CompositeAlarm) -> AlarmState:
        holds = compile_rule(alarm.rule).holds(lambda name: self._alarms[name].state.value)
        return AlarmState.ALARM if holds else AlarmState.OK

    def _evaluate(self, alarm: CompositeAlarm, event: AlarmStateChanged) -> None:
        state = self._verdict(alarm)
        if state is alarm.state:
            return
        after = event.after
        at = f"{after.since:%A %d %B, %Y %H:%M:%S} UTC"
        self._alarms.enter(
            alarm, state, f"{event.alarm} transitioned to {after.value} at {at}",
            _data([(event.alarm, after)]),
        )  # fmt: skip

    # -- suppression -------------------------------------------------------------------------------

    def suppress(self, alarm: CompositeAlarm) -> None:
        """It has just changed: hold its actions back, if it has a suppressor."""
        if alarm.suppressor is None:
            return
        if self._alarms[alarm.suppressor].state is AlarmState.ALARM:
            self._hold(alarm, "Alarm", None)
        else:
            self._hold(alarm, "WaitPeriod", alarm.wait_period)

    def _suppressor_changed(self, alarm: CompositeAlarm, state: str) -> None:
        """Only actions that are held back are concerned."""
        if alarm.suppressed_by is None:
            return
        if state == AlarmState.ALARM.value:
            self._hold(alarm, "Alarm", None)
        elif alarm.suppressed_by == "Alarm":
            self._hold(alarm, "ExtensionPeriod", alarm.extension_period)

    def _hold(self, alarm: CompositeAlarm, by: str, seconds: int | None) -> None:
        """Suppress its actions, for so many seconds, or until the suppressor leaves ALARM."""
        clock = self._alarms.clock
        clock.cancel(alarm.timer)
        alarm.suppressed_by, alarm.timer = by, None
        if seconds is not None:
            alarm.timer = clock.set(
                clock.now() + timedelta(seconds=seconds),
                Call("alarms.composites", "release", alarm.name), scope=self._alarms.scope,
            )  # fmt: skip

    def _go_on(self, alarm: CompositeAlarm, known: CompositeAlarm) -> None:
        """What an update without another suppressor leaves as it was."""
        alarm.suppressed_by = known.suppressed_by
        if known.suppressed_by is not None and known.timer is not None:
            left = known.timer.due - self._alarms.clock.now()
            self._hold(alarm, known.suppressed_by, int(left.total_seconds()))

    def release(self, name: str) -> None:
        """A timer's verb: the period is over, and the actions of the present state are taken."""
        alarm = self._composite(name)
        now, before = self._alarms.clock.now(), alarm.facts
        alarm.suppressed_by, alarm.timer = None, None
        alarm.state_updated_timestamp = now
        self._alarms.publish(
            AlarmStateChanged(at=now, scope=self._alarms.scope, alarm=alarm.arn,
                              before=before, after=alarm.facts))  # fmt: skip


def _data(children: Iterable[tuple[str, AlarmStateFacts]]) -> str:
    """The reason as JSON: the alarms that caused it, by ARN, with their states."""
    told = [
        {"arn": arn, "state": {"value": facts.value, "timestamp": timestamp(facts.since)}}
        for arn, facts in children
    ]
    return json.dumps({"triggeringAlarms": told}, separators=(",", ":"))
