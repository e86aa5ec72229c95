"""Export tasks: the events of a group into a bucket, on the virtual clock."""

from __future__ import annotations

import gzip
import json

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from awsmon import mock_monitoring
from tests.logs.conftest import NOW, event, refused

REGION = "us-east-1"
BUCKET = "arn:aws:s3:::archive"
ACCOUNT = "123456789012"
DAY = 86_400_000


@pytest.fixture
def app(logs, stream):
    """A group of two streams with three events, and its client."""
    logs.create_log_stream(logGroupName="/app", logStreamName="eu/api")
    for name, *found in (
        ("web", event("one", -10), event("two\nlines", 0.25)),
        ("eu/api", event("grün", -5)),
    ):
        logs.put_log_events(logGroupName="/app", logStreamName=name, logEvents=found)
    return logs


def export(logs, **more):
    request = {"logGroupName": "/app", "fromTime": NOW - DAY, "to": NOW + DAY,
               "destination": "archive", **more}  # fmt: skip
    return logs.create_export_task(**request)["taskId"]


def described(logs, task):
    [found] = logs.describe_export_tasks(taskId=task)["exportTasks"]
    return found


def status(logs, task):
    return described(logs, task)["status"]["code"]


def put(monitoring):
    """What left for the bucket, by key; gzip read."""
    return {
        each.payload["Key"]: gzip.decompress(each.payload["Body"]).decode()
        if each.payload["Key"].endswith(".gz")
        else each.payload["Body"].decode()
        for each in monitoring.deliveries.to(BUCKET)
    }


# -- from PENDING to COMPLETED ---------------------------------------------------------------------


def test_a_task_is_pending_then_runs_then_is_completed(monitoring, app):
    # given a task that was just created
    task = export(app, taskName="nightly")
    # then it is shown as AWS shows it (recorded 2026, but for the name)
    assert described(app, task) == {
        "taskId": task, "taskName": "nightly", "logGroupName": "/app", "from": NOW - DAY,
        "to": NOW + DAY, "destination": "archive", "destinationPrefix": "exportedlogs",
        "status": {"code": "PENDING"}, "executionInfo": {"creationTime": NOW},
    }  # fmt: skip
    # and as time passes it runs, and is completed
    monitoring.clock.advance(seconds=1)
    assert described(app, task)["status"] == {"code": "RUNNING", "message": "Started Successfully"}
    monitoring.clock.advance(seconds=5)
    found = described(app, task)
    assert found["status"] == {"code": "COMPLETED", "message": "Completed successfully"}
    assert found["executionInfo"] == {"creationTime": NOW, "completionTime": NOW + 6000}


def test_each_stream_is_an_object_of_lines(monitoring, app):
    task = export(app, destinationPrefix="logs/app")
    assert put(monitoring) == {"logs/app/aws-logs-write-test": "Permission Check Successful"}
    monitoring.clock.advance(minutes=1)
    assert put(monitoring) == {
        "logs/app/aws-logs-write-test": "Permission Check Successful",
        f"logs/app/{task}/eu-api/000000.gz": "2026-03-02T11:59:55.000Z grün\n",
        f"logs/app/{task}/web/000000.gz": "2026-03-02T11:59:50.000Z one\n"
        "2026-03-02T12:00:00.250Z two\nlines\n",
    }


def test_without_a_prefix_the_first_object_is_at_the_root(monitoring, app):
    # source: moto's tests, verified against AWS
    export(app)
    assert list(put(monitoring)) == ["aws-logs-write-test"]


def test_objects_belong_to_the_owner_of_the_bucket(monitoring, app):
    export(app)
    assert {each.payload["ACL"] for each in monitoring.deliveries} == {"bucket-owner-full-control"}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"logStreamNamePrefix": "w"}, {"web": 2}),
        ({"logStreamNamePrefix": "none"}, {}),
        # both ends are inclusive: API reference, CreateExportTask
        ({"fromTime": NOW - 10_000, "to": NOW - 5_000}, {"web": 1, "eu-api": 1}),
        ({"fromTime": NOW - 9_999, "to": NOW - 5_001}, {}),
    ],
)
def test_only_what_was_asked_for_is_exported(monitoring, app, request_, expected):
    task = export(app, **request_)
    monitoring.clock.advance(minutes=1)
    found = {key.split("/")[2]: text.count("Z ") for key, text in put(monitoring).items()
             if task in key}  # fmt: skip
    assert (found, status(app, task)) == (expected, "COMPLETED")


def test_events_that_come_while_it_runs_are_exported(monitoring, app):
    task = export(app)
    monitoring.clock.advance(seconds=3)
    monitoring.logs.put("/app", "late", "x")
    monitoring.clock.advance(minutes=1)
    assert f"exportedlogs/{task}/late/000000.gz" in put(monitoring)


@pytest.mark.parametrize(
    ("megabytes", "seconds"), [(0, 6), (25, 1 + 5 + 2), (50 * 12 * 60 * 60, 1 + 12 * 60 * 60)]
)
def test_it_takes_a_second_for_ten_megabytes_and_twelve_hours_at_most(
    monitoring, logs, stream, megabytes, seconds
):
    # given a stream of that size
    monitoring.logs["/app"].streams["web"].events.bytes = megabytes * 1_000_000
    task = export(logs)
    # then it is over after so long, and not before
    monitoring.clock.advance(seconds=seconds - 1)
    assert status(logs, task) == "RUNNING"
    monitoring.clock.advance(seconds=1)
    assert status(logs, task) == "COMPLETED"


def test_masked_data_stays_masked(monitoring, logs, stream):
    # source: User Guide, "Help protect sensitive log data with masking": masked wherever it leaves
    identifier = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
    logs.put_data_protection_policy(
        logGroupIdentifier="/app",
        policyDocument=json.dumps({
            "Name": "p", "Version": "2021-06-01", "Statement": [
                {"Sid": "a", "DataIdentifier": identifier,
                 "Operation": {"Audit": {"FindingsDestination": {}}}},
                {"Sid": "d", "DataIdentifier": identifier,
                 "Operation": {"Deidentify": {"MaskConfig": {}}}},
            ]}),
    )  # fmt: skip
    monitoring.logs.put("/app", "web", "mail a@example.com")
    task = export(logs)
    monitoring.clock.advance(minutes=1)
    text = put(monitoring)[f"exportedlogs/{task}/web/000000.gz"]
    assert "example.com" not in text
    assert "mail ***" in text


def test_the_state_pickles_while_it_runs(monitoring, app):
    task = export(app)
    monitoring.clock.advance(seconds=2)
    snapshot = monitoring.snapshot()
    monitoring.clock.advance(minutes=1)
    monitoring.restore(snapshot)
    assert status(app, task) == "RUNNING"
    monitoring.clock.advance(minutes=1)
    assert status(app, task) == "COMPLETED"


# -- one at a time, cancelling, failing ------------------------------------------------------------


def test_one_task_of_an_account_is_active(monitoring, app):
    # source: API reference, CreateExportTask
    export(app)
    for _ in ("pending", "running"):
        with pytest.raises(ClientError) as caught:
            export(app)
        assert refused(caught) == ("LimitExceededException", "Resource limit exceeded.")
        monitoring.clock.advance(seconds=1)
    monitoring.clock.advance(minutes=1)
    export(app)


def test_a_pending_task_is_cancelled_at_once(monitoring, app):
    task = export(app)
    app.cancel_export_task(taskId=task)
    found = described(app, task)
    assert found["status"] == {"code": "CANCELLED", "message": "Cancelled by user"}
    assert found["executionInfo"]["completionTime"] == NOW
    monitoring.clock.advance(minutes=1)
    assert list(put(monitoring)) == ["aws-logs-write-test"]


def test_a_running_task_needs_a_moment_to_stop(monitoring, app):
    task = export(app)
    monitoring.clock.advance(seconds=2)
    app.cancel_export_task(taskId=task)
    assert status(app, task) == "PENDING_CANCEL"
    with pytest.raises(ClientError):
        app.cancel_export_task(taskId=task)
    monitoring.clock.advance(seconds=1)
    assert status(app, task) == "CANCELLED"
    monitoring.clock.advance(minutes=1)
    assert list(put(monitoring)) == ["aws-logs-write-test"]


def test_what_is_over_cannot_be_cancelled(monitoring, app):
    task = export(app)
    monitoring.clock.advance(minutes=1)
    with pytest.raises(ClientError) as caught:
        app.cancel_export_task(taskId=task)
    # source: moto's source, which quotes AWS
    assert refused(caught) == (
        "InvalidOperationException", "The specified export task has already finished"
    )  # fmt: skip


def test_a_task_whose_group_goes_fails(monitoring, app):
    task = export(app)
    monitoring.clock.advance(seconds=2)
    app.delete_log_group(logGroupName="/app")
    monitoring.clock.advance(minutes=1)
    assert status(app, task) == "FAILED"


def test_a_bucket_that_fails_is_tried_again_for_half_an_hour(monitoring, app):
    # given a callable that stands behind the bucket, and takes nothing but the first object
    def take(payload):
        if payload["Key"].endswith(".gz"):
            raise RuntimeError("full")

    monitoring.bind(BUCKET, take)
    task = export(app, logStreamNamePrefix="web")
    # when the object is tried, and tried again
    monitoring.clock.advance(minutes=30)
    assert status(app, task) == "RUNNING"
    monitoring.clock.advance(minutes=2)
    # then the task has failed, and says why
    assert described(app, task)["status"] == {"code": "FAILED", "message": "RuntimeError: full"}


def test_a_bucket_that_recovers_gets_all(monitoring, app):
    got, fail = [], [True]

    def take(payload):
        if fail:
            fail.pop()
            raise RuntimeError("not now")
        got.append(payload["Key"])

    monitoring.bind(BUCKET, take)
    task = export(app)
    monitoring.clock.advance(minutes=5)
    assert status(app, task) == "COMPLETED"
    assert len(got) == 3


# -- describe --------------------------------------------------------------------------------------


def test_tasks_are_listed_newest_first_page_by_page(monitoring, app):
    # source: User Guide: in reverse order of creation
    tasks = []
    for _ in range(3):
        tasks.insert(0, export(app))
        monitoring.clock.advance(minutes=1)
    pages = app.get_paginator("describe_export_tasks").paginate(PaginationConfig={"PageSize": 2})
    assert [each["taskId"] for page in pages for each in page["exportTasks"]] == tasks
    assert len(app.describe_export_tasks(statusCode="COMPLETED")["exportTasks"]) == 3
    assert app.describe_export_tasks(statusCode="RUNNING")["exportTasks"] == []
    assert app.describe_export_tasks(taskId="none")["exportTasks"] == []  # recorded 2026
    with pytest.raises(ClientError, match="nextToken is invalid"):
        app.describe_export_tasks(nextToken="none")


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "code", "message"),
    [
        ({"logGroupName": "/none"}, "ResourceNotFoundException",
         "The specified log group does not exist."),  # recorded 2026
        # unverified
        ({"to": 0}, "InvalidParameterException",
         "The from time must not be later than the to time."),
        ({"destinationPrefix": "ü" * 513}, "InvalidParameterException",
         "The destinationPrefix must not exceed 1024 bytes."),
    ],
)  # fmt: skip
def test_what_is_refused(app, request_, code, message):
    with pytest.raises(ClientError) as caught:
        export(app, **request_)
    assert refused(caught) == (code, message)


def test_the_end_may_lie_before_the_group(app):
    # recorded 2026: a range in January 1970
    export(app, fromTime=1611316574, to=1642852574)


@pytest.mark.parametrize("log_class", ["INFREQUENT_ACCESS", "DELIVERY"])
def test_only_the_standard_class_is_exported(app, log_class):
    app.create_log_group(logGroupName="/other", logGroupClass=log_class)
    with pytest.raises(ClientError, match=f"log class {log_class} cannot be exported"):
        export(app, logGroupName="/other")


def test_an_unknown_task_cannot_be_cancelled(logs):
    with pytest.raises(ClientError) as caught:
        logs.cancel_export_task(taskId="none")
    assert refused(caught) == (
        "ResourceNotFoundException", "The specified export task does not exist."
    )  # fmt: skip


# -- with moto's S3 --------------------------------------------------------------------------------


@pytest.fixture
def s3():
    """moto's S3 with an empty bucket, and awsmon's group of one event."""
    with mock_monitoring(now="2026-03-02T12:00:00Z") as mon, mock_aws():
        mon.logs.put("/app", "web", "hello")
        client = boto3.client("s3", REGION)
        client.create_bucket(Bucket="archive")
        client.mon = mon
        yield client


def statement(action, resource, principal=f"logs.{REGION}.amazonaws.com", effect="Allow", **more):
    return {"Effect": effect, "Principal": {"Service": principal}, "Action": action,
            "Resource": resource, **more}  # fmt: skip


ON_BEHALF = {
    "StringEquals": {"aws:SourceAccount": [ACCOUNT]},
    "ArnLike": {"aws:SourceArn": [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"]},
}
SEE = statement("s3:GetBucketAcl", BUCKET)
PUT = statement("s3:PutObject", f"{BUCKET}/*")


def grant(s3, *statements):
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    s3.put_bucket_policy(Bucket="archive", Policy=json.dumps(policy))


def test_motos_bucket_has_the_objects(s3):
    # given the policy of the User Guide
    owner = {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": [ACCOUNT]}
    grant(s3, {**SEE, "Condition": ON_BEHALF},
          {**PUT, "Condition": {**ON_BEHALF, "StringEquals": owner}})  # fmt: skip
    # when a task has run
    logs = boto3.client("logs", REGION)
    task = export(logs)
    s3.mon.clock.advance(minutes=1)
    # then its objects are there, the first of them too
    assert status(logs, task) == "COMPLETED"
    key = f"exportedlogs/{task}/web/000000.gz"
    body = s3.get_object(Bucket="archive", Key=key)["Body"].read()
    assert gzip.decompress(body) == b"2026-03-02T12:00:00.000Z hello\n"
    first = s3.get_object(Bucket="archive", Key="aws-logs-write-test")["Body"].read()
    assert first == b"Permission Check Successful"
    # and the trace shows that Logs asked for the policy because of the call
    lines = str(s3.mon.trace()).splitlines()
    at = next(number for number, line in enumerate(lines) if "CreateExportTask" in line)
    assert "  s3.GetBucketLocation" in lines[at + 1]


SEEN = "GetBucketAcl call on the given bucket failed."
WRITTEN = "PutObject call on the given bucket failed."


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        ((), SEEN),
        ((PUT,), SEEN),
        ((SEE,), WRITTEN),
        ((SEE, statement("s3:PutObject", f"{BUCKET}/other/*")), WRITTEN),
        ((statement("s3:GetBucketAcl", BUCKET, "logs.eu-west-1.amazonaws.com"), PUT), SEEN),
        ((SEE, PUT, statement("s3:*", f"{BUCKET}/*", effect="Deny")), WRITTEN),
        (({**SEE, "Condition": {"StringEquals": {"aws:SourceAccount": "1" * 12}}}, PUT), SEEN),
        ((statement("s3:GetBucketAcl", BUCKET, "logs.amazonaws.com"),
          statement("s3:PutObject", f"{BUCKET}/*", "logs.amazonaws.com")), None),
        ((SEE, PUT), None),
    ],
)  # fmt: skip
def test_the_bucket_s_policy_decides(s3, statements, message):
    if statements:
        grant(s3, *statements)
    logs = boto3.client("logs", REGION)
    if message is None:
        export(logs)
        return
    with pytest.raises(ClientError) as caught:
        export(logs)
    assert refused(caught) == (
        "InvalidParameterException",
        f"{message} Please check if CloudWatch Logs has been granted permission to perform this "
        "operation.",
    )
    assert logs.describe_export_tasks()["exportTasks"] == []


def test_a_bucket_that_is_missing_or_elsewhere_is_refused(s3):
    logs = boto3.client("logs", REGION)
    with pytest.raises(ClientError) as caught:
        export(logs, destination="missing")
    # recorded 2026
    assert refused(caught) == (
        "InvalidParameterException",
        "The given bucket does not exist. Please make sure the bucket is valid.",
    )
    boto3.client("s3", "eu-west-1").create_bucket(
        Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    with pytest.raises(ClientError, match="not in the same region"):
        export(logs, destination="far")


def test_a_callable_behind_the_bucket_goes_before_motos(s3):
    got = []
    s3.mon.bind(BUCKET, got.append)
    export(boto3.client("logs", REGION))
    assert [each["Key"] for each in got] == ["aws-logs-write-test"]
