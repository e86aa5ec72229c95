"""Managed rules about trails, alarms and log groups."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.rules.judging import REQUIRED, Given, NotApplicable, Reading, managed

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRAIL, _ALARM, _LOG_GROUP = (
    "AWS::CloudTrail::Trail", "AWS::CloudWatch::Alarm", "AWS::Logs::LogGroup",
)  # fmt: skip
_WANTED = {"s3BucketName": "S3BucketName", "snsTopicArn": "SnsTopicARN",
           "cloudWatchLogsLogGroupArn": "CloudWatchLogsLogGroupArn"}  # fmt: skip


@managed("CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED", _TRAIL, change=False,
         expectedDeliveryWindowAge=None)  # fmt: skip
def trail_to_logs(trail: Reading, given: Given) -> str | None:
    """Trails write to a log group."""
    del given
    found = trail.get("cloudWatchLogsLogGroupArn")
    return None if found else "The trail doesn't write to a log group."


@managed("CLOUD_TRAIL_ENCRYPTION_ENABLED", _TRAIL, change=False)
def trail_encrypted(trail: Reading, _: Given) -> str | None:
    """Files are encrypted by a key of KMS."""
    return None if trail.get("kmsKeyId") else "The trail has no key."


@managed("CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED", _TRAIL, change=False)
def trail_validated(trail: Reading, _: Given) -> str | None:
    """Digest files are written."""
    return None if trail["logFileValidationEnabled"] else "Log file validation is off."


def _trails(given: Given) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Those that are on, and their event selectors."""
    ask = given.ask("cloudtrail")
    for trail in ask("DescribeTrails")["trailList"]:
        name = trail["TrailARN"]
        if ask("GetTrailStatus", Name=name)["IsLogging"]:
            yield trail, _selectors(ask("GetEventSelectors", TrailName=name))


def _selectors(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Advanced ones in the terms of the others."""
    said = list(found.get("EventSelectors") or ())
    for each in found.get("AdvancedEventSelectors") or ():
        fields = {field["Field"]: field for field in each["FieldSelectors"]}
        read_only = fields.get("readOnly", {}).get("Equals", [None])[0]
        management = "Management" in fields["eventCategory"].get("Equals", ())
        kinds = fields.get("resources.type", {}).get("Equals", ())
        arns = fields.get("resources.ARN", {})
        said.append({
            "ReadWriteType": {"true": "ReadOnly", "false": "WriteOnly", None: "All"}[read_only],
            "IncludeManagementEvents": management,
            "ExcludeManagementEventSources": fields.get("eventSource", {}).get("NotEquals", []),
            "DataResources": [
                {"Type": kind, "Values": arns.get("StartsWith", ["arn:aws:s3"] if not arns else [])}
                for kind in kinds
            ],
        })  # fmt: skip
    return said


def _matches(trail: dict[str, Any], given: Given) -> bool:
    return all(given.text(name) in (None, trail.get(member)) for name, member in _WANTED.items())


@managed("CLOUD_TRAIL_ENABLED", s3BucketName=None, snsTopicArn=None, cloudWatchLogsLogGroupArn=None)
def trail_enabled(_: Reading, given: Given) -> str | None:
    """There is a trail that is on."""
    if any(_matches(trail, given) for trail, _ in _trails(given)):
        return None
    return "No such trail is on."


@managed("MULTI_REGION_CLOUD_TRAIL_ENABLED", s3BucketName=None, snsTopicArn=None,
         cloudWatchLogsLogGroupArn=None, includeManagementEvents=None,
         readWriteType=None)  # fmt: skip
def multi_region_trail(_: Reading, given: Given) -> str | None:
    """There is one of all regions, which leaves no source of management events out."""
    kind = given.text("readWriteType") or "All"
    kinds = (kind, kind.title(), "All")
    for trail, selectors in _trails(given):
        if trail["IsMultiRegionTrail"] and _matches(trail, given) and any(
            each.get("IncludeManagementEvents") and not each.get("ExcludeManagementEventSources")
            and each.get("ReadWriteType", "All") in kinds for each in selectors
        ):  # fmt: skip
            return None
    return "No such trail of all regions is on."


@managed("CLOUDTRAIL_S3_DATAEVENTS_ENABLED", S3BucketNames=None)
def data_events(_: Reading, given: Given) -> str | None:
    """A trail has the data events of all buckets, or of some."""
    logged = {
        value for _, selectors in _trails(given) for each in selectors
        for data in each.get("DataResources", ()) if data["Type"] == "AWS::S3::Object"
        for value in data.get("Values", ())
    }  # fmt: skip
    if logged & {"arn:aws:s3", "arn:aws:s3:::"}:
        return None
    buckets = given.list("S3BucketNames")
    missing = [each for each in buckets if f"arn:aws:s3:::{each}/" not in logged]
    if buckets and not missing:
        return None
    return "The data events of all buckets aren't logged."


@managed("CLOUDTRAIL_SECURITY_TRAIL_ENABLED")
def security_trail(_: Reading, given: Given) -> str | None:
    """A trail that is as good practice has it."""
    for trail, selectors in _trails(given):
        good = (
            trail["IsMultiRegionTrail"] and trail["IncludeGlobalServiceEvents"]
            and trail["LogFileValidationEnabled"] and trail.get("KmsKeyId")
        )  # fmt: skip
        if good and any(
            each.get("IncludeManagementEvents") and each.get("ReadWriteType", "All") == "All"
            and not each.get("ExcludeManagementEventSources") for each in selectors
        ):  # fmt: skip
            return None
    return "No trail is of all regions, with global events, validated, encrypted and complete."


_ACTIONS = {"alarmActionRequired": "alarmActions", "okActionRequired": "oKActions",
            "insufficientDataActionRequired": "insufficientDataActions"}  # fmt: skip


@managed("CLOUDWATCH_ALARM_ACTION_CHECK", _ALARM, alarmActionRequired="true",
         insufficientDataActionRequired="true", okActionRequired="false", action1=None,
         action2=None, action3=None, action4=None, action5=None)  # fmt: skip
def alarm_acts(alarm: Reading, given: Given) -> str | None:
    """Alarms act when they should, and do one of some things where they are told."""
    allowed = {given.text(f"action{number}") for number in range(1, 6)} - {None}
    for parameter, path in _ACTIONS.items():
        actions = alarm.get(path) or []
        if given.flag(parameter) and not (allowed & {*actions} if allowed else actions):
            return f"{path} has no such action."
    return None


@managed("CLOUDWATCH_ALARM_ACTION_ENABLED_CHECK", _ALARM)
def alarm_may_act(alarm: Reading, _: Given) -> str | None:
    """Their actions are enabled."""
    return None if alarm["actionsEnabled"] else "The actions are disabled."


@managed("CLOUDWATCH_ALARM_SETTINGS_CHECK", _ALARM, metricName=REQUIRED, threshold=None,
         evaluationPeriods=None, period=300, comparisonOperator=None, statistic=None)  # fmt: skip
def alarm_settings(alarm: Reading, given: Given) -> str | None:
    """Alarms on a metric are set as they should be."""
    if alarm.get("metricName") != given.text("metricName"):
        raise NotApplicable
    for name in ("threshold", "evaluationPeriods", "period"):
        wanted = given.text(name)
        if wanted is not None and float(alarm[name]) != float(wanted):
            return f"{name} is {alarm[name]}."
    for name in ("comparisonOperator", "statistic"):
        wanted = given.text(name)
        if wanted is not None and alarm.get(name) != wanted:
            return f"{name} is {alarm.get(name)}."
    return None


_WATCHED = {
    # resourceType: type, dimension by which its metrics name it
    "AWS::EC2::Volume": "VolumeId", "AWS::EC2::Instance": "InstanceId",
    "AWS::RDS::DBCluster": "DBClusterIdentifier", "AWS::S3::Bucket": "BucketName",
}  # fmt: skip


@managed("CLOUDWATCH_ALARM_RESOURCE_CHECK", *_WATCHED, change=False, asks=True,
         resourceType=REQUIRED, metricName=REQUIRED)  # fmt: skip
def alarm_on_resource(resource: Reading, given: Given) -> str | None:
    """Each resource of a type has an alarm on a metric."""
    if resource.type != given.text("resourceType"):
        raise NotApplicable
    wanted = {"Name": _WATCHED[resource.type], "Value": resource.name}
    metric = given.text("metricName")
    for alarm in given.ask("cloudwatch").all("DescribeAlarms", "MetricAlarms"):
        if alarm.get("MetricName") == metric and wanted in alarm.get("Dimensions", ()):
            return None
    return f"No alarm watches its {metric}."


@managed("CLOUDWATCH_LOG_GROUP_ENCRYPTED", _LOG_GROUP, change=False, KmsKeyId=None)
def log_group_encrypted(group: Reading, given: Given) -> str | None:
    """Log groups have a key, or that one."""
    key, wanted = group.get("kmsKeyId"), given.text("KmsKeyId")
    if not key:
        return "The log group has no key."
    return f"The key is {key}." if wanted and key != wanted else None


@managed("CW_LOGGROUP_RETENTION_PERIOD_CHECK", _LOG_GROUP, change=False, LogGroupNames=None,
         MinRetentionTime=365)  # fmt: skip
def retention(group: Reading, given: Given) -> str | None:
    """Events are kept for long enough."""
    names, least = given.list("LogGroupNames"), given.number("MinRetentionTime") or 0
    if names and group.id not in names:
        raise NotApplicable
    days = group.get("retentionInDays")
    if days is None or timedelta(days=days) >= timedelta(days=least):
        return None
    return f"Events are kept for {days} days."
