"""What every test stands on: a fixed instant, no network, clients."""

from __future__ import annotations

import functools
import io
import json
import os
import pickle
import socket
from pathlib import Path
from typing import Any

import boto3
import botocore
import pytest
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session
from hypothesis import settings

from awsmon.core.service import Service
from awsmon.sdk import routes

NOW = "2026-03-02T12:00:00Z"

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("default", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "default")


os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # 650 images of which no test asks, in a second

_CHANGED = {"endpoints", "s3", "rds", "docdb", "neptune"}
_models: dict[str, Any] = {}


class _Once(JSONFileLoader):
    """Every session reads the models anew, a quarter of a second for each client of Logs.

    Not so those that botocore changes: it merges further files into some, and moto into more.
    """

    def load_file(self, file_path: str) -> Any:
        if not _CHANGED.isdisjoint(file_path.split(os.sep)):
            return super().load_file(file_path)
        if file_path not in _models:
            _models[file_path] = super().load_file(file_path)
        return _models[file_path]


Loader.FILE_LOADER_CLASS = property(  # moto's loader is of a class of its own
    lambda loader: _Once if type(loader) is Loader else JSONFileLoader
)


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
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")  # nor that of its host


@pytest.fixture
def monitoring_options() -> dict[str, Any]:
    return {"now": NOW}


@pytest.fixture
def cloudwatch(monitoring: Any) -> Any:
    return boto3.client("cloudwatch")


# -- what an older botocore doesn't know ----------------------------------------------------------


@functools.cache
def botocore_knows(what: str) -> bool:
    """Of a version ("1.44") or of "client.Operation", "client.Shape" with or without ".member"."""
    if what[0].isdigit():
        return tuple(map(int, botocore.__version__.split(".")[:2])) >= tuple(
            map(int, what.split("."))
        )
    client, name, *member = what.split(".")
    model = Session().get_service_model(client)
    if name in model.operation_names:
        operation = model.operation_model(name)
        shapes = [shape for shape in (operation.input_shape, operation.output_shape) if shape]
    elif name in model.shape_names:
        shapes = [model.shape_for(name)]
    else:
        return False
    return not member or any(
        member[0] in (getattr(shape, "members", None) or getattr(shape, "enum", ()))
        for shape in shapes
    )


@pytest.fixture(autouse=True)
def _botocore_knows(request: pytest.FixtureRequest) -> None:
    """Skip a test whose mark "needs" names what the installed botocore hasn't got yet."""
    for mark in request.node.iter_markers("needs"):
        for what in mark.args:
            if not botocore_knows(what):
                pytest.skip(f"this botocore has no {what}")


# -- which operations each test made: docs/operations.md is derived from it -----------------------

_calls: list[tuple[str, str]] = []
_by_test: list[list[tuple[str, str]]] = []


@pytest.fixture(autouse=True)
def _calls_are_recorded(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Remember the SDK calls in order; those that were refused have a mark."""
    from awsmon.core.dispatcher import Dispatcher
    from awsmon.core.events import ApiCalled

    _calls.clear()
    publish = Dispatcher.publish

    def recording(self: Any, event: Any, *, number: Any = None) -> Any:
        if isinstance(event, ApiCalled):
            mark = "" if event.error is None else "!"
            call = event.service, event.operation + mark
            if call not in _calls[-1:]:
                _calls.append(call)
        return publish(self, event, number=number)

    monkeypatch.setattr(Dispatcher, "publish", recording)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    report = yield
    if report.when == "call" and report.passed:
        report.awsmon_calls = list(_calls)
    return report


def pytest_runtest_logreport(report: Any) -> None:
    """With xdist this runs in the controller: a report's attributes travel with it."""
    calls = getattr(report, "awsmon_calls", None)
    if calls:
        _by_test.append([tuple(call) for call in calls])


def pytest_sessionfinish(session: pytest.Session) -> None:
    target = os.environ.get("AWSMON_OPERATIONS")
    if target and not hasattr(session.config, "workerinput"):
        Path(target).write_text(json.dumps(_by_test))


# -- on any error nothing has changed: a check that every test gets for free ----------------------


class _Flat(pickle.Pickler):
    """Services by name, since their parts know them, and no memo: equal states are equal bytes."""

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        self.fast = True

    def persistent_id(self, found: Any) -> Any:
        return (type(found).__name__, found.scope) if isinstance(found, Service) else None


# CloudTrail's, of refused calls too
_RECORDING = ("history", "recorder", "delivering", "digests", "insights", "kept")


def _state(backend: Any) -> bytes:
    kept = backend.state()
    heap = kept["clock"]["heap"]
    kept["clock"]["heap"] = [each for each in heap if not each[2].call.service.startswith("trail.")]
    del kept["clock"]["ticket"]
    for name in ("trace", "ids", "identities"):  # a refused call is recorded, and has an id
        del kept[name]
    if kept["clock"]["flows"]:
        del kept["clock"]["now"]
    file = io.BytesIO()
    pickler = _Flat(file)
    pickler.dump(kept)
    for services in kept["services"].values():
        for service in vars(services).values():
            if isinstance(service, Service):
                pickler.dump({k: v for k, v in vars(service).items() if k not in _RECORDING})
    return file.getvalue()


@pytest.fixture(autouse=True)
def _errors_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare the whole state before and after each call that is answered with an error."""
    from awsmon.sdk import calls, intercept, sending
    from awsmon.sdk.sessions import access_key

    real = calls.carry_out

    packages = {name for names in routes.ROUTES.values() for name in names}

    def checked(backend: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
        context, _, signer = args[:3]
        key = access_key(signer._credentials)
        with backend.door:
            _, caller = backend.caller(key, context.get("client_region"))
            for scope in {*backend.scopes, backend.home, caller}:
                for package in packages:
                    getattr(backend.at(scope), package)  # services come when first asked for
            before = _state(backend)
        answer = real(backend, model, *args, **kwargs)
        http = answer[0] if isinstance(answer, tuple) else answer
        status = getattr(http, "status_code", None) or http.status
        if status >= 300:
            assert _state(backend) == before, f"{model.name} was refused and changed something"
        return answer

    monkeypatch.setattr(intercept, "carry_out", checked)
    monkeypatch.setattr(sending, "carry_out", checked)
