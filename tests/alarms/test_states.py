"""Alarms that move: evaluation on time, reasons, history, actions."""

from __future__ import annotations

import json
from datetime import timedelta

import boto3
import pytest
from freezegun import freeze_time

from awsmon import MisuseError, mock_monitoring
from awsmon.errors import AwsError
from tests.alarms.builders import FUNCTION, TOPIC, alarm


def test_an_alarm_goes_off_once_after_three_breaching_minutes(monitoring, cloudwatch):
    # given an alarm above 5 errors, three minutes in a row
    cloudwatch.put_metric_alarm(**alarm(periods=3, actions=[TOPIC]))
    # when ten errors come in each of three minutes
    for _ in range(3):
        monitoring.metrics.put("App", "Errors", 10)
        monitoring.clock.advance(minutes=1)
    # then it is in ALARM, and its topic was told once
    assert monitoring.alarms["too-many-errors"].state == "ALARM"
    assert [d.target_arn for d in monitoring.deliveries] == [TOPIC]


def test_a_whole_threshold_is_a_double(monitoring, cloudwatch):
    # given a threshold written as an integer
    cloudwatch.put_metric_alarm(**alarm(threshold=5, actions=[TOPIC]))
    monitoring.metrics.put("App", "Errors", 9)
    monitoring.clock.advance(minutes=1)
    # then the notification tells it as AWS keeps it
    assert '"Threshold": 5.0' in monitoring.deliveries[0].payload["Message"]
    assert '"threshold":5.0' in monitoring.alarms["too-many-errors"].state_reason_data


def test_a_new_alarm_waits_for_data(cloudwatch):
    # given a new alarm
    cloudwatch.put_metric_alarm(**alarm())
    # then it says so, in AWS's words
    [described] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert described["StateValue"] == "INSUFFICIENT_DATA"
    assert described["StateReason"] == "Unchecked: Initial alarm creation"


def test_a_minimal_alarm_is_described_with_the_members_that_aws_gives(cloudwatch):
    # given an alarm with nothing but what it needs
    cloudwatch.put_metric_alarm(**alarm())
    # then DescribeAlarms shows the members of a recorded answer, and no others
    [described] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert set(described) == {
        "ActionsEnabled", "AlarmActions", "AlarmArn", "AlarmConfigurationUpdatedTimestamp",
        "AlarmName", "ComparisonOperator", "Dimensions", "EvaluationPeriods",
        "InsufficientDataActions", "MetricName", "Namespace", "OKActions", "Period", "StateReason",
        "StateTransitionedTimestamp", "StateUpdatedTimestamp", "StateValue", "Statistic",
        "Threshold",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("periods", "needed", "values", "reason"),
    [
        (
            1, None, [21.5],
            "Threshold Crossed: 1 datapoint [21.5 (02/03/26 12:00:00)] was greater than the "
            "threshold (5.0).",
        ),
        (
            3, 3, [6, 7, 8],
            "Threshold Crossed: 3 datapoints [8.0 (02/03/26 12:02:00), 7.0 (02/03/26 12:01:00), "
            "6.0 (02/03/26 12:00:00)] were greater than the threshold (5.0).",
        ),
        (
            1, None, [1, 99.5],
            "Threshold Crossed: 1 out of the last 1 datapoints [99.5 (02/03/26 12:01:00)] was "
            "greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).",
        ),
        (
            1, None, [99.5, 1],
            "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (02/03/26 12:01:00)] was not "
            "greater than the threshold (5.0) (minimum 1 datapoint for ALARM -> OK transition).",
        ),
        (
            3, 2, [1, 1, 7, 8],
            "Threshold Crossed: 2 out of the last 3 datapoints [8.0 (02/03/26 12:03:00), "
            "7.0 (02/03/26 12:02:00)] were greater than the threshold (5.0) (minimum 2 datapoints "
            "for OK -> ALARM transition).",
        ),
    ],
)  # fmt: skip
def test_the_reason_in_aws_words(monitoring, cloudwatch, periods, needed, values, reason):
    # given an alarm with as many periods
    cloudwatch.put_metric_alarm(**alarm(periods=periods, needed=needed))
    # when these values come, a minute apart
    for value in values:
        monitoring.metrics.put("App", "Errors", value)
        monitoring.clock.advance(minutes=1)
    # then the reason is worded as recorded ones are
    assert monitoring.alarms["too-many-errors"].state_reason == reason


@pytest.mark.parametrize(
    ("missing", "periods", "reason"),
    [
        ("breaching", 2, "Threshold Crossed: no datapoints were received for 2 periods and 2 "
         "missing datapoints were treated as [Breaching]."),
        ("notBreaching", 1, "Threshold Crossed: no datapoints were received for 1 period and 1 "
         "missing datapoint was treated as [NonBreaching]."),
    ],
)  # fmt: skip
def test_the_reason_without_data(monitoring, cloudwatch, missing, periods, reason):
    cloudwatch.put_metric_alarm(**alarm(periods=periods, missing=missing))
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["too-many-errors"].state_reason == reason


def test_data_that_stop_lead_to_insufficient_data(monitoring, cloudwatch):
    # given an alarm that is OK
    cloudwatch.put_metric_alarm(**alarm())
    monitoring.metrics.put("App", "Errors", 1)
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["too-many-errors"].state == "OK"
    # when nothing comes any more
    monitoring.settle()
    # then it says that it knows nothing, once the datapoint has left the range of three periods
    [described] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert described["StateValue"] == "INSUFFICIENT_DATA"
    assert described["StateReason"] == "Insufficient Data: 1 datapoint was unknown."
    assert monitoring.clock.now().isoformat() == "2026-03-02T12:04:00+00:00"


def test_the_reason_data_are_json_of_what_was_evaluated(monitoring, cloudwatch):
    # given an alarm on three periods
    cloudwatch.put_metric_alarm(**alarm(periods=3, needed=2, missing="breaching"))
    # when one of them has a datapoint
    monitoring.clock.advance(minutes=2)
    monitoring.metrics.put("App", "Errors", 7)
    monitoring.metrics.put("App", "Errors", 0, at="2026-03-02T12:01:00Z")
    monitoring.clock.advance(minutes=1)
    # then the data say so: newest first, missing ones with a time alone
    data = json.loads(monitoring.alarms["too-many-errors"].state_reason_data)
    assert data["version"] == "1.0"
    # it went to ALARM at 12:01, when nothing had come
    assert data["queryDate"] == "2026-03-02T12:01:00.000+0000"
    assert data["recentDatapoints"] == []
    assert data["evaluatedDatapoints"] == [
        {"timestamp": f"2026-03-02T{at}:00.000+0000"} for at in ("12:00", "11:59", "11:58")
    ]
    assert data["threshold"] == 5.0
    assert "startDate" not in data
    assert "unit" not in data


@pytest.mark.parametrize(
    ("wrong", "code", "message"),
    [
        ({"Statistic": None, "ExtendedStatistic": "foo"}, "InvalidParameterValue",
         "The value foo for parameter ExtendedStatistic is not supported."),
        ({"Statistic": None, "ExtendedStatistic": "Sum"}, "InvalidParameterValue",
         "The value Sum for parameter ExtendedStatistic is not supported."),
        ({"Threshold": float("nan")}, "InvalidParameterValue",
         "The value nan for parameter Threshold is invalid."),
        ({"AlarmActions": ["topic"]}, "ValidationError", "Invalid arn syntax: topic"),
        ({"OKActions": ["arn:aws:sns:eu-west-1:123456789012:t"]}, "ValidationError",
         "Invalid region eu-west-1 specified. Only us-east-1 is supported."),
        ({"OKActions": ["arn:aws-cn:sns:us-east-1:123456789012:t"]}, "ValidationError",
         "Invalid partition aws-cn specified. Only aws is supported."),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(cloudwatch, wrong, code, message):
    request = {name: value for name, value in {**alarm(), **wrong}.items() if value is not None}
    with pytest.raises(cloudwatch.exceptions.ClientError) as caught:
        cloudwatch.put_metric_alarm(**request)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_names_given_twice_are_deleted_once(cloudwatch):
    for name in ("a", "b"):
        cloudwatch.put_metric_alarm(**alarm(name))
    cloudwatch.delete_alarms(AlarmNames=["a", "a", "b"])
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_pages_go_on_though_what_was_shown_is_gone(cloudwatch):
    for number in range(7):
        cloudwatch.put_metric_alarm(**alarm(f"a{number}"))
    pages = cloudwatch.get_paginator("describe_alarms").paginate(PaginationConfig={"PageSize": 2})
    for page in pages:
        cloudwatch.delete_alarms(AlarmNames=[each["AlarmName"] for each in page["MetricAlarms"]])
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_an_alarm_with_a_unit_says_why_it_does_not_see_other_datapoints(monitoring, cloudwatch):
    # given an alarm upon percents, and points without a unit
    cloudwatch.put_metric_alarm(**alarm("a", Unit="Percent"))
    monitoring.metrics.put("App", "Errors", 100)
    monitoring.clock.advance(minutes=1)
    # then they move nothing, and it is told which ones would
    assert monitoring.alarms["a"].state == "INSUFFICIENT_DATA"
    assert "Sum of App/Errors (datapoints in Percent alone) > 5" in str(monitoring.explain("a"))


def test_another_unit_long_ago_does_not_hide_todays_points(monitoring, cloudwatch):
    # given a point in bytes three hours ago, and an alarm without a unit
    monitoring.metrics.put("App", "Errors", 1, unit="Bytes")
    monitoring.clock.advance(hours=3)
    cloudwatch.put_metric_alarm(**alarm())
    # when points in another unit come
    monitoring.metrics.put("App", "Errors", 9, unit="Count")
    monitoring.clock.advance(minutes=1)
    # then they count
    assert monitoring.alarms["too-many-errors"].state == "ALARM"


def test_an_alarm_is_found_by_its_own_arn_only(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**alarm())
    own = monitoring.alarms["too-many-errors"].arn
    assert own in monitoring.alarms
    foreign = own.replace("us-east-1", "eu-west-1")
    assert foreign not in monitoring.alarms
    with pytest.raises(AwsError, match="no alarm 'zz'"):
        monitoring.explain("zz")
    with pytest.raises(MisuseError, match="BROKEN"):
        monitoring.alarms.set_state("too-many-errors", "BROKEN", reason="x")


def test_flowing_time_is_caught_up_before_anybody_looks():
    with freeze_time("2026-03-02T12:00:00Z") as frozen, mock_monitoring() as mon:
        boto3.client("cloudwatch").put_metric_alarm(**alarm(actions=[TOPIC]))
        mon.metrics.put("App", "Errors", 9)
        frozen.tick(180)
        assert mon.alarms["too-many-errors"].state == "ALARM"
        assert len(mon.deliveries) == 1


def test_history_tells_creation_change_and_action(monitoring, cloudwatch):
    # given an alarm with a topic behind it
    cloudwatch.put_metric_alarm(**alarm(actions=[TOPIC]))
    # when it goes off
    monitoring.metrics.put("App", "Errors", 9)
    monitoring.clock.advance(minutes=1)
    # then its history has the three items, newest first
    items = cloudwatch.describe_alarm_history(AlarmName="too-many-errors")["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in items] == [
        f"Successfully executed action {TOPIC}",
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        'Alarm "too-many-errors" created',
    ]
    change = json.loads(items[1]["HistoryData"])
    assert change["oldState"] == {
        "stateValue": "INSUFFICIENT_DATA", "stateReason": "Unchecked: Initial alarm creation"
    }  # fmt: skip
    assert change["newState"]["stateReasonData"]["recentDatapoints"] == [9.0]
    created = json.loads(items[2]["HistoryData"])
    assert created["type"] == "Create"
    assert created["createdAlarm"]["okactions"] == []


@pytest.mark.parametrize(
    ("order", "wanted"),
    [("TimestampDescending", ["2", "1", "0"]), ("TimestampAscending", ["0", "1", "2", "late"])],
)
def test_a_page_of_history_goes_on_though_there_is_more_meanwhile(cloudwatch, order, wanted):
    # given a history of three changes, and a page that was read
    cloudwatch.put_metric_alarm(**alarm())
    for number, state in enumerate(("OK", "ALARM", "OK")):
        set_state(cloudwatch, state, str(number))
    asked = {"HistoryItemType": "StateUpdate", "ScanBy": order, "MaxRecords": 2}
    first = cloudwatch.describe_alarm_history(**asked)
    # when there is one more
    set_state(cloudwatch, "ALARM", "late")
    second = cloudwatch.describe_alarm_history(**asked, NextToken=first["NextToken"])
    # then the next page repeats nothing
    items = [*first["AlarmHistoryItems"], *second["AlarmHistoryItems"]]
    reasons = [json.loads(item["HistoryData"])["newState"]["stateReason"] for item in items]
    assert reasons == wanted


def set_state(cloudwatch, state, reason):
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue=state, StateReason=reason)


def test_history_outlives_its_alarm_for_thirty_days(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**alarm())
    cloudwatch.delete_alarms(AlarmNames=["too-many-errors"])
    items = cloudwatch.describe_alarm_history()["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in items] == [
        'Alarm "too-many-errors" deleted', 'Alarm "too-many-errors" created'
    ]  # fmt: skip
    monitoring.clock.advance(days=29)
    assert len(cloudwatch.describe_alarm_history()["AlarmHistoryItems"]) == 2
    monitoring.clock.advance(days=2)
    assert cloudwatch.describe_alarm_history()["AlarmHistoryItems"] == []


def test_the_topic_gets_the_documented_message(monitoring, cloudwatch):
    # given an alarm with a description and a dimension
    got = []
    monitoring.bind(TOPIC, got.append)
    cloudwatch.put_metric_alarm(
        **alarm(actions=[TOPIC], AlarmDescription="look at the log",
                Dimensions=[{"Name": "Service", "Value": "api"}])
    )  # fmt: skip
    # when it goes off
    monitoring.metrics.put("App", "Errors", 9, dimensions={"Service": "api"})
    monitoring.clock.advance(minutes=1)
    # then the topic's callable has Publish's parameters with the message of a recorded alarm
    [published] = got
    assert published["TopicArn"] == TOPIC
    assert published["Subject"] == 'ALARM: "too-many-errors" in US East (N. Virginia)'
    assert json.loads(published["Message"]) == {
        "AlarmName": "too-many-errors",
        "AlarmDescription": "look at the log",
        "AWSAccountId": "123456789012",
        "AlarmConfigurationUpdatedTimestamp": "2026-03-02T12:00:00.000+0000",
        "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed: 1 datapoint [9.0 (02/03/26 12:00:00)] was greater "
        "than the threshold (5.0).",
        "StateChangeTime": "2026-03-02T12:01:00.000+0000",
        "Region": "US East (N. Virginia)",
        "AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:too-many-errors",
        "OldStateValue": "INSUFFICIENT_DATA",
        "ActionExecutedAfterMuteWindow": False,
        "OKActions": [],
        "AlarmActions": [TOPIC],
        "InsufficientDataActions": [],
        "Trigger": {
            "MetricName": "Errors",
            "Namespace": "App",
            "StatisticType": "Statistic",
            "Statistic": "SUM",
            "Unit": None,
            "Dimensions": [{"value": "api", "name": "Service"}],
            "Period": 60,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 5.0,
            "TreatMissingData": "",
            "EvaluateLowSampleCountPercentile": "",
        },
    }


def test_a_function_gets_the_documented_event(monitoring, cloudwatch):
    # given an alarm with a function, that takes a context as well
    got = []
    monitoring.bind(FUNCTION, lambda event, context: got.append((event, context)))
    cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
    # when it goes off
    monitoring.metrics.put("App", "Errors", 9)
    monitoring.clock.advance(minutes=1)
    # then the event has the documented form
    [(event, context)] = got
    assert context.function_name == "fix"
    metric = event["alarmData"]["configuration"]["metrics"][0]
    assert metric.pop("id")
    assert metric == {
        "metricStat": {
            "metric": {"namespace": "App", "name": "Errors", "dimensions": {}},
            "period": 60,
            "stat": "Sum",
        },
        "returnData": True,
    }
    assert event["source"] == "aws.cloudwatch"
    assert event["accountId"] == "123456789012"
    assert event["alarmData"]["state"]["value"] == "ALARM"
    assert event["alarmData"]["state"]["timestamp"] == "2026-03-02T12:01:00.000+0000"
    assert event["alarmData"]["previousState"] == {
        "value": "INSUFFICIENT_DATA",
        "reason": "Unchecked: Initial alarm creation",
        "timestamp": "2026-03-02T12:00:00.000+0000",
    }


@pytest.mark.parametrize(
    ("state", "member"),
    [("OK", "OKActions"), ("ALARM", "AlarmActions"),
     ("INSUFFICIENT_DATA", "InsufficientDataActions")],
)  # fmt: skip
def test_each_state_has_actions_of_its_own(monitoring, cloudwatch, state, member):
    # given an alarm in another state, with an action for this one
    before = "ALARM" if state == "OK" else "OK"
    cloudwatch.put_metric_alarm(**alarm(**{member: [TOPIC]}))
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue=before, StateReason="x")
    # when it enters the state, twice
    for _ in range(2):
        cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue=state, StateReason="x")
    # then the action was carried out once
    assert len(monitoring.deliveries) == 1


def test_disabled_actions_are_not_carried_out(monitoring, cloudwatch):
    # given an alarm whose actions were disabled, and enabled again later
    cloudwatch.put_metric_alarm(**alarm(actions=[TOPIC]))
    cloudwatch.disable_alarm_actions(AlarmNames=["too-many-errors"])
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
    assert len(monitoring.deliveries) == 0
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["ActionsEnabled"] is False
    cloudwatch.enable_alarm_actions(AlarmNames=["too-many-errors"])
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["ActionsEnabled"] is True
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="OK", StateReason="x")
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
    assert len(monitoring.deliveries) == 1


def test_a_state_that_was_set_lasts_until_the_next_evaluation(monitoring, cloudwatch):
    # given an alarm that nothing happens to
    cloudwatch.put_metric_alarm(**alarm(missing="notBreaching"))
    monitoring.clock.advance(hours=1)
    # when somebody sets it
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
    assert monitoring.alarms["too-many-errors"].state == "ALARM"
    # then the next minute puts it right
    monitoring.clock.advance(minutes=1)
    assert monitoring.alarms["too-many-errors"].state == "OK"


def test_a_point_ahead_of_now_counts_when_its_time_has_come(monitoring, cloudwatch):
    # given a datapoint an hour ahead
    cloudwatch.put_metric_alarm(**alarm(missing="notBreaching"))
    monitoring.metrics.put("App", "Errors", 9, at=monitoring.clock.now() + timedelta(hours=1))
    # when its minute is over
    monitoring.clock.advance(minutes=60)
    assert monitoring.alarms["too-many-errors"].state == "OK"
    monitoring.clock.advance(minutes=1)
    # then it counts
    assert monitoring.alarms["too-many-errors"].state == "ALARM"


def test_an_update_keeps_the_state_and_replaces_the_rest(monitoring, cloudwatch):
    # given an alarm in ALARM
    cloudwatch.put_metric_alarm(**alarm(actions=[TOPIC], AlarmDescription="first"))
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
    # when it is put again
    cloudwatch.put_metric_alarm(**alarm(threshold=9))
    # then state and reason stay, and what wasn't given again is gone
    [described] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (described["StateValue"], described["StateReason"]) == ("ALARM", "x")
    assert described["Threshold"] == 9
    assert described["AlarmActions"] == []
    assert "AlarmDescription" not in described


def test_periods_of_ten_seconds_are_evaluated_every_ten_seconds(monitoring, cloudwatch):
    cloudwatch.put_metric_alarm(**alarm(period=10))
    monitoring.metrics.put("App", "Errors", 9, resolution=1)
    monitoring.clock.advance(seconds=10)
    assert monitoring.alarms["too-many-errors"].state == "ALARM"


def test_a_five_minute_alarm_looks_at_the_five_minutes_before_each_minute(monitoring, cloudwatch):
    # given a point at 12:05 and an alarm over five minutes
    cloudwatch.put_metric_alarm(**alarm(period=300))
    monitoring.clock.advance(minutes=5)
    monitoring.metrics.put("App", "Errors", 9)
    # when it is 12:06, the window is 12:01 to 12:06
    monitoring.clock.advance(minutes=1)
    # then the point is in it
    [described] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert described["StateReason"].startswith(
        "Threshold Crossed: 1 datapoint [9.0 (02/03/26 12:01:00)]"
    )
