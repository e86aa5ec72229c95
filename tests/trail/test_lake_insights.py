"""Insights of event data stores: who may have them, and where what is found is."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.trail.conftest import ACCOUNT, client, logging, rule
from tests.trail.test_event_data_stores import rows, selectors, store

CALLS, ERRORS = "ApiCallRateInsight", "ApiErrorRateInsight"


def insights(*kinds, **more):
    return [{"InsightType": kind, **more} for kind in kinds]


@pytest.fixture
def stores(monitoring, cloudtrail):
    """A store with insights, and the one that gets them."""
    source = store(cloudtrail, "calls")
    found = store(cloudtrail, "found", AdvancedEventSelectors=selectors("Insight"))
    cloudtrail.put_insight_selectors(
        EventDataStore=source, InsightsDestination=found, InsightSelectors=insights(CALLS, ERRORS)
    )
    return source, found


def burst(monitoring, region="us-east-1"):
    """A week of silence, and sixty calls in a minute."""
    silence(monitoring, region)
    calls(monitoring, region)


def silence(monitoring, region="us-east-1"):
    client("logs", region).create_log_group(logGroupName="/g")
    monitoring.clock.advance(days=7, hours=1)


def calls(monitoring, region="us-east-1"):
    logs = client("logs", region)
    for _ in range(60):
        logs.put_retention_policy(logGroupName="/g", retentionInDays=7)
    monitoring.clock.advance(minutes=10)


def test_what_is_found_can_be_queried(monitoring, cloudtrail, stores):
    source, found = stores
    told = []
    queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:alerts"
    monitoring.bind(queue, lambda message: told.append(json.loads(message)))
    rule({"detail-type": ["AWS Insight via CloudTrail"]}, queue)
    # when calls come in a burst
    burst(monitoring)
    # then the start and the end are in the other store, in its form
    shown = rows(monitoring, cloudtrail, f"""
        SELECT eventCategory, eventType, insightState, insightEventSource, insightEventName,
               insightType, insightContext.baselineAverage, insightContext.insightAverage,
               insightContext.insightDuration, insightErrorCode
        FROM {found} ORDER BY eventTime""")  # fmt: skip
    what = ["logs.amazonaws.com", "PutRetentionPolicy", CALLS]
    assert shown == [
        ["Insight", "AwsCloudTrailInsight", "Start", *what, "0.0", "12.0", "5", ""],
        ["Insight", "AwsCloudTrailInsight", "End", *what, "0.0", "60.0", "1", ""],
    ]
    # with its source, and whose calls they were
    arn = cloudtrail.get_event_data_store(EventDataStore=source)["EventDataStoreArn"]
    assert rows(monitoring, cloudtrail, f"""
        SELECT DISTINCT insightSource, sharedEventID IS NOT NULL,
               insightContext.attributions[1].attribute,
               insightContext.attributions[1].insight[1].value
        FROM {found}""") == [
            [arn, "true", "userIdentityArn", f"arn:aws:iam::{ACCOUNT}:user/awsmon"]
        ]  # fmt: skip
    # and only there: trails alone tell EventBridge and event history
    assert told == []
    assert cloudtrail.lookup_events(EventCategory="insight")["Events"] == []


def test_errors_come_with_their_code(monitoring, cloudtrail, stores):
    _, found = stores
    monitoring.clock.advance(days=7, hours=1)
    for _ in range(20):
        with pytest.raises(ClientError):
            client("logs").describe_log_streams(logGroupName="/nowhere")
    monitoring.clock.advance(minutes=5)
    assert rows(monitoring, cloudtrail,
                f"SELECT insightEventName, insightErrorCode FROM {found}") == [
        ["DescribeLogStreams", "ResourceNotFoundException"]
    ]  # fmt: skip


def test_a_trail_has_its_own_copy(monitoring, cloudtrail, stores):
    _, found = stores
    monitoring.bind("arn:aws:s3:::records", lambda call: None)
    logging(cloudtrail)
    cloudtrail.put_insight_selectors(TrailName="main", InsightSelectors=insights(CALLS))
    burst(monitoring)
    (end, start) = cloudtrail.lookup_events(EventCategory="insight")["Events"]
    ids = rows(monitoring, cloudtrail, f"SELECT eventID FROM {found} ORDER BY eventTime")
    assert ids == [[start["EventId"]], [end["EventId"]]]


def test_calls_in_other_regions_and_stores_that_take_nothing(monitoring, cloudtrail, stores):
    _, found = stores
    burst(monitoring, "eu-west-1")
    statement = f"SELECT awsRegion FROM {found}"
    assert rows(monitoring, cloudtrail, statement) == [["eu-west-1"]] * 2
    # a destination that takes nothing now, as it is to be deleted, leaves them out
    cloudtrail.update_event_data_store(EventDataStore=found, TerminationProtectionEnabled=False)
    silence(monitoring)
    cloudtrail.delete_event_data_store(EventDataStore=found)
    calls(monitoring)
    cloudtrail.restore_event_data_store(EventDataStore=found)
    assert rows(monitoring, cloudtrail, statement) == [["eu-west-1"]] * 2


def test_what_the_source_leaves_out_is_not_judged(monitoring, cloudtrail, stores):
    source, found = stores
    cloudtrail.update_event_data_store(EventDataStore=source, AdvancedEventSelectors=selectors(
        "Management", {"Field": "eventSource", "NotEquals": ["logs.amazonaws.com"]}))  # fmt: skip
    burst(monitoring)
    assert rows(monitoring, cloudtrail, f"SELECT eventID FROM {found}") == []


def test_selectors_are_put_and_got_and_taken_away(monitoring, cloudtrail, stores):
    source, found = stores
    arns = [
        cloudtrail.get_event_data_store(EventDataStore=each)["EventDataStoreArn"] for each in stores
    ]
    got = cloudtrail.get_insight_selectors(EventDataStore=arns[0])
    assert [got["EventDataStoreArn"], got["InsightsDestination"]] == arns
    assert got["InsightSelectors"] == insights(CALLS, ERRORS)
    assert "TrailARN" not in got
    cloudtrail.put_insight_selectors(EventDataStore=source, InsightSelectors=[])
    with pytest.raises(cloudtrail.exceptions.InsightNotEnabledException):
        cloudtrail.get_insight_selectors(EventDataStore=source)
    burst(monitoring)
    assert rows(monitoring, cloudtrail, f"SELECT eventID FROM {found}") == []


def test_which_stores_may_have_them(monitoring, cloudtrail, stores):
    source, found = stores
    reads = store(cloudtrail, "reads", AdvancedEventSelectors=selectors(
        "Management", {"Field": "readOnly", "Equals": ["true"]}))  # fmt: skip
    for code, given in [
        ("InvalidInsightSelectors", {"EventDataStore": found, "InsightsDestination": found}),
        ("InvalidInsightSelectors", {"EventDataStore": source, "InsightsDestination": reads}),
        ("InvalidInsightSelectors", {"EventDataStore": reads, "InsightsDestination": found}),
        ("InvalidParameterCombination", {"EventDataStore": source}),
        ("InvalidParameterCombination", {"EventDataStore": source, "TrailName": "main",
                                         "InsightsDestination": found}),
        ("InvalidParameterCombination", {"TrailName": "main", "InsightsDestination": found}),
        ("EventDataStoreNotFound", {"EventDataStore": source, "InsightsDestination": "nowhere"}),
    ]:  # fmt: skip
        with pytest.raises(ClientError, match=f"{code}Exception"):
            cloudtrail.put_insight_selectors(InsightSelectors=insights(CALLS), **given)
    # one that logs reads may have those about errors
    cloudtrail.put_insight_selectors(
        EventDataStore=reads, InsightsDestination=found, InsightSelectors=insights(ERRORS)
    )
    # and one that has insights goes on logging what they are made from
    with pytest.raises(cloudtrail.exceptions.InvalidInsightSelectorsException):
        cloudtrail.update_event_data_store(EventDataStore=source, AdvancedEventSelectors=selectors(
            "Management", {"Field": "readOnly", "Equals": ["true"]}))  # fmt: skip


@pytest.mark.needs("cloudtrail.InsightSelector.EventCategories")
def test_no_insights_about_a_stores_data_events(monitoring, cloudtrail, stores):
    source, found = stores
    with pytest.raises(ClientError, match="InvalidInsightSelectorsException"):
        cloudtrail.put_insight_selectors(
            EventDataStore=source, InsightsDestination=found,
            InsightSelectors=insights(CALLS, EventCategories=["Data"]),
        )  # fmt: skip
