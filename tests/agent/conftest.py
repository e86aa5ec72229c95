"""What the tests of the agent share: a session with boto3 answered, and how logs are read back."""

from __future__ import annotations

from typing import Any

import boto3
import pytest


@pytest.fixture
def tailing(monitoring: Any, tmp_path: Any) -> Any:
    """Start an agent on the file ``app.log``, with more members of its entry of the list."""

    def start(**entry: Any) -> Any:
        listed = {"file_path": str(tmp_path / "app.log"), "log_group_name": "app",
                  "log_stream_name": "s", **entry}  # fmt: skip
        return monitoring.agent({"logs": {"logs_collected": {"files": {"collect_list": [listed]}}}})

    return start


def messages(group: str = "app", stream: str | None = None) -> list[str]:
    """The messages of a group, in their order."""
    streams = {} if stream is None else {"logStreamNames": [stream]}
    found = boto3.client("logs").filter_log_events(logGroupName=group, **streams)
    return [event["message"] for event in found["events"]]


def append(path: Any, text: str, encoding: str = "utf-8") -> None:
    """Write to the end of a file."""
    with open(path, "ab") as file:
        file.write(text.encode(encoding))


def metrics(namespace: str = "CWAgent") -> dict[str, list[dict[str, str]]]:
    """The metrics that ListMetrics knows: of each name, the sets of dimensions."""
    found: dict[str, list[dict[str, str]]] = {}
    for page in (
        boto3.client("cloudwatch").get_paginator("list_metrics").paginate(Namespace=namespace)
    ):
        for each in page["Metrics"]:
            dimensions = {one["Name"]: one["Value"] for one in each["Dimensions"]}
            found.setdefault(each["MetricName"], []).append(dimensions)
    return found
