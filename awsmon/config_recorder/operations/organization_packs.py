"""Conformance packs of an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.errors import ValidationException
from awsmon.config_recorder.operations.packs import (
    put_pack,
    read_template,
    remove_pack,
    template_of,
)
from awsmon.config_recorder.organization import (
    DEPLOYING,
    OrganizationPack,
    detailed,
    members,
    overall,
    registry,
)
from awsmon.config_recorder.organization_errors import (
    OrganizationConformancePackTemplateValidationException,
)
from awsmon.config_recorder.pack_errors import ConformancePackTemplateValidationException
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
    given = _checked(request)
    accounts = [each for each in members(config, DEPLOYING)
                if each not in given.get("ExcludedAccounts", ())]  # fmt: skip
    text = template_of(config, given)
    try:
        read_template(config, given, text, "PutOrganizationConformancePack")
    except ConformancePackTemplateValidationException as error:
        raise OrganizationConformancePackTemplateValidationException(error.message) from error
    name, there = request["OrganizationConformancePackName"], config.organization
    old = there.packs.get(name)
    suffix = old.organization_conformance_pack_arn.rpartition("-")[2] if old else (
        config.ids.key("", 8).lower()
    )  # fmt: skip
    arn = config.scope.arn("config", f"organization-conformance-pack/{name}-{suffix}")
    pack = there.packs[name] = OrganizationPack.from_aws(
        given, organization_conformance_pack_arn=arn, last_update_time=config.clock.now(),
        updated=old is not None,
    )  # fmt: skip
    config.tags.create(arn, tags)
    own = f"OrgConformsPack-{name}-{suffix}"
    wanted = {**given, "ConformancePackName": own, "Tags": []}
    pack.members = there.deploy(own, accounts, lambda place: put_pack(place, wanted, text),
                                old.members if old else (), _take)  # fmt: skip
    for each in pack.members:
        made = there.place(each.account).packs.by_name.get(own)
        if made is not None and made.why:
            each.code, each.message = made.state, made.why
    return {"OrganizationConformancePackArn": arn}


def _checked(request: PutOrganizationConformancePackRequestTypeDef) -> dict[str, Any]:
    """Of two templates, the address is good; a pack of one account takes but one."""
    given: dict[str, Any] = dict(request)
    if given.get("TemplateS3Uri"):
        given.pop("TemplateBody", None)
    elif not given.get("TemplateBody"):
        raise ValidationException.organization_pack("TemplateS3Uri or TemplateBody is needed")
    bucket = given.get("DeliveryS3Bucket")
    if bucket and not bucket.startswith("awsconfigconforms"):
        raise ValidationException.organization_pack(
            f"DeliveryS3Bucket {bucket} does not start with awsconfigconforms"
        )
    return given


def _take(place: ConfigRecorder, name: str) -> None:
    pack = place.packs.by_name.get(name)
    if pack is not None:
        remove_pack(place, pack)


def _named(config: ConfigRecorder, request: Any) -> list[OrganizationPack]:
    there = registry(config)
    names = request.get("OrganizationConformancePackNames") or sorted(there.packs)
    return [there.pack(name) for name in names]


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
    pack = registry(config).pack(request["OrganizationConformancePackName"])
    found = detailed(pack, request.get("Filters", {}), name="ConformancePackName", status="Status")
    page, token = pages.page(found, request, 100, "GetOrganizationConformancePackDetailedStatus")
    return {"OrganizationConformancePackDetailedStatuses": page, "NextToken": token}


@operation("DeleteOrganizationConformancePack")
def delete_organization_conformance_pack(
    config: ConfigRecorder, request: DeleteOrganizationConformancePackRequestTypeDef
) -> None:
    """Everywhere."""
    there = registry(config)
    pack = there.pack(request["OrganizationConformancePackName"])
    there.withdraw(pack.members, _take)
    config.tags.forget(pack.organization_conformance_pack_arn)
    del there.packs[pack.organization_conformance_pack_name]
