"""Archives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.event_bus.archives import check_archive_pattern
from awsmon.event_bus.errors import ResourceAlreadyExistsException, ValidationException
from awsmon.event_bus.model import Archive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_events.type_defs import (
        CreateArchiveRequestTypeDef,
        DeleteArchiveRequestTypeDef,
        DescribeArchiveRequestTypeDef,
        ListArchivesRequestTypeDef,
        UpdateArchiveRequestTypeDef,
    )

    from awsmon.event_bus.service import EventBus

_MADE = ("ArchiveArn", "State", "StateReason", "CreationTime")
_LISTED = ("ArchiveName", "EventSourceArn", "State", "StateReason", "RetentionDays", "SizeBytes",
           "EventCount", "CreationTime")  # fmt: skip


def _shown(archive: Archive, members: Iterable[str]) -> dict[str, Any]:
    shown = archive.to_aws()
    return {member: shown.get(member) for member in members}


@operation("CreateArchive")
def create_archive(events: EventBus, request: CreateArchiveRequestTypeDef) -> dict[str, Any]:
    """It keeps what comes from now on."""
    name = request["ArchiveName"]
    if name in events.archives:
        raise ResourceAlreadyExistsException.archive(name)
    bus = events.bus(request["EventSourceArn"])
    check_archive_pattern(request.get("EventPattern"))
    archive = Archive.from_aws(
        request,
        archive_arn=events.scope.arn("events", f"archive/{name}"),
        creation_time=events.clock.now(),
    )
    events.archives.create(archive, bus)
    return _shown(archive, _MADE)


@operation("DescribeArchive")
def describe_archive(events: EventBus, request: DescribeArchiveRequestTypeDef) -> dict[str, Any]:
    """With its counts."""
    return events.archives[request["ArchiveName"]].to_aws()


@operation("ListArchives")
def list_archives(events: EventBus, request: ListArchivesRequestTypeDef) -> dict[str, Any]:
    """By one filter at most."""
    if sum(member in request for member in ("NamePrefix", "EventSourceArn", "State")) > 1:
        raise ValidationException.one_filter()
    found, token = paging.page(
        [
            each
            for each in events.archives
            if each.archive_name.startswith(request.get("NamePrefix", ""))
            and request.get("EventSourceArn", each.event_source_arn) == each.event_source_arn
            and request.get("State", each.state) == each.state
        ],
        request.get("NextToken"), request.get("Limit", 100), of="ListArchives",
        key=lambda archive: archive.archive_name, bad_token=ValidationException.token,
    )  # fmt: skip
    return {"Archives": [_shown(each, _LISTED) for each in found], "NextToken": token}


@operation("UpdateArchive")
def update_archive(events: EventBus, request: UpdateArchiveRequestTypeDef) -> dict[str, Any]:
    """What isn't named stays."""
    archive = events.archives[request["ArchiveName"]]
    settings = ("EventPattern", "RetentionDays", "Description", "KmsKeyIdentifier")
    if not any(member in request for member in settings):
        raise ValidationException.nothing_to_update()
    check_archive_pattern(request.get("EventPattern"))
    archive.event_pattern = request.get("EventPattern", archive.event_pattern)
    archive.retention_days = request.get("RetentionDays", archive.retention_days)
    archive.description = request.get("Description", archive.description)
    archive.kms_key_identifier = request.get("KmsKeyIdentifier", archive.kms_key_identifier)
    events.archives.lead(archive, events.bus(archive.event_source_arn))
    return _shown(archive, _MADE)


@operation("DeleteArchive")
def delete_archive(events: EventBus, request: DeleteArchiveRequestTypeDef) -> None:
    """Its events go with it."""
    events.archives.delete(request["ArchiveName"])
