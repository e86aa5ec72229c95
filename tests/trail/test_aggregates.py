"""Aggregated events: what is counted, and where it is delivered.

The first test has the form of the User Guide's examples, "Aggregating data events".
"""

from __future__ import annotations

import gzip
import json

import pytest
from botocore.exceptions import ClientError

from tests.trail.conftest import ACCOUNT, client, logging
from tests.trail.test_event_data_stores import selectors

pytestmark = pytest.mark.needs("cloudtrail.PutEventConfigurationRequest.AggregationConfigurations")
DATA = selectors("Data", {"Field": "resources.type", "Equals": ["AWS::S3::Object"]})


def configuration(*templates):
    return [{"EventCategory": "Data", "Templates": [*templates]}]


@pytest.fixture
def s3(mon, cloudtrail):
    """A trail of what happens to objects, and two buckets."""
    s3 = client("s3")
    for bucket in ("records", "bucket-1", "bucket-2"):
        s3.create_bucket(Bucket=bucket)
    logging(cloudtrail)
    cloudtrail.put_event_selectors(TrailName="main", AdvancedEventSelectors=DATA)
    return s3


def aggregate(cloudtrail, *templates):
    return cloudtrail.put_event_configuration(
        TrailName="main", AggregationConfigurations=configuration(*templates)
    )


def told(s3):
    """The aggregated events that were delivered."""
    listed = s3.list_objects_v2(
        Bucket="records", Prefix=f"AWSLogs/{ACCOUNT}/CloudTrail-Aggregated/us-east-1/2026/03/02/"
    )
    bodies = [
        s3.get_object(Bucket="records", Key=each["Key"])["Body"].read()
        for each in listed.get("Contents", ())
    ]
    return [each for body in bodies for each in json.loads(gzip.decompress(body))["Records"]]


def summary(record):
    """The primary dimension with its value and count, and the other dimensions with theirs."""
    primary, details = record["summary"]["primaryDimension"], record["summary"]["details"]
    assert {each["aggregationType"] for each in [primary, *details]} == {"Count"}

    def counts(of):
        return [(each["name"], each["value"]) for each in of["statistics"]]

    return primary["dimension"], counts(primary), {
        each["dimension"]: counts(each) for each in details
    }  # fmt: skip


USER = f"arn:aws:iam::{ACCOUNT}:user/awsmon"


def test_calls_of_five_minutes_are_counted_by_name(mon, cloudtrail, s3):
    put = aggregate(cloudtrail, "API_ACTIVITY")
    assert put["AggregationConfigurations"] == configuration("API_ACTIVITY")
    # when objects are put into two buckets
    mon.clock.advance(minutes=1)
    for bucket, key in [("bucket-1", "a"), ("bucket-1", "b"), ("bucket-2", "c")]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    mon.clock.advance(minutes=4)
    # then one event counts them, of the window that is over
    (record,) = [each for each in told(s3) if "Put" in str(each["summary"]["primaryDimension"])]
    assert {name: record[name] for name in list(record)[:-1] if name != "eventId"} == {
        "eventVersion": "1.0", "accountId": ACCOUNT, "eventCategory": "Aggregated",
        "eventType": "AwsAggregatedEvent", "awsRegion": "us-east-1",
        "eventSource": "s3.amazonaws.com",
        "timeWindow": {"windowStart": "2026-03-02T12:00:00Z", "windowEnd": "2026-03-02T12:05:00Z",
                       "windowSize": "PT5M"},
    }  # fmt: skip
    dimension, count, details = summary(record)
    assert (dimension, count) == ("eventName", [("PutObject", 3)])
    assert details["resourceARN"] == [("arn:aws:s3:::bucket-1", 2), ("arn:aws:s3:::bucket-2", 1)]
    assert details["userIdentity"] == [(USER, 3)]
    assert details["sourceIpAddress"] == [("192.0.2.1", 3)]
    # in the order in which AWS's queries read them
    assert list(details) == ["resourceARN", "userIdentity", "userAgent", "sourceIpAddress"]


def test_by_resource_and_by_caller_with_their_errors(mon, cloudtrail, s3):
    aggregate(cloudtrail, "RESOURCE_ACCESS", "USER_ACTIONS")
    s3.put_object(Bucket="bucket-1", Key="a", Body=b"x")
    with pytest.raises(ClientError):
        s3.get_object(Bucket="bucket-1", Key="nosuch")
    mon.clock.advance(minutes=5)
    found = {(name, values[0][0]): (values[0][1], details)
             for name, values, details in map(summary, told(s3))}  # fmt: skip
    count, of_bucket = found["resourceARN", "arn:aws:s3:::bucket-1"]
    assert count == 2
    assert of_bucket["eventName"] == [("PutObject", 1), ("GetObject", 1)]
    assert of_bucket["errorCodes"] == [("NoSuchKey", 1)]
    _, of_user = found["userIdentity", USER]
    assert ("arn:aws:s3:::bucket-1", 2) in of_user["resourceARN"]


def test_the_log_group_gets_them_and_the_events_too(mon, cloudtrail, s3):
    logs = client("logs")
    logs.create_log_group(logGroupName="/trail")
    cloudtrail.update_trail(
        Name="main",
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/trail:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/trail",
    )  # fmt: skip
    aggregate(cloudtrail, "API_ACTIVITY")
    s3.put_object(Bucket="bucket-1", Key="a", Body=b"x")
    mon.clock.advance(minutes=5)
    found = logs.filter_log_events(
        logGroupName="/trail", filterPattern='{ $.eventCategory = "Aggregated" }'
    )["events"]
    assert json.loads(found[0]["message"])["eventType"] == "AwsAggregatedEvent"
    assert found[0]["timestamp"] == mon.clock.now().timestamp() * 1000
    whole = logs.filter_log_events(
        logGroupName="/trail", filterPattern='{ $.eventName = "PutObject" }'
    )
    assert len(whole["events"]) == 1


def test_digests_have_their_files(mon, cloudtrail, s3):
    cloudtrail.update_trail(Name="main", EnableLogFileValidation=True)
    aggregate(cloudtrail, "API_ACTIVITY")
    s3.put_object(Bucket="bucket-1", Key="a", Body=b"x")
    mon.clock.advance(hours=1)
    listed = s3.list_objects_v2(Bucket="records", Prefix=f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/")
    body = s3.get_object(Bucket="records", Key=listed["Contents"][0]["Key"])["Body"].read()
    files = json.loads(gzip.decompress(body))["logFiles"]
    (file,) = [each for each in files if "/CloudTrail-Aggregated/" in each["s3Object"]
               and each["newestEventTime"] == "2026-03-02T12:05:00Z"]  # fmt: skip
    assert file["oldestEventTime"] == file["newestEventTime"]


def test_it_is_turned_off(mon, cloudtrail, s3):
    aggregate(cloudtrail, "API_ACTIVITY")
    got = cloudtrail.get_event_configuration(TrailName="main")
    assert got["AggregationConfigurations"] == configuration("API_ACTIVITY")
    cloudtrail.put_event_configuration(TrailName="main", AggregationConfigurations=[])
    assert cloudtrail.get_event_configuration(TrailName="main")["AggregationConfigurations"] == []
    s3.put_object(Bucket="bucket-1", Key="a", Body=b"x")
    mon.clock.advance(minutes=5)
    assert told(s3) == []


def test_what_cannot_be_aggregated(monitoring, cloudtrail):
    monitoring.bind("arn:aws:s3:::records", lambda call: None)
    logging(cloudtrail)
    with pytest.raises(ClientError, match="InvalidParameterException"):  # no data events
        aggregate(cloudtrail, "API_ACTIVITY")
    for given in ({"MaxEventSize": "Large"}, {"ContextKeySelectors": []}):
        with pytest.raises(ClientError, match="InvalidParameterCombinationException"):
            cloudtrail.put_event_configuration(TrailName="main", **given)
    of = cloudtrail.create_event_data_store(Name="audit")["EventDataStoreArn"]
    with pytest.raises(ClientError, match="InvalidParameterCombinationException"):
        cloudtrail.put_event_configuration(
            EventDataStore=of, AggregationConfigurations=configuration("API_ACTIVITY")
        )
    with pytest.raises(ClientError, match="TrailNotFoundException"):
        cloudtrail.put_event_configuration(TrailName="nosuch", AggregationConfigurations=[])
