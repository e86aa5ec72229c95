"""Looking for an application's resources in the other mock, outside the lock.

Lives here: `look`, `Asking`, `instances`. The query of a resource group is carried out by asking
the tagging API, or CloudFormation for what is in a stack; an account's resources are those that
their services list. What is found then becomes components in `discovery.py`. Whom nobody can ask
has nothing.
Source: API references of Resource Groups (ResourceQuery) and of the services that are asked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.application_insights.model import Found
from awsmon.application_insights.resource_kinds import INSTANCE, KINDS, kind_of
from awsmon.core.arns import Arn
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from awsmon.core.scope import Scope
    from awsmon.core.targets import OtherMock

__all__ = ["Asking", "instances", "look"]

_ALL = "AWS::AllSupported"


class Asking:
    """Who asks the services of one place, in the name of Application Insights."""

    def __init__(self, mock: OtherMock, scope: Scope) -> None:
        self.mock = mock
        self.scope = scope

    def __call__(self, client: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """What a service answers; nothing where nobody answers, or with an error."""
        if not self.mock.serves(client):
            return {}
        try:
            return self.mock.call(
                client, operation, parameters, scope=self.scope, invoked_by="application_insights"
            )
        except Refused:
            return {}

    def all(self, client: str, operation: str, member: str, **more: Any) -> Iterator[Any]:
        """Every item of a list, page by page."""
        token: str | None = None
        while True:
            given = {**more, **({_TOKENS.get(client, "NextToken"): token} if token else {})}
            answer = self(client, operation, **given)
            yield from answer.get(member, [])
            token = next((answer[name] for name in _NEXT if answer.get(name)), None)
            if token is None:
                return


_TOKENS = {"resourcegroupstaggingapi": "PaginationToken", "rds": "Marker", "elb": "Marker",
           "elbv2": "Marker", "lambda": "Marker"}  # fmt: skip
_NEXT = ("NextToken", "PaginationToken", "Marker", "NextMarker", "nextToken")


def look(ask: Asking, group: str | None) -> list[Found]:
    """The resources of a group; with None, those of the account."""
    arns = _of_account(ask) if group is None else _of_group(ask, group)
    return _described(ask, [arn for arn in dict.fromkeys(arns) if kind_of(arn)])


# -- which -----------------------------------------------------------------------------------------


def _of_group(ask: Asking, group: str) -> Iterator[str]:
    answer = ask("resource-groups", "GetGroupQuery", GroupName=group)
    query = answer.get("GroupQuery", {}).get("ResourceQuery", {})
    try:
        asked = json.loads(query.get("Query", "{}"))
    except ValueError:
        return
    types = asked.get("ResourceTypeFilters") or [_ALL]
    tagged = query.get("Type") != "CLOUDFORMATION_STACK_1_0"
    for arn in _tagged(ask, asked) if tagged else _of_stack(ask, asked):
        kind = kind_of(arn)
        if _ALL in types or (kind is not None and kind.type in types):
            yield arn


def _tagged(ask: Asking, asked: dict[str, Any]) -> Iterator[str]:
    filters = [
        {"Key": each["Key"], "Values": each.get("Values", [])}
        for each in asked.get("TagFilters", ())
    ]
    if not filters:
        return
    for found in ask.all("resourcegroupstaggingapi", "GetResources", "ResourceTagMappingList",
                         TagFilters=filters):  # fmt: skip
        yield found["ResourceARN"]


def _of_stack(ask: Asking, asked: dict[str, Any]) -> Iterator[str]:
    stack = asked.get("StackIdentifier", "")
    for found in ask.all("cloudformation", "ListStackResources", "StackResourceSummaries",
                         StackName=stack):  # fmt: skip
        arn = _arn_of(ask, found["ResourceType"], found.get("PhysicalResourceId", ""))
        if arn is not None:
            yield arn


def _arn_of(ask: Asking, resource_type: str, physical: str) -> str | None:
    """The ARN of what a stack names by its id."""
    if Arn.maybe(physical):
        return physical
    if resource_type == "AWS::AutoScaling::AutoScalingGroup":
        return _groups(ask).get(physical)
    name = physical.rstrip("/").rpartition("/")[2]  # a queue is named by its URL
    for kind in KINDS:
        if kind.type == resource_type:
            if kind.service == "s3":
                return f"arn:{ask.scope.partition}:s3:::{name}"
            return ask.scope.arn(kind.service, f"{kind.prefix}{name}")
    return None


def _groups(ask: Asking) -> dict[str, str]:
    """ARNs of Auto Scaling groups by name."""
    found = ask.all("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups")
    return {each["AutoScalingGroupName"]: each["AutoScalingGroupARN"] for each in found}


_LISTS = (
    # client, operation, list in the answer, member that has the ARN
    ("elb", "DescribeLoadBalancers", "LoadBalancerDescriptions", "LoadBalancerName"),
    ("elbv2", "DescribeLoadBalancers", "LoadBalancers", "LoadBalancerArn"),
    ("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups", "AutoScalingGroupARN"),
    ("rds", "DescribeDBInstances", "DBInstances", "DBInstanceArn"),
    ("rds", "DescribeDBClusters", "DBClusters", "DBClusterArn"),
    ("lambda", "ListFunctions", "Functions", "FunctionArn"),
    ("dynamodb", "ListTables", "TableNames", ""),
    ("stepfunctions", "ListStateMachines", "stateMachines", "stateMachineArn"),
    ("sqs", "ListQueues", "QueueUrls", ""),
    ("sns", "ListTopics", "Topics", "TopicArn"),
    ("s3", "ListBuckets", "Buckets", "Name"),
    ("ecs", "ListClusters", "clusterArns", ""),
    ("eks", "ListClusters", "clusters", ""),
)
_TYPES = {
    "elb": "AWS::ElasticLoadBalancing::LoadBalancer", "dynamodb": "AWS::DynamoDB::Table",
    "sqs": "AWS::SQS::Queue", "s3": "AWS::S3::Bucket", "eks": "AWS::EKS::Cluster",
    "ecs": "AWS::ECS::Cluster",
}  # fmt: skip


def _of_account(ask: Asking) -> Iterator[str]:
    """Only services that somebody has used are asked: the others have nothing."""
    if ask.mock.holds("ec2"):
        for each in instances(ask):
            if each["State"]["Name"] not in ("shutting-down", "terminated"):
                yield ask.scope.arn("ec2", f"instance/{each['InstanceId']}")
    for client, operation, member, named in _LISTS:
        if ask.mock.holds(client):
            for item in ask.all(client, operation, member):
                name = item[named] if named else item
                arn = _arn_of(ask, _TYPES.get(client, ""), name)
                if arn is not None:
                    yield arn


def instances(ask: Asking, *ids: str) -> Iterator[dict[str, Any]]:
    """Instances as EC2 describes them: those of these ids, or all."""
    given = {"InstanceIds": list(ids)} if ids else {}
    for reservation in ask.all("ec2", "DescribeInstances", "Reservations", **given):
        yield from reservation["Instances"]


# -- what they are ---------------------------------------------------------------------------------


def _described(ask: Asking, arns: Sequence[str]) -> list[Found]:
    found = {arn: Found(arn=arn) for arn in arns}
    within: dict[str, Found] = {}
    for each in found.values():
        each.members = tuple(_members(ask, each.arn))
        within.update({arn: Found(arn=arn) for arn in each.members if arn not in found})
    _describe_instances(ask, {**found, **within})
    for each in found.values():
        if each.members:
            systems = {(found.get(arn) or within[arn]).os for arn in each.members}
            each.os = "WINDOWS" if "WINDOWS" in systems else "LINUX"
        elif ":rds:" in each.arn:
            each.engine = _engine(ask, each.arn)
    return list(found.values())


def _describe_instances(ask: Asking, found: dict[str, Found]) -> None:
    by_id = {arn.rpartition("/")[2]: each for arn, each in found.items() if _is_instance(arn)}
    for told in instances(ask, *by_id) if by_id else ():
        each = by_id[told["InstanceId"]]
        each.os = "WINDOWS" if told.get("Platform", "").lower() == "windows" else "LINUX"
        each.volumes = tuple(
            ask.scope.arn("ec2", f"volume/{device['Ebs']['VolumeId']}")
            for device in told.get("BlockDeviceMappings", ()) if "Ebs" in device
        )  # fmt: skip


def _is_instance(arn: str) -> bool:
    kind = kind_of(arn)
    return kind is not None and kind.type == INSTANCE


def _engine(ask: Asking, arn: str) -> str | None:
    name = arn.rpartition(":")[2]
    if ":cluster:" in arn:
        told = ask("rds", "DescribeDBClusters", DBClusterIdentifier=name).get("DBClusters", [])
    else:
        told = ask("rds", "DescribeDBInstances", DBInstanceIdentifier=name).get("DBInstances", [])
    return told[0]["Engine"] if told else None


def _members(ask: Asking, arn: str) -> Iterable[str]:
    """ARNs of instances in an Auto Scaling group, or behind a load balancer."""
    ids: set[str] = set()
    if ":autoScalingGroup:" in arn:
        name = arn.rpartition("/")[2]
        for group in ask("autoscaling", "DescribeAutoScalingGroups",
                         AutoScalingGroupNames=[name]).get("AutoScalingGroups", ()):  # fmt: skip
            ids |= {each["InstanceId"] for each in group["Instances"]}
    elif ":loadbalancer/app/" in arn or ":loadbalancer/net/" in arn:
        for target in ask.all("elbv2", "DescribeTargetGroups", "TargetGroups",
                              LoadBalancerArn=arn):  # fmt: skip
            health = ask("elbv2", "DescribeTargetHealth", TargetGroupArn=target["TargetGroupArn"])
            ids |= {each["Target"]["Id"] for each in health.get("TargetHealthDescriptions", ())}
    elif ":loadbalancer/" in arn:
        name = arn.rpartition("/")[2]
        told = ask("elb", "DescribeLoadBalancers", LoadBalancerNames=[name])
        for balancer in told.get("LoadBalancerDescriptions", ()):
            ids |= {each["InstanceId"] for each in balancer["Instances"]}
    return [ask.scope.arn("ec2", f"instance/{each}") for each in sorted(ids) if each[:2] == "i-"]
