"""Managed rules about S3: each of a bucket that is as it should be, and of one that isn't."""

from __future__ import annotations

import json

import pytest

from tests.config_recorder.conftest import ACCOUNT, client, judged, judged_account, rules_of

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/own"
BLOCKED = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
ANYBODY = {"Effect": "Allow", "Principal": "*", "Resource": "*"}


@pytest.fixture(autouse=True)
def _moto(mon):
    """Beside it."""


def bucket(name, *, policy=None, acl=None, block=None, **parts):
    """A bucket and its parts, each as the call named so takes it."""
    s3 = client("s3")
    s3.create_bucket(Bucket=name)
    if policy:
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Statement": policy}))
    if acl == "public-write":
        everybody = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}
        s3.put_bucket_acl(
            Bucket=name,
            AccessControlPolicy={
                "Grants": [{"Grantee": everybody, "Permission": "WRITE"}],
                "Owner": {"ID": "owner"},
            },
        )
    elif acl:
        s3.put_bucket_acl(Bucket=name, ACL=acl)
    if block:
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
    for part, given in parts.items():
        getattr(s3, f"put_bucket_{part}")(Bucket=name, **given)
    return name


def plain(name="plain"):
    return bucket(name)


def logged(target):
    grants = [{"Grantee": {"Type": "Group",
                           "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
               "Permission": permission} for permission in ("WRITE", "READ_ACP")]  # fmt: skip
    client("s3").create_bucket(Bucket=target)
    client("s3").put_bucket_acl(Bucket=target, AccessControlPolicy={
        "Grants": grants, "Owner": {"ID": "owner"}})  # fmt: skip
    return bucket(f"to-{target}", logging={"BucketLoggingStatus": {
        "LoggingEnabled": {"TargetBucket": target, "TargetPrefix": ""}}})  # fmt: skip


def replicated():
    versioned = {"VersioningConfiguration": {"Status": "Enabled"}}
    bucket("copies", versioning=versioned)
    rules = [{"Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
              "DeleteMarkerReplication": {"Status": "Disabled"},
              "Destination": {"Bucket": "arn:aws:s3:::copies"}}]  # fmt: skip
    return bucket(
        "replicated",
        versioning=versioned,
        replication={
            "ReplicationConfiguration": {"Role": f"arn:aws:iam::{ACCOUNT}:role/r", "Rules": rules}
        },
    )


def encrypted(algorithm, **key):
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm, **key}}
    return bucket(algorithm.replace(":", "-"), encryption={
        "ServerSideEncryptionConfiguration": {"Rules": [rule]}})  # fmt: skip


def unencrypted():
    name = plain("unencrypted")
    client("s3").delete_bucket_encryption(Bucket=name)
    return name


def only_tls():
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}}  # fmt: skip
    return bucket("tls", policy=[deny])


def lives(days):
    return bucket(f"days-{days}", lifecycle_configuration={"LifecycleConfiguration": {"Rules": [
        {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": days}}
    ]}})  # fmt: skip


RULES = [
    ("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED", lambda: bucket("good", block=BLOCKED), plain, {}),
    ("S3_BUCKET_LOGGING_ENABLED", lambda: logged("here"), lambda: logged("there"),
     {"targetBucket": "here"}),
    ("S3_BUCKET_PUBLIC_READ_PROHIBITED", plain, lambda: bucket("open", acl="public-read"), {}),
    ("S3_BUCKET_PUBLIC_READ_PROHIBITED",
     lambda: bucket("good", policy=[{**ANYBODY, "Action": "s3:Get*"}], block=BLOCKED),
     lambda: bucket("bad", policy=[{**ANYBODY, "Action": "s3:Get*"}]), {}),
    ("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", lambda: bucket("read", acl="public-read"),
     lambda: bucket("open", acl="public-write"), {}),
    ("S3_BUCKET_REPLICATION_ENABLED", replicated, plain, {}),
    ("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED", lambda: encrypted("AES256"), unencrypted, {}),
    ("S3_BUCKET_SSL_REQUESTS_ONLY", only_tls, plain, {}),
    ("S3_BUCKET_VERSIONING_ENABLED",
     lambda: bucket("good", versioning={"VersioningConfiguration": {"Status": "Enabled"}}), plain,
     {}),
    ("S3_DEFAULT_ENCRYPTION_KMS", lambda: encrypted("aws:kms", KMSMasterKeyID=KEY),
     lambda: encrypted("AES256"), {"kmsKeyArns": KEY}),
    ("S3_LIFECYCLE_POLICY_CHECK", lambda: lives(30), lambda: lives(60),
     {"targetExpirationDays": "30"}),
    ("S3_BUCKET_POLICY_GRANTEE_CHECK",
     lambda: bucket("good", policy=[{**ANYBODY, "Principal": {"AWS": ACCOUNT},
                                  "Action": "s3:Get*"}]),
     lambda: bucket("bad", policy=[{**ANYBODY, "Action": "s3:Get*"}]),
     {"awsPrincipals": ACCOUNT}),
]  # fmt: skip


@rules_of(RULES)
def test_buckets(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)


def test_the_accounts_block():
    control = client("s3control")

    def block(**more):
        control.put_public_access_block(
            AccountId=ACCOUNT, PublicAccessBlockConfiguration={**BLOCKED, **more}
        )

    block(BlockPublicAcls=False)
    judged_account("S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS", block)
