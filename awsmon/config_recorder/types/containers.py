"""ECS and EKS: clusters, services, task definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.describing import Listed, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.config_recorder.resource_types import Asking

__all__ = ["TYPES"]


def _clusters(ask: Asking) -> Iterator[dict[str, Any]]:
    arns = list(ask.all("ListClusters", "clusterArns"))
    if arns:
        answer = told(ask, "DescribeClusters", clusters=arns, include=["SETTINGS", "TAGS"])
        yield from (each for each in (answer or {}).get("clusters", ())
                    if each.get("status") != "INACTIVE")  # fmt: skip


def _services(ask: Asking) -> Iterator[dict[str, Any]]:
    for cluster in ask.all("ListClusters", "clusterArns"):
        arns = list(ask.all("ListServices", "serviceArns", cluster=cluster))
        if arns:
            answer = told(ask, "DescribeServices", cluster=cluster, services=arns)
            yield from (answer or {}).get("services", ())


def _tasks(ask: Asking) -> Iterator[dict[str, Any]]:
    for arn in ask.all("ListTaskDefinitions", "taskDefinitionArns"):
        answer = told(ask, "DescribeTaskDefinition", taskDefinition=arn)
        if answer:
            yield {**answer["taskDefinition"], "tags": answer.get("tags", [])}


def _eks(ask: Asking) -> Iterator[dict[str, Any]]:
    for name in ask.all("ListClusters", "clusters"):
        answer = told(ask, "DescribeCluster", name=name)
        if answer:
            yield answer["cluster"]


TYPES = [
    each.resource_type
    for each in (
        Listed(type="AWS::ECS::Cluster", client="ecs",
               members=("cluster", "clusterName", "clusterArn"), each=_clusters, id="clusterArn",
               name="clusterName", arn="clusterArn", tags="tags"),
        Listed(type="AWS::ECS::Service", client="ecs",
               members=("service", "serviceName", "serviceArn"), each=_services, id="serviceArn",
               name="serviceName", arn="serviceArn", tags="tags"),
        Listed(type="AWS::ECS::TaskDefinition", client="ecs",
               members=("taskDefinition", "taskDefinitionArn", "family"), each=_tasks,
               id="taskDefinitionArn", name="family", arn="taskDefinitionArn", tags="tags"),
        Listed(type="AWS::EKS::Cluster", client="eks", members=("name", "clusterName"), each=_eks,
               id="name", arn="arn", tags="tags"),
    )
]  # fmt: skip
