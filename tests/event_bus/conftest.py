"""Clients and names that the tests of EventBridge share."""

from __future__ import annotations

import boto3
import pytest

ACCOUNT = "123456789012"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:work"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
DEAD = f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead"


@pytest.fixture
def events(monitoring):
    return boto3.client("events")


@pytest.fixture
def function(monitoring):
    """What a Lambda function was called with."""
    called = []
    monitoring.bind(FUNCTION, called.append)
    return called


def rule(events, name="orders", arn=FUNCTION, pattern='{"source": ["shop"]}', **target):
    """A rule with one target."""
    events.put_rule(Name=name, EventPattern=pattern)
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn, **target}])


def put(events, detail="{}", **more):
    """One event of the shop's; the answer's entry."""
    entry = {"Source": "shop", "DetailType": "Order Placed", "Detail": detail, **more}
    return events.put_events(Entries=[entry])["Entries"][0]
