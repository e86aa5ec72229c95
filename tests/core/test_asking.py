"""Questions to the other mock: outside the lock, and caused by who asks."""

from __future__ import annotations

import json
import threading

import boto3
import pytest
from botocore.exceptions import ClientError

from awsmon.core.deliveries import Refused

BUCKET = "arn:aws:s3:::archive"
REQUEST = {"logGroupName": "/app", "fromTime": 0, "to": 1, "destination": "archive"}
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}


class Neighbour:
    """Another mock that serves S3, and has a bucket.

    Attributes:
        during: what happens while it is asked.
        open: whether the bucket has a policy, which lets everybody in.
    """

    def __init__(self, during=lambda: None, *, open=True):
        self.during, self.open = during, open
        self.asked = []

    def ours(self, service):
        return False

    def serves(self, service):
        return service == "s3"

    def call(self, service, operation, parameters, *, scope, invoked_by):
        self.asked.append((operation, scope.region, invoked_by))
        self.during()
        if operation == "GetBucketPolicy" and not self.open:
            raise Refused("no policy", permanent=True, code="NoSuchBucketPolicy")
        return {"Policy": json.dumps({"Statement": [OPEN]})}


@pytest.fixture
def logs(monitoring):
    client = boto3.client("logs")
    client.create_log_group(logGroupName="/app")
    return client


def test_other_threads_come_in_while_a_neighbour_is_asked(monitoring, logs):
    # given a neighbour that answers only when another thread has put an event
    def during():
        thread = threading.Thread(target=monitoring.logs.put, args=("/app", "web", "meanwhile"))
        thread.start()
        thread.join(timeout=10)
        assert not thread.is_alive()

    monitoring.backend.other_mock = neighbour = Neighbour(during)
    # when an operation asks it
    logs.create_export_task(**REQUEST)
    # then each question has let the thread in, and so has the delivery behind them
    assert neighbour.asked == [
        (name, "us-east-1", "logs")
        for name in ("GetBucketLocation", "GetBucketPolicy", "PutObject")
    ]
    assert [line.message for line in monitoring.logs.tail("/app")] == ["meanwhile"] * 3


def test_what_happens_meanwhile_is_caused_by_the_call_that_asks(monitoring, logs):
    # given a neighbour that itself makes a call
    made = []

    def during():
        if not made:
            made.append(logs.create_log_stream(logGroupName="/app", logStreamName="web"))

    monitoring.backend.other_mock = Neighbour(during)
    logs.create_export_task(**REQUEST)
    # then the trace shows it below, and what follows there too
    lines = str(monitoring.trace()).splitlines()[-4:]
    depth = lines[0].index("logs.CreateExportTask") + 2
    assert lines[1][depth:] == "logs.CreateLogStream"
    assert lines[2][depth:].startswith("delivery to arn:aws:s3:::archive")


def test_the_lock_is_held_again_and_let_go_when_a_neighbour_refuses(monitoring, logs):
    monitoring.backend.other_mock = Neighbour(open=False)
    with pytest.raises(ClientError, match="GetBucketAcl call on the given bucket failed"):
        logs.create_export_task(**REQUEST)
    assert not monitoring.backend.lock.locked()
    logs.create_log_stream(logGroupName="/app", logStreamName="web")


def test_nobody_is_asked_where_a_callable_stands(monitoring, logs):
    got = []
    monitoring.backend.other_mock = neighbour = Neighbour(open=False)
    monitoring.bind(BUCKET, got.append)
    logs.create_export_task(**REQUEST)
    assert (len(got), neighbour.asked) == (1, [])
