"""Managed rules about tables, streams, keys, secrets, topics, file systems and certificates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from awsmon.config_recorder.rules.judging import (
    NUMBER,
    Given,
    Lacking,
    NotApplicable,
    Reading,
    managed,
)

_TABLE, _KEY, _SECRET = "AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::SecretsManager::Secret"
_REDSHIFT, _PARAMETERS = "AWS::Redshift::Cluster", "AWS::Redshift::ClusterParameterGroup"


@managed("DYNAMODB_AUTOSCALING_ENABLED", _TABLE, change=False, asks=True,
         minProvisionedReadCapacity=NUMBER, maxProvisionedReadCapacity=NUMBER,
         targetReadUtilization=NUMBER, minProvisionedWriteCapacity=NUMBER,
         maxProvisionedWriteCapacity=NUMBER, targetWriteUtilization=NUMBER)  # fmt: skip
def autoscaling(table: Reading, given: Given) -> str | None:
    """Tables scale with what is asked of them, within bounds."""
    if table.get("billingModeSummary.billingMode") == "PAY_PER_REQUEST":
        return None
    ask, id_ = given.ask("application-autoscaling"), f"table/{table.name}"
    found = {
        each["ScalableDimension"].rpartition(":")[2].removesuffix("CapacityUnits"): each
        for each in ask.all("DescribeScalableTargets", "ScalableTargets",
                            ServiceNamespace="dynamodb", ResourceIds=[id_])
    }  # fmt: skip
    for word in ("Read", "Write"):
        if word not in found:
            return f"{word} capacity doesn't scale."
        for bound in ("min", "max"):
            wanted = given.number(f"{bound}Provisioned{word}Capacity")
            if wanted is not None and found[word][f"{bound.title()}Capacity"] != wanted:
                return f"{bound} {word} capacity is {found[word][f'{bound.title()}Capacity']}."
    return _utilization(given, id_)


def _utilization(given: Given, id_: str) -> str | None:
    policies = given.ask("application-autoscaling").all(
        "DescribeScalingPolicies", "ScalingPolicies", ServiceNamespace="dynamodb", ResourceId=id_
    )
    targets = {
        each["ScalableDimension"].rpartition(":")[2].removesuffix("CapacityUnits"):
            each.get("TargetTrackingScalingPolicyConfiguration", {}).get("TargetValue")
        for each in policies
    }  # fmt: skip
    for word in ("Read", "Write"):
        wanted = given.number(f"target{word}Utilization")
        if wanted is not None and targets.get(word) != wanted:
            return f"The target of {word} is {targets.get(word)}."
    return None


@managed("DYNAMODB_PITR_ENABLED", _TABLE)
def recovery(table: Reading, _: Given) -> str | None:
    """Tables can be brought back as they were."""
    found = table.extra("ContinuousBackupsDescription")
    state = found.get("pointInTimeRecoveryDescription", {}).get("pointInTimeRecoveryStatus")
    return None if state == "ENABLED" else "Point-in-time recovery is off."


@managed("DYNAMODB_TABLE_ENCRYPTION_ENABLED", _TABLE)
def table_encrypted(table: Reading, _: Given) -> str | None:
    """Tables are encrypted by a key of KMS."""
    state = table.get("sSEDescription.status")
    return None if state in ("ENABLED", "ENABLING", "UPDATING") else "Encryption is off."


@managed("DYNAMODB_TABLE_ENCRYPTED_KMS", _TABLE, kmsKeyArns=None)
def table_encrypted_by(table: Reading, given: Given) -> str | None:
    """By one of some keys."""
    kind, key = table.get("sSEDescription.sSEType"), table.get("sSEDescription.kMSMasterKeyArn")
    allowed = given.list("kmsKeyArns")
    if kind != "KMS":
        return "The table isn't encrypted by a key of KMS."
    return f"The key is {key}." if allowed and key not in allowed else None


def _customers(key: Reading) -> None:
    if key["keyManager"] != "CUSTOMER":
        raise NotApplicable


@managed("CMK_BACKING_KEY_ROTATION_ENABLED", _KEY, change=False)
def rotation(key: Reading, _: Given) -> str | None:
    """Symmetric keys of one's own rotate."""
    _customers(key)
    if key.get("keySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        raise NotApplicable
    return None if key.extra("KeyRotationStatus") else "The key doesn't rotate."


@managed("KMS_CMK_NOT_SCHEDULED_FOR_DELETION", _KEY, change=False, kmsKeyIds=None)
def not_deleted(key: Reading, given: Given) -> str | None:
    """No key of one's own is about to be deleted."""
    _customers(key)
    wanted = [each.rpartition("/")[2] for each in given.list("kmsKeyIds")]
    if wanted and key.id not in wanted:
        raise NotApplicable
    going = key["keyState"] == "PendingDeletion"
    return "The key is scheduled for deletion." if going else None


@managed("KINESIS_STREAM_ENCRYPTED", "AWS::Kinesis::Stream")
def stream_encrypted(stream: Reading, _: Given) -> str | None:
    """Streams are encrypted."""
    return None if stream["encryptionType"] == "KMS" else "The stream isn't encrypted."


@managed("EFS_ENCRYPTED_CHECK", "AWS::EFS::FileSystem", change=False, KmsKeyId=None)
def file_system_encrypted(system: Reading, given: Given) -> str | None:
    """File systems are encrypted, by that key where one is told."""
    key, wanted = system.get("kmsKeyId"), given.text("KmsKeyId")
    if not system["encrypted"]:
        return "The file system isn't encrypted."
    return f"The key is {key}." if wanted and key != wanted else None


@managed("SECRETSMANAGER_ROTATION_ENABLED_CHECK", _SECRET, maximumAllowedRotationFrequency=NUMBER,
         maximumAllowedRotationFrequencyInHours=NUMBER)  # fmt: skip
def secret_rotates(secret: Reading, given: Given) -> str | None:
    """Secrets rotate, and often enough."""
    if not secret.get("rotationEnabled"):
        return "The secret doesn't rotate."
    most, hours = (given.number("maximumAllowedRotationFrequency"),
                   given.number("maximumAllowedRotationFrequencyInHours"))  # fmt: skip
    days = secret.get("rotationRules.automaticallyAfterDays") or 0
    if (most is not None and days > most) or (hours is not None and days * 24 > hours):
        return f"The secret rotates every {days} days."
    return None


@managed("SNS_ENCRYPTED_KMS", "AWS::SNS::Topic", kmsKeyIds=None)
def topic_encrypted(topic: Reading, given: Given) -> str | None:
    """Topics are encrypted, by one of some keys."""
    key, allowed = topic.get("kmsMasterKeyId"), given.list("kmsKeyIds")
    if not key:
        return "The topic isn't encrypted."
    return f"The key is {key}." if allowed and key not in allowed else None


@managed("ACM_CERTIFICATE_EXPIRATION_CHECK", "AWS::ACM::Certificate", periodic=True,
         daysToExpiration=14)  # fmt: skip
def certificate_expires(certificate: Reading, given: Given) -> str | None:
    """No certificate is about to expire."""
    until = datetime.fromisoformat(certificate["notAfter"].replace("Z", "+00:00"))
    if until - given.now > timedelta(days=given.number("daysToExpiration") or 0):
        return None
    return f"The certificate expires on {until:%Y-%m-%d}."


@managed("REDSHIFT_CLUSTER_CONFIGURATION_CHECK", _REDSHIFT, clusterDbEncrypted="true",
         loggingEnabled="true", nodeTypes="dc1.large")  # fmt: skip
def redshift_settings(cluster: Reading, given: Given) -> str | None:
    """Clusters are encrypted, logged, and of some types."""
    if cluster["encrypted"] != given.flag("clusterDbEncrypted"):
        return f"encrypted isn't {given.text('clusterDbEncrypted')}."
    if cluster["nodeType"] not in given.list("nodeTypes"):
        return f"nodeType is {cluster['nodeType']}."
    status: Any = cluster.extra("LoggingStatus")
    if status.get("loggingEnabled", False) != given.flag("loggingEnabled"):
        return f"loggingEnabled isn't {given.text('loggingEnabled')}."
    return None


@managed("REDSHIFT_CLUSTER_MAINTENANCESETTINGS_CHECK", _REDSHIFT, allowVersionUpgrade="true",
         preferredMaintenanceWindow=None, automatedSnapshotRetentionPeriod=1)  # fmt: skip
def redshift_maintenance(cluster: Reading, given: Given) -> str | None:
    """They are maintained as they should be."""
    if cluster["allowVersionUpgrade"] != given.flag("allowVersionUpgrade"):
        return f"allowVersionUpgrade isn't {given.text('allowVersionUpgrade')}."
    window = given.text("preferredMaintenanceWindow")
    if window and cluster["preferredMaintenanceWindow"].lower() != window.lower():
        return f"preferredMaintenanceWindow is {cluster['preferredMaintenanceWindow']}."
    days = given.number("automatedSnapshotRetentionPeriod")
    if cluster["automatedSnapshotRetentionPeriod"] != days:
        return f"Snapshots are kept for {cluster['automatedSnapshotRetentionPeriod']} days."
    return None


@managed("REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK", _REDSHIFT)
def redshift_private(cluster: Reading, _: Given) -> str | None:
    """They have no public address."""
    return "The cluster is publicly accessible." if cluster["publiclyAccessible"] else None


@managed("REDSHIFT_REQUIRE_TLS_SSL", _REDSHIFT)
def redshift_by_tls(cluster: Reading, given: Given) -> str | None:
    """Their parameter groups demand TLS."""
    names = {each["parameterGroupName"] for each in cluster["clusterParameterGroups"]}
    groups = [each for each in given.resources(_PARAMETERS) if each.id in names]
    if not groups:
        raise Lacking(f"the parameter group of {cluster.id} isn't known")
    for group in groups:
        values = {each["parameterName"]: each.get("parameterValue") for each in group["parameters"]}
        if values.get("require_ssl", "false") != "true":
            return f"{group.id} doesn't demand TLS."
    return None
