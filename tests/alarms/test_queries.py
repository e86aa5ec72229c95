"""Alarms upon what queries return: metric math, and Metrics Insights with one series or several."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.alarms.builders import FUNCTION, TOPIC

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
INSTANCES = "arn:aws:automate:us-east-1:ec2:stop"
SELECT = "SELECT MAX(Load) FROM App GROUP BY Host ORDER BY MAX() DESC"


def stat(name, metric, *, returned=False, period=60, statistic="Sum"):
    return {
        "Id": name,
        "MetricStat": {
            "Metric": {"Namespace": "App", "MetricName": metric},
            "Period": period,
            "Stat": statistic,
        },
        "ReturnData": returned,
    }


RATE = [
    {"Id": "rate", "Expression": "errors / requests * 100", "Label": "Error rate"},
    stat("errors", "Errors"),
    stat("requests", "Requests"),
]


def alarm(*queries, name="a", **more):
    """PutMetricAlarm's parameters: over ten, in one period."""
    request = {
        "AlarmName": name,
        "Metrics": list(queries),
        "EvaluationPeriods": 1,
        "Threshold": 10,
        "ComparisonOperator": "GreaterThanThreshold",
        **more,
    }
    return {member: value for member, value in request.items() if value is not None}


def put(mon, at, **values):
    for name, value in values.items():
        mon.metrics.put("App", name, value, at=at)


def states(mon, name="a"):
    return [
        (each.timestamp - NOON, each.summary.rpartition(" ")[2])
        for each in mon.alarms.history.since(mon.clock.now())
        if each.item_type == "StateUpdate" and each.alarm_name == name
    ]


def refused(client, **request):
    with pytest.raises(ClientError) as caught:
        client.put_metric_alarm(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


# -- metric math -----------------------------------------------------------------------------------


def test_an_alarm_upon_an_expression(monitoring, cloudwatch):
    # given errors and requests of some minutes
    for minute, errors, requests in [(0, 1, 100), (1, 20, 100), (2, 30, 200), (3, 2, 200)]:
        put(monitoring, NOON + minute * MINUTE, Errors=errors, Requests=requests)
    # when an alarm looks at their rate
    cloudwatch.put_metric_alarm(**alarm(*RATE))
    monitoring.clock.advance(minutes=5)
    # then it changes as the rate does, a minute later
    assert states(monitoring) == [
        (1 * MINUTE, "OK"), (2 * MINUTE, "ALARM"), (4 * MINUTE, "OK"),
    ]  # fmt: skip


def test_the_reason_of_an_expression(monitoring, cloudwatch):
    # User Guide, "Alarm events and EventBridge": no statistic in the data of an expression
    put(monitoring, NOON, Errors=50, Requests=200)
    cloudwatch.put_metric_alarm(**alarm(*RATE))
    monitoring.clock.advance(minutes=1)
    found = monitoring.alarms["a"]
    assert found.state_reason == (
        "Threshold Crossed: 1 datapoint [25.0 (02/03/26 12:00:00)] was greater than the threshold "
        "(10.0)."
    )
    data = json.loads(found.state_reason_data)
    assert data == {
        "version": "1.0",
        "queryDate": "2026-03-02T12:01:00.000+0000",
        "startDate": "2026-03-02T12:00:00.000+0000",
        "period": 60,
        "recentDatapoints": [25.0],
        "threshold": 10.0,
        "evaluatedDatapoints": [{"timestamp": "2026-03-02T12:00:00.000+0000", "value": 25.0}],
    }


def test_it_is_described_as_it_was_put(cloudwatch):
    cloudwatch.put_metric_alarm(**alarm(*RATE))
    [found] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert [(each["Id"], each["ReturnData"]) for each in found["Metrics"]] == [
        ("rate", True), ("errors", False), ("requests", False),
    ]  # fmt: skip
    assert not {"MetricName", "Namespace", "Period", "Statistic"} & found.keys()
    # and it isn't found by a metric
    for_metric = cloudwatch.describe_alarms_for_metric(Namespace="App", MetricName="Errors")
    assert for_metric["MetricAlarms"] == []


def test_late_points_wake_it(monitoring, cloudwatch):
    # given an alarm that has nothing to look at
    cloudwatch.put_metric_alarm(**alarm(*RATE))
    monitoring.clock.advance(hours=1)
    # when points come
    put(monitoring, monitoring.clock.now(), Errors=50, Requests=100)
    monitoring.clock.advance(minutes=1)
    # then it sees them
    assert monitoring.alarms["a"].state == "ALARM"
    # and when they are gone there is nothing to know, and nothing to do
    monitoring.clock.settle()
    assert monitoring.alarms["a"].state == "INSUFFICIENT_DATA"


def test_the_hour_of_the_day_may_decide(monitoring, cloudwatch):
    # given an alarm that is for the afternoon, User Guide "IF": business hours
    expression = "IF(HOUR(load) >= 13, load, 0)"
    cloudwatch.put_metric_alarm(
        **alarm({"Id": "e", "Expression": expression}, stat("load", "Load"))
    )
    for minute in range(120):
        put(monitoring, NOON + minute * MINUTE, Load=50)
    monitoring.clock.advance(hours=2)
    assert states(monitoring) == [(MINUTE, "OK"), (61 * MINUTE, "ALARM")]


def test_an_alarm_that_looks_at_the_clock_is_no_hindrance_to_settle(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(
        **alarm({"Id": "e", "Expression": "HOUR(load)"}, stat("load", "Load"))
    )
    monitoring.clock.settle()
    monitoring.clock.advance(minutes=5)
    assert monitoring.alarms["a"].timer.due == NOON + 6 * MINUTE


def test_missing_points_are_treated_as_they_are_of_a_metric(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**alarm(*RATE, TreatMissingData="breaching"))
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["a"].state_reason == (
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was "
        "treated as [Breaching]."
    )


@pytest.mark.parametrize(
    ("namespaces", "given", "treatment"),
    [
        # User Guide, "Configuring how alarms treat missing data": DynamoDB's own default
        (["AWS/DynamoDB"], None, "ignore"),
        (["AWS/DynamoDB"], "breaching", "breaching"),
        (["AWS/DynamoDB", "App"], None, "missing"),
        (["App"], None, "missing"),
    ],
)
def test_what_missing_points_are_by_default(monitoring, cloudwatch, namespaces, given, treatment):
    metrics = [stat(f"m{number}", "Load") for number, _ in enumerate(namespaces)]
    for query, namespace in zip(metrics, namespaces, strict=True):
        query["MetricStat"]["Metric"]["Namespace"] = namespace
    cloudwatch.put_metric_alarm(
        **alarm({"Id": "e", "Expression": "SUM(METRICS())"}, *metrics, TreatMissingData=given)
    )
    assert monitoring.alarms["a"].missing == treatment


def test_topics_and_functions_are_told_the_queries(monitoring, cloudwatch):
    put(monitoring, NOON, Errors=50, Requests=200)
    cloudwatch.put_metric_alarm(**alarm(*RATE, AlarmActions=[TOPIC, FUNCTION]))
    monitoring.clock.advance(minutes=1)
    [notified], [invoked] = monitoring.deliveries.to(TOPIC), monitoring.deliveries.to(FUNCTION)
    trigger = json.loads(notified.payload["Message"])["Trigger"]
    assert (trigger["Period"], trigger["Threshold"]) == (60, 10.0)
    assert trigger["Metrics"][0] == {
        "Id": "rate", "Expression": "errors / requests * 100", "Label": "Error rate",
        "ReturnData": True,
    }  # fmt: skip
    assert trigger["Metrics"][1]["MetricStat"]["Metric"] == {
        "Namespace": "App", "MetricName": "Errors", "Dimensions": [],
    }  # fmt: skip
    # User Guide, "Alarm events and EventBridge"
    assert invoked.payload["alarmData"]["configuration"]["metrics"][:2] == [
        {"id": "rate", "expression": "errors / requests * 100", "label": "Error rate",
         "returnData": True},
        {"id": "errors", "metricStat": {"metric": {"namespace": "App", "name": "Errors",
         "dimensions": {}}, "period": 60, "stat": "Sum"}, "returnData": False},
    ]  # fmt: skip


def test_an_explanation_names_the_expression(monitoring, cloudwatch):
    put(monitoring, NOON, Errors=50, Requests=200)
    cloudwatch.put_metric_alarm(**alarm(*RATE))
    monitoring.clock.advance(minutes=1)
    text = str(monitoring.explain("a"))
    assert "rate = errors / requests * 100 > 10.0 in 1 of 1 periods of 60 s" in text
    assert "25  breaching" in text


def test_a_metric_of_a_linked_account(monitoring):
    # given an account that shares its metrics
    source = monitoring.at(account="111111111111")
    sink = boto3.client("oam").create_sink(Name="s")["Arn"]
    boto3.client("oam").put_sink_policy(
        SinkIdentifier=sink,
        Policy=json.dumps({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Resource": "*",
                "Action": ["oam:CreateLink", "oam:UpdateLink"],
            }],
        }),
    )  # fmt: skip
    boto3.client("oam", **source.credentials).create_link(
        SinkIdentifier=sink, LabelTemplate="app", ResourceTypes=["AWS::CloudWatch::Metric"]
    )
    # when an alarm here watches one of them
    query = stat("m", "Load", returned=True) | {"AccountId": "111111111111"}
    boto3.client("cloudwatch").put_metric_alarm(**alarm(query))
    source.metrics.put("App", "Load", 50)
    monitoring.clock.advance(minutes=1)
    # then it sees what comes in there
    assert monitoring.alarms["a"].state == "ALARM"


@pytest.mark.parametrize(
    ("request_", "code", "message"),
    [
        (alarm(*RATE, MetricName="x"), "InvalidParameterCombination",
         "The parameters Metrics and MetricName are mutually exclusive and you have specified "
         "both."),
        (alarm(stat("a", "A", returned=True), stat("b", "B", returned=True)), "ValidationError",
         "Exactly one element of the metrics list should return data."),
        (alarm(stat("a", "A")), "ValidationError",
         "Exactly one element of the metrics list should return data."),
        (alarm({"Id": "e", "Expression": "SUM(SEARCH('App', 'Sum', 60))"}), "ValidationError",
         "SEARCH is not supported on Metric Alarms."),
        (alarm({"Id": "e", "Expression": "METRICS()"}, stat("a", "A")), "ValidationError",
         "Metrics expression that return multi time series are only allowed for MetricsInsights "
         "expression with an ORDER BY clause"),
        (alarm({"Id": "q", "Expression": "SELECT SUM(A) FROM App GROUP BY Host", "Period": 60}),
         "ValidationError",
         "Metrics expression that return multi time series are only allowed for MetricsInsights "
         "expression with an ORDER BY clause"),
        (alarm({"Id": "e", "Expression": "a + b"}, stat("a", "A"), stat("b", "B", period=300)),
         "ValidationError", "All metrics in the metrics list must have the same period"),
        (alarm({"Id": "e", "Expression": "TIME_SERIES(5)"}), "ValidationError",
         "Period must be given in the metrics list"),
        (alarm(*[stat(f"a{n}", "A") for n in range(11)], {"Id": "e", "Expression": "a1"}),
         "ValidationError", "Metrics must not exceed 10"),
        (alarm({"Id": "q", "Expression": "SELECT SUM(A) FROM App", "Period": 3600},
               EvaluationPeriods=4),
         "ValidationError",
         "Metrics Insights queries cannot be checked across more than 10800 seconds, nor in "
         "periods of less than 60 seconds"),
        (alarm(*RATE, Threshold=None), "MissingParameter",
         "The request must contain the parameter Threshold."),
        (alarm(*RATE, ThresholdMetricId="rate"), "ValidationError",
         "ThresholdMetricId rate must be the Id of an ANOMALY_DETECTION_BAND function"),
        (alarm(*RATE, AlarmActions=[INSTANCES]), "ValidationError",
         "Actions on EC2 instances need a metric with the dimension InstanceId"),
    ],
)  # fmt: skip
def test_what_is_refused(cloudwatch, request_, code, message):
    assert refused(cloudwatch, **request_) == (code, message)


# -- Metrics Insights ------------------------------------------------------------------------------


def load(mon, at, **hosts):
    for host, value in hosts.items():
        mon.metrics.put("App", "Load", value, at=at, dimensions={"Host": host})


def several(**more):
    return alarm({"Id": "q", "Expression": SELECT, "Period": 60}, **more)


def contributors(client, name="a"):
    return {
        each["ContributorAttributes"]["Host"]: each
        for each in client.describe_alarm_contributors(AlarmName=name)["AlarmContributors"]
    }


def test_a_query_with_one_series(monitoring, cloudwatch):
    query = {"Id": "q", "Expression": "SELECT MAX(Load) FROM App", "Period": 60}
    cloudwatch.put_metric_alarm(**alarm(query))
    load(monitoring, NOON, one=5, two=50)
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["a"].state_reason == (
        "Threshold Crossed: 1 datapoint [50.0 (02/03/26 12:00:00)] was greater than the threshold "
        "(10.0)."
    )
    monitoring.clock.settle()
    assert monitoring.alarms["a"].state == "INSUFFICIENT_DATA"


class TestSeveralSeries:
    pytestmark = pytest.mark.needs("cloudwatch.DescribeAlarmContributors")

    def test_more_than_10_000_metrics_are_read_in_part(self, monitoring, cloudwatch, monkeypatch):
        # given a smaller limit, and a metric more than that
        monkeypatch.setattr("awsmon.metrics.sql.MOST_METRICS", 2)
        cloudwatch.put_metric_alarm(**alarm({"Id": "q", "Expression": SELECT, "Period": 60}))
        for host in "abc":
            monitoring.metrics.put("App", "Load", 20, dimensions={"Host": host})
        # when it is evaluated
        monitoring.clock.advance(minutes=1)
        # then it says that it saw a part, and judges that
        [shown] = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"]
        assert (shown["EvaluationState"], shown["StateValue"]) == ("PARTIAL_DATA", "ALARM")
        assert shown["StateReason"] == "2 out of 2 time series evaluated to ALARM"

    def test_each_is_judged_for_itself(self, monitoring, cloudwatch):
        cloudwatch.put_metric_alarm(**several())
        # when one of two hosts is busy
        load(monitoring, NOON, one=5, two=50)
        monitoring.clock.advance(minutes=1)
        # then the alarm says how many, and the contributor which
        found = monitoring.alarms["a"]
        assert found.state_reason == "1 out of 2 time series evaluated to ALARM"
        assert json.loads(found.state_reason_data) == {
            "version": "1.0", "queryDate": "2026-03-02T12:01:00.000+0000",
        }  # fmt: skip
        assert contributors(cloudwatch).keys() == {"two"}
        [busy] = contributors(cloudwatch).values()
        # User Guide, "Alarm events and EventBridge"
        assert busy["StateReason"] == (
            "Threshold Crossed: 1 datapoint was greater than the threshold (10.0). The most recent "
            "datapoint which crossed the threshold: [50.0 (02/03/26 12:00:00)]."
        )
        assert busy["StateTransitionedTimestamp"] == NOON + MINUTE
        assert re.fullmatch("[0-9a-f]{16}", busy["ContributorId"])

    def test_the_alarm_stays_while_one_follows_another(self, monitoring, cloudwatch):
        cloudwatch.put_metric_alarm(**several())
        load(monitoring, NOON, one=50, two=5)
        load(monitoring, NOON + MINUTE, one=5, two=50)
        load(monitoring, NOON + 2 * MINUTE, one=5, two=5)
        monitoring.clock.advance(minutes=3)
        assert states(monitoring) == [(1 * MINUTE, "ALARM"), (3 * MINUTE, "OK")]
        assert monitoring.alarms["a"].state_reason == "2 time series evaluated to OK"
        assert contributors(cloudwatch) == {}

    def test_its_contributors_have_a_history_of_their_own(self, monitoring, cloudwatch):
        cloudwatch.put_metric_alarm(**several())
        load(monitoring, NOON, one=50)
        load(monitoring, NOON + MINUTE, one=5)
        monitoring.clock.advance(minutes=1)
        [busy] = contributors(cloudwatch).values()
        monitoring.clock.advance(minutes=1)

        def history(**more):
            found = cloudwatch.describe_alarm_history(
                AlarmName="a", ScanBy="TimestampAscending", **more
            )
            return found["AlarmHistoryItems"]

        updates = history(HistoryItemType="AlarmContributorStateUpdate")
        assert [each["AlarmContributorAttributes"] for each in updates] == [{"Host": "one"}] * 2
        assert [json.loads(each["HistoryData"])["newState"]["stateValue"] for each in updates] == [
            "ALARM", "OK",
        ]  # fmt: skip
        assert history(AlarmContributorId=busy["ContributorId"]) == updates
        assert history(AlarmContributorId="0" * 16) == []
        # and without asking for them nobody sees them
        assert {each["HistoryItemType"] for each in history()} == {
            "ConfigurationUpdate", "StateUpdate",
        }  # fmt: skip

    def test_a_history_of_contributors_is_of_one_alarm(self, cloudwatch):
        with pytest.raises(ClientError, match="must contain the parameter AlarmName"):
            cloudwatch.describe_alarm_history(HistoryItemType="AlarmContributorAction")

    def test_the_same_labels_have_the_same_id(self, monitoring, cloudwatch):
        for name in ("a", "b"):
            cloudwatch.put_metric_alarm(**several(name=name))
        load(monitoring, NOON, one=50)
        monitoring.clock.advance(minutes=1)
        ids = {
            each["ContributorId"]
            for name in ("a", "b")
            for each in contributors(cloudwatch, name).values()
        }
        assert len(ids) == 1

    def test_who_is_told_of_the_alarm_and_who_of_its_series(self, monitoring, cloudwatch):
        # User Guide, "Acting on alarm changes"
        policy = (
            "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:"
            "d1d1d1d1:autoScalingGroupName/web:policyName/up"
        )
        cloudwatch.put_metric_alarm(**several(AlarmActions=[TOPIC, FUNCTION, policy]))
        load(monitoring, NOON, one=50, two=50)
        monitoring.clock.advance(minutes=1)
        told = [json.loads(each.payload["Message"]) for each in monitoring.deliveries.to(TOPIC)]
        assert [each.get("AlarmContributorAttributes") for each in told] == [
            {"Host": "one"}, {"Host": "two"}, None,
        ]  # fmt: skip
        assert [each["NewStateReason"] for each in told][2:] == [
            "2 out of 2 time series evaluated to ALARM"
        ]
        invoked = [each.payload["alarmData"] for each in monitoring.deliveries.to(FUNCTION)]
        assert [each.get("alarmContributor", {}).get("attributes") for each in invoked] == [
            {"Host": "one"}, {"Host": "two"}, None,
        ]  # fmt: skip
        assert "previousState" not in invoked[0]
        assert len(monitoring.deliveries.to(policy)) == 1
        actions = cloudwatch.describe_alarm_history(
            AlarmName="a", HistoryItemType="AlarmContributorAction"
        )["AlarmHistoryItems"]
        assert len(actions) == 4

    def test_instances_are_stopped_one_by_one(self, monitoring, cloudwatch):
        select = "SELECT MAX(Load) FROM App GROUP BY InstanceId ORDER BY MAX() DESC"
        cloudwatch.put_metric_alarm(
            **alarm({"Id": "q", "Expression": select, "Period": 60}, AlarmActions=[INSTANCES])
        )
        for instance, value in [("i-1", 50), ("i-2", 5)]:
            monitoring.metrics.put("App", "Load", value, dimensions={"InstanceId": instance})
        monitoring.clock.advance(minutes=1)
        [stopped] = monitoring.deliveries.to(INSTANCES)
        assert stopped.payload["InstanceIds"] == ["i-1"]

    @pytest.mark.parametrize(
        ("treatment", "state"),
        [(None, "INSUFFICIENT_DATA"), ("ignore", "ALARM"), ("breaching", "ALARM"),
         ("notBreaching", "OK")],
    )  # fmt: skip
    def test_when_no_series_is_left(self, monitoring, cloudwatch, treatment, state):
        cloudwatch.put_metric_alarm(**several(TreatMissingData=treatment))
        load(monitoring, NOON, one=50)
        monitoring.clock.settle()
        # then its contributors are gone, and the treatment of missing data decides for the alarm
        assert contributors(cloudwatch) == {}
        assert monitoring.alarms["a"].state == state

    def test_it_goes_on_in_a_copy(self, monitoring, cloudwatch):
        cloudwatch.put_metric_alarm(**several())
        load(monitoring, NOON, one=50)
        monitoring.clock.advance(minutes=1)
        before = contributors(cloudwatch)
        snapshot = monitoring.snapshot()
        cloudwatch.delete_alarms(AlarmNames=["a"])
        monitoring.restore(snapshot)
        assert contributors(cloudwatch) == before

    def test_it_is_explained(self, monitoring, cloudwatch):
        cloudwatch.put_metric_alarm(**several())
        load(monitoring, NOON, one=5, two=50)
        monitoring.clock.advance(minutes=1)
        text = str(monitoring.explain("a"))
        assert "ALARM              since 2026-03-02 12:01:00  Host=two" in text
        assert f"q = {SELECT} > 10.0" in text

    def test_unknown_alarms_and_plain_ones(self, cloudwatch):
        cloudwatch.put_metric_alarm(**alarm(*RATE))
        assert cloudwatch.describe_alarm_contributors(AlarmName="a")["AlarmContributors"] == []
        with pytest.raises(cloudwatch.exceptions.ResourceNotFoundException) as caught:
            cloudwatch.describe_alarm_contributors(AlarmName="b")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


# -- wall clocks and warm-up -----------------------------------------------------------------------


class TestWindows:
    pytestmark = pytest.mark.needs("cloudwatch.PutMetricAlarm.EvaluationWindow")

    @pytest.mark.parametrize(
        ("period", "zone", "after"),
        [
            # boundaries worked out by hand: it is Monday, noon UTC
            (3600, None, timedelta(hours=1)),
            (300, None, timedelta(minutes=5)),
            (86_400, None, timedelta(hours=12)),
            (86_400, "Europe/Paris", timedelta(hours=11)),
            (86_400, "+05:30", timedelta(hours=6, minutes=30)),
            (86_400, "UTC-03:00", timedelta(hours=15)),
            (3600, "+05:30", timedelta(minutes=30)),
            (604_800, "UTC", timedelta(days=6, hours=12)),
        ],
    )
    def test_a_wall_clock_window_ends_at_the_boundary(
        self, monitoring, cloudwatch, period, zone, after
    ):
        clock = {"Timezone": zone} if zone else {}
        query = stat("m", "Load", returned=True, period=period)
        cloudwatch.put_metric_alarm(**alarm(query, EvaluationWindow={"WallClockWindow": clock}))
        put(monitoring, NOON, Load=50)
        monitoring.clock.run_until(NOON + after - MINUTE)
        assert states(monitoring) == []
        monitoring.clock.run_until(NOON + after)
        assert states(monitoring) == [(after, "ALARM")]

    def test_the_period_is_the_clocks_own(self, monitoring, cloudwatch):
        # given points on both sides of one o'clock
        query = stat("m", "Load", returned=True, period=3600)
        cloudwatch.put_metric_alarm(**alarm(query, EvaluationWindow={"WallClockWindow": {}}))
        put(monitoring, NOON + 50 * MINUTE, Load=6)
        put(monitoring, NOON + 70 * MINUTE, Load=6)
        monitoring.clock.advance(hours=3)
        # then they are never added up, as a sliding window would
        assert states(monitoring) == [(60 * MINUTE, "OK")]

    @pytest.mark.parametrize(
        ("window", "period", "message"),
        [
            ({"WallClockWindow": {"Timezone": "Mars/Base"}}, 60, "Invalid timezone: Mars/Base"),
            ({"WallClockWindow": {"Timezone": "+05:31"}}, 60, "Invalid timezone: +05:31"),
            ({"WallClockWindow": {}}, 30,
             "A WallClockWindow requires a period of at least 60 seconds"),
        ],
    )  # fmt: skip
    def test_windows_that_are_none(self, cloudwatch, window, period, message):
        query = stat("m", "Load", returned=True, period=period)
        request = alarm(query, EvaluationWindow=window)
        assert refused(cloudwatch, **request) == ("ValidationError", message)

    def test_it_warms_up_until_its_window_is_full(self, monitoring, cloudwatch):
        # given an alarm that looks at three minutes and warms up for ten
        cloudwatch.put_metric_alarm(
            **alarm(stat("m", "Load", returned=True), EvaluationPeriods=3, DatapointsToAlarm=1,
                    WarmUpConfiguration={"WarmUpPeriodDurationInMinutes": 10})
        )  # fmt: skip
        [found] = cloudwatch.describe_alarms()["MetricAlarms"]
        assert found["EvaluationState"] == "IN_WARM_UP"
        # when points come from the fourth minute on
        for minute in range(4, 9):
            put(monitoring, NOON + minute * MINUTE, Load=50)
        monitoring.clock.advance(minutes=15)
        # then it waits for three of them
        assert states(monitoring)[0] == (7 * MINUTE, "ALARM")
        assert "EvaluationState" not in cloudwatch.describe_alarms()["MetricAlarms"][0]

    def test_or_for_the_whole_time(self, monitoring, cloudwatch):
        cloudwatch.put_metric_alarm(
            **alarm(stat("m", "Load", returned=True), TreatMissingData="breaching",
                    WarmUpConfiguration={"WarmUpPeriodDurationInMinutes": 10,
                                         "OnlyStartEvaluatingAfterWarmUpPeriodEnds": True})
        )  # fmt: skip
        monitoring.clock.advance(minutes=15)
        assert states(monitoring) == [(10 * MINUTE, "ALARM")]

    def test_a_warm_up_that_is_over_does_not_start_again(self, monitoring, cloudwatch):
        def configure(minutes):
            cloudwatch.put_metric_alarm(
                **alarm(stat("m", "Load", returned=True), TreatMissingData="breaching",
                        WarmUpConfiguration={"WarmUpPeriodDurationInMinutes": minutes})
            )  # fmt: skip

        configure(5)
        monitoring.clock.advance(minutes=6)
        configure(60)
        assert "EvaluationState" not in cloudwatch.describe_alarms()["MetricAlarms"][0]
