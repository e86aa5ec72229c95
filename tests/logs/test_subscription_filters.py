"""Subscription filters: who gets which events, in which form."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.exceptions import JsonRESTError
from moto.kinesis.models import KinesisBackend

from awsmon import mock_monitoring
from awsmon.core.errors import NotImplementedByAwsmon

REGION = "us-east-1"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:handle"
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/lines"
FIREHOSE = "arn:aws:firehose:us-east-1:123456789012:deliverystream/lines"
ROLE = "arn:aws:iam::123456789012:role/logs"
NOW = 1772452800000


@pytest.fixture
def logs(monitoring):
    client = boto3.client("logs")
    client.create_log_group(logGroupName="/app")
    client.create_log_stream(logGroupName="/app", logStreamName="web")
    return client


def subscribe(logs, target, pattern="", name="all", **more):
    if ":lambda:" not in target and ":logs:" not in target:
        more.setdefault("roleArn", ROLE)
    logs.put_subscription_filter(
        logGroupName="/app", filterName=name, filterPattern=pattern, destinationArn=target, **more
    )


def unpacked(data):
    return json.loads(gzip.decompress(data))


def received(monitoring, target):
    """The payloads that a target got, control messages aside."""
    found = []
    for each in monitoring.deliveries.to(target):
        payload = each.payload
        if "awslogs" in payload:
            data = base64.b64decode(payload["awslogs"]["data"])
        else:
            data = payload.get("Record", payload)["Data"]
        found.append(unpacked(data))
    return [each for each in found if each["messageType"] == "DATA_MESSAGE"]


def refused(logs, **request):
    with pytest.raises(ClientError) as caught:
        logs.put_subscription_filter(
            **{"logGroupName": "/app", "filterName": "f", "filterPattern": "", **request}
        )
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


# -- what subscribers get --------------------------------------------------------------------------


def test_a_function_gets_what_matches(monitoring, logs):
    # given a function behind a filter
    got = []
    monitoring.bind(FUNCTION, got.append)
    subscribe(logs, FUNCTION, "ERROR")
    # when three events come in, of which two match
    logs.put_log_events(
        logGroupName="/app", logStreamName="web",
        logEvents=[{"timestamp": NOW - 1, "message": "ERROR one"},
                   {"timestamp": NOW, "message": "fine"},
                   {"timestamp": NOW, "message": "ERROR ü"}],
    )  # fmt: skip
    # then it is called once, with these two, packed as AWS packs them (User Guide's sample)
    [event] = got
    message = unpacked(base64.b64decode(event["awslogs"]["data"]))
    ids = [each.pop("id") for each in message["logEvents"]]
    assert message == {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": "/app",
        "logStream": "web",
        "subscriptionFilters": ["all"],
        "logEvents": [
            {"timestamp": NOW - 1, "message": "ERROR one"},
            {"timestamp": NOW, "message": "ERROR ü"},
        ],
    }
    # and the ids are those by which FilterLogEvents knows the events
    found = logs.filter_log_events(logGroupName="/app", filterPattern="ERROR")["events"]
    assert ids == [each["eventId"] for each in found]


def test_nothing_is_sent_where_nothing_matches(monitoring, logs):
    subscribe(logs, FUNCTION, "ERROR")
    monitoring.logs.put("/app", "web", "fine")
    assert len(monitoring.deliveries) == 0


@pytest.mark.parametrize(("target", "words"), [(STREAM, "Kinesis stream"), (FIREHOSE, "Firehose")])
def test_a_stream_is_sent_a_message_first(monitoring, logs, target, words):
    subscribe(logs, target)
    [delivery] = monitoring.deliveries.to(target)
    message = unpacked(delivery.payload.get("Record", delivery.payload)["Data"])
    assert message == {
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logGroup": "",
        "logStream": "",
        "subscriptionFilters": [],
        "logEvents": [
            {"id": "", "timestamp": 0,
             "message": f"CWL CONTROL MESSAGE: Checking health of destination {words}."}
        ],
    }  # fmt: skip
    monitoring.logs.put("/app", "web", "a")
    assert [each["message"] for each in received(monitoring, target)[0]["logEvents"]] == ["a"]


def test_what_a_delimited_pattern_reads_is_told(monitoring, logs):
    subscribe(logs, FUNCTION, "[ip, user, ..., status=5*, size]")
    monitoring.logs.put(
        "/app", "web", ["192.0.2.1 ann GET /x 500 17", "192.0.2.1 ann GET /x 200 1"]
    )
    [message] = received(monitoring, FUNCTION)
    [event] = message["logEvents"]
    fields = event["extractedFields"]
    assert (fields["ip"], fields["user"], fields["status"], fields["size"]) == (
        "192.0.2.1", "ann", "500", "17"
    )  # fmt: skip


def test_system_fields_go_along(monitoring, logs):
    subscribe(logs, FUNCTION, emitSystemFields=["@aws.account", "@aws.region"])
    monitoring.logs.put("/app", "web", "a")
    [event] = received(monitoring, FUNCTION)[0]["logEvents"]
    assert (event["@aws.account"], event["@aws.region"]) == ("123456789012", "us-east-1")


@pytest.mark.parametrize(
    ("criteria", "count"),
    [('@aws.region = "us-east-1"', 1), ('@aws.region NOT IN ["us-east-1"]', 0)],
)
def test_criteria_on_system_fields(monitoring, logs, criteria, count):
    subscribe(logs, FUNCTION, fieldSelectionCriteria=criteria)
    monitoring.logs.put("/app", "web", "a")
    assert len(received(monitoring, FUNCTION)) == count


@pytest.mark.parametrize(("distribution", "keys"), [("ByLogStream", 2), ("Random", 4)])
def test_the_partition_is_the_stream_s_or_random(monitoring, logs, distribution, keys):
    subscribe(logs, STREAM, distribution=distribution)
    control = len(monitoring.deliveries)
    for stream in ("web", "web", "api", "api"):
        monitoring.logs.put("/app", stream, "a")
    sent = monitoring.deliveries.to(STREAM)[control:]
    assert len({each.payload["PartitionKey"] for each in sent}) == keys


def test_much_at_once_is_sent_in_parts(monitoring, logs):
    subscribe(logs, FUNCTION)
    monitoring.logs.put("/app", "web", ["x" * 100_000] * 25)
    parts = received(monitoring, FUNCTION)
    assert [len(part["logEvents"]) for part in parts] == [10, 10, 5]


def test_two_filters_read_the_same_events(monitoring, logs):
    other = f"{FUNCTION}2"
    subscribe(logs, FUNCTION, "a", name="one")
    subscribe(logs, other, "-a", name="two")
    monitoring.logs.put("/app", "web", ["a", "b"])
    assert [e["message"] for e in received(monitoring, FUNCTION)[0]["logEvents"]] == ["a"]
    assert [e["message"] for e in received(monitoring, other)[0]["logEvents"]] == ["b"]


def test_with_moto_streams_have_the_records():
    with mock_monitoring(now="2026-03-02T12:00:00Z") as mon, mock_aws():
        kinesis, firehose = boto3.client("kinesis", REGION), boto3.client("firehose", REGION)
        s3, logs = boto3.client("s3", REGION), boto3.client("logs", REGION)
        kinesis.create_stream(StreamName="lines", ShardCount=1)
        s3.create_bucket(Bucket="bucket")
        firehose.create_delivery_stream(
            DeliveryStreamName="lines",
            S3DestinationConfiguration={"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::bucket"},
        )
        logs.create_log_group(logGroupName="/app")
        subscribe(logs, STREAM, name="one")
        subscribe(logs, FIREHOSE, name="two")
        mon.logs.put("/app", "web", "hello")
        shard = kinesis.list_shards(StreamName="lines")["Shards"][0]["ShardId"]
        start = kinesis.get_shard_iterator(
            StreamName="lines", ShardId=shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        records = kinesis.get_records(ShardIterator=start)["Records"]
        kinds = [unpacked(record["Data"])["messageType"] for record in records]
        assert kinds == ["CONTROL_MESSAGE", "DATA_MESSAGE"]
        assert {each.status for each in mon.deliveries} == {"delivered"}
        assert s3.list_objects_v2(Bucket="bucket")["KeyCount"] >= 1


@pytest.fixture
def moto():
    """awsmon's session with moto's in it, and a group."""
    with (
        mock_monitoring(now="2026-03-02T12:00:00Z") as mon,
        mock_aws(config={"lambda": {"use_docker": False}}),
    ):
        boto3.client("logs", REGION).create_log_group(logGroupName="/app")
        yield mon


def function():
    """A function of moto's, and the client that made it."""
    role = boto3.client("iam", REGION).create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    client = boto3.client("lambda", REGION)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", "def handler(event, context): return 1")
    client.create_function(
        FunctionName="handle", Runtime="python3.12", Handler="handler.handler",
        Role=role["Role"]["Arn"], Code={"ZipFile": code.getvalue()},
    )  # fmt: skip
    return client


CLOSED = (
    "InvalidParameterException",
    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission "
    "to execute your function.",
)
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/app:*"


def test_a_function_of_motos_must_let_logs_call_it(moto):
    # given a function that isn't there, then is, and lets somebody else call it
    logs = boto3.client("logs", REGION)
    assert refused(logs, destinationArn=FUNCTION) == CLOSED
    client = function()
    assert refused(logs, destinationArn=FUNCTION) == CLOSED
    client.add_permission(
        FunctionName="handle", StatementId="other", Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
    )  # fmt: skip
    assert refused(logs, destinationArn=FUNCTION) == CLOSED
    # when it lets Logs, on behalf of this group (as in the recording of 2026)
    client.add_permission(
        FunctionName="handle", StatementId="logs", Action="lambda:InvokeFunction",
        Principal=f"logs.{REGION}.amazonaws.com", SourceArn=GROUP, SourceAccount="123456789012",
    )  # fmt: skip
    # then this group may be subscribed, and the function gets its events
    subscribe(logs, FUNCTION)
    moto.logs.put("/app", "web", "a")
    [delivery] = moto.deliveries.to(FUNCTION)
    assert (delivery.status, delivery.via) == ("delivered", "mock")
    # and another group may not
    logs.create_log_group(logGroupName="/other")
    assert refused(logs, logGroupName="/other", destinationArn=FUNCTION) == CLOSED


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (STREAM, "Kinesis stream. Check if the given kinesis stream is in ACTIVE state."),
        (FIREHOSE, "Firehose stream. Check if the given Firehose stream is in ACTIVE state."),
    ],
)
def test_a_stream_that_moto_lacks_is_refused(moto, target, words):
    # source: the words as users report them
    logs = boto3.client("logs", REGION)
    expected = "InvalidParameterException", f"Could not deliver test message to specified {words}"
    assert refused(logs, destinationArn=target, roleArn=ROLE) == expected
    with pytest.raises(ClientError) as caught:
        logs.put_destination(destinationName="d", targetArn=target, roleArn=ROLE)
    assert caught.value.response["Error"]["Message"] == expected[1]


def test_a_callable_behind_a_target_goes_before_motos(moto):
    got = []
    moto.bind(FUNCTION, got.append)
    subscribe(boto3.client("logs", REGION), FUNCTION)
    moto.logs.put("/app", "web", "a")
    assert len(got) == 1


# -- failures and counts ---------------------------------------------------------------------------


def test_a_function_that_fails_is_called_twice_more_and_counted(monitoring, logs):
    def fail(event):
        raise RuntimeError("no")

    monitoring.bind(FUNCTION, fail)
    subscribe(logs, FUNCTION)
    monitoring.logs.put("/app", "web", "a")
    monitoring.clock.advance(minutes=5)
    [delivery] = monitoring.deliveries.to(FUNCTION)
    assert (delivery.status, len(delivery.attempts)) == ("failed", 3)
    assert usage(monitoring, "DeliveryErrors") == 1


def test_all_events_of_a_failed_delivery_are_counted(monitoring, logs):
    # source: User Guide, "Monitoring with CloudWatch metrics": the number of log events
    def fail(event):
        raise RuntimeError("no")

    monitoring.bind(FUNCTION, fail)
    subscribe(logs, FUNCTION)
    monitoring.logs.put("/app", "web", ["a", "b", "c"])
    monitoring.clock.advance(minutes=5)
    assert (usage(monitoring, "DeliveryErrors"), usage(monitoring, "DeliveryThrottling")) == (3, 0)


def test_throttled_events_are_counted_though_they_arrive_later(monitoring, logs):
    # given a function that is too busy the first time
    busy = [True]

    def handle(event):
        if busy:
            busy.pop()
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke")

    monitoring.bind(FUNCTION, handle)
    subscribe(logs, FUNCTION)
    monitoring.logs.put("/app", "web", ["a", "b"])
    monitoring.clock.advance(minutes=5)
    assert monitoring.deliveries.to(FUNCTION)[0].status == "delivered"
    assert (usage(monitoring, "DeliveryErrors"), usage(monitoring, "DeliveryThrottling")) == (0, 2)


def test_a_stream_of_motos_that_throttles_is_tried_again(moto, monkeypatch):
    # given a stream that takes the first message and is then too busy, once
    boto3.client("kinesis", REGION).create_stream(StreamName="lines", ShardCount=1)
    subscribe(boto3.client("logs", REGION), STREAM)
    put, busy = KinesisBackend.put_record, [True]

    def put_record(*args, **kwargs):
        if busy:
            busy.pop()
            raise JsonRESTError("ProvisionedThroughputExceededException", "Rate exceeded")
        return put(*args, **kwargs)

    monkeypatch.setattr(KinesisBackend, "put_record", put_record)
    # when events come in
    moto.logs.put("/app", "web", ["a", "b", "c"])
    delivery = moto.deliveries.to(STREAM)[-1]
    assert delivery.status == "pending"
    # then they arrive a minute later, and are counted as throttled
    moto.clock.advance(minutes=2)
    assert (delivery.status, len(delivery.attempts)) == ("delivered", 2)
    assert usage(moto, "DeliveryThrottling", "Kinesis") == 3


def test_a_system_field_that_is_not_built_is_said_to_be(logs):
    with pytest.raises(NotImplementedByAwsmon, match=r"emitSystemFields @source\.log"):
        subscribe(logs, FUNCTION, emitSystemFields=["@source.log"])


def usage(monitoring, metric, kind="Lambda"):
    """What AWS/Logs says of a filter in the last hour."""
    now = monitoring.clock.now()
    found = boto3.client("cloudwatch", REGION).get_metric_statistics(
        Namespace="AWS/Logs", MetricName=metric, Period=3600, Statistics=["Sum"],
        StartTime=now - timedelta(hours=1), EndTime=now + timedelta(hours=1),
        Dimensions=[{"Name": "LogGroupName", "Value": "/app"},
                    {"Name": "DestinationType", "Value": kind},
                    {"Name": "FilterName", "Value": "all"}],
    )["Datapoints"]  # fmt: skip
    return sum(point["Sum"] for point in found)


def test_what_is_forwarded_is_counted(monitoring, logs):
    subscribe(logs, FUNCTION)
    monitoring.logs.put("/app", "web", ["a", "b"])
    monitoring.clock.advance(minutes=1)
    assert usage(monitoring, "ForwardedLogEvents") == 2
    data = monitoring.deliveries.to(FUNCTION)[0].payload["awslogs"]["data"]
    assert usage(monitoring, "ForwardedBytes") == len(base64.b64decode(data))


def test_the_trace_shows_the_way(monitoring, logs):
    subscribe(logs, FUNCTION)
    logs.put_log_events(logGroupName="/app", logStreamName="web",
                        logEvents=[{"timestamp": NOW, "message": "a"}])  # fmt: skip
    lines = str(monitoring.trace())
    assert lines.index("PutLogEvents") < lines.index("log events /app") < lines.index("delivery to")


# -- account-level ---------------------------------------------------------------------------------


def test_an_account_policy_subscribes_all_groups_it_selects(monitoring, logs):
    monitoring.logs.put("/own", "s", "before")
    logs.put_account_policy(
        policyName="all", policyType="SUBSCRIPTION_FILTER_POLICY", scope="ALL",
        policyDocument=json.dumps({"DestinationArn": FUNCTION, "FilterPattern": "",
                                   "Distribution": "Random"}),
        selectionCriteria='LogGroupName NOT IN ["/own"]',
    )  # fmt: skip
    monitoring.logs.put("/app", "web", "a")
    monitoring.logs.put("/own", "s", "b")
    [message] = received(monitoring, FUNCTION)
    assert (message["logGroup"], message["subscriptionFilters"]) == ("/app", ["all"])
    assert message["policyLevel"] == "ACCOUNT_LEVEL_POLICY"


# -- put, describe, delete -------------------------------------------------------------------------


def test_filters_are_described(logs):
    # source: recorded 2026
    subscribe(logs, FUNCTION, name="test")
    assert logs.describe_subscription_filters(logGroupName="/app")["subscriptionFilters"] == [
        {
            "applyOnTransformedLogs": False,
            "creationTime": NOW,
            "destinationArn": FUNCTION,
            "distribution": "ByLogStream",
            "filterName": "test",
            "filterPattern": "",
            "logGroupName": "/app",
        }
    ]


def test_two_are_the_most_and_one_of_the_same_name_is_replaced(logs):
    subscribe(logs, FUNCTION, name="a")
    subscribe(logs, FUNCTION, name="b")
    assert refused(logs, destinationArn=FUNCTION) == (
        "LimitExceededException", "Resource limit exceeded."
    )  # fmt: skip
    subscribe(logs, FUNCTION, "[]", name="b")
    found = logs.describe_subscription_filters(logGroupName="/app", filterNamePrefix="b")
    assert [each["filterPattern"] for each in found["subscriptionFilters"]] == ["[]"]


def test_five_filters_with_regular_expressions_are_the_most_of_a_group(logs):
    # source: API reference, PutSubscriptionFilter; those of metric filters count too
    for number in range(4):
        logs.put_metric_filter(
            logGroupName="/app", filterName=f"m{number}", filterPattern="%a+%",
            metricTransformations=[
                {"metricName": "m", "metricNamespace": "App", "metricValue": "1"}
            ],
        )  # fmt: skip
    subscribe(logs, FUNCTION, "%b+%", name="a")
    assert refused(logs, destinationArn=FUNCTION, filterPattern="%c+%") == (
        "LimitExceededException", "Resource limit exceeded."
    )  # fmt: skip
    subscribe(logs, FUNCTION, "c", name="b")
    subscribe(logs, FUNCTION, "%d+%", name="a")
    with pytest.raises(ClientError) as caught:
        logs.put_metric_filter(
            logGroupName="/app", filterName="m4", filterPattern="%e+%",
            metricTransformations=[
                {"metricName": "m", "metricNamespace": "App", "metricValue": "1"}
            ],
        )  # fmt: skip
    assert caught.value.response["Error"]["Code"] == "LimitExceededException"


def test_a_deleted_filter_sends_nothing(monitoring, logs):
    subscribe(logs, FUNCTION)
    logs.delete_subscription_filter(logGroupName="/app", filterName="all")
    assert logs.describe_subscription_filters(logGroupName="/app")["subscriptionFilters"] == []
    monitoring.logs.put("/app", "web", "a")
    assert len(monitoring.deliveries) == 0
    with pytest.raises(ClientError, match="specified subscription filter does not exist"):
        logs.delete_subscription_filter(logGroupName="/app", filterName="all")


@pytest.mark.parametrize(
    ("request_", "code", "message"),
    [
        # recorded 2026
        ({"logGroupName": "/none", "destinationArn": FUNCTION}, "ResourceNotFoundException",
         "The specified log group does not exist."),
        ({"destinationArn": STREAM}, "InvalidParameterException",
         "destinationArn for vendor kinesis cannot be used without roleArn"),
        ({"destinationArn": FUNCTION.replace("123456789012", "111111111111")},
         "AccessDeniedException",
         "Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies "
         "to create cross account lambda triggers."),
        ({"logGroupName": "/none",
          "destinationArn": FUNCTION.replace("123456789012", "111111111111")},
         "AccessDeniedException",
         "Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies "
         "to create cross account lambda triggers."),
        # as users report it
        ({"logGroupName": "/aws/lambda/handle", "destinationArn": FUNCTION},
         "InvalidParameterException",
         "The log group provided is reserved for the function logs of the destination function."),
        ({"destinationArn": FIREHOSE}, "InvalidParameterException",
         "destinationArn for vendor firehose cannot be used without roleArn"),
        ({"destinationArn": FUNCTION, "roleArn": ROLE}, "InvalidParameterException",
         "destinationArn for vendor lambda cannot be used with roleArn"),
        ({"destinationArn": FUNCTION, "filterPattern": "foo/bar"}, "InvalidParameterException",
         "Invalid character(s) in term '/'"),
        # unverified
        ({"destinationArn": "nobody"}, "InvalidParameterException",
         "Invalid destinationArn: nobody"),
        ({"destinationArn": "arn:aws:sqs:us-east-1:123456789012:q"}, "InvalidParameterException",
         "Invalid destinationArn: arn:aws:sqs:us-east-1:123456789012:q"),
        ({"destinationArn": STREAM.replace("123456789012", "111111111111"), "roleArn": ROLE},
         "InvalidParameterException",
         "The stream arn:aws:kinesis:us-east-1:111111111111:stream/lines belongs to another "
         "account; use a destination."),
        ({"destinationArn": FUNCTION, "emitSystemFields": ["@x"]}, "InvalidParameterException",
         "Invalid system field: @x"),
        ({"destinationArn": FUNCTION, "fieldSelectionCriteria": "x y"}, "InvalidParameterException",
         "Invalid selection criteria"),
        ({"destinationArn": "arn:aws:logs:us-east-1:123456789012:destination:none"},
         "ResourceNotFoundException", "The specified destination does not exist."),
    ],
)  # fmt: skip
def test_what_is_refused(logs, request_, code, message):
    assert refused(logs, **request_) == (code, message)


def test_infrequent_access_has_no_subscriptions(logs):
    logs.create_log_group(logGroupName="/ia", logGroupClass="INFREQUENT_ACCESS")
    code, _ = refused(logs, logGroupName="/ia", destinationArn=FUNCTION)
    assert code == "InvalidOperationException"
