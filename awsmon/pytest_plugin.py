"""The pytest plugin: the fixture `monitoring`, and what a failing test that used awsmon shows.

Lives here: its trace in the test's output, and with ``--awsmon-report=DIR`` the report of its
session as a file. Registered by an entry point, so it loads in every run: awsmon itself is imported
by the fixture.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.monitoring import Monitoring

_SHOWN = pytest.StashKey["Monitoring"]()
_LEFT = pytest.StashKey["Monitoring"]()
_FOLDER = pytest.StashKey[Path]()
_MOST_LINES = 200
_LONGEST_NAME = 150


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option for reports."""
    parser.getgroup("awsmon").addoption(
        "--awsmon-report", metavar="DIR", type=Path,
        help="write an HTML report of the session of each failed test that used awsmon",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and where reports are to go."""
    config.addinivalue_line(
        "markers",
        "monitoring(now=..., account=..., region=...): options of the fixture `monitoring`",
    )
    folder = config.getoption("--awsmon-report")
    if folder is not None:
        config.stash[_FOLDER] = folder.absolute()  # tests may go elsewhere


@pytest.fixture
def monitoring_options() -> dict[str, Any]:
    """Options of `monitoring` for every test that sees it: override it in a conftest."""
    return {}


@pytest.fixture
def monitoring(
    request: pytest.FixtureRequest, monitoring_options: dict[str, Any]
) -> Iterator[Monitoring]:
    """A session that answers SDK calls; options by ``@pytest.mark.monitoring(now=...)``."""
    from awsmon.mock import mock_monitoring

    marker = request.node.get_closest_marker("monitoring")
    options = {**monitoring_options, **(marker.kwargs if marker else {})}
    with mock_monitoring(**options) as mon:
        request.node.stash[_SHOWN] = mon
        yield mon
    del request.node.stash[_SHOWN]  # else every session of the run would be kept


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Where reports are wanted, the session that a test left last is kept until it is over."""
    if _FOLDER not in item.config.stash:
        yield
        return
    from awsmon import mock

    mock.on_leave = lambda mon: item.stash.__setitem__(_LEFT, mon)
    yield
    mock.on_leave = None
    if _LEFT in item.stash:
        del item.stash[_LEFT]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    """Show what happened in a failing test."""
    outcome: Any = yield
    report = outcome.get_result()
    if not report.failed:
        return
    mon = item.stash.get(_SHOWN, None)
    if mon is not None and call.when == "call" and (lines := _trace(mon)):
        report.sections.append(("awsmon trace", lines))
    if _FOLDER in item.config.stash and (path := _written(item, mon, report.longreprtext)):
        report.sections.append(("awsmon report", str(path)))


def _trace(mon: Monitoring) -> str:
    lines = str(mon.trace()).splitlines()
    if len(lines) > _MOST_LINES:
        lines = [f"({len(lines) - _MOST_LINES} lines before)", *lines[-_MOST_LINES:]]
    return "\n".join(lines)


def _written(item: pytest.Item, mon: Monitoring | None, why: str) -> Path | None:
    """The report of the test's session: the fixture's, or that of a decorator it has left."""
    mon = mon or item.stash.get(_LEFT, None)
    if mon is None:
        return None
    path: Path = item.config.stash[_FOLDER] / _file_name(item.nodeid)
    return mon.report(path, title=item.nodeid, note=why)


def _file_name(node: str) -> str:
    """``tests-test_x.py-test_y.html``; where letters are lost, a few digits tell names apart."""
    name = re.sub(r"[^\w.=\[\]-]+", "-", node.replace("::", "-").replace("/", "-"))
    if len(name) > _LONGEST_NAME or len(name) != len(node.replace("::", "-")):
        digest = hashlib.sha256(node.encode("utf-8", "replace")).hexdigest()[:8]
        name = f"{name[:_LONGEST_NAME]}-{digest}"
    return f"{name}.html"
