"""What CloudWatch tells EventBridge of alarms.

Lives here: `Announcements`. A change of state is told whether or not its actions are carried out,
and so is one of the configuration.
Source: User Guide, "Alarm events and EventBridge".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.alarms.configuration_events import configuration_event
from awsmon.alarms.notices import function_event
from awsmon.core.bus_events import EventEmitted
from awsmon.core.later import Later

if TYPE_CHECKING:
    from awsmon.alarms.service import Alarms
    from awsmon.core.events import AlarmConfigurationChanged, AlarmStateChanged

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
        self._tell("State Change", alarm.arn, told["alarmData"])

    def alarm_configuration_changed(self, event: AlarmConfigurationChanged) -> None:
        """A listener: one event for each alarm that is made, changed or deleted."""
        detail = Later(configuration_event, event, self._alarms.ids.uuid())
        self._tell("Configuration Change", event.alarm, detail)

    def _tell(self, what: str, arn: str, detail: dict[str, Any] | Later) -> None:
        alarms = self._alarms
        alarms.publish(
            EventEmitted(
                at=alarms.clock.now(), scope=alarms.scope, source="aws.cloudwatch",
                detail_type=f"CloudWatch Alarm {what}", resources=(arn,),
                detail=detail))  # fmt: skip
