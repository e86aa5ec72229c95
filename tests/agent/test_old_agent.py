"""The old Logs agent's awslogs.conf."""

from __future__ import annotations

from datetime import datetime, timezone

import boto3
import pytest

from awsmon.agent.errors import ConfigurationError
from tests.agent.conftest import append, messages

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


def written(tmp_path, *lines, general="state_file = {state}"):
    text = "\n".join([
        "[general]", general.format(state=tmp_path / "agent-state"), "",
        f"[{tmp_path}/messages]", *lines,
    ])  # fmt: skip
    (tmp_path / "awslogs.conf").write_text(text + "\n")
    return tmp_path / "awslogs.conf"


def entry(tmp_path, **more):
    told = {"file": tmp_path / "messages", "log_group_name": "/var/log/messages",
            "log_stream_name": "{instance_id}", **more}  # fmt: skip
    return written(tmp_path, *(f"{name} = {value}" for name, value in told.items()))


def test_its_configuration_is_read_and_its_files_are_tailed(monitoring, tmp_path):
    # source: Logs User Guide, "CloudWatch Logs agent reference", the sample file
    configuration = entry(
        tmp_path, datetime_format="%b %d %H:%M:%S", time_zone="UTC", buffer_duration=5000,
        batch_count=2, batch_size=1048576, initial_position="start_of_file", encoding="utf_8",
        multi_line_start_pattern="{datetime_format}", file_fingerprint_lines="1-3",
    )  # fmt: skip
    append(
        tmp_path / "messages", "Mar  2 11:58:00 a\n more\nMar 02 11:59:00 b\nMar  2 11:59:30 c\n"
    )
    monitoring.agent(configuration, instance_id="i-1").start()
    monitoring.clock.advance(seconds=5)
    events = boto3.client("logs").filter_log_events(logGroupName="/var/log/messages")["events"]
    assert [(event["message"], (NOW.timestamp() * 1000 - event["timestamp"]) / 1000)
            for event in events] == [
        ("Mar  2 11:58:00 a\n more", 120), ("Mar 02 11:59:00 b", 60), ("Mar  2 11:59:30 c", 30),
    ]  # fmt: skip
    # two batches of at most two events
    put = [line for line in str(monitoring.trace()).splitlines() if "logs.PutLogEvents" in line]
    assert len(put) == 2


def test_it_keeps_its_state_and_may_begin_at_the_end(monitoring, tmp_path):
    configuration = entry(tmp_path, initial_position="end_of_file")
    append(tmp_path / "messages", "old\n")
    with monitoring.agent(configuration, instance_id="i-1"):
        append(tmp_path / "messages", "1\n")
    append(tmp_path / "messages", "2\n")
    monitoring.clock.advance(seconds=5)
    with monitoring.agent(configuration, instance_id="i-1"):
        pass
    assert messages("/var/log/messages", "i-1") == ["1", "2"]
    assert (tmp_path / "agent-state").exists()


@pytest.mark.parametrize(
    ("more", "where", "what"),
    [
        ({"buffer_duration": 1000}, "buffer_duration", "expected 5000 to"),
        ({"batch_count": 20000}, "batch_count", "expected 1 to 10000, got '20000'"),
        ({"time_zone": "CET"}, "time_zone", "'CET' is none of LOCAL, UTC"),
        ({"initial_position": "middle"}, "initial_position", "start_of_file, end_of_file"),
        ({"encoding": "klingon"}, "encoding", "there is no encoding 'klingon'"),
        ({"datetime_format": "%Q"}, "datetime_format", "%Q means nothing"),
        ({"multi_line_start_pattern": "("}, "multi_line_start_pattern", "is no regular expression"),
        ({"file_fingerprint_lines": "a"}, "file_fingerprint_lines", "as 1 or 1-3, got 'a'"),
        ({"log_group": "x"}, "log_group", "there is no such key"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(monitoring, tmp_path, more, where, what):
    with pytest.raises(ConfigurationError) as caught:
        monitoring.agent(entry(tmp_path, **more))
    [(place, words)] = caught.value.problems
    assert place == f"[{tmp_path}/messages] {where}"
    assert what in words


def test_what_is_missing_is_told(monitoring, tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        monitoring.agent(written(tmp_path, "file = x", general="logging_config_file = y"))
    assert [words for _, words in caught.value.problems] == [
        "state_file is missing", "log_group_name is missing", "log_stream_name is missing",
    ]  # fmt: skip
