"""The pytest plugin: the fixture `monitoring`, and the trace of a failing test that used it.

Registered by an entry point, so it loads in every run: awsmon itself is imported by the fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.monitoring import Monitoring

_SHOWN = pytest.StashKey["Monitoring"]()
_MOST_LINES = 200


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "monitoring(now=..., account=..., region=...): options of the fixture `monitoring`",
    )


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
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    """Show what happened in a failing test."""
    outcome: Any = yield
    report = outcome.get_result()
    mon = item.stash.get(_SHOWN, None)
    if mon is None or not report.failed or call.when != "call":
        return
    lines = str(mon.trace()).splitlines()
    if len(lines) > _MOST_LINES:
        lines = [f"({len(lines) - _MOST_LINES} lines before)", *lines[-_MOST_LINES:]]
    if lines:
        report.sections.append(("awsmon trace", "\n".join(lines)))
