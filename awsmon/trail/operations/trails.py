"""Trails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.clock import stamp
from awsmon.core.operation import operation
from awsmon.trail.destinations import check_destinations, kms_key, topic_arn
from awsmon.trail.errors import (
    InvalidNextTokenException,
    InvalidParameterCombinationException,
    MaximumNumberOfTrailsExceededException,
    TrailAlreadyExistsException,
)
from awsmon.trail.model import TrailSettings
from awsmon.trail.names import check_arn, check_name
from awsmon.trail.selectors import DEFAULT
from awsmon.trail.tagging import checked_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_cloudtrail.type_defs import (
        CreateTrailRequestTypeDef,
        DeleteTrailRequestTypeDef,
        DescribeTrailsRequestTypeDef,
        GetTrailRequestTypeDef,
        GetTrailStatusRequestTypeDef,
        ListTrailsRequestTypeDef,
        StartLoggingRequestTypeDef,
        StopLoggingRequestTypeDef,
        UpdateTrailRequestTypeDef,
    )

    from awsmon.trail.service import Trail

MOST_TRAILS = 5
_TOLD = (
    "Name", "S3BucketName", "S3KeyPrefix", "SnsTopicName", "SnsTopicARN",
    "IncludeGlobalServiceEvents", "IsMultiRegionTrail", "TrailARN", "LogFileValidationEnabled",
    "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn", "KmsKeyId", "IsOrganizationTrail",
)  # fmt: skip
_SETTINGS = {
    "S3BucketName": "s3_bucket_name", "S3KeyPrefix": "s3_key_prefix",
    "SnsTopicName": "sns_topic_name",
    "IncludeGlobalServiceEvents": "include_global_service_events",
    "IsMultiRegionTrail": "is_multi_region_trail",
    "EnableLogFileValidation": "log_file_validation_enabled",
    "CloudWatchLogsLogGroupArn": "cloud_watch_logs_log_group_arn",
    "CloudWatchLogsRoleArn": "cloud_watch_logs_role_arn", "KmsKeyId": "kms_key_id",
}  # fmt: skip


def _told(settings: TrailSettings) -> dict[str, Any]:
    shown = settings.to_aws()
    return {member: shown.get(member) for member in _TOLD}


def _check(request: Any, settings: TrailSettings | None = None) -> None:
    before = settings.to_aws() if settings else {"IncludeGlobalServiceEvents": True}
    wanted = {**before, **request}
    if wanted.get("IsMultiRegionTrail") and not wanted["IncludeGlobalServiceEvents"]:
        raise InvalidParameterCombinationException.multi_region()


def _settings(trail: Trail, request: Any) -> dict[str, Any]:
    found = {field: request[member] for member, field in _SETTINGS.items() if member in request}
    if "sns_topic_name" in found:
        found["sns_topic_arn"] = topic_arn(trail, found["sns_topic_name"])
    if "kms_key_id" in found:
        found["kms_key_id"] = kms_key(trail, found["kms_key_id"])
    return {field: None if value == "" else value for field, value in found.items()}


@operation("CreateTrail")
def create_trail(trail: Trail, request: CreateTrailRequestTypeDef) -> dict[str, Any]:
    """It logs once StartLogging says so."""
    name = request["Name"]
    check_destinations(trail, request)
    whose: dict[str, Any] = {}
    if request.get("IsOrganizationTrail"):
        found = trail.organization.check()
        trail = trail.place(found.management)
        whose = trail.organization.members_of(found)
    fields = _settings(trail, request)
    check_name(name)
    _check(request)
    tags = checked_tags(request.get("TagsList"))
    if name in trail.trails:
        raise TrailAlreadyExistsException.named(name, trail.scope.account)
    if len(trail.trails) >= MOST_TRAILS:
        raise MaximumNumberOfTrailsExceededException.of(
            trail.scope.account, MOST_TRAILS, trail.scope.region
        )
    settings = TrailSettings(
        name=name, home_region=trail.scope.region, basic=list(DEFAULT),
        trail_arn=trail.scope.arn("cloudtrail", f"trail/{name}"), **fields, **whose,
    )  # fmt: skip
    trail.trails[name] = settings
    trail.tags.create(settings.trail_arn, tags)
    trail.changed()
    return _told(settings)


@operation("UpdateTrail")
def update_trail(trail: Trail, request: UpdateTrailRequestTypeDef) -> dict[str, Any]:
    """What isn't said stays."""
    check_destinations(trail, request)
    changes = _settings(trail, request)
    if request.get("IsOrganizationTrail"):
        changes |= trail.organization.members_of(trail.organization.check())
    elif "IsOrganizationTrail" in request:
        changes |= {"is_organization_trail": False, "organization": None, "members": None}
    settings = trail.own(request["Name"])
    _check(request, settings)
    for field, value in changes.items():
        setattr(settings, field, value)
    trail.changed()
    return _told(settings)


@operation("DeleteTrail")
def delete_trail(trail: Trail, request: DeleteTrailRequestTypeDef) -> None:
    """What it has delivered stays."""
    settings = trail.own(request["Name"])
    owner = trail.place(settings.account)
    del owner.trails[settings.name]
    owner.tags.forget(settings.trail_arn)
    owner.changed()


@operation("GetTrail")
def get_trail(trail: Trail, request: GetTrailRequestTypeDef) -> dict[str, Any]:
    """By name or ARN."""
    return {"Trail": trail.find(request["Name"]).to_aws()}


def _described(
    trail: Trail, settings: TrailSettings, names: Sequence[str] | None, *, shadows: bool
) -> bool:
    """Whether DescribeTrails shows a trail: by name only this region's, by ARN any region's."""
    own = trail.is_own(settings)
    shadow = not own and settings.reaches(trail.scope.region)
    if shadow and not shadows:
        return False
    if not names:
        return own or shadow
    return settings.trail_arn in names or (own and settings.name in names)


@operation("DescribeTrails")
def describe_trails(trail: Trail, request: DescribeTrailsRequestTypeDef) -> dict[str, Any]:
    """Those of this region, and others' that log here; what isn't there is passed over."""
    names, shadows = request.get("trailNameList"), request.get("includeShadowTrails", True)
    for each in names or ():
        check_arn(each)
    found = [each for each in trail.everywhere() if _described(trail, each, names, shadows=shadows)]
    return {"trailList": [each.to_aws() for each in found]}


@operation("ListTrails")
def list_trails(trail: Trail, request: ListTrailsRequestTypeDef) -> dict[str, Any]:
    """Of all regions, in order of ARN."""
    found, token = paging.page(
        trail.everywhere(), request.get("NextToken"), 100, of="ListTrails",
        key=lambda each: each.trail_arn, bad_token=InvalidNextTokenException.token,
    )  # fmt: skip
    shown = [each.to_aws() for each in found]
    members = ("TrailARN", "Name", "HomeRegion")
    return {"Trails": [{name: each[name] for name in members} for each in shown],
            "NextToken": token}  # fmt: skip


@operation("StartLogging")
def start_logging(trail: Trail, request: StartLoggingRequestTypeDef) -> None:
    """From now on."""
    trail.start(trail.own(request["Name"]))


@operation("StopLogging")
def stop_logging(trail: Trail, request: StopLoggingRequestTypeDef) -> None:
    """What was recorded so far is still delivered, and this call too."""
    trail.stop(trail.own(request["Name"]))


@operation("GetTrailStatus")
def get_trail_status(trail: Trail, request: GetTrailStatusRequestTypeDef) -> dict[str, Any]:
    """When it last did what, and what went wrong; a shadow's by its ARN alone."""
    settings = trail.find(request["Name"], shadows=False)
    started, stopped = settings.started, settings.stopped
    texts = {
        name: settings.status.get(name, "")
        for name in ("LatestDeliveryAttemptTime", "LatestNotificationAttemptTime",
                     "LatestNotificationAttemptSucceeded", "LatestDeliveryAttemptSucceeded")
    }  # fmt: skip
    return {
        **settings.status, **texts, "IsLogging": settings.logging, "StartLoggingTime": started,
        "StopLoggingTime": stopped,
        "TimeLoggingStarted": stamp(started) if started else "",
        "TimeLoggingStopped": stamp(stopped) if stopped else "",
    }  # fmt: skip
