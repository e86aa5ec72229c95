"""A program that logs through watchtower: from its log line to somebody's pager."""

from __future__ import annotations

import logging

import boto3
import pytest
import watchtower

from tests.alarms.builders import alarm

TOPIC = "arn:aws:sns:us-east-1:123456789012:on-call"


@pytest.fixture
def watched(monitoring):
    """An alarm on error lines of the group ``/shop``."""
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/shop")
    logs.put_metric_filter(
        logGroupName="/shop", filterName="errors", filterPattern='{ $.level = "ERROR" }',
        metricTransformations=[
            {"metricNamespace": "App", "metricName": "Errors", "metricValue": "1"}
        ],
    )  # fmt: skip
    boto3.client("cloudwatch").put_metric_alarm(**alarm(actions=[TOPIC], threshold=0))
    return monitoring


def logger(handler):
    handler.formatter = watchtower.CloudWatchLogFormatter(add_log_record_attrs=["levelname"])
    made = logging.Logger("shop")
    made.addHandler(handler)
    return made


@pytest.mark.parametrize("queued", [False, True])
def test_an_error_line_wakes_somebody(watched, queued):
    # given a logger that sends by itself, or by a thread of its own
    handler = watchtower.CloudWatchLogHandler(
        log_group_name="/shop", log_stream_name="{logger_name}", use_queues=queued,
        log_group_retention_days=30, boto3_client=boto3.client("logs"),
    )  # fmt: skip
    log = logger(handler)
    # when it logs an error among others
    log.info({"level": "INFO", "text": "started"})
    log.error({"level": "ERROR", "text": "card declined", "order": 17})
    handler.close()
    # then the lines are in its stream, at their time
    lines = watched.logs.tail("/shop", streams=["shop"])
    assert ["declined" in line.message for line in lines] == [False, True]
    assert {line.at for line in lines} == {watched.clock.now()}
    assert watched.logs["/shop"].retention_in_days == 30
    # and a minute later the alarm has told its topic
    watched.clock.advance(minutes=1)
    assert watched.alarms["too-many-errors"].state == "ALARM"
    [delivery] = watched.deliveries.to(TOPIC)
    assert delivery.payload["Subject"].startswith('ALARM: "too-many-errors"')


def test_a_batch_that_is_too_long_is_sent_in_parts(watched):
    handler = watchtower.CloudWatchLogHandler(
        log_group_name="/shop", log_stream_name="s", max_batch_size=500,
        boto3_client=boto3.client("logs"),
    )  # fmt: skip
    log = logger(handler)
    for number in range(100):
        log.info("message number %d", number)
    handler.close()
    assert len(watched.logs.tail("/shop")) == 100
