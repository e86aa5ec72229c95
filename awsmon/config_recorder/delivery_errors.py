"""The errors of the delivery channel: a class for each code, a constructor for each wording.

Source for codes: botocore's model. Wordings are moto's, whose authors ran AWS, unless a line says
otherwise.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "InvalidDeliveryChannelNameException",
    "InvalidS3KeyPrefixException",
    "InvalidS3KmsKeyArnException",
    "InvalidSNSTopicARNException",
    "LastDeliveryChannelDeleteFailedException",
    "MaxNumberOfDeliveryChannelsExceededException",
    "NoAvailableDeliveryChannelException",
    "NoSuchBucketException",
    "NoSuchDeliveryChannelException",
]


class NoAvailableDeliveryChannelException(AwsError):
    """There is no channel."""

    code = "NoAvailableDeliveryChannelException"

    @classmethod
    def to_start(cls) -> NoAvailableDeliveryChannelException:
        """StartConfigurationRecorder."""
        return cls("Delivery channel is not available to start configuration recorder.")


class NoSuchDeliveryChannelException(AwsError):
    """No such channel."""

    code = "NoSuchDeliveryChannelException"

    @classmethod
    def named(cls, name: str) -> NoSuchDeliveryChannelException:
        """By name."""
        return cls(f"Cannot find delivery channel with specified name '{name}'.")


class MaxNumberOfDeliveryChannelsExceededException(AwsError):
    """A second channel."""

    code = "MaxNumberOfDeliveryChannelsExceededException"

    @classmethod
    def named(cls, name: str) -> MaxNumberOfDeliveryChannelsExceededException:
        """There is one."""
        return cls(
            f"Failed to put delivery channel '{name}' because the maximum number of delivery "
            "channels: 1 is reached."
        )


class LastDeliveryChannelDeleteFailedException(AwsError):
    """The channel of a recorder that is on."""

    code = "LastDeliveryChannelDeleteFailedException"

    @classmethod
    def named(cls, name: str) -> LastDeliveryChannelDeleteFailedException:
        """In AWS's own words."""
        return cls(
            f"Failed to delete last specified delivery channel with name '{name}', because there, "
            "because there is a running configuration recorder."
        )


class InvalidDeliveryChannelNameException(AwsError):
    """A channel without a name."""

    code = "InvalidDeliveryChannelNameException"

    @classmethod
    def named(cls, name: str) -> InvalidDeliveryChannelNameException:
        """A blank one."""
        return cls(f"The delivery channel name '{name}' is not valid, blank string.")


class NoSuchBucketException(AwsError):
    """The bucket isn't there, or isn't named."""

    code = "NoSuchBucketException"

    @classmethod
    def empty(cls) -> NoSuchBucketException:
        """No name."""
        return cls("Cannot find a S3 bucket with an empty bucket name.")

    @classmethod
    def named(cls, name: str) -> NoSuchBucketException:
        """The other mock has none of that name. Unverified."""
        return cls(f"Cannot find a S3 bucket with the specified bucket name '{name}'.")


class InvalidS3KeyPrefixException(AwsError):
    """An empty prefix."""

    code = "InvalidS3KeyPrefixException"

    @classmethod
    def empty(cls) -> InvalidS3KeyPrefixException:
        """An empty one is to be left out."""
        return cls("The s3 key prefix '' is not valid, empty s3 key prefix.")


class InvalidS3KmsKeyArnException(AwsError):
    """No key's ARN."""

    code = "InvalidS3KmsKeyArnException"

    @classmethod
    def of(cls, arn: str) -> InvalidS3KmsKeyArnException:
        """Whatever it is."""
        return cls(f"The arn '{arn}' is not a valid kms key or alias arn.")


class InvalidSNSTopicARNException(AwsError):
    """No topic's ARN."""

    code = "InvalidSNSTopicARNException"

    @classmethod
    def of(cls, arn: str) -> InvalidSNSTopicARNException:
        """Whatever it is."""
        return cls(f"The sns topic arn '{arn}' is not valid.")
