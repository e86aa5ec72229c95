"""Managed rules about RDS."""

from __future__ import annotations

import pytest

from tests.config_recorder.conftest import ROLE, client, judged, rules_of


@pytest.fixture(autouse=True)
def _moto(mon):
    """Beside it."""


def instance(name="plain", **more):
    found = client("rds").create_db_instance(**{
        "DBInstanceIdentifier": name, "DBInstanceClass": "db.t3.micro", "Engine": "mysql",
        "AllocatedStorage": 10, "MasterUsername": "root", "MasterUserPassword": "hunter2hunter2",
        **more})  # fmt: skip
    return found["DBInstance"]["DBInstanceIdentifier"]  # moto gives all one DbiResourceId


def cluster(name, **more):
    found = client("rds").create_db_cluster(
        DBClusterIdentifier=name, Engine="aurora-mysql", MasterUsername="root",
        MasterUserPassword="hunter2hunter2", **more)  # fmt: skip
    return found["DBCluster"]["DbClusterResourceId"]


def snapshot(name, *, public=False, **more):
    instance(name, **more)
    client("rds").create_db_snapshot(DBSnapshotIdentifier=f"s-{name}", DBInstanceIdentifier=name)
    if public:
        client("rds").modify_db_snapshot_attribute(
            DBSnapshotIdentifier=f"s-{name}", AttributeName="restore", ValuesToAdd=["all"]
        )
    return f"s-{name}"  # fmt: skip


def with_(**more):
    return lambda: instance("good", **more)


def without(**more):
    return lambda: instance("bad", **more)


LOGS = ["audit", "error", "general", "slowquery"]
RULES = [
    ("DB_INSTANCE_BACKUP_ENABLED", with_(BackupRetentionPeriod=7),
     without(BackupRetentionPeriod=1), {"backupRetentionMinimum": "5"}),
    ("RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED", with_(AutoMinorVersionUpgrade=True),
     without(AutoMinorVersionUpgrade=False), {}),
    ("RDS_CLUSTER_DELETION_PROTECTION_ENABLED",
     lambda: cluster("good", DeletionProtection=True), lambda: cluster("bad"), {}),
    ("RDS_INSTANCE_DELETION_PROTECTION_ENABLED", with_(DeletionProtection=True), without(),
     {"databaseEngines": "mysql"}),
    ("RDS_ENHANCED_MONITORING_ENABLED", with_(MonitoringInterval=60, MonitoringRoleArn=ROLE),
     without(MonitoringInterval=0), {"monitoringInterval": "60"}),
    ("RDS_INSTANCE_IAM_AUTHENTICATION_ENABLED", with_(EnableIAMDatabaseAuthentication=True),
     without(), {}),
    ("RDS_INSTANCE_PUBLIC_ACCESS_CHECK", with_(PubliclyAccessible=False),
     without(PubliclyAccessible=True), {}),
    ("RDS_LOGGING_ENABLED", with_(EnableCloudwatchLogsExports=LOGS),
     without(EnableCloudwatchLogsExports=LOGS[:2]), {}),
    ("RDS_MULTI_AZ_SUPPORT", with_(MultiAZ=True), without(), {}),
    ("RDS_STORAGE_ENCRYPTED", with_(StorageEncrypted=True), without(), {}),
    ("RDS_SNAPSHOTS_PUBLIC_PROHIBITED", lambda: snapshot("good"),
     lambda: snapshot("bad", public=True), {}),
    ("RDS_SNAPSHOT_ENCRYPTED", lambda: snapshot("good", StorageEncrypted=True),
     lambda: snapshot("bad"), {}),
]  # fmt: skip


@rules_of(RULES)
def test_databases(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)
