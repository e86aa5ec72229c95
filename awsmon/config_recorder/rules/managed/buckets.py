"""Managed rules about S3's buckets."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from awsmon.config_recorder.rules.documents import allows_anybody, listed, principals, statements
from awsmon.config_recorder.rules.judging import NUMBER, Given, NotApplicable, Reading, managed

_BUCKET = "AWS::S3::Bucket"
_BLOCKS = ("ignorePublicAcls", "blockPublicPolicy", "blockPublicAcls", "restrictPublicBuckets")
_EVERYBODY = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
_READS = ("s3:GetObject", "s3:ListBucket", "s3:GetBucketAcl", "s3:GetObjectVersion")
_WRITES = ("s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy", "s3:PutObjectAcl")


@managed("S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS", "AWS::S3::AccountPublicAccessBlock",
         IgnorePublicAcls="True", BlockPublicPolicy="True", BlockPublicAcls="True",
         RestrictPublicBuckets="True")  # fmt: skip
def account_blocks(block: Reading, given: Given) -> str | None:
    """The account's block is as it should be."""
    for name in _BLOCKS:
        parameter = name[:1].upper() + name[1:]
        if bool(block.get(name)) != given.flag(parameter):
            return f"{parameter} isn't {given.text(parameter)}."
    return None


@managed("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED", _BUCKET, excludedPublicBuckets=None)
def bucket_blocks(bucket: Reading, given: Given) -> str | None:
    """All four blocks of each bucket are on."""
    if bucket.name in given.list("excludedPublicBuckets"):
        return None
    block = bucket.extra("PublicAccessBlockConfiguration", {})
    off = [name for name in _BLOCKS if not block.get(name)]
    return f"Off: {', '.join(off)}." if off else None


@managed("S3_BUCKET_LOGGING_ENABLED", _BUCKET, targetBucket=None, targetPrefix=None)
def logging_enabled(bucket: Reading, given: Given) -> str | None:
    """Access is logged, there where it should be."""
    found = bucket.extra("BucketLoggingConfiguration", {})
    if not found.get("targetBucket"):
        return "Access isn't logged."
    for name in ("targetBucket", "targetPrefix"):
        wanted = given.text(name)
        if wanted is not None and found.get(name) != wanted:
            return f"{name} is {found.get(name)}."
    return None


def _public(bucket: Reading, permissions: tuple[str, ...], actions: tuple[str, ...]) -> str | None:
    """Why everybody has some permission, or may do one of some things."""
    block = bucket.extra("PublicAccessBlockConfiguration", {})
    if not block.get("restrictPublicBuckets"):
        for statement in statements(bucket.extra("BucketPolicy").get("policyText") or "{}"):
            named = listed(statement.get("Action"))
            if allows_anybody(statement) and any(
                fnmatchcase(action.lower(), each.lower()) for each in named for action in actions
            ):
                return "The bucket policy lets everybody in."
    if not block.get("ignorePublicAcls"):
        for grant in bucket.extra("AccessControlList").get("grants", ()):
            if grant["grantee"].get("uRI") in _EVERYBODY and grant["permission"] in permissions:
                return "The access control list lets everybody in."
    return None


@managed("S3_BUCKET_PUBLIC_READ_PROHIBITED", _BUCKET, periodic=True)
def no_public_read(bucket: Reading, _: Given) -> str | None:
    """Not everybody may read."""
    return _public(bucket, ("READ", "READ_ACP", "FULL_CONTROL"), _READS)


@managed("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", _BUCKET, periodic=True)
def no_public_write(bucket: Reading, _: Given) -> str | None:
    """Not everybody may write."""
    return _public(bucket, ("WRITE", "WRITE_ACP", "FULL_CONTROL"), _WRITES)


@managed("S3_BUCKET_REPLICATION_ENABLED", _BUCKET, ReplicationType=None)
def replication(bucket: Reading, given: Given) -> str | None:
    """What is in it is elsewhere, too; in another region where that is wanted."""
    del given  # its one value, CROSS-REGION, is not told from SAME-REGION by the configuration
    rules = bucket.extra("BucketReplicationConfiguration", {}).get("rules", ())
    if any(each.get("status") == "Enabled" for each in rules):
        return None
    return "The bucket isn't replicated."


def _denies(bucket: Reading, wanted: Any) -> bool:
    text = bucket.extra("BucketPolicy").get("policyText") or "{}"
    return any(each.get("Effect") == "Deny" and wanted(each) for each in statements(text))


@managed("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED", _BUCKET)
def encryption(bucket: Reading, _: Given) -> str | None:
    """Objects are encrypted, by default or because others are refused."""

    def unencrypted(statement: dict[str, Any]) -> bool:
        asked = [key for each in statement.get("Condition", {}).values() for key in each]
        return "s3:x-amz-server-side-encryption" in asked

    default = bucket.extra("ServerSideEncryptionConfiguration", {}).get("rules")
    if default or _denies(bucket, unencrypted):
        return None
    return "The bucket has no default encryption."


@managed("S3_BUCKET_SSL_REQUESTS_ONLY", _BUCKET)
def only_ssl(bucket: Reading, _: Given) -> str | None:
    """Requests without TLS are refused."""

    def plain(statement: dict[str, Any]) -> bool:
        found = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
        everybody = ("AWS", "*") in principals(statement)
        actions = listed(statement.get("Action"))
        return everybody and str(found).lower() == "false" and bool({"*", "s3:*"} & {*actions})

    return None if _denies(bucket, plain) else "Requests without TLS aren't refused."


@managed("S3_BUCKET_VERSIONING_ENABLED", _BUCKET, isMfaDeleteEnabled=None)
def versioning(bucket: Reading, given: Given) -> str | None:
    """What is overwritten stays."""
    found, wanted = bucket.extra("BucketVersioningConfiguration"), given.flag("isMfaDeleteEnabled")
    if found.get("status") != "Enabled":
        return "Versioning is off."
    if wanted is not None and bool(found.get("isMfaDeleteEnabled")) != wanted:
        return f"isMfaDeleteEnabled isn't {str(wanted).lower()}."
    return None


@managed("S3_DEFAULT_ENCRYPTION_KMS", _BUCKET, kmsKeyArns=None)
def encryption_by_kms(bucket: Reading, given: Given) -> str | None:
    """By a key of KMS, one of a list where there is one."""
    allowed = given.list("kmsKeyArns")
    for rule in bucket.extra("ServerSideEncryptionConfiguration", {}).get("rules", ()):
        found = rule.get("applyServerSideEncryptionByDefault", {})
        if found.get("sSEAlgorithm", "").startswith("aws:kms"):
            key = found.get("kMSMasterKeyID")
            if allowed and key not in allowed:
                return f"The key is {key}."
            return None
    return "Objects aren't encrypted by a key of KMS."


@managed("S3_LIFECYCLE_POLICY_CHECK", _BUCKET, targetTransitionDays=NUMBER,
         targetExpirationDays=NUMBER, targetTransitionStorageClass=None, targetPrefix=None,
         bucketNames=None)  # fmt: skip
def lifecycle(bucket: Reading, given: Given) -> str | None:
    """A lifecycle rule is on, and does what it should."""
    names = given.list("bucketNames")
    if names and bucket.name not in names:
        raise NotApplicable
    rules = bucket.extra("BucketLifecycleConfiguration", {}).get("rules", ())
    if any(rule.get("status") == "Enabled" and _lives(rule, given) for rule in rules):
        return None
    return "The bucket has no such lifecycle rule."


def _lives(rule: dict[str, Any], given: Given) -> bool:
    expires, moves = given.number("targetExpirationDays"), given.number("targetTransitionDays")
    storage, prefix = given.text("targetTransitionStorageClass"), given.text("targetPrefix")
    transitions = rule.get("transitions", ())
    own = (rule.get("filter") or {}).get("prefix", rule.get("prefix"))
    return (
        (expires is None or rule.get("expiration", {}).get("days") == expires)
        and (moves is None or any(each.get("days") == moves for each in transitions))
        and (storage is None or any(each.get("storageClass") == storage for each in transitions))
        and (prefix is None or own == prefix)
    )


@managed("S3_BUCKET_POLICY_GRANTEE_CHECK", _BUCKET, awsPrincipals=None, servicePrincipals=None,
         federatedUsers=None, ipAddresses=None, vpcIds=None)  # fmt: skip
def grantees(bucket: Reading, given: Given) -> str | None:
    """Whom the policy lets in is among those that may be."""
    kinds = {"AWS": "awsPrincipals", "Service": "servicePrincipals", "Federated": "federatedUsers"}
    for statement in statements(bucket.extra("BucketPolicy").get("policyText") or "{}"):
        if statement.get("Effect") != "Allow":
            continue
        for kind, name in principals(statement):
            if name not in given.list(kinds.get(kind, "awsPrincipals")):
                return f"The bucket policy lets {name} in."
        for key, parameter in (("aws:SourceIp", "ipAddresses"), ("aws:SourceVpc", "vpcIds")):
            asked = [value for each in statement.get("Condition", {}).values()
                     for value in listed(each.get(key))]  # fmt: skip
            if not {*asked} <= {*given.list(parameter)}:
                return f"The bucket policy lets {', '.join(asked)} in."
    return None
