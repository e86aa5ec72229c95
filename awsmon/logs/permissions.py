"""Whether Logs gets through to what belongs to another service: buckets, functions, streams, keys.

Lives here: `check_bucket`, `check_target` and `check_key`, what AWS looks at when something is put
that will need it later, and `known_target`, which asks nobody. The others ask the other mock,
outside the lock: an operation calls them before it looks at anything of its own. Where nobody can
be asked, nothing is refused: what is sent is recorded, or a bound callable gets it. What roles may
do is IAM's and isn't looked at.

Sources: User Guide, "Exporting log data to Amazon S3" and "Subscription filters"; API reference,
AssociateKmsKey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.deliveries import Refused
from awsmon.core.policies import PolicyError, decide, parse
from awsmon.core.scope import Scope
from awsmon.logs.errors import InvalidParameterException, ResourceNotFoundException
from awsmon.logs.export_errors import InvalidBucket
from awsmon.logs.subscription_errors import InvalidTarget, TargetDenied

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.logs.service import Logs

__all__ = [
    "FULL_CONTROL",
    "bucket_arn",
    "check_bucket",
    "check_key",
    "check_target",
    "known_target",
]

FULL_CONTROL = "bucket-owner-full-control"
"""The canned ACL of the objects that Logs puts into buckets."""


# -- buckets ---------------------------------------------------------------------------------------


def bucket_arn(logs: Logs, bucket: str) -> str:
    """The ARN of a bucket."""
    return f"arn:{logs.scope.partition}:s3:::{bucket}"


def check_bucket(logs: Logs, bucket: str, key: str, group: str) -> None:
    """See whether the events of a group may be put into a bucket under a key.

    Raises:
        InvalidParameterException: there is no such bucket, it is in another region, or its policy
            doesn't let Logs see its ACL and put objects.
    """
    arn, asked = bucket_arn(logs, bucket), {"Bucket": bucket}
    try:
        place = logs.ask(arn, "s3", "GetBucketLocation", asked)
    except Refused as refused:
        raise InvalidBucket.missing() from refused
    if place is None:
        return
    if (place.get("LocationConstraint") or "us-east-1") != logs.scope.region:
        raise InvalidBucket.elsewhere()
    try:
        answer = logs.ask(arn, "s3", "GetBucketPolicy", asked) or {}
    except Refused:  # it has none
        answer = {}
    policy, about = answer.get("Policy", ""), _about(logs, group)
    if not _allows(logs, policy, "s3:GetBucketAcl", arn, about):
        raise InvalidBucket.refused("GetBucketAcl")
    about["s3:x-amz-acl"] = FULL_CONTROL
    if not _allows(logs, policy, "s3:PutObject", f"{arn}/{key}", about):
        raise InvalidBucket.refused("PutObject")


# -- targets of subscriptions ----------------------------------------------------------------------


def known_target(logs: Logs, target: str, role: str | None) -> Arn:
    """The target of a subscription, if it may be one by what is known here.

    Raises:
        AccessDeniedException: it is another account's, or a destination that is closed to this one.
        InvalidParameterException: it can be none, or not with or without that role.
        ResourceNotFoundException: there is no such destination.
    """
    arn = Arn.maybe(target)
    if arn is None or arn.service not in ("lambda", "logs", *_STREAMS):
        raise InvalidTarget.arn(target)
    if arn.service in _STREAMS and role is None:
        raise InvalidTarget.without_role(arn.service)
    if arn.service == "lambda" and arn.account != logs.scope.account:
        raise TargetDenied.function()
    if arn.service == "lambda" and role is not None:
        raise InvalidTarget.with_role(arn.service)
    if arn.service in _STREAMS and arn.account != logs.scope.account:
        raise InvalidTarget.account(target)
    if arn.service == "logs":
        destination = logs.destinations.found(target)
        if destination is None:
            raise ResourceNotFoundException.destination()
        if not destination.admits(logs.scope.account):
            raise TargetDenied.destination(logs.scope.account, target)
    return arn


def check_target(logs: Logs, target: Arn, group: str = "") -> None:
    """See whether the events of a group get through to a function or stream of this account.

    Raises:
        InvalidParameterException: the function isn't there, or its policy doesn't let Logs call it;
            the stream isn't there, or is being deleted.
    """
    if target.service == "lambda":
        _check_function(logs, str(target), group)
    else:
        _check_stream(logs, target)


def _check_function(logs: Logs, arn: str, group: str) -> None:
    try:
        answer = logs.ask(arn, "lambda", "GetPolicy", {"FunctionName": arn})
    except Refused as refused:
        raise InvalidTarget.function() from refused
    if answer is None:
        return
    if not _allows(logs, answer["Policy"], "lambda:InvokeFunction", arn, _about(logs, group)):
        raise InvalidTarget.function()


_STREAMS = {
    "kinesis": ("DescribeStreamSummary", "StreamDescriptionSummary", "StreamStatus"),
    "firehose": ("DescribeDeliveryStream", "DeliveryStreamDescription", "DeliveryStreamStatus"),
}


def _check_stream(logs: Logs, target: Arn) -> None:
    operation, member, status = _STREAMS[target.service]
    name = target.resource.rpartition("/")[2]
    asked = {"StreamName" if target.service == "kinesis" else "DeliveryStreamName": name}
    try:
        answer: Mapping[str, Any] | None = logs.ask(str(target), target.service, operation, asked)
    except Refused as refused:
        raise InvalidTarget.stream(target.service) from refused
    if answer is not None and answer[member][status] == "DELETING":
        raise InvalidTarget.stream(target.service)


# -- keys ------------------------------------------------------------------------------------------


def check_key(logs: Logs, key: str, resource: str) -> None:
    """See whether a KMS key, which may be another account's, can be used for a resource.

    Raises:
        InvalidParameterException: there is no such key, or it is not enabled.
    """
    arn = Arn.maybe(key)
    if arn is None or arn.service != "kms":  # only KMS can tell that this is none
        arn = Arn.parse(logs.scope.arn("kms", f"key/{key}"))
    there = Scope(arn.account, arn.region)
    try:
        answer = logs.ask(str(arn), "kms", "DescribeKey", {"KeyId": key}, scope=there)
    except Refused as refused:
        raise InvalidParameterException.key(resource) from refused
    if answer is not None and answer["KeyMetadata"]["KeyState"] != "Enabled":
        raise InvalidParameterException.key(resource)


# -- policies --------------------------------------------------------------------------------------


def _about(logs: Logs, group: str) -> dict[str, str]:
    """The condition keys by which a policy knows on whose behalf Logs comes."""
    return {"aws:SourceAccount": logs.scope.account, "aws:SourceArn": f"{logs.arn(group)}:*"}


def _allows(logs: Logs, text: str, action: str, resource: str, about: Mapping[str, str]) -> bool:
    """Whether a policy lets Logs in, by its name everywhere or by that in its region."""
    try:
        policy = parse(text)
    except PolicyError:
        return False
    names = "logs.amazonaws.com", f"logs.{logs.scope.region}.amazonaws.com"
    found = {
        decide(policy, principal=name, action=action, resource=resource, conditions=about)
        for name in names
    }
    return "Allow" in found and "Deny" not in found
