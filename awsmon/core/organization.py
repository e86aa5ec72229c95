"""The organization that every account of a session belongs to.

Lives here: `ORGANIZATION` and `membership`; `organization`, which asks the other mock where it has
AWS Organizations. No API that awsmon serves tells it, so without one there is one organization.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from awsmon.core.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.service import Service

__all__ = ["ORGANIZATION", "Organization", "membership", "organization"]

ORGANIZATION = "o-awsmon0000"


def membership() -> Mapping[str, str]:
    """The condition keys that tell an account's place in the organization: its root."""
    return {
        "aws:PrincipalOrgID": ORGANIZATION,
        "aws:PrincipalOrgPaths": f"{ORGANIZATION}/r-awsm/",
    }


class Organization(NamedTuple):
    """An account's organization.

    Attributes:
        management: the account that manages it.
        accounts: all of it; None: every account of the session.
        features: ``ALL``, or ``CONSOLIDATED_BILLING``.
    """

    id: str
    management: str
    accounts: tuple[str, ...] | None = None
    features: str = "ALL"


def organization(service: Service) -> Organization:
    """That of a service's account; without AWS Organizations, the account manages the session's.

    Raises:
        Refused: the other mock has organizations, and the account is in none.
    """
    arn = service.scope.arn("organizations", "organization")
    told = service.ask(arn, "organizations", "DescribeOrganization", {})
    if told is None:
        return Organization(ORGANIZATION, service.scope.account)
    found = told["Organization"]
    management = found["MasterAccountId"]
    scope = Scope(management, service.scope.region)
    listed = service.ask(arn, "organizations", "ListAccounts", {}, scope=scope) or {}
    accounts = tuple(each["Id"] for each in listed.get("Accounts", ()))
    return Organization(found["Id"], management, accounts, found["FeatureSet"])
