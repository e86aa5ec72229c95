"""Alarms that tell their tags with each notification."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.alarms.builders import FUNCTION, TOPIC, alarm

pytestmark = pytest.mark.needs("cloudwatch.PutMetricAlarm.ActionConfiguration")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"Enabled": True}, {"team": "blue", "stage": "test"}),
        ({"Enabled": True, "IncludedTagKeys": ["team", "cost"]}, {"team": "blue"}),
        ({"Enabled": True, "ExcludedTagKeys": ["team"]}, {"stage": "test"}),
        ({"Enabled": False}, None),
        (None, None),
    ],
)
def test_an_alarm_tells_its_tags_where_it_is_configured_to(monitoring, settings, told):
    # source: User Guide, "Alarm tags in action payloads"
    cloudwatch = boto3.client("cloudwatch")
    configuration = {} if settings is None else {
        "ActionConfiguration": {"AlarmTagsPropagation": settings}}  # fmt: skip
    cloudwatch.put_metric_alarm(
        **alarm(actions=[TOPIC, FUNCTION], **configuration,
                Tags=[{"Key": "team", "Value": "blue"}, {"Key": "stage", "Value": "test"}])
    )  # fmt: skip
    monitoring.alarms.set_state("too-many-errors", "ALARM", reason="x")
    [sent] = monitoring.deliveries.to(TOPIC)
    message = json.loads(sent.payload["Message"])
    assert message.get("AlarmTags") == told
    assert message.get("AlarmTagsStatus") == (None if told is None else "SUCCESS")
    [invoked] = monitoring.deliveries.to(FUNCTION)
    assert invoked.payload["alarmData"].get("alarmTags") == told


def test_tags_to_tell_are_chosen_in_one_way(monitoring):
    both = {"Enabled": True, "IncludedTagKeys": ["a"], "ExcludedTagKeys": ["b"]}
    with pytest.raises(ClientError, match="IncludedTagKeys and ExcludedTagKeys"):
        boto3.client("cloudwatch").put_metric_alarm(
            **alarm(ActionConfiguration={"AlarmTagsPropagation": both})
        )
