"""Trails of organizations, and who may manage them.

Lives here: `OrganizationTrails`. AWS Organizations is the other mock's: it is asked when a trail is
made, and heard when accounts come and go.
Source: CloudTrail User Guide, "Creating a trail for an organization", "Organization delegated
administrator".
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from awsmon.core.deliveries import Refused
from awsmon.core.organization import Organization, organization
from awsmon.core.scope import Scope
from awsmon.trail.organization_errors import (
    AccountNotFoundException,
    AccountNotRegisteredException,
    AccountRegisteredException,
    CannotDelegateManagementAccountException,
    CloudTrailAccessNotEnabledException,
    DelegatedAdminAccountLimitExceededException,
    NotOrganizationManagementAccountException,
    NotOrganizationMasterAccountException,
    OrganizationNotInAllFeaturesModeException,
    OrganizationsNotInUseException,
)

if TYPE_CHECKING:
    from awsmon.core.events import ApiCalled
    from awsmon.trail.lake.stores import EventDataStore
    from awsmon.trail.model import TrailSettings
    from awsmon.trail.service import Trail

__all__ = ["PRINCIPAL", "OrganizationTrails"]

PRINCIPAL = "cloudtrail.amazonaws.com"
MOST_ADMINISTRATORS = 3
_JOINING = {"CreateAccount", "AcceptHandshake", "CreateGovCloudAccount"}
_LEAVING = {"RemoveAccountFromOrganization", "CloseAccount", "LeaveOrganization"}


class OrganizationTrails:
    """One account's part in its organization.

    Attributes:
        delegated: the accounts that it lets manage trails; it is the management account then.
    """

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self.delegated: list[str] = []

    # -- who may -----------------------------------------------------------------------------------

    def _found(self) -> Organization:
        """The organization, fit for CloudTrail.

        Raises:
            OrganizationsNotInUseException: there is none.
            OrganizationNotInAllFeaturesModeException: it only shares bills.
            CloudTrailAccessNotEnabledException: CloudTrail isn't trusted in it.
        """
        try:
            found = organization(self._trail)
        except Refused:
            raise OrganizationsNotInUseException.none() from None
        if found.features != "ALL":
            raise OrganizationNotInAllFeaturesModeException.features()
        scope = Scope(found.management, self._trail.scope.region)
        trusted = self._ask("ListAWSServiceAccessForOrganization", {}, scope)
        if trusted is not None and PRINCIPAL not in {
            each["ServicePrincipal"] for each in trusted["EnabledServicePrincipals"]
        }:
            raise CloudTrailAccessNotEnabledException.untrusted()
        return found

    def check(self) -> Organization:
        """The organization, where this account may make trails for it.

        Raises:
            NotOrganizationMasterAccountException: it neither manages it nor is delegated to.
        """
        found, trail = self._found(), self._trail
        if trail.scope.account not in (found.management, *trail.administrators(found.management)):
            raise NotOrganizationMasterAccountException.account(trail.scope.account)
        return found

    def members_of(self, found: Organization) -> dict[str, Any]:
        """What a trail of an organization's keeps of it."""
        members = None if found.accounts is None else list(found.accounts)
        return {"is_organization_trail": True, "organization": found.id, "members": members}

    def _managed(self) -> tuple[Organization, list[str]]:
        found, trail = self._found(), self._trail
        if trail.scope.account != found.management:
            raise NotOrganizationManagementAccountException.account(trail.scope.account)
        return found, trail.administrators(found.management)

    def register(self, account: str) -> None:
        """Let an account manage the organization's trails."""
        found, delegated = self._managed()
        if account == found.management:
            raise CannotDelegateManagementAccountException.management()
        if found.accounts is not None and account not in found.accounts:
            raise AccountNotFoundException.named(account)
        if account in delegated:
            raise AccountRegisteredException.named(account)
        if len(delegated) >= MOST_ADMINISTRATORS:
            raise DelegatedAdminAccountLimitExceededException.of(MOST_ADMINISTRATORS)
        self._delegate("RegisterDelegatedAdministrator", account)
        delegated.append(account)

    def deregister(self, account: str) -> None:
        """Let it no more."""
        _, delegated = self._managed()
        if account not in delegated:
            raise AccountNotRegisteredException.named(account)
        self._delegate("DeregisterDelegatedAdministrator", account)
        delegated.remove(account)

    def _delegate(self, operation: str, account: str) -> None:
        """Tell AWS Organizations; moto's refuses, for it doesn't know that CloudTrail delegates."""
        with suppress(Refused):
            self._ask(operation, {"AccountId": account, "ServicePrincipal": PRINCIPAL})

    def _ask(
        self, operation: str, parameters: dict[str, Any], scope: Scope | None = None
    ) -> dict[str, Any] | None:
        arn = self._trail.scope.arn("organizations", "organization")
        return self._trail.ask(arn, "organizations", operation, parameters, scope=scope)

    # -- who comes and goes ------------------------------------------------------------------------

    def changed(self, call: ApiCalled) -> None:
        """Somebody called AWS Organizations: accounts join, leave, or are delegated to."""
        if call.error is not None:
            return
        asked, told = call.parameters, call.result or {}
        if call.operation in _JOINING:
            account = told.get("CreateAccountStatus", {}).get("AccountId") or call.scope.account
            for each in self._heard_by():
                if each.members is not None and account not in each.members:
                    each.members.append(account)
        elif call.operation in _LEAVING:
            account = asked.get("AccountId", call.scope.account)
            for each in self._heard_by():
                if each.members is not None and account in each.members:
                    each.members.remove(account)
        elif asked.get("ServicePrincipal") == PRINCIPAL:
            self._heard(call.operation, asked.get("AccountId", ""))
        self._trail.changed()
        self._trail.stores.changed()

    def _heard(self, operation: str, account: str) -> None:
        if operation == "RegisterDelegatedAdministrator" and account not in self.delegated:
            self.delegated.append(account)
        elif operation == "DeregisterDelegatedAdministrator" and account in self.delegated:
            self.delegated.remove(account)

    def _heard_by(self) -> list[TrailSettings | EventDataStore]:
        """The organization's trails, and its event data stores."""
        trails = [each for each in self._trail.everywhere() if each.is_organization_trail]
        stores = [
            each for place in self._trail.every_place() for each in place.stores
            if each.organization_enabled and (
                place.scope.account == self._trail.scope.account
                or each.covers(self._trail.scope.account))
        ]  # fmt: skip
        return [*trails, *stores]
