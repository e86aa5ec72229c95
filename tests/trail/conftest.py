"""Clients and names that the tests of CloudTrail share."""

from __future__ import annotations

import json

import boto3
import moto
import pytest

ACCOUNT = "123456789012"
BASE = f"us-east-1:{ACCOUNT}"


def client(name, region="us-east-1"):
    return boto3.client(name, region)


@pytest.fixture
def cloudtrail(monitoring):
    return client("cloudtrail")


@pytest.fixture
def mon(monitoring):
    """With moto beside it."""
    with moto.mock_aws():
        yield monitoring


def last(monitoring, name=None):
    """The newest record, or the newest of that event's name."""
    return monitoring.trail.calls(name=name)[-1].record


def logging(cloudtrail, name="main", **more):
    """A trail that logs."""
    cloudtrail.create_trail(Name=name, S3BucketName="records", **more)
    cloudtrail.start_logging(Name=name)


def table(name="t"):
    client("dynamodb").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )  # fmt: skip


def rule(pattern, target, name="r", **more):
    events = client("events")
    events.put_rule(Name=name, EventPattern=json.dumps(pattern), **more)
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": target}])
