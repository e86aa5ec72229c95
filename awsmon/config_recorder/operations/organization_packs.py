"""Conformance packs of an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.operations.packs import put_pack, template_of
from awsmon.config_recorder.organization import OrganizationPack, detailed, members, overall
from awsmon.config_recorder.tagging import tags_of
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        DeleteOrganizationConformancePackRequestTypeDef,
        DescribeOrganizationConformancePacksRequestTypeDef,
        DescribeOrganizationConformancePackStatusesRequestTypeDef,
        GetOrganizationConformancePackDetailedStatusRequestTypeDef,
        PutOrganizationConformancePackRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder


@operation("PutOrganizationConformancePack")
def put_organization_conformance_pack(
    config: ConfigRecorder, request: PutOrganizationConformancePackRequestTypeDef
) -> dict[str, Any]:
    """In every account but those that are excluded."""
    tags = tags_of(request)
    given: Any = dict(request)
    text = template_of(config, request)
    accounts = [each for each in members(config) if each not in given.get("ExcludedAccounts", ())]
    name, registry = request["OrganizationConformancePackName"], config.organization
    old = registry.packs.get(name)
    suffix = old.organization_conformance_pack_arn.rpartition("-")[2] if old else (
        config.ids.key("", 8).lower()
    )  # fmt: skip
    arn = config.scope.arn("config", f"organization-conformance-pack/{name}-{suffix}")
    pack = registry.packs[name] = OrganizationPack.from_aws(
        given, organization_conformance_pack_arn=arn, last_update_time=config.clock.now()
    )
    config.tags.create(arn, tags)
    own = f"OrgConformsPack-{name}-{suffix}"
    wanted = {**given, "ConformancePackName": own, "Tags": []}
    pack.members = registry.deploy(own, accounts, lambda place: put_pack(place, wanted, text))
    for each in pack.members:
        made = registry.place(each.account).packs.by_name.get(own)
        if made is not None and made.why:
            each.code, each.message = "CREATE_FAILED", made.why
    return {"OrganizationConformancePackArn": arn}


def _named(config: ConfigRecorder, request: Any) -> list[OrganizationPack]:
    registry = config.organization
    names = request.get("OrganizationConformancePackNames") or sorted(registry.packs)
    return [registry.pack(name) for name in names]


@operation("DescribeOrganizationConformancePacks")
def describe_organization_conformance_packs(
    config: ConfigRecorder, request: DescribeOrganizationConformancePacksRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    found = [each.to_aws() for each in _named(config, request)]
    page, token = pages.page(found, request, 100, "DescribeOrganizationConformancePacks")
    return {"OrganizationConformancePacks": page, "NextToken": token}


@operation("DescribeOrganizationConformancePackStatuses")
def describe_organization_conformance_pack_statuses(
    config: ConfigRecorder, request: DescribeOrganizationConformancePackStatusesRequestTypeDef
) -> dict[str, Any]:
    """Whether every account has it."""
    found = [
        {"OrganizationConformancePackName": each.organization_conformance_pack_name,
         **overall(each, "Status")}
        for each in _named(config, request)
    ]  # fmt: skip
    page, token = pages.page(found, request, 100, "DescribeOrganizationConformancePackStatuses")
    return {"OrganizationConformancePackStatuses": page, "NextToken": token}


@operation("GetOrganizationConformancePackDetailedStatus")
def get_organization_conformance_pack_detailed_status(
    config: ConfigRecorder, request: GetOrganizationConformancePackDetailedStatusRequestTypeDef
) -> dict[str, Any]:
    """Each account."""
    pack = config.organization.pack(request["OrganizationConformancePackName"])
    found = detailed(pack, request.get("Filters", {}), name="ConformancePackName", status="Status")
    page, token = pages.page(found, request, 100, "GetOrganizationConformancePackDetailedStatus")
    return {"OrganizationConformancePackDetailedStatuses": page, "NextToken": token}


@operation("DeleteOrganizationConformancePack")
def delete_organization_conformance_pack(
    config: ConfigRecorder, request: DeleteOrganizationConformancePackRequestTypeDef
) -> None:
    """Everywhere."""
    registry = config.organization
    pack = registry.pack(request["OrganizationConformancePackName"])
    for each in pack.members:
        packs = registry.place(each.account).packs
        own = packs.by_name.pop(each.name, None)
        if own is not None:
            packs.clear(own)
    config.tags.forget(pack.organization_conformance_pack_arn)
    del registry.packs[pack.organization_conformance_pack_name]
