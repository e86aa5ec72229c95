"""Clients, names and beginnings that the tests of Application Insights share."""

from __future__ import annotations

import json

import boto3
import pytest

ACCOUNT = "123456789012"
BASE = f"us-east-1:{ACCOUNT}"
WEB = f"arn:aws:ec2:{BASE}:instance/i-0web"
WORKER = f"arn:aws:ec2:{BASE}:instance/i-0worker"
BALANCER = f"arn:aws:elasticloadbalancing:{BASE}:loadbalancer/app/front/1a2b"
DATABASE = f"arn:aws:rds:{BASE}:db:orders"
QUEUE = f"arn:aws:sqs:{BASE}:orders"
BUCKET = "arn:aws:s3:::pictures"


@pytest.fixture
def insights(monitoring):
    return boto3.client("application-insights")


def created(monitoring, insights, *resources, name="shop", **more):
    """An application whose components have been found."""
    monitoring.application_insights.declare(name, resources)
    insights.create_application(ResourceGroupName=name, **more)
    monitoring.clock.advance(seconds=10)


def watched(insights, component=WEB, name="shop", **configuration):
    """Have a component monitored."""
    insights.update_component_configuration(
        ResourceGroupName=name, ComponentName=component, Monitor=True, Tier="DEFAULT",
        ComponentConfiguration=json.dumps(configuration),
    )  # fmt: skip


def metrics(*names):
    return [{"alarmMetricName": name} for name in names]


def alarm_names(cloudwatch):
    return [each["AlarmName"] for each in cloudwatch.describe_alarms()["MetricAlarms"]]
