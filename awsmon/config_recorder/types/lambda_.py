"""Lambda's functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.describing import Listed, relations, told

if TYPE_CHECKING:
    from awsmon.config_recorder.resource_types import Asking, Relationship

__all__ = ["TYPES"]


def _policy(ask: Asking, found: dict[str, Any]) -> dict[str, Any]:
    answer = told(ask, "GetPolicy", FunctionName=found["FunctionName"])
    return {"Policy": (answer or {}).get("Policy")}


def _concurrency(ask: Asking, found: dict[str, Any]) -> dict[str, Any]:
    answer = told(ask, "GetFunctionConcurrency", FunctionName=found["FunctionName"])
    return {} if answer is None else {"Concurrency": answer}


def _tags(ask: Asking, found: dict[str, Any]) -> dict[str, str]:
    answer = told(ask, "ListTags", Resource=found["FunctionArn"])
    return dict((answer or {}).get("Tags", {}))


def _network(found: dict[str, Any]) -> list[Relationship]:
    network = found.get("VpcConfig", {})
    return [
        *relations("Is associated with SecurityGroup", "AWS::EC2::SecurityGroup",
                   *network.get("SecurityGroupIds", ())),
        *relations("Is contained in Subnet", "AWS::EC2::Subnet", *network.get("SubnetIds", ())),
    ]  # fmt: skip


TYPES = [
    Listed(
        type="AWS::Lambda::Function", client="lambda",
        members=("FunctionName", "FunctionArn", "Resource"),
        each=("ListFunctions", "Functions"), id="FunctionName", arn="FunctionArn", tags=_tags,
        extra=_policy, more=_concurrency, related=_network, zone="Not Applicable",
    ).resource_type,
]  # fmt: skip
