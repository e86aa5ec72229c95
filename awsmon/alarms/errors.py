"""The errors of CloudWatch alarms: a class for each code, a constructor for each wording.

Sources: botocore's model for codes and statuses; recordings of real answers (LocalStack's
snapshots, 2025 and 2026) for the wordings, unless a line says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core import query_errors
from awsmon.core.errors import AwsError
from awsmon.core.query_errors import InvalidNextToken, InvalidParameterCombination

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsmon.lang.text import LanguageError

__all__ = [
    "InvalidFormat",
    "InvalidNextToken",
    "InvalidParameterCombination",
    "InvalidParameterValue",
    "MissingParameter",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "ValidationError",
]


class ResourceNotFound(AwsError):
    """No such alarm; AWS sends no message."""

    code, status = "ResourceNotFound", 404


class ResourceNotFoundException(AwsError):
    """No such mute rule, or no alarm whose contributors could be told."""

    code, status = "ResourceNotFoundException", 404


class InvalidFormat(AwsError):
    """Text that isn't what it should be."""

    code, status = "InvalidFormat", 400

    @classmethod
    def reason_data(cls) -> InvalidFormat:
        """SetAlarmState's data are JSON. Wording: moto's."""
        return cls("StateReasonData must be valid JSON.")


class InvalidParameterValue(query_errors.InvalidParameterValue):
    """A value that no constraint of the model describes."""

    @classmethod
    def statistic(cls, statistic: str) -> InvalidParameterValue:
        """No extended statistic. Wording: moto's."""
        return cls(f"The value {statistic} for parameter ExtendedStatistic is not supported.")

    @classmethod
    def at_most(cls, parameter: str, most: int) -> InvalidParameterValue:
        """PutLogAlarm. Wording unverified."""
        return cls(f"The value for parameter {parameter} must be at most {most}.")

    @classmethod
    def not_finite(cls, threshold: float) -> InvalidParameterValue:
        """NaN or an infinity. Wording: as PutMetricData's."""
        return cls(f"The value {threshold} for parameter Threshold is invalid.")


class MissingParameter(query_errors.MissingParameter):
    """A member that must be there, though the model doesn't say so."""

    @classmethod
    def member(cls, name: str) -> MissingParameter:
        """Wording: as the query protocol's common errors."""
        return cls(f"The request must contain the parameter {name}.")


class ValidationError(query_errors.ValidationError):
    """What CloudWatch answers where its front door finds the mistake."""

    @classmethod
    def option(cls, value: str, parameter: str, options: str) -> ValidationError:
        """A word that is none of those it may be."""
        return cls(
            f"Option {value} is not supported. Supported options for parameter {parameter} are "
            f"{options}."
        )

    @classmethod
    def arn(cls, arn: str) -> ValidationError:
        """An action that is no ARN. Wording: as users report it."""
        return cls(f"Invalid arn syntax: {arn}")

    @classmethod
    def place(cls, what: str, given: str, ours: str) -> ValidationError:
        """An action elsewhere: another ``partition``, or ``region``; as users report it."""
        return cls(f"Invalid {what} {given} specified. Only {ours} is supported.")

    @classmethod
    def blank_rule(cls) -> ValidationError:
        """PutCompositeAlarm; as users report it."""
        return cls("AlarmRule must not contain leading or trailing whitespace or be null")

    @classmethod
    def rule(cls, error: LanguageError) -> ValidationError:
        """PutCompositeAlarm: no rule. Wording unverified."""
        return cls(f"Invalid alarm rule: {error.message}", detail=str(error))

    @classmethod
    def unknown_children(cls, names: Iterable[str]) -> ValidationError:
        """PutCompositeAlarm; as users report it."""
        listed = ", ".join(names)
        return cls(
            f"Could not save the composite alarm as alarms [{listed}] in the alarm rule do not "
            "exist"
        )

    @classmethod
    def needed(cls, names: Sequence[str]) -> ValidationError:
        """DeleteAlarms; as users report it."""
        them = "it" if len(names) == 1 else "them"
        return cls(
            f"Cannot delete {','.join(names)} as there are composite alarm(s) depending on {them}."
        )

    @classmethod
    def composites(cls) -> ValidationError:
        """DeleteAlarms. Wording unverified, as of the next six."""
        return cls("The request can include at most one composite alarm.")

    @classmethod
    def log_alarms(cls) -> ValidationError:
        """DeleteAlarms: a log alarm beside others. Unverified."""
        return cls("Log alarms cannot be deleted together with other alarms.")

    @classmethod
    def too_many(cls, what: str, most: int) -> ValidationError:
        """PutCompositeAlarm: its rule, or the rules that name an alarm."""
        return cls(f"{what} must not exceed {most}")

    @classmethod
    def suppressor(cls, name: str) -> ValidationError:
        """PutCompositeAlarm: an unknown suppressor."""
        return cls(f"Could not save the composite alarm as the suppressor {name} does not exist")

    @classmethod
    def periods(cls) -> ValidationError:
        """PutCompositeAlarm: a suppressor and its periods belong together."""
        return cls(
            "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod must be given "
            "together with ActionsSuppressor"
        )

    @classmethod
    def other_kind(cls, name: str, kind: str) -> ValidationError:
        """An alarm of that name is of the other kind."""
        return cls(f"An alarm named {name} already exists and is of type {kind}")

    @classmethod
    def action(cls, arn: str) -> ValidationError:
        """PutCompositeAlarm. Wording unverified, as of the next three."""
        return cls(f"The action {arn} is not supported for composite alarms")

    @classmethod
    def band_action(cls) -> ValidationError:
        """PutMetricAlarm: a band, and a scaling policy to act."""
        return cls("Auto Scaling actions are not supported for anomaly detection alarms")

    @classmethod
    def no_instance(cls) -> ValidationError:
        """PutMetricAlarm: an action upon an instance that isn't named."""
        return cls("Actions on EC2 instances need a metric with the dimension InstanceId")

    @classmethod
    def recover(cls) -> ValidationError:
        """PutMetricAlarm: recovery is for failed status checks."""
        return cls("The recover action is only supported on the metric StatusCheckFailed_System")

    @classmethod
    def tag_keys(cls) -> ValidationError:
        """PutMetricAlarm, PutCompositeAlarm. Wording unverified."""
        return cls("IncludedTagKeys and ExcludedTagKeys cannot both be specified")

    @classmethod
    def alone(cls, member: str) -> ValidationError:
        """DescribeAlarms: a member that bears no other beside it."""
        return cls(f"{member} cannot be used together with other parameters")

    @classmethod
    def metric_count(cls) -> ValidationError:
        """An alarm watches one thing."""
        return cls("Exactly one of MetricName, Metrics and EvaluationCriteria must be given.")

    @classmethod
    def interval(cls) -> ValidationError:
        """PutMetricAlarm: EvaluationInterval. Wording unverified, as of the next two."""
        return cls("EvaluationInterval must be 10, 20, 30 or a multiple of 60")

    @classmethod
    def promql(cls, message: str, position: int) -> ValidationError:
        """PutMetricAlarm: a query that is none."""
        return cls(f"Invalid PromQL query: {message} (position {position})")

    @classmethod
    def promql_action(cls, arn: str) -> ValidationError:
        """PutMetricAlarm: only topics and functions hear of a PromQL alarm."""
        return cls(f"The action {arn} is not supported for PromQL alarms")

    @classmethod
    def datapoints(cls) -> ValidationError:
        """M is at most N. Wording: as users report it."""
        return cls("Datapoints to alarm must be less than or equal to evaluation periods.")

    @classmethod
    def period(cls) -> ValidationError:
        """Wording: as users report it."""
        return cls("Period must be 10, 20, 30 or a multiple of 60")

    @classmethod
    def range(cls, longest: int) -> ValidationError:
        """Wording: as users report it."""
        return cls(
            "Metrics cannot be checked across more than "
            f"{longest} seconds (EvaluationPeriods * Period must be <= {longest})."
        )

    @classmethod
    def schedule(cls, error: LanguageError) -> ValidationError:
        """PutAlarmMuteRule: no schedule. Wording unverified, as of the next four."""
        return cls(f"Invalid schedule expression: {error.message}", detail=str(error))

    @classmethod
    def timezone(cls, zone: str) -> ValidationError:
        """PutAlarmMuteRule: no time zone."""
        return cls(f"Invalid timezone: {zone}")

    @classmethod
    def duration(cls, text: str) -> ValidationError:
        """PutAlarmMuteRule: no duration, or one out of its bounds."""
        return cls(f"Invalid duration {text}: it must be between PT1M and P15D")

    @classmethod
    def unknown_targets(cls, names: Iterable[str]) -> ValidationError:
        """PutAlarmMuteRule: its targets must be there."""
        return cls(f"Could not save the mute rule as alarms [{', '.join(names)}] do not exist")

    @classmethod
    def dates(cls) -> ValidationError:
        """PutAlarmMuteRule: it would end before it starts."""
        return cls("ExpireDate must be after StartDate")

    @classmethod
    def search(cls) -> ValidationError:
        """PutMetricAlarm; as users report it, as the next two."""
        return cls("SEARCH is not supported on Metric Alarms.")

    @classmethod
    def returned(cls) -> ValidationError:
        """An alarm compares one series."""
        return cls("Exactly one element of the metrics list should return data.")

    @classmethod
    def several(cls) -> ValidationError:
        """An alarm looks at several series of Metrics Insights alone."""
        return cls(
            "Metrics expression that return multi time series are only allowed for MetricsInsights "
            "expression with an ORDER BY clause"
        )

    @classmethod
    def returned_with_band(cls) -> ValidationError:
        """A series and its band. Wording unverified, as of the rest."""
        return cls("Exactly two elements of the metrics list should return data.")

    @classmethod
    def no_band(cls, name: str) -> ValidationError:
        """ThresholdMetricId isn't the Id of a band."""
        return cls(f"ThresholdMetricId {name} must be the Id of an ANOMALY_DETECTION_BAND function")

    @classmethod
    def band(cls, comparison: str, *, band: bool) -> ValidationError:
        """An operator goes with a band, or it doesn't."""
        return cls(
            f"ComparisonOperator {comparison} "
            + ("requires ThresholdMetricId" if band else "cannot be used with ThresholdMetricId")
        )

    @classmethod
    def periods_differ(cls) -> ValidationError:
        """The metrics of an alarm have one period."""
        return cls("All metrics in the metrics list must have the same period")

    @classmethod
    def no_period(cls) -> ValidationError:
        """Nor is there one without a metric."""
        return cls("Period must be given in the metrics list")

    @classmethod
    def select_range(cls, longest: int) -> ValidationError:
        """Metrics Insights looks at the latest three hours."""
        return cls(
            "Metrics Insights queries cannot be checked across more than "
            f"{longest} seconds, nor in periods of less than 60 seconds"
        )

    @classmethod
    def one_window(cls) -> ValidationError:
        """An evaluation window is of one kind."""
        return cls("Exactly one of SlidingWindow and WallClockWindow must be given")

    @classmethod
    def wall_clock_period(cls) -> ValidationError:
        """Wall clock windows are of minutes."""
        return cls("A WallClockWindow requires a period of at least 60 seconds")

    @classmethod
    def log_comparison(cls, comparison: str) -> ValidationError:
        """PutLogAlarm knows the four plain operators."""
        return cls(f"ComparisonOperator {comparison} is not supported for log alarms")

    @classmethod
    def offsets(cls) -> ValidationError:
        """PutLogAlarm: the time range of its query ends before it begins."""
        return cls("EndTimeOffset must be less than StartTimeOffset")

    @classmethod
    def aggregation(cls, error: LanguageError) -> ValidationError:
        """PutLogAlarm: no aggregation."""
        return cls(f"Invalid aggregation expression: {error.message}", detail=str(error))
