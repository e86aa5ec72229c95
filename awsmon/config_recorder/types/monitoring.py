"""What awsmon itself has: alarms, trails and log groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.describing import Listed, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.config_recorder.resource_types import Asking

__all__ = ["TYPES"]

_STATE = ("StateValue", "StateReason", "StateReasonData", "StateUpdatedTimestamp",
          "StateTransitionedTimestamp")  # fmt: skip


def _alarms(ask: Asking) -> Iterator[dict[str, Any]]:
    """Without their state, which isn't configuration."""
    for found in ask.all("DescribeAlarms", "MetricAlarms"):
        yield {name: value for name, value in found.items() if name not in _STATE}


def _alarm_tags(ask: Asking, found: dict[str, Any]) -> Any:
    return (told(ask, "ListTagsForResource", ResourceARN=found["AlarmArn"]) or {}).get("Tags")


def _trails(ask: Asking) -> Iterator[dict[str, Any]]:
    for found in ask("DescribeTrails").get("trailList", ()):
        if found["HomeRegion"] == ask.scope.region:
            yield found


def _trail_parts(ask: Asking, found: dict[str, Any]) -> dict[str, Any]:
    status = told(ask, "GetTrailStatus", Name=found["TrailARN"]) or {}
    selectors = told(ask, "GetEventSelectors", TrailName=found["TrailARN"]) or {}
    return {
        "IsLogging": status.get("IsLogging"),
        "EventSelectors": selectors.get("EventSelectors", []),
        "AdvancedEventSelectors": selectors.get("AdvancedEventSelectors", []),
    }


def _trail_tags(ask: Asking, found: dict[str, Any]) -> Any:
    answer = told(ask, "ListTags", ResourceIdList=[found["TrailARN"]])
    return answer["ResourceTagList"][0]["TagsList"] if answer else []


def _groups(ask: Asking) -> Iterator[dict[str, Any]]:
    """Without their size, which isn't configuration."""
    for found in ask.all("DescribeLogGroups", "logGroups"):
        yield {name: value for name, value in found.items() if name != "storedBytes"}


def _group_tags(ask: Asking, found: dict[str, Any]) -> Any:
    answer = told(ask, "ListTagsForResource", resourceArn=found["arn"].removesuffix(":*"))
    return (answer or {}).get("tags")


TYPES = [
    each.resource_type
    for each in (
        Listed(type="AWS::CloudWatch::Alarm", client="cloudwatch",
               members=("AlarmName", "AlarmNames", "ResourceARN"), each=_alarms, id="AlarmName",
               arn="AlarmArn", tags=_alarm_tags, zone="Not Applicable"),
        Listed(type="AWS::CloudTrail::Trail", client="cloudtrail",
               members=("Name", "TrailName", "TrailARN", "ResourceId"), each=_trails,
               id="TrailARN", key="Name", name="Name", arn="TrailARN", tags=_trail_tags,
               extra=_trail_parts),
        Listed(type="AWS::Logs::LogGroup", client="logs",
               members=("logGroupName", "logGroupIdentifier", "resourceArn"), each=_groups,
               id="logGroupName", arn="arn", tags=_group_tags),
    )
]  # fmt: skip
