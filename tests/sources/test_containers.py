"""ECS: the log driver awslogs."""

from __future__ import annotations

import re
from datetime import timedelta

import boto3
import pytest

from awsmon import MisuseError
from tests.sources.conftest import events, messages, streams

OPTIONS = {
    "awslogs-group": "/ecs/shop",
    "awslogs-region": "us-east-1",
    "awslogs-stream-prefix": "ecs",
    "awslogs-create-group": "true",
}
TASK = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def output(monitoring):
    return monitoring.sources.containers.output


def test_a_container_of_a_task_has_a_stream(output):
    assert output("web", ["up"], OPTIONS, task=TASK) == TASK
    assert streams("/ecs/shop") == [f"ecs/web/{TASK}"]
    assert messages("/ecs/shop") == ["up"]


def test_a_task_that_nobody_named_has_an_id_of_its_own(output):
    task = output("web", ["up"], OPTIONS)
    assert re.fullmatch("[0-9a-f]{32}", task)
    assert streams("/ecs/shop") == [f"ecs/web/{task}"]


def test_without_a_prefix_the_stream_is_the_container_s_id(output):
    output("web", ["up"], {"awslogs-group": "/ecs/shop", "awslogs-create-group": "true"})
    [stream] = streams("/ecs/shop")
    assert re.fullmatch("[0-9a-f]{64}", stream)


def test_each_line_is_a_message_and_empty_ones_are_none(output):
    output("web", ["a", "", "  b"], OPTIONS)
    assert messages("/ecs/shop") == ["a", "  b"]


def test_a_group_is_made_only_where_that_is_asked_for(output, monitoring):
    options = {name: OPTIONS[name] for name in ("awslogs-group", "awslogs-stream-prefix")}
    with pytest.raises(MisuseError, match="awslogs-create-group"):
        output("web", ["up"], options)
    assert "/ecs/shop" not in monitoring.logs
    boto3.client("logs").create_log_group(logGroupName="/ecs/shop")
    output("web", ["up"], options)
    assert messages("/ecs/shop") == ["up"]


def test_lines_go_to_the_region_of_the_options(output):
    output("web", ["up"], {**OPTIONS, "awslogs-region": "eu-west-1"})
    assert messages("/ecs/shop", "eu-west-1") == ["up"]


TRACE = ["ERROR no", "Traceback:", "  File x", "INFO on"]


@pytest.mark.parametrize(
    ("name", "value", "lines"),
    [
        ("awslogs-multiline-pattern", "^(INFO|ERROR)", TRACE),
        ("awslogs-datetime-format", "%Y-%m-%d %H:%M:%S",
         ["2026-03-02 11:59:59 no", "Traceback:", "  File x", "2026-03-02 12:00:00 on"]),
        ("awslogs-datetime-format", "[%b %d, %Y %H:%M:%S]"
         .replace("[", r"\[").replace("]", r"\]"),
         ["[Mar 02, 2026 11:59:59] no", "Traceback:", "  at", "[Mar 02, 2026 12:00:00] on"]),
        ("awslogs-datetime-format", "%A %d %B %y %I:%M:%S %p",
         ["Monday 02 March 26 11:59:59 AM no", "a", "b", "Monday 02 March 26 12:00:00 PM on"]),
        ("awslogs-datetime-format", "%a %j %w %H:%M:%S%L %z %Z",
         ["Mon 061 1 11:59:59.123 +0000 GMT no", "a", "b", "Mon 061 1 12:00:00.000 +0000 GMT on"]),
        ("awslogs-datetime-format", "%m/%d %H:%M:%S.%f",
         ["03/02 11:59:59.123456 no", "a", "b", "03/02 12:00:00.000000 on"]),
    ],
)  # fmt: skip
def test_lines_that_begin_no_message_belong_to_the_one_before(output, name, value, lines):
    output("web", lines, {**OPTIONS, name: value})
    assert messages("/ecs/shop") == ["\n".join(lines[:3]) + "\n", f"{lines[3]}\n"]


def test_a_message_waits_five_seconds_for_its_next_line(output, monitoring):
    start = monitoring.clock.now()
    lines = [
        (start + timedelta(seconds=seconds), text)
        for seconds, text in [(0, "ERROR a"), (4, "  b"), (6, "  c")]
    ]
    output("web", lines, {**OPTIONS, "awslogs-multiline-pattern": "^ERROR"})
    assert events("/ecs/shop") == [(1772452800000, "ERROR a\n  b\n"), (1772452806000, "  c\n")]


def test_what_the_buffer_cannot_hold_is_lost_unless_it_blocks(output):
    lines = ["x" * 600, "y" * 600, "z" * 400]
    output("web", lines, {**OPTIONS, "mode": "non-blocking", "max-buffer-size": "1k"})
    assert [message[0] for message in messages("/ecs/shop")] == ["x", "z"]
    output("web", lines, {**OPTIONS, "mode": "blocking", "max-buffer-size": "1k"})
    assert [message[0] for message in messages("/ecs/shop")] == ["x", "z", "x", "y", "z"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"awslogs-colour": "red"}, "awslogs-colour"),
        ({"awslogs-multiline-pattern": "^x", "awslogs-datetime-format": "%Y"}, "at the same time"),
        ({"awslogs-multiline-pattern": "("}, "could not parse multiline pattern"),
        ({"mode": "sometimes"}, "blocking"),
        ({"max-buffer-size": "much"}, "25m"),
    ],
)
def test_what_the_driver_refuses_is_refused(output, monitoring, options, message):
    with pytest.raises(MisuseError, match=message):
        output("web", ["up"], {**OPTIONS, **options})
    assert "/ecs/shop" not in monitoring.logs


def test_the_driver_needs_a_group(output):
    with pytest.raises(MisuseError, match="awslogs-group"):
        output("web", ["up"], {"awslogs-stream-prefix": "ecs"})
