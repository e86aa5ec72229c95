"""Logs from Python, without an SDK client."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from awsmon import MisuseError, Monitoring
from awsmon.errors import AwsError
from tests.logs.conftest import messages

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


@pytest.fixture
def mon():
    return Monitoring(now=NOW)


def test_putting_creates_what_is_missing(mon):
    mon.logs.put("/app", "web", "started")
    assert "/app" in mon.logs
    assert [group.name for group in mon.logs] == ["/app"]
    assert list(mon.logs["/app"].streams) == ["web"]
    assert [str(line) for line in mon.logs.tail("/app")] == ["2026-03-02T12:00:00.000Z started"]


def test_a_message_is_text_or_a_mapping_or_has_an_instant(mon):
    before = NOW - timedelta(minutes=1)
    mon.logs.put("/app", "web", ["b", {"level": "INFO"}, (before, "a"), (before, {"n": 1})])
    mon.logs.put("/app", "web", {"only": True}, at=NOW + timedelta(seconds=1))
    assert [line.message for line in mon.logs.tail("/app")] == [
        "a", '{"n":1}', "b", '{"level":"INFO"}', '{"only":true}',
    ]  # fmt: skip


def test_what_was_put_is_seen_by_clients(monitoring, logs):
    monitoring.logs.put("/app", "web", ["a", "b"])
    assert messages(logs.get_log_events(logGroupName="/app", logStreamName="web")) == ["a", "b"]


def test_a_tail_is_filtered(mon):
    mon.logs.put("/app", "web", [(NOW - timedelta(hours=1), "ERROR old"), "ERROR new", "fine"])
    mon.logs.put("/app", "db", "ERROR in the database")
    lines = mon.logs.tail("/app", "ERROR", since=NOW - timedelta(minutes=5), streams=["web"])
    assert [(line.stream, line.message) for line in lines] == [("web", "ERROR new")]


def test_events_of_one_instant_keep_the_order_in_which_they_came(mon):
    for number in range(5):
        mon.logs.put("/app", "ab"[number % 2], str(number))
    assert [line.message for line in mon.logs.tail("/app")] == list("01234")


@pytest.mark.parametrize("message", ["", ("2026-01-01T00:00:00Z", "old"), ("tomorrow", "x")])
def test_what_cannot_be_meant_is_refused(mon, message):
    with pytest.raises(MisuseError):
        mon.logs.put("/app", "web", [message])
    assert "/app" not in mon.logs


def test_an_unknown_group_is_an_error_of_aws(mon):
    with pytest.raises(AwsError, match="The specified log group does not exist"):
        mon.logs.tail("/app")


def test_a_snapshot_keeps_logs(mon):
    mon.logs.put("/app", "web", "a")
    mon.logs.set_retention("/app", 1)
    saved = mon.snapshot()
    mon.logs.put("/app", "web", "b")
    mon.restore(saved)
    assert [line.message for line in mon.logs.tail("/app")] == ["a"]
    mon.clock.advance(days=2)
    assert mon.logs.tail("/app") == []
    other = Monitoring(now=NOW)
    other.restore(saved)
    other.logs.put("/app", "web", "c")
    assert [line.message for line in other.logs.tail("/app")] == ["a", "c"]
