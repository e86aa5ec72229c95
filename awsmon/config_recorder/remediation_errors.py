"""The errors of AWS Config about remediations.

Source for codes: botocore's model; all answer 400. Every wording is awsmon's.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "NoSuchRemediationConfigurationException",
    "NoSuchRemediationExceptionException",
    "RemediationInProgressException",
]


class NoSuchRemediationConfigurationException(AwsError):
    """A rule has no remediation."""

    code = "NoSuchRemediationConfigurationException"

    @classmethod
    def named(cls, rule: str) -> NoSuchRemediationConfigurationException:
        """The wording is awsmon's."""
        return cls(f"The remediation configuration for the ConfigRule '{rule}' does not exist.")


class NoSuchRemediationExceptionException(AwsError):
    """A rule has no remediation exception."""

    code = "NoSuchRemediationExceptionException"

    @classmethod
    def of(cls, rule: str) -> NoSuchRemediationExceptionException:
        """The wording is awsmon's."""
        return cls(f"There are no remediation exceptions for the ConfigRule '{rule}'.")


class RemediationInProgressException(AwsError):
    """It runs."""

    code = "RemediationInProgressException"

    @classmethod
    def now(cls, rule: str) -> RemediationInProgressException:
        """The wording is awsmon's."""
        return cls(f"Remediation of the ConfigRule '{rule}' is in progress.")
