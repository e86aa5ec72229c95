"""Alarms from Python: create, simulate."""

from __future__ import annotations

import boto3
import pytest

from awsmon import MisuseError
from awsmon.errors import AwsError
from tests.alarms.builders import TOPIC


def test_an_alarm_is_created_as_boto3_would(monitoring):
    made = monitoring.alarms.create(
        "slow", "App", "Latency", ">=", 300, statistic="p99", dimensions={"Service": "api"},
        period=300, periods=3, datapoints=2, missing="breaching", unit="Milliseconds",
        description="slow", actions=[TOPIC], ok_actions=[TOPIC], insufficient_data_actions=[TOPIC],
        tags={"team": "blue"},
    )  # fmt: skip
    [found] = boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert made is monitoring.alarms["slow"]
    expected = {
        "AlarmName": "slow", "Namespace": "App", "MetricName": "Latency", "Threshold": 300.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold", "ExtendedStatistic": "p99",
        "Dimensions": [{"Name": "Service", "Value": "api"}], "Period": 300, "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2, "TreatMissingData": "breaching", "Unit": "Milliseconds",
        "AlarmDescription": "slow", "AlarmActions": [TOPIC], "OKActions": [TOPIC],
        "InsufficientDataActions": [TOPIC],
    }  # fmt: skip
    assert {key: found[key] for key in expected} == expected
    tags = boto3.client("cloudwatch").list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "blue"}]


def test_it_watches(monitoring):
    monitoring.alarms.create("errors", "App", "Errors", ">", 5, actions=[TOPIC])
    monitoring.metrics.put("App", "Errors", 9)
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["errors"].state == "ALARM"


@pytest.mark.parametrize(
    ("comparison", "options", "error", "why"),
    [
        ("=", {}, MisuseError, "no comparison"),
        (">", {"treshold": 1}, MisuseError, "treshold: an alarm has no such option"),
        (">", {"period": 45}, AwsError, "Period must be"),
        (">", {"statistic": "Middle"}, MisuseError, "no statistic"),
        (">", {"periods": 2, "datapoints": 3}, AwsError, "Datapoints to alarm"),
        (">", {"actions": ["nobody"]}, AwsError, "Invalid arn"),
    ],
)
def test_what_cannot_be_meant(monitoring, comparison, options, error, why):
    with pytest.raises(error, match=why):
        monitoring.alarms.create("a", "App", "Errors", comparison, 1, **options)
    assert "a" not in monitoring.alarms


def test_a_series_is_tried_without_storing_anything(monitoring):
    found = monitoring.alarms.simulate([1, 9, 9, 1, None, 9], ">", 5, periods=3, datapoints=2)
    assert found.states == ["OK", "OK", "ALARM", "ALARM", "ALARM", "ALARM"]
    assert found.changes == [(0, "OK"), (2, "ALARM")]
    assert str(found).splitlines()[4].split()[:3] == ["4", "-", "ALARM"]
    assert len(monitoring.alarms) == 0
    assert list(monitoring.metrics) == []


@pytest.mark.parametrize(
    ("missing", "states"),
    [
        ("missing", ["INSUFFICIENT_DATA"] * 3),
        ("notBreaching", ["OK"] * 3),
        ("breaching", ["ALARM"] * 3),
        ("ignore", ["INSUFFICIENT_DATA"] * 3),
    ],
)
def test_missing_datapoints_count_as_the_alarm_treats_them(monitoring, missing, states):
    found = monitoring.alarms.simulate([None] * 3, ">", 5, missing=missing)
    assert found.states == states


def test_a_simulation_agrees_with_what_happens(monitoring):
    # given one series, tried and lived through
    values = [9, 9, None, 1, 9, None, None, 9, 9, 9]
    options = {"periods": 3, "datapoints": 2}
    tried = monitoring.alarms.simulate(values, ">", 5, **options)
    monitoring.alarms.create("a", "App", "Errors", ">", 5, **options)
    lived = []
    for value in values:
        if value is not None:
            monitoring.metrics.put("App", "Errors", value)
        monitoring.clock.advance(minutes=1)
        lived.append(monitoring.alarms["a"].state.value)
    assert tried.states == lived
