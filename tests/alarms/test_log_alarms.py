"""Log alarms: scheduled queries whose results are compared with a threshold."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.alarms.builders import FUNCTION, TOPIC

pytestmark = pytest.mark.needs("cloudwatch.PutLogAlarm")

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
ROLE = "arn:aws:iam::123456789012:role/queries"


@pytest.fixture
def cloudwatch(monitoring):
    boto3.client("logs").create_log_group(logGroupName="/app")
    return boto3.client("cloudwatch")


def alarm(
    name="a", *, query="filter level = 'ERROR'", aggregation="count(*)", threshold=2, results=1,
    needed=1, schedule=None, **more,
):  # fmt: skip
    """PutLogAlarm's parameters: more than so many errors in five minutes."""
    return {
        "AlarmName": name,
        "ScheduledQueryConfiguration": {
            "QueryString": query,
            "LogGroupIdentifiers": ["/app"],
            "ScheduledQueryRoleARN": ROLE,
            "ScheduleConfiguration": {
                "ScheduleExpression": "rate(5 minutes)", "StartTimeOffset": 300, **(schedule or {}),
            },
            "AggregationExpression": aggregation,
        },
        "QueryResultsToEvaluate": results,
        "QueryResultsToAlarm": needed,
        "Threshold": threshold,
        "ComparisonOperator": "GreaterThanThreshold",
        **more,
    }  # fmt: skip


def put(mon, at, count, **fields):
    event = {"level": "ERROR", **fields}
    mon.logs.put("/app", "web", [(at, event) for _ in range(count)])


def states(mon, name="a"):
    return [
        (each.timestamp - NOON, each.summary.rpartition(" ")[2])
        for each in mon.alarms.history.since(mon.clock.now())
        if each.item_type == "StateUpdate" and each.alarm_name == name
    ]


def test_it_counts_what_its_query_finds(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(**alarm(TreatMissingData="notBreaching"))
    # when there are errors in the second five minutes
    put(monitoring, NOON + 7 * MINUTE, 3)
    monitoring.clock.advance(minutes=17)
    # then it is in ALARM once they were counted, a moment after the run
    assert [(at // MINUTE, state) for at, state in states(monitoring)] == [
        (5, "OK"), (10, "ALARM"), (15, "OK"),
    ]  # fmt: skip


def test_it_is_described_with_its_query(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(**alarm())
    found = cloudwatch.describe_alarms(AlarmTypes=["LogAlarm"])
    [described] = found["LogAlarms"]
    assert found["MetricAlarms"] == found["CompositeAlarms"] == []
    arn = described["ScheduledQueryConfiguration"]["QueryARN"]
    query = boto3.client("logs").get_scheduled_query(identifier=arn)
    assert query["queryString"] == "filter level = 'ERROR' | stats count(*)"
    assert (query["scheduleType"], query["startTimeOffset"]) == ("AWS_MANAGED", 300)
    # and without asking for it nobody sees it
    assert (
        "LogAlarms" not in cloudwatch.describe_alarms()
        or not (cloudwatch.describe_alarms()["LogAlarms"])
    )
    # when the alarm is deleted, so is its query
    cloudwatch.delete_alarms(AlarmNames=["a"])
    assert boto3.client("logs").list_scheduled_queries()["scheduledQueries"] == []


def test_m_of_n_results(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(**alarm(results=3, needed=2, TreatMissingData="notBreaching"))
    for minute in (2, 12):
        put(monitoring, NOON + minute * MINUTE, 3)
    monitoring.clock.advance(minutes=31)
    assert [(at // MINUTE, state) for at, state in states(monitoring)] == [
        (5, "OK"), (15, "ALARM"), (20, "OK"),
    ]  # fmt: skip


def test_each_group_of_results_is_judged_for_itself(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(
        **alarm(aggregation="avg(latency) by host | sort desc", threshold=100,
                AlarmActions=[TOPIC])
    )  # fmt: skip
    put(monitoring, NOON + MINUTE, 2, host="one", latency=50)
    put(monitoring, NOON + MINUTE, 2, host="two", latency=500)
    monitoring.clock.advance(minutes=6)
    assert monitoring.alarms["a"].state_reason == "1 out of 2 time series evaluated to ALARM"
    [busy] = cloudwatch.describe_alarm_contributors(AlarmName="a")["AlarmContributors"]
    assert busy["ContributorAttributes"] == {"host": "two"}
    told = [json.loads(each.payload["Message"]) for each in monitoring.deliveries.to(TOPIC)]
    assert [each.get("AlarmContributorAttributes") for each in told] == [{"host": "two"}, None]
    assert "host=two" in str(monitoring.explain("a"))


def test_log_lines_go_with_the_notification(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(
        **alarm(ActionLogLineCount=2, ActionLogLineRoleArn=ROLE, AlarmActions=[TOPIC, FUNCTION])
    )
    put(monitoring, NOON + MINUTE, 3, message="no disk")
    monitoring.clock.advance(minutes=6)
    [notified], [invoked] = monitoring.deliveries.to(TOPIC), monitoring.deliveries.to(FUNCTION)
    lines = json.loads(notified.payload["Message"])["LogLines"]
    assert [json.loads(line)["message"] for line in lines] == ["no disk"] * 2
    assert invoked.payload["alarmData"]["logLines"] == lines


def test_without_results_there_is_nothing_to_know(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(**alarm(TreatMissingData="breaching"))
    monitoring.clock.advance(minutes=6)
    assert monitoring.alarms["a"].state_reason == (
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was "
        "treated as [Breaching]."
    )


def test_a_query_that_fails_shows(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(**alarm())
    boto3.client("logs").delete_log_group(logGroupName="/app")
    monitoring.clock.advance(minutes=6)
    [found] = cloudwatch.describe_alarms(AlarmTypes=["LogAlarm"])["LogAlarms"]
    assert (found["EvaluationState"], found["StateValue"]) == (
        "EVALUATION_FAILURE", "INSUFFICIENT_DATA",
    )  # fmt: skip


def test_an_update_keeps_the_state_and_the_query(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(**alarm())
    put(monitoring, NOON + MINUTE, 3)
    monitoring.clock.advance(minutes=6)
    before = monitoring.alarms["a"].scheduled_query_configuration["QueryARN"]
    cloudwatch.put_log_alarm(**alarm(aggregation="count_distinct(host)"))
    assert monitoring.alarms["a"].state == "ALARM"
    assert monitoring.alarms["a"].scheduled_query_configuration["QueryARN"] == before
    [query] = monitoring.logs.scheduled_queries
    assert query.query_string.endswith("stats count_distinct(host)")


def test_it_warms_up(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(
        **alarm(WarmUpConfiguration={"WarmUpPeriodDurationInMinutes": 12,
                                     "OnlyStartEvaluatingAfterWarmUpPeriodEnds": True})
    )  # fmt: skip
    for minute in (1, 6, 11):
        put(monitoring, NOON + minute * MINUTE, 3)
    monitoring.clock.advance(minutes=11)
    assert states(monitoring) == []
    monitoring.clock.advance(minutes=5)
    assert monitoring.alarms["a"].state == "ALARM"


def test_a_composite_alarm_may_look_at_it(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(**alarm())
    cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule="ALARM(a)")
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="a test")
    assert monitoring.alarms["c"].state == "ALARM"


def test_it_goes_on_in_a_copy(monitoring, cloudwatch):
    cloudwatch.put_log_alarm(**alarm())
    snapshot = monitoring.snapshot()
    cloudwatch.delete_alarms(AlarmNames=["a"])
    monitoring.restore(snapshot)
    put(monitoring, NOON + MINUTE, 3)
    monitoring.clock.advance(minutes=6)
    assert monitoring.alarms["a"].state == "ALARM"
    history = cloudwatch.describe_alarm_history(AlarmTypes=["LogAlarm"])["AlarmHistoryItems"]
    assert {each["HistoryItemType"] for each in history} == {"StateUpdate", "ConfigurationUpdate"}


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "ValidationError",
         "ComparisonOperator GreaterThanUpperThreshold is not supported for log alarms"),
        ({"results": 101}, "InvalidParameterValue",
         "The value for parameter QueryResultsToEvaluate must be at most 100."),
        ({"needed": 2}, "ValidationError",
         "Datapoints to alarm must be less than or equal to evaluation periods."),
        ({"ActionLogLineCount": 51}, "InvalidParameterValue",
         "The value for parameter ActionLogLineCount must be at most 50."),
        ({"ActionLogLineCount": 5}, "MissingParameter",
         "The request must contain the parameter ActionLogLineRoleArn."),
        ({"TreatMissingData": "x"}, "ValidationError",
         "Option x is not supported. Supported options for parameter TreatMissingData are "
         "breaching, notBreaching, ignore and missing."),
        ({"schedule": {"EndTimeOffset": 300}}, "ValidationError",
         "EndTimeOffset must be less than StartTimeOffset"),
        ({"schedule": {"ScheduleExpression": "cron(0 12 * * ? *)"}}, "ValidationError", None),
        ({"aggregation": "count(*), max(x)"}, "ValidationError",
         "Invalid aggregation expression: one aggregation is expected"),
        ({"aggregation": "count(*) | limit 5"}, "ValidationError",
         "Invalid aggregation expression: sort asc or sort desc is expected"),
    ],
)  # fmt: skip
def test_what_is_refused(cloudwatch, changes, code, message):
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_log_alarm(**alarm(**changes))
    error = caught.value.response["Error"]
    assert error["Code"] == code
    assert message is None or error["Message"] == message


def test_its_name_is_nobody_elses(cloudwatch):
    cloudwatch.put_composite_alarm(AlarmName="a", AlarmRule="FALSE")
    with pytest.raises(ClientError, match="already exists and is of type CompositeAlarm"):
        cloudwatch.put_log_alarm(**alarm())


def test_it_is_deleted_alone(cloudwatch):
    # API reference, DeleteAlarms: "Log alarms cannot be batch deleted"
    cloudwatch.put_log_alarm(**alarm())
    cloudwatch.put_log_alarm(**alarm("b"))
    with pytest.raises(ClientError, match="Log alarms cannot be deleted together"):
        cloudwatch.delete_alarms(AlarmNames=["a", "b"])
    cloudwatch.delete_alarms(AlarmNames=["a", "a"])
    left = cloudwatch.describe_alarms(AlarmTypes=["LogAlarm"])["LogAlarms"]
    assert [each["AlarmName"] for each in left] == ["b"]
