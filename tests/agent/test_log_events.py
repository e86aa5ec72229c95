"""What the agent makes of lines: events, their instants, what is left out, where they go."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.agent.events import Events
from awsmon.agent.timestamps import Format
from tests.agent.conftest import append, messages

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


@pytest.fixture
def log(tmp_path):
    return tmp_path / "app.log"


def sent(monitoring, tailing, log, text, **entry):
    append(log, text, entry.get("encoding", "utf-8"))
    with tailing(**entry):
        monitoring.clock.advance(seconds=5)
    return messages()


def test_a_line_that_begins_with_a_blank_belongs_to_the_event_before(monitoring, tailing, log):
    text = "ERROR no such order\n  at orders.py:7\n\nINFO up\n"
    assert sent(monitoring, tailing, log, text) == [
        "ERROR no such order\n  at orders.py:7\n", "INFO up",
    ]  # fmt: skip


def test_an_event_begins_where_the_pattern_is(monitoring, tailing, log):
    text = "[1] a\nb\n[2] c\n"
    found = sent(monitoring, tailing, log, text, multi_line_start_pattern=r"^\[\d+\]")
    assert found == ["[1] a\nb", "[2] c"]


def test_an_event_may_begin_with_its_timestamp(monitoring, tailing, log):
    text = "2026-03-02 11:59:00 a\nb\n2026-03-02 11:59:01 c\n"
    found = sent(
        monitoring, tailing, log, text, timestamp_format="%Y-%m-%d %H:%M:%S", timezone="UTC",
        multi_line_start_pattern="{timestamp_format}", trim_timestamp=True,
    )  # fmt: skip
    assert found == [" a\nb", " c"]
    events = boto3.client("logs").filter_log_events(logGroupName="app")["events"]
    assert [NOW.timestamp() * 1000 - event["timestamp"] for event in events] == [60_000, 59_000]


def test_what_tells_no_time_has_that_of_the_last_that_did(monitoring, tailing, log):
    # source: User Guide, timestamp_format: the last valid timestamp, else the current time
    text = "a\n2026-03-02 11:00:00 b\nc\n"
    sent(monitoring, tailing, log, text, timestamp_format="%Y-%m-%d %H:%M:%S", timezone="UTC")
    events = boto3.client("logs").filter_log_events(logGroupName="app")["events"]
    assert [(event["message"][-1], event["timestamp"]) for event in events] == [
        ("b", 1772449200000), ("c", 1772449200000), ("a", 1772452805000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        # source: User Guide, the table of timestamp_format
        ("%H:%M:%S %y %b %-d", "08:10:11 26 Feb 7", "2026-02-07T08:10:11"),
        ("%b %-d %H:%M:%S", "Mar  1 23:59:59 host sshd", "2026-03-01T23:59:59"),
        ("%b %d %H:%M:%S", "Dec 31 23:59:59 last year's", "2025-12-31T23:59:59"),
        ("%H:%M:%S", "at 07:08:09, today", "2026-03-02T07:08:09"),
        ("%Y-%m-%dT%H:%M:%S.%fZ", "2026-03-02T01:02:03.4567Z x", "2026-03-02T01:02:03.456000"),
        ("%d/%b/%Y:%H:%M:%S %z", "[01/Mar/2026:12:00:00 +0200]", "2026-03-01T10:00:00"),
        ("%A, %d %B %Y %I:%M %p", "Sunday, 01 March 2026 12:05 AM", "2026-03-01T00:05:00"),
        ("%-m/%-d/%Y %-I:%-M:%-S %p", "3/1/2026 1:2:3 PM", "2026-03-01T13:02:03"),
        ("%a %b %d %H:%M:%S %Z %Y", "Sun Mar 01 10:00:00 UTC 2026", "2026-03-01T10:00:00"),
        ("%Y-%m-%d", "2026-02-30", None),
        ("%Y-%m-%d", "no date", None),
        ("(%Y).*", "(2026).*", "2026-03-02T00:00:00"),
    ],
)
def test_a_timestamp_is_read(text, line, expected):
    found = Format(text, timezone.utc).read(line, NOW)
    wanted = datetime.fromisoformat(expected).replace(tzinfo=timezone.utc) if expected else None
    assert found == wanted


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-be", "shift-jis", "gbk", "latin-1"]
)
def test_files_have_encodings(monitoring, tailing, log, encoding):
    text = "né à la ligne\nĊ\n" if encoding.startswith("utf") else "ligne\n"
    text = {"shift-jis": "日本語ソ\n表\n", "gbk": "中文\n", "latin-1": "né\n"}.get(encoding, text)
    found = sent(monitoring, tailing, log, text, encoding=encoding)
    assert found == text.splitlines()


def test_filters_include_and_exclude(monitoring, tailing, log):
    filters = [{"type": "include", "expression": "ERROR|WARN"},
               {"type": "exclude", "expression": "health"}]  # fmt: skip
    text = "ERROR a\nINFO b\nWARN health\nWARN c\n"
    assert sent(monitoring, tailing, log, text, filters=filters) == ["ERROR a", "WARN c"]


def test_an_event_that_is_too_large_is_cut(monitoring, tailing, log):
    [found] = sent(monitoring, tailing, log, "x" * 300_000 + "\n")
    assert (len(found), found[-15:]) == (256 * 1024, "x[Truncated...]")


def test_groups_are_made_as_described(monitoring, tailing, log):
    sent(monitoring, tailing, log, "a\n", retention_in_days=30, log_group_class="INFREQUENT_ACCESS")
    [group] = boto3.client("logs").describe_log_groups()["logGroups"]
    assert (group["retentionInDays"], group["logGroupClass"]) == (30, "INFREQUENT_ACCESS")


def test_placeholders_are_filled_in(monitoring, log, tmp_path):
    append(log, "a\n")
    listed = {"file_path": str(log), "log_group_name": "{local_hostname}/{ip_address}/{date}"}
    told = {"logs": {"logs_collected": {"files": {"collect_list": [listed]}},
                     "log_stream_name": "{instance_id}-{hostname}-{other}"}}  # fmt: skip
    with monitoring.agent(told, instance_id="i-1", hostname="web-1", ip_address="10.0.0.5"):
        pass
    assert messages("web-1/10.0.0.5/2026-03-02", "i-1-web-1-{other}") == ["a"]


@pytest.mark.parametrize(("instance_id", "stream"), [("i-1", "i-1"), (None, "web-1")])
def test_defaults_name_group_and_stream(monitoring, tmp_path, instance_id, stream):
    append(tmp_path / "app.log", "a\n")
    told = {"logs": {"logs_collected": {"files": {
        "collect_list": [{"file_path": str(tmp_path / "app.log")}]}}}}  # fmt: skip
    with monitoring.agent(told, instance_id=instance_id, hostname="web-1"):
        pass
    assert messages(str(tmp_path / "app"), stream) == ["a"]


def test_lines_wait_while_logs_cannot_be_reached(monitoring, tailing, log):
    append(log, "a\n")
    agent = tailing().start()
    monitoring.faults.throttle("logs", "PutLogEvents")
    monitoring.clock.advance(seconds=5)
    assert "Rate exceeded" in agent.log[0]
    monitoring.faults.clear()
    append(log, "b\n")
    monitoring.clock.advance(seconds=5)
    assert messages() == ["a", "b"]


def test_a_metric_filter_sees_the_lines_and_an_alarm_the_metric(monitoring, tailing, log):
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="app")
    logs.put_metric_filter(
        logGroupName="app", filterName="f", filterPattern="ERROR",
        metricTransformations=[
            {"metricName": "Errors", "metricNamespace": "App", "metricValue": "1"}],
    )  # fmt: skip
    append(log, "ERROR a\nINFO b\nERROR c\n")
    tailing().start()
    monitoring.clock.advance(minutes=1)
    found = monitoring.metrics.get("App", "Errors", "Sum", start=NOW)
    assert [value for _, value in found] == [2]


@given(st.text(alphabet="%YmdHMSfzZpbB-0123456789 .:/()AP\n", max_size=30), st.text(max_size=40))
def test_whatever_the_format_and_the_line_there_is_an_instant_or_none(text, line):
    if not Format.unknown(text):
        found = Format(text, timezone.utc).read(line, NOW)
        assert found is None or found.tzinfo is timezone.utc


@given(st.integers(0, 3 * 10**12))
def test_what_is_written_is_read(milliseconds):
    at = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)
    line = f"x {at:%d/%b/%y %I:%M:%S.%f %p %z} y"
    assert Format("%d/%b/%y %I:%M:%S.%f %p %z").read(line, NOW) == at


def test_in_real_time_an_event_waits_for_its_lines_until_it_is_quiet(monitoring, tailing):
    file = tailing().plan.logs.files[0]
    events = Events(file)
    later = NOW + timedelta(seconds=4)
    assert [*events.line("ERROR", NOW), *events.quiet(later)] == []
    assert [*events.line("  at x.py:1", later), *events.quiet(NOW + timedelta(seconds=8))] == []
    [(_, message)] = events.quiet(NOW + timedelta(seconds=9))
    assert message == "ERROR\n  at x.py:1"
