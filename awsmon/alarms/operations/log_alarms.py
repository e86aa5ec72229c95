"""Log alarms: put. They are described, set and deleted as all alarms are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.alarms.actions import check_actions
from awsmon.alarms.aggregations import aggregation
from awsmon.alarms.checks import check_treatment
from awsmon.alarms.errors import InvalidParameterValue, MissingParameter, ValidationError
from awsmon.alarms.model import BREACHES, LogAlarm
from awsmon.core.cloudwatch_tags import checked_tags
from awsmon.core.operation import operation
from awsmon.lang.schedule.parser import parse
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.alarms.service import Alarms

MOST_RESULTS = 100
MOST_LINES = 50


@operation("PutLogAlarm")
def put_log_alarm(alarms: Alarms, request: Mapping[str, Any]) -> None:
    """An update replaces the whole configuration and keeps the state; tags count on creation."""
    labels = _check(request)
    check_actions(alarms.scope, request, labels)
    name, now = request["AlarmName"], alarms.clock.now()
    created = name not in alarms
    if not created and not isinstance(alarms[name], LogAlarm):
        raise ValidationError.other_kind(name, alarms[name].kind)
    alarm = LogAlarm.from_aws(
        request, arn=alarms.arn(name), configuration_updated=now, state_updated_timestamp=now,
        state_transitioned_timestamp=now,
    )  # fmt: skip
    tags = checked_tags(request.get("Tags"))
    alarms.save(alarm)
    if created:
        alarms.tags.put(alarm.arn, tags)


def _check(request: Mapping[str, Any]) -> tuple[str, ...]:
    """The labels that tell the query's results apart. The wordings are unverified."""
    if request["ComparisonOperator"] not in BREACHES:
        raise ValidationError.log_comparison(request["ComparisonOperator"])
    results, needed = request["QueryResultsToEvaluate"], request["QueryResultsToAlarm"]
    if results > MOST_RESULTS:
        raise InvalidParameterValue.at_most("QueryResultsToEvaluate", MOST_RESULTS)
    if needed > results:
        raise ValidationError.datapoints()
    if not 0 <= request.get("ActionLogLineCount", 0) <= MOST_LINES:
        raise InvalidParameterValue.at_most("ActionLogLineCount", MOST_LINES)
    if request.get("ActionLogLineCount") and "ActionLogLineRoleArn" not in request:
        raise MissingParameter.member("ActionLogLineRoleArn")
    check_treatment(request)
    return _check_query(request["ScheduledQueryConfiguration"])


def _check_query(configuration: Mapping[str, Any]) -> tuple[str, ...]:
    schedule = configuration["ScheduleConfiguration"]
    if schedule.get("EndTimeOffset", 0) >= schedule["StartTimeOffset"]:
        raise ValidationError.offsets()
    try:
        parse(schedule["ScheduleExpression"], "rate")
    except LanguageError as error:
        raise ValidationError.schedule(error) from error
    try:
        return aggregation(configuration["AggregationExpression"]).labels
    except LanguageError as error:
        raise ValidationError.aggregation(error) from error
