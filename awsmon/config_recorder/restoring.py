"""The API calls that bring a resource back to what it was.

Lives here: `calls` and `SdkCall`. What can be brought back is in `_TYPES`: security groups, buckets
and alarms; and the tags of whatever EC2 has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from awsmon.config_recorder.model import Item

__all__ = ["SdkCall", "calls"]


class SdkCall(NamedTuple):
    """A call of boto3's, as ``boto3.client(client)`` makes it.

    Attributes:
        operation: as ``AuthorizeSecurityGroupIngress``.
    """

    client: str
    operation: str
    parameters: dict[str, Any]


def calls(now: Item, wanted: Item) -> list[SdkCall]:
    """What brings a resource from what it is to what it was.

    Raises:
        MisuseError: it is gone, was, or is of a type of which awsmon doesn't know how.
    """
    kind = now.key.type
    make = _TYPES.get(kind)
    if now.deleted or wanted.deleted:
        raise MisuseError(f"restore({kind!r}, {now.key.id!r}): what is gone can't be brought back.")
    if make is None and not kind.startswith("AWS::EC2::"):
        raise MisuseError(
            f"restore({kind!r}): awsmon knows how to bring back {', '.join(sorted(_TYPES))} and "
            "the tags of AWS::EC2 resources."
        )
    found = list(make(now, wanted)) if make else []
    return [*found, *_tags(now, wanted)] if kind.startswith("AWS::EC2::") else found


def _raised(value: Any) -> Any:
    """Back in the SDK's own spelling of EC2's and CloudWatch's members."""
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: _raised(each) for name, each in value.items()}
    return [_raised(each) for each in value] if isinstance(value, list) else value


def _group(now: Item, wanted: Item) -> Iterator[SdkCall]:
    id_ = now.key.id
    for word, member in (("Ingress", "ipPermissions"), ("Egress", "ipPermissionsEgress")):
        is_, was = _member(now, member) or [], _member(wanted, member) or []
        surplus = [each for each in is_ if each not in was]
        missing = [each for each in was if each not in is_]
        for verb, rules in (("Revoke", surplus), ("Authorize", missing)):
            if rules:
                yield SdkCall("ec2", f"{verb}SecurityGroup{word}",
                              {"GroupId": id_, "IpPermissions": _raised(rules)})  # fmt: skip


def _member(item: Item, name: str) -> Any:
    return (item.configuration or {}).get(name)


def _tags(now: Item, wanted: Item) -> Iterator[SdkCall]:
    missing = {key: value for key, value in wanted.tags.items() if now.tags.get(key) != value}
    surplus = [key for key in now.tags if key not in wanted.tags]
    if missing:
        yield SdkCall("ec2", "CreateTags", {"Resources": [now.key.id], "Tags": [
            {"Key": key, "Value": value} for key, value in missing.items()]})  # fmt: skip
    if surplus:
        yield SdkCall("ec2", "DeleteTags", {"Resources": [now.key.id], "Tags": [
            {"Key": key} for key in surplus]})  # fmt: skip


def _bucket(now: Item, wanted: Item) -> Iterator[SdkCall]:
    bucket = {"Bucket": now.key.id}
    for name, (setting, unset, form) in _PARTS.items():
        is_, was = now.supplementary.get(name), wanted.supplementary.get(name)
        if is_ == was:
            continue
        parameters = form(was) if was else None
        if parameters:
            yield SdkCall("s3", setting, {**bucket, **parameters})
        elif unset:
            yield SdkCall("s3", unset, bucket)


def _blocks(was: Any) -> dict[str, Any]:
    return {"PublicAccessBlockConfiguration": _raised(was)}


def _versioning(was: Any) -> dict[str, Any]:
    status = "Enabled" if was.get("status") == "Enabled" else "Suspended"
    return {"VersioningConfiguration": {"Status": status}}


def _policy(was: Any) -> dict[str, Any] | None:
    return {"Policy": was["policyText"]} if was.get("policyText") else None


def _encryption(was: Any) -> dict[str, Any]:
    defaults = []
    for rule in was["rules"]:
        found = rule["applyServerSideEncryptionByDefault"]
        default = {"SSEAlgorithm": found["sSEAlgorithm"]}
        if found.get("kMSMasterKeyID"):
            default["KMSMasterKeyID"] = found["kMSMasterKeyID"]
        defaults.append({"ApplyServerSideEncryptionByDefault": default})
    return {"ServerSideEncryptionConfiguration": {"Rules": defaults}}


_PARTS: dict[str, tuple[str, str | None, Callable[[Any], dict[str, Any] | None]]] = {
    # part of a bucket: what sets it, what takes it away, how it is set
    "PublicAccessBlockConfiguration": ("PutPublicAccessBlock", "DeletePublicAccessBlock", _blocks),
    "BucketVersioningConfiguration": ("PutBucketVersioning", None, _versioning),
    "BucketPolicy": ("PutBucketPolicy", "DeleteBucketPolicy", _policy),
    "ServerSideEncryptionConfiguration": ("PutBucketEncryption", "DeleteBucketEncryption",
                                          _encryption),
}  # fmt: skip
_OF_THE_SERVICE = ("AlarmArn", "AlarmConfigurationUpdatedTimestamp", "EvaluationState")


def _alarm(now: Item, wanted: Item) -> Iterator[SdkCall]:
    was = _raised(wanted.configuration or {})
    if was != _raised(now.configuration or {}):
        parameters = {name: value for name, value in was.items() if name not in _OF_THE_SERVICE}
        yield SdkCall("cloudwatch", "PutMetricAlarm", parameters)


_TYPES: dict[str, Callable[[Item, Item], Iterator[SdkCall]]] = {
    "AWS::EC2::SecurityGroup": _group,
    "AWS::S3::Bucket": _bucket,
    "AWS::CloudWatch::Alarm": _alarm,
}
