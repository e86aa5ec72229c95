"""Resource policies: which AWS services may write to the log groups of an account and region.

Lives here: `ResourcePolicy`, `ResourcePolicies`. A policy is the account's, or of one log group;
the latter is kept with its group and goes with it. What a policy allows is `core/policies.py`'s.

Sources: API reference, PutResourcePolicy; recordings (2026): a policy is answered as it was put,
and described as AWS keeps it, and a resource that isn't an ARN is no mistake.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.arns import Arn
from awsmon.core.policies import PolicyError, decide, parse
from awsmon.core.resource import Resource, aws
from awsmon.logs.errors import LimitExceededException
from awsmon.logs.policy_errors import InvalidPolicy, NoSuchPolicy, PolicyChanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from awsmon.core.policies import Policy
    from awsmon.logs.model import LogGroup
    from awsmon.logs.service import Logs

__all__ = ["ResourcePolicies", "ResourcePolicy"]

MOST = 10
"""Of an account and region. Source: API reference, PutResourcePolicy; so is the next."""
LONGEST = 5120
"""Characters of an account's policy; a log group's may have as many as the model says."""


@dataclass(kw_only=True, slots=True, eq=False)
class ResourcePolicy(Resource):
    """A resource policy as PutResourcePolicy answers it; times in milliseconds."""

    aws_shape: ClassVar[str] = "logs.ResourcePolicy"
    aws_lower_camel: ClassVar[bool] = True

    name: str = field(metadata=aws("policyName"))
    policy_document: str
    last_updated_time: int
    policy_scope: str = "ACCOUNT"
    resource_arn: str | None = None
    revision_id: str | None = None

    def described(self) -> dict[str, Any]:
        """As DescribeResourcePolicies shows it."""
        return {**self.to_aws(), "policyDocument": kept(self.policy_document)}


class ResourcePolicies:
    """The resource policies of one account and region: those of the account are iterable."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._policies: dict[str, ResourcePolicy] = {}

    def __iter__(self) -> Iterator[ResourcePolicy]:
        """Those of the account, in order of name."""
        return iter([self._policies[name] for name in sorted(self._policies)])

    def of_groups(self) -> Iterator[ResourcePolicy]:
        """Those of log groups, in order of the groups' names."""
        return (group.resource_policy for group in self._logs if group.resource_policy)

    def group(self, arn: str) -> LogGroup:
        """The log group that an ARN names, with or without ``:*``.

        Raises:
            InvalidParameterException: it is another resource's.
            ResourceNotFoundException: there is no such group.
        """
        found = Arn.maybe(arn)
        if found is None or found.service != "logs" or not found.resource.startswith("log-group:"):
            raise InvalidPolicy.resource(arn)
        return self._logs.identified(arn.removesuffix(":*"))

    def put(self, name: str, document: str) -> ResourcePolicy:
        """Keep a policy of the account.

        Raises:
            InvalidParameterException: it is none, or too long.
            LimitExceededException: there are ten others.
        """
        if len(document) > LONGEST:
            raise InvalidPolicy.length("policyDocument", LONGEST)
        check(document)
        if name not in self._policies and len(self._policies) >= MOST:
            raise LimitExceededException.resource()
        found = self._policies[name] = ResourcePolicy(
            name=name, policy_document=document, last_updated_time=self._logs.now
        )
        return found

    def put_on(
        self, group: LogGroup, name: str, document: str, revision: str | None
    ) -> ResourcePolicy:
        """Keep the policy of a log group.

        Args:
            group: has one policy at most.
            name: of the policy.
            document: JSON.
            revision: of the policy that it takes the place of; None: there is none yet.

        Raises:
            InvalidParameterException: it is none.
            LimitExceededException: the group has a policy of another name.
            OperationAbortedException: the group's policy is of another revision.
        """
        check(document)
        before = group.resource_policy
        if before is not None and before.name != name:
            raise LimitExceededException.resource()
        _check_revision(before, revision)
        found = group.resource_policy = ResourcePolicy(
            name=name, policy_document=document, last_updated_time=self._logs.now,
            policy_scope="RESOURCE", resource_arn=group.log_group_arn,
            revision_id=self._logs.ids.uuid(),
        )  # fmt: skip
        return found

    def remove(self, name: str) -> None:
        """Forget a policy of the account.

        Raises:
            ResourceNotFoundException: there is none of that name.
        """
        if name not in self._policies:
            raise NoSuchPolicy.named(name)
        del self._policies[name]

    def remove_from(self, group: LogGroup, name: str | None, revision: str | None) -> None:
        """Forget the policy of a log group.

        Args:
            group: whose.
            name: that it must have; None: any.
            revision: that it must be of.

        Raises:
            ResourceNotFoundException: the group has none of that name.
            OperationAbortedException: it is of another revision.
        """
        found = group.resource_policy
        if found is None or name not in (None, found.name):
            raise NoSuchPolicy.named(name or "")
        _check_revision(found, revision)
        group.resource_policy = None

    def allow(
        self,
        principal: str,
        action: str,
        resource: str,
        conditions: Mapping[str, str] | None = None,
        *,
        group: LogGroup | None = None,
    ) -> bool:
        """Whether an AWS service may do something here; the policies speak of services alone.

        Args:
            principal: as ``events.amazonaws.com``.
            action: as ``logs:PutLogEvents``.
            resource: the ARN that is acted on.
            conditions: key to value, as ``aws:SourceArn``.
            group: whose own policy counts too.
        """
        found = [*self, *((group.resource_policy,) if group and group.resource_policy else ())]
        effects = {
            decide(judged(each.policy_document), principal=principal, action=action,
                   resource=resource, conditions=conditions)
            for each in found
        }  # fmt: skip
        return "Allow" in effects and "Deny" not in effects


def _check_revision(found: ResourcePolicy | None, expected: str | None) -> None:
    if expected != (found.revision_id if found else None):
        raise PolicyChanged.revision()


# -- documents -------------------------------------------------------------------------------------

_ORDER = ("Version", "Id", "Statement")
_STATEMENT_ORDER = (
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource",
    "Condition",
)  # fmt: skip
NOWHERE = "arn:::::"
"""What stands before a resource that isn't an ARN, so that it is one that nothing has."""


def check(document: str) -> None:
    """See that a document is a policy.

    Raises:
        InvalidParameterException: it isn't.
    """
    try:
        judged(document)
    except PolicyError as error:
        raise InvalidPolicy.unreadable(str(error)) from None


@functools.lru_cache(maxsize=64)
def judged(document: str) -> Policy:
    """A policy to be asked what it allows.

    Raises:
        PolicyError: it is none.
    """
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        return parse(document)  # which says what is wrong
    for statement in _statements(found):
        for name in ("Resource", "NotResource"):
            if name in statement:
                statement[name] = _each(statement[name], _as_arn)
    return parse(json.dumps(found) if isinstance(found, dict) else document)


def _statements(document: Any) -> list[dict[str, Any]]:
    found = document.get("Statement", []) if isinstance(document, dict) else []
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed if isinstance(each, dict)]


def _each(value: Any, change: Any) -> Any:
    return [change(each) for each in value] if isinstance(value, list) else change(value)


def _as_arn(resource: Any) -> Any:
    if not isinstance(resource, str) or resource == "*" or resource.startswith("arn:"):
        return resource
    return NOWHERE + resource


def kept(document: str) -> str:
    """A policy as AWS keeps it: in its own order, with a version, lists of one as their one."""
    found = json.loads(document)
    statements = [_kept(each) for each in _statements(found)]
    whole = {"Version": "2008-10-17", **found, "Statement": statements}
    return json.dumps({name: whole[name] for name in _ORDER if name in whole},
                      separators=(",", ":"))  # fmt: skip


def _kept(statement: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: statement[name] for name in _STATEMENT_ORDER if name in statement}
    return {
        name: {key: _one(each) for key, each in value.items()}
        if name in ("Principal", "NotPrincipal") and isinstance(value, dict) else _one(value)
        for name, value in found.items()
    }  # fmt: skip


def _one(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value
