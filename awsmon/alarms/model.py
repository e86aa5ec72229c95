"""What an alarm is.

Lives here: `Alarm`, which is a `CompositeAlarm`, a `PromQLAlarm` or a `ThresholdAlarm`, and that a
`MetricAlarm` or a `LogAlarm`; `AlarmState`; the `Contributor` of an alarm on several series;
comparison operators.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.events import AlarmStateFacts
from awsmon.core.neighbours import MetricKey
from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from awsmon.core.clock import Timer
    from awsmon.core.neighbours import QueryFacts

__all__ = [
    "BAND_BREACHES", "BREACHES", "COMPARISONS", "Alarm", "AlarmState", "CompositeAlarm",
    "Contributor", "EvaluatedAlarm", "LogAlarm", "MetricAlarm", "PromQLAlarm", "ThresholdAlarm",
]  # fmt: skip


class AlarmState(str, Enum):
    """The three states; equal to their names as text."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"

    def __str__(self) -> str:
        return self.value

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)


BREACHES: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
"""Comparison operator to ``breaches(value, threshold)``."""

BAND_BREACHES: Mapping[str, Callable[[float, float, float], bool]] = {
    "LessThanLowerOrGreaterThanUpperThreshold": lambda x, lower, upper: x < lower or x > upper,
    "LessThanLowerThreshold": lambda x, lower, _: x < lower,
    "GreaterThanUpperThreshold": lambda x, _, upper: x > upper,
}
"""The same for a band of anomaly detection: ``breaches(value, lower, upper)``."""

COMPARISONS = {
    ">=": "GreaterThanOrEqualToThreshold",
    ">": "GreaterThanThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
}
"""As Python writes them, and AWS."""


@dataclass(kw_only=True, slots=True, eq=False)
class Alarm(Resource):
    """What metric and composite alarms have in common, as DescribeAlarms shows it.

    Attributes:
        kind: as ``AlarmTypes`` names it.
        state_updated_timestamp: when state or configuration of the state last changed.
        timer: what is to happen to it next, if anything.
    """

    kind: ClassVar[str]

    name: str = field(metadata=aws("AlarmName"))
    arn: str = field(metadata=aws("AlarmArn"))
    description: str | None = field(default=None, metadata=aws("AlarmDescription"))
    configuration_updated: datetime = field(metadata=aws("AlarmConfigurationUpdatedTimestamp"))
    actions_enabled: bool = True
    ok_actions: list[str] = field(default_factory=list, metadata=aws("OKActions"))
    alarm_actions: list[str] = field(default_factory=list)
    insufficient_data_actions: list[str] = field(default_factory=list)
    state: AlarmState = field(default=AlarmState.INSUFFICIENT_DATA, metadata=aws("StateValue"))
    state_reason: str = "Unchecked: Initial alarm creation"
    state_reason_data: str | None = None
    state_updated_timestamp: datetime
    state_transitioned_timestamp: datetime
    action_configuration: dict[str, Any] | None = None
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))

    @property
    def facts(self) -> AlarmStateFacts:
        """The state it is in, as events and notifications tell it."""
        return AlarmStateFacts(
            self.state.value, self.state_reason, self.state_reason_data,
            self.state_transitioned_timestamp,
        )  # fmt: skip

    @property
    def every_action(self) -> list[str]:
        """The ARNs for all states."""
        return self.ok_actions + self.alarm_actions + self.insufficient_data_actions

    @property
    def actions(self) -> list[str]:
        """The ARNs for the state it is in."""
        return self.actions_of(self.state)

    def actions_of(self, state: AlarmState) -> list[str]:
        """The ARNs for a state."""
        return {
            AlarmState.OK: self.ok_actions,
            AlarmState.ALARM: self.alarm_actions,
            AlarmState.INSUFFICIENT_DATA: self.insufficient_data_actions,
        }[state]

    def configuration(self) -> dict[str, Any]:
        """A copy of what DescribeAlarms shows."""
        return {
            member: list(value) if isinstance(value, list) else value
            for member, value in self.to_aws().items()
        }


@dataclass(kw_only=True, slots=True)
class Contributor(Resource):
    """A series for which an alarm is in ALARM, as DescribeAlarmContributors shows it.

    Attributes:
        attributes: the labels of the series and their values.
    """

    aws_shape: ClassVar[str] = "cloudwatch.AlarmContributor"

    id: str = field(metadata=aws("ContributorId"))
    attributes: dict[str, str] = field(metadata=aws("ContributorAttributes"))
    state_reason: str
    state_transitioned_timestamp: datetime


@dataclass(kw_only=True, slots=True, eq=False)
class EvaluatedAlarm(Alarm):
    """An alarm that looks at data of its own.

    Attributes:
        contributors: the series in ALARM, by their Ids, where there are several.
        warm_since: when its warm-up began; None: it has none, or it is over.
    """

    treat_missing_data: str | None = None
    evaluation_state: str | None = None
    warm_up_configuration: dict[str, Any] | None = None
    contributors: dict[str, Contributor] = field(default_factory=dict, metadata=aws(None))
    warm_since: datetime | None = field(default=None, metadata=aws(None))

    def warming_up(self, now: datetime, *, full: bool) -> bool:
        """Whether it is too early to judge; a warm-up that is over ends here.

        Args:
            now: the present.
            full: whether there is all that an evaluation needs.
        """
        if self.warm_since is None or self.warm_up_configuration is None:
            return False
        minutes = self.warm_up_configuration["WarmUpPeriodDurationInMinutes"]
        waits = self.warm_up_configuration.get("OnlyStartEvaluatingAfterWarmUpPeriodEnds", False)
        if now < self.warm_since + timedelta(minutes=minutes) and (waits or not full):
            return True
        self.warm_since = self.evaluation_state = None
        return False


@dataclass(kw_only=True, slots=True, eq=False)
class ThresholdAlarm(EvaluatedAlarm):
    """An alarm that compares values with a threshold: M of the latest N."""

    threshold: float | None = None
    comparison_operator: str
    evaluation_periods: int
    datapoints_to_alarm: int | None = None

    @property
    def several(self) -> bool:
        """Whether it watches several series, each for itself."""
        raise NotImplementedError

    @property
    def missing(self) -> str:
        """How missing data are treated."""
        return self.treat_missing_data or "missing"


@dataclass(kw_only=True, slots=True, eq=False)
class MetricAlarm(ThresholdAlarm):
    """A metric alarm as DescribeAlarms shows it: upon one metric, or upon what queries return.

    Attributes:
        own_period: seconds; of an alarm upon one metric.
        queries: as GetMetricData takes them.
        about: what these are about.
    """

    aws_shape: ClassVar[str] = "cloudwatch.MetricAlarm"
    kind: ClassVar[str] = "MetricAlarm"

    metric_name: str | None = None
    namespace: str | None = None
    statistic: str | None = None
    extended_statistic: str | None = None
    dimensions: list[dict[str, str]] = field(default_factory=list)
    own_period: int | None = field(default=None, metadata=aws("Period"))
    unit: str | None = None
    evaluate_low_sample_count_percentile: str | None = None
    queries: list[dict[str, Any]] | None = field(default=None, metadata=aws("Metrics"))
    threshold_metric_id: str | None = None
    evaluation_window: dict[str, Any] | None = None
    about: QueryFacts | None = field(default=None, repr=False, metadata=aws(None))
    _metric: MetricKey | None = field(default=None, init=False, repr=False, metadata=aws(None))

    @property
    def metric(self) -> MetricKey:
        """What it watches, upon one metric."""
        if self._metric is None:  # which every evaluation asks for
            assert self.namespace is not None
            assert self.metric_name is not None
            dimensions = {each["Name"]: each["Value"] for each in self.dimensions}
            self._metric = MetricKey.of(self.namespace, self.metric_name, dimensions)
        return self._metric

    @property
    def keys(self) -> tuple[MetricKey, ...]:
        """The metrics that it reads by name."""
        return (self.metric,) if self.about is None else self.about.metrics

    @property
    def period(self) -> int:
        """Seconds."""
        if self.own_period is not None:
            return self.own_period
        assert self.about is not None
        given: list[int] = [each["Period"] for each in self.queries or () if "Period" in each]
        return (*self.about.periods, *given)[0]

    @property
    def several(self) -> bool:
        """Whether it watches several series, each for itself."""
        return self.about is not None and self.series in self.about.arrays

    @property
    def series(self) -> str | None:
        """The Id of the query that is compared with the threshold."""
        if self.about is None:
            return None
        return next(name for name in self.about.returned if name != self.threshold_metric_id)

    @property
    def stat(self) -> str:
        """The statistic, plain or extended; none of queries."""
        return self.statistic or self.extended_statistic or ""

    @property
    def interval(self) -> int:
        """Seconds between two evaluations.

        Source: User Guide, "Alarm evaluation": every minute; every 10 seconds for shorter periods;
        hourly where the window is longer than a day.
        """
        if self.period < 60:
            return 10
        return 3600 if self.period * self.evaluation_periods > 86_400 else 60

    @property
    def missing(self) -> str:
        """How missing data are treated.

        Source: User Guide, "Configuring how alarms treat missing data": on AWS/DynamoDB's metrics
        alone ``ignore`` is the default.
        """
        if self.treat_missing_data:
            return self.treat_missing_data
        tables = {key.namespace for key in self.keys} == {"AWS/DynamoDB"}
        return "ignore" if tables else "missing"


@dataclass(kw_only=True, slots=True, eq=False)
class LogAlarm(ThresholdAlarm):
    """A log alarm as DescribeAlarms shows it, upon the results of a scheduled query.

    Attributes:
        labels: the fields by which the query's results are told apart; none: there is one result.
        results: of the latest runs, oldest first: when each was started, in seconds since the
            epoch, and its values by their labels.
    """

    aws_shape: ClassVar[str] = "cloudwatch.LogAlarm"
    kind: ClassVar[str] = "LogAlarm"

    scheduled_query_configuration: dict[str, Any]
    evaluation_periods: int = field(metadata=aws("QueryResultsToEvaluate"))
    datapoints_to_alarm: int | None = field(default=None, metadata=aws("QueryResultsToAlarm"))
    action_log_line_count: int | None = None
    action_log_line_role_arn: str | None = None
    labels: tuple[str, ...] = field(default=(), metadata=aws(None))
    results: list[tuple[int, dict[tuple[str, ...], float]]] = field(
        default_factory=list, repr=False, metadata=aws(None)
    )

    @property
    def several(self) -> bool:
        """Whether it watches several series, each for itself."""
        return bool(self.labels)


@dataclass(kw_only=True, slots=True, eq=False)
class PromQLAlarm(EvaluatedAlarm):
    """A metric alarm upon a PromQL query as DescribeAlarms shows it.

    Attributes:
        evaluation_interval: seconds between two evaluations.
        pending: since when others were returned, by their Ids.
        recovering: since when series in ALARM have not been returned.
    """

    aws_shape: ClassVar[str] = "cloudwatch.MetricAlarm"
    kind: ClassVar[str] = "MetricAlarm"

    evaluation_criteria: dict[str, Any]
    evaluation_interval: int
    pending: dict[str, datetime] = field(default_factory=dict, metadata=aws(None))
    recovering: dict[str, datetime] = field(default_factory=dict, metadata=aws(None))

    @property
    def query(self) -> str:
        """In PromQL."""
        return str(self.evaluation_criteria["PromQLCriteria"]["Query"])

    @property
    def pending_period(self) -> int:
        """Seconds that a series breaches before it is in ALARM."""
        return int(self.evaluation_criteria["PromQLCriteria"].get("PendingPeriod", 0))

    @property
    def recovery_period(self) -> int:
        """Seconds that it doesn't before it is OK again."""
        return int(self.evaluation_criteria["PromQLCriteria"].get("RecoveryPeriod", 0))


@dataclass(kw_only=True, slots=True, eq=False)
class CompositeAlarm(Alarm):
    """A composite alarm as DescribeAlarms shows it.

    Attributes:
        wait_period: seconds that the suppressor has to go into ALARM before actions are taken.
        extension_period: seconds that actions wait when it has left ALARM.
        suppressed_by: ``WaitPeriod``, ``ExtensionPeriod`` or ``Alarm`` while actions of its state
            are held back.
    """

    aws_shape: ClassVar[str] = "cloudwatch.CompositeAlarm"
    kind: ClassVar[str] = "CompositeAlarm"

    rule: str = field(metadata=aws("AlarmRule"))
    suppressor: str | None = field(default=None, metadata=aws("ActionsSuppressor"))
    wait_period: int | None = field(default=None, metadata=aws("ActionsSuppressorWaitPeriod"))
    extension_period: int | None = field(
        default=None, metadata=aws("ActionsSuppressorExtensionPeriod")
    )
    suppressed_by: str | None = field(default=None, metadata=aws("ActionsSuppressedBy"))

    @property
    def suppressed_reason(self) -> str | None:
        """Why its actions are held back, in AWS's words."""
        return f"Actions suppressed by {self.suppressed_by}" if self.suppressed_by else None

    def to_aws(self) -> dict[str, Any]:
        """With the reason for which actions are held back."""
        found = Resource.to_aws(self)
        if self.suppressed_reason:
            found["ActionsSuppressedReason"] = self.suppressed_reason
        return found

    @property
    def facts(self) -> AlarmStateFacts:
        """The state it is in; it counts from when its actions were last held back or let go."""
        return AlarmStateFacts(
            self.state.value, self.state_reason, self.state_reason_data,
            self.state_updated_timestamp, self.suppressed_by, self.suppressed_reason,
        )  # fmt: skip
