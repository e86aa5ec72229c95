"""Anomaly detectors, the bands that they give, and alarms that compare with them."""

from __future__ import annotations

import json
import math
import random
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)  # a Monday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
METRIC = {"Namespace": "App", "MetricName": "Load"}
POLICY = (
    "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:1:autoScalingGroupName/g:policyName/p"
)
LOAD = {
    "Id": "m",
    "MetricStat": {"Metric": METRIC, "Period": 300, "Stat": "Average"},
    "ReturnData": True,
}


def by_day(at):
    """More at noon than at midnight."""
    return 100 + 40 * math.sin(2 * math.pi * (at.hour + at.minute / 60 - 6) / 24)


def by_week(at):
    """The same from Monday to Friday, and nearly nothing at weekends."""
    return by_day(at) if at.weekday() < 5 else 10.0


def fill(mon, shape, *, days=14, noise=2.0, every=5 * MINUTE, until=NOON, seed=1):
    """Points of so many days before an instant, with noise that is always the same."""
    chance = random.Random(seed)
    count = int(days * DAY / every)
    points = [
        (at, shape(at) + chance.gauss(0, noise))
        for at in (until - step * every for step in range(count, 0, -1))
    ]
    mon.metrics.put_series("App", "Load", points)
    return points


def band(client, start, end, width=2, metric=LOAD, expression="ANOMALY_DETECTION_BAND(m, {})"):
    """The lower and the upper bound by time, and the values."""
    found = client.get_metric_data(
        MetricDataQueries=[metric, {"Id": "ad", "Expression": expression.format(width)}],
        StartTime=start, EndTime=end, ScanBy="TimestampAscending",
    )["MetricDataResults"]  # fmt: skip
    values, lower, upper = [
        dict(zip(each["Timestamps"], each["Values"], strict=True)) for each in found
    ]
    return values, lower, upper


def outside(client, start, end, width=2):
    """The share of the points that aren't in their band."""
    values, lower, upper = band(client, start, end, width)
    assert len(values) == len(lower) == len(upper) > 0
    return sum(not lower[at] <= x <= upper[at] for at, x in values.items()) / len(values)


# -- what is learned -------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [by_day, by_week, lambda _: 50.0])
@pytest.mark.parametrize("noise", [1.0, 8.0])
def test_few_points_of_a_season_fall_outside(monitoring, cloudwatch, shape, noise):
    # given two weeks to learn from, and a day that is like them
    fill(monitoring, shape, noise=noise)
    monitoring.clock.advance(days=1)
    fill(monitoring, shape, days=1, noise=noise, until=NOON + DAY, seed=2)
    # then of the day at most two in a hundred points are outside
    assert outside(cloudwatch, NOON, NOON + DAY) <= 0.02


@pytest.mark.parametrize("shape", [by_day, by_week])
def test_a_shift_is_flagged(monitoring, cloudwatch, shape):
    fill(monitoring, shape)
    # when for an hour there is more than ever at that time
    for step in range(12):
        at = NOON + step * 5 * MINUTE
        monitoring.metrics.put("App", "Load", shape(at) + 30, at=at)
    assert outside(cloudwatch, NOON, NOON + HOUR) == 1


def test_what_is_usual_by_day_is_not_at_night(monitoring, cloudwatch):
    # given a metric that is low at midnight
    fill(monitoring, by_day, until=NOON)
    midnight = NOON + 12 * HOUR
    monitoring.clock.run_until(midnight)
    # when it is then as high as at noon
    monitoring.metrics.put("App", "Load", by_day(NOON), at=midnight)
    # then that is no usual value
    assert outside(cloudwatch, midnight, midnight + 5 * MINUTE) == 1


def test_a_wider_band_is_wider_in_proportion(monitoring, cloudwatch):
    fill(monitoring, by_day)
    _, low1, high1 = band(cloudwatch, NOON, NOON + 5 * MINUTE, 1)
    _, low3, high3 = band(cloudwatch, NOON, NOON + 5 * MINUTE, 3)
    assert high3[NOON] - low3[NOON] == pytest.approx(3 * (high1[NOON] - low1[NOON]))


def test_a_band_is_not_below_zero_if_no_value_was(monitoring, cloudwatch):
    fill(monitoring, lambda at: float(at.minute % 10 == 0), noise=0.0)
    _, lower, _ = band(cloudwatch, NOON, NOON + HOUR, 10)
    assert min(lower.values()) == 0.0


def test_a_band_goes_on_where_there_are_no_points(monitoring, cloudwatch):
    fill(monitoring, by_day)
    values, lower, upper = band(cloudwatch, NOON, NOON + HOUR)
    assert (len(values), len(lower), len(upper)) == (0, 12, 12)


@pytest.mark.parametrize(("hours", "known"), [(2, False), (4, True)])
def test_some_hours_are_enough_to_begin_with(monitoring, cloudwatch, hours, known):
    fill(monitoring, lambda _: 50.0, days=hours / 24)
    _, lower, _ = band(cloudwatch, NOON, NOON + 5 * MINUTE)
    assert bool(lower) is known


def test_points_that_come_late_are_learned_from(monitoring, cloudwatch):
    # given a band that was learned from two days
    fill(monitoring, lambda _: 50.0, days=2)
    _, _, before = band(cloudwatch, NOON, NOON + 5 * MINUTE)
    # when there comes what was before them
    fill(monitoring, lambda _: 90.0, days=10, until=NOON - 2 * DAY)
    _, _, after = band(cloudwatch, NOON, NOON + 5 * MINUTE)
    assert after[NOON] > before[NOON] + 20


def test_one_incident_is_no_lesson(monitoring, cloudwatch):
    # given one hour of last week that was far off
    points = fill(monitoring, by_day, noise=1.0)
    for at, _ in points:
        if NOON - 5 * DAY <= at < NOON - 5 * DAY + HOUR:
            monitoring.metrics.put("App", "Load", 5000, at=at)
    _, lower, upper = band(cloudwatch, NOON, NOON + HOUR)
    assert upper[NOON] - lower[NOON] < 20


def test_an_expression_has_a_band_too(monitoring, cloudwatch):
    fill(monitoring, by_day)
    found = cloudwatch.get_metric_data(
        MetricDataQueries=[
            LOAD,
            {"Id": "double", "Expression": "m * 2"},
            {"Id": "ad", "Expression": "ANOMALY_DETECTION_BAND(double, 2)"},
        ],
        StartTime=NOON, EndTime=NOON + 5 * MINUTE,
    )["MetricDataResults"]  # fmt: skip
    lower, upper = [each["Values"][0] for each in found if each["Id"] == "ad"]
    assert lower < 2 * by_day(NOON) < upper
    _, single_lower, single_upper = band(cloudwatch, NOON, NOON + 5 * MINUTE)
    assert upper - lower == pytest.approx(2 * (single_upper[NOON] - single_lower[NOON]))


def test_first_and_last_are_its_bounds(monitoring, cloudwatch):
    # User Guide, "Metric math functions": FIRST is the lower, LAST the upper bound
    fill(monitoring, by_day)
    found = cloudwatch.get_metric_data(
        MetricDataQueries=[
            LOAD,
            {"Id": "low", "Expression": "FIRST(ANOMALY_DETECTION_BAND(m))"},
            {"Id": "high", "Expression": "LAST(ANOMALY_DETECTION_BAND(m))"},
        ],
        StartTime=NOON, EndTime=NOON + 5 * MINUTE,
    )["MetricDataResults"]  # fmt: skip
    values = {each["Id"]: each["Values"] for each in found}
    assert values["low"][0] < by_day(NOON) < values["high"][0]


def test_two_bands_in_one_expression_are_refused(cloudwatch):
    twice = "FIRST(ANOMALY_DETECTION_BAND(m)) + LAST(ANOMALY_DETECTION_BAND(m))"
    with pytest.raises(ClientError, match="only once in an expression"):
        band(cloudwatch, NOON, NOON + HOUR, expression=twice)


@given(
    level=st.floats(-1e6, 1e6),
    values=st.lists(st.floats(-1e6, 1e6), min_size=60, max_size=200),
    width=st.floats(0.1, 10),
)
@settings(max_examples=40)
def test_a_band_is_finite_and_in_order(level, values, width):
    from awsmon.metrics.anomaly import Settings, train

    model = train(
        {place * 300: value + level for place, value in enumerate(values)}, Settings(timezone.utc)
    )
    assert model is not None
    for at in range(0, 7 * 86_400, 10_000):
        lower, upper = model.band(at, width)
        assert math.isfinite(lower)
        assert math.isfinite(upper)
        assert lower <= upper or lower == 0


# -- detectors -------------------------------------------------------------------------------------


def put(client, configuration=None, **more: Any):
    request: dict[str, Any] = {"SingleMetricAnomalyDetector": {**METRIC, "Stat": "Average"}} | more
    if configuration:
        request["Configuration"] = configuration
    client.put_anomaly_detector(**request)


def described(client, **more):
    return client.describe_anomaly_detectors(**more)["AnomalyDetectors"]


def test_excluded_ranges_are_no_lessons(monitoring, cloudwatch):
    # given a week of which three days were a load test
    def shape(at):
        return 900.0 if NOON - 6 * DAY <= at < NOON - 1 * DAY else 50.0

    fill(monitoring, shape, days=7, noise=1.0)
    _, _, before = band(cloudwatch, NOON, NOON + 5 * MINUTE)
    # when these are excluded
    put(cloudwatch, {
        "ExcludedTimeRanges": [{"StartTime": NOON - 6 * DAY, "EndTime": NOON - 1 * DAY}]
    })  # fmt: skip
    _, lower, upper = band(cloudwatch, NOON, NOON + 5 * MINUTE)
    # then only the rest counts
    assert before[NOON] > 800
    assert 40 < lower[NOON] < upper[NOON] < 60


def test_days_begin_in_the_time_zone_of_the_metric(monitoring):
    # given a metric with a daily peak by the clocks of New York, through the change to summer time
    from zoneinfo import ZoneInfo

    new_york = ZoneInfo("America/New_York")
    after = datetime(2026, 3, 9, 12, tzinfo=timezone.utc)  # a day after the change

    def shape(at):
        return 100.0 if at.astimezone(new_york).hour == 9 else 10.0

    monitoring.clock.run_until(after)
    fill(monitoring, shape, until=after, noise=0.5)
    peak = datetime(2026, 3, 9, 13, 30, tzinfo=timezone.utc)
    cloudwatch = boto3.client("cloudwatch")
    # when it is learned in UTC, the peak is expected an hour later
    _, _, upper = band(cloudwatch, peak, peak + 5 * MINUTE)
    assert upper[peak] < 90
    # then not so in its own time zone
    put(cloudwatch, {"MetricTimezone": "America/New_York"})
    _, _, upper = band(cloudwatch, peak, peak + 5 * MINUTE)
    assert upper[peak] > 90


def test_spikes_that_come_daily_are_expected_if_told_so(monitoring, cloudwatch):
    # given a job that runs at ten past each noon
    fill(monitoring, lambda at: 500.0 if (at.hour, at.minute) == (12, 10) else 50.0, noise=0.5)
    spike = NOON + 10 * MINUTE
    _, _, upper = band(cloudwatch, spike, spike + 5 * MINUTE)
    assert upper[spike] < 500
    put(cloudwatch, MetricCharacteristics={"PeriodicSpikes": True})
    _, _, upper = band(cloudwatch, spike, spike + 5 * MINUTE)
    assert upper[spike] > 490


@pytest.mark.needs("cloudwatch.AnomalyDetectorConfiguration.AdaptationSpeed")
@pytest.mark.parametrize(("speed", "level"), [("FAST", 90), ("NORMAL", 50)])
def test_how_fast_it_adapts(monitoring, cloudwatch, speed, level):
    # given a metric that lives on another level for six days of the last fourteen
    fill(monitoring, lambda at: 90.0 if at >= NOON - 6 * DAY else 50.0, noise=0.1)
    put(cloudwatch, {"AdaptationSpeed": speed})
    _, lower, upper = band(cloudwatch, NOON, NOON + 5 * MINUTE)
    assert (lower[NOON] + upper[NOON]) / 2 == pytest.approx(level, abs=1)


def test_a_detector_is_described(monitoring, cloudwatch):
    # recordings of DescribeAnomalyDetectors (LocalStack's snapshots)
    put(cloudwatch, {"ExcludedTimeRanges": [], "MetricTimezone": "Europe/Paris"})
    [found] = described(cloudwatch)
    found.pop("AnomalyDetectorId", None)
    assert found == {
        **METRIC, "Dimensions": [], "Stat": "Average", "StateValue": "PENDING_TRAINING",
        "Configuration": {"ExcludedTimeRanges": [], "MetricTimezone": "Europe/Paris"},
        "SingleMetricAnomalyDetector": {
            **METRIC, "AccountId": "123456789012", "Dimensions": [], "Stat": "Average",
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "PENDING_TRAINING"), (0.1, "TRAINED_INSUFFICIENT_DATA"), (3, "TRAINED")],
)
def test_the_state_of_a_detector(monitoring, cloudwatch, days, state):
    put(cloudwatch)
    if days:
        fill(monitoring, by_day, days=days)
    assert described(cloudwatch)[0]["StateValue"] == state


def test_one_that_is_put_again_is_the_same(cloudwatch):
    put(cloudwatch)
    [before] = described(cloudwatch)
    put(cloudwatch, {"MetricTimezone": "Europe/Paris"})
    [after] = described(cloudwatch)
    assert before.get("AnomalyDetectorId") == after.get("AnomalyDetectorId")
    assert after["Configuration"]["MetricTimezone"] == "Europe/Paris"


def test_the_flat_form_means_the_same(cloudwatch):
    cloudwatch.put_anomaly_detector(**METRIC, Stat="Average", Dimensions=[])
    put(cloudwatch)
    assert len(described(cloudwatch)) == 1
    cloudwatch.delete_anomaly_detector(**METRIC, Stat="Average")
    assert described(cloudwatch) == []


MATH = {
    "MetricDataQueries": [
        {**LOAD, "ReturnData": False},
        {"Id": "double", "Expression": "m * 2", "ReturnData": True},
    ]
}


def test_of_metric_math(monitoring, cloudwatch):
    fill(monitoring, by_day)
    put(cloudwatch)
    cloudwatch.put_anomaly_detector(
        MetricMathAnomalyDetector=MATH,
        Configuration={"ExcludedTimeRanges": [{"StartTime": NOON - 15 * DAY, "EndTime": NOON}]},
    )
    # then it is listed where it is asked for
    assert "MetricMathAnomalyDetector" not in described(cloudwatch)[0]
    [found] = described(cloudwatch, AnomalyDetectorTypes=["METRIC_MATH"])
    assert found["MetricMathAnomalyDetector"] == MATH
    # and its configuration is that of the expression's band
    queries = [
        *MATH["MetricDataQueries"],
        {"Id": "ad", "Expression": "ANOMALY_DETECTION_BAND(double)"},
    ]
    results = cloudwatch.get_metric_data(
        MetricDataQueries=queries, StartTime=NOON, EndTime=NOON + HOUR
    )["MetricDataResults"]
    assert [each["Values"] for each in results if each["Id"] == "ad"] == [[], []]
    cloudwatch.delete_anomaly_detector(MetricMathAnomalyDetector=MATH)
    assert described(cloudwatch, AnomalyDetectorTypes=["METRIC_MATH"]) == []


@pytest.mark.needs("cloudwatch.DescribeAnomalyDetectors.AnomalyDetectorIds")
def test_by_their_ids(cloudwatch):
    for name in ("a", "b"):
        put(cloudwatch, SingleMetricAnomalyDetector={
            "Namespace": "App", "MetricName": name, "Stat": "Sum",
        })  # fmt: skip
    [first, second] = described(cloudwatch)
    assert described(cloudwatch, AnomalyDetectorIds=[second["AnomalyDetectorId"]]) == [second]
    cloudwatch.delete_anomaly_detector(AnomalyDetectorId=second["AnomalyDetectorId"])
    assert described(cloudwatch) == [first]


def test_they_are_filtered_and_come_in_pages(cloudwatch):
    for name in ("a", "b", "c"):
        put(cloudwatch, SingleMetricAnomalyDetector={
            "Namespace": "App", "MetricName": name, "Stat": "Sum",
            "Dimensions": [{"Name": "Host", "Value": name}],
        })  # fmt: skip
    pages = cloudwatch.get_paginator("describe_anomaly_detectors").paginate(
        PaginationConfig={"PageSize": 2}
    )
    assert [len(page["AnomalyDetectors"]) for page in pages] == [2, 1]
    assert len(described(cloudwatch, MetricName="b")) == 1
    assert len(described(cloudwatch, Dimensions=[{"Name": "Host", "Value": "c"}])) == 1
    assert described(cloudwatch, Namespace="Other") == []


@pytest.mark.parametrize(
    ("call", "request_", "code", "message"),
    [
        ("put", {}, "MissingParameter",
         "At least one of the parameters SingleMetricAnomalyDetector or MetricMathAnomalyDetector "
         "must be specified."),
        ("put", {"SingleMetricAnomalyDetector": METRIC}, "MissingParameter",
         "At least one of the parameters Stat must be specified."),
        ("put", {"SingleMetricAnomalyDetector": METRIC, "Stat": "Sum"},
         "InvalidParameterCombination",
         "The parameters SingleMetricAnomalyDetector and Stat are mutually exclusive and you have "
         "specified both."),
        ("put", {**METRIC, "Stat": "Sum", "Configuration": {"MetricTimezone": "Mars/Base"}},
         "InvalidParameterValue", "The value Mars/Base for parameter MetricTimezone is invalid."),
        ("put", {**METRIC, "Stat": "Sum", "Configuration": {"ExcludedTimeRanges": [
            {"StartTime": NOON, "EndTime": NOON}]}}, "InvalidParameterValue",
         "The parameter StartTime must be less than the parameter EndTime."),
        ("put", {**METRIC, "Stat": "Sum", "Configuration": {"ExcludedTimeRanges": [
            {"StartTime": NOON, "EndTime": NOON + DAY}] * 11}}, "InvalidParameterValue",
         "The collection Configuration.ExcludedTimeRanges must not have a size greater than 10."),
        ("put", {"MetricMathAnomalyDetector": {"MetricDataQueries": [LOAD]}},
         "InvalidParameterValue",
         "Exactly one expression of MetricDataQueries should return data."),
        # API reference: "The designated expression must return a single time series"
        *(("put", {"MetricMathAnomalyDetector": {"MetricDataQueries": [
            {**LOAD, "ReturnData": False}, {"Id": "e", "Expression": expression}]}},
           "InvalidParameterValue",
           "The expression that returns data must return a single time series.")
          for expression in ("SEARCH('{App} Load', 'Sum', 60)", "METRICS()", "[m, m]")),
        # API reference: "The maximum value that you can specify is 100"
        ("describe", {"MaxResults": 101}, "InvalidParameterValue",
         "The value 101 for parameter MaxResults is invalid: it must be at most 100."),
        ("delete", {**METRIC, "Stat": "Sum"}, "ResourceNotFoundException",
         "The specified anomaly detector does not exist."),
    ],
)  # fmt: skip
def test_what_is_refused(cloudwatch, call, request_, code, message):
    with pytest.raises(ClientError) as caught:
        name = f"{call}_anomaly_detector" + ("s" if call == "describe" else "")
        getattr(cloudwatch, name)(**request_)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)
    assert described(cloudwatch, AnomalyDetectorTypes=["METRIC_MATH"]) == []


# -- alarms ----------------------------------------------------------------------------------------


def alarm(comparison="LessThanLowerOrGreaterThanUpperThreshold", **more):
    return {
        "AlarmName": "a", "EvaluationPeriods": 1, "ComparisonOperator": comparison,
        "ThresholdMetricId": "ad",
        "Metrics": [
            {**LOAD, "MetricStat": {**LOAD["MetricStat"], "Period": 60}},
            {"Id": "ad", "Expression": "ANOMALY_DETECTION_BAND(m, 2)", "Label": "Load (expected)",
             "ReturnData": True},
        ],
        **more,
    }  # fmt: skip


def test_an_alarm_on_anomalies(monitoring, cloudwatch):
    fill(monitoring, by_day, every=MINUTE, days=7)
    cloudwatch.put_metric_alarm(**alarm())
    # when a value is as usual, the next is too high, and the next too low
    for minute, value in enumerate([by_day(NOON), 500.0, 0.0, by_day(NOON)]):
        monitoring.metrics.put("App", "Load", value, at=NOON + minute * MINUTE)
    states = []
    for _ in range(4):
        monitoring.clock.advance(minutes=1)
        states.append(monitoring.alarms["a"].state.value)
    assert states == ["OK", "ALARM", "ALARM", "OK"]


def test_the_reason_tells_the_band(monitoring, cloudwatch):
    # User Guide, "Alarm events and EventBridge"
    fill(monitoring, by_day, every=MINUTE, days=7)
    cloudwatch.put_metric_alarm(**alarm())
    monitoring.metrics.put("App", "Load", by_day(NOON), at=NOON)
    monitoring.metrics.put("App", "Load", 500.0, at=NOON + MINUTE)
    monitoring.clock.advance(minutes=2)
    data = json.loads(monitoring.alarms["a"].state_reason_data)
    [lower], [upper] = data["recentLowerThresholds"], data["recentUpperThresholds"]
    assert monitoring.alarms["a"].state_reason == (
        "Thresholds Crossed: 1 out of the last 1 datapoints [500.0 (02/03/26 12:01:00)] was less "
        f"than the lower thresholds [{lower}] or greater than the upper thresholds [{upper}] "
        "(minimum 1 datapoint for OK -> ALARM transition)."
    )
    assert list(data) == [
        "version", "queryDate", "startDate", "period", "recentDatapoints", "recentLowerThresholds",
        "recentUpperThresholds", "evaluatedDatapoints",
    ]  # fmt: skip
    monitoring.clock.settle()
    back = [each.summary for each in monitoring.alarms.history.since(monitoring.clock.now())]
    assert back[-1] == "Alarm updated from ALARM to INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("comparison", "value", "state"),
    [
        ("GreaterThanUpperThreshold", 500, "ALARM"),
        ("GreaterThanUpperThreshold", 0, "OK"),
        ("LessThanLowerThreshold", 0, "ALARM"),
        ("LessThanLowerThreshold", 500, "OK"),
    ],
)
def test_one_side_of_the_band(monitoring, cloudwatch, comparison, value, state):
    fill(monitoring, by_day, every=MINUTE, days=7)
    cloudwatch.put_metric_alarm(**alarm(comparison))
    monitoring.metrics.put("App", "Load", value, at=NOON)
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["a"].state == state


def test_without_a_band_there_is_nothing_to_compare_with(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**alarm())
    monitoring.metrics.put("App", "Load", 5, at=NOON)
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["a"].state == "INSUFFICIENT_DATA"


def test_such_an_alarm_brings_its_detector(cloudwatch):
    cloudwatch.put_metric_alarm(**alarm())
    [found] = described(cloudwatch)
    assert (found["MetricName"], found["Stat"]) == ("Load", "Average")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ThresholdMetricId": "m"},
         "ThresholdMetricId m must be the Id of an ANOMALY_DETECTION_BAND function"),
        ({"ComparisonOperator": "GreaterThanThreshold", "Threshold": 1},
         "ComparisonOperator GreaterThanThreshold cannot be used with ThresholdMetricId"),
        ({"Metrics": [{**LOAD, "ReturnData": False}, alarm()["Metrics"][1]]},
         "Exactly two elements of the metrics list should return data."),
        # API reference: "it cannot have Auto Scaling actions"
        ({"AlarmActions": [POLICY]},
         "Auto Scaling actions are not supported for anomaly detection alarms"),
    ],
)  # fmt: skip
def test_alarms_that_are_refused(cloudwatch, changes, message):
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_metric_alarm(**alarm(**changes))
    assert caught.value.response["Error"]["Message"] == message


def test_a_snapshot_knows_the_same_bands(monitoring, cloudwatch):
    fill(monitoring, by_day, days=3)
    put(cloudwatch, {"MetricTimezone": "Europe/Paris"})
    before = band(cloudwatch, NOON, NOON + HOUR)
    snapshot = monitoring.snapshot()
    cloudwatch.delete_anomaly_detector(SingleMetricAnomalyDetector={**METRIC, "Stat": "Average"})
    monitoring.restore(snapshot)
    assert band(cloudwatch, NOON, NOON + HOUR) == before
