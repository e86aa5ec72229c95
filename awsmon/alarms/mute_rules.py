"""Mute rules: times at which alarms change their state and don't act.

Lives here: `MuteRule` and `MuteRules`. What was held back is made up for when the last rule that
mutes an alarm ends, if the alarm is still in that state.
Source: API reference, PutAlarmMuteRule; User Guide, "Alarm mute rules".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from awsmon.alarms.errors import ResourceNotFoundException
from awsmon.core.clock import Call
from awsmon.core.resource import Resource, aws
from awsmon.lang.schedule.parser import parse_five

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.alarms.model import Alarm
    from awsmon.alarms.service import Alarms
    from awsmon.core.clock import Timer
    from awsmon.core.events import AlarmStateFacts

__all__ = ["MuteRule", "MuteRules"]

INSTANT = timedelta(microseconds=1)


@dataclass(kw_only=True, slots=True, eq=False)
class MuteRule(Resource):
    """A rule as GetAlarmMuteRule shows it.

    Attributes:
        duration: of a window, from each time of the schedule on.
    """

    aws_shape: ClassVar[str] = "cloudwatch.GetAlarmMuteRuleOutput"

    name: str
    alarm_mute_rule_arn: str
    description: str | None = None
    rule: dict[str, Any]
    mute_targets: dict[str, list[str]] | None = None
    start_date: datetime | None = None
    expire_date: datetime | None = None
    status: str = "SCHEDULED"
    last_updated_timestamp: datetime
    mute_type: str
    duration: timedelta = field(metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    def names(self, alarm: str) -> bool:
        """Whether an alarm is one of its targets."""
        return alarm in (self.mute_targets or {}).get("AlarmNames", ())

    def due(self, after: datetime) -> datetime | None:
        """When a window begins next, in virtual time."""
        schedule = self.rule["Schedule"]
        if self.start_date is not None:
            after = max(after, self.start_date - INSTANT)
        found = parse_five(schedule["Expression"]).next(
            after, zone=ZoneInfo(schedule.get("Timezone", "UTC"))
        )
        late = found is not None and self.expire_date is not None and found >= self.expire_date
        return None if late else found

    def ends(self, start: datetime) -> datetime:
        """When the window ends that began then."""
        end = start + self.duration
        return end if self.expire_date is None else min(end, self.expire_date)


class MuteRules:
    """The mute rules of one account and region: iterable, in order of name."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms
        self._rules: dict[str, MuteRule] = {}
        self._held: dict[str, tuple[datetime, AlarmStateFacts]] = {}

    def __iter__(self) -> Iterator[MuteRule]:
        return iter([self._rules[name] for name in sorted(self._rules)])

    def __getitem__(self, name: str) -> MuteRule:
        """The rule of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in self._rules:
            raise ResourceNotFoundException(ResourceType="AlarmMuteRule", ResourceId=name)
        return self._rules[name]

    def save(self, rule: MuteRule) -> None:
        """Keep a new rule, or a new configuration of one; it counts at once."""
        if rule.name in self._rules:
            self._alarms.clock.cancel(self._rules[rule.name].timer)
        self._rules[rule.name] = rule
        self.due(rule.name)

    def delete(self, name: str) -> None:
        """What it mutes acts at once, unless another rule mutes it; no such rule is no mistake."""
        rule = self._rules.pop(name, None)
        if rule is not None:
            self._alarms.clock.cancel(rule.timer)
            self._alarms.tags.forget(rule.alarm_mute_rule_arn)
            self._release()

    def due(self, name: str) -> None:
        """A timer's verb: a window begins or ends."""
        rule, clock = self._rules[name], self._alarms.clock
        now = clock.now()
        start = rule.due(now - rule.duration)
        rule.timer = None
        if start is None or (rule.expire_date is not None and rule.expire_date <= now):
            rule.status = "EXPIRED"
        else:
            rule.status = "ACTIVE" if start <= now else "SCHEDULED"
            rule.timer = clock.set(
                rule.ends(start) if start <= now else start,
                Call("alarms.mute_rules", "due", name), scope=self._alarms.scope,
                recurs=start > now and rule.mute_type == "RECURRING",
            )  # fmt: skip
        self._release()

    # -- what alarms ask ---------------------------------------------------------------------------

    def muting(self, alarm: str) -> bool:
        """Whether an alarm's actions are muted now."""
        return bool(self.names(alarm))

    def names(self, alarm: str) -> list[str]:
        """Of the rules that mute an alarm's actions now."""
        return [name for name, rule in self._rules.items()
                if rule.status == "ACTIVE" and rule.names(alarm)]  # fmt: skip

    def hold(self, alarm: Alarm, before: AlarmStateFacts) -> bool:
        """Whether a change of state is muted; it is then remembered for the end of the window."""
        self._held.pop(alarm.name, None)
        if not self.muting(alarm.name):
            return False
        self._held[alarm.name] = alarm.state_transitioned_timestamp, before
        return True

    def _release(self) -> None:
        """Make up for what was held back and is muted no longer."""
        for name in [name for name in self._held if not self.muting(name)]:
            since, before = self._held.pop(name)
            if name in self._alarms:
                alarm = self._alarms[name]
                if alarm.actions_enabled and alarm.state_transitioned_timestamp == since:
                    self._alarms.actions.act(alarm, before, after_mute=True)
