"""The errors of where trails deliver: a class for each code.

Source for codes: botocore's model; all answer 400. Wordings are unverified unless a line says
otherwise.
"""

from __future__ import annotations

from awsmon.core.errors import AwsError

__all__ = [
    "InsufficientSnsTopicPolicyException",
    "InvalidCloudWatchLogsLogGroupArnException",
    "InvalidCloudWatchLogsRoleArnException",
    "InvalidS3BucketNameException",
    "InvalidS3PrefixException",
    "InvalidSnsTopicNameException",
    "S3BucketDoesNotExistException",
]


class S3BucketDoesNotExistException(AwsError):
    """The other mock has no such bucket."""

    code = "S3BucketDoesNotExistException"

    @classmethod
    def named(cls, bucket: str) -> S3BucketDoesNotExistException:
        """Of that name; moto's wording, whose author ran AWS."""
        return cls(f"S3 bucket {bucket} does not exist!")


class InvalidS3BucketNameException(AwsError):
    """A name that no bucket has."""

    code = "InvalidS3BucketNameException"

    @classmethod
    def of(cls, bucket: str) -> InvalidS3BucketNameException:
        """As it was given."""
        return cls(f"{bucket} is not a valid S3 bucket name.")


class InvalidS3PrefixException(AwsError):
    """A prefix that is too long."""

    code = "InvalidS3PrefixException"

    @classmethod
    def long(cls, most: int) -> InvalidS3PrefixException:
        """More than that many characters."""
        return cls(f"The S3 key prefix has more than {most} characters.")


class InvalidSnsTopicNameException(AwsError):
    """A name or ARN that no topic has."""

    code = "InvalidSnsTopicNameException"

    @classmethod
    def of(cls, topic: str) -> InvalidSnsTopicNameException:
        """As it was given."""
        return cls(f"{topic} is not a valid SNS topic name or ARN.")


class InsufficientSnsTopicPolicyException(AwsError):
    """The other mock has no such topic."""

    code = "InsufficientSnsTopicPolicyException"

    @classmethod
    def missing(cls) -> InsufficientSnsTopicPolicyException:
        """Moto's wording, whose author ran AWS."""
        return cls("SNS Topic does not exist or the topic policy is incorrect!")


class InvalidCloudWatchLogsLogGroupArnException(AwsError):
    """Not a log group's ARN, with its last sign."""

    code = "InvalidCloudWatchLogsLogGroupArnException"

    @classmethod
    def of(cls, arn: str) -> InvalidCloudWatchLogsLogGroupArnException:
        """As it was given."""
        return cls(f"{arn} is not the ARN of a log group, ending in :*.")


class InvalidCloudWatchLogsRoleArnException(AwsError):
    """Not a role's ARN."""

    code = "InvalidCloudWatchLogsRoleArnException"

    @classmethod
    def of(cls, arn: str) -> InvalidCloudWatchLogsRoleArnException:
        """As it was given."""
        return cls(f"{arn} is not the ARN of a role.")
