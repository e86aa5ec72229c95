"""Parameters and answers as CloudTrail writes them.

Lives here: `asked` and `answered`. Members begin with a small letter, maps keep their keys, bytes
are left out, secrets are hidden; EC2 and S3 have forms of their own.
Source: records in the CloudTrail User Guide and in the services' guides, "Logging API calls with
CloudTrail".
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.outlines import Outline

__all__ = ["answered", "asked"]

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_SECRETS = {
    # what no record shows, though the model may not say so: None is left out
    "SecretAccessKey": None, "SecretString": None, "SecretBinary": None, "Plaintext": None,
    "CiphertextBlob": None, "ResponseMetadata": None, "MasterUserPassword": "****",
    "KeyMaterial": "<sensitiveDataRemoved>", "Password": HIDDEN, "OldPassword": HIDDEN,
    "NewPassword": HIDDEN, "ClientSecret": HIDDEN, "ApiKeyValue": HIDDEN, "UserData":
    "<sensitiveDataRemoved>", "AuthToken": HIDDEN, "WebIdentityToken": None, "SAMLAssertion": None,
    "TokenCode": None, "AuthenticationCode1": None, "AuthenticationCode2": None,
}  # fmt: skip
_OF_OPERATION: dict[tuple[str, str], dict[str, Any]] = {
    # (client, operation) -> member -> what stands there instead; None: nothing
    ("sns", "Publish"): {"Message": HIDDEN, "Subject": HIDDEN, "MessageAttributes": HIDDEN},
    ("sqs", "SendMessage"): {"MessageBody": HIDDEN, "MessageAttributes": HIDDEN},
    ("lambda", "CreateFunction"): {"Environment": {}},
    ("lambda", "UpdateFunctionConfiguration"): {"Environment": {}},
    ("stepfunctions", "StartExecution"): {"input": HIDDEN},
    ("stepfunctions", "CreateStateMachine"): {"definition": HIDDEN},
    ("schemas", "CreateSchema"): {"Content": HIDDEN},
    ("events", "PutEvents"): {"Entries": HIDDEN},
}


def asked(service: str, operation: str, outline: Outline, value: Mapping[str, Any]) -> Any:
    """The request parameters; None where there are none."""
    instead = _OF_OPERATION.get((service, operation), {})
    shown: dict[str, Any] = {
        name: instead.get(name, inner) for name, inner in value.items()
        if instead.get(name, inner) is not None
    }  # fmt: skip
    if service == "ssm" and operation == "PutParameter" and value.get("Type") == "SecureString":
        shown["Value"] = HIDDEN
    if service == "s3":
        return _of_s3(operation, shown)
    if service == "ec2":
        return _of_ec2(operation, shown, outline) or None
    if service == "dynamodb":
        shown = _of_dynamodb(shown)
    if service == "cloudformation" and "Parameters" in shown:
        shown["Parameters"] = [
            {"ParameterKey": each["ParameterKey"]} for each in shown["Parameters"]
        ]
    return _members(shown, outline) or None


def answered(service: str, operation: str, outline: Outline, value: Mapping[str, Any]) -> Any:
    """The response elements; None where there are none, and for S3, which answers in headers."""
    del operation
    if service == "s3":
        return None
    if service == "ec2":
        found = _ec2_members(value, outline)
        if "return" in found:
            found["_return"] = found.pop("return")
        return found or None
    found = _members(value, outline)
    if service == "rds" and len(found) == 1:  # what was made, without its wrapper
        (inner,) = found.values()
        return inner
    return found or None


# -- the usual form --------------------------------------------------------------------------------


def _members(value: Mapping[str, Any], outline: Outline) -> dict[str, Any]:
    found = {}
    for name, inner in value.items():
        below = outline.members.get(name)
        shown = _SECRETS[name] if name in _SECRETS else _value(inner, below)
        if shown is not None:
            found[_lower(name)] = shown
    return found


def _value(value: Any, outline: Outline | None) -> Any:
    if outline is not None and outline.secret and not isinstance(value, (bytes, bytearray)):
        return HIDDEN
    if isinstance(value, dict):
        if outline is None or outline.kind == "structure":
            return _members(value, outline) if outline is not None else dict(value)
        return {name: _value(inner, outline.inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        inner = outline.inner if outline is not None else None
        return [_value(each, inner) for each in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        at = value.astimezone(timezone.utc) if value.tzinfo else value
        hour = at.hour % 12 or 12
        return f"{at:%b} {at.day}, {at.year} {hour}:{at:%M:%S} {'PM' if at.hour >= 12 else 'AM'}"
    if isinstance(value, (bytes, bytearray)) or hasattr(value, "read"):
        return None
    return value


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


# -- DynamoDB: keys, but no other values -----------------------------------------------------------

_VALUES = ("ExpressionAttributeValues", "AttributeUpdates", "Expected", "RequestItems",
           "TransactItems", "Statements", "Parameters")  # fmt: skip


def _of_dynamodb(value: Mapping[str, Any]) -> dict[str, Any]:
    """Of an item its names are shown, of a key the plain values."""
    found = {name: inner for name, inner in value.items() if name not in _VALUES}
    if "Item" in found:
        found["Item"] = list(found["Item"])
    if "Key" in found:
        found["Key"] = {name: next(iter(each.values())) for name, each in found["Key"].items()}
    return found


# -- EC2: sets of items ----------------------------------------------------------------------------

_SETS = {
    # member -> the set's name, and the name of a text in it
    "InstanceIds": ("instancesSet", "instanceId"), "Instances": ("instancesSet", ""),
    "StartingInstances": ("instancesSet", ""), "StoppingInstances": ("instancesSet", ""),
    "TerminatingInstances": ("instancesSet", ""), "IpPermissions": ("ipPermissions", ""),
    "UserIdGroupPairs": ("groups", ""), "IpRanges": ("ipRanges", ""),
    "Ipv6Ranges": ("ipv6Ranges", ""), "PrefixListIds": ("prefixListIds", ""),
    "Resources": ("resourcesSet", "resourceId"), "Tags": ("tagSet", ""),
    "Filters": ("filterSet", ""), "Values": ("valueSet", "value"),
    "SecurityGroupIds": ("groupSet", "groupId"), "GroupIds": ("securityGroupIdSet", "groupId"),
    "SecurityGroupRules": ("securityGroupRuleSet", ""), "Groups": ("groupSet", ""),
    "SecurityGroups": ("groupSet", "groupName"), "VolumeIds": ("volumeSet", "volumeId"),
    "BlockDeviceMappings": ("blockDeviceMapping", ""),
    "TagSpecifications": ("tagSpecificationSet", ""),
    "Add": ("add", ""), "Remove": ("remove", ""),
}  # fmt: skip
_OF_EACH = ("ImageId", "MinCount", "MaxCount", "KeyName")


def _of_ec2(operation: str, value: Mapping[str, Any], outline: Outline) -> dict[str, Any]:
    if operation == "ModifySnapshotAttribute":
        return _shared(value)
    if operation != "RunInstances":
        return _ec2_members(value, outline)
    each = {_lower(name): value[name] for name in _OF_EACH if name in value}
    rest = {name: inner for name, inner in value.items() if name not in _OF_EACH}
    return {"instancesSet": {"items": [each]}, **_ec2_members(rest, outline)}


def _shared(value: Mapping[str, Any]) -> dict[str, Any]:
    """With whom a snapshot is shared, in whichever of two ways it was said."""
    changes = dict(value.get("CreateVolumePermission", {}))
    who = [{"UserId": each} for each in value.get("UserIds", ())]
    who += [{"Group": each} for each in value.get("GroupNames", ())]
    if who:
        changes[value.get("OperationType", "add").capitalize()] = who
    shown = {
        _lower(way): {"items": [{_lower(name): inner for name, inner in each.items()}
                                for each in those]}
        for way, those in changes.items()
    }  # fmt: skip
    return {"snapshotId": value["SnapshotId"], "createVolumePermission": shown,
            "attributeType": "CREATE_VOLUME_PERMISSION"}  # fmt: skip


def _ec2_members(value: Mapping[str, Any], outline: Outline) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, inner in value.items():
        if name in _SECRETS:
            shown = _SECRETS[name]
            if shown is not None:
                found[_lower(name)] = shown
        elif isinstance(inner, (list, tuple)):
            plain, item = _SETS.get(name, (f"{_lower(name)}Set", _lower(name).removesuffix("s")))
            below = outline.members.get(name, outline).inner or outline
            found[plain] = _items(inner, item, below)
        elif isinstance(inner, dict):
            found[_lower(name)] = _ec2_members(inner, outline.members.get(name, outline))
        else:
            shown = _value(inner, outline.members.get(name))
            if shown is not None:
                found[_lower(name)] = shown
    return found


def _items(values: Any, item: str, outline: Outline) -> dict[str, Any]:
    """An empty list is an empty object."""
    items = [
        _ec2_members(each, outline) if isinstance(each, dict) else {item or "value": _scalar(each)}
        for each in values
    ]
    return {"items": items} if items else {}


# -- S3: bucket, key, and what was asked of them ---------------------------------------------------

_SUBRESOURCES = (
    "Acl", "Cors", "Encryption", "Lifecycle", "Logging", "Notification", "OwnershipControls",
    "Policy", "PublicAccessBlock", "Replication", "Tagging", "Versioning", "Website",
)  # fmt: skip
_BODIES = ("Body", "ContentMD5", "ChecksumAlgorithm", "ExpectedBucketOwner", "RequestPayer")


def _of_s3(operation: str, value: Mapping[str, Any]) -> dict[str, Any] | None:
    bucket, key = value.get("Bucket"), value.get("Key")
    if bucket is None:
        return {"Host": "s3.amazonaws.com"}
    found: dict[str, Any] = {"bucketName": bucket, "Host": f"{bucket}.s3.amazonaws.com"}
    if key is not None:
        found["key"] = key
    for part in _SUBRESOURCES:
        if part in operation:
            found[_lower(part)] = ""
    for name, inner in value.items():
        if name in ("Bucket", "Key", *_BODIES):
            continue
        if name == "Policy":
            found["bucketPolicy"] = _json(inner)
        elif isinstance(inner, dict):
            found[name] = inner
        elif isinstance(inner, (str, int, bool)):
            found[{"ACL": "x-amz-acl", "MaxKeys": "max-keys"}.get(name, _lower(name))] = inner
    return found


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return text
