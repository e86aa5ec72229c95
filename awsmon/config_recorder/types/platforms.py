"""What others build upon: stages of APIs, projects of CodeBuild, caches, notebooks, web ACLs.

Stacks, clusters of EMR, domains of Elasticsearch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.describing import Listed, relations, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.config_recorder.resource_types import Asking, Relationship

__all__ = ["TYPES"]


def _stages(ask: Asking) -> Iterator[dict[str, Any]]:
    """A stage has no ARN of its own in the answer, and is named by its API, too."""
    arn = f"arn:{ask.scope.partition}:apigateway:{ask.scope.region}::/restapis"
    for api in ask.all("GetRestApis", "items"):
        for found in ask("GetStages", restApiId=api["id"]).get("item", ()):
            path = f"{arn}/{api['id']}/stages/{found['stageName']}"
            yield {**found, "restApiId": api["id"], "arn": path}


def _projects(ask: Asking) -> Iterator[dict[str, Any]]:
    names = list(ask.all("ListProjects", "projects"))
    if names:
        yield from ask("BatchGetProjects", names=names).get("projects", ())


def _notebooks(ask: Asking) -> Iterator[dict[str, Any]]:
    for each in ask.all("ListNotebookInstances", "NotebookInstances"):
        found = told(ask, "DescribeNotebookInstance",
                     NotebookInstanceName=each["NotebookInstanceName"])  # fmt: skip
        if found is not None:
            yield {name: value for name, value in found.items()
                   if name != "NotebookInstanceStatus"}  # fmt: skip


def _web_acls(ask: Asking) -> Iterator[dict[str, Any]]:
    for each in ask("ListWebACLs", Scope="REGIONAL").get("WebACLs", ()):
        answer = told(ask, "GetWebACL", Name=each["Name"], Scope="REGIONAL", Id=each["Id"])
        if answer is not None:
            yield answer["WebACL"]


def _stacks(ask: Asking) -> Iterator[dict[str, Any]]:
    for each in ask.all("DescribeStacks", "Stacks"):
        if each["StackStatus"] != "DELETE_COMPLETE":
            yield each


def _domains(ask: Asking) -> Iterator[dict[str, Any]]:
    names = [each["DomainName"] for each in ask("ListDomainNames").get("DomainNames", ())
             if each.get("EngineType") != "OpenSearch"]  # fmt: skip
    for name in names:
        answer = told(ask, "DescribeElasticsearchDomain", DomainName=name)
        if answer is not None:
            yield answer["DomainStatus"]


def _emr_clusters(ask: Asking) -> Iterator[dict[str, Any]]:
    for each in ask.all("ListClusters", "Clusters"):
        answer = told(ask, "DescribeCluster", ClusterId=each["Id"])
        if answer is not None and not answer["Cluster"]["Status"]["State"].startswith("TERMINATED"):
            yield answer["Cluster"]


def _acl_parts(ask: Asking, found: dict[str, Any]) -> dict[str, Any]:
    answer = told(ask, "GetLoggingConfiguration", ResourceArn=found["ARN"])
    return {"LoggingConfiguration": (answer or {}).get("LoggingConfiguration")}


def _within(found: dict[str, Any]) -> list[Relationship]:
    vpc = found.get("vpcConfig") or {}
    return [
        *relations("Is contained in Vpc", "AWS::EC2::VPC", vpc.get("vpcId")),
        *relations("Is contained in Subnet", "AWS::EC2::Subnet", *vpc.get("subnets", ())),
    ]


TYPES = [
    each.resource_type
    for each in (
        Listed(type="AWS::CloudFormation::Stack", client="cloudformation",
               members=("StackName", "StackId"), each=_stacks, id="StackId", key="StackName",
               name="StackName", arn="StackId"),
        Listed(type="AWS::EMR::Cluster", client="emr", members=("JobFlowId", "JobFlowIds",
               "ClusterId", "ResourceId"), each=_emr_clusters, id="Id", name="Name",
               arn="ClusterArn"),
        Listed(type="AWS::Elasticsearch::Domain", client="es", members=("DomainName", "ARN"),
               each=_domains, id="ARN", key="DomainName", name="DomainName", arn="ARN"),
        Listed(type="AWS::ApiGateway::Stage", client="apigateway", members=("stageName",),
               each=_stages, id="arn", key="stageName", name="stageName", arn="arn", tags="tags"),
        Listed(type="AWS::CodeBuild::Project", client="codebuild", members=("name", "names"),
               each=_projects, id="arn", key="name", name="name", arn="arn", tags="tags",
               related=_within),
        Listed(type="AWS::ElastiCache::ReplicationGroup", client="elasticache",
               members=("ReplicationGroupId",),
               each=("DescribeReplicationGroups", "ReplicationGroups"), id="ReplicationGroupId",
               arn="ARN"),
        Listed(type="AWS::SageMaker::NotebookInstance", client="sagemaker",
               members=("NotebookInstanceName",), each=_notebooks, id="NotebookInstanceArn",
               key="NotebookInstanceName", name="NotebookInstanceName",
               arn="NotebookInstanceArn"),
        Listed(type="AWS::WAFv2::WebACL", client="wafv2",
               members=("Name", "Id", "ResourceArn", "ARN"), each=_web_acls, id="ARN", key="Id",
               name="Name", arn="ARN", extra=_acl_parts),
    )
]  # fmt: skip
