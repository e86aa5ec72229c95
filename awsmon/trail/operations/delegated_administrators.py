"""Delegated administrators of organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        DeregisterOrganizationDelegatedAdminRequestTypeDef,
        RegisterOrganizationDelegatedAdminRequestTypeDef,
    )

    from awsmon.trail.service import Trail


@operation("RegisterOrganizationDelegatedAdmin")
def register_organization_delegated_admin(
    trail: Trail, request: RegisterOrganizationDelegatedAdminRequestTypeDef
) -> None:
    """AWS Organizations knows it then, too."""
    trail.organization.register(request["MemberAccountId"])


@operation("DeregisterOrganizationDelegatedAdmin")
def deregister_organization_delegated_admin(
    trail: Trail, request: DeregisterOrganizationDelegatedAdminRequestTypeDef
) -> None:
    """The trails it made stay: they are the management account's."""
    trail.organization.deregister(request["DelegatedAdminAccountId"])
