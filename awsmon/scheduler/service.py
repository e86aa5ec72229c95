"""The schedules of one account and region.

Lives here: `Scheduler`: schedules and their groups. When a schedule is due and what then happens is
`firing.py`'s.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import Call
from awsmon.core.service import Service
from awsmon.scheduler.errors import ConflictException, ResourceNotFoundException
from awsmon.scheduler.firing import Firing
from awsmon.scheduler.model import DEFAULT, Schedule, ScheduleGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope
    from awsmon.scheduler.model import Key

__all__ = ["Scheduler"]

DELETING = timedelta(minutes=1)
"""How long a group that had schedules is on its way out; AWS names no time."""


class Scheduler(Service):
    """EventBridge Scheduler in one account and region.

    Attributes:
        groups: by name; ``default`` is always there.
        schedules: by group and name.
    """

    def __init__(self, backend: Backend, scope: Scope) -> None:
        super().__init__(backend, scope)
        self.groups: dict[str, ScheduleGroup] = {}
        self.schedules: dict[Key, Schedule] = {}
        self.firing = Firing(self)
        self.create_group(DEFAULT, {})

    def create_group(
        self, name: str, tags: Mapping[str, str], token: str | None = None
    ) -> ScheduleGroup:
        """A new group; *token* is that of the call."""
        now = self.clock.now()
        arn = self.scope.arn("scheduler", f"schedule-group/{name}")
        group = ScheduleGroup(name=name, arn=arn, creation_date=now, last_modification_date=now,
                              client_token=token)  # fmt: skip
        self.groups[name] = group
        self.tags.create(arn, tags)
        return group

    def group(self, name: str) -> ScheduleGroup:
        """The group of that name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if name not in self.groups:
            raise ResourceNotFoundException.group(name)
        return self.groups[name]

    def delete_group(self, group: ScheduleGroup) -> None:
        """The schedules in it go at once, and the group a little later."""
        members = [each for each in self.schedules.values() if each.group_name == group.name]
        for schedule in members:
            self.forget(schedule)
        if not members:
            self.deleted(group.name)
            return
        group.state, group.last_modification_date = "DELETING", self.clock.now()
        call = Call("scheduler", "deleted", group.name)
        self.clock.set(self.clock.now() + DELETING, call, scope=self.scope, recurs=True)

    def deleted(self, name: str) -> None:
        """A timer's verb: a group is gone."""
        self.tags.forget(self.groups.pop(name).arn)

    def schedule(self, group: str, name: str) -> Schedule:
        """The schedule of that name in a group.

        Raises:
            ResourceNotFoundException: there is none.
        """
        if (group, name) not in self.schedules:
            raise ResourceNotFoundException.schedule(name)
        return self.schedules[group, name]

    def create(self, group_name: str, name: str, request: Mapping[str, Any]) -> Schedule:
        """A new schedule; *request* has the members of CreateSchedule, checked.

        Raises:
            ResourceNotFoundException: there is no such group.
            ConflictException: there is such a schedule, or the group is being deleted.
        """
        group, now = self.group(group_name), self.clock.now()
        if group.state == "DELETING":
            raise ConflictException.deleting(group_name)
        there = self.schedules.get((group_name, name))
        if there is not None:
            if there.client_token and there.client_token == request.get("ClientToken"):
                return there
            raise ConflictException.schedule(name)
        schedule = Schedule.from_aws(
            request, name=name, group_name=group_name, anchor=now, creation_date=now,
            arn=self.scope.arn("scheduler", f"schedule/{group_name}/{name}"),
            last_modification_date=now, client_token=request.get("ClientToken"),
        )  # fmt: skip
        self.schedules[schedule.key] = schedule
        self.firing.changed(schedule)
        return schedule

    def update(self, schedule: Schedule, request: Mapping[str, Any]) -> None:
        """All of it anew: what the request doesn't say goes back to its default."""
        now = self.clock.now()
        same = request["ScheduleExpression"] == schedule.schedule_expression
        updated = Schedule.from_aws(
            request, name=schedule.name, group_name=schedule.group_name, arn=schedule.arn,
            anchor=schedule.anchor if same else now, last=schedule.last if same else None,
            creation_date=schedule.creation_date, last_modification_date=now,
            client_token=schedule.client_token, invocations=schedule.invocations,
        )  # fmt: skip
        self.clock.cancel(schedule.timer)
        self.schedules[schedule.key] = updated
        self.firing.changed(updated)

    def forget(self, schedule: Schedule) -> None:
        """A schedule is deleted, or its time is over."""
        self.firing.forget(schedule)
        del self.schedules[schedule.key]
