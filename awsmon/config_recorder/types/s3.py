"""S3: buckets, with what is attached to them, and the account's public access block.

A part that isn't set has no answer, and is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.describing import tags_of, told
from awsmon.config_recorder.resource_types import Asking, Described, ResourceType, lowered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["TYPES"]

_PARTS = {
    # name in supplementaryConfiguration: call, member of the answer (None: all of it)
    "BucketVersioningConfiguration": ("GetBucketVersioning", None),
    "BucketLoggingConfiguration": ("GetBucketLogging", "LoggingEnabled"),
    "ServerSideEncryptionConfiguration": ("GetBucketEncryption",
                                          "ServerSideEncryptionConfiguration"),
    "PublicAccessBlockConfiguration": ("GetPublicAccessBlock", "PublicAccessBlockConfiguration"),
    "BucketReplicationConfiguration": ("GetBucketReplication", "ReplicationConfiguration"),
    "BucketNotificationConfiguration": ("GetBucketNotificationConfiguration", None),
    "BucketAcceleration": ("GetBucketAccelerateConfiguration", None),
    "BucketLifecycleConfiguration": ("GetBucketLifecycleConfiguration", None),
    "AccessControlList": ("GetBucketAcl", None),
}  # fmt: skip


def buckets(ask: Asking, keys: Sequence[str] | None) -> Iterator[Described]:
    """Those of this region."""
    owner = None
    for found in (told(ask, "ListBuckets") or {}).get("Buckets", ()):
        name = found["Name"]
        if keys is not None and name not in keys and f"arn:aws:s3:::{name}" not in keys:
            continue
        place = (told(ask, "GetBucketLocation", Bucket=name) or {}).get("LocationConstraint")
        if (place or "us-east-1") != ask.scope.region:
            continue
        parts, tags = _parts(ask, name)
        owner = parts.get("AccessControlList", {}).get("owner", owner)
        yield Described(
            id=name, name=name, arn=f"arn:{ask.scope.partition}:s3:::{name}",
            configuration={"name": name, "owner": owner, "region": ask.scope.region,
                           "creationDate": lowered(found.get("CreationDate"))},
            supplementary=parts, tags=tags, availability_zone="Regional",
        )  # fmt: skip


def _parts(ask: Asking, name: str) -> tuple[dict[str, Any], dict[str, str]]:
    parts: dict[str, Any] = {}
    for part, (operation, member) in _PARTS.items():
        answer = told(ask, operation, Bucket=name)
        if answer is not None:
            value = answer.get(member) if member else answer
            parts[part] = lowered(value) if value else {}
    parts["BucketPolicy"] = {
        "policyText": (told(ask, "GetBucketPolicy", Bucket=name) or {}).get("Policy")
    }
    versioning = parts.get("BucketVersioningConfiguration")
    if versioning is not None:
        parts["BucketVersioningConfiguration"] = {
            "status": versioning.get("status", "Off"),
            "isMfaDeleteEnabled": versioning.get("mFADelete") == "Enabled" or None,
        }
    tags = tags_of((told(ask, "GetBucketTagging", Bucket=name) or {}).get("TagSet"))
    if tags:
        parts["BucketTaggingConfiguration"] = {"tagSets": [{"tags": tags}]}
    return parts, tags


def account_blocks(ask: Asking, keys: Sequence[str] | None) -> Iterator[Described]:
    """One for the account; nothing where it isn't set."""
    del keys
    found = told(ask.of("s3control"), "GetPublicAccessBlock", AccountId=ask.scope.account)
    if found and found.get("PublicAccessBlockConfiguration"):
        yield Described(id=ask.scope.account,
                        configuration=lowered(found["PublicAccessBlockConfiguration"]))  # fmt: skip


TYPES = [
    ResourceType(name="AWS::S3::Bucket", client="s3", members=("Bucket",), describe=buckets,
                 anywhere=True),
    ResourceType(name="AWS::S3::AccountPublicAccessBlock", client="s3", clients=("s3control",),
                 members=("AccountId",), describe=account_blocks, anywhere=True),
]  # fmt: skip
