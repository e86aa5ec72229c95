"""The errors of AWS Config about organizations.

Source for codes: botocore's model; all answer 400. The wordings are awsmon's.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "NoAvailableOrganizationException",
    "NoSuchOrganizationConfigRuleException",
    "NoSuchOrganizationConformancePackException",
    "OrganizationAccessDeniedException",
    "OrganizationConformancePackTemplateValidationException",
]


class NoAvailableOrganizationException(AwsError):
    """The account is in no organization."""

    code = "NoAvailableOrganizationException"

    @classmethod
    def none(cls) -> NoAvailableOrganizationException:
        """Nor of any other."""
        return cls("There is no organization that this account belongs to.")


class NoSuchOrganizationConfigRuleException(AwsError):
    """No rule of that name in the organization."""

    code = "NoSuchOrganizationConfigRuleException"

    @classmethod
    def named(cls, name: str) -> NoSuchOrganizationConfigRuleException:
        """By its name."""
        return cls(f"The organization config rule '{name}' does not exist.")


class NoSuchOrganizationConformancePackException(AwsError):
    """No pack of that name in the organization."""

    code = "NoSuchOrganizationConformancePackException"

    @classmethod
    def named(cls, name: str) -> NoSuchOrganizationConformancePackException:
        """By its name."""
        return cls(f"The organization conformance pack '{name}' does not exist.")


class OrganizationAccessDeniedException(AwsError):
    """The account may not do that for its organization."""

    code = "OrganizationAccessDeniedException"

    @classmethod
    def member(cls, account: str) -> OrganizationAccessDeniedException:
        """Nothing is delegated to it. Unverified."""
        return cls(
            f"Account {account} is neither the management account nor a delegated administrator of "
            "the organization."
        )


class OrganizationConformancePackTemplateValidationException(AwsError):
    """A template that is none, of a pack of the organization's."""

    code = "OrganizationConformancePackTemplateValidationException"
