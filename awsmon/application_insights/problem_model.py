"""What problems are made of.

Lives here: `Symptom`, `Observation` and `Problem`. What an observation is of is `symptoms.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from awsmon.core.clock import EPOCH
from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.core.clock import Timer

__all__ = ["SEVERITIES", "Observation", "Problem", "Symptom"]

SEVERITIES = ("Informative", "Low", "Medium", "High")
"""The least first."""


class Symptom(NamedTuple):
    """What is wrong, in words.

    Attributes:
        name: as ``High CPU``.
        severity: one of `SEVERITIES`.
        advice: what it may come from, and what to look at.
    """

    name: str
    severity: str
    advice: str


@dataclass(kw_only=True, slots=True, eq=False)
class Observation(Resource):
    """An anomaly or error, as DescribeObservation shows it.

    Attributes:
        end_time: None: it goes on.
        facts: further members by AWS's names, of an event.
        application, component: names.
        layer: of the application that its source belongs to.
        key: what is observed; the same again is no other observation while it goes on.
        last: when it was seen last.
        because: why it is of its problem, for people.
        timer: ends it, where nothing else tells that it is over.
    """

    aws_shape: ClassVar[str] = "application-insights.Observation"

    id: str
    start_time: datetime
    end_time: datetime | None = None
    source_type: str
    source_arn: str = field(metadata=aws("SourceARN"))
    log_group: str | None = None
    line_time: datetime | None = None
    log_text: str | None = None
    log_filter: str | None = None
    metric_namespace: str | None = None
    metric_name: str | None = None
    unit: str | None = None
    value: float | None = None
    facts: dict[str, Any] = field(default_factory=dict, metadata=aws(None))
    application: str = field(metadata=aws(None))
    component: str = field(metadata=aws(None))
    layer: str = field(metadata=aws(None))
    symptom: Symptom = field(metadata=aws(None))
    key: tuple[str, ...] = field(metadata=aws(None))
    last: datetime = field(metadata=aws(None))
    because: str = field(default="", metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    def shown(self) -> dict[str, Any]:
        """All of its members."""
        return {**self.to_aws(), **self.facts}


@dataclass(kw_only=True, slots=True, eq=False)
class Problem(Resource):
    """Observations that belong together, as DescribeProblem shows them.

    Attributes:
        end_time: the beginning of 1970 while it isn't resolved, as the AWS CLI's example has it.
        observations: ids, in the order in which they were seen.
        timer: of its resolution.
    """

    aws_shape: ClassVar[str] = "application-insights.Problem"

    id: str
    title: str = ""
    short_name: str | None = None
    insights: str = ""
    status: str = "PENDING"
    affected_resource: str = ""
    start_time: datetime
    end_time: datetime = EPOCH
    severity_level: str = "Low"
    account_id: str
    resource_group_name: str
    feedback: dict[str, str] = field(default_factory=lambda: {"INSIGHTS_FEEDBACK": "NOT_SPECIFIED"})
    recurring_count: int = 0
    last_recurrence_time: datetime | None = None
    visibility: str = "VISIBLE"
    resolution_method: str = "UNRESOLVED"
    observations: list[str] = field(default_factory=list, repr=False, metadata=aws(None))
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def open(self) -> bool:
        """Whether it isn't resolved."""
        return self.status != "RESOLVED"
