"""Clients and names that the tests of Pipes share."""

from __future__ import annotations

import boto3
import pytest

ACCOUNT = "123456789012"
BASE = f"us-east-1:{ACCOUNT}"
FUNCTION = f"arn:aws:lambda:{BASE}:function:work"
ENRICH = f"arn:aws:lambda:{BASE}:function:enrich"
QUEUE = f"arn:aws:sqs:{BASE}:orders"
STREAM = f"arn:aws:kinesis:{BASE}:stream/s"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/pipe"


@pytest.fixture
def pipes(monitoring):
    return boto3.client("pipes")


@pytest.fixture
def got(monitoring):
    """What the function behind the pipe was called with."""
    called = []
    monitoring.bind(FUNCTION, lambda records: called.append(records))
    return called


def create(pipes, target=FUNCTION, source=QUEUE, name="p", **more):
    return pipes.create_pipe(Name=name, Source=source, Target=target, RoleArn=ROLE, **more)


def running(monitoring, pipes, *args, **more):
    """A pipe at work."""
    create(pipes, *args, **more)
    monitoring.clock.advance(seconds=10)


def filters(*patterns):
    return {"FilterCriteria": {"Filters": [{"Pattern": pattern} for pattern in patterns]}}
