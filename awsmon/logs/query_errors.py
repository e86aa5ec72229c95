"""The errors of Logs Insights, saved queries included; the codes are those of `errors.py`.

Sources: recordings in public test suites (2026) unless a docstring says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.errors import AwsError
from awsmon.logs.errors import (
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
    ValidationException,
)

if TYPE_CHECKING:
    from awsmon.lang.text import LanguageError

__all__ = [
    "ConflictException",
    "InvalidQuery",
    "InvalidSchedule",
    "MalformedQueryException",
    "NoSuchQuery",
    "TooManyQueries",
]


class MalformedQueryException(AwsError):
    """A query that Insights refuses, and where."""

    code = "MalformedQueryException"

    @classmethod
    def of(cls, error: LanguageError) -> MalformedQueryException:
        """What the language says of it."""
        message = error.aws or error.message
        end = getattr(error, "end", error.position)
        return cls(
            message, detail=str(error),
            queryCompileError={
                "location": {"startCharOffset": error.position, "endCharOffset": end},
                "message": message,
            },
        )  # fmt: skip

    @classmethod
    def out_of_range(cls, text: str) -> MalformedQueryException:
        """A time range in which no group had events; as users report it."""
        message = (
            "Query's end date and time is either before the log groups creation time or exceeds "
            "the log groups log retention settings"
        )
        return cls(
            f"{message} ([0,{len(text)}])",
            queryCompileError={
                "location": {"startCharOffset": 0, "endCharOffset": len(text)},
                "message": message,
            },
        )


class ConflictException(AwsError):
    """The name of a scheduled query is taken."""

    code = "ConflictException"

    @classmethod
    def scheduled(cls, name: str) -> ConflictException:
        """CreateScheduledQuery. Wording unverified."""
        return cls(f"A scheduled query with the name {name} already exists.")


class InvalidSchedule(ValidationException):
    """A scheduled query that can't be. Wordings unverified."""

    @classmethod
    def expression(cls, error: LanguageError) -> InvalidSchedule:
        """No cron."""
        return cls(f"Invalid schedule expression: {error.message}", detail=str(error))

    @classmethod
    def timezone(cls, zone: str) -> InvalidSchedule:
        """No time zone."""
        return cls(f"Invalid timezone: {zone}")

    @classmethod
    def offsets(cls) -> InvalidSchedule:
        """A lookback that ends before it begins."""
        return cls("startTimeOffset must be greater than endTimeOffset.")

    @classmethod
    def next_token(cls) -> InvalidSchedule:
        """ListScheduledQueries, GetScheduledQueryHistory."""
        return cls("The specified nextToken is invalid.")


class NoSuchQuery(ResourceNotFoundException):
    """A query, or what it needs, isn't there."""

    @classmethod
    def record(cls) -> NoSuchQuery:
        """GetLogRecord of an event that has expired. Wording unverified."""
        return cls("The specified log record does not exist.")

    @classmethod
    def query(cls) -> NoSuchQuery:
        """An unknown query. Wording unverified."""
        return cls("The specified query does not exist.")

    @classmethod
    def scheduled(cls) -> NoSuchQuery:
        """An unknown scheduled query. Wording unverified."""
        return cls("The specified scheduled query does not exist.")

    @classmethod
    def definition(cls) -> NoSuchQuery:
        """An unknown saved query. Wording unverified."""
        return cls("The specified query definition does not exist.")

    @classmethod
    def unknown_group(cls, group: str, account: str, request: str) -> NoSuchQuery:
        """StartQuery of an unknown log group."""
        return cls(
            f"Log group '{group}' does not exist for account ID '{account}' (Service: AWSLogs; "
            "Status Code: 400; Error Code: ResourceNotFoundException; "
            f"Request ID: {request}; Proxy: null)"
        )


class InvalidQuery(InvalidParameterException):
    """What was asked of a query can't be."""

    @classmethod
    def log_class(cls, what: str, log_class: str) -> InvalidQuery:
        """StartQuery: a command that a group's class lacks. Wording unverified."""
        return cls(f"{what} is not supported for log groups with log class {log_class}.")

    @classmethod
    def pointer(cls) -> InvalidQuery:
        """GetLogRecord. Wording unverified."""
        return cls("The specified log record pointer is invalid.")

    @classmethod
    def groups(cls) -> InvalidQuery:
        """StartQuery without log groups, or with too many. Wording unverified."""
        return cls(
            "Exactly one of logGroupName, logGroupNames, logGroupIdentifiers or a SOURCE command "
            "must name 1 to 50 log groups."
        )

    @classmethod
    def time_range(cls) -> InvalidQuery:
        """StartQuery. Wording unverified."""
        return cls("startTime must be before or equal to endTime.")

    @classmethod
    def ended(cls, status: str) -> InvalidQuery:
        """StopQuery; as users report it."""
        return cls(f"Query is already ended with {status}")

    @classmethod
    def parameters_language(cls) -> InvalidQuery:
        """PutQueryDefinition, as this and the next three are in the User Guide."""
        return cls("Parameters are only supported for CWLI query language")

    @classmethod
    def parameters(cls, most: int) -> InvalidQuery:
        """PutQueryDefinition."""
        return cls(f"Parameter count exceeds the maximum of {most}")

    @classmethod
    def duplicate_parameter(cls) -> InvalidQuery:
        """PutQueryDefinition."""
        return cls("Duplicate parameter name")

    @classmethod
    def parameter_not_found(cls) -> InvalidQuery:
        """PutQueryDefinition."""
        return cls("Required parameters not found in queryString")


class TooManyQueries(LimitExceededException):
    """More queries than may run at once."""

    @classmethod
    def concurrency(cls, most: int) -> TooManyQueries:
        """StartQuery; as users report it."""
        return cls(f"Account maximum query concurrency limit of [{most}] reached.")
