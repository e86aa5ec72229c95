"""Where trails deliver, and with which key they encrypt: what can be known of it beforehand.

Lives here: `check_destinations`, `topic_arn` and `kms_key`. Whether something exists is asked of
the other mock, so these come before an operation looks at anything of its own. Whether a log group
or a role exists isn't looked at, and policies aren't judged.
Source: botocore, CreateTrail and UpdateTrail; CloudTrail User Guide, "Sending events to CloudWatch
Logs"; S3 User Guide, "Bucket naming rules".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from awsmon.core.deliveries import Refused
from awsmon.trail.destination_errors import (
    InsufficientSnsTopicPolicyException,
    InvalidCloudWatchLogsLogGroupArnException,
    InvalidCloudWatchLogsRoleArnException,
    InvalidS3BucketNameException,
    InvalidS3PrefixException,
    InvalidSnsTopicNameException,
    S3BucketDoesNotExistException,
)
from awsmon.trail.lake.errors import InvalidKmsKeyIdException, KmsKeyNotFoundException
from awsmon.trail.names import is_role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.trail.service import Trail

__all__ = ["check_destinations", "kms_key", "topic_arn"]

LONGEST_PREFIX = 200
_BUCKET = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_TOPIC = re.compile(r"(arn:[\w-]+:sns:[\w-]+:\d{12}:)?[A-Za-z0-9_-]{1,256}(\.fifo)?")
_GROUP = re.compile(r"arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:*]+:\*")
_KEY = re.compile(r"arn:[\w-]+:kms:[\w-]+:\d{12}:(key|alias)/.+")


def check_destinations(trail: Trail, request: Mapping[str, Any]) -> None:
    """Whether a trail may deliver where CreateTrail or UpdateTrail says; empty: nowhere.

    Raises:
        InvalidS3BucketNameException, S3BucketDoesNotExistException, InvalidS3PrefixException,
        InvalidCloudWatchLogsLogGroupArnException, InvalidCloudWatchLogsRoleArnException: it can't.
    """
    if "S3BucketName" in request:
        _check_bucket(trail, request["S3BucketName"])
    if len(request.get("S3KeyPrefix", "")) > LONGEST_PREFIX:
        raise InvalidS3PrefixException.long(LONGEST_PREFIX)
    group, role = request.get("CloudWatchLogsLogGroupArn"), request.get("CloudWatchLogsRoleArn")
    if group and not _GROUP.fullmatch(group):
        raise InvalidCloudWatchLogsLogGroupArnException.of(group)
    if role and not is_role(role):
        raise InvalidCloudWatchLogsRoleArnException.of(role)


def _check_bucket(trail: Trail, bucket: str) -> None:
    if not _BUCKET.fullmatch(bucket):
        raise InvalidS3BucketNameException.of(bucket)
    arn = f"arn:{trail.scope.partition}:s3:::{bucket}"
    try:
        trail.ask(arn, "s3", "HeadBucket", {"Bucket": bucket})
    except Refused:
        raise S3BucketDoesNotExistException.named(bucket) from None


def topic_arn(trail: Trail, topic: str | None) -> str | None:
    """The ARN of a topic by name or ARN; one of another place is taken as it is.

    Raises:
        InvalidSnsTopicNameException: it is neither.
        InsufficientSnsTopicPolicyException: there is no such topic.
    """
    if not topic:
        return None
    if not _TOPIC.fullmatch(topic):
        raise InvalidSnsTopicNameException.of(topic)
    arn = topic if topic.startswith("arn:") else trail.scope.arn("sns", topic)
    if arn.startswith(trail.scope.arn("sns", "")):
        try:
            trail.ask(arn, "sns", "GetTopicAttributes", {"TopicArn": arn})
        except Refused:
            raise InsufficientSnsTopicPolicyException.missing() from None
    return arn


def kms_key(trail: Trail, name: str | None) -> str | None:
    """The ARN of a KMS key by id, alias or ARN, as the other mock knows it.

    Raises:
        InvalidKmsKeyIdException: it is the ARN of something else.
        KmsKeyNotFoundException: there is no such key.
    """
    if not name:
        return None
    if name.startswith("arn:") and not _KEY.fullmatch(name):
        raise InvalidKmsKeyIdException.of(name)
    arn = name if name.startswith("arn:") else trail.scope.arn(
        "kms", name if name.startswith("alias/") else f"key/{name}")  # fmt: skip
    try:
        found = trail.ask(arn, "kms", "DescribeKey", {"KeyId": name})
    except Refused:
        raise KmsKeyNotFoundException.of(name) from None
    return found["KeyMetadata"]["Arn"] if found else arn
