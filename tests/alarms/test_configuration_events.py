"""What EventBridge is told of alarms that are made, changed and deleted.

Expected: User Guide, "Alarm events and EventBridge".
"""

from __future__ import annotations

import json

import boto3
import pytest

from tests.alarms.builders import FUNCTION, TOPIC, alarm


@pytest.fixture
def told(monitoring):
    """The events that a rule on the default bus has sent on."""
    events = boto3.client("events")
    pattern = {"detail-type": ["CloudWatch Alarm Configuration Change"]}
    events.put_rule(Name="changes", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="changes", Targets=[{"Id": "1", "Arn": FUNCTION}])
    found = []
    monitoring.bind(FUNCTION, found.append)
    return found


def test_a_metric_alarm_from_its_creation_to_its_end(monitoring, cloudwatch, told):
    request = alarm("busy", missing="ignore", actions=[TOPIC])
    cloudwatch.put_metric_alarm(**request, AlarmDescription="Too busy")
    cloudwatch.put_metric_alarm(**{**request, "Threshold": 8})
    cloudwatch.delete_alarms(AlarmNames=["busy"])
    monitoring.clock.advance(seconds=1)
    created, updated, deleted = (each["detail"] for each in told)
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:busy"
    assert (told[0]["source"], told[0]["resources"]) == ("aws.cloudwatch", [arn])
    [metric] = created["configuration"].pop("metrics")
    assert metric.pop("id")
    assert metric == {
        "metricStat": {
            "metric": {"namespace": "App", "name": "Errors", "dimensions": {}},
            "period": 60, "stat": "Sum",
        },
        "returnData": True,
    }  # fmt: skip
    now = "2026-03-02T12:00:00.000+0000"
    assert created == {
        "alarmName": "busy",
        "operation": "create",
        "state": {"value": "INSUFFICIENT_DATA", "timestamp": now},
        "configuration": {
            "evaluationPeriods": 1, "threshold": 5.0, "treatMissingData": "ignore",
            "comparisonOperator": "GreaterThanThreshold", "alarmName": "busy",
            "description": "Too busy", "actionsEnabled": True, "timestamp": now,
            "okActions": [], "alarmActions": [TOPIC], "insufficientDataActions": [],
        },
    }  # fmt: skip
    assert updated["operation"] == "update"
    assert updated["previousConfiguration"]["threshold"] == 5.0
    assert updated["configuration"]["threshold"] == 8.0
    assert "description" not in updated["configuration"]
    assert (deleted["operation"], deleted["configuration"]["threshold"]) == ("delete", 8.0)
    assert "previousConfiguration" not in deleted


def test_a_composite_alarm_is_told_with_its_rule(monitoring, cloudwatch, told):
    cloudwatch.put_composite_alarm(AlarmName="never", AlarmRule="FALSE")
    monitoring.clock.advance(seconds=1)
    [detail] = (each["detail"] for each in told)
    assert detail["configuration"] == {
        "alarmRule": "FALSE", "alarmName": "never", "actionsEnabled": True,
        "timestamp": "2026-03-02T12:00:00.000+0000", "okActions": [], "alarmActions": [],
        "insufficientDataActions": [],
    }  # fmt: skip


def test_an_alarm_on_queries_is_told_with_them(monitoring, cloudwatch, told):
    cloudwatch.put_metric_alarm(
        AlarmName="rate", EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Metrics=[{"Id": "one", "Expression": "TIME_SERIES(1)", "Label": "l", "Period": 60}],
    )  # fmt: skip
    monitoring.clock.advance(seconds=1)
    [detail] = (each["detail"] for each in told)
    assert detail["configuration"]["metrics"] == [
        {"id": "one", "expression": "TIME_SERIES(1)", "label": "l", "period": 60,
         "returnData": True}
    ]  # fmt: skip
