"""What CloudWatch tells EventBridge of alarms.

Lives here: `Announcements`. A change of state is told whether or not its actions are carried out.
Source: User Guide, "Alarm events and EventBridge".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.alarms.notices import function_event
from awsmon.core.bus_events import EventEmitted

if TYPE_CHECKING:
    from awsmon.alarms.service import Alarms
    from awsmon.core.events import AlarmStateChanged

__all__ = ["Announcements"]


class Announcements:
    """The events of one account's alarms."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms

    def alarm_state_changed(self, event: AlarmStateChanged) -> None:
        """A listener: one event for each new state."""
        if event.before.value == event.after.value:
            return
        alarms = self._alarms
        alarm = alarms[event.alarm]
        told = function_event(
            alarm, event.before, alarms.scope, alarms.tags.of(alarm.arn),
            metric_id=alarms.ids.uuid(), series=None,
        )  # fmt: skip
        alarms.publish(
            EventEmitted(
                at=alarms.clock.now(), scope=alarms.scope, source="aws.cloudwatch",
                detail_type="CloudWatch Alarm State Change", resources=(alarm.arn,),
                detail=told["alarmData"]))  # fmt: skip
