"""Managed rules about RDS."""

from __future__ import annotations

from awsmon.config_recorder.rules.judging import (
    NUMBER,
    Given,
    Lacking,
    NotApplicable,
    Reading,
    managed,
    must_be_set,
)

_INSTANCE, _CLUSTER = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"
_SNAPSHOT, _CLUSTER_SNAPSHOT = "AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot"
_LOGS = {
    # what an engine can export; what is wanted of it where nothing is told
    "mysql": {"audit", "error", "general", "slowquery"},
    "mariadb": {"audit", "error", "general", "slowquery"},
    "aurora-mysql": {"audit", "error", "general", "slowquery"},
    "postgres": {"postgresql", "upgrade"},
    "aurora-postgresql": {"postgresql"},
    "oracle": {"alert", "audit", "trace", "listener"},
    "sqlserver": {"error", "agent"},
}


@managed("DB_INSTANCE_BACKUP_ENABLED", _INSTANCE, backupRetentionPeriod=NUMBER,
         backupRetentionMinimum=NUMBER, preferredBackupWindow=None,
         checkReadReplicas=None)  # fmt: skip
def backup(instance: Reading, given: Given) -> str | None:
    """Instances are backed up, long and when they should be."""
    replica = instance.get("readReplicaSourceDBInstanceIdentifier")
    if replica and given.flag("checkReadReplicas") is False:
        raise NotApplicable
    days = instance["backupRetentionPeriod"]
    least = given.number("backupRetentionMinimum") or 1
    exact, window = given.number("backupRetentionPeriod"), given.text("preferredBackupWindow")
    if days < least or (exact is not None and days != exact):
        return f"Backups are kept for {days} days."
    if window and instance["preferredBackupWindow"] != window:
        return f"The window is {instance['preferredBackupWindow']}."
    return None


minor_upgrades = must_be_set(
    "RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED", _INSTANCE, "autoMinorVersionUpgrade",
    "Minor versions aren't upgraded by themselves.",
)  # fmt: skip
cluster_protected = must_be_set(
    "RDS_CLUSTER_DELETION_PROTECTION_ENABLED", _CLUSTER, "deletionProtection",
    "The cluster isn't protected from deletion.",
)  # fmt: skip
multi_az = must_be_set("RDS_MULTI_AZ_SUPPORT", _INSTANCE, "multiAZ", "The instance is in one zone.")


@managed("RDS_INSTANCE_DELETION_PROTECTION_ENABLED", _INSTANCE, databaseEngines=None)
def instance_protected(instance: Reading, given: Given) -> str | None:
    """Instances of some engines are protected from deletion."""
    engines = given.list("databaseEngines")
    if engines and instance["engine"] not in engines:
        raise NotApplicable
    protected = instance["deletionProtection"]
    return None if protected else "The instance isn't protected from deletion."


@managed("RDS_ENHANCED_MONITORING_ENABLED", _INSTANCE, monitoringInterval=NUMBER)
def enhanced_monitoring(instance: Reading, given: Given) -> str | None:
    """Metrics come from the operating system, as often as they should."""
    seconds, wanted = instance.get("monitoringInterval") or 0, given.number("monitoringInterval")
    if seconds == 0:
        return "Enhanced monitoring is off."
    return f"The interval is {seconds}." if wanted and seconds != wanted else None


iam_authentication = must_be_set(
    "RDS_INSTANCE_IAM_AUTHENTICATION_ENABLED", _INSTANCE, "iAMDatabaseAuthenticationEnabled",
    "IAM can't authenticate users.",
)  # fmt: skip


@managed("RDS_INSTANCE_PUBLIC_ACCESS_CHECK", _INSTANCE)
def no_public_access(instance: Reading, _: Given) -> str | None:
    """No instance has a public address."""
    return "The instance is publicly accessible." if instance["publiclyAccessible"] else None


@managed("RDS_LOGGING_ENABLED", _INSTANCE, additionalLogs=None)
def logs_exported(instance: Reading, given: Given) -> str | None:
    """The logs of its engine are exported."""
    engine = instance["engine"]
    wanted = next((logs for name, logs in _LOGS.items()
                   if engine == name or engine.startswith(f"{name}-")), None)  # fmt: skip
    if wanted is None:
        raise Lacking(f"the logs of {engine} aren't known")
    missing = wanted | {*given.list("additionalLogs")}
    missing = missing - {*(instance.get("enabledCloudwatchLogsExports") or ())}
    return f"Not exported: {', '.join(sorted(missing))}." if missing else None


@managed("RDS_SNAPSHOTS_PUBLIC_PROHIBITED", _SNAPSHOT, _CLUSTER_SNAPSHOT)
def no_public_snapshots(snapshot: Reading, _: Given) -> str | None:
    """Not everybody may restore one."""
    prefix = "DBClusterSnapshot" if snapshot.type == _CLUSTER_SNAPSHOT else "DBSnapshot"
    for each in snapshot.extra(f"{prefix}Attributes"):
        if each["attributeName"] == "restore" and "all" in each.get("attributeValues", ()):
            return "The snapshot is public."
    return None


@managed("RDS_SNAPSHOT_ENCRYPTED", _SNAPSHOT, _CLUSTER_SNAPSHOT)
def snapshots_encrypted(snapshot: Reading, _: Given) -> str | None:
    """Snapshots are encrypted."""
    path = "storageEncrypted" if snapshot.type == _CLUSTER_SNAPSHOT else "encrypted"
    return None if snapshot[path] else "The snapshot isn't encrypted."


@managed("RDS_STORAGE_ENCRYPTED", _INSTANCE, kmsKeyId=None)
def storage_encrypted(instance: Reading, given: Given) -> str | None:
    """Instances are encrypted, by that key where one is told."""
    if not instance["storageEncrypted"]:
        return "The storage isn't encrypted."
    key, wanted = instance.get("kmsKeyId") or "", given.text("kmsKeyId")
    if wanted and key.rpartition("/")[2] != wanted.rpartition("/")[2]:
        return f"The storage is encrypted by {key}."
    return None
