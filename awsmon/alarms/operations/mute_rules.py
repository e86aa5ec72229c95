"""Alarm mute rules: put, get, list, delete."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from awsmon.alarms.errors import InvalidNextToken, ValidationError
from awsmon.alarms.mute_rules import MuteRule
from awsmon.core import paging
from awsmon.core.cloudwatch_tags import checked_tags
from awsmon.core.operation import operation
from awsmon.lang.schedule.parser import parse_five
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import (
        DeleteAlarmMuteRuleInputTypeDef,
        GetAlarmMuteRuleInputTypeDef,
        ListAlarmMuteRulesInputTypeDef,
        PutAlarmMuteRuleInputTypeDef,
        ScheduleTypeDef,
    )

    from awsmon.alarms.service import Alarms

DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?)?")
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=15)
PAGE = 50
SUMMARY = ("AlarmMuteRuleArn", "ExpireDate", "Status", "MuteType", "LastUpdatedTimestamp")


@operation("PutAlarmMuteRule")
def put_alarm_mute_rule(alarms: Alarms, request: PutAlarmMuteRuleInputTypeDef) -> None:
    """A rule of that name is replaced; tags count when it is made."""
    name, schedule = request["Name"], request["Rule"]["Schedule"]
    duration = _checked(schedule)
    targets = request.get("MuteTargets", {"AlarmNames": []})["AlarmNames"]
    missing = [each for each in targets if each not in alarms]
    if missing:
        raise ValidationError.unknown_targets(missing)
    start: Any = request.get("StartDate")
    expires: Any = request.get("ExpireDate")
    if start is not None and expires is not None and expires <= start:
        raise ValidationError.dates()
    arn = alarms.scope.arn("cloudwatch", f"alarm-mute-rule:{name}")
    alarms.tags.create(arn, checked_tags(request.get("Tags")))
    alarms.mute_rules.save(
        MuteRule.from_aws(
            request, alarm_mute_rule_arn=arn, duration=duration,
            last_updated_timestamp=alarms.clock.now(),
            mute_type="ONE_TIME" if schedule["Expression"].startswith("at") else "RECURRING",
        )
    )  # fmt: skip


def _checked(schedule: ScheduleTypeDef) -> timedelta:
    """The duration of a schedule that can be."""
    try:
        parse_five(schedule["Expression"])
    except LanguageError as error:
        raise ValidationError.schedule(error) from error
    zone = schedule.get("Timezone", "UTC")
    try:
        ZoneInfo(zone)
    except (ValueError, LookupError, OSError) as error:
        raise ValidationError.timezone(zone) from error
    found = DURATION.fullmatch(schedule["Duration"])
    days, hours, minutes = (int(each or 0) for each in found.groups()) if found else (0, 0, 0)
    duration = timedelta(days=days, hours=hours, minutes=minutes)
    if not SHORTEST <= duration <= LONGEST:
        raise ValidationError.duration(schedule["Duration"])
    return duration


@operation("GetAlarmMuteRule")
def get_alarm_mute_rule(alarms: Alarms, request: GetAlarmMuteRuleInputTypeDef) -> dict[str, Any]:
    """With its status now."""
    return alarms.mute_rules[request["AlarmMuteRuleName"]].to_aws()


@operation("ListAlarmMuteRules")
def list_alarm_mute_rules(
    alarms: Alarms, request: ListAlarmMuteRulesInputTypeDef
) -> dict[str, Any]:
    """In order of name."""
    alarm, statuses = request.get("AlarmName"), request.get("Statuses")
    found = [
        each for each in alarms.mute_rules
        if (alarm is None or each.names(alarm)) and (not statuses or each.status in statuses)
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("NextToken"), request.get("MaxRecords", PAGE), of="ListAlarmMuteRules",
        bad_token=InvalidNextToken, key=lambda each: each.name,
    )  # fmt: skip
    shown = [
        {member: value for member, value in each.to_aws().items() if member in SUMMARY}
        for each in page
    ]
    return {"AlarmMuteRuleSummaries": shown, "NextToken": token}


@operation("DeleteAlarmMuteRule")
def delete_alarm_mute_rule(alarms: Alarms, request: DeleteAlarmMuteRuleInputTypeDef) -> None:
    """No such rule is no mistake."""
    alarms.mute_rules.delete(request["AlarmMuteRuleName"])
