"""The errors of what feeds event data stores: channels, imports, and resource policies.

Source for codes: botocore's models; all answer 400. No wording is verified.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "AccountHasOngoingImportException",
    "ChannelARNInvalidException",
    "ChannelAlreadyExistsException",
    "ChannelInsufficientPermission",
    "ChannelMaxLimitExceededException",
    "ChannelNotFound",
    "ChannelNotFoundException",
    "DuplicatedAuditEventId",
    "ImportNotFoundException",
    "InvalidChannelARN",
    "InvalidImportSourceException",
    "InvalidSourceException",
    "ResourceARNNotValidException",
    "ResourcePolicyNotFoundException",
    "ResourcePolicyNotValidException",
    "ResourceTypeNotSupportedException",
]


class ChannelNotFoundException(AwsError):
    """No such channel."""

    code = "ChannelNotFoundException"

    @classmethod
    def of(cls, name: str) -> ChannelNotFoundException:
        """By ARN or id."""
        return cls(f"Channel {name} could not be found.")


class ChannelARNInvalidException(AwsError):
    """No ARN of a channel."""

    code = "ChannelARNInvalidException"

    @classmethod
    def of(cls, arn: str) -> ChannelARNInvalidException:
        """As it was given."""
        return cls(f"The channel ARN {arn} is not valid.")


class ChannelAlreadyExistsException(AwsError):
    """There is one of that name."""

    code = "ChannelAlreadyExistsException"

    @classmethod
    def named(cls, name: str) -> ChannelAlreadyExistsException:
        """In this account and region."""
        return cls(f"A channel with the name {name} already exists.")

    @classmethod
    def of_source(cls, source: str) -> ChannelAlreadyExistsException:
        """Of a partner's events there is one."""
        return cls(f"A channel for the source {source} already exists.")


class ChannelMaxLimitExceededException(AwsError):
    """More than there may be."""

    code = "ChannelMaxLimitExceededException"

    @classmethod
    def of(cls, most: int) -> ChannelMaxLimitExceededException:
        """In a region."""
        return cls(f"Your account has used the maximum number of channels: {most}.")


class InvalidSourceException(AwsError):
    """No partner of that name."""

    code = "InvalidSourceException"

    @classmethod
    def of(cls, source: str) -> InvalidSourceException:
        """As it was given."""
        return cls(f"The source {source} is not valid.")


class ImportNotFoundException(AwsError):
    """No such import."""

    code = "ImportNotFoundException"

    @classmethod
    def of(cls, name: str) -> ImportNotFoundException:
        """By id."""
        return cls(f"The import {name} could not be found.")


class InvalidImportSourceException(AwsError):
    """Nothing can be imported from there."""

    code = "InvalidImportSourceException"

    @classmethod
    def of(cls, uri: str) -> InvalidImportSourceException:
        """As it was given."""
        return cls(f"The import source {uri} is not valid.")


class AccountHasOngoingImportException(AwsError):
    """One at a time."""

    code = "AccountHasOngoingImportException"

    @classmethod
    def already(cls) -> AccountHasOngoingImportException:
        """In this account and region."""
        return cls("Your account already has an ongoing import.")


class ChannelNotFound(AwsError):
    """PutAuditEvents: no such channel."""

    code = "ChannelNotFound"

    @classmethod
    def of(cls, arn: str) -> ChannelNotFound:
        """By ARN."""
        return cls(f"The channel {arn} could not be found.")


class ChannelInsufficientPermission(AwsError):
    """PutAuditEvents: its policy doesn't allow it."""

    code = "ChannelInsufficientPermission"

    @classmethod
    def of(cls, arn: str) -> ChannelInsufficientPermission:
        """By ARN."""
        return cls(f"The caller has no permission to put events through the channel {arn}.")


class DuplicatedAuditEventId(AwsError):
    """PutAuditEvents: two entries have one id."""

    code = "DuplicatedAuditEventId"

    @classmethod
    def of(cls, id_: str) -> DuplicatedAuditEventId:
        """The id."""
        return cls(f"Two or more entries in the request have the same event ID: {id_}.")


class InvalidChannelARN(AwsError):
    """PutAuditEvents: no ARN of a channel."""

    code = "InvalidChannelARN"

    @classmethod
    def of(cls, arn: str) -> InvalidChannelARN:
        """As it was given."""
        return cls(f"The channel ARN {arn} is not valid.")


class ResourceARNNotValidException(AwsError):
    """No ARN of anything of CloudTrail's here."""

    code = "ResourceARNNotValidException"

    @classmethod
    def of(cls, arn: str) -> ResourceARNNotValidException:
        """As it was given."""
        return cls(f"The resource ARN {arn} is not valid.")


class ResourceTypeNotSupportedException(AwsError):
    """Something that has no policy."""

    code = "ResourceTypeNotSupportedException"

    @classmethod
    def of(cls, arn: str) -> ResourceTypeNotSupportedException:
        """By ARN."""
        return cls(f"The type of the resource {arn} does not support resource policies.")


class ResourcePolicyNotFoundException(AwsError):
    """It has no policy."""

    code = "ResourcePolicyNotFoundException"

    @classmethod
    def of(cls, arn: str) -> ResourcePolicyNotFoundException:
        """By ARN."""
        return cls(f"The resource {arn} has no resource policy.")


class ResourcePolicyNotValidException(AwsError):
    """A text that is no policy of the resource."""

    code = "ResourcePolicyNotValidException"

    @classmethod
    def because(cls, why: str) -> ResourcePolicyNotValidException:
        """What is wrong with it."""
        return cls(f"The resource policy is not valid: {why}")
