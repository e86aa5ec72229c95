"""The errors of import tasks; the codes are those of `errors.py`, and botocore's model has them.

The wordings are unverified. That a fourth active task is an InvalidOperationException is a guess:
the model gives CreateImportTask no LimitExceededException.
"""

from __future__ import annotations

from awsmon.logs.errors import (
    InvalidOperationException,
    InvalidParameterException,
    ResourceNotFoundException,
)

__all__ = ["InvalidImport", "NoSuchImport", "NotImportable"]


class InvalidImport(InvalidParameterException):
    """A time range that can't be."""

    @classmethod
    def times(cls) -> InvalidImport:
        """CreateImportTask: it ends before it begins."""
        return cls("The startEventTime must be less than or equal to endEventTime.")

    @classmethod
    def not_retained(cls) -> InvalidImport:
        """CreateImportTask: it begins before what the source retains."""
        return cls(
            "The data being imported must be within the specified source's retention period."
        )


class NoSuchImport(ResourceNotFoundException):
    """An unknown task or source."""

    @classmethod
    def task(cls) -> NoSuchImport:
        """CancelImportTask, DescribeImportTaskBatches."""
        return cls("The specified import task does not exist.")

    @classmethod
    def source(cls, arn: str) -> NoSuchImport:
        """CreateImportTask."""
        return cls(f"The specified import source does not exist: {arn}")


class NotImportable(InvalidOperationException):
    """Not in the state that something is in."""

    @classmethod
    def source(cls, arn: str) -> NotImportable:
        """CreateImportTask from a store that is to be deleted."""
        return cls(f"The specified import source is not in an ACTIVE state: {arn}")

    @classmethod
    def active(cls, most: int) -> NotImportable:
        """CreateImportTask: too many at a time."""
        return cls(f"There can be no more than {most} active imports per account at a given time.")

    @classmethod
    def over(cls) -> NotImportable:
        """CancelImportTask of a task that is over."""
        return cls("The specified import task has already finished.")
