"""What every test stands on: a fixed instant, no network, clients."""

from __future__ import annotations

import os
import socket
from typing import Any

import boto3
import pytest
from hypothesis import settings

NOW = "2026-03-02T12:00:00Z"

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("default", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "default")


class NetworkUsed(Exception):
    """A test tried to reach out."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets are blocked, look-ups too."""

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise NetworkUsed(f"a test tried to reach {args[1:]}")

    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> Any:
        return connect(self, address) if self.family == socket.AF_UNIX else refuse(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(autouse=True)
def _no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """The machine's own AWS configuration plays no part."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


@pytest.fixture
def monitoring_options() -> dict[str, Any]:
    return {"now": NOW}


@pytest.fixture
def cloudwatch(monitoring: Any) -> Any:
    return boto3.client("cloudwatch")
