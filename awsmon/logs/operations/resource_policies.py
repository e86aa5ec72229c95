"""Resource policies: put, describe, delete; of the account or of one log group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException
from awsmon.logs.policy_errors import InvalidPolicy

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        DeleteResourcePolicyRequestTypeDef,
        DescribeResourcePoliciesRequestTypeDef,
        PutResourcePolicyRequestTypeDef,
    )

    from awsmon.logs.service import Logs


@operation("PutResourcePolicy")
def put_resource_policy(logs: Logs, request: PutResourcePolicyRequestTypeDef) -> dict[str, Any]:
    """With `resourceArn` for a log group alone; its revision must then be told."""
    name, document = request.get("policyName"), request.get("policyDocument")
    if name is None:
        raise InvalidPolicy.missing("policyName")
    if document is None:
        raise InvalidPolicy.missing("policyDocument")
    policies = logs.resource_policies
    if "resourceArn" not in request:
        return {"resourcePolicy": policies.put(name, document).to_aws()}
    group = policies.group(request["resourceArn"])
    found = policies.put_on(group, name, document, request.get("expectedRevisionId"))
    return {"resourcePolicy": found.to_aws(), "revisionId": found.revision_id}


@operation("DescribeResourcePolicies")
def describe_resource_policies(
    logs: Logs, request: DescribeResourcePoliciesRequestTypeDef
) -> dict[str, Any]:
    """Those of the account, unless log groups' are asked for; a document as AWS keeps it."""
    policies = logs.resource_policies
    arn = request.get("resourceArn")
    if arn is not None:
        own = policies.group(arn).resource_policy
        found = [own] if own and request.get("policyScope") != "ACCOUNT" else []
    else:
        of_groups = request.get("policyScope") == "RESOURCE"
        found = [*(policies.of_groups() if of_groups else policies)]
    page, token = paging.page(
        found, request.get("nextToken"), request.get("limit", 50), of="DescribeResourcePolicies",
        bad_token=InvalidParameterException.next_token,
    )  # fmt: skip
    return {"resourcePolicies": [each.described() for each in page], "nextToken": token}


@operation("DeleteResourcePolicy")
def delete_resource_policy(logs: Logs, request: DeleteResourcePolicyRequestTypeDef) -> None:
    """Of the account, or of a log group."""
    name, policies = request.get("policyName"), logs.resource_policies
    if "resourceArn" in request:
        group = policies.group(request["resourceArn"])
        policies.remove_from(group, name, request.get("expectedRevisionId"))
        return
    if name is None:
        raise InvalidPolicy.missing("policyName")
    policies.remove(name)
