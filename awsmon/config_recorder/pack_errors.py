"""The errors of AWS Config about conformance packs.

Source for codes: botocore's model; all answer 400. No wording is verified.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "ConformancePackTemplateValidationException",
    "MaxNumberOfConformancePacksExceededException",
    "NoSuchConfigRuleInConformancePackException",
    "NoSuchConformancePackException",
]


class ConformancePackTemplateValidationException(AwsError):
    """A template that is none."""

    code = "ConformancePackTemplateValidationException"

    @classmethod
    def why(cls, reason: str) -> ConformancePackTemplateValidationException:
        """Unverified."""
        return cls(f"Template validation error: {reason}.")


class NoSuchConformancePackException(AwsError):
    """No pack of that name."""

    code = "NoSuchConformancePackException"

    @classmethod
    def named(cls, name: str) -> NoSuchConformancePackException:
        """Unverified."""
        return cls(f"The conformance pack '{name}' does not exist.")


class NoSuchConfigRuleInConformancePackException(AwsError):
    """No rule of that name in a pack."""

    code = "NoSuchConfigRuleInConformancePackException"

    @classmethod
    def named(cls, name: str) -> NoSuchConfigRuleInConformancePackException:
        """Unverified."""
        return cls(f"The ConfigRule '{name}' is not part of the conformance pack.")


class MaxNumberOfConformancePacksExceededException(AwsError):
    """Fifty."""

    code = "MaxNumberOfConformancePacksExceededException"

    @classmethod
    def named(cls, name: str, most: int) -> MaxNumberOfConformancePacksExceededException:
        """Unverified."""
        return cls(f"Failed to put conformance pack '{name}' because the maximum number of "
                   f"conformance packs: {most} is reached.")  # fmt: skip
