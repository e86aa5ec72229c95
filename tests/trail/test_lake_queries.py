"""Queries over event data stores: states in virtual time, results, delivery."""

from __future__ import annotations

import contextlib
import csv
import gzip
import hashlib
import io
import json
import sys
from datetime import datetime, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.core.errors import MisuseError
from awsmon.trail.lake.samples import SAMPLES
from tests.trail.conftest import ACCOUNT, client, table
from tests.trail.test_event_data_stores import group, names, refused, rows, selectors, store


@pytest.fixture
def of(cloudtrail):
    """A store of management events."""
    return store(cloudtrail)


def status(cloudtrail, query):
    return cloudtrail.describe_query(QueryId=query)["QueryStatus"]


def test_a_query_is_queued_runs_and_finishes(monitoring, cloudtrail, of):
    group()
    statement = f"SELECT eventName, eventTime FROM {of} WHERE eventName = 'CreateLogGroup'"
    query = cloudtrail.start_query(QueryStatement=statement)["QueryId"]
    # when time goes on
    states = [status(cloudtrail, query)]
    assert "QueryResultRows" not in cloudtrail.get_query_results(QueryId=query)
    for _ in range(2):
        monitoring.clock.advance(seconds=0.5)
        states.append(status(cloudtrail, query))
    # then it has found what was there, under the names that were asked for
    assert states == ["QUEUED", "RUNNING", "FINISHED"]
    found = cloudtrail.get_query_results(QueryId=query)
    assert found["QueryResultRows"] == [
        [{"eventName": "CreateLogGroup"}, {"eventTime": "2026-03-02 12:00:00.000"}]
    ]
    assert found["QueryStatistics"]["TotalResultsCount"] == 1
    told = cloudtrail.describe_query(QueryId=query)
    assert told["QueryString"] == statement
    at = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
    assert told["QueryStatistics"]["CreationTime"] == at
    assert told["QueryStatistics"]["EventsScanned"] >= 2  # CreateLogGroup, and calls of this test
    assert told["QueryStatistics"]["BytesScanned"] > 500


def test_queries_are_found_by_a_query(monitoring, cloudtrail, of):
    """The user guide's own example: all queries that were run."""
    query = cloudtrail.start_query(QueryStatement=f"SELECT eventID FROM {of}")["QueryId"]
    statement = (
        "SELECT element_at(responseElements, 'queryId'), "
        f"element_at(requestParameters, 'queryStatement') FROM {of} "
        "WHERE eventName = 'StartQuery' AND responseElements IS NOT NULL"
    )
    assert rows(monitoring, cloudtrail, statement)[0] == [query, f"SELECT eventID FROM {of}"]


def test_structures_arrays_and_maps_are_columns(monitoring, cloudtrail, of):
    group("/app")
    statement = (
        "SELECT userIdentity.arn, userIdentity.accountId, element_at(requestParameters, "
        f"'logGroupName') AS name, tlsDetails.tlsVersion, readOnly, resources FROM {of} "
        "WHERE eventName = 'CreateLogGroup'"
    )
    assert rows(monitoring, cloudtrail, statement) == [
        [f"arn:aws:iam::{ACCOUNT}:user/awsmon", ACCOUNT, "/app", "TLSv1.3", "false", ""]
    ]


def test_data_events_unfold_into_their_resources(mon, cloudtrail):
    s3 = client("s3")
    s3.create_bucket(Bucket="bucket")
    of = store(cloudtrail, AdvancedEventSelectors=selectors(
        "Data", {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}))  # fmt: skip
    s3.put_object(Bucket="bucket", Key="k", Body=b"x")
    statement = (
        f"SELECT eventName, r.arn FROM {of} CROSS JOIN UNNEST(resources) "
        "AS r (accountid, type, arn, arnprefix) ORDER BY 2"
    )
    assert rows(mon, cloudtrail, statement) == [
        ["PutObject", "arn:aws:s3:::bucket"], ["PutObject", "arn:aws:s3:::bucket/k"],
    ]  # fmt: skip


def test_configuration_items_come_into_their_store(mon, cloudtrail):
    of = store(cloudtrail, AdvancedEventSelectors=selectors("ConfigurationItem"))
    client("s3").create_bucket(Bucket="bucket")
    config = client("config")
    config.put_configuration_recorder(ConfigurationRecorder={
        "name": "default", "roleARN": f"arn:aws:iam::{ACCOUNT}:role/r"})  # fmt: skip
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "bucket"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    client("sqs").create_queue(QueueName="orders", Attributes={"DelaySeconds": "7"})
    mon.clock.advance(minutes=1)
    statement = (
        "SELECT eventCategory, eventData.accountId, eventData.resourceName, "
        f"element_at(eventData.configuration, 'delaySeconds') FROM {of} "
        "WHERE eventData.resourceType = 'AWS::SQS::Queue'"
    )
    assert rows(mon, cloudtrail, statement) == [["ConfigurationItem", ACCOUNT, "orders", "7"]]


def test_stores_are_joined(monitoring, cloudtrail, of):
    other = store(cloudtrail, "other")
    group()
    where = "WHERE eventName = 'CreateLogGroup'"
    statement = (
        f"SELECT count(*) FROM {of} a JOIN {other} b ON a.eventID = b.eventID AND a.eventName = "
        "'CreateLogGroup'"
    )
    assert rows(monitoring, cloudtrail, statement) == [["1"]]
    union = f"SELECT eventName FROM {of} {where} UNION ALL SELECT eventName FROM {other} {where}"
    assert rows(monitoring, cloudtrail, union) == [["CreateLogGroup"]] * 2


def test_now_is_the_virtual_now(monitoring, cloudtrail, of):
    group("/a")
    monitoring.clock.advance(days=3)
    group("/b")
    assert names(monitoring, cloudtrail, of, "eventSource = 'logs.amazonaws.com' AND eventTime > "
                 "date_add('day', -1, now())") == ["CreateLogGroup"]  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("SELEC 1", "Line 1"),
        ("DELETE FROM {}", "one SELECT"),
        ("SELECT 1", "names no event data store"),
        ("SELECT nosuch FROM {}", "nosuch"),
        ("SELECT eventName, count(*) FROM {}", "GROUP BY"),
    ],
)
def test_a_statement_that_cannot_run(monitoring, cloudtrail, of, statement, why):
    with pytest.raises(cloudtrail.exceptions.InvalidQueryStatementException, match=why):
        cloudtrail.start_query(QueryStatement=statement.format(of))
    assert cloudtrail.list_queries(EventDataStore=of)["Queries"] == []


def test_a_statement_over_a_store_that_is_not_here(monitoring, cloudtrail, of):
    elsewhere = client("cloudtrail", "eu-west-1")
    refused("EventDataStoreNotFoundException", elsewhere.start_query,
            QueryStatement=f"SELECT eventID FROM {of}")  # fmt: skip
    refused("InvalidParameterException", cloudtrail.start_query)


def test_a_statement_that_fails_on_what_is_there(monitoring, cloudtrail, of):
    group()
    statement = f"SELECT cast(eventName AS bigint) FROM {of}"
    query = cloudtrail.start_query(QueryStatement=statement)["QueryId"]
    monitoring.clock.advance(seconds=1)
    told = cloudtrail.describe_query(QueryId=query)
    assert told["QueryStatus"] == "FAILED"
    assert "Could not convert string" in told["ErrorMessage"]
    assert cloudtrail.get_query_results(QueryId=query)["ErrorMessage"] == told["ErrorMessage"]


def test_results_come_in_pages(monitoring, cloudtrail, of):
    for number in range(5):
        group(f"/{number}")
    statement = (
        f"SELECT element_at(requestParameters, 'logGroupName') AS name FROM {of} "
        "WHERE eventName = 'CreateLogGroup' ORDER BY name"
    )
    query = cloudtrail.start_query(QueryStatement=statement)["QueryId"]
    monitoring.clock.advance(seconds=1)
    seen, token = [], {}
    while True:
        page = cloudtrail.get_query_results(QueryId=query, MaxQueryResults=2, **token)
        statistics = page["QueryStatistics"]
        assert statistics["ResultsCount"] == len(page["QueryResultRows"])
        assert statistics["TotalResultsCount"] == 5
        seen += [row[0]["name"] for row in page["QueryResultRows"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert seen == ["/0", "/1", "/2", "/3", "/4"]


def test_a_query_is_cancelled_while_it_runs(monitoring, cloudtrail, of):
    query = cloudtrail.start_query(QueryStatement=f"SELECT eventID FROM {of}")["QueryId"]
    assert cloudtrail.cancel_query(QueryId=query)["QueryStatus"] == "CANCELLED"
    monitoring.clock.advance(minutes=1)
    assert status(cloudtrail, query) == "CANCELLED"
    refused("InactiveQueryException", cloudtrail.cancel_query, QueryId=query)
    unknown = "00000000-0000-0000-0000-000000000000"
    refused("QueryIdNotFoundException", cloudtrail.cancel_query, QueryId=unknown)
    refused("QueryIdNotFoundException", cloudtrail.describe_query, QueryId=unknown)


def test_ten_queries_at_a_time(monitoring, cloudtrail, of):
    for _ in range(10):
        cloudtrail.start_query(QueryStatement=f"SELECT eventID FROM {of}")
    refused("MaxConcurrentQueriesException", cloudtrail.start_query,
            QueryStatement=f"SELECT eventID FROM {of}")  # fmt: skip
    monitoring.clock.advance(seconds=1)
    cloudtrail.start_query(QueryStatement=f"SELECT eventID FROM {of}")


def test_queries_are_listed_for_seven_days(monitoring, cloudtrail, of):
    other = store(cloudtrail, "other")
    first = cloudtrail.start_query(QueryStatement=f"SELECT eventID FROM {of}")["QueryId"]
    monitoring.clock.advance(hours=1)
    second = cloudtrail.start_query(QueryStatement=f"SELECT eventID FROM {of}")["QueryId"]

    def listed(**more):
        return [each["QueryId"] for each in cloudtrail.list_queries(**more)["Queries"]]

    assert listed(EventDataStore=of) == [second, first]
    assert listed(EventDataStore=other) == []
    assert listed(EventDataStore=of, QueryStatus="FINISHED") == [first]
    half = datetime(2026, 3, 2, 12, 30, tzinfo=timezone.utc)
    assert listed(EventDataStore=of, EndTime=half) == [first]
    assert listed(EventDataStore=of, StartTime=half) == [second]
    later = datetime(2026, 3, 2, 13, tzinfo=timezone.utc)
    refused("InvalidDateRangeException", cloudtrail.list_queries, EventDataStore=of,
            StartTime=later, EndTime=half)  # fmt: skip
    # and a query that comes between two pages shifts nothing
    page = cloudtrail.list_queries(EventDataStore=of, MaxResults=1)
    cloudtrail.start_query(QueryStatement=f"SELECT eventID FROM {of}")
    assert listed(EventDataStore=of, MaxResults=1, NextToken=page["NextToken"]) == [first]
    monitoring.clock.advance(days=7)
    assert listed(EventDataStore=of) == []
    refused("QueryIdNotFoundException", cloudtrail.get_query_results, QueryId=first)


def test_results_are_delivered_and_signed(mon, cloudtrail, of):
    s3 = client("s3")
    s3.create_bucket(Bucket="results")
    table()
    statement = f"SELECT eventName, errorCode FROM {of} WHERE eventName = 'CreateTable'"
    query = cloudtrail.start_query(
        QueryStatement=statement, DeliveryS3Uri="s3://results/mine/"
    )["QueryId"]  # fmt: skip
    assert cloudtrail.describe_query(QueryId=query)["DeliveryStatus"] == "PENDING"
    mon.clock.advance(seconds=1)
    told = cloudtrail.describe_query(QueryId=query)
    assert (told["DeliveryStatus"], told["DeliveryS3Uri"]) == ("SUCCESS", "s3://results/mine/")
    folder = f"mine/AWSLogs/{ACCOUNT}/CloudTrail-Lake/Query/2026/03/02/{query}"
    body = s3.get_object(Bucket="results", Key=f"{folder}/result_1.csv.gz")["Body"].read()
    found = list(csv.reader(io.StringIO(gzip.decompress(body).decode())))
    assert found == [["eventName", "errorCode"], ["CreateTable", ""]]
    sign = s3.get_object(Bucket="results", Key=f"{folder}/result_sign.json")["Body"].read()
    signed = json.loads(sign)
    hashed = hashlib.sha256(body).hexdigest()
    assert signed["files"] == [{"fileHashValue": hashed, "fileName": "result_1.csv.gz"}]
    assert signed["queryCompleteTime"] == "2026-03-02T12:00:01Z"
    # and one of the region's public keys signed them
    assert_signed(cloudtrail, signed, hashed)


def assert_signed(cloudtrail, signed, text):
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    (key,) = cloudtrail.list_public_keys()["PublicKeyList"]
    assert key["Fingerprint"] == signed["publicKeyFingerprint"]
    public = serialization.load_der_public_key(key["Value"])
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(
        bytes.fromhex(signed["hashSignature"]), text.encode(), padding.PKCS1v15(), hashes.SHA256()
    )


def test_results_for_a_bucket_that_is_gone(mon, cloudtrail, of):
    query = cloudtrail.start_query(
        QueryStatement=f"SELECT eventID FROM {of}", DeliveryS3Uri="s3://nowhere"
    )["QueryId"]
    mon.clock.advance(minutes=30)
    told = cloudtrail.describe_query(QueryId=query)
    assert (told["QueryStatus"], told["DeliveryStatus"]) == ("FINISHED", "RESOURCE_NOT_FOUND")


def test_results_of_a_deleted_store_are_not_read(monitoring, cloudtrail, of):
    query = cloudtrail.start_query(QueryStatement=f"SELECT eventID FROM {of}")["QueryId"]
    monitoring.clock.advance(seconds=1)
    cloudtrail.delete_event_data_store(EventDataStore=of)
    refused("InactiveEventDataStoreException", cloudtrail.get_query_results, QueryId=query)
    refused("InactiveEventDataStoreException", cloudtrail.describe_query, QueryId=query)


def test_another_account_asks_a_store_whose_policy_lets_it(monitoring, cloudtrail, of):
    group()
    other = monitoring.at(account="111111111111")
    theirs = boto3.client("cloudtrail", "us-east-1", **other.credentials)
    asked = {"QueryStatement": f"SELECT eventName FROM {of} WHERE eventName = 'CreateLogGroup'",
             "EventDataStoreOwnerAccountId": ACCOUNT}  # fmt: skip
    refused("AccessDeniedException", theirs.start_query, **asked)
    # when the owner lets it
    arn = cloudtrail.get_event_data_store(EventDataStore=of)["EventDataStoreArn"]
    actions = ["cloudtrail:StartQuery", "cloudtrail:GetQueryResults"]
    policy = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
        "Action": actions, "Resource": arn}]}  # fmt: skip
    cloudtrail.put_resource_policy(ResourceArn=arn, ResourcePolicy=json.dumps(policy))
    started = theirs.start_query(**asked)
    assert started["EventDataStoreOwnerAccountId"] == ACCOUNT
    monitoring.clock.advance(seconds=1)
    of_it = {"QueryId": started["QueryId"], "EventDataStoreOwnerAccountId": ACCOUNT}
    # then it finds the owner's events, and may do nothing else
    assert theirs.get_query_results(**of_it)["QueryResultRows"] == [
        [{"eventName": "CreateLogGroup"}]
    ]
    refused("AccessDeniedException", theirs.describe_query, **of_it)
    refused("AccountNotFoundException", theirs.describe_query,
            QueryId=started["QueryId"], EventDataStoreOwnerAccountId="222222222222")  # fmt: skip


def test_without_the_extra_an_error_names_it(monitoring, cloudtrail, of, monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    with pytest.raises(MisuseError, match=r"awsmon\[lake\]"):
        cloudtrail.start_query(QueryStatement=f"SELECT eventID FROM {of}")


def test_a_phrase_finds_samples_that_run(monitoring, cloudtrail, of):
    found = cloudtrail.search_sample_queries(SearchPhrase="who deleted buckets")["SearchResults"]
    assert found[0]["Name"] == "Deleted S3 buckets"
    assert [each["Relevance"] for each in found] == sorted(
        (each["Relevance"] for each in found), reverse=True
    )
    assert cloudtrail.search_sample_queries(SearchPhrase="zzz")["SearchResults"] == []
    for each in SAMPLES:
        cloudtrail.start_query(QueryStatement=each.sql.replace("$EDS_ID", of))


def test_a_query_survives_a_snapshot(monitoring, cloudtrail, of):
    query = cloudtrail.start_query(QueryStatement=f"SELECT eventName FROM {of}")["QueryId"]
    monitoring.restore(monitoring.snapshot())
    monitoring.clock.advance(seconds=1)
    assert cloudtrail.get_query_results(QueryId=query)["QueryResultRows"]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        # the first two are the API reference's own
        ("What are my top errors in the past month?", [["ResourceAlreadyExistsException", "2"]]),
        ("Give me a list of users that used SNS.", []),
        ("Give me a list of users that used CloudWatch logs",
         [[f"arn:aws:iam::{ACCOUNT}:user/awsmon"]]),
        ("How many CreateLogGroup calls failed since 2026-03-02?", [["2"]]),
        ("How many log groups were created yesterday in logs?", [["1"]]),
        ("Which services did user awsmon use for CreateLogGroup today", [["logs.amazonaws.com"]]),
        ("top 1 regions for CreateLogGroup", [["us-east-1", "4"]]),
        ("events of logs that were denied", []),
    ],
)  # fmt: skip
def test_a_prompt_becomes_a_query(monitoring, cloudtrail, of, prompt, expected):
    # given a group yesterday, and today another that somebody makes three times
    group("/old")
    monitoring.clock.advance(hours=13)
    for _ in range(3):
        with contextlib.suppress(ClientError):
            group("/new")
    # when the prompt's query is run by its alias
    made = cloudtrail.generate_query(EventDataStores=[of], Prompt=prompt)
    query = cloudtrail.start_query(QueryAlias=made["QueryAlias"])["QueryId"]
    monitoring.clock.advance(seconds=1)
    # then it finds what was meant
    answer = cloudtrail.get_query_results(QueryId=query)
    assert [[value for cell in row for value in cell.values()]
            for row in answer["QueryResultRows"]] == expected  # fmt: skip
    told = cloudtrail.describe_query(QueryId=query)
    assert (told["Prompt"], told["QueryString"]) == (prompt, made["QueryStatement"])


def test_a_prompt_of_which_nothing_is_known(monitoring, cloudtrail, of):
    refused("GenerateResponseException", cloudtrail.generate_query, EventDataStores=[of],
            Prompt="Sing me a song")  # fmt: skip
