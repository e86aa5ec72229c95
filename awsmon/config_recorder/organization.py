"""Rules and packs that an organization's account puts into all of its accounts.

Lives here: `Organization`, `OrganizationRule`, `OrganizationPack`, `Member`; `overall` and
`detailed`, which tell what became of them; `members`, and `registry`. What is put is there at once;
where a member refuses it, its own status says why.
Source: Config Developer Guide, "Managing AWS Config Rules Across All Accounts in Your
Organization".
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.config_recorder.organization_errors import (
    NoAvailableOrganizationException,
    NoSuchOrganizationConfigRuleException,
    NoSuchOrganizationConformancePackException,
    OrganizationAccessDeniedException,
)
from awsmon.core.deliveries import Refused
from awsmon.core.errors import AwsError
from awsmon.core.organization import organization
from awsmon.core.resource import Resource, aws
from awsmon.core.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from awsmon.config_recorder.service import ConfigRecorder

    Take = Callable[[ConfigRecorder, str], None]

__all__ = [
    "AGGREGATING", "DEPLOYING", "Member", "Organization", "OrganizationPack", "OrganizationRule",
    "detailed", "members", "overall", "registry",
]  # fmt: skip

DEPLOYING = "config-multiaccountsetup.amazonaws.com"
"""Whom an organization delegates its rules and packs under, and who makes them."""
AGGREGATING = "config.amazonaws.com"
"""Whom an organization delegates aggregators under."""


@dataclass(slots=True)
class Member:
    """What became of it in one account; no error: it is there.

    Attributes:
        name: of the rule or pack there.
        updated: it was put there before.
    """

    account: str
    name: str
    code: str | None = None
    message: str | None = None
    updated: bool = False

    @property
    def status(self) -> str:
        """As detailed statuses tell it."""
        return _status(updated=self.updated, failed=bool(self.code))


def _status(*, updated: bool, failed: bool) -> str:
    return f"{'UPDATE' if updated else 'CREATE'}_{'FAILED' if failed else 'SUCCESSFUL'}"


@dataclass(kw_only=True, slots=True, eq=False)
class OrganizationRule(Resource):
    """A rule as DescribeOrganizationConfigRules shows it."""

    aws_shape: ClassVar[str] = "config.OrganizationConfigRule"

    organization_config_rule_name: str
    organization_config_rule_arn: str
    organization_managed_rule_metadata: dict[str, Any] | None = None
    organization_custom_rule_metadata: dict[str, Any] | None = None
    organization_custom_policy_rule_metadata: dict[str, Any] | None = None
    excluded_accounts: list[str] = field(default_factory=list)
    last_update_time: datetime
    members: list[Member] = field(default_factory=list, metadata=aws(None))
    updated: bool = field(default=False, metadata=aws(None))


@dataclass(kw_only=True, slots=True, eq=False)
class OrganizationPack(Resource):
    """A pack as DescribeOrganizationConformancePacks shows it."""

    aws_shape: ClassVar[str] = "config.OrganizationConformancePack"

    organization_conformance_pack_name: str
    organization_conformance_pack_arn: str
    delivery_s3_bucket: str | None = field(default=None, metadata=aws("DeliveryS3Bucket"))
    delivery_s3_key_prefix: str | None = field(default=None, metadata=aws("DeliveryS3KeyPrefix"))
    conformance_pack_input_parameters: list[dict[str, str]] = field(default_factory=list)
    excluded_accounts: list[str] = field(default_factory=list)
    last_update_time: datetime
    members: list[Member] = field(default_factory=list, metadata=aws(None))
    updated: bool = field(default=False, metadata=aws(None))


def overall(found: OrganizationRule | OrganizationPack, status: str) -> dict[str, Any]:
    """What became of it in all accounts, with *status* for the name of the status."""
    bad = next((each for each in found.members if each.code), None)
    return {
        status: _status(updated=found.updated, failed=bad is not None),
        "ErrorCode": bad and bad.code, "ErrorMessage": bad and bad.message,
        "LastUpdateTime": found.last_update_time,
    }  # fmt: skip


def detailed(
    found: OrganizationRule | OrganizationPack, wanted: Any, *, name: str, status: str
) -> list[dict[str, Any]]:
    """What became of it in each account, of one account and status where these are wanted."""
    return [
        {"AccountId": each.account, name: each.name, status: each.status, "ErrorCode": each.code,
         "ErrorMessage": each.message, "LastUpdateTime": found.last_update_time}
        for each in found.members
        if wanted.get("AccountId") in (None, each.account)
        and wanted.get(status) in (None, each.status)
    ]  # fmt: skip


class Organization:
    """What one account and region puts into its organization, by name."""

    def __init__(self, place: Callable[[str], ConfigRecorder]) -> None:
        self.place = place
        self.rules: dict[str, OrganizationRule] = {}
        self.packs: dict[str, OrganizationPack] = {}

    def rule(self, name: str) -> OrganizationRule:
        """The rule of that name.

        Raises:
            NoSuchOrganizationConfigRuleException: there is none.
        """
        if name not in self.rules:
            raise NoSuchOrganizationConfigRuleException.named(name)
        return self.rules[name]

    def pack(self, name: str) -> OrganizationPack:
        """The pack of that name.

        Raises:
            NoSuchOrganizationConformancePackException: there is none.
        """
        if name not in self.packs:
            raise NoSuchOrganizationConformancePackException.named(name)
        return self.packs[name]

    def deploy(
        self,
        name: str,
        accounts: Sequence[str],
        put: Callable[[ConfigRecorder], object],
        before: Sequence[Member],
        take: Take,
    ) -> list[Member]:
        """Put something of that name into accounts, each for itself.

        Args:
            name: of the rule or pack there.
            accounts: that are to have it.
            put: makes it.
            before: what became of it when it was put the last time; accounts that aren't to have
                it any more lose it.
            take: takes it away.
        """
        self.withdraw([each for each in before if each.account not in accounts], take)
        known = {each.account for each in before}
        found = []
        for account in accounts:
            member = Member(account, name, updated=account in known)
            try:
                put(self.place(account))
            except AwsError as error:
                member.code, member.message = error.code, error.message
            found.append(member)
        return found

    def withdraw(self, members: Sequence[Member], take: Take) -> None:
        """Take it away from accounts."""
        for each in members:
            take(self.place(each.account), each.name)


def members(config: ConfigRecorder, *principals: str) -> list[str]:
    """Accounts of the organization, asked of the other mock; without one, this account alone.

    Args:
        config: of an account that manages the organization, or is delegated to.
        principals: services under any of which it may be.

    Raises:
        NoAvailableOrganizationException: the other mock has organizations, and no such.
        OrganizationAccessDeniedException: the account is a mere member.
    """
    try:
        found = organization(config)
    except Refused as error:
        raise NoAvailableOrganizationException.none() from error
    account = config.scope.account
    if account != found.management and not any(
        account in _delegated(config, found.management, each) for each in principals
    ):
        raise OrganizationAccessDeniedException.member(account)
    return [account] if found.accounts is None else list(found.accounts)


def _delegated(config: ConfigRecorder, management: str, principal: str) -> list[str]:
    """The administrators under a service; none where the other mock doesn't know the service."""
    scope = Scope(management, config.scope.region)
    arn = config.scope.arn("organizations", "organization")
    told = None
    with suppress(Refused):
        told = config.ask(
            arn, "organizations", "ListDelegatedAdministrators", {"ServicePrincipal": principal},
            scope=scope,
        )  # fmt: skip
    return [each["Id"] for each in (told or {}).get("DelegatedAdministrators", ())]


def registry(config: ConfigRecorder) -> Organization:
    """What this account put into its organization.

    Raises:
        OrganizationAccessDeniedException: it is a mere member.
    """
    with suppress(NoAvailableOrganizationException):
        members(config, DEPLOYING)
    return config.organization
