"""Clients and names that the tests of Scheduler share."""

from __future__ import annotations

import boto3
import pytest

ACCOUNT = "123456789012"
BASE = f"us-east-1:{ACCOUNT}"
FUNCTION = f"arn:aws:lambda:{BASE}:function:work"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/scheduler"
DEAD = f"arn:aws:sqs:{BASE}:dead"
OFF = {"Mode": "OFF"}


@pytest.fixture
def scheduler(monitoring):
    return boto3.client("scheduler")


@pytest.fixture
def times(monitoring):
    """When a Lambda function was called, as hours and minutes."""
    called = []
    monitoring.bind(FUNCTION, lambda _: called.append(f"{monitoring.clock.now():%H:%M}"))
    return called


def schedule(expression="rate(5 minutes)", name="s", arn=FUNCTION, target=None, **more):
    """The parameters of CreateSchedule and UpdateSchedule."""
    return {
        "Name": name, "ScheduleExpression": expression, "FlexibleTimeWindow": OFF,
        "Target": {"Arn": arn, "RoleArn": ROLE, **(target or {})}, **more,
    }  # fmt: skip
