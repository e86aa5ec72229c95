"""What schedules and schedule groups are.

Lives here: `Schedule`, `ScheduleGroup` and `Key`. Targets stay as AWS writes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.core.clock import Timer

__all__ = ["DEFAULT", "Key", "Schedule", "ScheduleGroup"]

DEFAULT = "default"

Key = tuple[str, str]
"""Group and name."""


@dataclass(kw_only=True, slots=True, eq=False)
class ScheduleGroup(Resource):
    """A group as GetScheduleGroup shows it.

    Attributes:
        client_token: of the call that made it.
    """

    aws_shape: ClassVar[str] = "scheduler.GetScheduleGroupOutput"

    name: str
    arn: str
    state: str = "ACTIVE"
    creation_date: datetime
    last_modification_date: datetime
    client_token: str | None = field(default=None, repr=False, metadata=aws(None))


@dataclass(kw_only=True, slots=True, eq=False)
class Schedule(Resource):
    """A schedule as GetSchedule shows it.

    Attributes:
        client_token: of the call that made it.
        anchor: from when on a rate counts, where it has no start date.
        last: the last time that was due.
        timer: of the next time that is due, or of its end.
        invocations: timers of times that were due and wait within their flexible window.
    """

    aws_shape: ClassVar[str] = "scheduler.GetScheduleOutput"

    name: str
    group_name: str
    arn: str
    schedule_expression: str
    schedule_expression_timezone: str = "UTC"
    start_date: datetime | None = None
    end_date: datetime | None = None
    description: str | None = None
    state: str = "ENABLED"
    kms_key_arn: str | None = None
    target: dict[str, Any]
    flexible_time_window: dict[str, Any]
    action_after_completion: str = "NONE"
    creation_date: datetime
    last_modification_date: datetime
    client_token: str | None = field(default=None, repr=False, metadata=aws(None))
    anchor: datetime = field(repr=False, metadata=aws(None))
    last: datetime | None = field(default=None, repr=False, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))
    invocations: list[Timer] = field(default_factory=list, repr=False, metadata=aws(None))

    @property
    def key(self) -> Key:
        """Where it stands among the others."""
        return self.group_name, self.name
