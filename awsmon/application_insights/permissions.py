"""What roles of instances lack for being monitored, attached in the other mock.

Lives here: `attach`, which runs outside the lock.
Source: API reference, CreateApplication (AttachMissingPermission); User Guide, "IAM policy".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from awsmon.application_insights.looking import instances
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from awsmon.application_insights.looking import Asking

__all__ = ["Attached", "attach"]

POLICIES = ("AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy")


class Attached(NamedTuple):
    """A policy that a role lacked.

    Attributes:
        instance: the ARN of one with the role.
        error: why it still lacks it; None: it has it now.
    """

    instance: str
    role: str
    policy: str
    error: str | None


def attach(ask: Asking, arns: Iterable[str]) -> Iterator[Attached]:
    """Give the roles of instances the policies without which no agent runs there."""
    ids = {arn.rpartition("/")[2]: arn for arn in arns if ":instance/" in arn}
    done = set()
    for told in instances(ask, *ids) if ids else ():
        profile = told.get("IamInstanceProfile", {}).get("Arn", "").rpartition("/")[2]
        found = ask("iam", "GetInstanceProfile", InstanceProfileName=profile) if profile else {}
        for role in found.get("InstanceProfile", {}).get("Roles", ()):
            if role["RoleName"] not in done:
                done.add(role["RoleName"])
                yield from _complete(ask, ids[told["InstanceId"]], role["RoleName"])


def _complete(ask: Asking, instance: str, role: str) -> Iterator[Attached]:
    has = ask.all("iam", "ListAttachedRolePolicies", "AttachedPolicies", RoleName=role)
    names = {each["PolicyName"] for each in has}
    for policy in POLICIES:
        if policy not in names:
            yield Attached(instance, role, policy, _attached(ask, role, policy))


def _attached(ask: Asking, role: str, policy: str) -> str | None:
    arn = f"arn:{ask.scope.partition}:iam::aws:policy/{policy}"
    try:
        ask.mock.call("iam", "AttachRolePolicy", {"RoleName": role, "PolicyArn": arn},
                      scope=ask.scope, invoked_by="application_insights")  # fmt: skip
    except Refused as error:
        return str(error)
    return None
