"""The errors of CloudTrail about organizations.

Source for codes: botocore's model; all answer 400. The wordings are awsmon's.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "AccountNotFoundException",
    "AccountNotRegisteredException",
    "AccountRegisteredException",
    "CannotDelegateManagementAccountException",
    "CloudTrailAccessNotEnabledException",
    "DelegatedAdminAccountLimitExceededException",
    "NotOrganizationManagementAccountException",
    "NotOrganizationMasterAccountException",
    "OrganizationNotInAllFeaturesModeException",
    "OrganizationsNotInUseException",
]


class OrganizationsNotInUseException(AwsError):
    """The account is in no organization."""

    code = "OrganizationsNotInUseException"

    @classmethod
    def none(cls) -> OrganizationsNotInUseException:
        """Nor manages one."""
        return cls("The account is not a member of an organization.")


class OrganizationNotInAllFeaturesModeException(AwsError):
    """An organization that only shares bills."""

    code = "OrganizationNotInAllFeaturesModeException"

    @classmethod
    def features(cls) -> OrganizationNotInAllFeaturesModeException:
        """Its set of features is another."""
        return cls("All features must be enabled in the organization.")


class CloudTrailAccessNotEnabledException(AwsError):
    """CloudTrail isn't trusted in the organization."""

    code = "CloudTrailAccessNotEnabledException"

    @classmethod
    def untrusted(cls) -> CloudTrailAccessNotEnabledException:
        """By EnableAWSServiceAccess."""
        return cls(
            "Trusted access is not enabled between CloudTrail and Organizations: enable it for "
            "cloudtrail.amazonaws.com."
        )


class NotOrganizationMasterAccountException(AwsError):
    """An account that may not have its organization's trails."""

    code = "NotOrganizationMasterAccountException"

    @classmethod
    def account(cls, account: str) -> NotOrganizationMasterAccountException:
        """It neither manages the organization nor is delegated to."""
        return cls(
            f"Account {account} is neither the management account nor a delegated administrator of "
            "the organization."
        )

    @classmethod
    def may_change(cls, name: str) -> NotOrganizationMasterAccountException:
        """A member sees the trail, and no more."""
        return cls(
            f"Only the management account and delegated administrators of the organization can "
            f"change trail {name}."
        )


class NotOrganizationManagementAccountException(AwsError):
    """An account that doesn't manage its organization."""

    code = "NotOrganizationManagementAccountException"

    @classmethod
    def account(cls, account: str) -> NotOrganizationManagementAccountException:
        """Of that number."""
        return cls(f"Account {account} is not the management account of the organization.")


class CannotDelegateManagementAccountException(AwsError):
    """Nothing is delegated to oneself."""

    code = "CannotDelegateManagementAccountException"

    @classmethod
    def management(cls) -> CannotDelegateManagementAccountException:
        """It manages the organization."""
        return cls("The management account cannot be a delegated administrator.")


class AccountNotFoundException(AwsError):
    """An account that isn't the organization's."""

    code = "AccountNotFoundException"

    @classmethod
    def named(cls, account: str) -> AccountNotFoundException:
        """Of that number."""
        return cls(f"Account {account} was not found in the organization.")


class AccountRegisteredException(AwsError):
    """It is a delegated administrator already."""

    code = "AccountRegisteredException"

    @classmethod
    def named(cls, account: str) -> AccountRegisteredException:
        """Of that number."""
        return cls(f"Account {account} is already registered as a delegated administrator.")


class AccountNotRegisteredException(AwsError):
    """It is no delegated administrator."""

    code = "AccountNotRegisteredException"

    @classmethod
    def named(cls, account: str) -> AccountNotRegisteredException:
        """Of that number."""
        return cls(f"Account {account} is not registered as a delegated administrator.")


class DelegatedAdminAccountLimitExceededException(AwsError):
    """More delegated administrators than there may be."""

    code = "DelegatedAdminAccountLimitExceededException"

    @classmethod
    def of(cls, most: int) -> DelegatedAdminAccountLimitExceededException:
        """In an organization."""
        return cls(f"The organization already has {most} delegated administrators.")
