"""Resource-based policies: who may do what with a resource, as IAM reads it.

Lives here: `decide` and `allows`, which judge a request by a policy; `parse` reads one. Nothing is
known of policies on the caller's side: a policy that names an account as principal allows it to all
who belong to it.

Sources: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.policy_conditions import texts
from awsmon.core.policy_grammar import NEW, Policy, PolicyError, names_of, parse
from awsmon.core.policy_patterns import expand, matches, matches_resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.core.policy_conditions import Value
    from awsmon.core.policy_grammar import Effect, Element
    from awsmon.core.policy_patterns import Context

__all__ = ["Policy", "PolicyError", "allows", "decide", "parse"]


def allows(
    policy: Policy,
    *,
    principal: str,
    action: str,
    resource: str,
    conditions: Mapping[str, Value | Sequence[Value]] | None = None,
) -> bool:
    """Whether a statement allows the request and none denies it; the arguments are `decide`'s."""
    found = decide(
        policy, principal=principal, action=action, resource=resource, conditions=conditions
    )
    return found == "Allow"


def decide(
    policy: Policy,
    *,
    principal: str,
    action: str,
    resource: str,
    conditions: Mapping[str, Value | Sequence[Value]] | None = None,
) -> Effect | None:
    """What a policy says of a request; None: nothing, which is a refusal across accounts.

    Args:
        policy: of the resource.
        principal: an account's number, the ARN of a user, role or session, or a service's name, as
            ``logs.amazonaws.com``.
        action: as ``oam:CreateLink``.
        resource: its ARN.
        conditions: key to value, or to several. Those that the principal has by itself, as
            ``aws:PrincipalAccount``, need not be given.
    """
    names = names_of(principal)
    given = {key.lower(): texts(value) for key, value in (conditions or {}).items()}
    context = {**_about(names), **given}
    variables = policy.version == NEW
    effects = {
        each.effect
        for each in policy.statements
        if _by(each.principals, names)
        and _does(each.actions, action)
        and _with(each.resources, resource, context if variables else None)
        and all(condition.holds(context, variables=variables) for condition in each.conditions)
    }
    return "Deny" if "Deny" in effects else "Allow" if effects else None


def _about(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The condition keys that a principal has by itself."""
    account = names[-1]
    if not account.isdigit():
        return {"aws:principalisawsservice": ("true",), "aws:principalservicename": (account,)}
    found = {"aws:principalisawsservice": "false", "aws:principalaccount": account}
    if len(names) > 1:
        found["aws:principalarn"] = names[-2]  # of a session: its role
    return {key: (value,) for key, value in found.items()}


def _by(principals: Element, names: Sequence[str]) -> bool:
    """``NotPrincipal`` must name all that a principal is called to leave it out."""
    named = ["*" in principals.values or name in principals.values for name in names]
    return not all(named) if principals.negated else any(named)


def _does(actions: Element, action: str) -> bool:
    wanted = (expand(value.lower(), None) or () for value in actions.values)
    return any(matches(each, action.lower()) for each in wanted) is not actions.negated


def _with(resources: Element, resource: str, context: Context | None) -> bool:
    wanted = [expand(value, context) for value in resources.values]
    if resources.negated and None in wanted:
        return False
    found = any(each is not None and matches_resource(each, resource) for each in wanted)
    return found is not resources.negated
