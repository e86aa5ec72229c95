"""Managed rules about tables, streams, keys, secrets, topics, file systems and certificates."""

from __future__ import annotations

import pytest

from tests.config_recorder.conftest import ACCOUNT, client, judged, rules_of

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture(autouse=True)
def _moto(mon):
    """Beside it."""


def table(name, *, recovery=False, **more):
    dynamodb = client("dynamodb")
    throughput = {"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}
    dynamodb.create_table(**{
        "TableName": name, "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        **(throughput if "BillingMode" not in more else {}), **more})  # fmt: skip
    if recovery:
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification={
            "PointInTimeRecoveryEnabled": True})  # fmt: skip
    return name


def scaled(name, most):
    table(name)
    scaling = client("application-autoscaling")
    for word in ("Read", "Write"):
        scaling.register_scalable_target(
            ServiceNamespace="dynamodb", ResourceId=f"table/{name}", MinCapacity=5,
            MaxCapacity=most, ScalableDimension=f"dynamodb:table:{word}CapacityUnits")  # fmt: skip
    return name


def encrypted(name, key):
    return table(name, SSESpecification={"Enabled": True, "SSEType": "KMS",
                                         "KMSMasterKeyId": key})  # fmt: skip


def key(*, rotates=False, deleted=False):
    kms = client("kms")
    found = kms.create_key()["KeyMetadata"]["KeyId"]
    if rotates:
        kms.enable_key_rotation(KeyId=found)
    if deleted:
        kms.schedule_key_deletion(KeyId=found)
    return found


def stream(name, *, encrypted=False):
    kinesis = client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    if encrypted:
        kinesis.start_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId=KEY)
    return name


def file_system(**more):
    return client("efs").create_file_system(CreationToken=str(more), **more)["FileSystemId"]


def secret(name, days=None):
    manager = client("secretsmanager")
    arn = manager.create_secret(Name=name, SecretString="s")["ARN"]
    if days:
        manager.rotate_secret(SecretId=arn, RotationRules={"AutomaticallyAfterDays": days},
                              RotateImmediately=False)  # fmt: skip
    return arn


def topic(name, **attributes):
    return client("sns").create_topic(Name=name, Attributes=attributes)["TopicArn"]


def cluster(name, **more):
    client("redshift").create_cluster(
        **{
            "ClusterIdentifier": name,
            "NodeType": "dc1.large",
            "MasterUsername": "root",
            "MasterUserPassword": "Hunter2hunter2",
            **more,
        }
    )
    return name  # fmt: skip


def logged(name):
    cluster(name, Encrypted=True)
    client("redshift").enable_logging(ClusterIdentifier=name, BucketName="configuration")
    return name


RULES = [
    ("DYNAMODB_AUTOSCALING_ENABLED", lambda: scaled("good", 10), lambda: table("bad"), {}),
    ("DYNAMODB_AUTOSCALING_ENABLED", lambda: table("good", BillingMode="PAY_PER_REQUEST"),
     lambda: scaled("bad", 10), {"maxProvisionedReadCapacity": "20"}),
    ("DYNAMODB_PITR_ENABLED", lambda: table("good", recovery=True), lambda: table("bad"), {}),
    ("DYNAMODB_TABLE_ENCRYPTION_ENABLED", lambda: encrypted("good", KEY), lambda: table("bad"),
     {}),
    ("DYNAMODB_TABLE_ENCRYPTED_KMS", lambda: encrypted("good", KEY),
     lambda: encrypted("bad", f"{KEY}-other"), {"kmsKeyArns": KEY}),
    ("CMK_BACKING_KEY_ROTATION_ENABLED", lambda: key(rotates=True), key, {}),
    ("KMS_CMK_NOT_SCHEDULED_FOR_DELETION", key, lambda: key(deleted=True), {}),
    ("KINESIS_STREAM_ENCRYPTED", lambda: stream("good", encrypted=True), lambda: stream("bad"),
     {}),
    ("EFS_ENCRYPTED_CHECK", lambda: file_system(Encrypted=True, KmsKeyId=KEY), file_system, {}),
    ("SECRETSMANAGER_ROTATION_ENABLED_CHECK", lambda: secret("good", 30), lambda: secret("bad"),
     {}),
    ("SECRETSMANAGER_ROTATION_ENABLED_CHECK", lambda: secret("good", 30),
     lambda: secret("bad", 90), {"maximumAllowedRotationFrequency": "45"}),
    ("SNS_ENCRYPTED_KMS", lambda: topic("good", KmsMasterKeyId="alias/own"),
     lambda: topic("bad"), {}),
    ("REDSHIFT_CLUSTER_CONFIGURATION_CHECK", lambda: logged("good"), lambda: cluster("bad"), {}),
    ("REDSHIFT_CLUSTER_MAINTENANCESETTINGS_CHECK",
     lambda: cluster("good", AutomatedSnapshotRetentionPeriod=1),
     lambda: cluster("bad", AutomatedSnapshotRetentionPeriod=1, AllowVersionUpgrade=False), {}),
    ("REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK", lambda: cluster("good", PubliclyAccessible=False),
     lambda: cluster("bad", PubliclyAccessible=True), {}),
]  # fmt: skip


@rules_of(RULES)
def test_data_stores(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)


def test_certificates_expire(mon):
    acm = client("acm")

    def certificate(name):
        return acm.request_certificate(DomainName=name)["CertificateArn"]

    old = certificate("old.example.com")
    until = acm.describe_certificate(CertificateArn=old)["Certificate"]["NotAfter"]
    mon.clock.advance(seconds=(until - mon.clock.now()).total_seconds() - 86400)
    judged("ACM_CERTIFICATE_EXPIRATION_CHECK", lambda: certificate("new.example.com"),
           lambda: old)  # fmt: skip
