"""What the agent's role must be allowed, and what it isn't.

Lives here: `needed` and `check`. The policies of the role are read from the other mock's IAM and
judged as IAM judges them; boundaries and organizations' policies play no part. Source: CloudWatch
User Guide, "Create IAM roles and users for use with the CloudWatch agent".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from awsmon.agent.errors import MissingPermissions
from awsmon.core.errors import MisuseError
from awsmon.core.policies import decide, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.agent.model import Plan
    from awsmon.core.policies import Policy
    from awsmon.core.scope import Scope

__all__ = ["check", "needed"]

_STREAM = ("logs:CreateLogStream", "logs:PutLogEvents")


def needed(plan: Plan, scope: Scope, parameters: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The actions that a plan takes, each with the resource on which it does.

    Args:
        plan: what is to be done.
        scope: where.
        parameters: the names of those of Systems Manager in which the configuration was found.
    """
    found: dict[tuple[str, str], None] = {}
    if plan.metrics is not None:
        found["cloudwatch:PutMetricData", "*"] = None
        if "AutoScalingGroupName" in plan.metrics.appended:
            found["ec2:DescribeTags", "*"] = None
    for file in plan.logs.files if plan.logs else ():
        group = scope.arn("logs", f"log-group:{file.group or '*'}")
        found["logs:CreateLogGroup", f"{group}:*"] = None
        for action in _STREAM:
            found[action, f"{group}:log-stream:{file.stream}"] = None
        if file.retention:
            found["logs:PutRetentionPolicy", f"{group}:*"] = None
    for name in parameters:
        arn = scope.arn("ssm", f"parameter/{name.removeprefix('/')}")
        found["ssm:GetParameter", arn] = None
    return list(found)


def check(iam: Any, role: str, wanted: list[tuple[str, str]], account: str) -> None:
    """See that a role allows what is wanted.

    Raises:
        MissingPermissions: it doesn't allow all of it.
        MisuseError: there is no such role.
    """
    try:
        policies = [_policy(document) for document in _documents(iam, role)]
    except ClientError as error:
        raise MisuseError(f"The agent's role {role!r}: {error}") from error
    missing: dict[str, list[str]] = {}
    for action, resource in wanted:
        effects = {decide(policy, principal=account, action=action, resource=resource)
                   for policy in policies}  # fmt: skip
        if "Deny" in effects or "Allow" not in effects:
            missing.setdefault(action, []).append(resource)
    if missing:
        raise MissingPermissions(role, missing)


def _documents(iam: Any, role: str) -> Iterator[Any]:
    """The role's own policies, and those attached to it."""
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for each in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = each["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=arn, VersionId=version)
        yield found["PolicyVersion"]["Document"]


def _policy(document: Any) -> Policy:
    """A policy of a role names no principal: it is for whoever has the role."""
    given = json.loads(document) if isinstance(document, str) else document
    listed = given["Statement"] if isinstance(given["Statement"], list) else [given["Statement"]]
    return parse(
        json.dumps({**given, "Statement": [{**each, "Principal": "*"} for each in listed]})
    )
