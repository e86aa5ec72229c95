"""The codes that services born with the query protocol share, CloudWatch among them.

Lives here: a class for each code. A service's own wordings are constructors of its own
subclasses, in its `errors.py`.
"""

from __future__ import annotations

from typing import TypeVar

from awsmon.core.errors import AwsError

__all__ = [
    "InvalidNextToken",
    "InvalidParameterCombination",
    "InvalidParameterValue",
    "MissingParameter",
    "ValidationError",
]

E = TypeVar("E", bound="InvalidParameterCombination")


class InvalidNextToken(AwsError):
    """A token that no answer gave."""

    code, status = "InvalidNextToken", 400


class InvalidParameterCombination(AwsError):
    """Members that don't go together."""

    code, status = "InvalidParameterCombination", 400

    @classmethod
    def mutually_exclusive(cls: type[E], one: str, other: str) -> E:
        """Only one of two may be given. Wording: recorded, of PutMetricData."""
        return cls(
            f"The parameters {one} and {other} are mutually exclusive and you have specified both."
        )


class InvalidParameterValue(AwsError):
    """A value that no constraint of the model describes."""

    code, status = "InvalidParameterValue", 400

    @classmethod
    def tag_twice(cls) -> InvalidParameterValue:
        """Each key is there once. Unverified."""
        return cls("Tag keys must be unique.")

    @classmethod
    def tag_key(cls, key: str) -> InvalidParameterValue:
        """One that AWS keeps for itself. Unverified."""
        return cls(f"The tag key {key} is invalid: the prefix aws: is reserved.")

    @classmethod
    def tags(cls, most: int) -> InvalidParameterValue:
        """More than one resource may have. Unverified."""
        return cls(f"A resource can have at most {most} tags.")


class MissingParameter(AwsError):
    """A member that must be there, though the model doesn't say so."""

    code, status = "MissingParameter", 400


class ValidationError(AwsError):
    """What the service answers where its front door finds the mistake."""

    code, status = "ValidationError", 400
