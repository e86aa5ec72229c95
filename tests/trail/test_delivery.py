"""What trails deliver: files, notices, log events, events on the bus."""

from __future__ import annotations

import base64
import gzip
import json

import boto3
import pytest

from tests.trail.conftest import ACCOUNT, BASE, client, logging, rule, table


def files(bucket="records"):
    """The records of each file, by key."""
    s3 = client("s3")
    found = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {
        each["Key"]: json.loads(
            gzip.decompress(s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read())
        )["Records"]
        for each in found
    }


@pytest.fixture
def bucket(mon):
    client("s3").create_bucket(Bucket="records")


def names(records):
    return [each["eventName"] for each in records]


def test_a_deleted_table_reaches_a_topic(mon, bucket, cloudtrail):
    # given a rule from DeleteTable to a topic, with a queue behind it
    logging(cloudtrail)
    sns, sqs = client("sns"), client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{BASE}:q")
    rule({"source": ["aws.dynamodb"], "detail-type": ["AWS API Call via CloudTrail"],
          "detail": {"eventName": ["DeleteTable"]}}, topic)  # fmt: skip
    # when a table is deleted in moto
    table()
    client("dynamodb").delete_table(TableName="t")
    # then the queue has the event, with what was asked
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    event = json.loads(json.loads(message["Body"])["Message"])
    assert event["detail"]["requestParameters"] == {"tableName": "t"}
    assert event["detail"]["userIdentity"]["userName"] == "awsmon"


def test_files_are_written_every_five_minutes(mon, bucket, cloudtrail):
    logging(cloudtrail)
    mon.clock.advance(minutes=2)
    table()
    mon.clock.advance(minutes=2)
    client("dynamodb").delete_table(TableName="t")
    assert files() == {}
    mon.clock.advance(minutes=1)
    # then the file has AWS's place and form, and the records that were made
    ((key, records),) = files().items()
    start = f"AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2026/03/02/{ACCOUNT}_CloudTrail_us-east-1_"
    assert key.startswith(f"{start}20260302T1205Z_")
    assert key.endswith(".json.gz")
    assert len(key.removeprefix(start)) == len("20260302T1205Z_") + 16 + len(".json.gz")
    assert names(records) == ["StartLogging", "CreateTable", "DeleteTable"]
    status = cloudtrail.get_trail_status(Name="main")
    assert status["LatestDeliveryTime"].isoformat() == "2026-03-02T12:05:00+00:00"
    assert status["LatestDeliveryAttemptSucceeded"] == "2026-03-02T12:05:00Z"
    # and nothing more is written while nothing happens
    mon.clock.advance(days=30)
    assert len(files()) == 2  # the calls above were reads of this test's


def test_only_what_the_selectors_select(mon, bucket, cloudtrail):
    logging(cloudtrail, S3KeyPrefix="pre")
    cloudtrail.put_event_selectors(TrailName="main", EventSelectors=[{
        "ReadWriteType": "WriteOnly", "IncludeManagementEvents": False,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::records/mine/"]}],
    }])  # fmt: skip
    s3 = client("s3")
    s3.put_object(Bucket="records", Key="mine/a", Body=b"x")
    s3.put_object(Bucket="records", Key="other", Body=b"x")
    s3.get_object(Bucket="records", Key="mine/a")
    table()
    mon.clock.advance(minutes=5)
    ((_, records),) = files_below("pre/").items()
    # the first two were recorded under the default selectors
    assert [each["requestParameters"].get("key") for each in records
            if each["eventName"] == "PutObject"] == ["mine/a"]  # fmt: skip
    assert "CreateTable" not in names(records)


def test_the_data_api_of_rds_can_be_left_out(mon, bucket, cloudtrail):
    # given a trail that leaves it out; source: API reference, EventSelector
    logging(cloudtrail)
    cloudtrail.put_event_selectors(TrailName="main", EventSelectors=[{
        "ExcludeManagementEventSources": ["rdsdata.amazonaws.com"],
    }])  # fmt: skip
    # when a statement is run, and a table made
    client("rds-data").execute_statement(
        resourceArn="arn:aws:rds:us-east-1:1:cluster:shop", sql="SELECT 1",
        secretArn="arn:aws:secretsmanager:us-east-1:1:secret:shop",
    )  # fmt: skip
    table()
    mon.clock.advance(minutes=5)
    # then only the table is told of
    ((_, records),) = files().items()
    assert "CreateTable" in names(records)
    assert "ExecuteStatement" not in names(records)


def test_a_list_is_a_data_event_of_the_bucket(mon, bucket, cloudtrail):
    # source: User Guide, "Logging data events": a value that ends in a slash is all of a bucket
    logging(cloudtrail)
    cloudtrail.put_event_selectors(TrailName="main", EventSelectors=[{
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::records/"]}],
    }])  # fmt: skip
    client("s3").list_objects_v2(Bucket="records")
    listing = mon.trail.calls(name="ListObjectsV2")[-1].record
    assert "trail main: delivered" in mon.trail.explain(listing["eventID"])


def files_below(prefix):
    s3 = client("s3")
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket="records", Prefix=prefix)["Contents"]]
    return {
        key: json.loads(gzip.decompress(
            s3.get_object(Bucket="records", Key=key)["Body"].read()))["Records"]
        for key in keys
    }  # fmt: skip


def test_a_multi_region_trail_has_a_folder_for_each_region(mon, bucket, cloudtrail):
    logging(cloudtrail, IsMultiRegionTrail=True)
    client("logs", "eu-west-1").create_log_group(logGroupName="/g")
    boto3.client("iam", "eu-west-1").create_user(UserName="Bob")
    mon.clock.advance(minutes=5)
    by_region = {key.split("/")[3]: names(records) for key, records in files().items()}
    assert by_region["eu-west-1"] == ["CreateLogGroup"]
    assert "CreateUser" in by_region["us-east-1"]


def test_a_trail_of_one_region_hears_of_no_other(mon, bucket, cloudtrail):
    logging(cloudtrail)
    client("logs", "eu-west-1").create_log_group(logGroupName="/g")
    mon.clock.advance(minutes=5)
    assert {key.split("/")[3] for key in files()} == {"us-east-1"}


def test_global_services_may_be_left_out(mon, bucket, cloudtrail):
    # given one trail with the events of global services, and one without
    logging(cloudtrail, "with")
    logging(cloudtrail, "without", S3KeyPrefix="p", IncludeGlobalServiceEvents=False)
    # when IAM is called, and EC2
    client("iam").create_user(UserName="u")
    client("ec2").create_security_group(GroupName="g", Description="d")
    mon.clock.advance(minutes=5)
    # then the second has EC2's event alone
    found = {key.startswith("p/"): {each["eventName"] for each in records}
             for key, records in files().items()}  # fmt: skip
    assert {"CreateUser", "CreateSecurityGroup"} <= found[False]
    assert "CreateSecurityGroup" in found[True]
    assert "CreateUser" not in found[True]
    (call,) = mon.trail.calls("iam")
    assert "trail without: left out, IncludeGlobalServiceEvents is false" in mon.trail.explain(
        call.record["eventID"]
    )


def test_a_topic_is_told_of_each_file(mon, bucket, cloudtrail):
    sqs, sns = client("sqs"), client("sns")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    topic = sns.create_topic(Name="told")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{BASE}:q")
    logging(cloudtrail, SnsTopicName="told")
    mon.clock.advance(minutes=5)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    told = json.loads(json.loads(message["Body"])["Message"])
    assert told["s3Bucket"] == "records"
    assert told["s3ObjectKey"] == list(files())
    assert cloudtrail.get_trail_status(Name="main")["LatestNotificationTime"]


def test_a_log_group_gets_each_record_and_a_metric_filter_counts_them(mon, bucket, cloudtrail):
    # given a trail to a log group, with the filter of CIS for changes of security groups
    logs = client("logs")
    logs.create_log_group(logGroupName="trail")
    logs.put_metric_filter(
        logGroupName="trail", filterName="f",
        filterPattern="{ ($.eventName = CreateSecurityGroup) }",
        metricTransformations=[
            {"metricName": "Changes", "metricNamespace": "CIS", "metricValue": "1"}],
    )  # fmt: skip
    logging(cloudtrail, CloudWatchLogsLogGroupArn=f"arn:aws:logs:{BASE}:log-group:trail:*",
            CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/r")  # fmt: skip
    # when a group is made
    client("ec2").create_security_group(GroupName="g", Description="d")
    mon.clock.advance(minutes=5)
    # then its record is there, and counted
    (stream,) = logs.describe_log_streams(logGroupName="trail")["logStreams"]
    assert stream["logStreamName"] == f"{ACCOUNT}_CloudTrail_us-east-1"
    found = client("cloudwatch").list_metrics(Namespace="CIS")["Metrics"]
    assert [each["MetricName"] for each in found] == ["Changes"]


def test_a_bucket_that_is_gone_is_told(mon, bucket, cloudtrail):
    logging(cloudtrail)
    client("s3").delete_bucket(Bucket="records")
    mon.clock.advance(minutes=5)
    assert cloudtrail.get_trail_status(Name="main")["LatestDeliveryError"] == "NoSuchBucket"


def test_what_did_not_arrive_has_no_time_of_delivery(mon, bucket, cloudtrail):
    # given a trail with digests whose log group is missing, and soon its bucket
    logging(
        cloudtrail, EnableLogFileValidation=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:gone:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/r",
    )  # fmt: skip
    client("s3").delete_bucket(Bucket="records")
    # when files, events and a digest were to be delivered
    mon.clock.advance(hours=2)
    # then the errors are told, and no times; source: API reference, GetTrailStatus
    status = cloudtrail.get_trail_status(Name="main")
    assert status["LatestDigestDeliveryError"] == "NoSuchBucket"
    assert status["LatestCloudWatchLogsDeliveryError"]
    assert status.keys().isdisjoint({
        "LatestDeliveryTime", "LatestDigestDeliveryTime", "LatestCloudWatchLogsDeliveryTime",
    })  # fmt: skip


def test_files_of_a_trail_with_a_key_are_encrypted_with_it(mon, bucket, cloudtrail):
    # given a trail with a key, and digests
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    logging(cloudtrail, EnableLogFileValidation=True, KmsKeyId=key)
    # when a log and a digest are delivered
    mon.clock.advance(hours=1)
    # then both are encrypted with it, under the trail's name; source: CloudTrail User Guide,
    # "Encrypting CloudTrail log files with AWS KMS keys"
    s3 = client("s3")
    kept = [each["Key"] for each in s3.list_objects_v2(Bucket="records")["Contents"]]
    assert {each.split("/")[2] for each in kept} == {"CloudTrail", "CloudTrail-Digest"}
    for each in kept:
        head = s3.head_object(Bucket="records", Key=each)
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)
    trail = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/main"
    for each in mon.deliveries.to("arn:aws:s3:::records"):
        context = json.loads(base64.b64decode(each.payload["SSEKMSEncryptionContext"]))
        assert context == {"aws:cloudtrail:arn": trail}


def test_reads_reach_only_rules_that_say_so(monitoring, cloudtrail):
    # given a rule as usual, and one that wants all management events
    logging(cloudtrail)
    pattern = {"detail": {"eventName": ["DescribeLogGroups", "CreateLogGroup"]}}
    usual, everything = [], []
    for number, got in enumerate((usual, everything)):
        arn = f"arn:aws:lambda:{BASE}:function:f{number}"
        monitoring.bind(arn, lambda event, got=got: got.append(event["detail"]["eventName"]))
        state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" if number else "ENABLED"
        rule(pattern, arn, f"r{number}", State=state)
    # when somebody reads and writes
    logs = client("logs")
    logs.describe_log_groups()
    logs.create_log_group(logGroupName="/g")
    assert usual == ["CreateLogGroup"]
    assert everything == ["DescribeLogGroups", "CreateLogGroup"]


def test_two_reads_of_sts_are_always_told(mon, cloudtrail):
    client("s3").create_bucket(Bucket="records")
    logging(cloudtrail)
    seen = []
    mon.event_bus.on({"source": ["aws.sts"]})(lambda event: seen.append(event["detail"]))
    sts = client("sts")
    sts.get_caller_identity()
    sts.get_session_token()
    sts.get_federation_token(Name="Bob")
    assert [each["eventName"] for each in seen] == ["GetSessionToken", "GetFederationToken"]


def test_without_a_trail_the_bus_hears_nothing(monitoring, cloudtrail):
    seen = []
    monitoring.event_bus.on({"detail-type": ["AWS API Call via CloudTrail"]})(seen.append)
    client("logs").create_log_group(logGroupName="/g")
    assert seen == []


def test_calls_are_explained_by_the_trails_of_their_time(monitoring, cloudtrail):
    # given calls before a trail logs, while it does, and after it was stopped
    def call(name):
        client("logs").create_log_group(logGroupName=name)
        return monitoring.trail.calls("logs")[-1].record["eventID"]

    before = call("/a")
    logging(cloudtrail)
    during = call("/b")
    start = monitoring.trail.calls(name="StartLogging")[-1].record["eventID"]
    cloudtrail.stop_logging(Name="main")
    stop = monitoring.trail.calls(name="StopLogging")[-1].record["eventID"]
    after = call("/c")
    # then each is told what became of it, at whatever time it is asked
    explain = monitoring.trail.explain
    for id_ in (before, after):
        assert "trail main: wasn't logging then" in explain(id_)
    for id_ in (start, during, stop):
        assert explain(id_).endswith("trail main: delivered")


def test_calls_are_explained_by_the_selectors_of_their_time(monitoring, cloudtrail):
    def call(name):
        client("logs").create_log_group(logGroupName=name)
        return monitoring.trail.calls("logs")[-1].record["eventID"]

    # given a trail that logs all, then reads alone, then writes alone
    logging(cloudtrail)
    ids = [call("/a")]
    for kind in ("ReadOnly", "WriteOnly"):
        cloudtrail.put_event_selectors(TrailName="main", EventSelectors=[{"ReadWriteType": kind}])
        ids.append(call(f"/{kind}"))
    # then each call is told what became of it then
    said = [monitoring.trail.explain(each).partition("trail main: ")[2] for each in ids]
    assert [each.partition(",")[0] for each in said] == ["delivered", "left out", "delivered"]


def test_why_a_call_was_not_delivered(monitoring, cloudtrail):
    logging(cloudtrail)
    cloudtrail.create_trail(Name="idle", S3BucketName="records")
    logging(client("cloudtrail", "eu-west-1"), "elsewhere")
    client("cloudwatch").put_metric_data(
        Namespace="n", MetricData=[{"MetricName": "m", "Value": 1}]
    )
    record = monitoring.trail.calls("cloudwatch")[-1].record
    text = monitoring.trail.explain(record["eventID"])
    assert "trail main: left out, it is a data event" in text
    assert "trail idle: isn't logging" in text
    assert "trail elsewhere: logs eu-west-1 alone" in text
    from awsmon.core.errors import MisuseError

    with pytest.raises(MisuseError, match="no call of that id"):
        monitoring.trail.explain("x")
