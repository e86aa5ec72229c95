"""Documents about S3, databases, keys and topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.automation import Step, call
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.config_recorder.automation import Given
    from awsmon.config_recorder.resource_types import Asking

__all__ = ["DOCUMENTS"]

_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def _blocks(given: Given) -> dict[str, Any]:
    return {"PublicAccessBlockConfiguration": {name: given.flag(name) for name in _BLOCKS}}


def _log(given: Given) -> dict[str, Any]:
    return {"Bucket": given.one("BucketName"), "BucketLoggingStatus": {"LoggingEnabled": {
        "TargetBucket": given.one("TargetBucket"),
        "TargetPrefix": given.one("TargetPrefix", "")}}}  # fmt: skip


def _encryption(given: Given) -> dict[str, Any]:
    default = {"SSEAlgorithm": given.one("SSEAlgorithm", "AES256")}
    if given.all("KMSMasterKey"):
        default["KMSMasterKeyID"] = given.one("KMSMasterKey")
    return {"Bucket": given.one("BucketName"), "ServerSideEncryptionConfiguration": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": default}]}}  # fmt: skip


def _instance(**change: Any) -> Callable[[Callable[[str], Asking], Given], None]:
    """Change the instance that a resource id, or an identifier, names."""

    def act(ask: Callable[[str], Asking], given: Given) -> None:
        wanted = given.one("DbiResourceId")
        for found in ask("rds").all("DescribeDBInstances", "DBInstances"):
            if wanted in (found["DBInstanceIdentifier"], found.get("DbiResourceId")):
                name = found["DBInstanceIdentifier"]
                ask("rds")("ModifyDBInstance", DBInstanceIdentifier=name, **change)
                return
        raise Refused(f"There is no instance {wanted}", permanent=True)

    return act


DOCUMENTS = {
    "AWS-DisableS3BucketPublicReadWrite": (
        call("DisableS3BucketPublicReadWrite", "s3", "PutBucketAcl",
             lambda given: {"Bucket": given.one("S3BucketName"), "ACL": "private"}),
    ),
    "AWSConfigRemediation-ConfigureS3BucketPublicAccessBlock": (
        call("PutBucketPublicAccessBlock", "s3", "PutPublicAccessBlock",
             lambda given: {"Bucket": given.one("BucketName"), **_blocks(given)}),
    ),
    "AWSConfigRemediation-ConfigureS3PublicAccessBlock": (
        call("PutAccountPublicAccessBlock", "s3control", "PutPublicAccessBlock",
             lambda given: {"AccountId": given.one("AccountId", given.account), **_blocks(given)}),
    ),
    "AWS-EnableS3BucketEncryption": (
        call("EnableS3Encryption", "s3", "PutBucketEncryption", _encryption),
    ),
    "AWS-ConfigureS3BucketVersioning": (
        call("ConfigureVersioning", "s3", "PutBucketVersioning", lambda given: {
            "Bucket": given.one("BucketName"), "VersioningConfiguration": {
                "Status": given.one("VersioningState", "Enabled")}}),
    ),
    "AWS-ConfigureS3BucketLogging": (
        call("PutBucketLogging", "s3", "PutBucketLogging", _log),
    ),
    "AWSConfigRemediation-EnablePITRForDynamoDBTable": (
        call("EnablePITR", "dynamodb", "UpdateContinuousBackups", lambda given: {
            "TableName": given.one("TableName"),
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}),
    ),
    "AWSConfigRemediation-EnableMultiAZOnRDSInstance": (
        Step("EnableMultiAZ", _instance(MultiAZ=True, ApplyImmediately=True)),
    ),
    "AWSConfigRemediation-DisablePublicAccessToRDSInstance": (
        Step("DisablePubliclyAccessible",
             _instance(PubliclyAccessible=False, ApplyImmediately=True)),
    ),
    "AWSConfigRemediation-EnableMinorVersionUpgradeOnRDSDBInstance": (
        Step("EnableMinorVersionUpgrade",
             _instance(AutoMinorVersionUpgrade=True, ApplyImmediately=True)),
    ),
    "AWSConfigRemediation-EnableRDSInstanceDeletionProtection": (
        Step("EnableDeletionProtection",
             _instance(DeletionProtection=True, ApplyImmediately=True)),
    ),
    "AWSConfigRemediation-EnableKeyRotation": (
        call("EnableKeyRotation", "kms", "EnableKeyRotation",
             lambda given: {"KeyId": given.one("KeyId")}),
    ),
    "AWSConfigRemediation-CancelKeyDeletion": (
        call("CancelKeyDeletion", "kms", "CancelKeyDeletion",
             lambda given: {"KeyId": given.one("KeyId")}),
        call("EnableKey", "kms", "EnableKey", lambda given: {"KeyId": given.one("KeyId")}),
    ),
    "AWSConfigRemediation-EncryptSNSTopic": (
        call("EncryptSNSTopic", "sns", "SetTopicAttributes", lambda given: {
            "TopicArn": given.one("TopicArn"), "AttributeName": "KmsMasterKeyId",
            "AttributeValue": given.one("KmsKeyArn")}),
    ),
    "AWS-PublishSNSNotification": (
        call("PublishSNSNotification", "sns", "Publish", lambda given: {
            "TopicArn": given.one("TopicArn"), "Message": given.one("Message")}),
    ),
}  # fmt: skip
