"""Field index policies of log groups: put, describe, delete; the indexes that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        DeleteIndexPolicyRequestTypeDef,
        DescribeFieldIndexesRequestTypeDef,
        DescribeIndexPoliciesRequestTypeDef,
        PutIndexPolicyRequestTypeDef,
    )

    from awsmon.logs.service import Logs

PAGE = 100
CATEGORIES = ("DEFAULT", "CUSTOM", "INACTIVE")
"""What is told of where nothing is asked for. Source: API reference, DescribeFieldIndexes."""


@operation("PutIndexPolicy")
def put_index_policy(logs: Logs, request: PutIndexPolicyRequestTypeDef) -> dict[str, Any]:
    """It takes the place of the account's, save of those for data sources."""
    group = logs.identified(request["logGroupIdentifier"])
    return {"indexPolicy": logs.indexes.put(group, request["policyDocument"]).to_aws()}


@operation("DescribeIndexPolicies")
def describe_index_policies(
    logs: Logs, request: DescribeIndexPoliciesRequestTypeDef
) -> dict[str, Any]:
    """The group's own, or the account's that is for it."""
    found = [
        policy.to_aws()
        for name in request["logGroupIdentifiers"]
        for policy in logs.indexes.policies(logs.identified(name))
    ]
    page, token = paging.page(
        found, request.get("nextToken"), PAGE, of="DescribeIndexPolicies",
        bad_token=InvalidParameterException.next_token,
    )  # fmt: skip
    return {"indexPolicies": page, "nextToken": token}


@operation("DeleteIndexPolicy")
def delete_index_policy(logs: Logs, request: DeleteIndexPolicyRequestTypeDef) -> None:
    """What was indexed until now is of use for another 30 days."""
    logs.indexes.remove(logs.identified(request["logGroupIdentifier"]))


@operation("DescribeFieldIndexes")
def describe_field_indexes(
    logs: Logs, request: DescribeFieldIndexesRequestTypeDef
) -> dict[str, Any]:
    """Only indexes whose field was found in an event; CloudWatch's own choice (AUTO) is none."""
    categories = request.get("indexCategories") or CATEGORIES
    groups = [logs.identified(name) for name in request["logGroupIdentifiers"]]
    found = [
        {"logGroupIdentifier": group.log_group_arn, "fieldIndexName": each.name,
         "lastScanTime": each.last_scan, "firstEventTime": each.first_event,
         "lastEventTime": each.last_event, "type": each.kind, "indexCategory": each.category}
        for group in groups for each in logs.indexes.found(group, categories)
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("nextToken"), PAGE, of="DescribeFieldIndexes",
        bad_token=InvalidParameterException.next_token,
    )  # fmt: skip
    return {"fieldIndexes": page, "nextToken": token}
