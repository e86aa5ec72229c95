"""The errors of EventBridge: a class for each code, a constructor for each wording.

Source for codes and statuses: botocore's model; all but InternalException answer 400.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "ResourceAlreadyExistsException",
    "ResourceNotFoundException",
    "ValidationException",
]


class ResourceNotFoundException(AwsError):
    """No such bus, rule, archive, connection, ..."""

    code, status = "ResourceNotFoundException", 400

    @classmethod
    def bus(cls, name: str) -> ResourceNotFoundException:
        """Recorded."""
        return cls(f"Event bus {name} does not exist.")


class ResourceAlreadyExistsException(AwsError):
    """There is one of that name."""

    code, status = "ResourceAlreadyExistsException", 400

    @classmethod
    def bus(cls, name: str) -> ResourceAlreadyExistsException:
        """Recorded."""
        return cls(f"Event bus {name} already exists.")


class ValidationException(AwsError):
    """A value that no constraint of the model describes."""

    code, status = "ValidationException", 400
