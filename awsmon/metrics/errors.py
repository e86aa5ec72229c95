"""The errors of CloudWatch metrics: a class for each code, a constructor for each wording.

Sources: botocore's model for codes and statuses; recordings of real answers (LocalStack's
snapshots, 2025 and 2026) for the wordings, unless a line says otherwise.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from awsmon.core import query_errors
from awsmon.core.errors import AwsError
from awsmon.core.query_errors import InvalidNextToken, ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.metrics.dashboard_body import Mistake

__all__ = [
    "ConflictException",
    "InvalidNextToken",
    "InvalidParameterCombination",
    "InvalidParameterInput",
    "InvalidParameterValue",
    "LimitExceededException",
    "MissingParameter",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "ValidationError",
]


class InvalidParameterValue(query_errors.InvalidParameterValue):
    """A value that no constraint of the model describes."""

    @classmethod
    def not_finite(cls, value: float, member: str) -> InvalidParameterValue:
        """NaN, the infinities, and what lies beyond 2^360."""
        text = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(value), str(value))
        return cls(f"The value {text} for parameter {member} is invalid.")

    @classmethod
    def sizes_differ(cls, one: str, other: str) -> InvalidParameterValue:
        """Values and Counts go together."""
        return cls(f"The parameters {one} and {other} must be of the same size.")

    @classmethod
    def too_old(cls, member: str) -> InvalidParameterValue:
        """Wording: as users report it (AWS re:Post)."""
        return cls(f"The parameter {member} must specify a time within the past two weeks.")

    @classmethod
    def too_new(cls, member: str) -> InvalidParameterValue:
        """Wording: as users report it (AWS re:Post)."""
        return cls(
            f"The parameter {member} must specify a time no more than two hours in the future."
        )

    @classmethod
    def too_many(cls, member: str, most: int) -> InvalidParameterValue:
        """More entries than the operation takes."""
        return cls(f"The collection {member} must not have a size greater than {most}.")

    @classmethod
    def entity(cls, mistake: str) -> InvalidParameterValue:
        """An entity that is strictly checked; *mistake* is AWS's word. Wording unverified."""
        return cls(f"The parameter EntityMetricData is invalid: {mistake}.")

    @classmethod
    def storage_resolution(cls, member: str) -> InvalidParameterValue:
        """Only 1 and 60 exist."""
        return cls(f"The parameter {member} must be 1 or 60.")

    @classmethod
    def start_after_end(cls) -> InvalidParameterValue:
        """GetMetricStatistics."""
        return cls("The parameter StartTime must be less than the parameter EndTime.")

    @classmethod
    def widget(cls, problem: str) -> InvalidParameterValue:
        """GetMetricWidgetImage. Wording unverified, as of the next."""
        return cls(f"The MetricWidget is invalid: {problem}")

    @classmethod
    def output_format(cls, given: str) -> InvalidParameterValue:
        """GetMetricWidgetImage."""
        return cls(f"The value {given} for parameter OutputFormat is invalid.")

    @classmethod
    def stream_name(cls, name: str) -> InvalidParameterValue:
        """PutMetricStream. Wording unverified, as of the next two."""
        return cls(f"The value {name} for parameter Name is invalid.")

    @classmethod
    def arn(cls, member: str, arn: str) -> InvalidParameterValue:
        """PutMetricStream: not the ARN of such a thing."""
        return cls(f"The value {arn} for parameter {member} is invalid.")

    @classmethod
    def stream_statistic(cls, name: str, output_format: str) -> InvalidParameterValue:
        """PutMetricStream: a statistic that the format has no place for."""
        return cls(f"The statistic {name} is not supported by the output format {output_format}.")

    @classmethod
    def timezone(cls, zone: str) -> InvalidParameterValue:
        """PutAnomalyDetector. Wording unverified, as of the next."""
        return cls(f"The value {zone} for parameter MetricTimezone is invalid.")

    @classmethod
    def one_expression(cls) -> InvalidParameterValue:
        """PutAnomalyDetector: queries with one expression that returns data."""
        return cls("Exactly one expression of MetricDataQueries should return data.")

    @classmethod
    def one_series(cls) -> InvalidParameterValue:
        """PutAnomalyDetector: that expression returns an array. Unverified."""
        return cls("The expression that returns data must return a single time series.")

    @classmethod
    def period(cls, period: float) -> InvalidParameterValue:
        """Not 1, 5, 10, 20, 30 or a multiple of 60. Wording: API reference, GetMetricStatistics."""
        return cls(
            f"The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60; it was {period}."
        )

    @classmethod
    def statistic(cls, statistic: str) -> InvalidParameterValue:
        """Not a statistic."""
        return cls(f"The value {statistic} for parameter Stat is not supported.")

    @classmethod
    def extended(cls, statistic: str) -> InvalidParameterValue:
        """Not an extended statistic. Wording: moto's, for PutMetricAlarm."""
        return cls(f"The value {statistic} for parameter ExtendedStatistics is not supported.")

    @classmethod
    def rule_definition(cls, problem: str) -> InvalidParameterValue:
        """PutInsightRule. Wording unverified, as of the next three."""
        return cls(f"The value for parameter RuleDefinition is invalid: {problem}.")

    @classmethod
    def rule_state(cls, state: str) -> InvalidParameterValue:
        """PutInsightRule."""
        return cls(f"The value {state} for parameter RuleState is invalid.")

    @classmethod
    def managed_rule(cls, name: str) -> InvalidParameterValue:
        """PutInsightRule: AWS's own rules can't be edited."""
        return cls(f"The rule {name} is a managed rule and cannot be modified.")

    @classmethod
    def one_of(cls, member: str, value: object, allowed: str) -> InvalidParameterValue:
        """GetInsightRuleReport."""
        return cls(f"The value {value} for parameter {member} is invalid: it must be {allowed}.")

    @classmethod
    def dashboard_name(cls) -> InvalidParameterValue:
        """PutDashboard."""
        return cls(
            "The value for field DashboardName contains invalid characters. It can only contain "
            "alphanumerics, dash (-) and underscore (_).\n"
        )

    @classmethod
    def long_dashboard_name(cls, most: int) -> InvalidParameterValue:
        """PutDashboard. Wording unverified."""
        return cls(f"The value for field DashboardName is longer than {most} characters.")

    @classmethod
    def next_token(cls) -> InvalidParameterValue:
        """ListMetrics, GetMetricData."""
        return cls("Request parameter NextToken is invalid")


class InvalidParameterCombination(query_errors.InvalidParameterCombination):
    """Members that don't go together."""

    @classmethod
    def too_many_datapoints(cls, count: int, most: int) -> InvalidParameterCombination:
        """GetMetricStatistics gives 1440 at the most."""
        return cls(
            f"You have requested up to {count} datapoints, which exceeds the limit of {most}. "
            "You may reduce the datapoints requested by increasing Period, or decreasing the time "
            "range."
        )


class MissingParameter(query_errors.MissingParameter):
    """A member that must be there."""

    @classmethod
    def one_of(cls, *members: str) -> MissingParameter:
        """None of several was given."""
        return cls(f"At least one of the parameters {' or '.join(members)} must be specified.")


class InvalidParameterInput(AwsError):
    """A dashboard that isn't one."""

    code, status = "InvalidParameterInput", 400

    @classmethod
    def dashboard(cls, mistakes: Sequence[Mistake]) -> InvalidParameterInput:
        """PutDashboard; as users report it."""
        listed = [{"dataPath": path, "message": message} for path, message in mistakes]
        errors = "is 1 validation error" if len(mistakes) == 1 else (
            f"are {len(mistakes)} validation errors")  # fmt: skip
        return cls(
            f"The dashboard body is invalid, there {errors}:\n{json.dumps(listed, indent=2)}",
            dashboardValidationMessages=[
                {"DataPath": path, "Message": message} for path, message in mistakes],
        )  # fmt: skip


class ResourceNotFound(AwsError):
    """No such dashboard."""

    code, status = "ResourceNotFound", 404

    @classmethod
    def dashboard(cls, name: str) -> ResourceNotFound:
        """GetDashboard; as users report it."""
        return cls(f"Dashboard {name} does not exist")

    @classmethod
    def dashboards(cls, names: Sequence[str]) -> ResourceNotFound:
        """DeleteDashboards. Wording unverified."""
        return cls(f"The specified dashboard does not exist. [{', '.join(names)}]")


class ResourceNotFoundException(AwsError):
    """No such stream, insight rule, or resource to tag."""

    code, status = "ResourceNotFoundException", 404

    @classmethod
    def detector(cls) -> ResourceNotFoundException:
        """DeleteAnomalyDetector. Wording unverified."""
        return cls("The specified anomaly detector does not exist.")

    @classmethod
    def metric_stream(cls, name: str) -> ResourceNotFoundException:
        """GetMetricStream and others. Wording unverified."""
        return cls(f"MetricStream {name} not found.")

    @classmethod
    def insight_rule(cls, name: str) -> ResourceNotFoundException:
        """GetInsightRuleReport. Wording unverified."""
        return cls(f"The insight rule {name} does not exist.")

    @classmethod
    def query_definition(cls, id_: str) -> ResourceNotFoundException:
        """GetMetricDataQueryDefinition. Wording unverified, as of the next three."""
        return cls(f"Metric data query definition {id_} does not exist.")

    @classmethod
    def resource_metrics(cls, arn: str) -> ResourceNotFoundException:
        """GetResourceMetricsConfiguration."""
        return cls(f"No resource metrics configuration exists for {arn}.")

    @classmethod
    def enrichment(cls) -> ResourceNotFoundException:
        """UpdateOTelEnrichment."""
        return cls("OTel enrichment is not running.")

    @classmethod
    def dataset(cls, identifier: str) -> ResourceNotFoundException:
        """GetDataset, of another account or region."""
        return cls(f"The dataset {identifier} does not exist.")


class ConflictException(AwsError):
    """It is there already."""

    code, status = "ConflictException", 409

    @classmethod
    def path(cls, path: str) -> ConflictException:
        """PutMetricDataQueryDefinition. Wording unverified, as of the next."""
        return cls(f"A metric data query definition with the path {path} already exists.")

    @classmethod
    def resource_metrics(cls, arn: str) -> ConflictException:
        """CreateResourceMetricsConfiguration."""
        return cls(f"A resource metrics configuration already exists for {arn}.")


class LimitExceededException(AwsError):
    """There are as many as there may be."""

    code, status = "LimitExceededException", 400

    @classmethod
    def insight_rules(cls, most: int) -> LimitExceededException:
        """PutInsightRule. Wording unverified."""
        return cls(f"The maximum number of {most} insight rules has been reached.")

    @classmethod
    def query_definitions(cls, most: int) -> LimitExceededException:
        """PutMetricDataQueryDefinition. Wording unverified."""
        return cls(f"There are {most} metric data query definitions already.")
