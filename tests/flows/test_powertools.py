"""A function with Powertools: its prints are log lines, these are metrics, these wake somebody."""

from __future__ import annotations

import boto3
import pytest

from tests.alarms.builders import alarm

TOPIC = "arn:aws:sns:us-east-1:123456789012:on-call"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:checkout"


@pytest.fixture
def checkout(monkeypatch):
    """A handler as Powertools' documentation has it."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Shop")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "checkout")
    powertools = pytest.importorskip("aws_lambda_powertools.metrics")
    metrics = powertools.Metrics()

    @metrics.log_metrics(capture_cold_start_metric=False)
    def handler(event, context):
        metrics.add_metric(name="FailedPayments", unit=powertools.MetricUnit.Count, value=3)
        return context.aws_request_id

    return handler


def test_a_metric_that_a_function_prints_wakes_somebody(monitoring, checkout):
    # given a function behind a log group, and an alarm on what it counts
    monitoring.bind(FUNCTION, checkout)
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/orders")
    logs.put_subscription_filter(
        logGroupName="/orders", filterName="all", filterPattern="", destinationArn=FUNCTION
    )
    boto3.client("cloudwatch").put_metric_alarm(
        **alarm(actions=[TOPIC], threshold=2)
        | {"Namespace": "Shop", "MetricName": "FailedPayments",
           "Dimensions": [{"Name": "service", "Value": "checkout"}]}
    )  # fmt: skip
    # when a line comes, and the function is called with it
    monitoring.logs.put("/orders", "web", ["order 7"])
    monitoring.clock.advance(minutes=1)
    # then its print is a line of its group, and a metric
    [line] = monitoring.logs.tail("/aws/lambda/checkout", "{ $._aws.Timestamp = * }")
    assert '"FailedPayments"' in line.message
    # and somebody was woken
    [delivery] = monitoring.deliveries.to(TOPIC)
    assert delivery.payload["Subject"].startswith('ALARM: "')
