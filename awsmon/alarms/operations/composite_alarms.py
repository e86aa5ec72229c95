"""Composite alarms: put. What all alarms have in common is `alarms.py`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.alarms.actions import check_actions
from awsmon.alarms.errors import ValidationError
from awsmon.alarms.model import CompositeAlarm
from awsmon.core.cloudwatch_tags import checked_tags
from awsmon.core.operation import operation
from awsmon.lang.alarm_rule.compiler import compile_rule
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_cloudwatch.type_defs import PutCompositeAlarmInputTypeDef

    from awsmon.alarms.service import Alarms

MOST_CHILDREN, MOST_PARENTS = 100, 150


@operation("PutCompositeAlarm")
def put_composite_alarm(alarms: Alarms, request: PutCompositeAlarmInputTypeDef) -> None:
    """An update replaces the whole configuration and keeps the state; the rule decides at once."""
    name, now = request["AlarmName"], alarms.clock.now()
    created = name not in alarms
    if not created and not isinstance(alarms[name], CompositeAlarm):
        raise ValidationError.other_kind(name, alarms[name].kind)
    _check_rule(alarms, name, request["AlarmRule"])
    _check_suppressor(alarms, request)
    check_actions(alarms.scope, request)
    tags = checked_tags(request.get("Tags"))
    alarms.save(
        CompositeAlarm.from_aws(
            request,
            arn=alarms.arn(name),
            configuration_updated=now,
            state_updated_timestamp=now,
            state_transitioned_timestamp=now,
        )
    )
    if created:
        alarms.tags.put(alarms.arn(name), tags)


def _check_rule(alarms: Alarms, name: str, text: str) -> None:
    if text != text.strip():
        raise ValidationError.blank_rule()
    try:
        children: Sequence[str] = compile_rule(text).alarms
    except LanguageError as error:
        raise ValidationError.rule(error) from error
    missing = [child for child in children if child not in alarms and child != name]
    if missing:
        raise ValidationError.unknown_children(missing)
    if len(children) > MOST_CHILDREN:
        raise ValidationError.too_many("The number of alarms in the alarm rule", MOST_CHILDREN)
    for child in map(alarms.name_of, children):
        parents = {alarm.name for alarm in alarms.composites.parents(child)}
        if len(parents | {name}) > MOST_PARENTS:
            raise ValidationError.too_many(
                f"The number of composite alarms that depend on {child}", MOST_PARENTS
            )


def _check_suppressor(alarms: Alarms, request: PutCompositeAlarmInputTypeDef) -> None:
    suppressor = request.get("ActionsSuppressor")
    periods = ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
    if {suppressor is not None} != {member in request for member in periods}:
        raise ValidationError.periods()
    if suppressor is not None and suppressor not in alarms:
        raise ValidationError.suppressor(suppressor)
