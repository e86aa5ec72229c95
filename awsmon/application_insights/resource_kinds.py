"""What Application Insights knows of a resource by its ARN alone.

Lives here: `Kind` and `kind_of`: a resource's type, where its metrics are, and the layer of an
application that it belongs to. How metrics become alarms is `monitoring.py`'s.
Source: User Guide, "Logs and metrics supported by Amazon CloudWatch Application Insights"; the
services' own lists of dimensions. Layers are ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from awsmon.core.arns import Arn

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BALANCERS", "INSTANCE", "KINDS", "VOLUME", "Kind", "kind_of", "short_name"]

INSTANCE = "AWS::EC2::Instance"
VOLUME = "AWS::EC2::Volume"
BALANCERS = ("AWS::ElasticLoadBalancing::LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer")


def _last(arn: Arn) -> dict[str, str]:
    return {"": arn.resource.rpartition("/")[2].rpartition(":")[2]}


def _whole(arn: Arn) -> dict[str, str]:
    return {"": str(arn)}


def _balancer(arn: Arn) -> dict[str, str]:
    """``app/name/id``."""
    return {"": arn.resource.removeprefix("loadbalancer/")}


def _ecs_service(arn: Arn) -> dict[str, str]:
    """``service/cluster/name``."""
    _, cluster, name = arn.resource.rsplit("/", 2)
    return {"": name, "ClusterName": cluster}


def _bucket(arn: Arn) -> dict[str, str]:
    return {"": arn.resource, "FilterId": "EntireBucket"}


class Kind(NamedTuple):
    """Resources of one type.

    Attributes:
        type: as ``AWS::EC2::Instance``.
        title: as problems name it.
        layer: ``frontend``, ``compute``, ``database``, ``messaging`` or ``storage``.
        namespace: of its metrics.
        dimension: that names the resource.
        service: in its ARN.
        prefix: of the resource in its ARN.
        names: the values of dimensions; with the empty name, that of `dimension`.
    """

    type: str
    title: str
    layer: str
    namespace: str
    dimension: str
    service: str
    prefix: str
    names: Callable[[Arn], dict[str, str]] = _last

    def dimensions(self, arn: Arn) -> dict[str, str]:
        """Of the metrics of one resource, that which names it first."""
        found = self.names(arn)
        return {name or self.dimension: value for name, value in found.items()}


KINDS = (
    Kind(INSTANCE, "EC2", "compute", "AWS/EC2", "InstanceId", "ec2", "instance/"),
    Kind(VOLUME, "EBS", "storage", "AWS/EBS", "VolumeId", "ec2", "volume/"),
    Kind("AWS::AutoScaling::AutoScalingGroup", "Auto Scaling", "compute", "AWS/AutoScaling",
         "AutoScalingGroupName", "autoscaling", "autoScalingGroup:"),
    Kind("AWS::ElasticLoadBalancingV2::LoadBalancer", "ALB", "frontend", "AWS/ApplicationELB",
         "LoadBalancer", "elasticloadbalancing", "loadbalancer/app/", _balancer),
    Kind("AWS::ElasticLoadBalancingV2::LoadBalancer", "NLB", "frontend", "AWS/NetworkELB",
         "LoadBalancer", "elasticloadbalancing", "loadbalancer/net/", _balancer),
    Kind("AWS::ElasticLoadBalancing::LoadBalancer", "ELB", "frontend", "AWS/ELB",
         "LoadBalancerName", "elasticloadbalancing", "loadbalancer/"),
    Kind("AWS::RDS::DBInstance", "RDS", "database", "AWS/RDS", "DBInstanceIdentifier", "rds",
         "db:"),
    Kind("AWS::RDS::DBCluster", "RDS cluster", "database", "AWS/RDS", "DBClusterIdentifier", "rds",
         "cluster:"),
    Kind("AWS::DynamoDB::Table", "DynamoDB", "database", "AWS/DynamoDB", "TableName", "dynamodb",
         "table/"),
    Kind("AWS::Lambda::Function", "Lambda", "compute", "AWS/Lambda", "FunctionName", "lambda",
         "function:"),
    Kind("AWS::ECS::Service", "ECS service", "compute", "AWS/ECS", "ServiceName", "ecs",
         "service/", _ecs_service),
    Kind("AWS::ECS::Cluster", "ECS", "compute", "AWS/ECS", "ClusterName", "ecs", "cluster/"),
    Kind("AWS::EKS::Cluster", "EKS", "compute", "ContainerInsights", "ClusterName", "eks",
         "cluster/"),
    Kind("AWS::StepFunctions::StateMachine", "Step Functions", "compute", "AWS/States",
         "StateMachineArn", "states", "stateMachine:", _whole),
    Kind("AWS::SQS::Queue", "SQS", "messaging", "AWS/SQS", "QueueName", "sqs", ""),
    Kind("AWS::SNS::Topic", "SNS", "messaging", "AWS/SNS", "TopicName", "sns", ""),
    Kind("AWS::S3::Bucket", "S3", "storage", "AWS/S3", "BucketName", "s3", "", _bucket),
    Kind("AWS::FSx::FileSystem", "FSx", "storage", "AWS/FSx", "FileSystemId", "fsx",
         "file-system/"),
)  # fmt: skip
"""In this order: what is more particular comes first."""


def kind_of(arn: str) -> Kind | None:
    """What a resource is; None: nothing that Application Insights watches."""
    parts = Arn.maybe(arn)
    if parts is None:
        return None
    for kind in KINDS:
        if parts.service == kind.service and parts.resource.startswith(kind.prefix):
            return kind
    return None


def short_name(arn: str) -> str:
    """By which people know a resource: its id or name."""
    parts, kind = Arn.maybe(arn), kind_of(arn)
    if parts is None:
        return arn
    return parts.resource if kind is None else next(iter(_last(parts).values()))
