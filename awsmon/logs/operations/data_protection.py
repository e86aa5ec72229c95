"""Data protection policies of log groups: put, get, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import (
        DeleteDataProtectionPolicyRequestTypeDef,
        GetDataProtectionPolicyRequestTypeDef,
        PutDataProtectionPolicyRequestTypeDef,
    )

    from awsmon.logs.service import Logs


@operation("PutDataProtectionPolicy")
def put_data_protection_policy(
    logs: Logs, request: PutDataProtectionPolicyRequestTypeDef
) -> dict[str, Any]:
    """What comes in from now on is masked."""
    group = logs.identified(request["logGroupIdentifier"])
    found = logs.protection.put(group, request["policyDocument"])
    return {
        "logGroupIdentifier": request["logGroupIdentifier"],
        "policyDocument": found.document,
        "lastUpdatedTime": found.last_updated_time,
    }


@operation("GetDataProtectionPolicy")
def get_data_protection_policy(
    logs: Logs, request: GetDataProtectionPolicyRequestTypeDef
) -> dict[str, Any]:
    """Of a group without a policy the answer names the group alone."""
    found = logs.identified(request["logGroupIdentifier"]).data_protection
    return {
        "logGroupIdentifier": request["logGroupIdentifier"],
        "policyDocument": found.document if found else None,
        "lastUpdatedTime": found.last_updated_time if found else None,
    }


@operation("DeleteDataProtectionPolicy")
def delete_data_protection_policy(
    logs: Logs, request: DeleteDataProtectionPolicyRequestTypeDef
) -> None:
    """An account's policy stays in force."""
    logs.protection.remove(logs.identified(request["logGroupIdentifier"]))
