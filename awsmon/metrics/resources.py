"""The resources that metrics of AWS are about, and their tags.

Lives here: `resource_arn`, from a metric to the ARN of its resource, and `Tagged`, what tags the
resources of one place have. Tags count while resource tags for telemetry are enabled: those of
awsmon's own resources, those that the other mock's tagging API tells, and those that were told by
hand (`Metrics.resource_tags`), which come last. Sources: User Guide, "Using resource tags for
telemetry"; Service Authorization Reference for the forms of ARNs.

Decided here, where the guide is silent: a metric is about the resource that the first of `_FORMS`
names; all its points have the tags that the resource has now.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.neighbours import MetricKey
    from awsmon.core.scope import Scope
    from awsmon.metrics.service import Metrics

__all__ = ["Tagged", "resource_arn"]

_FORMS: dict[str, tuple[tuple[str, str, str], ...]] = {
    # namespace -> the dimensions that name a resource, its service, and what its ARN ends in
    "AWS/ApplicationELB": (("LoadBalancer", "elasticloadbalancing", "loadbalancer/{}"),),
    "AWS/AppSync": (("GraphQLAPIId", "appsync", "apis/{}"),),
    "AWS/Cognito": (("UserPool", "cognito-idp", "userpool/{}"),),
    "AWS/DynamoDB": (("TableName", "dynamodb", "table/{}"),),
    "AWS/EBS": (("VolumeId", "ec2", "volume/{}"),),
    "AWS/EC2": (("InstanceId", "ec2", "instance/{}"),),
    "AWS/ECS": (
        ("ClusterName ServiceName", "ecs", "service/{}/{}"),
        ("ClusterName", "ecs", "cluster/{}"),
    ),
    "AWS/EFS": (("FileSystemId", "elasticfilesystem", "file-system/{}"),),
    "AWS/ElastiCache": (("CacheClusterId", "elasticache", "cluster:{}"),),
    "AWS/ELB": (("LoadBalancerName", "elasticloadbalancing", "loadbalancer/{}"),),
    "AWS/Events": (("RuleName", "events", "rule/{}"),),
    "AWS/Firehose": (("DeliveryStreamName", "firehose", "deliverystream/{}"),),
    "AWS/Kinesis": (("StreamName", "kinesis", "stream/{}"),),
    "AWS/KMS": (("KeyId", "kms", "key/{}"),),
    "AWS/Lambda": (("FunctionName", "lambda", "function:{}"),),
    "AWS/Logs": (("LogGroupName", "logs", "log-group:{}"),),
    "AWS/NATGateway": (("NatGatewayId", "ec2", "natgateway/{}"),),
    "AWS/NetworkELB": (("LoadBalancer", "elasticloadbalancing", "loadbalancer/{}"),),
    "AWS/RDS": (
        ("DBInstanceIdentifier", "rds", "db:{}"),
        ("DBClusterIdentifier", "rds", "cluster:{}"),
    ),
    "AWS/Redshift": (("ClusterIdentifier", "redshift", "cluster:{}"),),
    "AWS/S3": (("BucketName", "s3", "{}"),),
    "AWS/SNS": (("TopicName", "sns", "{}"),),
    "AWS/SQS": (("QueueName", "sqs", "{}"),),
}
_PLACELESS = {"s3"}
"""Services whose ARNs tell neither region nor account."""


def resource_arn(key: MetricKey, scope: Scope) -> str | None:
    """The ARN of the resource that a metric is about; None: of none that is known."""
    dimensions = dict(key.dimensions)
    for names, service, form in _FORMS.get(key.namespace, ()):
        values = [dimensions.get(name) for name in names.split()]
        if None not in values:
            resource = form.format(*values)
            if service in _PLACELESS:
                return f"arn:{scope.partition}:{service}:::{resource}"
            return scope.arn(service, resource)
    return None


class Tagged:
    """The tags of the resources of one account and region, asked for when first needed."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def of(self, key: MetricKey) -> Mapping[str, str]:
        """The tags of the resource that a metric is about."""
        arn = resource_arn(key, self._metrics.scope)
        return {} if arn is None else self._by_arn.get(arn, {})

    @cached_property
    def _by_arn(self) -> dict[str, Mapping[str, str]]:
        metrics = self._metrics
        if not metrics.enriching:
            return {}
        return {**metrics.tagged(), **metrics.resource_tags}
