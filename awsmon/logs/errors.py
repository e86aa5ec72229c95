"""The errors of CloudWatch Logs, in AWS's words.

Sources: recordings in public test suites (2026) unless a docstring says otherwise. All are HTTP
400.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.errors import AwsError

if TYPE_CHECKING:
    from awsmon.lang.text import LanguageError

__all__ = [
    "AccessDeniedException",
    "InvalidOperationException",
    "InvalidParameterException",
    "LimitExceededException",
    "OperationAbortedException",
    "ResourceAlreadyExistsException",
    "ResourceNotFoundException",
    "TooManyTagsException",
    "ValidationException",
]


class ResourceNotFoundException(AwsError):
    """There is no such resource."""

    code = "ResourceNotFoundException"

    @classmethod
    def log_group(cls) -> ResourceNotFoundException:
        """An unknown log group."""
        return cls("The specified log group does not exist.")

    @classmethod
    def log_stream(cls) -> ResourceNotFoundException:
        """An unknown log stream."""
        return cls("The specified log stream does not exist.")

    @classmethod
    def anomaly_detector(cls) -> ResourceNotFoundException:
        """An unknown log anomaly detector. Wording unverified, as of the next five."""
        return cls("The specified anomaly detector does not exist.")

    @classmethod
    def anomaly(cls) -> ResourceNotFoundException:
        """An unknown anomaly, or a pattern that has none."""
        return cls("The specified anomaly does not exist.")

    @classmethod
    def integration(cls) -> ResourceNotFoundException:
        """An unknown integration."""
        return cls("The specified integration does not exist.")

    @classmethod
    def association(cls) -> ResourceNotFoundException:
        """An unknown association with S3 tables."""
        return cls("The specified association does not exist.")

    @classmethod
    def syslog(cls) -> ResourceNotFoundException:
        """An unknown syslog configuration."""
        return cls("The specified syslog configuration does not exist.")

    @classmethod
    def transformer(cls) -> ResourceNotFoundException:
        """A log group without one."""
        return cls("The specified transformer does not exist.")

    @classmethod
    def metric_filter(cls) -> ResourceNotFoundException:
        """DeleteMetricFilter. Wording: moto's, like that of subscription filters (recorded)."""
        return cls("The specified metric filter does not exist.")

    @classmethod
    def key(cls) -> ResourceNotFoundException:
        """DisassociateKmsKey of a group without one. Wording unverified."""
        return cls("The specified resource has no KMS key associated with it.")

    @classmethod
    def resource(cls) -> ResourceNotFoundException:
        """An ARN without a resource behind it, as the tagging operations tell it."""
        return cls("The specified resource does not exist.")

    @classmethod
    def subscription_filter(cls) -> ResourceNotFoundException:
        """DeleteSubscriptionFilter."""
        return cls("The specified subscription filter does not exist.")

    @classmethod
    def destination(cls) -> ResourceNotFoundException:
        """An unknown destination. Wording unverified."""
        return cls("The specified destination does not exist.")

    @classmethod
    def lookup_table(cls) -> ResourceNotFoundException:
        """An unknown lookup table. Wording unverified."""
        return cls("The specified lookup table does not exist.")

    @classmethod
    def log_object(cls) -> ResourceNotFoundException:
        """GetLogObject. Wording unverified."""
        return cls("The specified log object does not exist.")

    @classmethod
    def data_source(cls) -> ResourceNotFoundException:
        """GetLogFields. Wording unverified."""
        return cls("The specified data source does not exist.")


class ResourceAlreadyExistsException(AwsError):
    """The name is taken."""

    code = "ResourceAlreadyExistsException"

    @classmethod
    def log_group(cls) -> ResourceAlreadyExistsException:
        """CreateLogGroup."""
        return cls("The specified log group already exists")

    @classmethod
    def lookup_table(cls) -> ResourceAlreadyExistsException:
        """CreateLookupTable. Wording unverified."""
        return cls("The specified lookup table already exists")

    @classmethod
    def log_stream(cls) -> ResourceAlreadyExistsException:
        """CreateLogStream."""
        return cls("The specified log stream already exists")


class InvalidParameterException(AwsError):
    """A member, or a combination of members, that is refused."""

    code = "InvalidParameterException"

    @classmethod
    def pattern(cls, error: LanguageError) -> InvalidParameterException:
        """A filter pattern that the language refuses."""
        return cls(error.aws or "Invalid filter pattern", detail=str(error))

    @classmethod
    def next_token(cls) -> InvalidParameterException:
        """Any operation with pages."""
        return cls("The specified nextToken is invalid.")

    @classmethod
    def one_group(cls) -> InvalidParameterException:
        """CreateLogAnomalyDetector. Wording unverified."""
        return cls("You can specify only one log group ARN.")

    @classmethod
    def exclusive(cls, one: str, other: str) -> InvalidParameterException:
        """Two members of which one may be given, as ``LogGroup name prefix``."""
        return cls(f"{one} and {other} are mutually exclusive parameters.")

    @classmethod
    def one_of(cls, *members: str) -> InvalidParameterException:
        """None of several members was given. Wording unverified."""
        return cls(f"Either {' or '.join(members)} must be specified.")

    @classmethod
    def order(cls) -> InvalidParameterException:
        """PutLogEvents."""
        return cls("Log events in a single PutLogEvents request must be in chronological order.")

    @classmethod
    def span(cls) -> InvalidParameterException:
        """PutLogEvents. Wording unverified."""
        return cls(
            "The batch of log events in a single PutLogEvents request cannot span more than "
            "24 hours."
        )

    @classmethod
    def batch_size(cls, found: int, most: int) -> InvalidParameterException:
        """PutLogEvents; as logging agents quote it."""
        return cls(f"Upload too large: {found} bytes exceeds limit of {most}")

    @classmethod
    def event_size(cls, found: int, most: int) -> InvalidParameterException:
        """PutLogEvents; as logging agents quote it."""
        return cls(f"Log event too large: {found} bytes exceeds limit of {most}")

    @classmethod
    def prefix_and_time(cls) -> InvalidParameterException:
        """DescribeLogStreams."""
        return cls("Cannot order by LastEventTime with a logStreamNamePrefix.")

    @classmethod
    def retention(cls, days: int, allowed: tuple[int, ...]) -> InvalidParameterException:
        """PutRetentionPolicy; as moto's authors saw it."""
        return cls(
            f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy "
            f"constraint: Member must satisfy enum value set: [{', '.join(map(str, allowed))}]"
        )

    @classmethod
    def reserved_name(cls) -> InvalidParameterException:
        """CreateLogGroup. Wording unverified."""
        return cls("Log groups starting with AWS/ are reserved for AWS.")

    @classmethod
    def key(cls, arn: str) -> InvalidParameterException:
        """CreateLogGroup, AssociateKmsKey: the key is missing or disabled; as users report it."""
        return cls(
            f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'"
        )

    @classmethod
    def identifier(cls) -> InvalidParameterException:
        """An ARN with ``:*`` behind it where a log group's identifier is asked for."""
        return cls(
            "1 validation error detected: Value at 'logGroupIdentifier' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [\\w#+=/:,.@-]*"
        )

    @classmethod
    def backwards(cls) -> InvalidParameterException:
        """FilterLogEvents, newest first from before 2024. Wording unverified."""
        return cls(
            "startFromHead can be false only when startTime is on or after 2024-01-01T00:00:00Z."
        )

    @classmethod
    def together(cls, one: str, other: str) -> InvalidParameterException:
        """Two members of which both or none is given. Wording unverified."""
        return cls(f"{one} and {other} must be specified together.")

    @classmethod
    def no_dimensions(cls) -> InvalidParameterException:
        """PutMetricFilter, with a pattern of terms; as users report it."""
        return cls("The specified filter pattern does not support dimensions")

    @classmethod
    def dimensions_and_default(cls) -> InvalidParameterException:
        """PutMetricFilter; as users report it."""
        return cls(
            "Invalid metric transformation: dimensions and default value are mutually exclusive "
            "properties."
        )

    @classmethod
    def dimensions(cls, most: int) -> InvalidParameterException:
        """PutMetricFilter. Wording unverified."""
        return cls(f"Invalid metric transformation: there can be at most {most} dimensions.")

    @classmethod
    def transformation(cls, selector: str) -> InvalidParameterException:
        """PutMetricFilter: a value that the pattern cannot give. Wording unverified."""
        return cls(f"Invalid metric transformation: {selector} is neither a number nor a selector.")

    @classmethod
    def system_field(cls, field: str) -> InvalidParameterException:
        """PutMetricFilter, PutSubscriptionFilter. Wording unverified."""
        return cls(f"Invalid system field: {field}")

    @classmethod
    def criteria(cls, error: LanguageError) -> InvalidParameterException:
        """Selection criteria that are none. Wording unverified."""
        return cls("Invalid selection criteria", detail=str(error))

    @classmethod
    def body_or_query(cls) -> InvalidParameterException:
        """CreateLookupTable, UpdateLookupTable. Wording unverified, as of the next three."""
        return cls("Exactly one of tableBody and queryId must be specified.")

    @classmethod
    def query_unfinished(cls, status: str) -> InvalidParameterException:
        """CreateLookupTable, UpdateLookupTable."""
        return cls(f"The query must be complete or cancelled; it is {status}.")

    @classmethod
    def table(cls, why: str) -> InvalidParameterException:
        """CreateLookupTable, UpdateLookupTable."""
        return cls(f"The table body is not valid CSV: {why}")

    @classmethod
    def table_size(cls, most: int) -> InvalidParameterException:
        """CreateLookupTable, UpdateLookupTable."""
        return cls(f"The table body exceeds {most} bytes.")

    @classmethod
    def streams_or_prefixes(cls) -> InvalidParameterException:
        """StartLiveTail."""
        return cls("Only one of logStreamNames or logStreamNamePrefixes can be provided.")

    @classmethod
    def streams_of_groups(cls) -> InvalidParameterException:
        """StartLiveTail."""
        return cls(
            "logStreamNames and logStreamNamePrefixes can only be used with a single log group."
        )

    @classmethod
    def not_an_arn(cls, identifier: str) -> InvalidParameterException:
        """StartLiveTail. Wording unverified."""
        return cls(f"The log group must be specified by its ARN: {identifier}")


class ValidationException(AwsError):
    """What newer operations answer in place of InvalidParameterException."""

    code = "ValidationException"

    @classmethod
    def name_and_arn(cls) -> ValidationException:
        """A log group named twice."""
        return cls("LogGroup name and LogGroup ARN are mutually exclusive parameters.")

    @classmethod
    def name_or_arn(cls) -> ValidationException:
        """A log group not named at all. Wording unverified."""
        return cls("Either LogGroup name or LogGroup ARN must be specified.")

    @classmethod
    def protected(cls) -> ValidationException:
        """DeleteLogGroup under deletion protection. Wording unverified."""
        return cls(
            "The log group cannot be deleted because deletion protection is enabled. Disable "
            "deletion protection and try again."
        )


class LimitExceededException(AwsError):
    """More than the account, or the group, may have."""

    code = "LimitExceededException"

    @classmethod
    def resource(cls) -> LimitExceededException:
        """The one wording for all."""
        return cls("Resource limit exceeded.")


class TooManyTagsException(AwsError):
    """More than 50 tags."""

    code = "TooManyTagsException"

    @classmethod
    def of(cls, arn: str) -> TooManyTagsException:
        """TagResource. Wording unverified."""
        return cls("A resource can have no more than 50 tags.", resourceName=arn)


class InvalidOperationException(AwsError):
    """Not in the state that something is in, or not for this class of log group."""

    code = "InvalidOperationException"

    @classmethod
    def log_class(cls, what: str, log_class: str) -> InvalidOperationException:
        """A feature that a log class lacks. Wording unverified."""
        return cls(f"{what} is not supported for log groups with log class {log_class}.")


class OperationAbortedException(AwsError):
    """Several requests for one resource were in conflict."""

    code = "OperationAbortedException"


class AccessDeniedException(AwsError):
    """A resource policy doesn't allow it."""

    code = "AccessDeniedException"

    @classmethod
    def delivery(cls, arn: str) -> AccessDeniedException:
        """CreateDelivery to another account's destination. Wording unverified."""
        return cls(f"You are not authorized to deliver to {arn}.")
