"""What others build upon: stages of APIs, projects of CodeBuild, caches, notebooks, web ACLs."""

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
