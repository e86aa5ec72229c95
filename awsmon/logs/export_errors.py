"""The errors of export tasks; the codes are those of `errors.py`.

Sources: recordings in public test suites (2026) unless a docstring says otherwise.
"""

from __future__ import annotations

from awsmon.logs.errors import (
    InvalidOperationException,
    InvalidParameterException,
    ResourceNotFoundException,
)

__all__ = ["InvalidBucket", "InvalidExport", "NoSuchExport", "NotCancellable"]


class InvalidBucket(InvalidParameterException):
    """A bucket that nothing can be exported to."""

    @classmethod
    def missing(cls) -> InvalidBucket:
        """CreateExportTask: there is no such bucket."""
        return cls("The given bucket does not exist. Please make sure the bucket is valid.")

    @classmethod
    def elsewhere(cls) -> InvalidBucket:
        """CreateExportTask: a bucket of another region. Wording unverified."""
        return cls("The given bucket is not in the same region as the log group.")

    @classmethod
    def refused(cls, call: str) -> InvalidBucket:
        """CreateExportTask: ``GetBucketAcl`` or ``PutObject``; as users report it.

        That of PutObject is made after the other's.
        """
        return cls(
            f"{call} call on the given bucket failed. Please check if CloudWatch Logs has been "
            "granted permission to perform this operation."
        )


class InvalidExport(InvalidParameterException):
    """A task that can't be. The wordings are unverified."""

    @classmethod
    def times(cls) -> InvalidExport:
        """CreateExportTask: it ends before it begins."""
        return cls("The from time must not be later than the to time.")

    @classmethod
    def log_class(cls, log_class: str) -> InvalidExport:
        """CreateExportTask: only the Standard class has it."""
        return cls(f"Log groups with log class {log_class} cannot be exported.")

    @classmethod
    def prefix(cls, most: int) -> InvalidExport:
        """CreateExportTask: a key would be longer than S3 allows."""
        return cls(f"The destinationPrefix must not exceed {most} bytes.")


class NoSuchExport(ResourceNotFoundException):
    """An unknown task."""

    @classmethod
    def task(cls) -> NoSuchExport:
        """CancelExportTask."""
        return cls("The specified export task does not exist.")


class NotCancellable(InvalidOperationException):
    """A task that is over."""

    @classmethod
    def finished(cls) -> NotCancellable:
        """CancelExportTask."""
        return cls("The specified export task has already finished")
