"""Insights: selectors, what is found, where it is delivered, how it is looked up."""

from __future__ import annotations

import gzip
import json
import random
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from awsmon import mock_monitoring
from tests.conftest import NOW
from tests.trail.conftest import ACCOUNT, client, logging, rule

CALLS, ERRORS = "ApiCallRateInsight", "ApiErrorRateInsight"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:alerts"


def selectors(*kinds, **more):
    return [{"InsightType": kind, **more} for kind in kinds]


BUCKET = "arn:aws:s3:::records"


@pytest.fixture
def files(monitoring):
    """What is written to the bucket, by key."""
    found = {}
    monitoring.bind(BUCKET, lambda call: found.update({call["Key"]: call["Body"]}))
    return found


@pytest.fixture
def logs(monitoring):
    return client("logs")


def retain(logs, count=1):
    for _ in range(count):
        logs.put_retention_policy(logGroupName="/g", retentionInDays=7)


def hourly(monitoring, logs, hours):
    """A job that makes a call every hour."""
    for _ in range(hours):
        retain(logs)
        monitoring.clock.advance(hours=1)


def watch(monitoring):
    """A trail with insights, and a queue that is told of them."""
    monitoring.bind(BUCKET, lambda call: None)
    cloudtrail = client("cloudtrail")
    logging(cloudtrail)
    cloudtrail.put_insight_selectors(TrailName="main", InsightSelectors=selectors(CALLS, ERRORS))
    rule({"detail-type": ["AWS Insight via CloudTrail"]}, QUEUE)
    client("logs").create_log_group(logGroupName="/g")


@pytest.fixture(scope="module")
def a_week():
    """The state after a week of a job that runs every hour, and an hour of the next."""
    with mock_monitoring(now=NOW) as monitoring:
        watch(monitoring)
        hourly(monitoring, client("logs"), 7 * 24 + 1)
        return monitoring.snapshot()


@pytest.fixture
def week(a_week, monitoring, files):
    """That week; what the queue is told is in `told`."""
    monitoring.restore(a_week)
    monitoring.told = []
    monitoring.bind(QUEUE, lambda message: monitoring.told.append(json.loads(message)))
    return monitoring


def test_a_burst_starts_and_ends(week, cloudtrail, logs, files):
    # when sixty calls come in one minute
    start = week.clock.now()
    retain(logs, 60)
    week.clock.advance(minutes=5)
    # then EventBridge is told that something started, with what is usual and whose calls they were
    (event,) = week.told
    assert (event["source"], event["detail-type"]) == (
        "aws.cloudtrail", "AWS Insight via CloudTrail",
    )  # fmt: skip
    record = event["detail"]
    assert list(record) == [
        "eventVersion", "eventTime", "awsRegion", "eventID", "eventType", "recipientAccountId",
        "sharedEventID", "insightDetails", "eventCategory",
    ]  # fmt: skip
    assert (record["eventType"], record["eventTime"]) == (
        "AwsCloudTrailInsight", f"{start:%Y-%m-%dT%H:%M:%SZ}",
    )  # fmt: skip
    details = record["insightDetails"]
    assert (details["state"], details["eventSource"], details["eventName"]) == (
        "Start", "logs.amazonaws.com", "PutRetentionPolicy",
    )  # fmt: skip
    assert details["insightType"] == CALLS
    assert details["insightContext"]["statistics"] == {
        "baseline": {"average": pytest.approx(1 / 60, rel=0.01)}, "insight": {"average": 12},
        "insightDuration": 5, "baselineDuration": 10080,
    }  # fmt: skip
    by_user, by_agent, by_error = details["insightContext"]["attributions"]
    assert by_user == {
        "attribute": "userIdentityArn",
        "insight": [{"value": f"arn:aws:iam::{ACCOUNT}:user/awsmon", "average": 12}],
        "baseline": [{"value": f"arn:aws:iam::{ACCOUNT}:user/awsmon",
                      "average": pytest.approx(1 / 60, rel=0.01)}],
    }  # fmt: skip
    assert by_agent["attribute"] == "userAgent"
    assert by_error["insight"] == [{"value": "null", "average": 12}]
    # and when it is quiet again, that it ended, after one minute
    week.clock.advance(minutes=5)
    end = week.told[1]["detail"]
    assert end["insightDetails"]["state"] == "End"
    assert end["sharedEventID"] == record["sharedEventID"]
    assert end["eventID"] != record["eventID"]
    statistics = end["insightDetails"]["insightContext"]["statistics"]
    assert (statistics["insightDuration"], statistics["insight"]["average"]) == (1, 60)
    # and both are in files of their own
    week.clock.advance(minutes=10)
    keys = [key for key in files if "/CloudTrail-Insight/" in key]
    assert keys[0].startswith(f"AWSLogs/{ACCOUNT}/CloudTrail-Insight/us-east-1/2026/03/09/")
    assert f"{ACCOUNT}_CloudTrail-Insight_us-east-1_20260309T" in keys[0]
    told = [each for key in keys for each in json.loads(gzip.decompress(files[key]))["Records"]]
    assert told == [record, end]
    # and history has them, newest first
    found = cloudtrail.lookup_events(EventCategory="insight")["Events"]
    assert [json.loads(each["CloudTrailEvent"]) for each in found] == [end, record]
    assert found[0]["EventName"] == "PutRetentionPolicy"


def test_a_burst_is_told_of_once_whatever_windows_it_is_in(week, logs):
    retain(logs, 60)
    hourly(week, logs, 3 * 24)
    assert [each["detail"]["insightDetails"]["state"] for each in week.told] == ["Start", "End"]


def test_a_job_that_stopped_is_found_and_its_return(week, logs):
    # given that the job stopped
    week.clock.advance(hours=3)
    # then that is an insight: no calls
    (event,) = week.told
    details = event["detail"]["insightDetails"]
    assert (details["state"], details["eventName"]) == ("Start", "PutRetentionPolicy")
    assert details["insightContext"]["statistics"]["insight"]["average"] == 0
    assert details["insightContext"]["attributions"][0]["insight"] == []
    # and it ends when the job runs again
    again = week.clock.now()
    hourly(week, logs, 1)
    end = week.told[1]["detail"]
    assert (end["insightDetails"]["state"], end["eventTime"]) == (
        "End", f"{again:%Y-%m-%dT%H:%M:%SZ}",
    )  # fmt: skip
    assert end["insightDetails"]["insightContext"]["statistics"]["insight"]["average"] == 0


def test_a_job_that_never_comes_back_is_usual_after_a_week(week):
    week.clock.advance(days=400)
    assert [each["detail"]["insightDetails"]["state"] for each in week.told] == ["Start", "End"]


def test_calls_at_a_random_rate_are_none(monitoring, cloudtrail, logs):
    # given eight days of about one call in three hours
    watch(monitoring)
    generator, passed = random.Random(4), 0
    while passed < 8 * 24:
        step = generator.expovariate(1 / 3)
        monitoring.clock.advance(hours=step)
        passed += step
        retain(logs)
    assert cloudtrail.lookup_events(EventCategory="insight")["Events"] == []


def test_errors_by_their_code(week, cloudtrail, logs):
    # when calls of one operation fail that never failed before, though they only read
    for _ in range(6):
        with pytest.raises(ClientError):
            logs.get_log_events(logGroupName="/nowhere", logStreamName="s")
        with pytest.raises(ClientError):
            logs.describe_log_streams(logGroupName="/nowhere")
    week.clock.advance(minutes=10)
    # then that is an insight, and of the management events alone
    found = [each["detail"]["insightDetails"] for each in week.told]
    assert {(each["eventName"], each["insightType"], each["errorCode"]) for each in found} == {
        ("DescribeLogStreams", ERRORS, "ResourceNotFoundException"),
    }  # fmt: skip
    context = found[0]["insightContext"]
    assert context["statistics"]["baseline"]["average"] == 0
    assert [each["attribute"] for each in context["attributions"]] == [
        "userIdentityArn",
        "userAgent",
    ]
    # and metric data tell them by the minute
    data = cloudtrail.list_insights_metric_data(
        EventSource="logs.amazonaws.com", EventName="DescribeLogStreams", InsightType=ERRORS,
        ErrorCode="ResourceNotFoundException", Period=60,
    )  # fmt: skip
    assert data["Values"] == [6]


def test_no_verdict_before_seven_days_are_known(monitoring, cloudtrail, logs):
    watch(monitoring)
    monitoring.clock.advance(days=6)
    retain(logs, 60)
    monitoring.clock.advance(hours=1)
    assert cloudtrail.lookup_events(EventCategory="insight")["Events"] == []


def test_event_history_counts(week, cloudtrail, logs):
    # given that insights are turned off and on again
    for kinds in [(), (CALLS,)]:
        cloudtrail.put_insight_selectors(TrailName="main", InsightSelectors=selectors(*kinds))
        cloudtrail.get_trail(Name="main")
    # then the week before counts, and a burst is found at once
    retain(logs, 60)
    week.clock.advance(minutes=5)
    (found,) = cloudtrail.lookup_events(EventCategory="insight")["Events"]
    assert found["EventName"] == "PutRetentionPolicy"


def test_insights_are_looked_up_by_three_attributes(week, cloudtrail, logs):
    retain(logs, 60)
    week.clock.advance(minutes=5)

    def found(key, value, **more):
        attribute = {"AttributeKey": key, "AttributeValue": value}
        return cloudtrail.lookup_events(
            EventCategory="insight", LookupAttributes=[attribute], **more
        )["Events"]

    (event,) = found("EventName", "PutRetentionPolicy")
    assert found("EventId", event["EventId"]) == [event]
    assert found("EventSource", "iam.amazonaws.com") == []
    assert found("EventName", "PutRetentionPolicy", StartTime=week.clock.now()) == []
    with pytest.raises(ClientError, match="InvalidLookupAttributesException"):
        found("Username", "awsmon")


@pytest.mark.needs("cloudtrail.ListInsightsData")
def test_insights_of_data_events_are_their_trails(monitoring, cloudtrail, files):
    # given a trail that logs what is sent to a queue, with insights about that
    logging(cloudtrail)
    cloudtrail.put_event_selectors(TrailName="main", AdvancedEventSelectors=[{
        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]},
                           {"Field": "resources.type", "Equals": ["AWS::Logs::LogGroup"]}]}],
    )  # fmt: skip
    put = cloudtrail.put_insight_selectors(
        TrailName="main", InsightSelectors=selectors(CALLS, EventCategories=["Data"])
    )
    logs = client("logs")
    logs.create_log_group(logGroupName="/g")
    logs.create_log_stream(logGroupName="/g", logStreamName="s")
    monitoring.clock.advance(days=7, hours=1)
    # when it is read from in a burst
    for _ in range(8):
        logs.get_log_events(logGroupName="/g", logStreamName="s")
    monitoring.clock.advance(minutes=5)
    # then the trail's list has it, and event history hasn't
    (event,) = cloudtrail.list_insights_data(
        InsightSource=put["TrailARN"], DataType="InsightsEvents"
    )["Events"]
    details = json.loads(event["CloudTrailEvent"])["insightDetails"]
    assert (details["sourceEventCategory"], details["insightSource"]) == ("Data", put["TrailARN"])
    assert cloudtrail.lookup_events(EventCategory="insight")["Events"] == []
    of_another = cloudtrail.list_insights_data(
        InsightSource=put["TrailARN"], DataType="InsightsEvents",
        Dimensions={"EventName": "FilterLogEvents"},
    )  # fmt: skip
    assert of_another["Events"] == []
    data = cloudtrail.list_insights_metric_data(
        TrailName="main", EventSource="logs.amazonaws.com", EventName="GetLogEvents",
        InsightType=CALLS, Period=300,
    )  # fmt: skip
    assert (data["Values"], data["TrailARN"]) == ([8 / 5], put["TrailARN"])


def test_metric_data_by_period(week, cloudtrail):
    given = {"EventSource": "logs.amazonaws.com", "EventName": "PutRetentionPolicy",
             "InsightType": CALLS}  # fmt: skip
    # a call in each hour
    data = cloudtrail.list_insights_metric_data(**given)
    assert set(data["Values"]) == {1 / 60}
    assert len(data["Values"]) == 7 * 24 + 1
    # by five minutes, filled, in a range of time
    start = week.clock.now() - timedelta(hours=2)
    data = cloudtrail.list_insights_metric_data(
        **given, Period=300, DataType="FillWithZeros", StartTime=start
    )
    assert data["Values"] == [1 / 5, *[0] * 11] * 2
    assert data["Timestamps"][:2] == [start, start + timedelta(minutes=5)]
    # in pages
    page = cloudtrail.list_insights_metric_data(**given, MaxResults=100)
    rest = cloudtrail.list_insights_metric_data(**given, NextToken=page["NextToken"])
    assert (len(page["Values"]), len(rest["Values"])) == (100, 69)
    # a minute is known for fifteen days
    week.clock.advance(days=16)
    assert cloudtrail.list_insights_metric_data(**given, Period=60)["Values"] == []
    assert len(cloudtrail.list_insights_metric_data(**given, Period=300)["Values"]) == 169
    with pytest.raises(ClientError, match="InvalidParameterException"):
        cloudtrail.list_insights_metric_data(**given, Period=120)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        cloudtrail.list_insights_metric_data(**{**given, "EventName": "NoCalls"}, Period=120)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        cloudtrail.list_insights_metric_data(**{**given, "InsightType": ERRORS})


# -- selectors -------------------------------------------------------------------------------------


def test_selectors_are_put_and_got_and_taken_away(week, cloudtrail, logs):
    got = cloudtrail.get_insight_selectors(TrailName="main")
    assert got["InsightSelectors"] == selectors(CALLS, ERRORS)
    assert cloudtrail.get_trail(Name="main")["Trail"]["HasInsightSelectors"] is True
    # when they are taken away
    cloudtrail.put_insight_selectors(TrailName="main", InsightSelectors=[])
    with pytest.raises(ClientError) as refused:
        cloudtrail.get_insight_selectors(TrailName="main")
    assert refused.value.response["Error"] == {
        "Code": "InsightNotEnabledException",
        "Message": "Trail main does not have Insights enabled. Edit the trail settings to enable "
        "Insights, and then try the operation again.",
    }  # fmt: skip
    assert cloudtrail.get_trail(Name="main")["Trail"]["HasInsightSelectors"] is False
    # then nothing is found any more
    retain(logs, 60)
    week.clock.advance(hours=5)
    assert week.told == []


@pytest.mark.needs("cloudtrail.InsightSelector.EventCategories")
def test_what_insights_are_made_from_must_be_logged(monitoring, cloudtrail, files):
    logging(cloudtrail)
    cloudtrail.put_event_selectors(TrailName="main", EventSelectors=[{"ReadWriteType": "ReadOnly"}])
    with pytest.raises(ClientError, match="InvalidInsightSelectorsException"):
        cloudtrail.put_insight_selectors(TrailName="main", InsightSelectors=selectors(CALLS))
    with pytest.raises(ClientError, match="InvalidInsightSelectorsException"):
        cloudtrail.put_insight_selectors(
            TrailName="main", InsightSelectors=selectors(CALLS, EventCategories=["Data"])
        )
    cloudtrail.put_insight_selectors(TrailName="main", InsightSelectors=selectors(ERRORS))
    with pytest.raises(ClientError, match="InvalidInsightSelectorsException"):
        cloudtrail.put_insight_selectors(
            TrailName="main", InsightSelectors=selectors(CALLS, EventCategories=["Other"])
        )
    with pytest.raises(ClientError, match="InvalidParameterCombinationException"):
        cloudtrail.put_insight_selectors(InsightSelectors=[])


def test_a_snapshot_goes_on(week, cloudtrail, logs):
    kept = week.snapshot()
    week.restore(kept)
    week.clock.advance(hours=3)
    found = cloudtrail.lookup_events(EventCategory="insight")["Events"]
    assert [each["EventName"] for each in found] == ["PutRetentionPolicy"]
