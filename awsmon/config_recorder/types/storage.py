"""Tables, streams, queues, topics, secrets, keys, file systems and certificates.

Each is described by a call of its own, as its service lists names only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.describing import Listed, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.config_recorder.resource_types import Asking

__all__ = ["TYPES"]


def _tables(ask: Asking) -> Iterator[dict[str, Any]]:
    for name in ask.all("ListTables", "TableNames"):
        answer = told(ask, "DescribeTable", TableName=name)
        if answer:
            yield answer["Table"]


def _recovery(ask: Asking, found: dict[str, Any]) -> dict[str, Any]:
    answer = told(ask, "DescribeContinuousBackups", TableName=found["TableName"])
    return {} if answer is None else answer


def _table_tags(ask: Asking, found: dict[str, Any]) -> Any:
    return (told(ask, "ListTagsOfResource", ResourceArn=found["TableArn"]) or {}).get("Tags")


def _streams(ask: Asking) -> Iterator[dict[str, Any]]:
    for name in ask.all("ListStreams", "StreamNames"):
        answer = told(ask, "DescribeStreamSummary", StreamName=name)
        if answer:
            yield answer["StreamDescriptionSummary"]


def _queues(ask: Asking) -> Iterator[dict[str, Any]]:
    for url in ask.all("ListQueues", "QueueUrls"):
        answer = told(ask, "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
        if answer:
            name = url.rpartition("/")[2]
            yield {"QueueName": name, "QueueUrl": url, **answer.get("Attributes", {})}


def _queue_tags(ask: Asking, found: dict[str, Any]) -> Any:
    return (told(ask, "ListQueueTags", QueueUrl=found["QueueUrl"]) or {}).get("Tags")


def _topics(ask: Asking) -> Iterator[dict[str, Any]]:
    for each in ask.all("ListTopics", "Topics"):
        answer = told(ask, "GetTopicAttributes", TopicArn=each["TopicArn"])
        if answer:
            arn = each["TopicArn"]
            yield {"TopicName": arn.rpartition(":")[2], **answer["Attributes"], "TopicArn": arn}


def _topic_tags(ask: Asking, found: dict[str, Any]) -> Any:
    return (told(ask, "ListTagsForResource", ResourceArn=found["TopicArn"]) or {}).get("Tags")


def _keys(ask: Asking) -> Iterator[dict[str, Any]]:
    for each in ask.all("ListKeys", "Keys"):
        answer = told(ask, "DescribeKey", KeyId=each["KeyId"])
        if answer:
            yield answer["KeyMetadata"]


def _rotation(ask: Asking, found: dict[str, Any]) -> dict[str, Any]:
    answer = told(ask, "GetKeyRotationStatus", KeyId=found["KeyId"])
    if answer is None:
        return {}
    return {"KeyRotationStatus": answer.get("KeyRotationEnabled")}


def _key_tags(ask: Asking, found: dict[str, Any]) -> Any:
    return (told(ask, "ListResourceTags", KeyId=found["KeyId"]) or {}).get("Tags")


def _logging(ask: Asking, found: dict[str, Any]) -> dict[str, Any]:
    answer = told(ask, "DescribeLoggingStatus", ClusterIdentifier=found["ClusterIdentifier"])
    return {} if answer is None else {"LoggingStatus": answer}


def _certificates(ask: Asking) -> Iterator[dict[str, Any]]:
    for each in ask.all("ListCertificates", "CertificateSummaryList"):
        answer = told(ask, "DescribeCertificate", CertificateArn=each["CertificateArn"])
        if answer:
            yield answer["Certificate"]


def _certificate_tags(ask: Asking, found: dict[str, Any]) -> Any:
    arn = found["CertificateArn"]
    return (told(ask, "ListTagsForCertificate", CertificateArn=arn) or {}).get("Tags")


def _parameter_groups(ask: Asking) -> Iterator[dict[str, Any]]:
    for each in ask.all("DescribeClusterParameterGroups", "ParameterGroups"):
        name = each["ParameterGroupName"]
        found = ask.all("DescribeClusterParameters", "Parameters", ParameterGroupName=name)
        yield {**each, "parameters": list(found)}


TYPES = [
    each.resource_type
    for each in (
        Listed(type="AWS::DynamoDB::Table", client="dynamodb",
               members=("TableName", "TableArn", "ResourceArn"), each=_tables, id="TableName",
               arn="TableArn", tags=_table_tags, extra=_recovery),
        Listed(type="AWS::Kinesis::Stream", client="kinesis",
               members=("StreamName", "StreamARN"), each=_streams, id="StreamName",
               arn="StreamARN"),
        Listed(type="AWS::SQS::Queue", client="sqs", members=("QueueUrl", "QueueName"),
               each=_queues, id="QueueUrl", name="QueueName", arn="QueueArn", tags=_queue_tags),
        Listed(type="AWS::SNS::Topic", client="sns", members=("TopicArn", "ResourceArn"),
               each=_topics, id="TopicArn", name="TopicName", arn="TopicArn", tags=_topic_tags),
        Listed(type="AWS::KMS::Key", client="kms", members=("KeyId", "TargetKeyId"), each=_keys,
               id="KeyId", arn="Arn", tags=_key_tags, extra=_rotation),
        Listed(type="AWS::SecretsManager::Secret", client="secretsmanager",
               members=("SecretId", "ARN", "Name"), each=("ListSecrets", "SecretList"), id="ARN",
               name="Name", arn="ARN"),
        Listed(type="AWS::EFS::FileSystem", client="efs", members=("FileSystemId",),
               each=("DescribeFileSystems", "FileSystems"), id="FileSystemId",
               arn="FileSystemArn"),
        Listed(type="AWS::ACM::Certificate", client="acm", members=("CertificateArn",),
               each=_certificates, id="CertificateArn", name="DomainName", arn="CertificateArn",
               tags=_certificate_tags),
        Listed(type="AWS::Redshift::Cluster", client="redshift", members=("ClusterIdentifier",),
               each=("DescribeClusters", "Clusters"), id="ClusterIdentifier",
               arn="ClusterNamespaceArn", zone="AvailabilityZone", extra=_logging),
        Listed(type="AWS::Redshift::ClusterParameterGroup", client="redshift",
               members=("ParameterGroupName",), each=_parameter_groups, id="ParameterGroupName"),
    )
]  # fmt: skip
