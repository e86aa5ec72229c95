"""What the tests of Logs share: a client, a group and a stream."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

NOW = 1772452800000  # 2026-03-02T12:00:00Z in milliseconds


@pytest.fixture
def logs(monitoring: Any) -> Any:
    return boto3.client("logs")


@pytest.fixture
def stream(logs: Any) -> dict[str, str]:
    """An empty stream, as the arguments that name it."""
    where = {"logGroupName": "/app", "logStreamName": "web"}
    logs.create_log_group(logGroupName="/app")
    logs.create_log_stream(**where)
    return where


def event(message: str, seconds: float = 0) -> dict[str, Any]:
    """An event so many seconds after the fixed instant."""
    return {"timestamp": NOW + int(seconds * 1000), "message": message}


def messages(answer: dict[str, Any]) -> list[str]:
    """The messages of GetLogEvents or FilterLogEvents."""
    return [each["message"] for each in answer["events"]]


def refused(error: Any) -> tuple[str, str]:
    """Code and message of a ClientError."""
    found = error.value.response["Error"]
    return found["Code"], found["Message"]
