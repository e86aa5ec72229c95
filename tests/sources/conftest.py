"""What the tests of sources share: reading what was written, and having a function invoked."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from tests.alarms.builders import FUNCTION, alarm


@pytest.fixture
def invoke(monitoring: Any, cloudwatch: Any) -> Any:
    """Bind a handler to the function ``fix`` and have an alarm call it; again without a handler."""
    cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))

    def once(handler: Any = None) -> None:
        if handler is not None:
            monitoring.bind(FUNCTION, handler)
        for state in ("OK", "ALARM"):
            cloudwatch.set_alarm_state(
                AlarmName="too-many-errors", StateValue=state, StateReason="x"
            )

    return once


def streams(group: str, region: str | None = None) -> list[str]:
    """The names of a group's streams."""
    client = boto3.client("logs", region_name=region)
    found = client.describe_log_streams(logGroupName=group)["logStreams"]
    return [stream["logStreamName"] for stream in found]


def events(group: str, region: str | None = None) -> list[tuple[int, str]]:
    """Time in milliseconds and message of a group's events."""
    client = boto3.client("logs", region_name=region)
    found = client.filter_log_events(logGroupName=group)["events"]
    return [(event["timestamp"], event["message"]) for event in found]


def messages(group: str, region: str | None = None) -> list[str]:
    """The messages of a group's events."""
    return [message for _, message in events(group, region)]


def dimension_sets(namespace: str) -> dict[str, set[frozenset[str]]]:
    """In which sets of dimensions each metric of a namespace is."""
    client = boto3.client("cloudwatch")
    found: dict[str, set[frozenset[str]]] = {}
    for page in client.get_paginator("list_metrics").paginate(Namespace=namespace):
        for metric in page["Metrics"]:
            names = frozenset(each["Name"] for each in metric["Dimensions"])
            found.setdefault(metric["MetricName"], set()).add(names)
    return found
