"""Schedules whose time has come.

Lives here: `Firing`. Each schedule has one timer, for the next time only. A rate without a start
date begins at once, and goes on at its own rhythm when the schedule is changed otherwise; what lies
in the past when a schedule is made isn't made up for. In a flexible window the instant is drawn by
lot, in whole seconds.
Source: EventBridge Scheduler User Guide, "Schedule types", "Configuring flexible time windows",
"Deleting a schedule".
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from awsmon.core.clock import Call, stamp
from awsmon.core.deliveries import Delivery
from awsmon.core.retries import MOST_AGE, MOST_ATTEMPTS, retry_policy
from awsmon.core.target_calls import target_payload
from awsmon.lang.schedule.parser import parse
from awsmon.lang.schedule.tree import At, Cron
from awsmon.scheduler.targets import call_of, input_of, is_bus

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.scheduler.model import Key, Schedule
    from awsmon.scheduler.service import Scheduler

__all__ = ["Firing"]

_JUST = timedelta(milliseconds=1)


class Firing:
    """The timers of one account's schedules."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def changed(self, schedule: Schedule) -> None:
        """A schedule is new or another: wait for the next time it is due."""
        self._scheduler.clock.cancel(schedule.timer)
        schedule.timer = None
        if schedule.state == "ENABLED":
            self._wait(schedule)

    def forget(self, schedule: Schedule) -> None:
        """A schedule is gone."""
        for timer in (schedule.timer, *schedule.invocations):
            self._scheduler.clock.cancel(timer)

    def _wait(self, schedule: Schedule) -> None:
        due = self._next(schedule)
        if due is None:
            self._finish(schedule)
        else:
            self._set(schedule, due, "due")

    def _set(self, schedule: Schedule, at: datetime, verb: str) -> None:
        recurs = not schedule.schedule_expression.startswith("at(")
        schedule.timer = self._scheduler.clock.set(
            at, Call("scheduler.firing", verb, schedule.key), scope=self._scheduler.scope,
            recurs=recurs,
        )  # fmt: skip

    def _next(self, schedule: Schedule) -> datetime | None:
        """The next time that is due; a time that is due just now counts, save for cron."""
        expression = parse(schedule.schedule_expression, plural=False)
        now, zone = self._scheduler.clock.now(), ZoneInfo(schedule.schedule_expression_timezone)
        after = now if isinstance(expression, Cron) else now - _JUST
        if schedule.last is not None:
            after = max(after, schedule.last)
        if isinstance(expression, At):
            return expression.next(after, zone=zone)
        start, end = schedule.start_date, schedule.end_date
        if start is not None and start > now:
            after = start - _JUST
        due = expression.next(after, zone=zone, anchor=start or schedule.anchor)
        return None if due is not None and end is not None and due > end else due

    def due(self, key: Key) -> None:
        """A timer's verb: it is time; the target is invoked within the flexible window."""
        schedule = self._scheduler.schedules[key]
        assert schedule.timer is not None
        at = schedule.last = schedule.timer.due
        schedule.timer = None
        minutes = schedule.flexible_time_window.get("MaximumWindowInMinutes", 0)
        if not minutes:
            self._invoke(schedule, at)
        else:
            later = timedelta(seconds=self._scheduler.ids.random.randrange(minutes * 60))
            call = Call("scheduler.firing", "invoke", (key, at))
            scope = self._scheduler.scope
            schedule.invocations.append(self._scheduler.clock.set(at + later, call, scope=scope))
        self._wait(schedule)

    def invoke(self, key: tuple[Key, datetime]) -> None:
        """A timer's verb: within the flexible window, now."""
        schedule = self._scheduler.schedules[key[0]]
        schedule.invocations = [timer for timer in schedule.invocations if timer.live]
        self._invoke(schedule, key[1])
        if schedule.timer is None:
            self._finish(schedule)

    def complete(self, key: Key) -> None:
        """A timer's verb: the end date of a schedule that goes with it."""
        self._scheduler.forget(self._scheduler.schedules[key])

    def _finish(self, schedule: Schedule) -> None:
        """There will be no other time: the schedule goes, if it is to."""
        over = schedule.last is not None or schedule.end_date is not None
        if schedule.action_after_completion != "DELETE" or schedule.invocations or not over:
            return
        end = schedule.end_date
        recurs = not schedule.schedule_expression.startswith("at(")
        if recurs and end is not None and end > self._scheduler.clock.now():
            self._set(schedule, end, "complete")
        elif schedule.last is not None or recurs:
            self._scheduler.forget(schedule)

    def _invoke(self, schedule: Schedule, at: datetime) -> None:
        scheduler, target = self._scheduler, schedule.target
        execution = scheduler.ids.uuid()
        text = input_of(schedule, scheduler.scope, at, execution)
        call = call_of(schedule, text, execution)
        policy = target.get("RetryPolicy", {})
        delivery = Delivery(
            at=scheduler.clock.now(), scope=scheduler.scope, sender="scheduler",
            subject=schedule.arn, target_arn=target["Arn"], request=call,
            payload=self._payload(schedule, text, execution, call),
            policy=retry_policy(policy.get("MaximumRetryAttempts", MOST_ATTEMPTS),
                                policy.get("MaximumEventAgeInSeconds", MOST_AGE)),
            dead_letter_arn=target.get("DeadLetterConfig", {}).get("Arn"),
            dead_letter_attributes={
                "IS_PAYLOAD_TRUNCATED": "false", "SCHEDULED_TIME": stamp(at),
                "SCHEDULE_ARN": schedule.arn, "TARGET_ARN": target["Arn"],
            },
            plain_error_codes=True,
        )  # fmt: skip
        scheduler.deliveries.send(delivery)

    def _payload(self, schedule: Schedule, text: str, execution: str, call: Any) -> Any:
        """For a bus the event that PutEvents would make."""
        if not is_bus(schedule.target["Arn"]):
            return target_payload(schedule.target["Arn"], text, call)
        scope, wanted = self._scheduler.scope, schedule.target["EventBridgeParameters"]
        return {
            "version": "0", "id": execution, "detail-type": wanted["DetailType"],
            "source": wanted["Source"], "account": scope.account,
            "time": stamp(self._scheduler.clock.now()), "region": scope.region,
            "resources": [], "detail": json.loads(text),
        }  # fmt: skip
