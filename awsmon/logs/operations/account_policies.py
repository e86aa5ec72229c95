"""Account policies: put, describe, delete; dry runs of retention policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException
from awsmon.logs.policies import RETENTION
from awsmon.logs.policy_errors import InvalidPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_logs.type_defs import (
        DeleteAccountPolicyRequestTypeDef,
        DescribeAccountPoliciesRequestTypeDef,
        PutAccountPolicyRequestTypeDef,
    )

    from awsmon.logs.service import Logs

PAGE = 50


@operation("PutAccountPolicy")
def put_account_policy(logs: Logs, request: PutAccountPolicyRequestTypeDef) -> dict[str, Any]:
    """At once for all groups that it is for; retention a day later."""
    dry = _is_dry(request)
    policy = logs.policies.checked(
        request["policyType"], request["policyName"], request["policyDocument"],
        request.get("selectionCriteria"),
    )  # fmt: skip
    if dry:
        return {"dryRunResult": logs.policies.preview(policy.name, policy.proposed, put=True)}
    logs.policies.put(policy)
    return {
        "accountPolicy": {**policy.to_aws(), "accountId": None}
    }  # as the CLI's examples show it


@operation("DescribeAccountPolicies")
def describe_account_policies(
    logs: Logs, request: DescribeAccountPoliciesRequestTypeDef
) -> dict[str, Any]:
    """Those of one kind, in the order in which they were created."""
    if set(request.get("accountIdentifiers", ())) - {logs.scope.account}:
        raise NotImplementedByAwsmon("logs.DescribeAccountPolicies: accountIdentifiers of others")
    wanted = request.get("policyName")
    found = [
        each for each in logs.policies.of(request["policyType"]) if wanted in (None, each.name)
    ]
    page, token = paging.page(
        found, request.get("nextToken"), PAGE, of="DescribeAccountPolicies",
        bad_token=InvalidParameterException.next_token,
    )  # fmt: skip
    return {"accountPolicies": [each.to_aws() for each in page], "nextToken": token}


@operation("DeleteAccountPolicy")
def delete_account_policy(logs: Logs, request: DeleteAccountPolicyRequestTypeDef) -> dict[str, Any]:
    """At once, retention too."""
    dry = _is_dry(request)
    policy = logs.policies.get(request["policyType"], request["policyName"])
    if dry:
        rule = policy.rule or policy.proposed
        return {"dryRunResult": logs.policies.preview(policy.name, rule, put=False)}
    logs.policies.remove(policy)
    return {}


def _is_dry(request: Mapping[str, Any]) -> bool:
    dry = bool(request.get("dryRun", False))
    if dry and request["policyType"] != RETENTION:
        raise InvalidPolicy.dry_run()
    return dry
